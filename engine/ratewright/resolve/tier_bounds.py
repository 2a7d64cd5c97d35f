"""Bounds of rows: each is an upper one, so that no gap and no overlap can be written; they must increase."""

from __future__ import annotations

from collections.abc import Sequence

from ratewright.meaning import nodes as n
from ratewright.meaning.types import INSTANT, Kind, Type, figure
from ratewright.meaning.walk import places_of
from ratewright.resolve.context import Context
from ratewright.resolve.scope import Scope
from ratewright.syntax import nodes as s
from ratewright.values.exact import Exact, exact
from ratewright.values.units import Unit, quantity_text


def resolve_bounds(
    bounds: Sequence[s.Bound], type_: Type, unit: Unit, context: Context, scope: Scope
) -> tuple[n.Bound, ...]:
    """The bounds of rows in their order, compared with values of `type_` that are shown in `unit`."""
    made: list[n.Bound] = []
    reached: Exact | None = 0
    told = next((b.limit.unit.text for b in bounds if isinstance(b.limit, s.Quantity)), unit.plural)
    for node in bounds:
        if made and made[-1].kind is n.BoundKind.BEYOND:
            help = "keep one" if node.kind == "beyond" else "move it up"
            context.report.error("R211", "a row stands behind `beyond`, which is the last", node.span, help)
        before = made[-1].limit if made else None
        if type_.kind is Kind.INSTANT:
            bound, limit = _date_bound(node, context, scope, unit), None
            _check_dates(made, bound, context)
        else:
            bound, limit = _bound(node, context, scope, unit, reached, before)
            if isinstance(node.limit, s.Number) and not unit.counted and unit.singular:
                message = f"the bound `{node.span.text}` has no unit, and the quantity is in {told}"
                context.report.error("R217", message, node.span, f"write `{node.span.text} {told}`")
                limit = None  # whether the bounds increase cannot be known
        if limit is not None:
            _check_increase(made, bound, limit, reached, context)
        made.append(bound)
        reached = limit
    return tuple(made)


def _date_bound(node: s.Bound, context: Context, scope: Scope, unit: Unit) -> n.Bound:
    if node.limit is None:
        return n.Bound(node.span, n.BoundKind.BEYOND, None, unit)
    limit = context.typed(node.limit, scope, INSTANT, "a bound of dates")
    kind = n.BoundKind.UP_TO if node.kind == "next" else n.BoundKind(node.kind)
    return n.Bound(node.span, kind, limit, unit)


def _check_dates(made: list[n.Bound], bound: n.Bound, context: Context) -> None:
    last = made[-1].limit if made else None
    if not isinstance(last, n.Constant) or not isinstance(bound.limit, n.Constant):
        return
    if Kind.UNKNOWN not in (last.type.kind, bound.limit.type.kind) and bound.limit.value <= last.value:  # type: ignore[operator]
        context.report.error(
            "R210",
            f"the dates do not increase: {bound.limit.span.text} comes after {last.span.text}",
            bound.span,
            "put the rows in order, the earliest first",
            (("the row before", made[-1].span),),
        )


def _bound(
    node: s.Bound,
    context: Context,
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
    else:
        made = context.typed(node.limit, scope, figure(unit.dimension), "a bound")
        if isinstance(node.limit, s.Quantity):
            written = context.units.get(node.limit.unit.text, unit)
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
        places = (*(places_of(before) if before is not None else ()), *places_of(width))
        return n.Constant(node.span, width.type, total, places=places), total
    if before is None:
        return width, None
    return n.Sum(node.span, width.type, ((1, before), (1, width))), None


def _check_increase(made: list[n.Bound], bound: n.Bound, limit: Exact, reached: Exact | None, context: Context) -> None:
    if reached is None:
        return
    previous = made[-1] if made else None
    grows = limit > reached or (
        previous is not None
        and limit == reached
        and previous.kind is n.BoundKind.BELOW
        and bound.kind is n.BoundKind.UP_TO
    )
    if grows:
        return
    if previous is None:
        context.report.error(
            "R210",
            "the first bound must be more than 0",
            bound.span,
            "a row begins where the one before ends, the first at 0",
        )
        return
    context.report.error(
        "R210",
        f"the bounds do not increase: {quantity_text(limit, bound.unit)} comes after "
        f"{quantity_text(reached, previous.unit)}",
        bound.span,
        "put the rows in order, the lowest first",
        (("the row before", previous.span),),
    )
