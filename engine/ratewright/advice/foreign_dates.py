"""Days and months as people write them elsewhere, and how they are written here."""

from __future__ import annotations

import re

from ratewright.advice.parse_stop import Slip

DOTTED_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?![\w.])", re.ASCII)
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![\w-])", re.ASCII)
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<year>[0-9]{4})(?![\w.-])"
_IN_WORDS = tuple(
    re.compile(form, re.ASCII)
    for form in (rf"{_DAY}\s+{_MONTH},?\s+{_YEAR}", rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}", rf"{_MONTH},?\s+{_YEAR}")
)
_MOMENTS = {"DATE", "DATETIME", "MONTH"}
_EFFECTIVE = re.compile(r"\beffective\b([^;{}]*)\Z")


def for_a_date(slip: Slip) -> str:
    """How a day or a month is written here, and since when a list holds; empty where none was meant."""
    return _effective(slip) or _day_or_month(slip)


def _effective(slip: Slip) -> str:
    """`effective 1.4.2026 to 1.1.2027`: the words between the days."""
    begun = _EFFECTIVE.search(slip.line_before)
    if begun is None or slip.block not in ("tariff", "contract"):
        return ""
    written = re.split(r"[;}#]", begun.group(1) + slip.line_after)[0]
    found = (_written(written[place.start() :]) for place in re.finditer(r"(?<!\S)\w", written))
    days = [day for day in found if len(day) == len("2026-01-01")]
    if not days:
        return ""
    until = f" until {days[-1]}" if len(days) > 1 else ""
    return f"write `effective from {days[0]}{until}`"


def _day_or_month(slip: Slip) -> str:
    if not slip.expected & _MOMENTS or ("NAME" in slip.expected and not slip.text[0].isdigit()):
        return ""
    written = _written(slip.line_after)
    if not written:
        return ""
    return f"write `{written}`" if not slip.line_after.startswith(written) else ""


def _written(text: str) -> str:
    """The day or the month that a text begins with, as it is written here."""
    if day := _ISO_DAY.match(text):
        return _day(*day.groups())
    if day := DOTTED_DAY.match(text):
        return _day(*reversed(day.groups()))
    for form in _IN_WORDS:
        found = form.match(text)
        named = found.group("month").lower() if found else ""
        month = next((n for n, name in enumerate(_MONTHS, 1) if named in (name, name[:3], name[:4])), 0)
        if found and month:
            day_of = found.groupdict().get("day")
            return _day(found.group("year"), str(month), day_of) if day_of else f"{found.group('year')}-{month:02}"
    return ""


def _day(year: str, month: str, day: str) -> str:
    """`2026-01-31`, of what can be a day of a month; empty for anything else."""
    sound = 1 <= int(month) <= len(_MONTHS) and 1 <= int(day) <= 31
    return f"{year}-{int(month):02}-{int(day):02}" if sound else ""
