"""Dates and times as rule files and fixtures write them."""

from __future__ import annotations

from contextlib import suppress

from whenever import Date, Instant, OffsetDateTime, PlainDateTime

from ratewright.limits import Limits
from ratewright.values.calendar import Moment


class MomentError(ValueError):
    """A date or time that does not exist or is out of range. `help` says what to write instead."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


def parse_moment(text: str, limits: Limits) -> tuple[Moment, bool]:
    """Read `2026-03`, `2026-03-02`, `2026-03-02 10:00` or the latter with `Z` or an offset.

    Returns the moment, and whether it is a whole month (its first day is returned). A time without an
    offset stays local. Raises MomentError.
    """
    month = len(text) == len("2026-03")
    iso = f"{text}-01" if month else text.replace(" ", "T")
    try:
        moment: Moment
        if len(iso) == len("2026-03-02"):
            moment = Date.parse_iso(iso)
            year = moment.year
        elif iso[-1] == "Z":
            moment = Instant.parse_iso(iso)
            year = int(iso[:4])
        elif iso[-6] in "+-":
            moment = OffsetDateTime.parse_iso(iso).to_instant()
            year = int(iso[:4])
        else:
            moment = PlainDateTime.parse_iso(iso)
            year = moment.year
    except ValueError as error:
        raise MomentError(f"`{text}` does not exist in the calendar", _that_exists(text)) from error
    if not limits.first_year <= year <= limits.last_year:
        raise MomentError(
            f"`{text}` is outside the years {limits.first_year} to {limits.last_year}",
            "write a year between them",
        )
    return moment, month


def _that_exists(text: str) -> str:
    """What to write for a moment that is none: the end of a day is an instant of the next."""
    day, clock = text[: len("2026-03-02")], text[len("2026-03-02 ") :]
    if clock.startswith("24:00"):
        with suppress(ValueError):
            return f"the end of a day is the beginning of the next: {Date.parse_iso(day).add(days=1)} 00:00"
    return "write a date that exists: 2026-02-28"
