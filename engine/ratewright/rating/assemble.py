"""What happened in a period → its bill, with the laws of conservation checked on the way."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from whenever import Date, Instant

from ratewright.diagnostics import Span
from ratewright.rating import trace
from ratewright.rating.bill import Balance, Bill, Line, LineKind
from ratewright.rating.bind_records import Left
from ratewright.rating.binding import Account
from ratewright.rating.capacity import LimitHistory
from ratewright.rating.draw import Drawing
from ratewright.rating.lots import Lot, draw_key
from ratewright.rating.measures import key_texts
from ratewright.rating.rounding import rounded_total
from ratewright.rating.tally import MeterTally
from ratewright.rating.values import value_text
from ratewright.tree import nodes as tree
from ratewright.values.calendar import Calendar, Period, tzdata_version
from ratewright.values.exact import Exact, exact


class ConservationError(AssertionError):
    """The engine lost or invented a quantity: an error of its own, never of its input."""


@dataclass
class PeriodFacts:
    """What one period brought. `held` and `drawn` are each lot's state when it began."""

    period: Period
    all_lots: list[Lot]
    lines: list[Line] = field(default_factory=list)
    refusals: list[trace.RefundTrace | trace.PauseTrace] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    reached: frozenset[Span] = frozenset()
    drawn: dict[str, Exact] = field(init=False)

    def __post_init__(self) -> None:
        self.drawn = {lot.id: lot.drawn for lot in self.all_lots}


def assemble(account: Account, facts: PeriodFacts, drawing: Drawing, histories: list[LimitHistory]) -> Bill:
    """The bill of a period."""
    tariff, period = account.tariff, facts.period
    _check_lots(account.bought.lots)
    left = defaultdict(list)
    for record in facts.left:
        left[record.meter].append(record)
    by_pool: dict[str, list[Lot]] = defaultdict(list)
    for lot in account.bought.lots:
        by_pool[lot.pool.name].append(lot)
    meters = tuple(
        _meter_trace(account, meter, drawing.tallies[name], left[name], by_pool, facts)
        for name, meter in tariff.meters.items()
    )
    lines = tuple(facts.lines)
    owed = [line for line in lines if not _pays(line, "total")]
    exact_total = exact(sum(line.amount for line in owed))
    rounding = rounded_total(exact_total, tariff.rounding)
    return Bill(
        account.name,
        tariff,
        account.calendar,
        period,
        lines,
        meters,
        tuple(history.during(period) for history in histories),
        tuple(facts.refusals),
        _balances(account.bought.lots, period),
        _settings(account, period),
        _invoiced(account, period),
        exact_total,
        rounding.after,
        rounding,
        _tzdata(),
        _sum(lines, (*_CHARGES, LineKind.PAYMENT), ("subtotal", "total")),
        _sum(lines, (*_CHARGES, LineKind.DISCOUNT, LineKind.PAYMENT), ("subtotal", "total")),
        exact(rounding.after + sum(line.amount for line in lines if _pays(line, "total"))),
        facts.reached,
    )


_CHARGES = (LineKind.CHARGE, LineKind.PURCHASE, LineKind.EXTENSION, LineKind.REFUND)


def _pays(line: Line, target: str) -> bool:
    return isinstance(line.why, trace.PaymentTrace) and line.why.target == target


def _sum(lines: tuple[Line, ...], kinds: tuple[LineKind, ...], unpaid: tuple[str, ...]) -> Exact:
    """The lines of some kinds, without what was paid of the sums named."""
    chosen = (line for line in lines if line.kind in kinds and not any(_pays(line, target) for target in unpaid))
    return exact(sum(line.amount for line in chosen))


@lru_cache(maxsize=1)
def _tzdata() -> str:
    return tzdata_version()


def _check_lots(lots: list[Lot]) -> None:
    for lot in lots:
        if exact(lot.opened) != exact(lot.drawn_now + lot.refunded + lot.remaining):
            raise ConservationError(f"lot {lot.id}: opened {lot.opened}, drawn {lot.drawn_now}, left {lot.remaining}")


def _meter_trace(
    account: Account,
    meter: tree.Meter,
    tally: MeterTally,
    left: list[Left],
    by_pool: dict[str, list[Lot]],
    facts: PeriodFacts,
) -> trace.MeterTrace:
    tariff = account.tariff
    deduction = tariff.deductions.get(meter.name)
    sources = []
    for rank, names in enumerate(deduction.pools if deduction else (), start=1):
        for name in names:
            pool = tariff.pools[name]
            lots = sorted(by_pool[name], key=lambda lot: draw_key(lot, lot.pool.draws))
            shown = tuple(_lot_trace(lot, facts) for lot in lots if _concerns(lot, facts.period))
            sources.append(trace.SourceTrace(pool, rank, exact(tally.covered[name]), shown, tally.frozen.get(name)))
    unserved = tuple(
        trace.UnservedTrace(meter, exact(quantity), tuple((tariff.charges[c], why) for c, why in blocked))
        for blocked, quantity in sorted(
            tally.unserved.items(),
            key=lambda item: [(c, w.text, [r.text for r in w.readings]) for c, w in item[0]],
        )
    )
    charged = tuple((name, exact(tally.charged[name])) for name in tariff.charges if tally.charged[name])
    made = trace.MeterTrace(
        meter,
        deduction,
        tally.measured,
        tally.records,
        _excluded(left),
        _shares(account.name, tally),
        tuple(sources),
        charged,
        unserved,
        exact(tally.passed),
        tuple(tally.measures),
        _by_key(meter, tally, account.calendar),
    )
    _check_meter(made)
    return made


