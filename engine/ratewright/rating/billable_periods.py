"""Which of the periods that are asked for can be billed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.settings.anchors import anchored
from ratewright.limits import Limits
from ratewright.meaning import nodes as tree
from ratewright.rating.last_periods import LastPeriods
from ratewright.refusal import stop
from ratewright.usage.model import Place
from ratewright.values.calendar import MONTHLY, Cadence, Period, moment_text


def check_periods(account: Account, periods: Sequence[Period], limits: Limits) -> None:
    """Refuse periods that are too many, that the list does not hold for, or of which the account's data are settled.

    Raises RatingError.
    """
    tariff, calendar = account.tariff, account.calendar
    if len(periods) > limits.periods:
        raise stop(
            "A602",
            f"{len(periods):,} periods asked for; the limit is {limits.periods:,}",
            None,
            "ask for fewer, or raise it with --max-periods",
        )
    if periods:
        _check_in_force(account, Period(periods[0].start, periods[-1].end))
    if account.opening is not None and periods and periods[0].start < account.opening:
        raise stop(
            "A204",
            f"the balances are those of {moment_text(account.opening, calendar)}, and the period starts before",
            None,
            "ask for a period from the opening on",
        )
    if account.opening is not None:
        grid, at = account.grid, account.opening
        for charge in tariff.charges.values():
            for cadence in _counted(charge, account):
                if any(period.start < at for period in grid.periods(cadence, at, at.add(nanoseconds=1))):
                    raise stop(
                        "A204",
                        f"the opening {moment_text(at, calendar)} lies inside a period of {charge.title}",
                        charge.span,
                        f"open where a period begins: {cadence}",
                    )


def _counted(charge: tree.Charge, account: Account) -> Iterator[Cadence]:
    """The periods of a line of which all must be known: those that it is billed for, and those of its maximum. Windows
    are looked for elsewhere."""
    cadence = anchored(charge.every, charge.anchor, account.settings, {})
    if not (cadence.of_usage or charge.in_advance):
        yield cadence
    if charge.of_periods is not None:
        yield charge.of_periods.every


def _check_in_force(account: Account, asked: Period) -> None:
    """Nothing may be billed by a list that was not in force: no month outside it, and nothing before or after it
    in the months in which it begins and ends."""
    tariff, calendar = account.tariff, account.calendar
    start = calendar.instant(tariff.effective) if tariff.effective is not None else asked.start
    end = calendar.instant(tariff.until) if tariff.until is not None else asked.end
    if start <= asked.start and asked.end <= end:
        return
    since = f"from {tariff.effective} " if tariff.effective is not None else ""
    holds = f"the price list holds {since}{f'until {tariff.until}' if tariff.until is not None else 'on'}"
    last = asked.end.subtract(nanoseconds=1)
    for outside, at, word in (
        (calendar.period_of(asked.start, MONTHLY).end <= start, asked.start, "starts"),
        (end <= (month := calendar.period_of(last, MONTHLY).start) and month >= _last_end(account, end), last, "ends"),
    ):
        if outside:
            raise stop(
                "A203",
                f"{holds}, and a period {word} on {calendar.date_of(at)}",
                tariff.span,
                "ask for a period within it, or use the list that held then",
            )
    for at, place in _happened(account):
        if at in asked and not start <= at < end:
            raise stop(
                "A203",
                f"{holds}, and this is of {moment_text(at, calendar)}",
                place.span,
                "bill it by the list that held then",
                ("the list", tariff.span),
            )


def _last_end(account: Account, until: Instant) -> Instant:
    """When the last period ends that is the list's: it is billed then."""
    lines = account.tariff.charges.values()
    cadences = {line.name: anchored(line.every, line.anchor, account.settings, {}) for line in lines}
    return LastPeriods(account.plan, account.grid, cadences).end(until)


def _happened(account: Account) -> Iterator[tuple[Instant, Place]]:
    """What an account used and bought, with its line."""
    yield from ((p.start, p.record.place) for p in account.counted.pieces if p.record is not None)
    yield from ((p.at, p.purchase.place) for p in account.bought.purchases)
    yield from ((e.start, e.extension.place) for e in account.bought.extensions)
