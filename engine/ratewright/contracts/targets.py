"""What a contract speaks of, found in the tree of its list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from msgspec import Struct

from ratewright.contracts import codes
from ratewright.contracts.places import Place, at, figures, rows
from ratewright.diagnostics import did_you_mean
from ratewright.resolve.findings import Report
from ratewright.resolve.table_layout import Layout, Line, lay_out
from ratewright.syntax import nodes as s

_FEW_KEYS = 4
_SHOWN = 6
NOT_CHANGED = (s.On, s.Every, s.Once, s.Billed, s.Renews, s.Reached, s.Prorated, s.Rounding, s.When, s.Covers)
"""Statements that say what is measured, when it is billed, and for whom: those are the list's."""


def lasts(statement: s.Statement) -> bool:
    """Whether a statement says how long something is valid: its start alone is no figure of it."""
    return isinstance(statement, s.Valid) and statement.length is not None


class Part(Struct, frozen=True):
    """A part that was found: the places of its figures, and that of its bound where it is a row.

    `line` is set where a whole line of the bill is meant, or a quota: there are no figures then. `one` is how one of
    several figures is named.
    """

    figures: tuple[Place, ...] = ()
    bound: Place | None = None
    line: bool = False
    one: str = ""


class Targets:
    """Finds the parts of one list. What is not there is reported, with what there is."""

    def __init__(self, file: s.File, units: Sequence[str], report: Report) -> None:
        self._file = file
        self._units = units
        self._report = report
        self._named = {
            d.name.text: number
            for number, d in enumerate(file.declarations)
            if not isinstance(d, s.Deduct | s.Example | s.Tariff)
        }

    def whole(self, name: s.Name) -> Place | None:
        """The place of a declaration that a contract may speak of."""
        number = self._named.get(name.text)
        if number is None:
            help = did_you_mean(name.text, list(self._named)) or "a contract names what its list declares"
            self._report.error(codes.NO_SUCH_PART, f"the list has no `{name.text}`", name.span, help)
            return None
        declaration = self._file.declarations[number]
        if isinstance(declaration, s.Meter | s.UnitDeclaration):
            self._fixed(f"`{name.text}` is a {declaration.word}", name)
            return None
        if isinstance(declaration, s.Setting):
            self._report.error(
                codes.NOT_CHANGED,
                f"`{name.text}` is a setting, and its value is the account's",
                name.span,
                f"write it in the account's data: `settings: {{{name.text}: …}}`",
            )
            return None
        return ("declarations", number)

    def part(self, target: s.Target) -> Part | None:
        """The part that a target names."""
        place = self.whole(target.name)
        if place is None:
            return None
        match target.part:
            case None:
                return self._all(target, place)
            case s.Name():
                return self._statement(target.part, target, place)
            case s.Lookup():
                return self._cell(target.part, target.row, place)
            case _:
                return self._row(target.part, target, place)

    def what_can_be_named(self, target: s.Target) -> str:
        """The figures of a declaration by the names that a contract has for them, or what to do where it has none."""
        place, name = ("declarations", self._named[target.name.text]), target.name.text
        declaration = at(self._file, place)
        if isinstance(declaration, s.Table):
            layout = self._layout(declaration)
            return _cells_there(name, layout) if layout is not None else ""
        firsts = [first for row in rows(declaration, place) if (first := _first(at(self._file, row))) is not None]
        bounds = [" ".join(first.span.text.split()) for first in firsts]
        names = [f"`{of} of {name}`" for of in (*_statements_with_a_figure(declaration), *bounds)]
        return f"name one: {', '.join(names[:_SHOWN])}" if names else "drop it, and let the contract declare its own"

    def _all(self, target: s.Target, place: Place) -> Part:
        """A whole: a line or a quota, or what has one figure, or the figures of its rows."""
        declaration = at(self._file, place)
        own = tuple(figures(declaration, place))
        if own:
            return Part(own)
        if isinstance(declaration, s.Table) or (isinstance(declaration, s.Pool) and self._sold(place)):
            return Part(tuple(cell for row in rows(declaration, place) for cell in self._cells(row)))
        return Part(line=True)

    def _sold(self, place: Place) -> bool:
        return next(rows(at(self._file, place), place), None) is not None

    def _statement(self, word: s.Name, target: s.Target, place: Place) -> Part | None:
        """The statement of a word, or the step of a name, with the one figure that it has."""
        statements = at(self._file, (*place, "statements"))
        found = [n for n, x in enumerate(statements) if _word(x) == word.text]
        if len(found) != 1:
            there = _statements_with_a_figure(at(self._file, place))
            what = f"has no `{word.text}`" if not found else f"has {len(found)} of `{word.text}`"
            known = ", ".join(f"`{w}`" for w in there)
            help = f"it has {known}" if known else "it has rows, which are named by their bounds: `below 10,000`"
            self._report.error(codes.NO_SUCH_PART, f"`{target.name.text}` {what}", word.span, help)
            return None
        statement = statements[found[0]]
        if _is_fixed(statement):
            self._fixed(f"`{word.text}` of `{target.name.text}` cannot be changed", word)
            return None
        own = tuple(figures(statement, (*place, "statements", found[0])))
        if len(own) != 1 or lasts(statement):
            help = "name a row of it by its bound or its size: `below 10,000 of photo_fee`"
            if not list(rows(statement, ())):
                help = "drop the whole and let the contract declare its own"
            self._report.error(
                codes.NO_SUCH_PART, f"`{word.text}` of `{target.name.text}` is no single figure", word.span, help
            )
            return None
        return Part(own)

    def _fixed(self, what: str, name: s.Name) -> None:
        why = "a contract does not change how usage is measured, nor when or for whom it is billed"
        self._report.error(
            codes.NOT_CHANGED, f"{what}: {why}", name.span, "another way of billing is another price list"
        )

    def _row(self, part: s.Bound | s.Quantity | s.Rest, target: s.Target, place: Place) -> Part | None:
        """The row with a bound or a size; the bound that the list has, whatever came before."""
        every = list(rows(at(self._file, place), place))
        found = [row for row in every if _same(_first(at(self._file, row)), part)]
        if not found:
            there = [first.span.text for row in every if (first := _first(at(self._file, row))) is not None]
            known = f"its rows are {', '.join(' '.join(text.split()) for text in there[:10])}" if there else ""
            self._report.error(
                codes.NO_SUCH_PART,
                f"`{target.name.text}` has no row `{' '.join(part.span.text.split())}`",
                part.span,
                known or "it has no rows",
            )
            return None
        if len(found) > 1:
            message = f"`{target.name.text}` has {len(found)} rows `{part.span.text}`"
            self._report.error(codes.NO_SUCH_PART, message, part.span, "only what one row says can be named")
            return None
        node = at(self._file, found[0])
        if isinstance(node, s.SizeRow):
            return Part(tuple(self._cells(found[0])), (*found[0], "size"))
        layout = self._layout(at(self._file, found[0][:-2]))
        line = next((x for x in layout.lines if x.span == node.span), None) if layout is not None else None
        one = cell_name(target.name.text, layout, line) if layout is not None and line is not None else ""
        return Part(tuple(self._cells(found[0])), (*found[0], "items", 0), one=one)

    def _cell(self, lookup: s.Lookup, row: s.Bound | None, place: Place) -> Part | None:
        """The cells of a table, or of tiers by a name, with some keys: of each row of ranges, or of the one named."""
        owner = self._keyed(place)
        if owner is None:
            message = f"`{lookup.table.text}` is a {at(self._file, place).word}, and no table"
            help = self.what_can_be_named(s.Target(lookup.span, lookup.table, None))
            self._report.error(codes.NO_SUCH_PART, message, lookup.span, help)
            return None
        table = at(self._file, owner)
        layout = self._layout(table)
        if layout is None:
            return None
        found: list[Place] = []
        lines = 0
        one = ""
        for number, line in enumerate(layout.lines, start=len(table.rows) - len(layout.lines)):
            cells = _columns(layout, line, lookup.keys, lookup.column)
            if cells is None or (row is not None and not _same(line.bound, row)):
                continue
            first = len(table.rows[number].items) - len(line.cells)
            lines += 1
            found += [(*owner, "rows", number, "items", first + cell) for cell in cells]
            one = one or cell_name(lookup.table.text, layout, line, cells[0])
        if row is not None and lines > 1:
            message = f"`{lookup.table.text}` has {lines} rows `{row.span.text}` with these keys"
            self._report.error(codes.NO_SUCH_PART, message, lookup.span, "only what one row says can be named")
            return None
        if found:
            return Part(tuple(found), one=one)
        self._report.error(
            codes.NO_SUCH_PART,
            f"there is no cell `{' '.join(lookup.span.text.split())}`",
            lookup.span,
            _in_order(lookup, row, layout) or _cells_there(lookup.table.text, layout, lookup),
        )
        return None

    def _keyed(self, place: Place) -> Place | None:
        """Where the rows of a declaration stand that have keys: a table's own, or those of tiers by a name."""
        declaration = at(self._file, place)
        if isinstance(declaration, s.Table):
            return place
        of = (n for n, x in enumerate(declaration.statements) if isinstance(x, s.Tiers) and x.rows)
        number = next(of, None) if isinstance(declaration, s.Charge) else None
        return (*place, "statements", number) if number is not None else None

    def _cells(self, row: Place) -> Iterator[Place]:
        """The prices of a row; none of a header, nor of a size that is not sold."""
        node = at(self._file, row)
        if isinstance(node, s.SizeRow):
            if node.price is not None:
                yield (*row, "price")
            return
        *_, number = row
        owner = at(self._file, row[:-2])
        layout = self._layout(owner)
        header = len(owner.rows) - len(layout.lines) if layout is not None else 0
        if layout is not None and isinstance(number, int) and number >= header:
            first = len(node.items) - len(layout.lines[number - header].cells)
            yield from ((*row, "items", item) for item in range(first, len(node.items)))

    def _layout(self, owner: s.Table | s.Tiers) -> Layout | None:
        return layout_of(owner, self._units, self._report)


