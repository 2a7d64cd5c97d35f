"""Deductions and limits: in which order pools pay, and what may run at once."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.syntax import nodes as s
from ratewright.tree import nodes as n
from ratewright.tree.blocks import Block
from ratewright.tree.expressions import Expressions
from ratewright.tree.names import unknown
from ratewright.tree.report import Report
from ratewright.tree.scope import NOTHING
from ratewright.tree.types import Kind, figure
from ratewright.values.calendar import Duration
from ratewright.values.units import currency_unit


def resolve_deduction(
    declaration: s.Deduct,
    meters: Mapping[str, n.Meter],
    pools: Mapping[str, n.Pool],
    charges: Mapping[str, n.Charge],
    report: Report,
) -> n.Deduction | None:
    """The order of sources for one meter: ranks of pools, then the charges that price the rest."""
    meter = declaration.name
    if meter.text not in meters:
        unknown("meter", meter, meters, report)
        return None
    seen: dict[str, s.Name] = {}
    ranks: list[tuple[str, ...]] = []
    ending: list[str] = []
    for rank in declaration.ranks:
        members = [name for name in rank if _is_source(name, meter, pools, charges, seen, report)]
        priced = [name for name in members if name.text in charges]
        if ending and members:
            report.error(
                "R212",
                f"`{members[0].text}` stands behind a charge, which prices everything that is left",
                members[0].span,
                "put the charges last",
            )
        if priced and len(priced) != len(members):
            report.error("R212", "a pool and a charge cannot share a rank", rank[0].span, "separate them with `>`")
        if priced:
            ending += [name.text for name in priced]
        elif members:
            _check_same_draws(members, pools, report)
            ranks.append(tuple(name.text for name in members))
    return n.Deduction(declaration.span, meter.text, tuple(ranks), tuple(ending), Block(declaration, report).cite())


def _is_source(
    name: s.Name,
    meter: s.Name,
    pools: Mapping[str, n.Pool],
    charges: Mapping[str, n.Charge],
    seen: dict[str, s.Name],
    report: Report,
) -> bool:
    if name.text in seen:
        report.error(
            "R212",
            f"the order names `{name.text}` twice",
            name.span,
            "a source is drawn once; delete one",
            (("the first", seen[name.text].span),),
        )
        return False
    seen[name.text] = name
    pool, charge = pools.get(name.text), charges.get(name.text)
    if pool is None and charge is None:
        unknown("grant, package or charge", name, {**pools, **charges}, report)
        return False
    if pool is not None and meter.text not in pool.covers:
        report.error(
            "R212",
            f"`{name.text}` does not cover `{meter.text}`",
            name.span,
            "name it in `covers`",
            (("here", pool.span),),
        )
        return False
    if charge is not None and meter.text not in charge.meters:
        report.error(
            "R212",
            f"`{name.text}` is not on `{meter.text}`",
            name.span,
            "name the meter in its `on`",
            (("here", charge.span),),
        )
        return False
    return True


def _check_same_draws(members: list[s.Name], pools: Mapping[str, n.Pool], report: Report) -> None:
    first = pools[members[0].text]
    for other in members[1:]:
        if pools[other.text].draws != first.draws:
            report.error(
                "R212",
                f"`{first.name}` and `{other.text}` share a rank, so their lots are one queue, "
                "and their `draws` differ",
                other.span,
                "state the same `draws` in both, or rank them with `>`",
            )


def check_order(
    deductions: Mapping[str, n.Deduction],
    pools: Mapping[str, n.Pool],
    charges: Mapping[str, n.Charge],
    report: Report,
) -> None:
    """Every pool must be drawn, and every charge fed."""
    for pool in pools.values():
        for meter in pool.covers:
            deduction = deductions.get(meter)
            if deduction is None or not any(pool.name in rank for rank in deduction.pools):
                where = f"the order of `{meter}` leaves it out" if deduction else f"`{meter}` has no `deduct`"
                report.error(
                    "R212",
                    f"`{pool.name}` covers `{meter}` and is never drawn: {where}",
                    pool.span,
                    f"name it: `deduct {meter} from … > {pool.name} > …`",
                    (("the order", deduction.span),) if deduction else (),
                )
    for charge in charges.values():
        for meter in charge.meters:
            deduction = deductions.get(meter)
            if deduction is not None and charge.name not in deduction.charges:
                report.error(
                    "R213",
                    f"nothing feeds `{charge.name}`: the order of `{meter}` does not end in it",
                    charge.span,
                    f"name it last: `deduct {meter} from … > {charge.name}`",
                    (("the order", deduction.span),),
                )


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
    unit = expressions.unit(default.amount.unit)
    if unit is None:
        return None
    amount = expressions.typed(default.amount, NOTHING, figure(unit.dimension), "the default")
    offers = tuple(
        offer for e in block.every(s.Extend) if (offer := _offer(e, expressions, unit.dimension, currency)) is not None
    )
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
    )


def _offer(
    node: s.Extend, expressions: Expressions, dimension: tuple[tuple[str, int], ...], currency: str
) -> n.Offer | None:
    amount = expressions.typed(node.amount, NOTHING, figure(dimension), "an extension")
    price = expressions.typed(
        node.price, NOTHING, figure(currency_unit(currency).dimension), "the price of an extension"
    )
    term = node.term.text.removesuffix("s")
    length = s.Length(node.term.span, 1, node.term)
    duration = expressions.duration(length)
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
