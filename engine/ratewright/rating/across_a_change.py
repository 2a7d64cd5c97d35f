"""What an account's data are on each side of a change of prices: what happened before it, and what happens from then on
with the balances that the earlier version left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from msgspec.structs import replace as with_fields
from whenever import Instant

from ratewright.account.binding import bind
from ratewright.account.counted.record_formulas import added_up
from ratewright.limits import Limits
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in
from ratewright.plan.plan import Plan
from ratewright.quota.balances import Balance as Held
from ratewright.quota.cycles import Renewing
from ratewright.rating.bill import Bill
from ratewright.refusal import stop
from ratewright.usage.model import Amount, Balance, Form, Place, Record, Usage
from ratewright.values.calendar import Calendar
from ratewright.values.exact import Exact
from ratewright.values.lot_names import parse
from ratewright.values.units import currency_unit, in_unit, quantity_text


def before_change(usage: Usage, version: tree.Tariff, end: Instant, calendar: Calendar) -> Usage:
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
    return replace(
        usage,
        records=tuple(records),
        purchases=tuple(p for p in usage.purchases if calendar.instant(p.at) < end),
        extensions=tuple(e for e in usage.extensions if calendar.instant(e.start) < end),
        refunds=tuple(r for r in usage.refunds if calendar.instant(r.at) < end),
        pauses=tuple(r for r in usage.pauses if calendar.instant(r.at) < end),
        withdrawals=tuple(w for w in usage.withdrawals if calendar.instant(w.at) < end),
        asked_later=frozenset(r.purchase for r in (*usage.refunds, *usage.pauses) if calendar.instant(r.at) >= end),
    )


def after_change(usage: Usage, last: Bill, version: tree.Tariff, start: Instant, calendar: Calendar) -> Usage:
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
    return replace(
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
            drop = version.contract.dropped(held.source) if version.contract is not None else None
            if drop is not None:
                raise stop(
                    "A209",
                    f"{drop.contract} drops `{held.source}` from {version.effective}, and {owes if owed else left}",
                    drop.span,
                    f"let the contract keep `{held.source}` while lots of it are valid",
                    ("the quota", last.tariff.pools[held.source].span),
                )
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


def left_to_the_next(bill: Bill, change: Instant, after: Plan, usage: Usage, limits: Limits) -> Bill:
    """A bill without the cycles that the version `after` its end gives anew; one that pays something back is told as
    that version has it."""
    if bill.period.end < change:
        return bill
    anew = [held for held in bill.balances if _given_anew(held, bill, change)]
    owing = {held.lot: held for held in anew if held.repaid}
    if owing:
        owing |= _as_given(owing, bill, after, usage, limits)
    left_out = {held.lot for held in anew} - owing.keys()
    balances = tuple(owing.get(held.lot, held) for held in bill.balances if held.lot not in left_out)
    return with_fields(bill, balances=balances)


def _as_given(owing: dict[str, Held], bill: Bill, after: Plan, usage: Usage, limits: Limits) -> dict[str, Held]:
    """The cycles that pay something back, as a later version gives them: with its size, and for its time."""
    place, change = Place(usage.source, usage.line), bill.period.end
    renewing = [held for held in owing.values() if (pool := after.tariff.pools.get(held.source)) and pool.renews]
    only = Usage(
        usage.account,
        usage.source,
        activated=usage.activated,
        opening=change,
        settings=usage.settings,
        grants=usage.grants,
        balances=tuple(_balance(held, bill, place, anew=True) for held in renewing),
        currency=usage.currency,
    )
    account, _ = bind(after, only, limits)
    given = {one.id: one for one in account.bought.holdings.every()} if account is not None else {}
    found = {}
    for held in renewing:
        one = given.get(str(parse(held.lot).whole))
        lot = one.cycle(change) if isinstance(one, Renewing) else None
        if lot is not None:
            found[held.lot] = with_fields(
                held, lot=lot.id, remaining=lot.left, size=lot.size, starts=lot.starts, expires=lot.expires
            )
    return found


def _balance(held: Held, bill: Bill, place: Place, *, anew: bool = False) -> Balance:
    """A balance as the later version takes it: of a cycle that is given `anew` only what it pays back."""
    unit = held.unit
    money = currency_unit(bill.tariff.currency).singular

    def amount(value: Exact) -> Amount:
        return Amount(in_unit(value, unit), unit.singular or None)

    return Balance(
        held.source,
        amount(held.remaining),
        place,
        lot=held.lot,
        expires=None if anew else held.expires,
        starts=held.starts,
        size=None if anew else amount(held.size),
        purchased=held.purchased,
        paid=Amount(held.paid, money) if held.paid is not None else None,
        list_price=Amount(held.list_price, money) if held.list_price is not None else None,
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
        summed = next((part for part in added_up(meter.measure) if not _by_time(part)), None)
        if summed is not None:
            raise stop(
                "A301",
                f"prices change on {when}, inside this record, and `{summed.span.text}` adds up what it has: how much "
                "of it came before is not known",
                record.place.span,
                f"split it at {when}, with what each part has",
                ("the meter", meter.span),
            )


def _by_time(part: tree.Expression) -> bool:
    """Whether what a sum adds up of a record goes by how long it lasted."""
    return (
        isinstance(part, tree.Aggregate)
        and part.operand is not None
        and any(given.key == "record:lasted" for given in given_in(part.operand))
    )
