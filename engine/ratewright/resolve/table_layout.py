"""Lines of a table: which words are a header, which are keys, and which are cells.

The parser reads lines of items; here they are told apart by how many there are. A line carries one item
for each key of `by`, then its cells. Where a first line of names is shorter than the others it is the
header: it names the columns, or, if the lines carry one key less than `by` has, the values of the last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import prod

from whenever import Date

from ratewright.diagnostics import Span
from ratewright.limits import DEFAULT
from ratewright.resolve.findings import Report
from ratewright.resolve.row_guesses import Shape, counted, misread, shown
from ratewright.syntax import nodes as s

Cell = s.Price | s.Number
Key = s.Expression | s.Rest


@dataclass(frozen=True)
class Line:
    """A row: its bound if it is a range, its other keys (each one or several values), and its cells."""

    span: Span
    bound: s.Bound | None
    keys: tuple[tuple[Key, ...], ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Layout:
    """Rows of one shape. `header` names the columns if `named`, and else the values of the last key."""

    ranged: bool
    header: tuple[s.Name | s.Rest, ...]
    named: bool
    lines: tuple[Line, ...]

    @property
    def columns(self) -> tuple[s.Name, ...]:
        """The names of the columns, if there are several."""
        return tuple(name for name in self.header if isinstance(name, s.Name)) if self.named else ()

    @property
    def across(self) -> tuple[s.Name | s.Rest, ...]:
        """The values of the last key, if they stand in the header."""
        return () if self.named else self.header


def lay_out(
    rows: tuple[s.Row, ...],
    by: tuple[s.Name, ...],
    span: Span,
    report: Report,
    units: Collection[str],
    *,
    prices: bool = False,
) -> Layout | None:
    """The shape of rows with a key for each name of `by`. None if they have none (reported).

    `prices` are the rows of a price, whose first key is a range; `units` are words that a number may have.
    """
    if _named_twice([name for name in by if name.text], "among the keys", report):
        return None
    header = _header(rows)
    names = [name for name in header if isinstance(name, s.Name)]
    if _named_twice(names, "in the header", report) or (not header and _is_no_header(rows, report)):
        return None
    body = rows[1:] if header else rows
    if not body:
        report.error("R211", "there are no rows", span, "write a row a line: its keys, then its cells")
        return None
    if not header and (_repeats_the_key(rows, by, report) or _names_too_many(rows, by, report)):
        return None
    if prices and header and len(by) == 1:
        report.error(
            "R221",
            f"`{shown(rows[0].span)}` has no bound",
            rows[0].span,
            "a row is its bound and its price; a line of names above them stands only behind `by`",
        )
        return None
    width = len(header) or 1
    named = bool(header) and not prices and _is_named(body, width, len(by))
    if _else_is_misplaced(header, named, report):
        return None
    carried = len(by) - 1 if header and not named else len(by)
    ranged = prices or any(isinstance(row.items[0], s.Bound) for row in body)
    keys = tuple(name.text for name in by[1 if ranged else 0 :])
    shape = Shape(carried, width, ranged, bool(header), prices, {*units, *report.lost}, keys)
    lines = []
    for row in body:
        wrong = misread(row, shape)
        if wrong is not None:
            report.error("R221", wrong.message, wrong.span, wrong.help)
            continue
        line = _line(row, carried, ranged, report)
        if line is not None:
            lines.append(line)
    if len(lines) < len(body) or _stands_behind_else(lines, report):
        return None
    cells = sum(width * prod(len(values) for values in line.keys) for line in lines)
    if cells > DEFAULT.table_cells:
        report.error(
            "R105", f"a table of {cells:,} cells; the limit is {DEFAULT.table_cells:,}", span, "split the table"
        )
        return None
    return Layout(ranged, header, named, _on_and_off_among_texts(lines))


def _on_and_off_among_texts(lines: list[Line]) -> tuple[Line, ...]:
    """The lines, in which `on` and `off` are texts as the other keys of their place are."""
    places = range(len(lines[0].keys))
    of_texts = {at for at in places if any(isinstance(key, s.Text) for line in lines for key in line.keys[at])}

    def read(at: int, key: Key) -> Key:
        return s.Text(key.span, key.span.text) if at in of_texts and isinstance(key, s.Flag) else key

    return tuple(
        replace(line, keys=tuple(tuple(read(at, key) for key in keys) for at, keys in enumerate(line.keys)))
        for line in lines
    )


def _else_is_misplaced(header: tuple[s.Name | s.Rest, ...], named: bool, report: Report) -> bool:
    """Whether `else` names a column, or is not the last value of a header (reported)."""
    for at, item in enumerate(header):
        if isinstance(item, s.Rest) and (named or at < len(header) - 1):
            message = "`else` names no column" if named else "a column stands behind `else`, which is the last"
            help = 'write it in quotes: "else"' if named else "move it to the end of the header, and its cells with it"
            report.error("R221" if named else "R211", message, item.span, help)
            return True
    return False


def _stands_behind_else(lines: list[Line], report: Report) -> bool:
    """Whether a row names a key behind `else`, the last of the rows with the same keys before it (reported)."""
    rest: dict[tuple[str, ...], Key] = {}
    for line in lines:
        for at, keys in enumerate(line.keys):
            before = tuple(" ".join(key.span.text for key in others) for others in line.keys[:at])
            if isinstance(keys[0], s.Rest):
                rest.setdefault(before, keys[0])
            elif before in rest:
                report.error(
                    "R211",
                    "a row stands behind `else`, which is the last",
                    line.span,
                    "move it up",
                    (("the last", rest[before].span),),
                )
                return True
    return False


def _is_named(body: tuple[s.Row, ...], width: int, keys: int) -> bool:
    """Whether a header names columns, since the rows carry all keys; else it has the values of the last one."""
    lengths = [len(row.items) for row in body]
    return keys == 1 or lengths.count(keys + width) >= lengths.count(keys + width - 1)


def _named_twice(names: Sequence[s.Name], where: str, report: Report) -> bool:
    """Whether a name stands twice among keys or columns."""
    seen: dict[str, s.Name] = {}
    for name in names:
        first = seen.setdefault(name.text, name)
        if first is not name:
            report.error(
                "R202",
                f"`{name.text}` stands twice {where}",
                name.span,
                "keep one, or give one another name",
                (("the first", first.span),),
            )
            return True
    return False


def _repeats_the_key(rows: tuple[s.Row, ...], by: tuple[s.Name, ...], report: Report) -> bool:
    """Whether the first line is a header that names the column of keys too, as spreadsheets have it."""
    first = rows[0].items
    names = [_name(item) for item in first]
    key = names[0]
    if key is None or len(rows) < 2 or key.text != by[0].text or None in names or key.span.text.startswith('"'):
        return False
    several = len(first) > len(by) + 1
    report.error(
        "R221",
        f"the line `{shown(rows[0].span)}` is read as a row, with the key `{key.text}`",
        key.span,
        f"a header names the cells only: delete `{key.text}`"
        if several
        else f'rows of one cell need no header: delete the line, or write "{key.text}" if it is a key',
    )
    return True


def _names_too_many(rows: tuple[s.Row, ...], by: tuple[s.Name, ...], report: Report) -> bool:
    """Whether the first line is a header with more names than the others have cells (reported)."""
    names, body = rows[0].items, rows[1:]
    longest = max((len(row.items) for row in body), default=0)
    if not body or len(names) < longest or any(len(row.items) == len(by) + 1 for row in body):
        return False
    if None in map(_name, names) or any(None not in map(_name, row.items) for row in body):
        return False
    across = len(by) > 1 and any(_name(row.items[len(by) - 1]) is None for row in body if len(row.items) >= len(by))
    cells = longest - len(by) + across
    report.error(
        "R221",
        f"the header names {counted(len(names), 'column')}, the rows have {counted(cells, 'cell')}",
        rows[0].span,
        "write a cell for each column, `not sold` where there is none; a header has no name for the keys",
    )
    return True


def _header(rows: tuple[s.Row, ...]) -> tuple[s.Name | s.Rest, ...]:
    """The names of the first line, if it is shorter than the others."""
    if len(rows) < 2 or len(rows[0].items) >= max(len(row.items) for row in rows[1:]):
        return ()
    names = [item if isinstance(item, s.Rest) else _name(item) for item in rows[0].items]
    return tuple(name for name in names if name is not None) if None not in names else ()


def _is_no_header(rows: tuple[s.Row, ...], report: Report) -> bool:
    """Whether a header has something else for a name (reported): `on` and `off` stand for themselves, and `eu-west`
    for a difference."""
    if len(rows) < 2 or len(rows[0].items) >= max(len(row.items) for row in rows[1:]):
        return False
    others = [item for item in rows[0].items if _name(item) is None]
    if not others or not all(isinstance(only_value(item), s.Flag) or joined_words(item) for item in others):
        return False
    text = others[0].span.text
    report.error("R221", f"`{text}` in a header is no name", others[0].span, f'write it in quotes: "{text}"')
    return True


def _name(item: s.Node) -> s.Name | None:
    """The word of an item that is one, plain or in quotes."""
    value = only_value(item)
    if isinstance(value, s.Ref):
        return value.name
    return s.Name(value.span, value.text) if isinstance(value, s.Text) else None


def only_value(item: s.Node) -> s.Expression | None:
    """The expression of an item that is a single one, without sums or blocks."""
    if isinstance(item, s.Number):
        return item
    if isinstance(item, s.Price) and len(item.terms) == 1 and item.terms[0].block is None:
        return item.terms[0].expression
    return None


def joined_words(item: s.Node) -> list[str]:
    """The words of `eu-west`, which is read as a difference of figures; none of anything else."""
    terms = item.terms if isinstance(item, s.Price) else ()
    words = [term.expression.name.text for term in terms if isinstance(term.expression, s.Ref)]
    return words if len(words) > 1 and "-".join(words) == item.span.text else []


def _line(row: s.Row, carried: int, ranged: bool, report: Report) -> Line | None:
    """A row that has the items it should have."""
    items = row.items
    bound = items[0] if isinstance(items[0], s.Bound) else None
    keys = [_keys(item, report) for item in items[1 if ranged else 0 : carried]]
    cells = []
    for item in items[carried:]:
        if isinstance(item, s.Keys | s.Rest):
            joins = "`or` joins keys; a cell is one value"
            help = joins if isinstance(item, s.Keys) else 'for the text write it in quotes: "else"'
            report.error("R221", f"`{item.span.text}` is no cell", item.span, help)
            return None
        assert isinstance(item, s.Price | s.Number)
        cells.append(item)
    found = [key for key in keys if key is not None]
    return Line(row.span, bound, tuple(found), tuple(cells)) if len(found) == len(keys) else None


def _keys(item: s.Node, report: Report) -> tuple[Key, ...] | None:
    """The values of a key, always literal: a name is a text."""
    if isinstance(item, s.Rest):
        return (item,)
    if isinstance(item, s.Keys):
        for name in item.names:
            if isinstance(name, s.Name) and name.text == "else":
                help = 'write it alone: it holds every key that no row names; or "else" for the text'
                report.error("R221", "`else` joins no other keys", name.span, help)
                return None
            if isinstance(name, s.Time):
                if not _is_day(name, report):
                    return None
                continue
            report.padded(name.text, name.span, "R221", "the key")
        return tuple(s.Text(name.span, name.text) if isinstance(name, s.Name) else name for name in item.names)
    value = only_value(item)
    if isinstance(value, s.Ref):
        return (s.Text(value.span, value.name.text),)
    if isinstance(value, s.Text):
        report.padded(value.text, value.span, "R221", "the key")
    if isinstance(value, s.Time):
        return (value,) if _is_day(value, report) else None
    if isinstance(value, s.Text | s.Number | s.Quantity | s.Flag):
        return (value,)
    report.error(
        "R221",
        f"`{item.span.text}` is no key",
        item.span,
        f'a key is a name, a number, a range or a text in quotes: `"{item.span.text}"`',
    )
    return None


def _is_day(key: s.Time, report: Report) -> bool:
    """Whether a key that is a time is a whole day; reported where it is not."""
    if isinstance(key.moment, Date) and not key.month:
        return True
    report.error(
        "R221",
        f"`{key.span.text}` is no key",
        key.span,
        "a key is a day; what lasts longer or shorter are ranges: `below 2026-03-01`, `beyond`",
    )
    return False
