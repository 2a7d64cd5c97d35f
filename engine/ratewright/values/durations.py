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

    def __init__(self, word: str) -> None:
        self.alone = word in ("record", "reading")
        """Whether each record, or reading, is a period of its own."""


SECONDS_IN = {PeriodUnit.MINUTE: 60, PeriodUnit.HOUR: 3_600, PeriodUnit.DAY: 86_400, PeriodUnit.WEEK: 604_800}
MONTHS_IN = {PeriodUnit.MONTH: 1, PeriodUnit.YEAR: 12}
DAY_SECONDS = SECONDS_IN[PeriodUnit.DAY]
OF_A_DAY = (PeriodUnit.MINUTE, PeriodUnit.HOUR)
"""The units that are counted from midnight."""

PERIOD_WORDS = {
    **{unit.value: (unit, 1) for unit in (*SECONDS_IN, *MONTHS_IN)},
    **{f"{unit.value}s": (unit, 1) for unit in (*SECONDS_IN, *MONTHS_IN)},
    "quarter": (PeriodUnit.MONTH, 3),
    "quarters": (PeriodUnit.MONTH, 3),
}
"""The words for stretches of the calendar, as so many of a unit."""


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
        return self.months // 12 + self.days // _LONGEST_YEAR + self.seconds // (_LONGEST_YEAR * DAY_SECONDS)


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
    that each day begins one. What is `once` has one period: the day of the calendar that holds `anchor`. With
    `first_use` a period is a window, which begins with the first record that none holds.
    """

    unit: PeriodUnit
    count: int = 1
    day: int = 1
    anchor: Instant | None = None
    once: bool = False
    first_use: bool = False

    def __str__(self) -> str:
        if self.once:
            return "once"
        base = f"every {self.unit.value}" if self.count == 1 else f"every {self.count} {self.unit.value}s"
        if self.first_use:
            return f"{base} from first use"
        return base if self.day == 1 else f"{base} on day {self.day}"

    @property
    def alone(self) -> bool:
        """Whether each record, or reading, is a period of its own."""
        return self.unit.alone

    @property
    def of_usage(self) -> bool:
        """Whether its periods come from the records and not from the calendar."""
        return self.unit.alone or self.first_use

    @property
    def step(self) -> Duration:
        """How long a period is. Not for those that come from the records."""
        if self.unit in MONTHS_IN:
            return Duration(months=self.count * MONTHS_IN[self.unit])
        if self.unit not in SECONDS_IN:
            raise ValueError(f"{self} has no length of its own")
        seconds = self.count * SECONDS_IN[self.unit]
        return Duration(seconds=seconds) if self.unit in OF_A_DAY else Duration(days=seconds // DAY_SECONDS)


MONTHLY = Cadence(PeriodUnit.MONTH)
DAILY = Cadence(PeriodUnit.DAY)
ONCE = Cadence(PeriodUnit.DAY, once=True)
"""Of one day; of which, an account's data say."""
