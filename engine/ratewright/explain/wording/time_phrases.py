"""Days, instants and stretches of time as the reader of one bill sees them: a part of what templates call `say`."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence

from whenever import Date, Instant

from ratewright.derivation.trace import Label, LateRecord
from ratewright.explain.wording.word_templates import clean, wording
from ratewright.rating.bill import Bill
from ratewright.values.calendar import (
    Calendar,
    Period,
    PeriodUnit,
    clock_text,
    is_of_days,
    period_text,
    seconds_between,
    time_text,
)
from ratewright.values.durations import SECONDS_IN
from ratewright.values.exact import Exact
from ratewright.values.readable import number_text
from ratewright.values.writing import writing

_MONTHS_NAMED = 3


def listed(words: Sequence[str]) -> str:
    """`a, b and c`; nothing for none."""
    return wording("listing", "all", words)


def beside(*words: str) -> str:
    """`a, b`, of those that are not empty."""
    return wording("listing", "beside", [word for word in words if word])


class Times(ABC):
    """How times are written, in the tariff's timezone."""

    __slots__ = ()
    calendar: Calendar

    def moment(self, instant: Instant) -> str:
        """`2026-03-02 10:00`, in the tariff's timezone; the time is always there, for ends are exclusive."""
        return time_text(instant, self.calendar)

    def day(self, instant: Instant) -> str:
        """`2026-03-02`."""
        return self.date(self.calendar.date_of(instant))

    def date(self, date: Date) -> str:
        """`2026-03-02`."""
        return writing().date(date)

    def month_of(self, date: Date) -> str:
        """`March 2026`."""
        return writing().month(date)

    def last_day(self, end: Instant) -> str:
        """Until when is valid what ends then: the day that it ends with, `31 January 2027`; an instant inside a day."""
        date = self._midnight(end)
        return self.moment(end) if date is None else writing().day(date.subtract(days=1))

    def first_day(self, start: Instant) -> str:
        """From when is valid what starts then: the day that it starts with; an instant inside a day."""
        date = self._midnight(start)
        return self.moment(start) if date is None else writing().day(date)

    def _midnight(self, instant: Instant) -> Date | None:
        """The day that begins at an instant; None inside a day."""
        date = self.calendar.date_of(instant)
        return date if self.calendar.instant(date) == instant else None

    def stretch(self, start: Instant, end: Instant) -> str:
        """The time from `start` to `end` as a reader names it: `March 2026`, `2026-03-02`, or both ends."""
        period, calendar = Period(start, end), self.calendar
        if calendar.date_of(start) == calendar.date_of(end) and not is_of_days(period, calendar):
            return writing().span(self.moment(start), clock_text(end, calendar))
        return period_text(period, calendar)

    def short(self, period: Period) -> tuple[str, str]:
        """A period in a few letters, and what several of them are of: `Mar` of `2026`, or the day `02` of `Mar`."""
        first = self.calendar.date_of(period.start)
        month = writing().short_month(first)
        if self.calendar.instant(first.add(days=1)) == period.end:
            return f"{first.day:02}", month
        return month, str(first.year)

    def dates(self, first: Date, last: Date) -> str:
        """`1 to 3 April 2026`."""
        return wording("time", "dates", first, last, writing().months)

    def periods(self, bills: tuple[Bill, ...]) -> str:
        """The time of consecutive bills: `January 2026 to March 2026`, or its first and last day."""
        start, end = bills[0].period.start, bills[-1].period.end
        first, after = self.calendar.date_of(start), self.calendar.date_of(end)
        if len(bills) == 1:
            return self.stretch(start, end)
        whole_months = all(self.calendar.instant(d) == at and d.day == 1 for d, at in ((first, start), (after, end)))
        if not whole_months:
            return self.stretch(start, end)
        words = list(dict.fromkeys(map(self.month_of, (first, after.subtract(days=1)))))
        return writing().span(*words) if len(words) > 1 else words[0]

    def months(self, late: tuple[LateRecord, ...]) -> str:
        """Of which months records came late: `April 2026 and May 2026`."""
        dates = sorted(self.calendar.date_of(record.of.start) for record in late)
        names = list(dict.fromkeys(map(self.month_of, dates)))
        return listed(names) if len(names) <= _MONTHS_NAMED else writing().span(names[0], names[-1])

    def recorded(self, of: Label) -> str:
        """When a value was recorded, or what it is of."""
        if isinstance(of, Instant):
            return wording("time", "recorded", self.moment(of))
        return wording("time", "of", self.label(of))

    def label(self, of: Label) -> str:
        """What a value of a series is of: a period, an instant, or a name."""
        if isinstance(of, Period):
            return self.moment(of.start) if of.start == of.end else self.stretch(of.start, of.end)
        return self.moment(of) if isinstance(of, Instant) else clean(of)

    def lasting(self, period: Period) -> str:
        """How long a stretch of time is: `15 days`."""
        return self.duration(seconds_between(period.start, period.end))

    def clock_change(self, period: Period) -> str:
        """`, in which the clocks go forward by 1 hour`, where a stretch is not as long as its two ends say."""
        before, after = (self.calendar.local(at).offset.total("nanoseconds") for at in (period.start, period.end))
        ahead = (after - before) // 10**9
        if not ahead:
            return ""
        return wording("time", "clocks", ahead > 0, self.duration(abs(ahead)))

    def length(self, number: Exact, unit: str) -> str:
        """So many of a unit of time: `1 hour`, `12 days`."""
        return writing().quantity(number_text(number), unit if number == 1 else f"{unit}s")

    def unit_name(self, name: str) -> str:
        """What one of a unit is called."""
        return writing().unit(name)

    def duration(self, seconds: Exact) -> str:
        """`1 hour 5 minutes`; exact to the second and below."""
        parts: list[str] = []
        rest = seconds
        for unit in (PeriodUnit.DAY, PeriodUnit.HOUR, PeriodUnit.MINUTE):
            count = int(rest // SECONDS_IN[unit])
            rest -= count * SECONDS_IN[unit]
            if count:
                parts.append(self.length(count, unit.value))
        if rest or not parts:
            parts.append(self.length(rest, "second"))
        return " ".join(parts)
