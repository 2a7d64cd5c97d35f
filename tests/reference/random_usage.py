"""Random accounts: when they began, what they used, bought, gave back and set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from tests.reference.account import Account, Purchase, Record, Request, Result, Withdrawal
from tests.reference.cases import MONTHS, REGIONS, Declaration, Draft, Meter
from tests.reference.clock import Clock, Length

SETTINGS = (
    ("pro", ("on", "off")),
    ("plan", ("free", "pro_plan", "max_plan")),
    ("base", ("5 pics", "20 pics")),
)


def add_account(draft: Draft, clock: Clock, earliest: datetime) -> Account:
    """`earliest`: before it nothing happens."""
    activated = _activated(draft, clock, earliest)
    end = clock.month(MONTHS[-1]).end
    seconds = int((end - activated).total_seconds())

    def moment() -> datetime:
        return activated + timedelta(seconds=draft.random.randrange(seconds))

    records: list[Record] = []
    for meter in draft.meters:
        if meter.source == meter.name:
            records += (_record(draft, meter, clock, activated, moment()) for _ in range(draft.pick(0, 1, 2, 3, 5, 8)))
    records = _one_after_another(draft, records)
    results = _results(draft, clock, activated)
    taken = {(meter.source, result.month) for result in results for meter in draft.meters if meter.name == result.meter}
    records = [each for each in records if (each.meter, f"{clock.local(each.start):%Y-%m}") not in taken]
    purchases: list[Purchase] = []
    for name, (sizes, scope) in draft.packages.items():
        for _ in range(draft.pick(0, 1, 1, 2)):
            at = moment()
            if name in draft.from_months and draft.maybe(0.9):
                at = clock.month(draft.pick(*MONTHS[1:])).start
            marks = (("region", draft.pick(*REGIONS)),) if scope and draft.maybe(0.7) else ()
            count = draft.pick(1, 1, 1, 2, 3)
            paid = f"{draft.cents()} USD" if draft.maybe(0.15) else None
            purchases.append(Purchase(f"p{len(purchases) + 1}", name, draft.pick(*sizes), at, count, paid, marks))
    records = _at_edges(draft, clock, records, purchases)
    if "total" not in draft.chains and draft.maybe(0.15):
        records = [_late(draft, record) for record in records]
    pauses = [each for purchase in purchases if draft.maybe(0.05) for each in _requests(draft, clock, purchase, end)]
    subaccounts = ("north", "south") if draft.maybe(0.1) else ()
    records = [_used_by(draft, record, subaccounts) for record in records]
    refunds = [each for purchase in purchases if draft.maybe(0.3) for each in _requests(draft, clock, purchase, end)]
    return Account(
        activated,
        _settings(draft, clock),
        tuple(records),
        tuple(purchases),
        tuple(refunds),
        tuple(draft.sizes),
        tuple(pauses),
        tuple(results),
        _withdrawals(draft, purchases, moment, end),
        subaccounts,
    )


def _results(draft: Draft, clock: Clock, activated: datetime) -> list[Result]:
    """Now and then what a meter measured in a month, for months by which all lines on it are billed."""
    found = []
    for meter in draft.meters:
        cadences = {draft.cadences[line] for line in draft.charges.get(meter.name, ())}
        if meter.summed or cadences - {"every month"} or draft.maybe(0.85):
            continue
        for month in draft.random.sample(MONTHS, draft.number(1, 3)):
            marks = {"by region": ("region",), "by region, class": ("region", "class")}.get(meter.by, ())
            values = {"region": draft.pick(*REGIONS), "class": draft.pick("small", "big")}
            fields = tuple((name, values[name]) for name in marks)
            if clock.month(month).start >= activated:
                found.append(Result(meter.name, month, f"{draft.pick(0, draft.number(1, 60))} {meter.unit}", fields))
    return found


def _used_by(draft: Draft, record: Record, subaccounts: tuple[str, ...]) -> Record:
    """The record, perhaps of a subaccount."""
    if not subaccounts or draft.maybe(0.3):
        return record
    return replace(record, fields=(*record.fields, ("subaccount", draft.pick(*subaccounts))))


def _activated(draft: Draft, clock: Clock, earliest: datetime) -> datetime:
    activated = earliest
    if draft.maybe(0.5):
        activated += timedelta(days=draft.number(0, 15), hours=draft.number(5, 23))
    if any(" from activation" in every for every in draft.cadences.values()):
        noon = timedelta(hours=draft.pick(0, 12))
        activated = max(clock.around("day", activated).start + noon, earliest)
    return activated


def _one_after_another(draft: Draft, records: list[Record]) -> list[Record]:
    """Without readings that begin before another of their meter ends."""
    read = {meter.name for meter in draft.meters if meter.form == "reading"}
    kept: list[Record] = []
    for record in sorted(records, key=lambda each: each.start):
        before = [each for each in kept if each.meter == record.meter and record.meter in read]
        if not before or (before[-1].end or record.start) <= record.start:
            kept.append(record)
    return kept


def _at_edges(draft: Draft, clock: Clock, records: list[Record], purchases: list[Purchase]) -> list[Record]:
    """Some events just where something begins or ends: a day, a month, a lot. No two, but for twins, at one instant:
    in which order records with different marks are served then, the documents do not say."""
    month = Length(months=1)
    bought = [purchase.at for purchase in purchases]
    edges = [*bought, *(clock.add(at, month) for at in bought), *(clock.month(each).start for each in MONTHS[1:])]
    taken: set[datetime] = set()
    moved: list[Record] = []
    for record in records:
        at = record.start
        if record.form == "event" and draft.maybe(0.25):
            at = draft.pick(*edges, clock.around("day", at).end, clock.around("week", at).end)
        inside = records[0].start <= at < clock.month(MONTHS[-1]).end and at not in taken
        moved.append(_from(record, at) if inside else record)
        taken.add(moved[-1].start)
        if record.form == "event" and draft.maybe(0.05):
            moved.append(replace(moved[-1], quantity=f"{draft.number(1, 60)} {record.quantity.partition(' ')[2]}"))
    return moved


def _from(record: Record, at: datetime) -> Record:
    """The record at another time."""
    return replace(record, start=at, end=None if record.end is None else record.end + (at - record.start))


def _late(draft: Draft, record: Record) -> Record:
    """The record, perhaps known only days or weeks after it happened."""
    if record.form == "state" or draft.maybe(0.6):
        return record
    return replace(record, reported=(record.end or record.start) + timedelta(hours=draft.number(1, 1500)))


def _requests(draft: Draft, clock: Clock, purchase: Purchase, end: datetime) -> list[Request]:
    """A request for all of a purchase or one of its lots, perhaps at the last instant of a time that rules name; now
    and then a second one."""
    lots = [f"{purchase.id}#{number}" for number in range(1, purchase.count + 1)] if purchase.count > 1 else []
    lasts = [clock.add(purchase.at, each) for each in (Length(days=7), Length(days=14), Length(months=1))]
    lasts.append(purchase.at + timedelta(hours=48))
    found = []
    for _ in range(draft.pick(1, 1, 2)):
        at = purchase.at + timedelta(seconds=draft.pick(3600, draft.number(1, 40 * 86400)))
        if draft.maybe(0.4):
            at = draft.pick(*lasts) + timedelta(seconds=draft.pick(-1, 0, 1))
        found.append(Request(draft.pick(purchase.id, purchase.id, *lots), at))
    return [each for each in found if each.at < end]


def _withdrawals(
    draft: Draft, purchases: list[Purchase], moment: Callable[[], datetime], end: datetime
) -> tuple[Withdrawal, ...]:
    """Some quota taken back, of pools that are drawn in order of time: what is settled later must be decided before."""
    if draft.maybe(0.7):  # most that are written meet a lot that has not begun, or is empty: both sides refuse them
        return ()
    ordered = " ".join(part.head for part in draft.parts if " in order of " in part.head)
    filled = {  # and what shares a chain with what usage fills
        name
        for chain in draft.chains.values()
        for name in ", ".join(chain).split(", ")
        if any(part.head == f"grant {other}" and _is_filled(part) for other in ", ".join(chain).split(", ")
               for part in draft.parts)
    }  # fmt: skip
    found = []
    for meter in draft.meters:
        for name in (name for rank in draft.chains.get(meter.name, ()) for name in rank.split(", ")):
            if name in ordered or name in filled or draft.maybe(0.85):
                continue
            quantity = f"{draft.number(1, 8)} {meter.unit}"
            bought = [each for each in purchases if each.package == name]
            if bought:
                purchase = draft.pick(*bought)
                at = min(purchase.at + timedelta(hours=draft.number(0, 400)), end - timedelta(hours=1))
                of = ("purchase", purchase.id) if draft.maybe(0.5) else ("package", name)
                found.append(Withdrawal(*of, quantity, at))
            elif name not in draft.packages:
                scoped = any(part.head == f"grant {name}" and "scope region" in part.statements for part in draft.parts)
                scope = (("region", draft.pick(*REGIONS)),) if scoped else ()
                found.append(Withdrawal("grant", name, quantity, moment(), scope))
    return tuple(found)


def _is_filled(part: Declaration) -> bool:
    return any(each.startswith("size m") for each in part.statements)


def _settings(draft: Draft, clock: Clock) -> tuple[tuple[str, datetime | None, str], ...]:
    settings: list[tuple[str, datetime | None, str]] = []
    for name, values in SETTINGS:
        if draft.maybe(0.6):
            continue
        first = draft.pick(None, clock.month(MONTHS[1]).start)
        settings.append((name, first, draft.pick(*values)))
        if first is not None and draft.maybe(0.5):
            inside = clock.around("day", first + timedelta(days=draft.number(3, 40))).start
            settings.append((name, draft.pick(clock.month(MONTHS[2]).start, inside), draft.pick(*values)))
    return tuple(settings)


def _record(draft: Draft, meter: Meter, clock: Clock, activated: datetime, at: datetime) -> Record:
    fields = []
    if draft.maybe(0.6):
        fields.append(("region", draft.pick(*REGIONS)))
    if draft.maybe(0.3):
        fields.append(("class", draft.pick("small", "big")))
    if draft.maybe(0.5):
        fields.append(("size", str(draft.number(1, 5))))
    quantity = f"{draft.pick(draft.number(1, 60), draft.number(1, 9), 10)} {meter.unit}"
    if meter.form in ("state", "reading"):
        last = at + timedelta(hours=draft.number(1, 100))
        if meter.form == "reading" and draft.maybe(0.1):
            quantity = f"0 {meter.unit}"
        return Record(meter.name, "state", at, quantity, last, tuple(fields))
    if meter.form == "lasting":
        lasts = timedelta(minutes=draft.pick(1, 90, draft.number(1, 6000)))
        return Record(meter.name, "event", at, quantity, at + lasts, tuple(fields))
    if meter.form == "total" and draft.maybe(0.5):
        span = clock.around("day", at)
        if span.start >= activated:
            named = clock.local(span.start).strftime("%Y-%m-%d")
            return Record(meter.name, "total", span.start, quantity, span.end, tuple(fields), named)
    if draft.maybe(0.1):
        at = max(at.replace(minute=0, second=0), activated)
    return Record(meter.name, "event", at, quantity, None, tuple(fields))
