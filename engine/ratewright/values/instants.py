"""Instants as exact numbers: nanoseconds since 1970, and the seconds between two."""

from __future__ import annotations

from whenever import Instant

from ratewright.values.durations import CalendarError, OutOfRangeError
from ratewright.values.exact import Exact, exact, ratio

NANOSECONDS = 10**9


def whole_nanoseconds(seconds: Exact) -> int:
    """Seconds as nanoseconds. Raises CalendarError where they are no whole number."""
    nanoseconds = exact(seconds * NANOSECONDS)
    if not isinstance(nanoseconds, int):
        raise CalendarError(f"{seconds} seconds is no whole number of nanoseconds", "write a duration that is")
    return nanoseconds


def nanoseconds(instant: Instant) -> int:
    """The instant as nanoseconds since 1970, for arithmetic."""
    return instant.timestamp(unit="nanosecond")


def instant_of(count: int) -> Instant:
    """The instant of nanoseconds since 1970. Raises OutOfRangeError."""
    try:
        return Instant.from_timestamp(count, unit="nanosecond")
    except (ValueError, OverflowError) as error:
        raise OutOfRangeError("the time") from error


def seconds_between(start: Instant, end: Instant) -> Exact:
    """The exact time from `start` to `end`, in seconds."""
    return ratio(nanoseconds(end) - nanoseconds(start), NANOSECONDS)
