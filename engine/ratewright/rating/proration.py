"""A share of a period: by the days on which a line holds, or by any ratio."""

from __future__ import annotations

from collections.abc import Callable

from ratewright.account.setting_timeline import Settings
from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.values.calendar import Cadence, Period, PeriodUnit
from ratewright.values.exact import Exact, exact, ratio

SettingValues = Callable[[tree.Expression, Period], dict[str, object]]


def prorated(
    charge: tree.Charge,
    amount: Exact,
    periods: tuple[Period, Period],
    values: dict[str, object],
    settings: Settings,
    setting_values: SettingValues,
) -> trace.ProrationTrace | None:
    """The share of an amount that a line takes; None where it takes the whole.

    `periods` are the one that is priced, and the whole one that it was cut from.
    """
    period, whole = periods
    if charge.by_day:
        days, of = _days(charge, period, settings), settings.calendar.days_in(whole)
        share = ratio(days, of) if of else 0
        return trace.ProrationTrace(None, days, of, share, amount, exact(amount * share))
    if charge.prorated is None:
        return None
    asked = {**values, **setting_values(charge.prorated, period)}
    how = settings.reader.worked(charge.prorated, asked)
    found: Exact = how.value
    return trace.ProrationTrace(charge.prorated.span, None, None, found, amount, exact(amount * found), how)


def _days(charge: tree.Charge, period: Period, settings: Settings) -> int:
    """The days of the period on which the line holds.

    A day is asked at its last instant: the day on which something begins counts, the day on which it ends
    does not.
    """
    days = 0
    activated = settings.timelines["activation"].values[0]
    for day in settings.calendar.periods(Cadence(PeriodUnit.DAY), period.start, period.end):
        last = day.end.subtract(nanoseconds=1)
        if activated is not None and activated > last:  # type: ignore[operator]
            continue
        if charge.when is None or settings.ask(charge.when, last, {}).holds:
            days += 1
    return days
