"""Days, instants and stretches of time as the reader of one bill sees them: a part of what templates call `say`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from whenever import Date, Instant

from ratewright.derivation.trace import Label, LateRecord
from ratewright.explain.word_templates import clean
from ratewright.rating.bill import Bill
from ratewright.values.calendar import Calendar, Period, PeriodUnit, period_text, seconds_between, time_text
from ratewright.values.durations import SECONDS_IN
from ratewright.values.exact import Exact
from ratewright.values.readable import number_text

_MONTHS_NAMED = 3
_DATE = len("2026-03-02")
_MONTHS = "January February March April May June July August September October November December".split()


def date_words(date: Date) -> str:
    """`3 April 2026`."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def dates_words(first: Date, last: Date) -> str:
    """`1 to 3 April 2026`, with as much of the first date as it needs."""
    if first == last:
        return date_words(first)
    if first.year != last.year:
        return f"{date_words(first)} to {date_words(last)}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month - 1]} to {date_words(last)}"
    return f"{first.day} to {date_words(last)}"


def listed(words: Sequence[str]) -> str:
    """`a, b and c`; nothing for none."""
    return "" if not words else " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


class Times(ABC):
    """How times are written, in the tariff's timezone."""

    __slots__ = ()
    calendar: Calendar

    @abstractmethod
    def count(self, value: int, singular: str, plural: str = "") -> str:
        """`1 lot`, `12 lots`."""

    def moment(self, instant: Instant) -> str:
        """`2026-03-02 10:00`, in the tariff's timezone; the time is always there, for ends are exclusive."""
        return time_text(instant, self.calendar)

    def day(self, instant: Instant) -> str:
        """`2026-03-02`."""
        return self.calendar.date_of(instant).format_iso()

    def last_day(self, end: Instant) -> str:
        """Until when is valid what ends then: the day that it ends with, `31 January 2027`; an instant inside a day."""
        date = self._midnight(end)
        return self.moment(end) if date is None else date_words(date.subtract(days=1))

    def first_day(self, start: Instant) -> str:
        """From when is valid what starts then: the day that it starts with; an instant inside a day."""
        date = self._midnight(start)
        return self.moment(start) if date is None else date_words(date)

    def _midnight(self, instant: Instant) -> Date | None:
        """The day that begins at an instant; None inside a day."""
        date = self.calendar.date_of(instant)
        return date if self.calendar.instant(date) == instant else None

    def stretch(self, start: Instant, end: Instant) -> str:
        """The time from `start` to `end` as a reader names it: `March 2026`, `2026-03-02`, or both ends."""
        text = period_text(Period(start, end), self.calendar)
        first, _, last = text.partition(" to ")
        same_day = last[:_DATE] == first[:_DATE] and len(last) > _DATE
        return f"{first} to {last[_DATE + 1 :]}" if same_day else text

    def short(self, period: Period) -> tuple[str, str]:
        """A period in a few letters, and what several of them are of: `Mar` of `2026`, or the day `02` of `Mar`."""
        first = self.calendar.date_of(period.start)
        month = _MONTHS[first.month - 1][:3]
        if self.calendar.instant(first.add(days=1)) == period.end:
            return f"{first.day:02}", month
        return month, str(first.year)

    def dates(self, first: Date, last: Date) -> str:
        """`1 to 3 April 2026`."""
        return dates_words(first, last)

    def periods(self, bills: tuple[Bill, ...]) -> str:
        """The time of consecutive bills: `January 2026 to March 2026`, or its first and last day."""
        start, end = bills[0].period.start, bills[-1].period.end
        first, after = self.calendar.date_of(start), self.calendar.date_of(end)
        if len(bills) == 1:
            return self.stretch(start, end)
        whole_months = all(self.calendar.instant(d) == at and d.day == 1 for d, at in ((first, start), (after, end)))
        if not whole_months:
            return self.stretch(start, end)
        words = [f"{_MONTHS[d.month - 1]} {d.year}" for d in (first, after.subtract(days=1))]
        return " to ".join(dict.fromkeys(words))

    def months(self, late: tuple[LateRecord, ...]) -> str:
        """How many records came late, and of which months: `1 record of April 2026`."""
        dates = sorted(self.calendar.date_of(record.of.start) for record in late)
        names = list(dict.fromkeys(f"{_MONTHS[date.month - 1]} {date.year}" for date in dates))
        words = names if len(names) <= _MONTHS_NAMED else [f"{names[0]} to {names[-1]}"]
        return f"{self.count(len(late), 'record')} of {listed(words)} reported late"

    def recorded(self, of: Label) -> str:
        """When a value was recorded, or what it is of."""
        return f"recorded {self.moment(of)}" if isinstance(of, Instant) else f"of {self.label(of)}"

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
        return f", in which the clocks go {'forward' if ahead > 0 else 'back'} by {self.duration(abs(ahead))}"

    def duration(self, seconds: Exact) -> str:
        """`1 hour 5 minutes`; exact to the second and below."""
        parts: list[str] = []
        rest = seconds
        for unit in (PeriodUnit.DAY, PeriodUnit.HOUR, PeriodUnit.MINUTE):
            count = int(rest // SECONDS_IN[unit])
            rest -= count * SECONDS_IN[unit]
            if count:
                parts.append(self.count(count, unit.value))
        if rest or not parts:
            parts.append(f"{number_text(rest)} second{'' if rest == 1 else 's'}")
        return " ".join(parts)
