"""Price lists over time: the versions of one tariff, and an account that is billed by each in its turn.

A period is rated by the version in force at its start. The account goes from one version to the next where
a period of the earlier one ends, with its balances as they are then; a version that states `changes split
the period` ends its periods on the day of the change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace as with_fields
from whenever import Date, Instant

from ratewright.diagnostics import Diagnostic
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.meaning.unchanged_lines import stays
from ratewright.plan.plan import Plan, plan_of
from ratewright.rating.across_a_change import after_change, before_change, left_to_the_next
from ratewright.rating.bill import Bill
from ratewright.rating.walk import rate
from ratewright.refusal import RatingError, stop
from ratewright.usage.model import Place, Usage
from ratewright.values.calendar import DAILY, Calendar, CalendarError, Period, calendar_of
from ratewright.values.moments import MomentError, parse_moment


def in_order(versions: Sequence[tree.Tariff]) -> list[tree.Tariff]:
    """The versions of one tariff by the days on which they begin. Raises RatingError where they do not adjoin."""
    for version in versions[1:]:
        if version.timezone != versions[0].timezone or not {*version.currencies} & {*versions[0].currencies}:
            raise stop(
                "A209",
                f"two versions of `{version.name}` differ in timezone or currency",
                version.span,
                "versions of one tariff share both; give a list in another currency another name",
                ("the other", versions[0].span),
            )
    for version in versions if len(versions) > 1 else ():
        if version.effective is None and version.until is None:
            raise stop(
                "A209",
                f"`{version.name}` has {len(versions)} versions, and this one does not say from when it holds",
                version.span,
                "write `effective from 2026-01-01 until 2027-01-01`",
            )
    ordered = sorted(versions, key=lambda v: v.effective or Date.MIN)
    for earlier, later in pairwise(ordered):
        if earlier.until != later.effective:
            until = f"until {earlier.until}" if earlier.until is not None else "without an end"
            what = "overlap" if earlier.until is None or earlier.until > later.effective else "leave a gap"  # type: ignore[operator]
            raise stop(
                "A209",
                f"two versions of `{earlier.name}` {what}: one holds {until}, the next from {later.effective}",
                earlier.span,
                f"let the earlier one end where the later begins: `until {later.effective}`",
                ("the next", later.span),
            )
    return ordered


def rate_history(
    versions: Sequence[Plan], usage: Usage, periods: Sequence[Period], limits: Limits = DEFAULT
) -> tuple[list[Bill], list[Diagnostic]]:
    """The bills of an account for consecutive periods, each by the version in force at its start.

    `versions` are the plans of one tariff's, in any order. A period in which a change lies gives two bills.
    """
    try:
        ordered = _plans_in_order(versions)
        if usage.version is not None:
            kept = kept_on([plan.tariff for plan in ordered], usage)
            return rate(plan_of(kept).in_time(always(kept)), usage, periods, limits)
        if len(ordered) == 1:
            bills, problems = rate(ordered[0], usage, periods, limits)
            return _told(bills, ordered[0]), problems
        return _across(ordered, usage, periods, limits), []
    except RatingError as error:
        return [], list(error.diagnostics)


def _plans_in_order(plans: Sequence[Plan]) -> list[Plan]:
    by_list = {id(plan.tariff): plan for plan in plans}
    return [by_list[id(version)] for version in in_order([plan.tariff for plan in plans])]


def cut_at_changes(versions: Sequence[Plan], usage: Usage, periods: Sequence[Period]) -> list[Period]:
    """The periods that bills are made for: those asked for, cut where a version ends. Raises RatingError."""
    ordered = _plans_in_order(versions)
    if usage.version is not None or len(ordered) == 1:
        return list(periods)
    calendar = calendar_of(ordered[0].tariff.timezone)
    switches = [_switch(earlier.tariff, later.tariff, calendar) for earlier, later in pairwise(_splitting(ordered))]
    stretches = [Period(start, end) for start, end in pairwise([Instant.MIN, *switches, Instant.MAX])]
    return [part for period in periods for stretch in stretches for part in _asked([period], stretch)]


def kept_on(versions: Sequence[tree.Tariff], usage: Usage) -> tree.Tariff:
    """The version that an account is kept on. Raises RatingError."""
    place = Place(usage.source, usage.line)
    first = versions[0]
    try:
        moment, _ = parse_moment(usage.version or "", DEFAULT)
        day = calendar_of(first.timezone).date_of(calendar_of(first.timezone).instant(moment))
    except (MomentError, CalendarError) as error:
        raise stop("A209", f"`version: {usage.version}` is no day", place.span, error.help) from error
    for version in versions:
        begun = version.effective is None or version.effective <= day
        if begun and (version.until is None or day < version.until):
            return version
    raise stop(
        "A209",
        f"no version of `{first.name}` held on {day}",
        place.span,
        f"the first holds from {first.effective}",
    )


def always(version: tree.Tariff) -> tree.Tariff:
    """A version that holds for all time."""
    return version.in_time(None, None)


def _across(versions: list[Plan], usage: Usage, periods: Sequence[Period], limits: Limits) -> list[Bill]:
    calendar = calendar_of(versions[0].tariff.timezone)
    versions = _splitting(versions)
    bills: list[Bill] = []
    starts: Instant | None = None
    held = list(_held(versions))
    for number, (version, end) in enumerate(held, start=1):
        if end == Instant.MAX:
            stretch = Period(starts or Instant.MIN, end)
            bills += _told(_bills(_in_force(version, starts, None, calendar), usage, periods, stretch, limits), version)
            break
        if usage.opening is not None and calendar.instant(usage.opening) >= end:
            starts = end  # the balances are of a later time
            continue
        asked = list(_asked(periods, Period(starts or Instant.MIN, end)))
        own = _in_force(version, starts, end, calendar)
        before = before_change(usage, version.tariff, end, calendar)
        made = _rated(own, before, asked or [_last_day(end, calendar)], limits)
        after = _in_force(held[number][0], end, None, calendar)
        bills += _told([left_to_the_next(bill, end, after, usage, limits) for bill in made[: len(asked)]], version)
        if not periods or periods[-1].end <= end:
            break
        usage = after_change(usage, made[-1], held[number][0].tariff, end, calendar)
        starts = end
    return bills


def _held(versions: Sequence[Plan]) -> Iterator[tuple[Plan, Instant]]:
    """The versions with when each ends for the account; not those in whose time no period begins."""
    begun = Instant.MIN
    for version, end in zip(versions, [*switches([plan.tariff for plan in versions]), Instant.MAX], strict=True):
        if begun < end:
            yield version, end
            begun = end


def _splitting(versions: list[Plan]) -> list[Plan]:
    """A change splits the period if either of the two lists that meet there states it: both end theirs there."""
    lists = [plan.tariff for plan in versions]
    stated = [False, *(earlier.splits or later.splits for earlier, later in pairwise(lists)), False]
    around = zip(versions, pairwise(stated), strict=True)
    return [plan.in_time(with_fields(plan.tariff, splits=before or after)) for plan, (before, after) in around]


def _told(bills: Sequence[Bill], version: Plan) -> list[Bill]:
    """Bills with the version as it is written, not as it rates; under a contract its days are the list's own."""
    written, under = version.tariff, version.tariff.contract
    if under is not None:
        written = with_fields(written, effective=under.by_list.effective, until=under.by_list.until)
    return [bill if bill.tariff is written else with_fields(bill, tariff=written) for bill in bills]


