"""Which periods a trial is billed for, and which stretch of time an expectation speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whenever import Date

from ratewright.limits import Limits
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan
from ratewright.rating.bill import Bill
from ratewright.rating.corrections import rate_account
from ratewright.refusal import RatingError
from ratewright.trial.billed import Rate
from ratewright.usage.model import Usage
from ratewright.values.calendar import MONTHLY, Cadence, Calendar, Period, PeriodUnit


def asked_period(expectation: tree.Expectation, calendar: Calendar) -> Period | None:
    """The month, the day, or the hour that starts at an instant; None for all there is."""
    at = expectation.at
    if at is None:
        return None
    unit = PeriodUnit.DAY if isinstance(at.moment, Date) else PeriodUnit.HOUR
    if at.month:
        unit = PeriodUnit.MONTH
    return calendar.period_of(calendar.instant(at.moment), Cadence(unit))


def months_over(touched: Sequence[Period], asked: Iterable[Period | None], calendar: Calendar) -> list[Period]:
    """All months from the first to the last that the data or the expectations touch."""
    months = set(touched)
    for within in asked:
        if within is not None:
            months.update(calendar.periods(MONTHLY, within.start, within.end))
    return list(calendar.periods(MONTHLY, min(months).start, max(months).end)) if months else []


def rating(versions: Sequence[Plan], usage: Usage, limits: Limits) -> Rate:
    """What makes bills of one account for any periods."""

    def rate(periods: Sequence[Period]) -> list[Bill]:
        bills, problems = rate_account(versions, usage, periods, limits)
        if problems:
            raise RatingError(problems)
        return bills

    return rate
