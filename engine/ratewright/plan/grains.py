"""What has no sound grain: what nothing could measure without guessing is refused, with the way to write it."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.diagnostics import Diagnostic
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in
from ratewright.plan.line_plans import records_behind
from ratewright.plan.meter_plans import MeterPlan
from ratewright.plan.plan import Plan
from ratewright.values.calendar import PeriodUnit


def unsound_grains(plan: Plan) -> Iterator[Diagnostic]:
    """An error for each line that names what a single record has not, for each quota that pays for a meter which lines
    of several periods measure, and for each expectation that names such a meter."""
    for line in plan.lines.values():
        yield from (
            _of_a_spread_record(line.charge, plan.meters[name].meter)
            for name in line.charge.meters
            if line.charge.every.alone and plan.meters[name].meter.spread
        )
        if line.charge.every.unit is not PeriodUnit.RECORD:
            continue
        behind = records_behind(line.charge, line.lines, plan.tariff)
        for given, _ in line.measures:
            meter = plan.meters[given.name]
            if behind != {meter.records}:
                yield _of_other_records(line.charge, given, meter)
    for meter in plan.meters.values():
        deduction = plan.tariff.deductions.get(meter.meter.name)
        if deduction is not None and meter.whole and meter.ranks and len(meter.groups) > 1:
            yield _of_several_periods(meter, deduction, plan)
    for example in plan.tariff.examples:
        for expectation in example.expectations:
            if isinstance(expectation, tree.Expectation):
                yield from unsound_figures(expectation.condition, plan)


def unsound_figures(condition: tree.Expression, plan: Plan) -> Iterator[Diagnostic]:
    """An error for each meter, or step of one, that an expectation names and that is measured for several periods."""
    for given in given_in(condition):
        if isinstance(given, tree.Measured | tree.StepValue):
            meter = plan.meters[given.name.partition(".")[0]]
            asking = [plan.tariff.charges[names[0]] for names in plan.asking(meter)]
            if len(asking) > 1:
                yield _expected_of_several_periods(given, meter, asking[0], asking[1])


def _of_other_records(charge: tree.Charge, given: tree.Measured, meter: MeterPlan) -> Diagnostic:
    return Diagnostic(
        "R224",
        f"`{charge.name}` prices each record alone, and `{given.name}` measures other records: those of "
        f"`{meter.records}`",
        given.span,
        f"let `{given.name}` read the records that are priced, or price a period: `every month`",
        related=(("the meter", meter.meter.span),),
    )


def _of_a_spread_record(charge: tree.Charge, meter: tree.Meter) -> Diagnostic:
    return Diagnostic(
        "R224",
        f"`{charge.name}` prices each {charge.every.unit.value} alone, and one that is spread is divided in time",
        charge.span,
        f"price a period, `every month`, or another meter that `reads {meter.reads or meter.name}` and spreads nothing",
        related=(("the meter", meter.span),),
    )


def _of_several_periods(meter: MeterPlan, deduction: tree.Deduction, plan: Plan) -> Diagnostic:
    first, second = (plan.tariff.charges[group[0]] for group in meter.groups[:2])
    name = meter.meter.name
    return Diagnostic(
        "R224",
        f"quotas pay for `{name}`, which `{first.name}` measures {first.every} and `{second.name}` {second.every}: "
        "of which of the two they would pay is not said",
        deduction.span,
        f"measure it twice: a second meter that `reads {meter.records}`, with a line and a `deduct` of its own",
        related=(("one", first.span), ("the other", second.span)),
    )


def _expected_of_several_periods(
    given: tree.Given, meter: MeterPlan, first: tree.Charge, second: tree.Charge
) -> Diagnostic:
    name = meter.meter.name
    twice = f"measure it twice: a second meter that `reads {meter.records}`"
    return Diagnostic(
        "R224",
        f"`{first.name}` measures `{name}` {first.every} and `{second.name}` {second.every}: which of the two is "
        "expected is not said",
        given.span,
        twice if first.on is None else f"expect what a line is on, as in `{first.name}.quantity`, or {twice}",
        related=(("one", first.span), ("the other", second.span)),
    )
