"""Tables: looked up for a value, or read as the tiers of a price.

A table is kept as it is written until it is used: what its bounds are compared with, and what its prices
are for, is known only there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeVar

from ratewright.advice.unquoted_texts import in_quotes
from ratewright.meaning import nodes as n
from ratewright.meaning.types import INSTANT, TEXT, UNKNOWN, Kind, Type, figure
from ratewright.resolve.context import Context
from ratewright.resolve.flat_cells import is_flat, refuse_flat
from ratewright.resolve.formula_size import extent_of
from ratewright.resolve.scope import Scope
from ratewright.resolve.table_layout import Cell, Key, Layout, Line, joined_words, lay_out, only_value
from ratewright.resolve.tier_bounds import resolve_bounds
from ratewright.syntax import nodes as s
from ratewright.values.units import PLAIN, Unit

TableKey = n.TableKey
T = TypeVar("T")


_LITERALS = (s.Number, s.Quantity, s.Percent, s.Text, s.Time, s.Flag, s.Ref)


class TableContext(Context, Protocol):
    """A rule file of which the tables are known."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables, by their names."""


class Table:
    """A declared table: its layout, and its columns as far as they were asked for."""

    def __init__(self, declaration: s.Table, context: Context) -> None:
        self.declaration = declaration
        self.name = declaration.name.text
        self.by = tuple(name.text for name in declaration.by)
        self.unit = context.written.unit_product(declaration.unit, of_prices=True) if declaration.unit else None
        self._context = context
        self.layout = lay_out(declaration.rows, declaration.by, declaration.name.span, context.report, context.units)
        self._columns: dict[tuple[str, Type], tuple[tuple[n.LookupColumn, Type] | None, int]] = {}
        self.used = False
        self.used_columns: set[str] = set()
        self.asked: dict[int, set[str] | None] = {}
        self._extent = self._extent_of_formulas()
        if self.layout is not None:
            self._check_keys(self.layout)

    def _check_keys(self, layout: Layout) -> None:
        keyed(layout, self._context, lambda cell: cell)
        for position in range(1 if layout.ranged else 0, len(self.by)):
            self._check_days(position)
        kinds = [line.bound.kind for line in layout.lines if line.bound is not None]
        if kinds and "beyond" not in kinds:
            last = layout.lines[-1]
            self._context.report.error(
                "R211",
                "the rows end at a bound, and a value may pass it",
                last.span,
                "add a last row: `beyond` with its cell, or `beyond not sold`",
            )

    def _check_days(self, position: int) -> None:
        """Keys in one place are all days, or none is: a name is never asked for by an instant."""
        keys = [key for key in self._keys_at(position) if not isinstance(key, s.Rest)]
        days = [key for key in keys if isinstance(key, s.Time)]
        other = next((key for key in keys if not isinstance(key, s.Time)), None)
        if days and other is not None:
            self._context.report.error(
                "R221",
                f"`{other.span.text}` is no day, and other keys of `{self.by[position]}` are",
                other.span,
                "put days and names in tables of their own",
                (("a day", days[0].span),),
            )

    def _extent_of_formulas(self) -> tuple[int, int]:
        """How deep the formulas in cells and bounds nest, and of how many parts they are; figures do not count."""
        deepest, parts = 0, 1
        for row in self.declaration.rows:
            for item in row.items:
                value = item.limit if isinstance(item, s.Bound) else only_value(item)
                if value is not None and not isinstance(value, _LITERALS):
                    height, size = extent_of(value)
                    deepest, parts = max(deepest, height), parts + size
        return deepest, parts

    def key_choices(self, position: int) -> tuple[str, ...]:
        """The texts that a key may be; none where it is a range or figures."""
        if self.layout is None or (self.layout.ranged and position == 0):
            return ()
        return tuple(dict.fromkeys(key.text for key in self._keys_at(position) if isinstance(key, s.Text | s.Name)))

    def has_rest(self, position: int) -> bool:
        """Whether a key may be what no row names, since some have `else` in its place."""
        return any(isinstance(key, s.Rest) for key in self._keys_at(position))

    def _keys_at(self, position: int) -> Iterator[Key | s.Name]:
        """The keys in one place of `by` that is no range, in the order of the table."""
        if self.layout is None:
            return
        if self.layout.across and position == len(self.by) - 1:
            yield from self.layout.across
            return
        at = position - (1 if self.layout.ranged else 0)
        for line in self.layout.lines:
            yield from line.keys[at] if at < len(line.keys) else ()

    def key_type(self, position: int) -> Type:
        """The type of a key that is no range."""
        if self.layout is None:
            return UNKNOWN
        first = next((key for key in self._keys_at(position) if not isinstance(key, s.Rest)), None)
        if first is None or isinstance(first, s.Text | s.Name):
            return Type(Kind.TEXT, choices=self.key_choices(position))
        return self._context.resolve(first, Scope("in a key")).type

    def column(self, name: str, range_type: Type, scope: Scope) -> tuple[n.LookupColumn, Type] | None:
        """The column to look up in, and the type of its cells; None where something is wrong (reported)."""
        asked, context = (name, range_type), self._context
        made = self._columns.get(asked)
        if made is None:
            before = context.named.unfolded_parts
            with context.named.entering(self.declaration.name, self._extent) as readable:
                column = self._made_column(name, range_type, scope) if readable else None
            made = self._columns[asked] = (column, context.named.unfolded_parts - before)
        else:
            context.named.unfolded_parts += made[1]
            if context.named.is_too_much(self.declaration.name):
                return None
        return made[0]

    def _made_column(self, name: str, range_type: Type, scope: Scope) -> tuple[n.LookupColumn, Type] | None:
        layout = self.layout
        if layout is None:
            return None
        index = [column.text for column in layout.columns].index(name) if layout.named else 0
        literal = self._holds_words([line.cells[i] for line in layout.lines for i in _shown(layout, index)])
        cells: dict[int, n.Cell] = {}
        types: list[tuple[Type, Cell]] = []
        for line in layout.lines:
            for i in _shown(layout, index):
                made, type_ = self._cell(line.cells[i], literal, scope)
                cells[id(line.cells[i])] = made
                if type_ is not None:
                    types.append((type_, line.cells[i]))
        type_ = self._one_type(types)
        if self.unit is not None and is_flat(type_, self.unit, self._context.written.currency):
            refuse_flat(types[0][1], self.unit, self._context)
        column = n.LookupColumn(
            self.declaration.span, self.name, self.by, layout.ranged, name, self._rows(layout, index, cells, range_type)
        )
        return column, type_

    def _rows(
        self, layout: Layout, index: int, cells: Mapping[int, n.Cell], range_type: Type
    ) -> tuple[n.LookupRow, ...]:
        by_line = keyed(layout, self._context, lambda cell: cells.get(id(cell)), index)
        if not layout.ranged:
            return (n.LookupRow(self.declaration.span, None, _by_key(*by_line)),)
        unit = unit_of(range_type, self._context)
        written = [line.bound for line in layout.lines if line.bound is not None]
        bounds = resolve_bounds(written, range_type, unit, self._context, Scope("in a bound", self._context.settings))
        return tuple(
            n.LookupRow(line.span, bound, _by_key(row))
            for line, bound, row in zip(layout.lines, bounds, by_line, strict=True)
        )

    def _holds_words(self, cells: list[Cell]) -> bool:
        """Whether cells are texts: names and texts, and among those `on` and `off` too."""
        sold = [cell for cell in cells if not (isinstance(cell, s.Price) and not cell.terms)]
        words = [isinstance(only_value(cell), s.Ref | s.Text) or self._is_text(cell) for cell in sold]
        return any(words) and all(
            word or isinstance(only_value(cell), s.Flag) for word, cell in zip(words, sold, strict=True)
        )

    def _cell(self, cell: Cell, literal: bool, scope: Scope) -> tuple[n.Cell, Type | None]:
        """A cell's value, and its type unless it is not sold."""
        context = self._context
        value = only_value(cell)
        if isinstance(cell, s.Price) and not cell.terms:
            return n.Cell(cell.span, None), None
        if literal and isinstance(value, s.Ref | s.Flag):
            made: n.Expression = n.Constant(value.span, TEXT, value.span.text)
        elif isinstance(value, s.Number) and self.unit is None and self.declaration.unit is not None:
            made = n.Constant(value.span, UNKNOWN, 0)  # the unit was reported
        elif isinstance(value, s.Number) and self.unit is not None:
            made = in_unit_of_column(value, self.unit, context)
        elif value is not None:
            made = context.resolve(value, scope)
        else:
            made = self._summed(cell, scope)
        return n.Cell(cell.span, made), made.type

    def _summed(self, cell: Cell, scope: Scope) -> n.Expression:
        assert isinstance(cell, s.Price)
        blocks = [term.block for term in cell.terms if term.block is not None]
        if blocks:
            self._context.report.error(
                "R221",
                f"`{cell.span.text}` is a price by blocks, and no value",
                cell.span,
                "read the table as the rows of `volume` or `graduated`",
            )
            return n.Constant(cell.span, UNKNOWN, 0)
        if self._is_text(cell):
            message = f"`{cell.span.text}` is read as a difference of figures"
            self._context.report.error("R221", message, cell.span, in_quotes(cell.span.text, "-"))
            return n.Constant(cell.span, UNKNOWN, 0)
        terms = tuple(("-" if term.taken_off else "+", term.expression) for term in cell.terms)
        return self._context.resolve(s.Sum(cell.span, terms), scope)

    def _is_text(self, cell: Cell) -> bool:
        """Whether a cell is meant as a text, and its `-` makes it a difference: of words that mean nothing."""
        words, known = joined_words(cell), (self._context.units, self._context.report.declared)
        return bool(words) and not any(word in names for word in words for names in known)

    def _of_nothing(self) -> Type:
        """The type of a column in which nothing is sold."""
        if self.unit is not None:
            return figure(self.unit.dimension)
        self._context.report.error(
            "R205",
            f"nothing in `{self.name}` is sold, so nothing tells what its cells are",
            self.declaration.name.span,
            "write at least one of them, or say the unit: `in USD`",
        )
        return UNKNOWN

    def range_type(self) -> Type:
        """The type of the values that the ranges are of, as far as a written bound tells; UNKNOWN else."""
        for line in self.layout.lines if self.layout is not None else ():
            limit = line.bound.limit if line.bound is not None else None
            if isinstance(limit, s.Time):
                return INSTANT
            if isinstance(limit, s.Quantity) and limit.unit.text in self._context.units:
                return figure(self._context.units[limit.unit.text].dimension)
        return UNKNOWN

    def _one_type(self, types: list[tuple[Type, Cell]]) -> Type:
        known = [(t, cell) for t, cell in types if t.kind is not Kind.UNKNOWN]
        if not known:
            return UNKNOWN if types else self._of_nothing()
        first, at = known[0]
        for other, cell in known[1:]:
            if (other.kind, other.dimension) != (first.kind, first.dimension):
                phrase = self._context.written.phrase
                bare = next((c for c in (cell, at) if isinstance(c, s.Number) and self.unit is None), None)
                wanted = first if bare is cell else other
                if bare is not None and wanted.kind is Kind.FIGURE:
                    self._context.report.error(
                        "R205",
                        f"the cells of one column are of one kind, and `{bare.span.text}` has no unit",
                        bare.span,
                        self._context.written.with_unit(bare.span.text, wanted),
                        (("the other", (at if bare is cell else cell).span),),
                    )
                    return UNKNOWN
                self._context.report.error(
                    "R205",
                    f"the cells of one column are of one kind: `{at.span.text}` is {_as_written(at) or phrase(first)}"
                    f" and `{cell.span.text}` is {_as_written(cell) or phrase(other)}",
                    cell.span,
                    "give both the same unit, or put one of them in a column of its own",
                    (("the other", at.span),),
                )
                return UNKNOWN
        if first.kind is Kind.TEXT:
            texts = [only_value(cell) for _, cell in known]
            words = [getattr(t, "text", t.span.text) for t in texts if t is not None]
            return Type(Kind.TEXT, choices=tuple(dict.fromkeys(words)))
        return first


