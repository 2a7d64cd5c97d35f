"""Instants, calendar durations and billing periods in one timezone.

Periods are `[start, end)` and follow the calendar of the tariff's timezone. A duration such as `1 year`
is calendar arithmetic on local time: the same local time one year later, 29 February becoming
28 February. Zone data come from the pinned package `tzdata`, so that a bill does not depend on the
machine it was computed on. The calendar holds the years 1 to 9999; what would leave them raises
OutOfRangeError.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import count
from typing import Literal

import whenever
from whenever import (
    Date,
    Instant,
    PlainDateTime,
    RepeatedTime,
    SkippedTime,
    TimeZoneNotFoundError,
    ZonedDateTime,
)

from ratewright.values.durations import (
    DAILY,
    MONTHLY,
    Cadence,
    CalendarError,
    Duration,
    OutOfRangeError,
    Period,
    PeriodUnit,
)
from ratewright.values.grids import Grid
from ratewright.values.instants import NANOSECONDS, instant_of, nanoseconds, seconds_between, whole_nanoseconds
from ratewright.values.writing import writing

__all__ = [
    "DAILY",
    "MONTHLY",
    "MONTHS",
    "NANOSECONDS",
    "WEEKDAYS",
    "Cadence",
    "Calendar",
    "CalendarError",
    "Duration",
    "Moment",
    "OutOfRangeError",
    "Period",
    "PeriodUnit",
    "calendar_of",
    "clock_text",
    "instant_of",
    "is_of_days",
    "moment_text",
    "nanoseconds",
    "period_text",
    "seconds_between",
    "time_text",
    "tzdata_version",
]

whenever.reset_tzpath(())  # only `tzdata`: the machine's own zone files may be of another year

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = tuple("january february march april may june july august september october november december".split())

Moment = Instant | Date | PlainDateTime
"""A point in time as written: exact, or local to a timezone that the reader does not know yet."""

_MOST_ANCHORS = 1000


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
        self._grids: dict[Cadence, Grid] = {}
        self._anchored: dict[Cadence, Grid] = {}

    def instant(self, moment: Moment) -> Instant:
        """The instant of a written moment; a date is its first instant.

        Raises CalendarError in a DST gap or fold, OutOfRangeError at the ends of the calendar.
        """
        if isinstance(moment, Instant):
            return moment
        try:
            return self._first_instant(moment) if isinstance(moment, Date) else self._exact(moment)
        except CalendarError:
            raise
        except ValueError as error:
            raise OutOfRangeError(f"{moment.format_iso()} in {self.timezone}") from error

    def _exact(self, moment: PlainDateTime) -> Instant:
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
        """What the clocks show at the instant. Raises OutOfRangeError."""
        try:
            return instant.to_tz(self.timezone)
        except ValueError as error:
            raise OutOfRangeError(f"{instant.format_iso()} in {self.timezone}") from error

    def date_of(self, instant: Instant) -> Date:
        """The local date that holds the instant. Raises OutOfRangeError."""
        return self.local(instant).date()

    def name_of(self, instant: Instant, cadence: Cadence) -> str:
        """The name of the day of the week, or of the month, that holds the instant. Raises OutOfRangeError."""
        date = self.date_of(instant)
        return MONTHS[date.month - 1] if cadence == MONTHLY else WEEKDAYS[date.day_of_week().value - 1]

    def add(self, instant: Instant, duration: Duration) -> Instant:
        """The instant `duration` later in local time.

        Where that local time is skipped by a clock change it moves forward by the skipped hour, and
        where it happens twice the first is meant. Raises OutOfRangeError, and CalendarError for a
        fraction of a nanosecond.
        """
        try:
            return self._later(instant, duration)
        except CalendarError:
            raise
        except (ValueError, OverflowError) as error:
            length = f"`{duration.text}` from" if duration.text else "what is so long after or before"
            raise OutOfRangeError(f"{length} {instant.format_iso()}") from error

    def _later(self, instant: Instant, duration: Duration) -> Instant:
        result = instant
        if duration.months or duration.days:
            local = self.local(instant).to_plain().add(months=duration.months, days=duration.days)
            result = local.assume_tz(self.timezone, disambiguation="compatible").to_instant()
        if duration.seconds:
            result = result.add(nanoseconds=whole_nanoseconds(duration.seconds))
        return result

    def period_of(self, instant: Instant, cadence: Cadence) -> Period:
        """The period of `cadence` that holds the instant. Raises OutOfRangeError."""
        return self._grid(cadence).period_of(instant)

    def periods(self, cadence: Cadence, start: Instant, end: Instant) -> Iterator[Period]:
        """Every period of `cadence` that overlaps `[start, end)`, in order. Raises OutOfRangeError."""
        period = self.period_of(start, cadence)
        if period.start < end:
            yield period
        while period.end < end:  # the one behind the last is not asked for: it may be past the calendar
            period = self.period_of(period.end, cadence)
            yield period

    def days_in(self, period: Period) -> int:
        """How many local days begin in the period. Raises OutOfRangeError."""
        first, last = self.date_of(period.start), self.date_of(period.end)
        return int(first.until(last, total="days"))

    def ends_of_days(self, period: Period) -> Iterator[Instant]:
        """The last instant of each day of a period. Days are counted from its beginning: of one that begins at noon
        they go from noon to noon. The last one ends with the period. Raises OutOfRangeError."""
        start = period.start
        for number in count(1):
            if start >= period.end:
                return
            start = self.add(period.start, Duration(days=number))
            yield min(start, period.end).subtract(nanoseconds=1)

    def _grid(self, cadence: Cadence) -> Grid:
        """The grid of a cadence. Two threads may make it at once; one of the two is kept."""
        grids = self._grids if cadence.anchor is None else self._anchored
        grid = grids.get(cadence)
        if grid is None:
            if len(self._anchored) > _MOST_ANCHORS:
                self._anchored.clear()  # each account has anchors of its own
            grid = grids.setdefault(cadence, Grid(self, cadence))
        return grid


def period_text(period: Period, calendar: Calendar) -> str:
    """The period as a reader names it: `March 2026`, `2026-03-02`, `2026`, or its two ends."""
    first, after = calendar.date_of(period.start), calendar.date_of(period.end)
    write = writing()
    if not is_of_days(period, calendar):
        return write.span(time_text(period.start, calendar), time_text(period.end, calendar))
    months = (after.year - first.year) * 12 + after.month - first.month if first.day == after.day == 1 else 0
    if months == 1:
        return write.month(first)
    if months == 12 and first.month == 1:
        return write.year(first)
    last = after.subtract(days=1)
    return write.date(first) if last == first else write.span(write.date(first), write.date(last))


def is_of_days(period: Period, calendar: Calendar) -> bool:
    """Whether a period begins and ends with days."""
    return all(calendar.instant(calendar.date_of(at)) == at for at in (period.start, period.end))


def moment_text(instant: Instant, calendar: Calendar) -> str:
    """The instant in local time; only the date where the time is midnight."""
    local = calendar.local(instant)
    if instant == calendar.instant(local.date()):
        return writing().date(local.date())
    return time_text(instant, calendar)


def time_text(instant: Instant, calendar: Calendar) -> str:
    """The instant in local time, `2026-03-02 10:00`; with its UTC offset where the clock shows that time twice."""
    write = writing()
    return write.at_time(write.date(calendar.date_of(instant)), clock_text(instant, calendar))


def clock_text(instant: Instant, calendar: Calendar) -> str:
    """The local time of the day, `10:00`; with its UTC offset where the clock shows that time twice."""
    zoned = calendar.local(instant)
    precise = f":{zoned.second:02d}" if zoned.second or zoned.nanosecond else ""
    offset = zoned.format_iso(unit="minute").split("[")[0][-6:] if zoned.is_repeated() else ""
    return f"{zoned.hour:02d}:{zoned.minute:02d}{precise}{offset}"
