"""The plan of a price list: what depends on the list alone, worked out once and shared by all accounts.

A plan is immutable and can be sent to another process. Rating asks it in which order lines are priced, who pays for
the usage of a meter, and of what each reference in a formula is measured: its grain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import kept
from ratewright.plan.features import Features, features, waits
from ratewright.plan.line_plans import Grain, LinePlan, line_plans
from ratewright.plan.meter_plans import MeterPlan, Rank, groups_of, meter_plans


class Plan(Struct, frozen=True):
    """What is known of a price list before any usage is seen. Mappings are by name, `lines` in their order."""

    tariff: tree.Tariff
    lines: Mapping[str, LinePlan]
    meters: Mapping[str, MeterPlan]
    needed: frozenset[str]
    """Lines on which later ones depend, also where they are not billed."""
    ranks: Mapping[Rank, bool]
    """The ranks of pools that pay for something, and whether their lots may be asked in another order than that of
    time, or are drawn elsewhere in a way that changes their order here."""
    charges: tuple[LinePlan, ...]
    """The lines but taxes."""
    taxes: tuple[LinePlan, ...]
    features: Features

    def asking(self, meter: MeterPlan) -> tuple[tuple[str, ...], ...]:
        """The lines for whose periods a meter that speaks of whole periods is measured, in groups by their periods."""
        if not meter.whole:
            return ()
        if not meter.on_demand:
            return meter.groups if meter.lines else ()
        name = meter.meter.name
        lines = (
            line for line in self.lines.values() if (name, Grain.PERIOD) in ((g.name, of) for g, of in line.measures)
        )
        return groups_of(tuple(line.charge.name for line in lines), self.tariff)

    def in_time(self, tariff: tree.Tariff) -> Plan:
        """The same plan for a list that differs only in when it holds."""
        return replace(self, tariff=tariff)


def plan_of(tariff: tree.Tariff) -> Plan:
    """The plan of a price list, made once and kept with it."""
    return kept(tariff, "plan", lambda: _plan(tariff))


def _goes_on(charge: tree.Charge) -> bool:
    """Whether what a line came to is asked again: by its later parts, its maximum, or the taxes on what it spreads."""
    return charge.billed is not None or charge.of_periods is not None or charge.spreads


def _plan(tariff: tree.Tariff) -> Plan:
    lines, meters = line_plans(tariff), meter_plans(tariff)
    behind = (names for line in lines.values() for names in (*line.behind.values(), *line.listed.values()))
    named = {id(names): names for names in behind}  # sums are shared
    needed = {name for names in named.values() for name in names}
    needed.update(name for name, charge in tariff.charges.items() if _goes_on(charge))
    charges = tuple(line for line in lines.values() if line.charge.word is not tree.LineWord.TAX)
    taxes = tuple(line for line in lines.values() if line.charge.word is tree.LineWord.TAX)
    found = features(tariff, lines, meters)
    return Plan(tariff, lines, meters, frozenset(needed), _ranks(tariff), charges, taxes, found)


def _ranks(tariff: tree.Tariff) -> dict[Rank, bool]:
    deductions = tariff.deductions.values()
    ranks = dict.fromkeys(rank for deduction in deductions for rank in deduction.pools)
    late = {
        name
        for deduction in deductions
        if waits(deduction, tariff) or deduction.target is not tree.Target.METER
        for rank in deduction.pools
        for name in rank
    }
    queues = Counter(name for rank in ranks for name in rank)
    found = {}
    for rank in ranks:
        shared = any(queues[name] > 1 for name in rank)
        moves = any(rule.by_remaining for rule in tariff.pools[rank[0]].draws)
        found[rank] = not late.isdisjoint(rank) or (shared and moves)
    return found
