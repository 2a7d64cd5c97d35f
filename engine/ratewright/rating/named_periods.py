"""Which periods to bill: as the command line and the API name them, or as the account's data span them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace
from whenever import Date, Instant

from ratewright.account.amounts import Amounts
from ratewright.account.counted import lasting
from ratewright.diagnostics import Diagnostic
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as tree
from ratewright.rating.versions import kept_on
from ratewright.refusal import RatingError
from ratewright.usage.model import Usage
from ratewright.values.calendar import MONTHLY, Cadence, Calendar, CalendarError, Moment, Period, PeriodUnit
from ratewright.values.moments import MomentError, parse_moment

_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", re.ASCII)


def months(first: str, last: str, calendar: Calendar) -> list[Period]:
    """The months from `first` to `last`, both included and written `2026-03`, or `2026` for all of a year.

    Raises RatingError.
    """
    start, end = named(first, calendar)[0].start, named(last, calendar)[-1].end
    if end <= start:
        raise _refused(f"the range ends before it begins: {first} to {last}")
    return list(calendar.periods(MONTHLY, start, end))


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


def spanned(usage: Usage, versions: Sequence[tree.Tariff], calendar: Calendar) -> list[Period]:
    """The months from the first to the last thing that the account's data tell of, and the one in which a line's
    month, week or window ends that has the last of it; none if they tell nothing. Raises RatingError."""
    instants = _instants(usage, versions, calendar)
    if not instants:
        return []
    last = max(instants)
    held = _held(usage, versions, last, calendar)
    short = [c for c in _cadences(usage, held, calendar) if c.unit in _SHORT and c.count == 1]
    ends = [calendar.period_of(last, cadence).end for cadence in short]
    ends += _ends_of_windows(last, held, calendar)
    return _months(usage, instants, max(ends, default=last), calendar)


def _ends_of_windows(last: Instant, tariff: tree.Tariff, calendar: Calendar) -> Iterator[Instant]:
    """Until when windows may go on that hold the last thing that an account's data tell of: no longer than the list."""
    until = calendar.instant(tariff.until) if tariff.until is not None else Instant.MAX
    steps = {charge.every.step for charge in tariff.charges.values() if charge.every.first_use}
    return (min(calendar.add(last, step), max(last, until)) for step in steps)


_SHORT = (PeriodUnit.WEEK, PeriodUnit.MONTH)


def _held(usage: Usage, versions: Sequence[tree.Tariff], at: Instant, calendar: Calendar) -> tree.Tariff:
    """The version that an account is billed by at an instant. Raises RatingError."""
    if usage.version is not None:
        return kept_on(versions, usage)
    begun = [v for v in versions if v.effective is None or calendar.instant(v.effective) <= at]
    return max(begun or versions, key=lambda v: v.effective or Date.MIN)


def _instants(usage: Usage, versions: Sequence[tree.Tariff], calendar: Calendar) -> list[Instant]:
    """Within what the account's data tell of: a time that ends there ends just before."""
    instants = [end.subtract(nanoseconds=1) for end in _ends_of_events(usage, versions, calendar)]
    for moment, ends in _moments(usage):
        try:
            instant = calendar.instant(moment)
        except CalendarError:
            continue  # binding reports it, with its line
        instants.append(instant.subtract(nanoseconds=1) if ends else instant)
    return instants


def _ends_of_events(usage: Usage, versions: Sequence[tree.Tariff], calendar: Calendar) -> Iterator[Instant]:
    """When events ended that a meter counts for as long as they lasted."""
    over_time = {m.reads or m.name for v in versions for m in v.meters.values() if lasting.over_time(m) is not None}
    amounts = Amounts(versions[0].units)
    for record in usage.records if over_time else ():
        if record.lasts is None or record.meter not in over_time:
            continue
        lasted, _, _ = lasting.seconds(record.lasts, amounts)
        try:
            yield lasting.ended(calendar.instant(record.start), lasted)
        except CalendarError:
            continue  # binding reports it, with its line


def _months(usage: Usage, instants: list[Instant], end: Instant, calendar: Calendar) -> list[Period]:
    try:
        opening = calendar.instant(usage.opening) if usage.opening is not None else Instant.MIN
    except CalendarError:
        opening = Instant.MIN  # binding reports it, with its line
    first, last = max(min(instants), opening), max(instants)
    return list(calendar.periods(MONTHLY, first, max(end, last.add(nanoseconds=1)))) if first <= last else []


def _cadences(usage: Usage, tariff: tree.Tariff, calendar: Calendar) -> Iterator[Cadence]:
    """The periods of lines, those of one cadence and anchor once; an anchor that a setting gives is not known here."""
    for charge in tariff.charges.values():
        if charge.every.of_usage or charge.in_advance:
            continue
        start = charge.anchor.start if charge.anchor is not None else None
        if isinstance(start, tree.SettingValue) and start.name == "activation" and usage.activated is not None:
            try:
                yield replace(charge.every, anchor=calendar.instant(usage.activated))
            except CalendarError:
                continue  # binding reports it, with its line
        else:
            yield charge.every


def touched(usage: Usage, tariff: tree.Tariff, calendar: Calendar) -> list[Period]:
    """The months that the account's data tell of, and those in which a line's period that began there ends."""
    instants = _instants(usage, (tariff,), calendar)
    if not instants:
        return []
    last = calendar.period_of(max(instants), MONTHLY).end.subtract(nanoseconds=1)
    ends = [calendar.period_of(last, cadence).end for cadence in _cadences(usage, tariff, calendar)]
    ends += _ends_of_windows(max(instants), tariff, calendar)
    return _months(usage, instants, max(ends, default=last), calendar)


def _moments(usage: Usage) -> Iterator[tuple[Moment, bool]]:
    for record in usage.records:
        yield record.start, False
        if record.end is not None:
            yield record.end, True
        if record.reported is not None:
            yield record.reported, False
    yield from ((p.at, False) for p in usage.purchases)
    yield from ((e.start, False) for e in usage.extensions)
    yield from ((r.at, False) for r in (*usage.refunds, *usage.pauses))
    yield from ((w.at, False) for w in usage.withdrawals)