def _last_day(end: Instant, calendar: Calendar) -> Period:
    """The day before a change, for the balances there, where no period that is asked for comes up to it."""
    return Period(calendar.period_of(end.subtract(nanoseconds=1), DAILY).start, end)


def _bills(version: Plan, usage: Usage, periods: Sequence[Period], within: Period, limits: Limits) -> list[Bill]:
    asked = list(_asked(periods, within))
    return _rated(version, usage, asked, limits) if asked else []


def _rated(version: Plan, usage: Usage, periods: Sequence[Period], limits: Limits) -> list[Bill]:
    bills, problems = rate(version, usage, periods, limits)
    if problems:
        raise RatingError(problems)
    return bills


def _asked(periods: Sequence[Period], within: Period) -> Iterator[Period]:
    """The parts of the periods asked for that lie in a version's time."""
    for period in periods:
        start, end = max(period.start, within.start), min(period.end, within.end)
        if start < end:
            yield Period(start, end)


def _in_force(version: Plan, start: Instant | None, end: Instant | None, calendar: Calendar) -> Plan:
    """A version with the time for which it rates: until its last period ends."""
    written = version.tariff
    effective = written.effective if start is None else calendar.date_of(start)
    until = written.until if end is None else calendar.date_of(end)
    return version.in_time(with_fields(written, effective=effective, until=until))


