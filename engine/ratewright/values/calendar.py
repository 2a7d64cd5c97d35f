"""Instants, calendar durations and billing periods in one timezone.

Periods are `[start, end)` and follow the calendar of the tariff's timezone. A duration such as `1 year`
is calendar arithmetic on local time: the same local time one year later, 29 February becoming
28 February. Zone data come from the pinned package `tzdata`, so that a bill does not depend on the
machine it was computed on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Literal

import whenever
from msgspec import Struct
from whenever import (
    Date,
    Instant,
    PlainDateTime,
    RepeatedTime,
    SkippedTime,
    TimeZoneNotFoundError,
    ZonedDateTime,
)

from ratewright.values.exact import Exact, exact, ratio

whenever.reset_tzpath(())  # only `tzdata`: the machine's own zone files may be of another year

Moment = Instant | Date | PlainDateTime
"""A point in time as written: exact, or local to a timezone that the reader does not know yet."""


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CalendarError(ValueError):
    """A time that cannot be placed. `help` says what to write instead."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


class PeriodUnit(Enum):
    """What a period is: a stretch of the calendar, one record alone, or the time between two readings."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    RECORD = "record"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of calendar time: whole months, whole days, and exact seconds, added in that order."""

    months: int = 0
    days: int = 0
    seconds: Exact = 0
    text: str = field(default="", compare=False)


class Period(Struct, frozen=True, order=True):
    """`[start, end)`."""

    start: Instant
    end: Instant

    def __contains__(self, instant: Instant) -> bool:
        return self.start <= instant < self.end

    def overlaps(self, start: Instant, end: Instant) -> bool:
        return self.start < end and start < self.end


class Cadence(Struct, frozen=True):
    """How a line, a renewal or a bill repeats: every `count` `unit`s, from `day` of the month or from `anchor`.

    Without either the periods are those of the calendar. Minutes and hours are counted from midnight, so
    that each day begins one.
    """

    unit: PeriodUnit
    count: int = 1
    day: int = 1
    anchor: Instant | None = None

    def __str__(self) -> str:
        base = f"every {self.unit.value}" if self.count == 1 else f"every {self.count} {self.unit.value}s"
        return base if self.day == 1 else f"{base} on day {self.day}"

    @property
    def alone(self) -> bool:
        """Whether its periods come from the records and not from the calendar."""
        return self.unit in (PeriodUnit.RECORD, PeriodUnit.READING)


def tzdata_version() -> str:
    """The version of the time zone data in use, as the bill names it."""
    import tzdata  # type: ignore[import-untyped]

    return str(tzdata.__version__)


@lru_cache(maxsize=64)
def calendar_of(timezone: str) -> Calendar:
    """The calendar of a timezone. Raises CalendarError for an unknown one."""
    return Calendar(timezone)


