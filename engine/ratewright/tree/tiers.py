"""Prices and tiers: what a row costs, and bounds that leave no gap and no overlap."""

from __future__ import annotations

from ratewright.diagnostics import Span
from ratewright.syntax import nodes as s
from ratewright.tree import nodes as n
from ratewright.tree.expressions import Expressions
from ratewright.tree.scope import NOTHING, Scope
from ratewright.tree.types import Kind, Type, figure
from ratewright.values.exact import Exact, exact
from ratewright.values.units import Unit, currency_unit, quantity_text, times


def resolve_price(node: s.Price, expressions: Expressions, scope: Scope, unit: Unit, currency: str) -> n.Price:
    """A price for a quantity in `unit`: each term is money per unit, money per block, or money."""
    return n.Price(node.span, tuple(_term(t, expressions, scope, unit, currency) for t in node.terms))


def _term(node: s.PriceTerm, expressions: Expressions, scope: Scope, unit: Unit, currency: str) -> n.PriceTerm:
    money = figure(currency_unit(currency).dimension)
    if node.block is not None:
        return _block(node, node.block, expressions, scope, unit, money)
    made = expressions.resolve(node.expression, scope)
    per_unit = figure(times(money.dimension, unit.dimension, -1))
    if made.type == per_unit:
        return n.UnitPrice(node.span, made)
    if made.type == money:
        return n.FlatAmount(node.span, made)
    if made.type.kind is not Kind.UNKNOWN:
        expressions.report.error(
            "R205",
            f"a price here is in {per_unit} or {money}, and `{node.span.text}` is {expressions.phrase(made.type)}",
            node.span,
            f"write a price such as `0.01 {currency}/{unit.singular}`" if unit.singular else f"write `… {currency}`",
        )
    return n.FlatAmount(node.span, made)


def _block(
    node: s.PriceTerm, block: s.Quantity, expressions: Expressions, scope: Scope, unit: Unit, money: Type
) -> n.PriceTerm:
    made = expressions.typed(node.expression, scope, money, "the price of a block")
    size = expressions.typed(block, NOTHING, figure(unit.dimension), "a block")
    written = expressions.units.get(block.unit.text, unit)
    value: Exact = 1
    if isinstance(size, n.Constant) and size.type.kind is not Kind.UNKNOWN:
        value = size.value  # type: ignore[assignment]
        if value <= 0:
            expressions.report.error(
                "R219", "a block must be more than 0", block.span, f"write `per started 1,000 {written.plural}`"
            )
            value = 1
    return n.BlockPrice(node.span, made, value, written)


def resolve_tiers(
    rows: tuple[s.Tier, ...], span: Span, expressions: Expressions, scope: Scope, unit: Unit, currency: str
) -> tuple[n.Tier, ...]:
    """The rows of `volume` or `graduated`, from the lowest to `beyond`."""
    if not rows:
        expressions.report.error("R211", "there are no rows", span, "write `below …` or `up to …` rows, and `beyond`")
        return ()
    tiers: list[n.Tier] = []
    reached: Exact | None = 0
    for row in rows:
        if tiers and tiers[-1].bound.kind is n.BoundKind.BEYOND:
            expressions.report.error("R211", "a row stands behind `beyond`, which is the last", row.span, "move it up")
            continue
        before = tiers[-1].bound.limit if tiers else None
        bound, limit = _bound(row.bound, expressions, scope, unit, reached, before)
        if limit is not None:
            _check_increase(tiers, bound, limit, reached, expressions)
        price = resolve_price(row.price, expressions, scope, unit, currency)
        tiers.append(n.Tier(row.span, bound, price))
        reached = limit
    if tiers[-1].bound.kind is not n.BoundKind.BEYOND:
        expressions.report.error(
            "R211",
            "the rows end at a bound, and usage may pass it",
            rows[-1].span,
            "add a last row: `beyond` with its price, or `beyond not sold`",
        )
        last = tiers[-1]
        rest = n.Bound(last.span, n.BoundKind.BEYOND, None, unit)
        tiers.append(n.Tier(last.span, rest, n.Price(last.span, ())))
    return tuple(tiers)


def _bound(
    node: s.Bound,
    expressions: Expressions,
    scope: Scope,
    unit: Unit,
    reached: Exact | None,
    before: n.Expression | None,
) -> tuple[n.Bound, Exact | None]:
    """The bound and its value, if it is fixed. `before` is the bound of the row before, `reached` its value."""
    if node.limit is None:
        return n.Bound(node.span, n.BoundKind.BEYOND, None, unit), None
    written = unit
    if isinstance(node.limit, s.Number):
        made: n.Expression = n.Constant(node.limit.span, figure(unit.dimension), exact(node.limit.value * unit.scale))
        if not unit.counted and unit.singular:
            expressions.report.error(
                "R217",
                f"the bound `{node.span.text}` has no unit, and the quantity is in {unit.plural}",
                node.span,
                f"write `{node.span.text} {unit.plural}`",
            )
    else:
        made = expressions.typed(node.limit, scope, figure(unit.dimension), "a bound")
        if isinstance(node.limit, s.Quantity):
            written = expressions.units.get(node.limit.unit.text, unit)
    fixed = made.value if isinstance(made, n.Constant) and made.type.kind is not Kind.UNKNOWN else None
    limit = fixed if isinstance(fixed, Exact) else None
    if node.kind == "next":
        made, limit = _width(node, made, limit, reached, before)
        return n.Bound(node.span, n.BoundKind.UP_TO, made, written), limit
    return n.Bound(node.span, n.BoundKind(node.kind), made, written), limit


def _width(
    node: s.Bound,
    width: n.Expression,
    fixed: Exact | None,
    reached: Exact | None,
    before: n.Expression | None,
) -> tuple[n.Expression, Exact | None]:
    """A width as a bound: the bound before, and as much more."""
    if fixed is not None and reached is not None:
        total = exact(fixed + reached)
        return n.Constant(node.span, width.type, total), total
    if before is None:
        return width, None
    return n.Sum(node.span, width.type, ((1, before), (1, width))), None


def _check_increase(
    tiers: list[n.Tier], bound: n.Bound, limit: Exact, reached: Exact | None, expressions: Expressions
) -> None:
    if reached is None:
        return
    previous = tiers[-1].bound if tiers else None
    grows = limit > reached or (
        previous is not None
        and limit == reached
        and previous.kind is n.BoundKind.BELOW
        and bound.kind is n.BoundKind.UP_TO
    )
    if grows:
        return
    if previous is None:
        expressions.report.error(
            "R210",
            "the first bound must be more than 0",
            bound.span,
            "a row begins where the one before ends, the first at 0",
        )
        return
    expressions.report.error(
        "R210",
        f"the bounds do not increase: {quantity_text(limit, bound.unit)} comes after "
        f"{quantity_text(reached, previous.unit)}",
        bound.span,
        "put the rows in order, the lowest first",
        (("the row before", previous.span),),
    )
