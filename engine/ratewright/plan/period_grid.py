"""The periods of lines: those of the calendar, which begin with the list of prices and where they are counted from."""

from __future__ import annotations

from collections.abc import Iterator

from whenever import Instant

from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.refusal import later, stop
from ratewright.values.calendar import Cadence, Calendar, Period, moment_text

_ALWAYS = Period(Instant.MIN, Instant.MAX)


class Grid:
    """The periods in which the lines of a tariff are priced.

    The first begins with the list: what came before was billed by another, or by none. Where it ends inside one, only
    a list that states `changes split the period` cuts it. Periods that are counted from an instant begin there.
    """

    def __init__(self, tariff: tree.Tariff, calendar: Calendar) -> None:
        self.calendar = calendar
        start = calendar.instant(tariff.effective) if tariff.effective is not None else Instant.MIN
        self._until = calendar.instant(tariff.until) if tariff.until is not None else Instant.MAX
        self._within = Period(start, self._until if tariff.splits else Instant.MAX)

    def period_of(self, instant: Instant, cadence: Cadence) -> Period:
        """The period that holds an instant."""
        return self._cut(self.calendar.period_of(instant, cadence))

    def of_the_list(self, period: Period) -> Period:
        """What of a period lies in the time for which the list holds."""
        return _inside(period, Period(self._within.start, self._until))

    def window(self, begins: Instant, cadence: Cadence) -> Period:
        """The window that begins with a first use. It ends where the list begins or ends, if that is earlier: another
        list, or another version of it, has windows of its own. Raises RatingError where the calendar ends before."""
        end = later(self.calendar, begins, cadence.step, None)
        return Period(begins, min([end, *(edge for edge in (self._within.start, self._until) if begins < edge)]))

    def has_begun(self, instant: Instant) -> bool:
        """Whether the list holds from before an instant on."""
        return self._within.start < instant

    def billed_at_once(self, instant: Instant, whole: Cadence, part: Cadence | None) -> Period:
        """The stretch around an instant that one line is for: the period of a charge or, where that is billed in parts,
        the part, which ends where the period does."""
        period = self.period_of(instant, whole)
        return period if part is None else _inside(self.period_of(instant, part), period)

    def billed_between(self, start: Instant, end: Instant, whole: Cadence, part: Cadence | None) -> Iterator[Period]:
        """Every such stretch that overlaps `[start, end)`, in order."""
        for period in self.periods(whole, start, end):
            if part is None:
                yield period
                continue
            for one in self.periods(part, max(start, period.start), min(end, period.end)):
                yield _inside(one, period)

    def begins_in_force(self, part: Period, whole: Cadence) -> bool:
        """Whether the period that holds a part of it begins while the list holds: one that has begun goes on."""
        return self._until == Instant.MAX or self.period_of(part.start, whole).start < self._until

    def ends_behind(self, whole: Cadence, part: Cadence | None) -> Iterator[Instant]:
        """When what is billed at once ends of the period that has begun on the last day of the list and goes on."""
        if self._until == Instant.MAX:
            return
        for period in self.periods(whole, self._until.subtract(nanoseconds=1), self._until):
            stretches = self.billed_between(self._until, period.end, whole, part) if period.end > self._until else ()
            yield from (one.end for one in stretches)

    def periods(self, cadence: Cadence, start: Instant, end: Instant) -> Iterator[Period]:
        """Every period that overlaps `[start, end)`, in order."""
        counted = self._counted(cadence)
        start, end = max(start, self._within.start, counted.start), min(end, self._within.end, counted.end)
        for period in self.calendar.periods(cadence, start, end) if start < end else ():
            cut = self._cut(period)
            if cut.overlaps(start, end):
                yield cut

    def beginnings(self, cadence: Cadence, start: Instant, end: Instant, since: Instant | None) -> Iterator[Instant]:
        """The instants in `[start, end)` at which periods begin while the list holds. Nothing is before `since`: the
        period that holds it begins there."""
        counted = self._counted(cadence)
        first = max(counted.start, since or counted.start)
        begun = max(start, first)
        for period in self.calendar.periods(cadence, begun, end) if begun < min(end, counted.end) else ():
            at = max(period.start, first)
            if start <= at < end and self._within.start <= at < self._until:
                yield at

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

    def _counted(self, cadence: Cadence) -> Period:
        """The time in which a cadence has periods."""
        if cadence.anchor is None:
            return _ALWAYS
        if cadence.once:
            return self.calendar.period_of(cadence.anchor, cadence)
        return Period(cadence.anchor, Instant.MAX)

    def _cut(self, period: Period) -> Period:
        return _inside(period, self._within)


def _inside(period: Period, outer: Period) -> Period:
    """What of a period lies in another; all of it, where that is nothing."""
    if outer.start <= period.start and period.end <= outer.end:
        return period
    start, end = max(period.start, outer.start), min(period.end, outer.end)
    return Period(start, end) if start < end else period
