"""One of the two bills that are compared: what it is made from, and whether it can be compared with the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec import Struct

from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan, plan_of
from ratewright.rating.currencies import in_currency_of
from ratewright.rating.versions import always, in_order, kept_on
from ratewright.refusal import RatingError, stop
from ratewright.usage.model import Place, Usage
from ratewright.values.calendar import DAILY, MONTHLY, Calendar, Period, calendar_of


class Side(Struct, frozen=True):
    """The plans that hold for an account in turn, its data, and the period of its bill."""

    plans: tuple[Plan, ...]
    usage: Usage
    period: Period

    @property
    def calendar(self) -> Calendar:
        return calendar_of(self.plans[0].tariff.timezone)

    @property
    def currency(self) -> str:
        return self.plans[0].tariff.currency


def side_of(plans: Sequence[Plan], usage: Usage, periods: Sequence[Period]) -> Side:
    """A side, in the account's currency; one that is kept on a version has only that. Raises RatingError."""
    if len(periods) != 1:
        raise _refused(f"{len(periods):,} periods asked for, and one bill is compared with another", _ONE_PERIOD)
    own = in_currency_of(usage, plans)
    if usage.version is not None:
        kept = kept_on(in_order([plan.tariff for plan in own]), usage)
        own, usage = [plan_of(kept).in_time(always(kept))], replace(usage, version=None)
    else:
        by_list = {id(plan.tariff): plan for plan in own}
        own = [by_list[id(version)] for version in in_order([plan.tariff for plan in own])]
    return Side(tuple(own), usage, periods[0])


_ONE_PERIOD = "name one month or one day: `--period 2026-03 --against-period 2026-02`"


def check_alike(was: Side, now: Side) -> None:
    """Refuse two sides of which the difference would say nothing. Raises RatingError."""
    one, other = was.usage, now.usage
    if one.account != other.account:
        place = Place(one.source, one.line)
        message = f"the bills are of two accounts: `{one.account}` and `{other.account}`"
        raise stop("A211", message, place.span, "compare two bills of one account")
    old, new = was.plans[0].tariff, now.plans[0].tariff
    for what, of_old, of_new in (
        ("currencies", old.currency, new.currency),
        ("timezones", old.timezone, new.timezone),
    ):
        if of_old != of_new:
            raise _of_lists(f"the bills are in two {what}: {of_old} and {of_new}", old, new)
    kinds = [_kind(side) for side in (was, now)]
    if kinds[0] != kinds[1]:
        raise _refused(f"a {kinds[1]} is compared with a {kinds[0]}", "name two months, or two days")


def _kind(side: Side) -> str:
    for cadence in (DAILY, MONTHLY):
        if side.calendar.period_of(side.period.start, cadence) == side.period:
            return cadence.unit.value
    return "stretch of time"


def _of_lists(message: str, old: tree.Tariff, new: tree.Tariff) -> RatingError:
    return stop("A211", message, old.span, "compare bills by lists that share both", ("the other list", new.span))


def _refused(message: str, help: str) -> RatingError:
    return stop("A211", message, None, help)
