"""Amounts that a list has in several currencies: `0.08 USD/pic or 0.07 EUR/pic` is the one in the account's."""

from __future__ import annotations

from ratewright.meaning import nodes as n
from ratewright.meaning.types import FLAG, UNKNOWN, Kind, Type
from ratewright.meaning.walk import is_priced
from ratewright.resolve.arithmetic import same
from ratewright.resolve.context import Context, failed
from ratewright.resolve.scope import Scope
from ratewright.syntax import nodes as s


def resolve_any_of(context: Context, node: s.AnyOf, scope: Scope, wanted: Type) -> n.Expression:
    """`a or b`: conditions one of which holds, or amounts one of which is in the account's currency."""
    made = tuple(context.resolve(part, scope, wanted) for part in node.parts)
    if any(_is_money(part.type, context) for part in made) and not any(part.type.kind is Kind.FLAG for part in made):
        return _in_own_currency(context, node, made)
    conditions = (context.fitting(*of, FLAG, "a condition") for of in zip(made, node.parts, strict=True))
    return n.AnyOf(node.span, FLAG, tuple(conditions))


def _in_own_currency(context: Context, node: s.AnyOf, made: tuple[n.Expression, ...]) -> n.Expression:
    """The amount in the account's currency, or what says that there is none."""
    if any(part.type.kind is Kind.UNKNOWN for part in made):
        return failed(node.span)
    if same(context, made, "an amount is of one kind in each currency") == UNKNOWN:
        return failed(node.span)
    own = [part for part in made if is_priced(part)]
    currency = context.written.currencies[0]
    if len(own) > 1:
        context.report.error(
            "R202",
            f"there are two amounts in {currency}: `{own[0].span.text}` and `{own[1].span.text}`",
            own[1].span,
            "keep one amount for each currency",
            (("the first", own[0].span),),
        )
        return failed(node.span)
    return own[0] if own else n.NoPrice(node.span, made[0].type, currency)


def _is_money(type_: Type, context: Context) -> bool:
    return bool(context.written.currencies) and context.written.currencies[0] in dict(type_.dimension)
