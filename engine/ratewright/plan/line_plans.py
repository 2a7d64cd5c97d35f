"""The plan of a line: its turn, what it needs, and of what each meter that it names is measured: its grain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from ratewright.meaning import nodes as tree
from ratewright.meaning.dependencies import in_turn, line_graph, lines_behind, lines_on
from ratewright.meaning.formulas import Role, charge_expressions, formulas_in
from ratewright.meaning.walk import given_in, lengths_asked
from ratewright.plan.meter_plans import records_of
from ratewright.plan.named_by_list import named_by_list
from ratewright.values.calendar import PeriodUnit

_LINES = (tree.LineAmount, tree.LineLeft, tree.SumOfLines)
_NOT_OF_TIME = (tree.MeterLeft, tree.ChargeQuantity, tree.Measured, tree.SettingValue, *_LINES)


class Grain(Enum):
    """Of what a meter that a line names is measured.

    `PERIOD`: of the line's period, or what is billed of it so far; `RECORD`: of the record, or the reading, that the
    line prices alone. Either way for those of the line's keys that the meter is kept apart by.
    """

    PERIOD = "period"
    RECORD = "record"


class LinePlan(Struct, frozen=True):
    """A line. `place` is its turn among lines whose periods end together: behind those that it needs, else by name.

    `behind` are the lines behind each name that it uses, `measures` the meters that it names with their grain,
    `amounts` the lines and sums, `named` all of them, `beside` those that it names elsewhere than in `on`. `keys_of` is
    a meter whose records say what the line is kept apart by, if it is. `by_record` marks a `when` that is asked for
    each record, `lengths` a line that asks how long its period is, `timeless` one that comes to the same in each period
    for which it is fed the same, and the settings and what it names are the same. Of a discount `taken_from` are the
    charges, packages and limits that it is on, and `takes_from_bought` says that it is on a sum, in which there is also
    what was bought. `shown` are the meters that its sentence alone names, measured for its period. `by_list` are the
    lines and sums that it does not name and the list's own line does, which a contract changed, `measured_by_list` the
    meters; `listed` are the lines behind each name that has others on the list.
    """

    charge: tree.Charge
    place: int
    behind: Mapping[str, tuple[str, ...]]
    measures: tuple[tuple[tree.Measured, Grain], ...]
    amounts: tuple[tree.Given, ...]
    by_record: bool
    lengths: bool
    named: tuple[tree.Given, ...]
    keys_of: str | None
    timeless: bool
    beside: tuple[tree.Given, ...]
    taken_from: tuple[str, ...]
    takes_from_bought: bool
    shown: tuple[tree.Measured, ...]
    by_list: tuple[tree.Given, ...] = ()
    measured_by_list: tuple[tree.Measured, ...] = ()
    listed: Mapping[str, tuple[str, ...]] = {}

    @property
    def lines(self) -> Iterator[str]:
        """The lines behind the names that it uses."""
        return chain.from_iterable(self.behind.values())

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


def line_plans(tariff: tree.Tariff) -> dict[str, LinePlan]:
    """The plan of each line, by name."""
    charges = tariff.charges
    graph = line_graph(charges)
    listed = named_by_list(tariff, graph)
    behind = {name: {line for names in given.lines.values() for line in names} for name, given in listed.items()}
    needs = {node: (*names, *behind.get(node, ())) for node, names in graph.items()}
    order = in_turn(needs, lambda node: (node in charges, node))  # a sum is there as soon as its lines are
    places = {name: place for place, name in enumerate(name for name in order if name in charges)}
    lines = {name: _line(charge, places[name], lines_behind(charge, graph), tariff) for name, charge in charges.items()}
    for name, own in listed.items():
        lines[name] = replace(lines[name], by_list=own.given, measured_by_list=own.meters, listed=own.lines)
    return lines


def _line(charge: tree.Charge, place: int, behind: Mapping[str, tuple[str, ...]], tariff: tree.Tariff) -> LinePlan:
    given = {g.key: g for expression in charge_expressions(charge) for g in given_in(expression)}
    measures = tuple(
        (g, grain_of(g.name, charge, chain.from_iterable(behind.values()), tariff))
        for g in given.values()
        if isinstance(g, tree.Measured)
    )
    amounts = tuple(g for g in given.values() if isinstance(g, _LINES))
    named = (*(g for g, _ in measures), *amounts)
    lengths = any(lengths_asked(formula.expression) for formula in formulas_in(charge))
    by_record = asked_by_record(charge)
    inside = given_in(charge.on) if charge.on is not None else ()
    on = [g.name for g in inside if isinstance(g, _LINES)]
    return LinePlan(
        charge,
        place,
        behind,
        measures,
        amounts,
        by_record,
        lengths,
        named,
        _keys_of(charge, tariff),
        _is_timeless(charge, given.values()),
        tuple(node for node in named if node not in inside),
        _taken_from(on, behind, tariff),
        any(name not in tariff.charges for name in on),
        tuple(g for g in _shown(charge) if g.key not in given),
    )


def _shown(charge: tree.Charge) -> Iterator[tree.Measured]:
    """The meters that the sentence of a line names."""
    formulas = (formula.expression for formula in formulas_in(charge) if formula.role is Role.SHOWN)
    found = {g.key: g for formula in formulas for g in given_in(formula) if isinstance(g, tree.Measured)}
    return iter(found.values())


def _taken_from(on: Iterable[str], behind: Mapping[str, tuple[str, ...]], tariff: tree.Tariff) -> tuple[str, ...]:
    """The lines behind some names that are no discounts and no taxes, each once."""
    names = dict.fromkeys(line for name in on for line in behind[name])
    charges = tariff.charges
    return tuple(name for name in names if name not in charges or charges[name].word is tree.LineWord.CHARGE)


def _is_timeless(charge: tree.Charge, given: Iterable[tree.Given]) -> bool:
    """Whether nothing of a line goes by when its period is, how long it is, or what was billed of it before."""
    by_time = charge.by_day or charge.minimum_by_day or charge.billed is not None or charge.of_periods is not None
    return not by_time and not charge.every.alone and all(isinstance(g, _NOT_OF_TIME) for g in given)


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
    return Grain.RECORD if records == {records_of(tariff.meters[meter])} else Grain.PERIOD


def records_behind(charge: tree.Charge, lines: Iterable[str], tariff: tree.Tariff) -> set[str]:
    """The meters whose records a line prices alone: its own, or those of the lines that it is on."""
    names = charge.meters or tuple(m for line in lines for m in tariff.charges[line].meters)
    return {records_of(tariff.meters[name]) for name in names}


def asked_by_record(charge: tree.Charge) -> bool:
    """Whether a charge's `when` is asked for each record: it reads settings and the instant only."""
    return charge.when is not None and all(
        isinstance(g, tree.SettingValue) or (isinstance(g, tree.RecordFact) and g.name == "at")
        for g in given_in(charge.when)
    )