def layout_of(owner: s.Table | s.Tiers, units: Sequence[str], report: Report) -> Layout | None:
    """Which items of the rows are keys and which are cells; the list was read, so that they have a layout."""
    priced = isinstance(owner, s.Tiers)
    by = (s.Name(owner.span, ""), *owner.by) if priced else owner.by
    return lay_out(owner.rows, by, owner.span, report, units, prices=priced)


def _in_order(lookup: s.Lookup, row: s.Bound | None, layout: Layout) -> str:
    """The cell with the same keys in the order of the table, where there is one."""
    if len(lookup.keys) > _FEW_KEYS:
        return ""
    for keys in permutations(lookup.keys):
        lines = (line for line in layout.lines if row is None or _same(line.bound, row))
        if any(_columns(layout, line, keys, lookup.column) is not None for line in lines):
            column = f".{lookup.column.text}" if lookup.column is not None else ""
            before = [row.span.text] if row is not None else []
            written = f"{lookup.table.text}[{', '.join([*before, *(key.span.text for key in keys)])}]{column}"
            return f"keys stand in the order of `by`: `{written}`"
    return ""


def _statements_with_a_figure(declaration: s.Declaration) -> list[str]:
    """The words of the statements, and the names of the steps, that a contract may give another figure."""
    statements = getattr(declaration, "statements", ())
    found = (_word(x) for x in statements if len(list(figures(x, ()))) == 1 and not _is_fixed(x))
    return list(dict.fromkeys(found))