def _by_key(*rows: Mapping[TableKey, n.Cell | None]) -> dict[TableKey, n.Cell]:
    """The cells of rows by what leads to them, without those that were wrong."""
    return {key: cell for row in rows for key, cell in row.items() if cell is not None}


def _shown(layout: Layout, index: int) -> range:
    """The positions of the cells that belong to a column."""
    return range(index, index + 1) if layout.named else range(max(1, len(layout.header)))


def keyed(layout: Layout, context: Context, of: Callable[[Cell], T], index: int = 0) -> list[dict[TableKey, T]]:
    """For each line what `of` makes of its cells, by the keys that stand before and above them.

    A key that leads to two cells is reported.
    """
    found: list[dict[TableKey, T]] = []
    seen: dict[TableKey, s.Node] = {}
    for line in layout.lines:
        row: dict[TableKey, T] = {}
        for key, place in _combined(line, context):
            for position in _shown(layout, index):
                whole = (*key, _header_value(layout.across[position])) if layout.across else key
                row[whole] = of(line.cells[position])
                first = seen.get(whole)
                if first is not None and not layout.ranged and first is not place:
                    context.report.error(
                        "R202",
                        f"the key `{place.span.text}` stands twice",
                        place.span,
                        "keep one row",
                        (("the first", first.span),),
                    )
                seen.setdefault(whole, place)
        found.append(row)
    return found


