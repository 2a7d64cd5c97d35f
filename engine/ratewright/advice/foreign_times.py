"""Times and instants as people write them elsewhere, and how they are written here."""

from __future__ import annotations

import re

from ratewright.advice.parse_stop import Slip

_DAY = re.compile(r"(?<![\w-])([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![\w-])", re.ASCII)
_WHOLE_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DAY_BEFORE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]\s*(?:at\s+)?)?\Z", re.ASCII)
_CLOCK = re.compile(
    r"(?:at\s+)?(?P<hour>[01]?[0-9]|2[0-4])(?::(?P<minute>[0-5]?[0-9])(?P<second>:[0-5][0-9])?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b)?(?![\w.,:])",
    re.ASCII | re.IGNORECASE,
)
_BEGUN = re.compile(r"(?<![\w.,:-])(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T|[0-9]{4}|[01]?[0-9]|2[0-4])\Z", re.ASCII)
_FIRST_USE = re.compile(
    r"\bevery\s+((?:[0-9]+\s+)?[a-z]+)\s+(?:(?:from|since|after|of|on|starting|with)\s+)?(?:(?:the|its)\s+)?first\b",
    re.ASCII,
)
_MOMENTS = {"DATE", "DATETIME", "MONTH"}
_NOON = 12


def for_a_time(slip: Slip) -> str:
    """How a day, an instant, a time of the day or a first use is written here; empty where none was meant."""
    window = _FIRST_USE.search(slip.line_before + slip.line_after)
    if window and window.start() < len(slip.line_before) <= window.end() + 1:
        return f"write `every {window.group(1)} from first use`"
    begun = _BEGUN.search(slip.line_before) if slip.text[:1] in (":", "-") else None
    before = slip.line_before[: begun.start()] if begun else slip.line_before
    after = (begun.group() if begun else "") + slip.line_after
    day = _DAY.match(after)
    if day and not _WHOLE_DAY.fullmatch(day.group()):
        year, month, number = (int(part) for part in day.groups())
        return f"a date has two digits for the month and for the day: `{year}-{month:02}-{number:02}`"
    joined = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", after, re.ASCII)
    clock = _CLOCK.match(after, joined.end() if joined else 0)
    if clock is None:
        return ""
    return _instant(slip, before + (joined.group() if joined else ""), clock) or _time_of_day(slip, before, clock)


def _instant(slip: Slip, before: str, clock: re.Match[str]) -> str:
    day = _DAY_BEFORE.search(before)
    if day is not None:
        return f"an instant has two digits for the hour and for the minute: `{day.group(1)} {_digits(clock)}`"
    if _MOMENTS & slip.expected and "NUMBER" not in slip.expected and clock.group("minute"):
        return f"an instant is whole, its day before its time: `2026-03-01 {_digits(clock)}`"
    return ""


def _time_of_day(slip: Slip, before: str, clock: re.Match[str]) -> str:
    if not slip.text.startswith(":"):
        return ""
    hour, minute = int(clock.group("hour")), int(clock.group("minute") or 0)
    length = f"{hour} hours" + (f" + {minute} minutes" if minute else "")
    whole = "" if "time(" in before else f"; an instant is whole: `2026-03-01 {_digits(clock)}`"
    return f"a time of the day is so long after midnight: `time(at) < {length}`{whole}"


def _digits(clock: re.Match[str]) -> str:
    """`08:00`, for an hour of 24 or one of 12 with its half of the day."""
    hour, half = int(clock.group("hour")), (clock.group("half") or "").lower()
    hour = hour % _NOON + (_NOON if half == "p" else 0) if half else hour
    return f"{hour:02}:{int(clock.group('minute') or 0):02}{clock.group('second') or ''}"