def _cells_there(table: str, layout: Layout, meant: s.Lookup | None = None) -> str:
    """How the cells of a table are named: by bounds, by keys, by all that share a row; the likeliest of one `meant`."""
    columns = [name.text for name in layout.columns]
    of = meant.column.text if meant is not None and meant.column is not None else ""
    if of and columns and of not in columns and (close := did_you_mean(of, columns)):
        return close
    cell = columns.index(of) if of in columns else 0
    if meant is not None and len(meant.keys) == 1 and not layout.across and not layout.ranged:
        keys = {name: line for line in layout.lines for name in _names(line)}
        close = did_you_mean(meant.keys[0].span.text, list(keys))
        near = next((line for key, line in keys.items() if f"`{key}`" in close), None)
        if near is not None:
            return f"did you mean `{cell_name(table, layout, near, cell)}`?"
    names = [cell_name(table, layout, line, cell) for line in layout.lines[:5]]
    more = ", …" if len(layout.lines) > len(names) else ""
    return f"there is {', '.join(f'`{name}`' for name in names)}{more}"


def cell_name(table: str, layout: Layout, line: Line, cell: int = 0) -> str:
    """How a contract names a cell of a row."""
    bound = [" ".join(line.bound.span.text.split())] if line.bound is not None else []
    keys = [" or ".join(key.span.text for key in of) for of in line.keys]
    last = [layout.across[cell].span.text] if layout.across else []
    if bound and not keys and not layout.header:
        return f"{bound[0]} of {table}"
    column = f".{layout.columns[cell].text}" if layout.columns else ""
    return f"{table}[{', '.join([*bound, *keys, *last])}]{column}"


