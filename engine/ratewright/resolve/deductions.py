"""Deductions: in which order pools pay, and which charges price what they leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ratewright.diagnostics import Span
from ratewright.meaning import nodes as n
from ratewright.meaning.sums import DUE, PAID_SUMS, SUMS
from ratewright.meaning.walk import said
from ratewright.resolve.blocks import Block
from ratewright.resolve.findings import Report
from ratewright.resolve.name_space import unknown
from ratewright.resolve.serving_order import resolve_serving
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.money import minor_digits
from ratewright.values.units import PLAIN


def resolve_deduction(
    declaration: s.Deduct,
    meters: Mapping[str, n.Meter],
    pools: Mapping[str, n.Pool],
    charges: Mapping[str, n.Charge],
    expressions: Expressions,
) -> n.Deduction | None:
    """The order of sources for a meter, a charge or a sum of lines: ranks of pools, then the charges that price
    the rest of a meter."""
    report = expressions.report
    name = declaration.name
    target = _target(name, meters, charges, report)
    if target is None:
        return None
    paid = _Paid(name, target, meters, pools, charges, report)
    ranks: list[tuple[str, ...]] = []
    drawn: list[list[s.Name]] = []
    ending: list[str] = []
    for rank in declaration.ranks:
        members = [name for name in rank if paid.is_source(name)]
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
            _check_rank(members, pools, report)
            ranks.append(tuple(name.text for name in members))
            drawn.append(members)
    _check_overdrawn(declaration, drawn, pools, report)
    order = resolve_serving(declaration, meters[name.text], expressions) if target is n.Target.METER else ()
    if declaration.order and target is not n.Target.METER:
        report.error(
            "R212",
            f"`{name.text}` is money, and `in order of` says which usage is served first",
            declaration.order[0].span,
            "take it out",
        )
    cite = Block(declaration, report).cite()
    return n.Deduction(declaration.span, name.text, tuple(ranks), tuple(ending), cite, order, target)


def _target(
    name: s.Name, meters: Mapping[str, n.Meter], charges: Mapping[str, n.Charge], report: Report
) -> n.Target | None:
    """What is paid for; None where nothing can be (reported)."""
    if name.text in meters:
        return n.Target.METER
    charge = charges.get(name.text)
    if charge is not None and charge.word is n.LineWord.CHARGE:
        return n.Target.LINE
    if name.text in PAID_SUMS:
        return n.Target.SUM
    if charge is not None or name.text in (*SUMS, DUE):
        what = f"a {charge.word.value}" if charge is not None else "a sum that nothing is paid of"
        report.error(
            "R212",
            f"`{name.text}` is {what}: pools pay for meters, charges, `subtotal` and `total`",
            name.span,
            "write `deduct subtotal from …` for what is paid before tax, `deduct total from …` after it",
        )
        return None
    unknown("meter", name, meters, report)
    return None


class _Paid:
    """What is paid for, and the sources seen so far."""

    def __init__(
        self,
        name: s.Name,
        target: n.Target,
        meters: Mapping[str, n.Meter],
        pools: Mapping[str, n.Pool],
        charges: Mapping[str, n.Charge],
        report: Report,
    ) -> None:
        self._name = name.text
        self._target = target
        self._meters = meters
        self._pools = pools
        self._charges = charges
        self._report = report
        self._seen: dict[str, s.Name] = {}

    def is_source(self, name: s.Name) -> bool:
        """Whether a name is a source of what is paid for; reports why it is not."""
        first = self._seen.setdefault(name.text, name)
        if first is not name:
            help = "a source is drawn once; delete one"
            return self._refuse(name, f"the order names `{name.text}` twice", help, ("the first", first.span))
        pool, charge = self._pools.get(name.text), self._charges.get(name.text)
        if pool is not None:
            return self._covers(name, pool)
        if charge is None:
            unknown("grant, package or charge", name, {**self._pools, **self._charges}, self._report)
            return False
        return self._prices(name, charge)

    def _covers(self, name: s.Name, pool: n.Pool) -> bool:
        covered = (*pool.covers, *pool.pays)
        anything = not covered and self._target is n.Target.SUM  # a pool of money need not say it again
        if anything or self._name in covered or pool.unit is PLAIN:
            return True
        if self._target is not n.Target.METER and minor_digits(pool.unit.singular) is None:
            why = f"`{name.text}` is in {pool.unit.plural}, and `{self._name}` is money"
            return self._refuse(name, why, "pay it from a grant or a package whose size is money", ("here", pool.span))
        why = f"`{name.text}` does not cover `{self._name}`"
        return self._refuse(name, why, "name it in `covers`", ("here", pool.span))

    def _prices(self, name: s.Name, charge: n.Charge) -> bool:
        if self._target is not n.Target.METER:
            why = f"`{name.text}` is a {charge.word.value}, and money is paid from grants and packages only"
            return self._refuse(name, why, "delete it: what the pools leave is owed")
        if self._name in charge.meters:
            return True
        why = f"`{name.text}` is not on `{self._name}`"
        return self._refuse(name, why, "name the meter in its `on`", ("here", charge.span))

    def _refuse(self, name: s.Name, why: str, help: str, *related: tuple[str, Span]) -> bool:
        self._report.error("R212", why, name.span, help, related)
        return False


def _check_rank(members: list[s.Name], pools: Mapping[str, n.Pool], report: Report) -> None:
    """The lots of a rank are one queue, so they must have one order."""
    first = pools[members[0].text]
    for other in members[1:]:
        pool = pools[other.text]
        if pool.draws != first.draws:
            report.error(
                "R212",
                f"`{first.name}` and `{other.text}` share a rank, so their lots are one queue, "
                "and their `draws` differ",
                other.span,
                "state the same `draws` in both, or rank them with `>`",
            )
        elif pool.unit.dimension != first.unit.dimension and any(rule.by_remaining for rule in pool.draws):
            report.error(
                "R212",
                f"`{first.name}` and `{other.text}` share a rank and are drawn by what remains, "
                f"one in {first.unit.plural} and the other in {pool.unit.plural}",
                other.span,
                "draw them by expiry or purchase, or rank them with `>`",
            )


def _check_overdrawn(
    declaration: s.Deduct, ranks: Sequence[Sequence[s.Name]], pools: Mapping[str, n.Pool], report: Report
) -> None:
    """Of a rank one pool may overdraw; and what always does leaves nothing for the sources behind it."""
    for place, rank in enumerate(ranks):
        overdrawn = [name for name in rank if pools[name.text].overdraws is not None]
        for other in overdrawn[1:]:
            report.error(
                "R212",
                f"`{overdrawn[0].text}` and `{other.text}` share a rank and both overdraw: which of them would?",
                other.span,
                "rank them with `>`, or let one of them overdraw",
            )
        for name in overdrawn[:1]:
            if place < len(declaration.ranks) - 1 and _never_ends(pools[name.text]):
                report.error(
                    "R212",
                    f"nothing behind `{name.text}` is ever drawn or charged: it overdraws without a bound",
                    declaration.ranks[place + 1][0].span,
                    f"say by how much: `overdraws up to 100 …`, or let `{name.text}` stand last",
                    (("the quota", pools[name.text].span),),
                )


def _never_ends(pool: n.Pool) -> bool:
    """Whether it pays for all usage, for all time: a grant of the list's own size that is valid without an end."""
    validity = pool.validity
    ends = validity.length is not None or validity.until is not None or validity.start is not None
    limited = pool.when is not None or pool.scope or pool.size is None or pool.kind is n.PoolKind.PACKAGE
    return pool.overdraws is not None and pool.overdraws.most is None and not ends and not limited


