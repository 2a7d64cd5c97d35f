"""Prices and tiers: what a row costs, and which rows hold for which key."""

from __future__ import annotations

from ratewright.advice.words import listed
from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as n
from ratewright.meaning.types import ROWS, UNKNOWN, Kind, Type, figure, fits
from ratewright.resolve.flat_cells import is_flat_price, refuse_flat
from ratewright.resolve.lookups import columns_of, resolve_rows
from ratewright.resolve.scope import NOTHING, Scope
from ratewright.resolve.table_layout import Cell, Line, lay_out
from ratewright.resolve.tables import TableContext, in_unit_of_column, unit_of
from ratewright.resolve.tier_bounds import resolve_bounds
from ratewright.syntax import nodes as s
from ratewright.values.exact import Exact
from ratewright.values.units import Unit, currency_unit, times


def resolve_price(node: s.Price, expressions: TableContext, scope: Scope, unit: Unit, currency: str) -> n.Price:
    """A price for a quantity in `unit`: each term is money per unit, money per block, or money."""
    terms = tuple(_term(t, expressions, scope, unit, currency) for t in node.terms)
    by_currency = len(node.terms) == 1 and isinstance(node.terms[0].expression, s.AnyOf)
    return n.Price(terms[0].span if by_currency else node.span, terms)


def _term(node: s.PriceTerm, expressions: TableContext, scope: Scope, unit: Unit, currency: str) -> n.PriceTerm:
    money = figure(currency_unit(currency).dimension)
    if node.block is not None:
        return _block(node, node.block, expressions, scope, unit, money)
    made = expressions.resolve(node.expression, scope)
    place = made if isinstance(node.expression, s.AnyOf) else node
    return _priced(made, place, expressions, unit, currency, _sign(node))


def _sign(node: s.PriceTerm) -> int:
    return -1 if node.taken_off else 1


def _priced(
    made: n.Expression,
    node: s.Node | n.Node,
    expressions: TableContext,
    unit: Unit,
    currency: str,
    sign: int = 1,
) -> n.PriceTerm:
    """A price of one term, by what it is in."""
    money = figure(currency_unit(currency).dimension)
    per_unit = figure(times(money.dimension, unit.dimension, -1))
    if made.type == per_unit:
        return n.UnitPrice(node.span, made, sign)
    if made.type == money:
        return n.FlatAmount(node.span, made, sign)
    if made.type.kind is not Kind.UNKNOWN:
        text, per = node.span.text, f"/{unit.singular}" if unit.singular else ""
        help = f"write a price such as `0.01 {currency}{per}`"
        if made.type.is_number and isinstance(made, n.Constant):
            help = f"write `{text} {currency}{per if made.value else ''}`" if "%" not in text else help
        expressions.report.error(
            "R205",
            f"a price here is in {per_unit} or {money}, and `{text}` is {expressions.written.phrase(made.type)}",
            node.span,
            help,
        )
    return n.FlatAmount(node.span, made, sign)


def _block(
    node: s.PriceTerm, block: s.Quantity, expressions: TableContext, scope: Scope, unit: Unit, money: Type
) -> n.PriceTerm:
    made = expressions.typed(node.expression, scope, money, "the price of a block")
    size = expressions.written.for_all_accounts(expressions.typed(block, NOTHING, figure(unit.dimension), "a block"))
    written = expressions.units.get(block.unit.text, unit)
    value: Exact = 1
    if isinstance(size, n.Constant) and size.type.kind is not Kind.UNKNOWN:
        value = size.value  # type: ignore[assignment]
        if value <= 0:
            expressions.report.error(
                "R219", "a block must be more than 0", block.span, f"write `per started 1,000 {written.plural}`"
            )
            value = 1
    return n.BlockPrice(node.span, made, _sign(node), value, written)


def resolve_priced(node: s.Call, expressions: TableContext, scope: Scope) -> n.Expression:
    """`graduated(rows, quantity)` and `volume(rows, quantity)`: money, as a line of that form would have it."""
    if len(node.arguments) != 2:
        name = node.function.text
        expressions.report.error(
            "R208",
            f"`{name}( )` takes the rows of a table and a quantity",
            node.span,
            f"write `{name}(steps, quantity)`, where `steps` is a table by ranges",
        )
        return n.Constant(node.span, UNKNOWN, 0)
    quantity = expressions.figure(node.arguments[1], scope, f"what `{node.function.text}( )` prices")
    if quantity.type.kind is Kind.UNKNOWN:
        return n.Constant(node.span, UNKNOWN, 0)
    if not _fits_ranges(node, quantity, expressions):
        return n.Constant(node.span, UNKNOWN, 0)
    unit, currency = unit_of(quantity.type, expressions), expressions.written.currency

    def tiers_of(cells: list[tuple[Line, Cell]], cell_unit: Unit | None) -> tuple[n.Tier, ...]:
        return _tiers(cells, cell_unit, expressions, Scope("in a table", expressions.settings), unit, currency)

    rows = resolve_rows(node.arguments[0], expressions, scope, tiers_of)
    if rows is None:
        return n.Constant(node.span, UNKNOWN, 0)
    money = figure(currency_unit(currency).dimension)
    return n.Priced(node.span, money, rows, quantity, node.function.text == "graduated")


