"""What meters measure of whole periods, as pieces of usage: they are served like any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.counted.pieces import Piece
from ratewright.meaning import nodes as tree
from ratewright.plan.meter_plans import MeterPlan
from ratewright.rating.measuring.measuring import Measuring
from ratewright.rating.measuring.whole_meter import Result
from ratewright.values.calendar import MONTHLY, Cadence


def results_as_usage(
    account: Account, measuring: Measuring, cadences: Mapping[str, Cadence], end: Instant
) -> list[Piece]:
    """The results of periods that start before `end`, of meters that speak of whole periods: for each group of lines,
    by the periods in which it is priced. `cadences` are those of lines. Raises RatingError."""
    return [
        _piece(account, meter.meter, result, lines, group)
        for meter in account.plan.meters.values()
        if meter.whole
        for group, lines in enumerate(meter.groups)
        for result in _results(meter, lines, measuring, cadences, end)
    ]


def results_told(
    account: Account, measuring: Measuring, cadences: Mapping[str, Cadence], end: Instant
) -> list[tuple[str, Result]]:
    """The same of meters that have steps and are drawn record by record, by name: they are told and not drawn."""
    return [
        (meter.meter.name, result)
        for meter in account.plan.meters.values()
        if not meter.whole and meter.meter.steps
        for lines in meter.groups
        for result in _results(meter, lines, measuring, cadences, end)
    ]


def _results(
    meter: MeterPlan, lines: tuple[str, ...], measuring: Measuring, cadences: Mapping[str, Cadence], end: Instant
) -> Iterator[Result]:
    if not meter.on_demand:
        yield from measuring.results(meter, cadences[lines[0]] if lines else MONTHLY, end)


def _piece(account: Account, meter: tree.Meter, result: Result, lines: tuple[str, ...], group: int) -> Piece:
    """A result as usage. The period of the activation counts from then on: a grant issued then covers it."""
    period, activated = result.period, account.activated
    start = activated if activated is not None and period.start < activated < period.end else period.start
    tags = dict(zip(meter.by, result.key, strict=True))
    end = None if period.start == period.end else period.end
    amount, key, how = result.amount, result.key, result.how
    return Piece(start, end, meter.name, amount, result.record, None, key, tags, how, lines, group)
