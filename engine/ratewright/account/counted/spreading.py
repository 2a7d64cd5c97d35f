"""Records that are spread evenly over their time, divided where a formula of their meter has another answer, where
another period of its series or of a line begins, and where the price list does.

The parts of a record add up to it exactly. Each is counted as a record of its own, in order of time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from msgspec.structs import replace
from whenever import Instant

from ratewright.account.counted.record_formulas import asked_of_records
from ratewright.account.counted.record_reader import Facts
from ratewright.account.settings.anchors import anchored
from ratewright.account.settings.setting_timeline import Settings
from ratewright.account.settings.times_of_change import answers_change
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import parts
from ratewright.plan.plan import Plan
from ratewright.refusal import stop
from ratewright.values.calendar import MONTHLY, Cadence, Calendar, Period, seconds_between
from ratewright.values.exact import Exact, exact, ratio


class Spreading:
    """Where the records of one meter are divided whatever pays for them."""

    def __init__(self, meter: tree.Meter, plan: Plan, settings: Settings) -> None:
        self._meter = meter
        self._settings = settings
        self._formulas = list(asked_of_records(meter))
        self._cadences = {*_of_series(meter), *_of_lines(meter, plan, settings), MONTHLY}
        tariff = plan.tariff
        self._edges = [settings.calendar.instant(day) for day in (tariff.effective, tariff.until) if day is not None]

    def parts(self, facts: Facts) -> Iterable[Facts]:
        """A record in parts, each with its share of the quantity; an event is whole. Raises RatingError."""
        if facts.end is None:
            return (facts,)
        stretch = Period(facts.start, facts.end)
        cuts = {*self._edges, *edges(stretch, self._cadences, self._settings.calendar)}
        for expression in self._formulas:
            cuts.update(answers_change(expression, stretch, self._settings, facts.values))
        if len(cuts) > DEFAULT.series_values:
            raise stop(
                "A602",
                f"this record would be divided into more than {DEFAULT.series_values:,} parts",
                facts.record.place.span,
                "give a record for each month",
                ("the meter", self._meter.span),
            )
        return (_part(facts, start, end, share) for start, end, share in shares(stretch, cuts))


def _part(facts: Facts, start: Instant, end: Instant, share: Exact) -> Facts:
    values = of_part(facts.values, start, end, share)
    return replace(facts, start=start, end=end, quantity=values["record:quantity"], values=values)


def of_part(values: Mapping[str, Any], start: Instant, end: Instant, share: Exact) -> dict[str, Any]:
    """What a formula reads of a part of a record: its share of the quantity, and its own time."""
    shared = {name: exact(values[name] * share) for name in ("record:quantity", "record:times")}
    return {**values, **shared, "record:at": start, "record:until": end}


def shares(stretch: Period, cuts: Iterable[Instant]) -> Iterator[tuple[Instant, Instant, Exact]]:
    """The parts of a stretch between the cuts inside it, each with its share of the whole by elapsed time."""
    whole = seconds_between(stretch.start, stretch.end)
    inside = sorted({cut for cut in cuts if stretch.start < cut < stretch.end})
    for start, end in pairwise([stretch.start, *inside, stretch.end]):
        yield start, end, ratio(seconds_between(start, end), whole)


def edges(stretch: Period, cadences: Iterable[Cadence], calendar: Calendar) -> Iterator[Instant]:
    """Where periods end inside a stretch."""
    for cadence in cadences:
        yield from (period.end for period in calendar.periods(cadence, stretch.start, stretch.end))


def _of_series(meter: tree.Meter) -> Iterator[Cadence]:
    for formula in (meter.measure, *(step.expression for step in meter.steps)):
        for part in parts(formula):
            if isinstance(part, tree.Series) and part.cadence is not None:
                yield part.cadence


def _of_lines(meter: tree.Meter, plan: Plan, settings: Settings) -> Iterator[Cadence]:
    """The periods of the lines that ask for a meter. Raises RatingError."""
    for line in plan.lines.values():
        charge = line.charge
        asked = meter.name in charge.meters or any(given.name == meter.name for given, _ in line.measures)
        if asked and not charge.every.alone and not charge.every.once:
            yield anchored(charge.every, charge.anchor, settings, {})
            if charge.billed is not None:
                yield charge.billed