def _switch(earlier: tree.Tariff, later: tree.Tariff, calendar: Calendar) -> Instant:
    """When accounts go from one version to the next. Raises RatingError where lines do not agree on it."""
    assert later.effective is not None
    change = calendar.instant(later.effective)
    if earlier.splits or later.splits:
        _refuse_half_filled(earlier, change, calendar)
        return change
    found: dict[Instant, tree.Charge] = {}
    for charge in {**later.charges, **earlier.charges}.values():
        if _of_usage(charge):
            if not stays(charge.name, earlier, later):
                found.setdefault(change, charge)  # what is used from then on has a period of its own
            continue
        most = charge.of_periods
        if charge.name not in earlier.charges or (most is None and charge.at_once):
            continue
        if charge.anchor is not None:
            raise stop(
                "A209",
                f"periods of `{charge.name}` are an account's own, and a change of prices lies in them",
                charge.span,
                "state `changes split the period` in the tariff block",
            )
        period = calendar.period_of(change, most.every if most is not None else charge.every)
        found.setdefault(change if period.start == change else period.end, charge)
    if len(found) > 1:
        (first, one), (second, other), *_ = sorted(found.items())
        raise stop(
            "A209",
            f"prices change on {later.effective}: {_until(one, first, calendar)}, and"
            f" {_until(other, second, calendar)}",
            other.span,
            "let versions meet where all periods end, or state `changes split the period`",
            ("the other", one.span),
        )
    return next(iter(found), change)


def _of_usage(charge: tree.Charge) -> bool:
    """Whether the periods of a line come from the records alone."""
    return charge.of_periods is None and charge.every.of_usage and not charge.at_once


def _until(charge: tree.Charge, end: Instant, calendar: Calendar) -> str:
    """Until when a line is billed by the earlier of two versions."""
    if _of_usage(charge):
        return f"`{charge.name}` prices what is used from then on by the new list"
    return f"a period of `{charge.name}` ends on {calendar.date_of(end)}"


def _refuse_half_filled(version: tree.Tariff, change: Instant, calendar: Calendar) -> None:
    """Refuse to split a cycle that usage fills: what it holds is known when it ends, and pays for all of it."""
    for pool in version.pools.values():
        if not pool.filled_by or pool.renews is None:
            continue
        if pool.renews.anchor is not None or calendar.period_of(change, pool.renews.cadence).start != change:
            raise stop(
                "A209",
                f"prices change on {calendar.date_of(change)}, inside a cycle of `{pool.name}`, which usage fills:"
                " what it holds is known when it ends",
                pool.span,
                f"let the versions meet where a cycle of `{pool.name}` begins",
            )


def switches(versions: Sequence[tree.Tariff]) -> list[Instant]:
    """When accounts go from each version to the next. Raises RatingError where lines do not agree on it."""
    calendar = calendar_of(versions[0].timezone)
    return [_switch(earlier, later, calendar) for earlier, later in pairwise(versions)]
