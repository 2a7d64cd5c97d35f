"""Which periods to bill: as the command line and the API name them, or as the account's data span them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace
from whenever import Instant

from ratewright.diagnostics import Diagnostic
from ratewright.limits import DEFAULT
from ratewright.rating.problems import RatingError
from ratewright.tree import nodes as tree
from ratewright.usage.model import Usage
from ratewright.values.calendar import Cadence, Calendar, CalendarError, Moment, Period, PeriodUnit
from ratewright.values.moments import MomentError, parse_moment

MONTH = Cadence(PeriodUnit.MONTH)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", re.ASCII)


def months(first: str, last: str, calendar: Calendar) -> list[Period]:
    """The months from `first` to `last`, both included and written `2026-03`. Raises RatingError."""
    start, end = _named(first, calendar), _named(last, calendar)
    if end.end <= start.start:
        raise _refused(f"the range ends before it begins: {first} to {last}")
    return list(calendar.periods(MONTH, start.start, end.end))


def named(text: str, calendar: Calendar) -> list[Period]:
    """The periods of `2026-03` (a month), `2026-03-02` (a day) or `2026` (its twelve months). Raises RatingError."""
    if _YEAR.fullmatch(text):
        return months(f"{text}-01", f"{text}-12", calendar)
    return [_named(text, calendar)]


def _named(text: str, calendar: Calendar) -> Period:
    if not _WRITTEN.fullmatch(text):
        raise _refused(f"`{text}` is no period")
    try:
        moment, month = parse_moment(text, DEFAULT)
        unit = PeriodUnit.MONTH if month else PeriodUnit.DAY
        return calendar.period_of(calendar.instant(moment), Cadence(unit))
    except (MomentError, CalendarError) as error:
        raise _refused(str(error)) from error


def _refused(message: str) -> RatingError:
    return RatingError(
        [Diagnostic("A207", message, help="write a month as 2026-03, a day as 2026-03-02, a year as 2026")]
    )


def spanned(usage: Usage, calendar: Calendar) -> list[Period]:
    """The months from the first to the last thing that the account's data tell of; none if they tell nothing."""
    instants = []
    for moment, ends in _moments(usage):
        try:
            instant = calendar.instant(moment)
        except CalendarError:
            continue  # binding reports it, with its line
        instants.append(instant.subtract(nanoseconds=1) if ends else instant)
    if not instants:
        return []
    opening = calendar.instant(usage.opening) if usage.opening is not None else Instant.MIN
    first, last = max(min(instants), opening), max(instants)
    return list(calendar.periods(MONTH, first, last.add(nanoseconds=1))) if first <= last else []


def touched(usage: Usage, tariff: tree.Tariff, calendar: Calendar) -> list[Period]:
    """The months that the account's data tell of, and those in which a line's period that began there ends."""
    found = spanned(usage, calendar)
    if not found:
        return []
    last = found[-1].end.subtract(nanoseconds=1)
    end = found[-1].end
    for charge in tariff.charges.values():
        if charge.every.alone:
            continue
        cadence = charge.every
        start = charge.anchor.start if charge.anchor is not None else None
        if isinstance(start, tree.SettingValue) and start.name == "activation" and usage.activated is not None:
            cadence = replace(cadence, anchor=calendar.instant(usage.activated))
        end = max(end, calendar.period_of(last, cadence).end)
    return list(calendar.periods(MONTH, found[0].start, end))


def _moments(usage: Usage) -> Iterator[tuple[Moment, bool]]:
    for record in usage.records:
        yield record.start, False
        if record.end is not None:
            yield record.end, True
    yield from ((p.at, False) for p in usage.purchases)
    yield from ((e.start, False) for e in usage.extensions)
    yield from ((r.at, False) for r in (*usage.refunds, *usage.pauses))
