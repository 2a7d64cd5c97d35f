"""The periods of one cadence in one calendar: which of them holds an instant, found once and kept.

A grid may be asked from several threads at once. What it keeps are answers, each the same whoever found it.
"""

from __future__ import annotations

from bisect import bisect_right
from threading import Lock
from typing import Protocol

from whenever import Date, Instant

from ratewright.values.durations import DAILY, Cadence, CalendarError, Duration, OutOfRangeError, Period, PeriodUnit
from ratewright.values.instants import NANOSECONDS, instant_of, nanoseconds

_OF_A_DAY = (PeriodUnit.MINUTE, PeriodUnit.HOUR)


class LocalTime(Protocol):
    """What a grid asks of a calendar."""

    def instant(self, moment: Date) -> Instant: ...

    def date_of(self, instant: Instant) -> Date: ...

    def add(self, instant: Instant, duration: Duration) -> Instant: ...

    def period_of(self, instant: Instant, cadence: Cadence) -> Period: ...


class Grid:
    """The periods of one cadence found so far, so that a million records cost one search each."""

    def __init__(self, calendar: LocalTime, cadence: Cadence) -> None:
        self._calendar = calendar
        self._cadence = cadence
        self._periods: list[Period] = []
        self._starts: list[Instant] = []
        self._filling = Lock()

    def period_of(self, instant: Instant) -> Period:
        """The period that holds the instant. Raises OutOfRangeError where the calendar does not hold all of it."""
        index = bisect_right(self._starts, instant) - 1
        if index >= 0:
            period = self._periods[index]
            if period.start <= instant < period.end:  # both ends: another thread may be adding one before it
                return period
        try:
            period = self._find(instant)
        except CalendarError:
            raise
        except (ValueError, OverflowError) as error:
            raise OutOfRangeError(f"a period `{self._cadence}` around {instant.format_iso()}") from error
        self._keep(period)
        return period

    def _keep(self, period: Period) -> None:
        with self._filling:
            index = bisect_right(self._starts, period.start)
            if index == 0 or self._starts[index - 1] != period.start:
                self._periods.insert(index, period)  # first, so that each start has its period
                self._starts.insert(index, period.start)

    def _find(self, instant: Instant) -> Period:
        anchor = self._cadence.anchor
        if anchor is not None and not self._cadence.once:
            return self._from(anchor, instant)
        if self._cadence.unit in _OF_A_DAY:
            return self._in_day(instant)
        return self._of_dates(instant)

    def _in_day(self, instant: Instant) -> Period:
        day = self._calendar.period_of(instant, DAILY)
        minutes = int(self._cadence.step.seconds) // 60
        passed = (nanoseconds(instant) - nanoseconds(day.start)) // (60 * minutes * NANOSECONDS)
        start = day.start.add(minutes=passed * minutes)  # by the day, for clocks may change by half an hour
        return Period(start, min(start.add(minutes=minutes), day.end))

    def _of_dates(self, instant: Instant) -> Period:
        date = self._calendar.date_of(instant)
        if self._calendar.instant(date.add(days=1)) <= instant:
            date = date.add(days=1)  # clocks set back over midnight return to a date that had ended
        if self._cadence.unit is PeriodUnit.DAY:
            return self._between(date, date.add(days=1))
        if self._cadence.unit is PeriodUnit.WEEK:
            monday = date.subtract(days=date.day_of_week().value - 1)
            return self._between(monday, monday.add(days=7))
        months = self._cadence.step.months
        number = (date.year * 12 + date.month - 1) // months
        first = self._anchored(number * months)
        if date < first:
            number -= 1
            first = self._anchored(number * months)
        elif date >= self._anchored((number + 1) * months):
            number += 1
            first = self._anchored(number * months)
        return self._between(first, self._anchored((number + 1) * months))

    def _from(self, anchor: Instant, instant: Instant) -> Period:
        """The period counted from an instant: each begins a whole number of steps after it, so that the 31st is
        the 31st again behind a shorter month."""
        step = self._cadence.step
        if step.seconds:
            length = int(step.seconds) * NANOSECONDS
            number = (nanoseconds(instant) - nanoseconds(anchor)) // length
            return Period(*(instant_of(nanoseconds(anchor) + n * length) for n in (number, number + 1)))
        first, now = self._calendar.date_of(anchor), self._calendar.date_of(instant)
        if step.days:
            number = int(first.until(now, total="days")) // step.days
        else:
            number = ((now.year - first.year) * 12 + now.month - first.month) // step.months
        for shift in (0, -1, 1):
            start, end = (self._step(anchor, step, number + shift + n) for n in (0, 1))
            if start <= instant < end:
                return Period(start, end)
        raise AssertionError(f"no period {self._cadence} from {anchor} holds {instant}")

    def _step(self, anchor: Instant, step: Duration, number: int) -> Instant:
        return self._calendar.add(anchor, Duration(months=step.months * number, days=step.days * number))

    def _anchored(self, month_number: int) -> Date:
        first = Date(month_number // 12, month_number % 12 + 1, 1)
        return first.replace(day=min(self._cadence.day, first.days_in_month()))

    def _between(self, first: Date, last: Date) -> Period:
        return Period(self._calendar.instant(first), self._calendar.instant(last))
