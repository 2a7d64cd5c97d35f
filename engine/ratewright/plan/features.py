"""What a whole list has of the rarer constructs: an account is not looked through for what its list does not say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from ratewright.meaning import nodes as tree
from ratewright.meaning.dependencies import charges_on
from ratewright.plan.line_plans import LinePlan
from ratewright.plan.meter_plans import MeterPlan
from ratewright.values.calendar import Cadence, PeriodUnit

Order = tuple[tuple[str, tuple[tree.Value, ...]], ...]


class Features(Struct, frozen=True):
    """What of a list matters to the walk of any account, found once for all of them.

    `cadences` are those of the lines that count their periods from nothing of the account, `anchored` the other lines.
    `spreading` are the discounts that are spread over each line, `followers` the lines for each record that are on it.
    `waiting` are the orders of the meters of which usage is served when a period ends. `begun_before` are the lines
    for which a bill must know what came before it, `reading` those that are billed from one reading to the next on no
    usage of their own, with the meters that they go by. `tallied` are the meters of which a bill tells, one that is
    measured for several groups of lines for each. `limited` are the meters with limits, `uncorrected` those of which
    no more may be taken back than was used. `pays` says that pools of money pay for lines or bills, `fills` that usage
    fills quotas, `spreads` that records are spread over time.
    """

    cadences: Mapping[str, Cadence]
    anchored: tuple[tree.Charge, ...]
    spreading: Mapping[str, tuple[str, ...]]
    followers: Mapping[str, tuple[str, ...]]
    waiting: Mapping[str, Order]
    begun_before: tuple[tree.Charge, ...]
    reading: frozenset[str]
    tallied: tuple[tuple[str, int], ...]
    limited: frozenset[str]
    uncorrected: tuple[str, ...]
    grants: Mapping[str, tree.Pool]
    funds: tuple[tree.Pool, ...]
    invoiced: tuple[tree.Invoicing, ...]
    pays: bool
    fills: bool
    spreads: bool


def features(tariff: tree.Tariff, lines: Mapping[str, LinePlan], meters: Mapping[str, MeterPlan]) -> Features:
    """The features of a list, by the plans of its lines and meters."""
    charges, pools = tariff.charges.values(), tariff.pools.values()
    return Features(
        cadences={charge.name: charge.every for charge in charges if charge.anchor is None},
        anchored=tuple(charge for charge in charges if charge.anchor is not None),
        spreading=_spreading(tariff),
        followers=_followers(lines.values()),
        waiting={name: given.order for name, given in tariff.deductions.items() if waits(given, tariff)},
        begun_before=tuple(line.charge for line in lines.values() if _begins_before(line)),
        reading=_reading(lines.values(), meters),
        tallied=tuple(
            (name, group) for name, meter in meters.items() for group in range(len(meter.groups) if meter.whole else 1)
        ),
        limited=frozenset(limit.meter for limit in tariff.limits.values()),
        uncorrected=tuple(
            meter.name
            for meter in tariff.meters.values()
            if meter.corrections is not None and not meter.corrections.below
        ),
        grants={pool.name: pool for pool in pools if pool.kind is tree.PoolKind.GRANT},
        funds=tuple(pool for pool in pools if pool.pays),
        invoiced=tuple(charge.invoiced for charge in charges if charge.invoiced is not None),
        pays=any(deduction.target is not tree.Target.METER for deduction in tariff.deductions.values()),
        fills=any(pool.filled_by for pool in pools),
        spreads=any(meter.spread for meter in tariff.meters.values()),
    )


def waits(deduction: tree.Deduction, tariff: tree.Tariff) -> bool:
    """Whether usage is served when the period of the charge behind it ends: in an order of its own, or from a quota
    that usage fills until then. A line is paid then anyway."""
    filled = (tariff.pools[name].filled_by for rank in deduction.pools for name in rank)
    return bool(deduction.order) or (deduction.target is tree.Target.METER and any(filled))


def _spreading(tariff: tree.Tariff) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for discount in (charge for charge in tariff.charges.values() if charge.spreads):
        for name in charges_on(discount, tariff.charges):
            found[name].append(discount.name)
    return {name: tuple(discounts) for name, discounts in found.items()}


def _followers(lines: Iterable[LinePlan]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        for name in dict.fromkeys(line.lines) if line.follows_records else ():
            found[name].append(line.charge.name)
    return {name: tuple(followers) for name, followers in found.items()}


def _begins_before(line: LinePlan) -> bool:
    charge = line.charge
    return bool(charge.needs or line.by_list) or charge.billed is not None or charge.of_periods is not None


def _reading(lines: Iterable[LinePlan], meters: Mapping[str, MeterPlan]) -> frozenset[str]:
    """The meters of which readings are the periods of lines without usage; none where there is no such line."""
    charges = (line.charge for line in lines if line.charge.word is not tree.LineWord.TAX)
    read_for = [charge for charge in charges if charge.every.unit is PeriodUnit.READING]
    if all(charge.on is not None for charge in read_for):
        return frozenset()
    reading = {charge.name for charge in read_for}
    return frozenset(name for name, meter in meters.items() if reading.intersection(meter.lines))
