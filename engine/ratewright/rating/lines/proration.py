"""A share of a period: by the days on which a line holds, or by any ratio."""

from __future__ import annotations

from msgspec import Struct
from whenever import Instant

from ratewright.derivation.trace import Arithmetic, ProrationTrace
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.pricing.settling import share_of_days
from ratewright.rating.lines.line_formulas import LineFormulas
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact


class Share(Struct, frozen=True):
    """A ratio, and what it is: `days` of `of` days, or a formula with its arithmetic `how`."""

    ratio: Exact
    days: int | None = None
    of: int | None = None
    span: Span | None = None
    how: Arithmetic | None = None

    def told(self, before: Exact, after: Exact) -> ProrationTrace:
        """What the share made of an amount."""
        return ProrationTrace(self.span, self.days, self.of, self.ratio, before, after, self.how)


def share_of(charge: tree.Charge, period: Period, whole: Period, formulas: LineFormulas) -> Share | None:
    """The share of its amount that a line takes; None where it takes the whole.

    `period` is the one that is priced, `whole` the one that it was cut from where a change of prices cuts it: the
    shares of its parts add up to no more than 1. Raises RatingError.
    """
    if charge.by_day:
        return share_by_day(charge, period, whole, formulas)
    if charge.prorated is None:
        return None
    worked = formulas.ask(charge.prorated)
    return Share(worked.value, span=charge.prorated.span, how=worked.how)


def share_by_day(charge: tree.Charge, period: Period, whole: Period, formulas: LineFormulas) -> Share:
    """The days of a period on which a line holds, as a share of all days of the `whole`. Raises RatingError."""
    last_instants = list(formulas.settings.calendar.ends_of_days(whole))
    if charge.in_advance:  # all days from its beginning: what happens later is not known yet
        days = sum(period.start <= last for last in last_instants)
    else:
        days = sum(_holds(charge, last, formulas) for last in last_instants if last in period)
    return Share(share_of_days(days, len(last_instants)), days, len(last_instants))


def _holds(charge: tree.Charge, instant: Instant, formulas: LineFormulas) -> bool:
    """Whether a line holds on a day that ends with an instant: the day on which something begins counts, the day on
    which it ends does not."""
    activated = formulas.settings.timelines["activation"].values[0]
    if isinstance(activated, Instant) and activated > instant:
        return False
    return charge.when is None or formulas.holds_at(charge.when, instant)
