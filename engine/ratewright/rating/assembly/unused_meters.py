"""What is told of a meter of which nothing was used; and what of any meter's order is in force."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from ratewright.account.binding import Account
from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import kept
from ratewright.plan.asked_meters import asked_meters, goes_by_settings
from ratewright.plan.plan import Plan
from ratewright.rating.serving.drawing import Tallied
from ratewright.values.calendar import Period

Lots = Mapping[str, tuple[trace.LotTrace, ...]]
"""What became of the lots of each pool that is in force, by its name."""


def unused_meter(
    account: Account, of: Tallied, excluded: tuple[trace.Excluded, ...], lots: Lots, period: Period
) -> trace.MeterTrace:
    """A meter of which nothing was used, but for what its `where` `excluded`: its sources all the same, with nothing
    taken from them."""
    always = None if excluded else _always(account.plan).get(of)
    return _told(account, of, excluded, lots, period) if always is None else always


def order_in_force(account: Account, meter: str, period: Period, lots: Lots) -> tree.Deduction | None:
    """What of the order of a meter is in force; None where there is none."""
    order = account.tariff.deductions.get(meter)
    if order is None:
        return None
    ranks = (tuple(name for name in rank if name in lots) for rank in order.pools)
    charges = account.tariff.charges
    priced = tuple(name for name in order.charges if account.in_force.line_around(charges[name], period))
    pools = tuple(rank for rank in ranks if rank)
    if (pools, priced) == (order.pools, order.charges):
        return order
    return replace(order, pools=pools, charges=priced) if pools or priced else None


def read_by(account: Account, meter: str, period: Period) -> tuple[tree.Charge, ...]:
    """The lines that go by a meter which nothing else pays for."""
    return account.in_force.naming(meter, period) if account.plan.meters[meter].serves else ()


def group_of(plan: Plan, of: Tallied) -> tuple[tree.Charge, ...]:
    """The charges for whose periods a meter was measured, where several ask it for different ones."""
    name, group = of
    meter = plan.meters[name]
    several = meter.whole and len(meter.groups) > 1
    return tuple(plan.tariff.charges[line] for line in meter.groups[group]) if several else ()


def _told(
    account: Account, of: Tallied, excluded: tuple[trace.Excluded, ...], lots: Lots, period: Period
) -> trace.MeterTrace:
    tariff, meter = account.tariff, account.tariff.meters[of[0]]
    order = order_in_force(account, meter.name, period, lots)
    sources = tuple(
        trace.SourceTrace(tariff.pools[name], rank, 0, lots[name], (), meter, 0, ())
        for rank, names in enumerate(order.pools if order else (), start=1)
        for name in names
    )
    return _trace(meter, order, excluded, sources, group_of(account.plan, of), read_by(account, meter.name, period))


def _always(plan: Plan) -> Mapping[Tallied, trace.MeterTrace]:
    """What is told of the meters that no quota pays for, and of which no setting decides what goes by them: the same
    of every account, made once."""
    return kept(
        plan.tariff,
        "unused_meters",
        lambda: {of: told for of in plan.features.tallied if (told := _told_always(plan, of)) is not None},
    )


def _told_always(plan: Plan, of: Tallied) -> trace.MeterTrace | None:
    tariff, meter = plan.tariff, plan.meters[of[0]]
    asking = asked_meters(tariff)[of[0]]
    if meter.ranks or any(goes_by_settings(line.when) for line in (*asking.lines, *asking.naming)):
        return None
    read = asking.naming if meter.serves else ()
    return _trace(meter.meter, tariff.deductions.get(of[0]), (), (), group_of(plan, of), read)


def _trace(
    meter: tree.Meter,
    order: tree.Deduction | None,
    excluded: tuple[trace.Excluded, ...],
    sources: tuple[trace.SourceTrace, ...],
    group: tuple[tree.Charge, ...],
    read: tuple[tree.Charge, ...],
) -> trace.MeterTrace:
    return trace.MeterTrace(meter, order, 0, 0, excluded, (), sources, (), (), 0, (), (), (), group, read)