class Calendar:
    """Local time in one timezone: placing what was written, adding durations, cutting periods."""

    def __init__(self, timezone: str) -> None:
        try:
            Instant.from_utc(2000, 1, 1).to_tz(timezone)
        except (TimeZoneNotFoundError, ValueError) as error:
            raise CalendarError(
                f"there is no timezone `{timezone}`",
                "write a name of the IANA list, such as Asia/Shanghai or UTC",
            ) from error
        self.timezone = timezone
        self._grids: dict[Cadence, _Grid] = {}
        self._anchored: dict[Cadence, _Grid] = {}

    def instant(self, moment: Moment) -> Instant:
        """The instant of a written moment; a date is its first instant. Raises CalendarError in a DST gap or fold."""
        if isinstance(moment, Instant):
            return moment
        if isinstance(moment, Date):
            return self._first_instant(moment)
        try:
            return moment.assume_tz(self.timezone, disambiguation="raise").to_instant()
        except SkippedTime as error:
            raise CalendarError(
                f"{moment.format_iso()} does not exist in {self.timezone}: the clocks were set forward over it",
                f"write a time that exists, such as {self._offset(moment, 'later')}",
            ) from error
        except RepeatedTime as error:
            raise CalendarError(
                f"{moment.format_iso()} happens twice in {self.timezone}: the clocks were set back",
                "give the UTC offset, to say which of the two is meant:"
                f" {self._offset(moment, 'earlier')} or {self._offset(moment, 'later')}",
            ) from error

    def _offset(self, moment: PlainDateTime, which: Literal["earlier", "later"]) -> str:
        """A time that the clocks skip or repeat, as one that they show once: with its UTC offset."""
        return moment.assume_tz(self.timezone, disambiguation=which).to_fixed_offset().format_iso()

    def _first_instant(self, date: Date) -> Instant:
        return (
            ZonedDateTime(date.year, date.month, date.day, tz=self.timezone, disambiguation="compatible")
            .start_of("day")
            .to_instant()
        )

    def local(self, instant: Instant) -> ZonedDateTime:
        return instant.to_tz(self.timezone)

    def date_of(self, instant: Instant) -> Date:
        """The local date that holds the instant."""
        return instant.to_tz(self.timezone).date()

    def add(self, instant: Instant, duration: Duration) -> Instant:
        """The instant `duration` later in local time.

        Where that local time is skipped by a clock change it moves forward by the skipped hour, and
        where it happens twice the first is meant.
        """
        result = instant
        if duration.months or duration.days:
            local = self.local(instant).to_plain().add(months=duration.months, days=duration.days)
            result = local.assume_tz(self.timezone, disambiguation="compatible").to_instant()
        if duration.seconds:
            result = result.add(nanoseconds=_whole_nanoseconds(duration.seconds))
        return result

    def period_of(self, instant: Instant, cadence: Cadence) -> Period:
        """The period of `cadence` that holds the instant."""
        return self._grid(cadence).period_of(instant)

    def periods(self, cadence: Cadence, start: Instant, end: Instant) -> Iterator[Period]:
        """Every period of `cadence` that overlaps `[start, end)`, in order."""
        period = self.period_of(start, cadence)
        while period.start < end:
            yield period
            period = self.period_of(period.end, cadence)

    def days_in(self, period: Period) -> int:
        """How many local days begin in the period."""
        first, last = self.date_of(period.start), self.date_of(period.end)
        return int(first.until(last, total="days"))

    def _grid(self, cadence: Cadence) -> _Grid:
        grids = self._grids if cadence.anchor is None else self._anchored
        grid = grids.get(cadence)
        if grid is None:
            if len(self._anchored) > _MOST_ANCHORS:
                self._anchored.clear()  # each account has anchors of its own
            grid = grids[cadence] = _Grid(self, cadence)
        return grid


_MOST_ANCHORS = 1000
_MINUTES = {PeriodUnit.MINUTE: 1, PeriodUnit.HOUR: 60}
_DAYS = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7}