def _fits_ranges(node: s.Call, quantity: n.Expression, context: TableContext) -> bool:
    """Whether a quantity is of the kind that the ranges of the table are, where one is named; reported where not."""
    rows = node.arguments[0]
    name = rows.name.text if isinstance(rows, s.Ref) else rows.table.text if isinstance(rows, s.Lookup) else ""
    bounds = context.tables[name].range_type() if name in context.tables else UNKNOWN
    if bounds.kind is Kind.UNKNOWN or fits(quantity.type, bounds):
        return True
    found, wanted = context.written.phrase(quantity.type), context.written.phrase(bounds)
    message = f"the ranges of `{name}` are {wanted}, and `{quantity.span.text}` is {found}"
    context.report.error("R205", message, quantity.span, f"give a value that is {wanted}")
    return False


def resolve_tiers(
    node: s.Tiers, expressions: TableContext, scope: Scope, unit: Unit, currency: str, by: tuple[str, ...]
) -> tuple[tuple[n.Tier, ...], n.Expression | None]:
    """The rows of `volume` or `graduated`: fixed ones, or an expression that chooses them.

    `by` are the names by which the line is kept apart; rows written here may have a column for each of them.
    """

    def tiers_of(cells: list[tuple[Line, Cell]], cell_unit: Unit | None) -> tuple[n.Tier, ...]:
        return _tiers(cells, cell_unit, expressions, scope, unit, currency)

    if node.table is not None:
        rows = resolve_rows(node.table, expressions, scope, tiers_of)
        return (), rows or n.Constant(node.span, UNKNOWN, 0)
    if not node.rows:
        expressions.report.error(
            "R211", "there are no rows", node.span, "write `below …` or `up to …` rows, and `beyond`"
        )
        return (), None
    for name in node.by:
        if name.text not in by:
            known = f"it is kept apart by {listed(list(by), 'and')}" if by else f"write `by {name.text}` in the meter"
            expressions.report.error(
                "R201", f"the line is not kept apart by `{name.text}`", name.span, did_you_mean(name.text, by) or known
            )
            return (), n.Constant(node.span, UNKNOWN, 0)
    keys = (s.Name(node.span, ""), *node.by)
    layout = lay_out(node.rows, keys, node.span, expressions.report, expressions.units, prices=True)
    if layout is None:
        return (), n.Constant(node.span, UNKNOWN, 0)
    cell_unit = expressions.written.unit_product(node.unit, of_prices=True) if node.unit else None
    if node.unit is not None and cell_unit is None:
        return (), n.Constant(node.span, UNKNOWN, 0)
    if not node.by:
        return tiers_of([(line, line.cells[0]) for line in layout.lines], cell_unit), None
    asked = tuple(scope.names[name.text](name.span) for name in node.by)
    columns = {key: tiers_of(cells, cell_unit) for key, cells in columns_of(layout, expressions).items()}
    return (), n.RowsOf(node.span, ROWS, "", columns, asked)


def _tiers(
    cells: list[tuple[Line, Cell]],
    cell_unit: Unit | None,
    expressions: TableContext,
    scope: Scope,
    unit: Unit,
    currency: str,
) -> tuple[n.Tier, ...]:
    """Rows with one cell each, from the lowest to `beyond`."""
    written = [line.bound for line, _ in cells if line.bound is not None]
    bounds = resolve_bounds(written, figure(unit.dimension), unit, expressions, scope)
    tiers = [
        n.Tier(line.span, bound, cell_price(cell, cell_unit, expressions, scope, unit, currency))
        for (line, cell), bound in zip(cells, bounds, strict=True)
    ]
    last = tiers[-1]
    if not any(tier.bound.kind is n.BoundKind.BEYOND for tier in tiers):
        if not any(said.code == "R211" and said.span == last.span for said in expressions.report.diagnostics):
            expressions.report.error(  # of the rows of a table it was said where they were read
                "R211",
                "the rows end at a bound, and usage may pass it",
                last.span,
                "add a last row: `beyond` with its price, or `beyond not sold`",
            )
        rest = n.Bound(last.span, n.BoundKind.BEYOND, None, unit)
        tiers.append(n.Tier(last.span, rest, n.Price(last.span, ())))
    return tuple(tiers)


def cell_price(
    cell: Cell, cell_unit: Unit | None, expressions: TableContext, scope: Scope, unit: Unit, currency: str
) -> n.Price:
    """The price in a cell; a bare number is in the unit that the table states."""
    if isinstance(cell, s.Price):
        price = resolve_price(cell, expressions, scope, unit, currency)
        if cell_unit is not None and is_flat_price(price, cell_unit, currency):
            refuse_flat(cell, cell_unit, expressions)
        return price
    if cell_unit is None:
        term = s.PriceTerm(cell.span, cell, None)
        return resolve_price(s.Price(cell.span, (term,)), expressions, scope, unit, currency)
    made = in_unit_of_column(cell, cell_unit, expressions)
    return n.Price(cell.span, (_priced(made, cell, expressions, unit, currency),))