def _by_key(
    meter: tree.Meter, tally: MeterTally, calendar: Calendar
) -> tuple[tuple[tuple[tuple[str, str], ...], Exact], ...]:
    """How much was measured for each key, in the order of the keys' texts."""
    return tuple(sorted((key_texts(meter, key, calendar), exact(amount)) for key, amount in tally.keys.items()))


def _check_meter(made: trace.MeterTrace) -> None:
    covered = sum(s.covered for s in made.sources)
    unserved = sum(u.quantity for u in made.unserved)
    if exact(covered + made.passed + unserved) != exact(made.measured):
        raise ConservationError(
            f"meter {made.meter.name}: measured {made.measured}, covered {covered}, "
            f"passed to charges {made.passed}, unserved {unserved}"
        )


def _concerns(lot: Lot, period: Period) -> bool:
    """Whether the lot had begun by the period's end, and was not over before it with nothing left."""
    if not lot.begun_by(period.end) or (lot.purchased is not None and lot.purchased >= period.end):
        return False
    return not lot.ended_by(period.start) or (lot.remaining > 0 and lot.refunded_at is None)


def _lot_trace(lot: Lot, facts: PeriodFacts) -> trace.LotTrace:
    period = facts.period
    before = facts.drawn[lot.id]
    over = lot.ended_by(period.end)
    lapsed_now = over and lot.expires is not None and lot.expires > period.start
    refunded_now = lot.refunded_at is not None and lot.refunded_at in period
    return trace.LotTrace(
        lot.id,
        lot.purchase,
        lot.size,
        before,
        exact(lot.drawn - before),
        0 if over else lot.remaining,
        lot.remaining if lapsed_now else 0,
        lot.refunded if refunded_now else 0,
        lot.purchased,
        lot.starts,
        lot.expires,
        lot.refunded_at,
    )


def _shares(account: str, tally: MeterTally) -> tuple[tuple[str, Exact], ...]:
    """What the account itself and each sub-account used; nothing where there is no sub-account."""
    if not tally.subaccounts:
        return ()
    own = exact(tally.measured - sum(tally.subaccounts.values()))
    return ((account, own), *((name, exact(quantity)) for name, quantity in sorted(tally.subaccounts.items())))


def _excluded(left: list[Left]) -> tuple[trace.Excluded, ...]:
    groups: dict[tuple[int, tuple[trace.Reading, ...]], list[Left]] = defaultdict(list)
    for record in left:
        groups[record.where.span.start, record.readings].append(record)
    return tuple(
        trace.Excluded(
            members[0].where,
            members[0].where.condition.span.text,
            members[0].readings,
            len(members),
            exact(sum(m.quantity for m in members)),
        )
        for _, members in sorted(groups.items(), key=lambda item: (item[0][0], [r.text for r in item[0][1]]))
    )


def _balances(lots: list[Lot], period: Period) -> tuple[Balance, ...]:
    live = [lot for lot in lots if not lot.ended_by(period.end)]
    held = [lot for lot in live if (lot.begun_by(period.end) if lot.purchased is None else lot.purchased < period.end)]
    return tuple(
        Balance(
            lot.pool.name,
            lot.id,
            lot.remaining,
            lot.pool.unit,
            lot.size,
            lot.starts,
            lot.expires,
            lot.purchased,
            lot.paid if lot.purchased is not None else None,
        )
        for lot in sorted(held, key=lambda lot: (lot.pool.span.start, lot.order))
        if lot.refunded_at is None
    )


def _settings(
    account: Account, period: Period
) -> tuple[tuple[tree.Setting, tuple[tuple[Instant | None, str], ...]], ...]:
    found = []
    for setting in account.tariff.settings.values():
        timeline = account.settings.timelines[setting.name]
        values: list[tuple[Instant | None, str]] = []
        changes = timeline.changes_within(period.start, period.end)
        for at, instant in ((None, period.start), *((c, c) for c in changes)):
            value = timeline.at(instant)
            if value is not None:
                values.append((at, value_text(value, setting.type, setting.unit, account.calendar)))
        found.append((setting, tuple(values)))
    return tuple(found)


def _invoiced(account: Account, period: Period) -> tuple[Date, Date] | None:
    """The days on which the bill is issued: the widest window that its charges state, in the month after."""
    rules = [c.invoiced for c in account.tariff.charges.values() if c.invoiced is not None]
    if not rules:
        return None
    month = account.calendar.date_of(period.end.subtract(nanoseconds=1)).replace(day=1).add(months=1)
    days = month.days_in_month()
    first = min(rule.first for rule in rules)
    last = max(rule.last for rule in rules)
    return month.replace(day=min(first, days)), month.replace(day=min(last, days))