class _Grid:
    """The period starts of one cadence found so far, so that a million records cost one search each."""

    def __init__(self, calendar: Calendar, cadence: Cadence) -> None:
        self._calendar = calendar
        self._cadence = cadence
        self._periods: list[Period] = []
        self._starts: list[Instant] = []

    def period_of(self, instant: Instant) -> Period:
        index = bisect_right(self._starts, instant) - 1
        if index >= 0:
            period = self._periods[index]
            if instant < period.end:
                return period
        period = self._find(instant)
        self._periods.insert(index + 1, period)
        self._starts.insert(index + 1, period.start)
        return period

    def _find(self, instant: Instant) -> Period:
        unit, count, anchor = self._cadence.unit, self._cadence.count, self._cadence.anchor
        if anchor is not None:
            return self._from(anchor, instant)
        if unit in _MINUTES:
            day = self._calendar.period_of(instant, Cadence(PeriodUnit.DAY))
            minutes = count * _MINUTES[unit]
            passed = (nanoseconds(instant) - nanoseconds(day.start)) // (60 * minutes * NANOSECONDS)
            start = day.start.add(minutes=passed * minutes)  # by the day, for clocks may change by half an hour
            return Period(start, min(start.add(minutes=minutes), day.end))
        date = self._calendar.date_of(instant)
        if self._calendar.instant(date.add(days=1)) <= instant:
            date = date.add(days=1)  # clocks set back over midnight return to a date that had ended
        if unit is PeriodUnit.DAY:
            return self._between(date, date.add(days=1))
        if unit is PeriodUnit.WEEK:
            monday = date.subtract(days=date.day_of_week().value - 1)
            return self._between(monday, monday.add(days=7))
        months = count if unit is PeriodUnit.MONTH else 12 * count
        position = date.year * 12 + date.month - 1
        number = position // months
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
        unit, count = self._cadence.unit, self._cadence.count
        if unit in _MINUTES:
            length = count * _MINUTES[unit] * 60 * NANOSECONDS
            number = (nanoseconds(instant) - nanoseconds(anchor)) // length
            return Period(*(instant_of(nanoseconds(anchor) + n * length) for n in (number, number + 1)))
        first, now = self._calendar.date_of(anchor), self._calendar.date_of(instant)
        if unit in _DAYS:
            step = Duration(days=count * _DAYS[unit])
            number = int(first.until(now, total="days")) // step.days
        else:
            step = Duration(months=count if unit is PeriodUnit.MONTH else 12 * count)
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


NANOSECONDS = 10**9


def _whole_nanoseconds(seconds: Exact) -> int:
    nanoseconds = exact(seconds * NANOSECONDS)
    if not isinstance(nanoseconds, int):
        raise CalendarError(f"{seconds} seconds is no whole number of nanoseconds", "write a duration that is")
    return nanoseconds


def nanoseconds(instant: Instant) -> int:
    """The instant as nanoseconds since 1970, for arithmetic."""
    return instant.timestamp(unit="nanosecond")


def instant_of(count: int) -> Instant:
    """The instant of nanoseconds since 1970."""
    return Instant.from_timestamp(count, unit="nanosecond")


def seconds_between(start: Instant, end: Instant) -> Exact:
    """The exact time from `start` to `end`, in seconds."""
    return ratio(nanoseconds(end) - nanoseconds(start), NANOSECONDS)


_MONTHS = "January February March April May June July August September October November December".split()


def period_text(period: Period, calendar: Calendar) -> str:
    """The period as a reader names it: `March 2026`, `2026-03-02`, `2026`, or its two ends."""
    first, after = calendar.date_of(period.start), calendar.date_of(period.end)
    whole_days = calendar.instant(first) == period.start and calendar.instant(after) == period.end
    if not whole_days:
        return f"{time_text(period.start, calendar)} to {time_text(period.end, calendar)}"
    if first.day == 1 and after == first.add(months=1):
        return f"{_MONTHS[first.month - 1]} {first.year}"
    if first.day == 1 and first.month == 1 and after == first.add(years=1):
        return str(first.year)
    last = after.subtract(days=1)
    return str(first) if last == first else f"{first} to {last}"


def moment_text(instant: Instant, calendar: Calendar) -> str:
    """The instant in local time; only the date where the time is midnight."""
    local = calendar.local(instant)
    if instant == calendar.instant(local.date()):
        return local.date().format_iso()
    return time_text(instant, calendar)


def time_text(instant: Instant, calendar: Calendar) -> str:
    """The instant in local time, `2026-03-02 10:00`; with its UTC offset where the clock shows that time twice."""
    zoned = instant.to_tz(calendar.timezone)
    precise = f":{zoned.second:02d}" if zoned.second or zoned.nanosecond else ""
    offset = zoned.format_iso(unit="minute").split("[")[0][-6:] if zoned.is_repeated() else ""
    return f"{zoned.date().format_iso()} {zoned.hour:02d}:{zoned.minute:02d}{precise}{offset}"
