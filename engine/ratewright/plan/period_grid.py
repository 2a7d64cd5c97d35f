"""The periods of lines: those of the calendar, cut where a list of prices begins or ends inside one."""

from __future__ import annotations

from collections.abc import Iterator

from whenever import Instant

from ratewright.meaning import nodes as tree
from ratewright.values.calendar import Cadence, Calendar, Period


class Grid:
    """The periods in which the lines of a tariff are priced.

    Only a list that states `changes split the period` has periods that are cut.
    """

    def __init__(self, tariff: tree.Tariff, calendar: Calendar) -> None:
        self.calendar = calendar
        start = calendar.instant(tariff.effective) if tariff.effective is not None else Instant.MIN
        end = calendar.instant(tariff.until) if tariff.until is not None else Instant.MAX
        self._within = Period(start, end) if tariff.splits else None

    def period_of(self, instant: Instant, cadence: Cadence) -> Period:
        """The period that holds an instant."""
        return self._cut(self.calendar.period_of(instant, cadence))

    def periods(self, cadence: Cadence, start: Instant, end: Instant) -> Iterator[Period]:
        """Every period that overlaps `[start, end)`, in order."""
        for period in self.calendar.periods(cadence, start, end):
            cut = self._cut(period)
            if cut.overlaps(start, end):
                yield cut

    def _cut(self, period: Period) -> Period:
        within = self._within
        if within is None or (within.start <= period.start and period.end <= within.end):
            return period
        start, end = max(period.start, within.start), min(period.end, within.end)
        return Period(start, end) if start < end else period
