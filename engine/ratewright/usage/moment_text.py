"""Text → moments: dates, and instants where the offset or the fixture's timezone is known.

Only ISO 8601 in its plain form is taken. The calendar library reads more (a sixtieth second becomes the
fifty-ninth), so the form is checked first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from whenever import Date, Instant, PlainDateTime

from ratewright.limits import Limits
from ratewright.usage import codes
from ratewright.usage.problem import Problem, require_visible
from ratewright.values.calendar import Calendar, CalendarError, Moment, calendar_of

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_OFFSET = r"(?:Z|[+](?:0[0-9]|1[0-3]):[0-5][0-9]|[+]14:00|-(?:0[0-9]|1[01]):[0-5][0-9]|-12:00)"
_CLOCK = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_WITH_OFFSET = re.compile(_DATE + _CLOCK + _OFFSET)
_NAIVE = re.compile(_DATE + _CLOCK)
_DAY = re.compile(_DATE)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")
_SHAPE = re.compile(
    rf"({_DATE})[T ]([0-9]{{2}}):([0-9]{{2}})"
    r"(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_CLOCK_ALONE = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?")
_SHORT = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]([0-9]{1,2})((?::[0-9]{2}){1,2}(?:Z|[+-][0-9]{2}:[0-9]{2})?))?"
)
_MONTH_NAMES = "January February March April May June July August September October November December".split()


class Moments:
    """Reads dates and times of one fixture.

    `calendar` is that of the fixture's timezone, None if it names none. `forgiving` takes times without an offset as
    UTC: used when the timezone itself is wrong, so that one mistake is reported once.
    """

    def __init__(self, limits: Limits, calendar: Calendar | None, forgiving: bool = False) -> None:
        self._first, self._last = f"{limits.first_year:04d}", f"{limits.last_year:04d}"
        self._calendar = calendar_of("UTC") if forgiving else calendar

    def read(self, text: str) -> Moment:
        """A `Date`, or an `Instant`. Raises Problem."""
        if _WITH_OFFSET.fullmatch(text) and self._first <= text[:4] <= self._last:
            try:
                return Instant.parse_iso(text)
            except ValueError:
                pass
        elif _DAY.fullmatch(text):
            return self._date(text)
        return self._slowly(text)

    def read_all(self, texts: list[str]) -> Iterable[Moment]:
        """`read` for many texts at once, quicker where all are times with an offset. Raises Problem."""
        if all(map(_WITH_OFFSET.fullmatch, texts)) and self._first <= min(texts)[:4] and max(texts)[:4] <= self._last:
            try:
                return list(map(Instant.parse_iso, texts))
            except ValueError:
                pass
        return list(map(self.read, texts))

    def period(self, text: str) -> tuple[Date, Date]:
        """A month `2026-03` or a day `2026-03-02`: its first date and the one after it. Raises Problem."""
        return self._period(text, "a day or a month", "write a month as 2026-03, or a day as 2026-03-02")

    def stretch(self, text: str) -> tuple[Date, Date]:
        """The same for what a total is of, which may be a year `2026` too. Raises Problem."""
        if _YEAR.fullmatch(text):
            first = self._date(f"{text}-01-01")
            return first, first.add(years=1)
        return self._period(
            text, "a day, a month or a year", "write a month as 2026-03, a day as 2026-03-02, or a year as 2026"
        )

    def _period(self, text: str, what: str, help: str) -> tuple[Date, Date]:
        if _MONTH.fullmatch(text):
            first = self._date(f"{text}-01")
            return first, first.add(months=1)
        if _DAY.fullmatch(text):
            first = self._date(text)
            return first, first.add(days=1)
        require_visible(text)
        raise Problem(
            codes.NOT_PERIOD,
            f"`{text}` is not {what}",
            f"{help}; for an hour say `from` when `to` when",
        )

    def _date(self, text: str) -> Date:
        if not self._first <= text[:4] <= self._last:
            raise Problem(
                codes.YEAR_RANGE,
                f"the year of `{text}` is outside {self._first} to {self._last}",
                f"write a year from {self._first} to {self._last}",
            )
        try:
            return Date.parse_iso(text)
        except ValueError:
            raise _no_such_date(text) from None

    def _slowly(self, text: str) -> Instant:
        require_visible(text)
        match = _SHAPE.fullmatch(text)
        if match is None:
            raise Problem(codes.NOT_MOMENT, f"`{text}` is not a date or time", _shape_help(text))
        self._date(match[1])
        _require_clock(match, text)
        if match[5] is not None:
            return Instant.parse_iso(text)
        if self._calendar is None:
            raise Problem(
                codes.NAIVE_TIME,
                f"`{text}` does not say its timezone",
                f"add an offset, as in {text}+08:00, or `timezone:` at the top of the fixture",
            )
        try:
            return self._calendar.instant(PlainDateTime.parse_iso(text))
        except CalendarError as error:
            raise Problem(codes.CLOCK_CHANGE, f"`{text}`: {error}", error.help) from error


def _shape_help(text: str) -> str:
    """What to write for a text that is no moment; with its own figures where only zeros or the day are missing."""
    if clock := _CLOCK_ALONE.fullmatch(text):
        return f"write the whole instant, with its day: 2026-02-01T{clock[1]:0>2}:{clock[2]}:00+08:00"
    short = _SHORT.fullmatch(text)
    if short is not None and min(map(len, filter(None, short.groups()[1:4]))) == 1:
        day = f"{short[1]}-{short[2]:0>2}-{short[3]:0>2}"
        if short[4] is None:
            return f"months and days have two digits: write {day}"
        return f"months, days and hours have two digits: write {day}T{short[4]:0>2}{short[5]}"
    return "write a date as 2026-02-01, or a time with its UTC offset as 2026-02-01T09:00:00+08:00"


def _no_such_date(text: str) -> Problem:
    month = int(text[5:7])
    if not 1 <= month <= 12:
        return Problem(
            codes.NO_SUCH_DATE,
            f"`{text}` does not exist: there is no month {text[5:7]}",
            "months are 01 to 12",
        )
    days = Date(int(text[:4]), month, 1).days_in_month()
    name = f"{_MONTH_NAMES[month - 1]} {text[:4]}"
    return Problem(
        codes.NO_SUCH_DATE,
        f"`{text}` does not exist: {name} has {days} days",
        f"write a day from 01 to {days}",
    )


def _require_clock(match: re.Match[str], text: str) -> None:
    _, hour, minute, second, offset = match.groups()
    if hour == "24":
        day_after = Date.parse_iso(match[1]).add(days=1).format_iso()
        raise Problem(
            codes.NO_SUCH_TIME,
            f"`{text}`: there is no hour 24",
            f"midnight begins the next day: write {day_after}T00:00",
        )
    if int(hour) > 23 or int(minute) > 59:
        raise Problem(
            codes.NO_SUCH_TIME,
            f"`{text}`: there is no time {hour}:{minute}",
            "hours are 00 to 23, minutes 00 to 59",
        )
    if second is not None and int(second) > 59:
        raise Problem(
            codes.NO_SUCH_TIME,
            f"`{text}`: there is no second {second}",
            "seconds are 00 to 59; leap seconds are not counted",
        )
    if offset is not None and not re.fullmatch(_OFFSET, offset):
        raise Problem(
            codes.NO_SUCH_TIME,
            f"`{text}`: there is no UTC offset {offset}",
            "offsets are -12:00 to +14:00, or Z",
        )
