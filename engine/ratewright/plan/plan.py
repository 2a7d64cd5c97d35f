"""The plan of a price list: what depends on the list alone, worked out once and shared by all accounts.

A plan is immutable and can be sent to another process. Rating asks it in which order lines are priced, who pays for
the usage of a meter, and of what each reference in a formula is measured: its grain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from enum import Enum
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from ratewright.meaning import nodes as tree
from ratewright.meaning.dependencies import in_turn, line_graph, lines_behind, lines_on
from ratewright.meaning.formulas import charge_expressions
from ratewright.meaning.walk import given_in, kept, lengths_asked, said
from ratewright.plan.serving_meters import for_formulas
from ratewright.values.calendar import PeriodUnit

Rank = tuple[str, ...]
_LINES = (tree.LineAmount, tree.LineLeft, tree.SumOfLines)


class Grain(Enum):
    """Of what a meter that a line names is measured.

    `PERIOD`: of the line's period, or what is billed of it so far; `RECORD`: of the record, or the reading, that the
    line prices alone. Either way for those of the line's keys that the meter is kept apart by.
    """

    PERIOD = "period"
    RECORD = "record"


class LinePlan(Struct, frozen=True):
    """A line. `place` is its turn among lines whose periods end together: behind those that it needs, else by name.

    `behind` are the lines of each name that it uses, `measures` the meters that it names with their grain, `amounts`
    the lines and sums, `named` all of them. `keys_of` is a meter whose records say what the line is kept apart by, if
    it is. `by_record` marks a `when` that is asked for each record,
    `lengths` a line that asks how long its period is.
    """

    charge: tree.Charge
    place: int
    behind: tuple[tuple[str, ...], ...]
    measures: tuple[tuple[tree.Measured, Grain], ...]
    amounts: tuple[tree.Given, ...]
    by_record: bool
    lengths: bool
    named: tuple[tree.Given, ...]
    keys_of: str | None

    @property
    def lines(self) -> Iterator[str]:
        """The lines behind the names that it uses."""
        return chain.from_iterable(self.behind)

    def grain(self, meter: str) -> Grain:
        """Of what a meter that it names is measured."""
        return next(grain for given, grain in self.measures if given.name == meter)

    @property
    def at_zero(self) -> bool:
        """Whether a quantity of 0 may come to something: by a formula such as `max(used, 10 calls)`, a minimum, or a
        flat part that holds without usage."""
        charge = self.charge
        formula = charge.on is not None and not isinstance(charge.on, tree.MeterLeft)
        return formula or charge.minimum is not None or charge.flat_at_zero

    @property
    def follows_keys(self) -> bool:
        """Whether it has a line for each key of the lines that it is on."""
        return bool(self.charge.by) and not self.charge.meters

    @property
    def follows_records(self) -> bool:
        """Whether it has a line for each record that other lines priced alone."""
        return self.charge.every.unit is PeriodUnit.RECORD and not self.charge.meters


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
        return _groups(tuple(line.charge.name for line in lines), self.tariff)

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
    lines = _lines(tariff)
    named = {id(names): names for line in lines.values() for names in line.behind}  # sums are shared
    needed = {name for names in named.values() for name in names}
    needed.update(name for name, charge in tariff.charges.items() if _goes_on(charge))
    charges = tuple(line for line in lines.values() if line.charge.word is not tree.LineWord.TAX)
    taxes = tuple(line for line in lines.values() if line.charge.word is tree.LineWord.TAX)
    return Plan(tariff, lines, _meters(tariff), frozenset(needed), _ranks(tariff), charges, taxes)


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


def waits(deduction: tree.Deduction, tariff: tree.Tariff) -> bool:
    """Whether usage is served when the period of the charge behind it ends: in an order of its own, or from a quota
    that usage fills until then. A line is paid then anyway."""
    filled = (tariff.pools[name].filled_by for rank in deduction.pools for name in rank)
    return bool(deduction.order) or (deduction.target is tree.Target.METER and any(filled))


# ---------------------------------------------------------------- lines


def _lines(tariff: tree.Tariff) -> dict[str, LinePlan]:
    charges = tariff.charges
    graph = line_graph(charges)
    order = in_turn(graph, lambda node: (node in charges, node))  # a sum is there as soon as its lines are
    places = {name: place for place, name in enumerate(name for name in order if name in charges)}
    return {name: _line(charge, places[name], lines_behind(charge, graph), tariff) for name, charge in charges.items()}


def _line(charge: tree.Charge, place: int, behind: tuple[tuple[str, ...], ...], tariff: tree.Tariff) -> LinePlan:
    given = {g.key: g for expression in charge_expressions(charge) for g in given_in(expression)}
    measures = tuple(
        (g, grain_of(g.name, charge, chain.from_iterable(behind), tariff))
        for g in given.values()
        if isinstance(g, tree.Measured)
    )
    amounts = tuple(g for g in given.values() if isinstance(g, _LINES))
    named = (*(g for g, _ in measures), *amounts)
    lengths = any(lengths_asked(expression) for expression in charge_expressions(charge))
    by_record = asked_by_record(charge)
    return LinePlan(charge, place, behind, measures, amounts, by_record, lengths, named, _keys_of(charge, tariff))


def _keys_of(charge: tree.Charge, tariff: tree.Tariff) -> str | None:
    """A meter whose records say what a line is kept apart by; None for a line that is not."""
    while charge.by and not charge.meters:
        charge = tariff.charges[lines_on(charge)[0]]
    return charge.meters[0] if charge.by else None


def grain_of(meter: str, charge: tree.Charge, lines: Iterable[str], tariff: tree.Tariff) -> Grain:
    """Of what a line measures a meter that it names; `lines` are those that it is on."""
    if not charge.every.alone:
        return Grain.PERIOD
    records = records_behind(charge, lines, tariff)
    return Grain.RECORD if records == {_records(tariff.meters[meter])} else Grain.PERIOD


def records_behind(charge: tree.Charge, lines: Iterable[str], tariff: tree.Tariff) -> set[str]:
    """The meters whose records a line prices alone: its own, or those of the lines that it is on."""
    names = charge.meters or tuple(m for line in lines for m in tariff.charges[line].meters)
    return {_records(tariff.meters[name]) for name in names}


def asked_by_record(charge: tree.Charge) -> bool:
    """Whether a charge's `when` is asked for each record: it reads settings and the instant only."""
    return charge.when is not None and all(
        isinstance(g, tree.SettingValue) or (isinstance(g, tree.RecordFact) and g.name == "at")
        for g in given_in(charge.when)
    )


