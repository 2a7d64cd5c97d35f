"""Lengths of time, how something repeats, and the periods that come of it, with what cannot be placed in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from msgspec import Struct
from whenever import Instant

from ratewright.values.exact import Exact


class CalendarError(ValueError):
    """A time that cannot be placed. `help` says what to write instead."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


class OutOfRangeError(CalendarError):
    """A time before year 1 or after year 9999, where the calendar ends."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is outside the years 1 to 9999 of the calendar", "write a shorter time")


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

    def __neg__(self) -> Duration:
        """The same length backwards."""
        return Duration(-self.months, -self.days, -self.seconds, self.text)

    @property
    def least_years(self) -> Exact:
        """How many whole years it has at least, counting each as the longest."""
        return self.months // 12 + self.days // _LONGEST_YEAR + self.seconds // (_LONGEST_YEAR * 86_400)


_LONGEST_YEAR = 366


class Period(Struct, frozen=True, order=True, gc=False):
    """`[start, end)`."""

    start: Instant
    end: Instant

    def __contains__(self, instant: Instant) -> bool:
        return self.start <= instant < self.end

    def overlaps(self, start: Instant, end: Instant) -> bool:
        return self.start < end and start < self.end


class Cadence(Struct, frozen=True, gc=False):
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

    @property
    def step(self) -> Duration:
        """How long a period is. Not for those that come from the records."""
        match self.unit:
            case PeriodUnit.MINUTE | PeriodUnit.HOUR:
                return Duration(seconds=self.count * (60 if self.unit is PeriodUnit.MINUTE else 3600))
            case PeriodUnit.DAY | PeriodUnit.WEEK:
                return Duration(days=self.count * (1 if self.unit is PeriodUnit.DAY else 7))
            case PeriodUnit.MONTH | PeriodUnit.YEAR:
                return Duration(months=self.count * (1 if self.unit is PeriodUnit.MONTH else 12))
            case _:
                raise ValueError(f"{self} has no length of its own")


MONTHLY = Cadence(PeriodUnit.MONTH)
DAILY = Cadence(PeriodUnit.DAY)
