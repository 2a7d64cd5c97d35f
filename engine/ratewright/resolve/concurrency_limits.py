"""Limits: what may run at once, and what extends it."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.meaning import nodes as n
from ratewright.meaning.types import Kind, figure
from ratewright.resolve.blocks import Block
from ratewright.resolve.name_space import unknown
from ratewright.resolve.scope import NOTHING
from ratewright.resolve.sentences import resolve_own_sentence
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.calendar import Duration
from ratewright.values.units import currency_unit


def resolve_limit(
    declaration: s.LimitDeclaration, expressions: Expressions, meters: Mapping[str, n.Meter], currency: str
) -> n.Limit | None:
    """A limit; None where it names no meter or no default (reported)."""
    report = expressions.report
    block = Block(declaration, report)
    on = block.one(s.LimitOn)
    if on is None:
        report.error(
            "R203",
            f"{block.name} has no `on`",
            declaration.name.span,
            "say whose tasks it limits: `on image_calls`",
        )
    elif on.meter.text not in meters:
        unknown("meter", on.meter, meters, report)
    default = block.need(s.Default, "write `default 3 tasks`")
    if block.one(s.Shared) is None:
        report.error(
            "R203",
            f"{block.name} does not say who shares it",
            declaration.name.span,
            "write `shared by account and subaccounts`",
        )
    if default is None or on is None:
        return None
    unit = expressions.written.unit(default.amount.unit)
    if unit is None:
        return None
    amount = expressions.typed(default.amount, NOTHING, figure(unit.dimension), "the default")
    offers = tuple(
        offer for e in block.every(s.Extend) if (offer := _offer(e, expressions, unit.dimension, currency)) is not None
    )
    says = block.one(s.Say)
    value = amount.value if isinstance(amount, n.Constant) else 0
    return n.Limit(
        declaration.span,
        declaration.name.text,
        block.title(),
        on.meter.text,
        unit,
        value,  # type: ignore[arg-type]
        offers,
        block.cite(),
        resolve_own_sentence(says, expressions, declaration, n.OF_A_LIMIT) if says else None,
    )


def _offer(
    node: s.Extend, expressions: Expressions, dimension: tuple[tuple[str, int], ...], currency: str
) -> n.Offer | None:
    amount = expressions.typed(node.amount, NOTHING, figure(dimension), "an extension")
    money, first = figure(currency_unit(currency).dimension), node.prices[0]
    written = first if len(node.prices) == 1 else s.AnyOf(first.span, node.prices)
    price = expressions.typed(written, NOTHING, money, "the price of an extension")
    if isinstance(price, n.NoPrice):
        expressions.report.missing_price(f"`{node.span.text}`", price)
        return None
    term = node.term.text.removesuffix("s")
    length = s.Length(node.term.span, 1, node.term)
    duration = expressions.written.duration(length)
    if not isinstance(amount, n.Constant) or not isinstance(price, n.Constant):
        return None
    if Kind.UNKNOWN in (amount.type.kind, price.type.kind) or (duration == Duration(days=1) and term != "day"):
        return None
    if amount.value <= 0:  # type: ignore[operator]
        expressions.report.error(
            "R219", "an extension must be more than 0", node.amount.span, "write `extend 1 task for 200 USD/day`"
        )
        return None
    return n.Offer(node.span, amount.value, price.value, term, duration)  # type: ignore[arg-type]