def _names(line: Line) -> list[str]:
    """The names of the first key of a line."""
    return [key.span.text for key in line.keys[0]] if line.keys else []


def _word(statement: s.Statement | s.Define) -> str:
    return statement.name.text if isinstance(statement, s.Define) else statement.word


def _is_fixed(statement: s.Node) -> bool:
    return isinstance(statement, NOT_CHANGED)


_First = s.Bound | s.Quantity | s.Rest


def _first(row: s.Row | s.SizeRow) -> _First | None:
    first = row.size if isinstance(row, s.SizeRow) else row.items[0]
    return first if isinstance(first, _First) else None


def _same(there: _First | None, named: _First) -> bool:
    """Whether a row has the bound or the size that is named; a unit may be left out."""
    if isinstance(there, s.Rest) or isinstance(named, s.Rest):
        return isinstance(there, s.Rest) and isinstance(named, s.Rest)
    if isinstance(there, s.Bound) and isinstance(named, s.Bound):
        return there.kind == named.kind and _value(there.limit) == _value(named.limit)
    both = isinstance(there, s.Quantity) and isinstance(named, s.Quantity)
    return both and _value(there) == _value(named)


def _value(node: object) -> object:
    match node:
        case s.Number(value=value) | s.Quantity(value=value):
            return value
        case s.Time(moment=moment, month=month):
            return moment, month
        case None:
            return None
    return object()  # a formula is never the same


_REST = object()
"""What `else` says, of which no text is the same."""


def _values(key: s.Expression | s.Rest) -> frozenset[object]:
    """What a key says: a name, a number, `else`, or several that share a row."""
    match key:
        case s.Rest():
            return frozenset((_REST,))
        case s.AnyOf(parts=parts):
            return frozenset().union(*(_values(part) for part in parts))
        case s.Ref(name=name):
            return frozenset((_REST if name.text == "else" else name.text,))
        case s.Text(text=text):
            return frozenset((text,))
        case s.Flag():
            return frozenset((key.span.text,))
    return frozenset((_value(key),))


def _columns(
    layout: Layout, line: Line, keys: Sequence[s.Expression | s.Rest], column: s.Name | None
) -> list[int] | None:
    """The cells of a line that are meant; None where it has other keys."""
    wanted = [_values(key) for key in keys]
    values = [frozenset().union(*map(_values, of)) for of in line.keys]
    if values != list(wanted[: len(values)]):
        return None
    rest = wanted[len(values) :]
    if layout.across:
        across = [name.text if isinstance(name, s.Name) else _REST for name in layout.across]
        found = [n for n, name in enumerate(across) if len(rest) == 1 and name in rest[0]]
        return (found or None) if column is None else None
    if rest or (column is None) != (not layout.columns):
        return None
    found = [n for n, name in enumerate(layout.columns) if column is not None and name.text == column.text]
    return found or ([0] if column is None else None)
