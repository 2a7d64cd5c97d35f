"""When the periods of lines end, and which lines are on which meter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from tests.reference.clock import LAST, Cadence, Span
from tests.reference.counted import Key
from tests.reference.formulas import Place, cadence_of
from tests.reference.lines import TICK, LineRules
from tests.reference.measures import Measuring
from tests.reference.problems import NotCovered
from tests.reference.rules import Rules


class Schedule:
    """The lines and meters of one account from its beginning to the horizon."""

    def __init__(
        self,
        rules: Rules,
        begin: datetime,
        horizon: datetime,
        lines: Mapping[str, LineRules],
        measuring: Mapping[str, Measuring],
    ) -> None:
        self.rules = rules
        self.clock = rules.clock
        self.begin = begin
        self.horizon = horizon
        self.lines = lines
        self.measuring = measuring

    @cached_property
    def month_ending(self) -> dict[datetime, Span]:
        return {month.end: month for month in self.all_months}

    @cached_property
    def all_months(self) -> list[Span]:
        """All months from the beginning to the horizon, cut where a change splits them."""
        return list(self.rules.cut(Cadence("month").periods(self.clock, self.begin, self.horizon)))

    def parts(self, line: LineRules, span: Span) -> list[Span]:
        if line.billed is None:
            return [span]
        cadence = cadence_of(line.billed.cadence, Place(self.rules, lambda name: None))
        parts = cadence.periods(self.clock, max(span.start, self.begin), span.end)
        return [Span(max(part.start, span.start), min(part.end, span.end)) for part in parts]

    def on(self, meter: str) -> list[LineRules]:
        return self._lines_on[meter]

    @cached_property
    def _lines_on(self) -> dict[str, list[LineRules]]:
        return {meter: [line for line in self.lines.values() if meter in line.meters] for meter in self.rules.meters}

    def of_readings(self, meter: str) -> list[LineRules]:
        """The lines without `on` that have the readings of a meter: of those that another line has each reading of."""
        if not any(line.cadence and line.cadence.unit == "reading" for line in self.on(meter)):
            return []
        return [line for line in self.lines.values() if line.on is None and line.alone]

    def priced_alone(self, meter: str) -> bool:
        alone = [line.alone for line in self.on(meter)]
        measuring = self.measuring[meter]
        lasting = any(
            one.record.end and (one.record.form != "event" or measuring.is_level) for one in measuring.records
        )
        if any(alone) and not all(alone) and lasting:
            raise NotCovered("records that last and are priced alone and by periods")
        return any(alone)

    def month_of(self, at: datetime) -> datetime:
        return self.clock.around("month", at).end

    def period_end(self, line: LineRules, at: datetime, key: Key) -> datetime:
        """When the period, or the part of it, ends in which a line gets what happens at an instant."""
        spans = (part for span in line.spans(at, at + TICK, key) for part in self.parts(line, span))
        return next((part.end for part in spans if part.start <= at < part.end), LAST)
