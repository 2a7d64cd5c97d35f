"""The plan of a meter: whose records it measures, who pays for its usage, and which lines price the rest."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from msgspec import Struct

from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import charge_expressions, formulas_in
from ratewright.meaning.walk import given_in, said
from ratewright.plan.serving_meters import for_formulas
from ratewright.values.calendar import PeriodUnit

Rank = tuple[str, ...]


class MeterPlan(Struct, frozen=True):
    """A meter. `records` names the meter whose records it measures; `readers` those that measure the records of this.

    `ranks` are the pools that pay for its usage, `lines` the charges that price the rest. `groups` are these charges
    by their periods: a meter that speaks of all records of a period is measured for each group apart, by the month
    where no line is on it. `serves` marks a meter that only serves others: nothing of it is left unserved. One that
    is measured `on_demand` is measured for the periods of the lines that name it. `tags` are what is asked of its
    usage once it is measured.
    """

    meter: tree.Meter
    records: str
    readers: tuple[str, ...]
    ranks: tuple[Rank, ...]
    lines: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    serves: bool
    on_demand: bool
    tags: frozenset[str]

    @property
    def whole(self) -> bool:
        """Whether it speaks of all records of a period, and is no sum of what each adds."""
        return self.meter.each is None

    def group_of(self, line: str) -> int:
        """The number of the group that a line belongs to; 0 where all usage is fed to all lines."""
        return next((n for n, group in enumerate(self.groups) if line in group), 0) if self.whole else 0


def meter_plans(tariff: tree.Tariff) -> dict[str, MeterPlan]:
    """The plan of each meter, by name."""
    serving = for_formulas(tariff)
    named = _named(tariff)
    on: dict[str, list[str]] = {name: [] for name in tariff.meters}
    for charge in tariff.charges.values():
        for name in charge.meters:
            on[name].append(charge.name)
    readers: dict[str, list[str]] = {name: [] for name in tariff.meters}
    for name, meter in tariff.meters.items():
        readers[records_of(meter)].append(name)
    tags = _tags(tariff)
    found = {}
    for name, meter in tariff.meters.items():
        deduction = tariff.deductions.get(name)
        ranks, lines = (deduction.pools, deduction.charges) if deduction is not None else ((), tuple(on[name]))
        on_demand = meter.each is None and name in serving and name in named
        groups = groups_of(lines, tariff)
        found[name] = MeterPlan(
            meter,
            records_of(meter),
            tuple(readers[name]),
            ranks,
            lines,
            groups,
            name in serving,
            on_demand,
            frozenset(tags[name]),
        )
    return found


def records_of(meter: tree.Meter) -> str:
    """The meter whose records a meter measures: its own, or those that it reads."""
    return meter.reads or meter.name


def _named(tariff: tree.Tariff) -> set[str]:
    """The meters that formulas of lines name."""
    return {
        given.name
        for charge in tariff.charges.values()
        for expression in charge_expressions(charge)
        for given in given_in(expression)
        if isinstance(given, tree.Measured)
    }


def groups_of(lines: tuple[str, ...], tariff: tree.Tariff) -> tuple[tuple[str, ...], ...]:
    """Lines by their periods; one empty group where there is no line."""
    found: dict[Hashable, list[str]] = {}
    for name in lines:
        charge = tariff.charges[name]
        found.setdefault((charge.every, said(charge.anchor)), []).append(name)
    return tuple(tuple(group) for group in found.values()) or ((),)


def _tags(tariff: tree.Tariff) -> dict[str, set[str]]:
    """What is asked of each meter's usage once it is measured: what it is kept apart by, what pools pay by, what lines
    ask that price each record alone, and by what it is served first."""
    found = {name: set(meter.by) for name, meter in tariff.meters.items()}
    for pool in tariff.pools.values():
        asked = set(_marks(pool.when)) if pool.when is not None else set()
        for name in pool.covers:
            found[name] |= pool.asks(name) | asked
    for charge in tariff.charges.values():
        if charge.every.unit is PeriodUnit.RECORD:
            asked = {mark for formula in formulas_in(charge) for mark in _marks(formula.expression)}
            for name in charge.meters:
                found[name] |= asked
    for name, deduction in tariff.deductions.items():
        if name in found:
            found[name].update(tag for tag, _ in deduction.order)
    return found


def _marks(expression: tree.Expression) -> Iterator[str]:
    return (given.name for given in given_in(expression) if isinstance(given, tree.TagValue))