def check_order(
    deductions: Mapping[str, n.Deduction],
    pools: Mapping[str, n.Pool],
    charges: Mapping[str, n.Charge],
    report: Report,
) -> None:
    """Every pool must be drawn, every charge fed, and usage served in an order that its charges can wait for."""
    for order in deductions.values():
        ending = [charges[name] for name in order.charges]
        _check_served_at_once(order, ending, report)
        for name in (name for rank in order.pools for name in rank):
            if pools[name].filled_by:
                _check_filled(pools[name], order, charges, report)
    drawn: dict[str, dict[str, None]] = {}
    for order in deductions.values():
        for name in (name for rank in order.pools for name in rank):
            drawn.setdefault(name, {})[order.meter] = None
    for pool in pools.values():
        paid = drawn.get(pool.name, {})
        _check_drawn(pool, paid, deductions, report)
        _check_scope(pool, paid, charges, report)
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


def _check_served_at_once(order: n.Deduction, ending: Sequence[n.Charge], report: Report) -> None:
    """What is served `in order of` something waits until a period ends: all charges price it then, and none before."""
    if not order.order:
        return
    for charge in ending:
        alike = (charge.every, said(charge.anchor)) == (ending[0].every, said(ending[0].anchor))
        if charge.every.of_usage or charge.billed is not None or not alike:
            what = f"the periods of `{ending[0].name}` are others"
            if charge.every.of_usage or charge.billed is not None:
                what = f"it is billed {charge.billed or charge.every}"
            report.error(
                "R212",
                f"`{charge.name}` cannot wait until it is known which of `{order.meter}` is served first: {what}",
                charge.span,
                "bill the charges at the end of one and the same period, or take `in order of` out",
                (("the order", order.span),),
            )
            return


