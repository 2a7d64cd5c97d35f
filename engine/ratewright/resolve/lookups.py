"""Looking tables up: `table[key, …]` as a value, `table[key]` as the rows of a price."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ratewright.advice.words import listed
from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as n
from ratewright.meaning.types import INSTANT, ROWS, UNKNOWN, Kind, Type, fits
from ratewright.resolve.row_guesses import counted
from ratewright.resolve.scope import Scope
from ratewright.resolve.table_layout import Cell, Layout, Line
from ratewright.resolve.tables import Table, TableContext, TableKey, keyed
from ratewright.resolve.uses import note_key
from ratewright.syntax import nodes as s
from ratewright.values.calendar import DAILY
from ratewright.values.units import Unit

_FEW = 12
TiersOf = Callable[[list[tuple[Line, Cell]], Unit | None], tuple[n.Tier, ...]]


def resolve_lookup(node: s.Lookup, context: TableContext, scope: Scope) -> n.Expression:
    """`table[key, …]` or `table[key].column` as a value."""
    report = context.report
    table = _known(node.table, context)
    if table is None or table.layout is None:
        return n.Constant(node.span, UNKNOWN, 0)
    if len(node.keys) != len(table.by):
        keys = listed(list(table.by), "and")
        report.error(
            "R208",
            f"`{table.name}` is looked up by {keys}, and here by {counted(len(node.keys), 'value')}",
            node.span,
            f"write `{table.name}[{', '.join(table.by)}]`",
            (("the table", table.declaration.name.span),),
        )
        return n.Constant(node.span, UNKNOWN, 0)
    column = _column(node, table, context)
    if column is None:
        return n.Constant(node.span, UNKNOWN, 0)
    table.used_columns.add(column)
    keys_, range_type = _keys(node.keys, table, context, scope, 0)
    if any(k.type.kind is Kind.UNKNOWN for k in keys_):
        return n.Constant(node.span, UNKNOWN, 0)
    made = table.column(column, range_type, _cell_scope(context))
    if made is None:
        return n.Constant(node.span, UNKNOWN, 0)
    return n.Lookup(node.span, made[1], made[0], keys_)


def _cell_scope(context: TableContext) -> Scope:
    return Scope("in a table", context.settings)


def _known(name: s.Name, context: TableContext) -> Table | None:
    table = context.tables.get(name.text)
    if table is not None:
        table.used = True
    if table is None and name.text not in context.report.lost:
        declared = context.report.declared.get(name.text)
        message = f"`{name.text}` is a {declared}, not a table" if declared else f"there is no table `{name.text}`"
        help = context.report.close(name.text, list(context.tables)) or f"declare it: `table {name.text} by … {{ … }}`"
        context.report.error("R201", message, name.span, help)
    return table


def _column(node: s.Lookup, table: Table, context: TableContext) -> str | None:
    assert table.layout is not None
    columns = [name.text for name in table.layout.columns]
    if node.column is None and not columns:
        return ""
    shown = listed([f"`.{c}`" for c in columns[:_FEW]], "or")
    if node.column is None:
        text = node.span.text
        message, help = f"`{table.name}` has several columns", f"say which: `{text}` with {shown}"
        if len(columns) == 1:
            message = f"`{columns[0]}` is the header of `{table.name}`, since it is shorter than the rows"
            help = f"write `{text}.{columns[0]}`; if it is a row, write its cell"
        context.report.error("R208", message, node.span, help, (("the first line", table.layout.columns[0].span),))
        return None
    if node.column.text not in columns:
        help = did_you_mean(node.column.text, columns) or (f"it has {shown}" if columns else "write it without")
        context.report.error("R201", f"`{table.name}` has no column `{node.column.text}`", node.column.span, help)
        return None
    return node.column.text


def _keys(
    nodes: tuple[s.Expression, ...], table: Table, context: TableContext, scope: Scope, first: int
) -> tuple[tuple[n.Expression, ...], Type]:
    """The keys of a lookup from position `first` on, and the type of the range key if it is among them."""
    assert table.layout is not None
    made: list[n.Expression] = []
    range_type = UNKNOWN
    for position, node in enumerate(nodes, start=first):
        if table.layout.ranged and position == 0:
            key = _in_range(node, table, context, scope)
            range_type = key.type
        else:
            wanted = table.key_type(position)
            place = replace(scope, looks_up=table.name) if isinstance(node, s.Ref) else scope
            key = context.typed(node, place, wanted, f"the key `{table.by[position]}`")
            key = _among(key, wanted.choices, table, position, context)
            if key.type.kind is Kind.INSTANT:
                key = n.EdgeOf(key.span, INSTANT, DAILY, key, end=False)  # rows are of days
        made.append(key)
    return tuple(made), range_type


def _in_range(node: s.Expression, table: Table, context: TableContext, scope: Scope) -> n.Expression:
    """A key that picks a range; UNKNOWN where it can be in none (reported)."""
    key = context.resolve(node, scope)
    bounds = table.range_type()
    text, problem = node.span.text, ("", "")
    if key.type.kind is Kind.UNKNOWN:
        return key
    if key.type.kind not in (Kind.FIGURE, Kind.INSTANT) or key.type.many:
        problem = f"`{text}` is {key.type} and lies in no range", "give a figure"
    elif bounds.kind is not Kind.UNKNOWN and not fits(key.type, bounds):
        found, wanted = context.written.phrase(key.type), context.written.phrase(bounds)
        bare = isinstance(node, s.Number) and bounds.kind is Kind.FIGURE
        help = context.written.with_unit(text, bounds) if bare else f"give a value that is {wanted}"
        problem = f"the ranges of `{table.name}` are {wanted}, and `{text}` is {found}", help
    if not problem[0]:
        return key
    context.report.error("R205", problem[0], node.span, problem[1])
    return n.Constant(node.span, UNKNOWN, 0)


def _among(
    key: n.Expression, rows: tuple[str, ...], table: Table, position: int, context: TableContext
) -> n.Expression:
    """A key that may be one of the rows; UNKNOWN where it never is (reported)."""
    choices = key.type.choices
    if isinstance(key, n.Constant) and isinstance(key.value, str) and not choices:  # `currency` is each of its choices
        choices = (key.value,)
    note_key(table, position, choices)
    if not rows or not choices or table.has_rest(position) or set(choices) & set(rows):
        return key
    names = listed([f"`{row}`" for row in rows[:_FEW]], "or")
    what = f"is {key.type}" if key.type.choices and not isinstance(key, n.Constant) else "is none of them"
    order = f"; the keys stand in the order of the table: `{table.name}[{', '.join(table.by)}]`"
    context.report.error(
        "R205",
        f"the key `{table.by[position]}` of `{table.name}` is {names}, and `{key.span.text}` {what}",
        key.span,
        (did_you_mean(choices[0], rows) if len(choices) == 1 else "")
        or "look it up by one of these" + (order if len(table.by) > 1 else ""),
        (("the table", table.declaration.name.span),),
    )
    return n.Constant(key.span, UNKNOWN, 0)


def resolve_rows(node: s.Expression, context: TableContext, scope: Scope, tiers_of: TiersOf) -> n.Expression | None:
    """The rows of a table as tiers: `table`, `table[key]`, or a choice between such. None if wrong (reported).

    `tiers_of` makes the tiers of lines with one cell each.
    """
    match node:
        case s.Group(inner=inner):
            return resolve_rows(inner, context, scope, tiers_of)
        case s.Choose(condition=condition, yes=yes, no=no):
            asked = context.condition(condition, scope)
            first = resolve_rows(yes, context, scope, tiers_of)
            second = resolve_rows(no, context, scope, tiers_of)
            if first is None or second is None:
                return None
            return n.Choose(node.span, first.type, asked, first, second)
        case s.Ref(name=name):
            return _table_rows(name, (), node, context, scope, tiers_of)
        case s.Lookup(table=name, keys=keys):
            return _table_rows(name, keys, node, context, scope, tiers_of)
    context.report.error(
        "R208",
        f"`{node.span.text}` is no table",
        node.span,
        "name a table by a range: `volume price[region]`, or write the rows in `{ }`",
    )
    return None


def _table_rows(
    name: s.Name,
    keys: tuple[s.Expression, ...],
    node: s.Expression,
    context: TableContext,
    scope: Scope,
    tiers_of: TiersOf,
) -> n.Expression | None:
    table = _known(name, context)
    if table is None or table.layout is None:
        return None
    if not table.layout.ranged or table.layout.named or len(keys) != len(table.by) - 1:
        wanted = ", ".join(table.by[1:])
        context.report.error(
            "R208",
            f"`{node.span.text}` does not give the rows of a table by a range",
            node.span,
            f"write `{table.name}{f'[{wanted}]' if wanted else ''}`"
            if table.layout.ranged
            else "let the table begin with ranges: `below …`, `up to …`, `beyond`",
        )
        return None
    context.named.unfolded_parts += len(table.layout.lines) * max(1, len(table.layout.header))
    made, _ = _keys(keys, table, context, scope, 1)
    if any(k.type.kind is Kind.UNKNOWN for k in made) or context.named.is_too_much(name):
        return None
    columns = columns_of(table.layout, context)
    return n.RowsOf(node.span, ROWS, table.name, _tiers(columns, table.unit, tiers_of), made)


def columns_of(layout: Layout, context: TableContext) -> dict[TableKey, list[tuple[Line, Cell]]]:
    """The lines of a layout of ranges with their cell, by the other keys."""
    columns: dict[TableKey, list[tuple[Line, Cell]]] = {}
    for line, row in zip(layout.lines, keyed(layout, context, lambda cell: cell), strict=True):
        for key, cell in row.items():
            columns.setdefault(key, []).append((line, cell))
    return columns


def _tiers(
    columns: Mapping[TableKey, list[tuple[Line, Cell]]], unit: Unit | None, tiers_of: TiersOf
) -> dict[TableKey, tuple[n.Tier, ...]]:
    return {key: tiers_of(cells, unit) for key, cells in columns.items()}
