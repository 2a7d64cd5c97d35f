"""Where the walk through an account's time begins, and in which steps it comes to the first bill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.counted.pieces import Piece
from ratewright.refusal import later
from ratewright.values.calendar import DAILY, MONTHLY, Cadence, Calendar, Period


def time_before(
    account: Account, pieces: Sequence[Piece], cadences: Mapping[str, Cadence], first: Instant, *, pays: bool
) -> Iterator[Period]:
    """The time from the account's first event to its first bill, by months and then by days: pools of money pay each
    bill apart. `pays` says whether there are such pools; `cadences` are those of lines."""
    begin = min(
        [
            first,
            *(piece.start for piece in pieces),
            *_first_events(account),
            *_first_needed(account, cadences, first),
            *(_first_owed(account, first) if pays else ()),
        ]
    )
    return _steps(account.calendar, begin, first) if begin < first else iter(())


def _first_events(account: Account) -> Iterator[Instant]:
    bought = account.bought
    yield from (p.at for p in bought.purchases[:1])
    yield from (r.at for r in bought.requests[:1])
    yield from (w.at for w in bought.withdrawals[:1])
    yield from (left.start for left in account.counted.left[:1])


def _first_needed(account: Account, cadences: Mapping[str, Cadence], first: Instant) -> Iterator[Instant]:
    """From when on charges must be priced for those that refer to them and whose period began earlier."""
    for charge in account.plan.features.begun_before:
        cadence, needs = cadences[charge.name], charge.needs or account.plan.lines[charge.name].by_list
        if cadence.first_use and needs:
            yield _in_force(account, later(account.calendar, first, -cadence.step, charge.span))
        elif (needs or charge.billed is not None) and not cadence.of_usage:
            yield _in_force(account, account.calendar.period_of(first, cadence).start)
        if charge.of_periods is not None:
            yield _in_force(account, account.calendar.period_of(first, charge.of_periods.every).start)


def _first_owed(account: Account, first: Instant) -> Iterator[Instant]:
    """From when on bills must be made for the pools of money that paid them, whatever was used."""
    known = [at for at in (account.opening or account.activated,) if at is not None]
    starts = known or [lot.starts for lot in account.bought.holdings.every() if lot.starts is not None]
    if starts and min(starts) < first:
        yield _in_force(account, min(starts))


def _in_force(account: Account, at: Instant) -> Instant:
    """An instant, or when the list begins to hold if that is later."""
    effective = account.tariff.effective
    return at if effective is None else max(at, account.calendar.instant(effective))


def _steps(calendar: Calendar, begin: Instant, end: Instant) -> Iterator[Period]:
    for month in calendar.periods(MONTHLY, begin, end):
        if month.end <= end:
            yield Period(max(begin, month.start), month.end)
            continue
        for day in calendar.periods(DAILY, max(begin, month.start), end):
            yield Period(max(begin, day.start), min(day.end, end))
