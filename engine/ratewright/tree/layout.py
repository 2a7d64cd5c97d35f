"""Lines of a table: which words are a header, which are keys, and which are cells.

The parser reads lines of items; here they are told apart by how many there are. A line carries one item
for each key of `by`, then its cells. Where a first line of names is shorter than the others it is the
header: it names the columns, or, if the lines carry one key less than `by` has, the values of the last.
"""

from __future__ import annotations

from dataclasses import dataclass

from ratewright.diagnostics import Span
from ratewright.syntax import nodes as s
from ratewright.tree.report import Report

Cell = s.Price | s.Number


@dataclass(frozen=True)
class Line:
    """A row: its bound if it is a range, its other keys (each one or several values), and its cells."""

    span: Span
    bound: s.Bound | None
    keys: tuple[tuple[s.Expression, ...], ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Layout:
    """Rows of one shape. `header` names the columns if `named`, and else the values of the last key."""

    ranged: bool
    header: tuple[s.Name, ...]
    named: bool
    lines: tuple[Line, ...]


def lay_out(rows: tuple[s.Row, ...], keys: int, span: Span, report: Report) -> Layout | None:
    """The shape of rows with `keys` keys, of which the first may be a range. None if they have none (reported)."""
    header = _header(rows)
    body = rows[1:] if header else rows
    if not body:
        report.error("R211", "there are no rows", span, "write a row a line: its keys, then its cells")
        return None
    width = len(header) or 1
    carried = len(body[0].items) - width
    named = bool(header) and carried == keys
    if not named and carried != (keys - 1 if header else keys):
        report.error("R221", _misfit(body[0], width, keys, bool(header)), body[0].span, _remedy(keys, bool(header)))
        return None
    ranged = isinstance(body[0].items[0], s.Bound)
    lines = [line for row in body if (line := _line(row, carried, width, ranged, report)) is not None]
    return Layout(ranged, header, named, tuple(lines)) if len(lines) == len(body) else None


def _header(rows: tuple[s.Row, ...]) -> tuple[s.Name, ...]:
    """The names of the first line, if it is shorter than the others."""
    if len(rows) < 2 or len(rows[0].items) >= max(len(row.items) for row in rows[1:]):
        return ()
    names = [_name(item) for item in rows[0].items]
    return tuple(name for name in names if name is not None) if None not in names else ()


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


def _line(row: s.Row, carried: int, width: int, ranged: bool, report: Report) -> Line | None:
    items = row.items
    if len(items) != carried + width:
        few = "too few" if len(items) < carried + width else "too many"
        report.error(
            "R221",
            f"the row `{row.span.text}` has {few} cells: {len(items) - carried} where {width} stand above",
            row.span,
            "write a cell for each column; `not sold` where there is none",
        )
        return None
    first = items[0]
    bound = first if isinstance(first, s.Bound) else None
    if (bound is not None) is not ranged:
        report.error("R221", "ranges and names are mixed", row.span, "begin each row alike, with a bound or a name")
        return None
    keys = [_keys(item, report) for item in items[1 if ranged else 0 : carried]]
    cells = []
    for item in items[carried:]:
        if isinstance(item, s.Keys):
            report.error("R221", f"`{item.span.text}` is no cell", item.span, "`or` joins keys; a cell is one value")
            return None
        assert isinstance(item, s.Price | s.Number)
        cells.append(item)
    found = [key for key in keys if key is not None]
    return Line(row.span, bound, tuple(found), tuple(cells)) if len(found) == len(keys) else None


def _keys(item: s.Node, report: Report) -> tuple[s.Expression, ...] | None:
    """The values of a key, always literal: a name is a text."""
    if isinstance(item, s.Keys):
        return tuple(s.Text(name.span, name.text) for name in item.names)
    value = only_value(item)
    if isinstance(value, s.Ref):
        return (s.Text(value.span, value.name.text),)
    if isinstance(value, s.Text | s.Number | s.Quantity | s.Flag):
        return (value,)
    report.error("R221", f"`{item.span.text}` is no key", item.span, "a key is a name, a text, a number or a range")
    return None


def _misfit(row: s.Row, width: int, keys: int, header: bool) -> str:
    has = f"{len(row.items)} {'item' if len(row.items) == 1 else 'items'}"
    if header:
        return f"the row `{row.span.text}` has {has} under a header of {width}, and the table goes by {keys}"
    return f"the row `{row.span.text}` has {has}, and the table goes by {keys} and has one cell"


def _remedy(keys: int, header: bool) -> str:
    if header:
        return "a row is its keys, then a cell for each name of the header"
    return "for several cells begin with a header line" if keys else "a row is its bound, then its price"