# ---------------------------------------------------------------- meters


def _meters(tariff: tree.Tariff) -> dict[str, MeterPlan]:
    serving = for_formulas(tariff)
    named = _named(tariff)
    on: dict[str, list[str]] = {name: [] for name in tariff.meters}
    for charge in tariff.charges.values():
        for name in charge.meters:
            on[name].append(charge.name)
    readers: dict[str, list[str]] = {name: [] for name in tariff.meters}
    for name, meter in tariff.meters.items():
        readers[_records(meter)].append(name)
    tags = _tags(tariff)
    found = {}
    for name, meter in tariff.meters.items():
        deduction = tariff.deductions.get(name)
        ranks, lines = (deduction.pools, deduction.charges) if deduction is not None else ((), tuple(on[name]))
        on_demand = meter.each is None and name in serving and name in named
        groups = _groups(lines, tariff)
        found[name] = MeterPlan(
            meter,
            _records(meter),
            tuple(readers[name]),
            ranks,
            lines,
            groups,
            name in serving,
            on_demand,
            frozenset(tags[name]),
        )
    return found


def _records(meter: tree.Meter) -> str:
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


def _groups(lines: tuple[str, ...], tariff: tree.Tariff) -> tuple[tuple[str, ...], ...]:
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
            asked = {mark for expression in charge_expressions(charge) for mark in _marks(expression)}
            for name in charge.meters:
                found[name] |= asked
    for name, deduction in tariff.deductions.items():
        if name in found:
            found[name].update(tag for tag, _ in deduction.order)
    return found


def _marks(expression: tree.Expression) -> Iterator[str]:
    return (given.name for given in given_in(expression) if isinstance(given, tree.TagValue))
