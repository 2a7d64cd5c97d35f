"""Price lists over time: the versions of one tariff, and an account that is billed by each in its turn.

A period is rated by the version in force at its start. The account goes from one version to the next where
a period of the earlier one ends, with its balances as they are then; a version that states `changes split
the period` ends its periods on the day of the change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from msgspec.structs import replace as with_fields
from whenever import Date, Instant

from ratewright.diagnostics import Diagnostic
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in, sums_of_records
from ratewright.plan.plan import Plan, plan_of
from ratewright.quota.balances import Balance as Held
from ratewright.rating.bill import Bill
from ratewright.rating.walk import rate
from ratewright.refusal import RatingError, stop
from ratewright.usage.model import Amount, Balance, Form, Place, Record, Usage
from ratewright.values.calendar import DAILY, Calendar, CalendarError, Period, calendar_of
from ratewright.values.lot_names import parse
from ratewright.values.moments import MomentError, parse_moment
from ratewright.values.units import currency_unit, in_unit, quantity_text


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
        before = _before(usage, version.tariff, end, calendar)
        made = _rated(own, before, asked or [_last_day(end, calendar)], limits)
        bills += _told([_left_to_the_next(bill, end) for bill in made[: len(asked)]], version)
        if not periods or periods[-1].end <= end:
            break
        usage = _after(usage, made[-1], held[number][0].tariff, end, calendar)
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
    for charge in earlier.charges.values():
        most = charge.of_periods
        if most is None and (charge.every.alone or charge.at_once):
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
            f"prices change on {later.effective}: a period of `{one.name}` ends on {calendar.date_of(first)},"
            f" one of `{other.name}` on {calendar.date_of(second)}",
            other.span,
            "let versions meet where all periods end, or state `changes split the period`",
            ("the other", one.span),
        )
    return next(iter(found), change)


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


def _before(usage: Usage, version: tree.Tariff, end: Instant, calendar: Calendar) -> Usage:
    """What happened before a change; states that hold across it are cut."""
    records = []
    for record in usage.records:
        start, until = _times(record, calendar)
        if start >= end:
            continue
        if until is not None and until > end:
            _refuse_total(record, version, end, calendar)
            records.append(_part(record, start, end))
        else:
            records.append(record)
    return _with(
        usage,
        records=tuple(records),
        purchases=tuple(p for p in usage.purchases if calendar.instant(p.at) < end),
        extensions=tuple(e for e in usage.extensions if calendar.instant(e.start) < end),
        refunds=tuple(r for r in usage.refunds if calendar.instant(r.at) < end),
        pauses=tuple(r for r in usage.pauses if calendar.instant(r.at) < end),
        withdrawals=tuple(w for w in usage.withdrawals if calendar.instant(w.at) < end),
        asked_later=frozenset(r.purchase for r in (*usage.refunds, *usage.pauses) if calendar.instant(r.at) >= end),
    )


def _after(usage: Usage, last: Bill, version: tree.Tariff, start: Instant, calendar: Calendar) -> Usage:
    """What happens from a change on, with the balances that the earlier version left. Raises RatingError."""
    records, past = [], list(usage.history or ())
    for record in usage.records:
        begun, until = _times(record, calendar)
        if begun >= start:
            records.append(record)
        elif until is not None and until > start:
            past.append(with_fields(_part(record, begun, start), goes_on=True))
            records.append(_part(record, start, until))
        else:
            past.append(record)
    place = Place(usage.source, usage.line)
    return _with(
        usage,
        opening=start,
        openings=(*usage.openings, usage.known_from),
        granted=last.granted,
        gone=tuple(_balance(held, last, place) for held in _asked_of(last, version)),
        records=tuple(records),
        history=tuple(past),
        grants=usage.grants,
        balances=tuple(
            _balance(held, last, place, anew=_given_anew(held, last, start)) for held in _going_on(last, version, start)
        ),
        purchases=tuple(p for p in usage.purchases if calendar.instant(p.at) >= start),
        refunds=tuple(r for r in usage.refunds if calendar.instant(r.at) >= start),
        pauses=tuple(r for r in usage.pauses if calendar.instant(r.at) >= start),
        withdrawals=tuple(w for w in usage.withdrawals if calendar.instant(w.at) >= start),
    )


def _asked_of(last: Bill, version: tree.Tariff) -> Iterator[Held]:
    """The lots that are over and of which later requests speak. Raises RatingError where the version has no such
    quota."""
    for held in last.gone:
        if held.source not in version.pools:
            raise stop(
                "A209",
                f"the version from {version.effective} has no `{held.source}`, "
                f"and a request speaks of `{held.lot}` then",
                version.span,
                f"keep `{held.source}` in that version, or take the request out",
                ("the quota", last.tariff.pools[held.source].span),
            )
        yield held


def _going_on(last: Bill, version: tree.Tariff, change: Instant) -> Iterator[Held]:
    """The lots that go on under a later version, and the cycles that pay something back. Raises RatingError where it
    has no such quota and some is left, or no next cycle to pay back what is overdrawn."""
    for held in last.balances:
        owed = held.repaid if _given_anew(held, last, change) else max(-held.remaining, 0)
        if not owed and _given_anew(held, last, change):
            continue
        pool = version.pools.get(held.source)
        if pool is not None and (pool.renews is not None or not owed):
            yield held
        elif held.remaining or owed:
            how = "has no" if pool is None else "does not renew"
            left = f"{quantity_text(held.remaining, held.unit)} of `{held.lot}` are left"
            owes = f"{quantity_text(owed, held.unit)} were used beforehand, which `{held.lot}` or the next has less"
            raise stop(
                "A209",
                f"the version from {version.effective} {how} `{held.source}`, and {owes if owed else left}",
                version.span,
                f"keep `{held.source}` in that version while lots of it are valid"
                if pool is None
                else f"let `{held.source}` renew until what was overdrawn is paid back",
                ("the quota", last.tariff.pools[held.source].span),
            )


def _given_anew(held: Held, last: Bill, change: Instant) -> bool:
    """Whether a lot is given from the change on, by the list that holds then."""
    if last.tariff.pools[held.source].kind is not tree.PoolKind.GRANT or parse(held.lot).rolled:
        return False
    return held.starts is not None and held.starts >= change


def _left_to_the_next(bill: Bill, change: Instant) -> Bill:
    """A bill without the cycles that the version from its end on gives anew, of which none pays anything back."""
    if bill.period.end < change:
        return bill
    kept = tuple(held for held in bill.balances if held.repaid or not _given_anew(held, bill, change))
    return with_fields(bill, balances=kept)


def _with(usage: Usage, **changes: object) -> Usage:
    return replace(usage, **changes)  # type: ignore[arg-type]


def _balance(held: Held, bill: Bill, place: Place, *, anew: bool = False) -> Balance:
    """A balance as the later version takes it: of a cycle that is given `anew` only what it pays back."""
    unit = held.unit
    money = currency_unit(bill.tariff.currency)

    def amount(value: object) -> Amount:
        return Amount(in_unit(value, unit), unit.singular or None)  # type: ignore[arg-type]

    return Balance(
        held.source,
        amount(held.remaining),
        place,
        lot=held.lot,
        expires=None if anew else held.expires,
        starts=held.starts,
        size=None if anew else amount(held.size),
        purchased=held.purchased,
        paid=Amount(held.paid, money.singular) if held.paid is not None else None,
        attributes=dict(held.attributes),
        drawn=amount(held.drawn) if held.drawn is not None else None,
        withdrawn=amount(held.withdrawn) if held.withdrawn else None,
        repaid=amount(held.repaid) if held.repaid else None,
        anew=anew,
        refunded=held.refunded,
        valid_from=held.valid_from,
        valid_until=held.valid_until,
    )


def _times(record: Record, calendar: Calendar) -> tuple[Instant, Instant | None]:
    start = calendar.instant(record.start)
    return start, calendar.instant(record.end) if record.end is not None else None


def _part(record: Record, start: Instant, end: Instant) -> Record:
    whole = record.whole or (record.start, record.end or record.start)
    return with_fields(record, start=start, end=end, whole=whole)


def _refuse_total(record: Record, version: tree.Tariff, change: Instant, calendar: Calendar) -> None:
    """Refuse what a change of prices would cut, and be counted on both sides: totals, and states whose quantity is
    added up and not a level that holds on each side for as long as it does."""
    when = calendar.date_of(change)
    if record.form is Form.TOTAL:
        raise stop(
            "A301",
            f"prices change on {when}, inside this total: how much of it came before is not known",
            record.place.span,
            "split the total at that time, or give the records themselves",
        )
    for meter in version.meters.values():
        if (meter.reads or meter.name) != record.meter:
            continue
        summed = next((part for part in sums_of_records(meter.measure) if not _by_time(part)), None)
        if summed is not None:
            raise stop(
                "A301",
                f"prices change on {when}, inside this record, and `{summed.span.text}` adds up what it has: how much "
                "of it came before is not known",
                record.place.span,
                f"split it at {when}, with what each part has",
                ("the meter", meter.span),
            )


def _by_time(part: tree.Aggregate) -> bool:
    """Whether what a sum adds up of a record goes by how long it lasted."""
    return part.operand is not None and any(given.key == "record:lasted" for given in given_in(part.operand))
