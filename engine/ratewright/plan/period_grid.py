"""The periods of lines: those of the calendar, which begin with the list of prices and where they are counted from."""

from __future__ import annotations

from collections.abc import Iterator

from whenever import Instant

from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.refusal import stop
from ratewright.values.calendar import Cadence, Calendar, Period, moment_text


class Grid:
    """The periods in which the lines of a tariff are priced.

    The first begins with the list: what came before was billed by another, or by none. Where it ends inside one, only
    a list that states `changes split the period` cuts it. Periods that are counted from an instant begin there.
    """

    def __init__(self, tariff: tree.Tariff, calendar: Calendar) -> None:
        self.calendar = calendar
        start = calendar.instant(tariff.effective) if tariff.effective is not None else Instant.MIN
        splits = tariff.splits and tariff.until is not None
        self._within = Period(start, calendar.instant(tariff.until) if splits else Instant.MAX)  # type: ignore[arg-type]

    def period_of(self, instant: Instant, cadence: Cadence) -> Period:
        """The period that holds an instant."""
        return self._cut(self.calendar.period_of(instant, cadence))

    def periods(self, cadence: Cadence, start: Instant, end: Instant) -> Iterator[Period]:
        """Every period that overlaps `[start, end)`, in order."""
        if cadence.anchor is not None:
            start = max(start, cadence.anchor)
        for period in self.calendar.periods(cadence, start, end) if start < end else ():
            cut = self._cut(period)
            if cut.overlaps(start, end):
                yield cut

    def refuse_before_anchor(self, instant: Instant, cadence: Cadence, place: Span | None, title: str) -> None:
        """Raise RatingError for usage from before the first period of a line."""
        if cadence.anchor is not None and instant < cadence.anchor:
            first = moment_text(cadence.anchor, self.calendar)
            raise stop(
                "A309",
                f"the periods of {title} begin on {first}, and this is of {moment_text(instant, self.calendar)}",
                place,
                "correct the date that they are counted from, or the time of the record",
            )

    def _cut(self, period: Period) -> Period:
        within = self._within
        if within.start <= period.start and period.end <= within.end:
            return period
        start, end = max(period.start, within.start), min(period.end, within.end)
        return Period(start, end) if start < end else period