def _header_value(value: s.Name | s.Rest) -> n.Value | n.Rest:
    return value.text if isinstance(value, s.Name) else n.Rest.ELSE


def _combined(line: Line, context: Context) -> list[tuple[TableKey, s.Node]]:
    """Every combination of a line's keys, with the place of the last."""
    combined: list[tuple[TableKey, s.Node]] = [((), s.Text(line.span, ""))]
    for values in line.keys:
        combined = [((*key, key_value(value, context)), value) for key, _ in combined for value in values]
    return combined


def in_unit_of_column(cell: s.Number, unit: Unit, context: Context) -> n.Expression:
    """The figure of a cell without a unit, in the one that the table states."""
    written = f"{cell.span.text} {unit.singular}".rstrip()
    as_figure = n.Figure(cell.span.text, unit) if unit.singular else None
    return context.written.amount(cell.span, cell.value, unit, written, as_figure)


def key_value(node: Key, context: Context) -> n.Value | n.Rest:
    """The value that a written key stands for: a text, or a figure in base units."""
    if isinstance(node, s.Rest):
        return n.Rest.ELSE
    if isinstance(node, s.Text):
        return node.text
    made = context.written.for_all_accounts(context.resolve(node, Scope("in a key")))
    return made.value if isinstance(made, n.Constant) and made.type.kind is not Kind.UNKNOWN else node.span.text


def unit_of(type_: Type, context: Context) -> Unit:
    """The unit to read and show bounds of a type in."""
    if type_.kind is not Kind.FIGURE or not type_.dimension:
        return PLAIN
    text = str(type_)
    return context.units.get(text) or Unit(text, text, 1, type_.dimension)


_FIGURE = re.compile(r"[0-9][0-9.,]* ([^\s()]+)")


def _as_written(cell: Cell) -> str:
    """What stands behind `is`, with the unit that the list gives a figure; empty where it is no figure with a unit."""
    found = _FIGURE.fullmatch(cell.span.text)
    return f"in {found.group(1)}" if found else ""