def _check_filled(pool: n.Pool, order: n.Deduction, charges: Mapping[str, n.Charge], report: Report) -> None:
    """A quota that usage fills is known when its cycle ends: what it pays for is priced then, for the same time."""
    renews = pool.renews
    if renews is None:
        return  # said with its size
    own = charges.get(order.meter)
    ending = [own] if own is not None else [charges[name] for name in order.charges]
    if not ending:
        report.error(
            "R212",
            f"`{pool.name}` is filled until its cycle ends, and no charge says how long `{order.meter}` waits for it",
            order.span,
            "let the order end in a charge of the same period, or pay a charge and no sum of lines",
            (("the quota", pool.span),),
        )
    for charge in ending:
        alike = (charge.every, said(charge.anchor)) == (renews.cadence, said(renews.anchor))
        if charge.billed is not None or not alike:
            often = charge.billed or charge.every
            report.error(
                "R212",
                f"`{pool.name}` is filled {renews.cadence}, and `{charge.name}` is billed {often}",
                charge.span,
                "let the quota renew when the charge is billed",
                (("the quota", pool.span),),
            )


def _check_drawn(pool: n.Pool, paid: Collection[str], deductions: Mapping[str, n.Deduction], report: Report) -> None:
    """What a pool covers must draw from it; `paid` is what does."""
    covered = (*pool.covers, *pool.pays)
    for name in covered:
        deduction = deductions.get(name)
        if name not in paid:
            where = f"the order of `{name}` leaves it out" if deduction else f"`{name}` has no `deduct`"
            more = f" > {pool.name} > …" if name in pool.covers else f" > {pool.name}"
            report.error(
                "R212",
                f"`{pool.name}` covers `{name}` and is never drawn: {where}",
                pool.span,
                f"name it: `deduct {name} from …{more}`",
                (("the order", deduction.span),) if deduction else (),
            )
    if not covered and pool.unit is not PLAIN and not paid:
        report.error(
            "R212",
            f"`{pool.name}` is never drawn: it covers nothing, and no `deduct` names it",
            pool.span,
            f"write `covers` and what it pays for, or `deduct subtotal from {pool.name}`",
        )


def _check_scope(pool: n.Pool, paid: Collection[str], charges: Mapping[str, n.Charge], report: Report) -> None:
    """A lot for a region can pay a line only if that is kept apart by region."""
    for name in pool.scope:
        for target in paid:
            if target not in pool.covers and (target in PAID_SUMS or name.name not in charges[target].by):
                apart = f"let the meters of `{target}` be kept apart `by {name.name}`, or take the scope out"
                report.error(
                    "R212",
                    f"`{target}` is not kept apart by `{name.name}`, and the lots of `{pool.name}` pay for one each",
                    name.span,
                    "let the pool pay for a charge that is, or take the scope out" if target in PAID_SUMS else apart,
                )
