"""What happened in a period → its bill, with the laws of conservation checked on the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from whenever import Date, Instant

from ratewright.account.binding import Account
from ratewright.account.counted.pieces import RECORDS_TOLD, Left
from ratewright.derivation import trace
from ratewright.derivation.key_names import KeyNames, KeyTexts
from ratewright.derivation.value_texts import ValueText
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in
from ratewright.quota.balances import balances, gone
from ratewright.quota.holdings import ConservationError, Drawn, Holdings
from ratewright.quota.lot_traces import lot_traces
from ratewright.quota.lots import Lapses, Lot
from ratewright.rating.assembly.account_shares import account_shares
from ratewright.rating.assembly.concurrency import LimitHistory
from ratewright.rating.assembly.totals import totals
from ratewright.rating.assembly.unused_meters import Lots, group_of, order_in_force, read_by, unused_meter
from ratewright.rating.bill import Bill, Line
from ratewright.rating.serving.drawing import Drawing, Tallied
from ratewright.rating.serving.tally import MeterTally
from ratewright.values.calendar import Period, tzdata_version
from ratewright.values.exact import Exact, exact, summed


@dataclass
class PeriodFacts:
    """What one period brought. `drawn` is what was drawn from lots, `lapses` says when what is left of one is lost."""

    period: Period
    holdings: Holdings
    lapses: Lapses
    lines: list[Line] = field(default_factory=list)
    refusals: list[trace.RefundTrace | trace.PauseTrace] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    reached: frozenset[Span] = frozenset()
    away: list[trace.AwayTrace] = field(default_factory=list)
    nothing: list[trace.NothingTrace] = field(default_factory=list)
    granted: tuple[tuple[str, int], ...] = ()
    drawn: Drawn = field(init=False)

    def __post_init__(self) -> None:
        self.drawn = self.holdings.begin_period()


def assemble(account: Account, facts: PeriodFacts, drawing: Drawing, histories: list[LimitHistory]) -> Bill:
    """The bill of a period."""
    tariff, period = account.tariff, facts.period
    holdings = facts.holdings
    holdings.settle(period.start, period.end, facts.lapses)
    holdings.check()
    left: dict[str, list[Left]] = defaultdict(list)
    for record in facts.left:
        left[record.meter].append(record)
    lots = _lots_by_pool(account, facts)
    meters = tuple(
        _meter_trace(account, of, tally, _excluded(account, of, left), lots, period)
        if tally is not None
        else unused_meter(account, of, _excluded(account, of, left), lots, period)
        for of, tally in drawing.tallies()
        if tally is not None or left.get(of[0]) or _is_asked(account, of[0], period, lots)
    )
    lines = tuple(facts.lines)
    added = totals(lines, tariff)
    made = Bill(
        account.name,
        tariff,
        account.calendar,
        period,
        lines,
        meters,
        tuple(history.during(period) for history in histories),
        tuple(facts.refusals),
        balances(holdings, period, account.calendar, lambda lot: not _comes_later(account, lot, period)),
        _settings(account, period),
        _invoiced(account, period),
        added.exact_total,
        added.total,
        added.rounding,
        _tzdata(),
        added.charges,
        added.subtotal,
        added.due,
        facts.reached,
        _away(facts, drawing, account),
        tuple(trace.FundTrace(p, lots[p.name]) for p in account.plan.features.funds if p.name in lots),
        nothing=tuple(facts.nothing),
        granted=facts.granted,
        gone=gone(account.bought.asked_later, period, account.calendar),
        shares=account_shares(account.name, lines, meters, period, tariff.currency),
    )
    holdings.leave_out(period.end, facts.lapses)
    return made


def _comes_later(account: Account, lot: Lot, period: Period) -> bool:
    """Whether a grant comes into force after a period only: then no bill tells of it yet, and an opening without it
    has all of it. What the data say that the account holds is told, and what rolled over, for that was held before."""
    pool = lot.pool
    if pool.kind is not tree.PoolKind.GRANT or pool.name in account.bought.opened or lot.name.rolled:
        return False
    return lot.remaining == lot.size and not account.in_force.pool(pool, lot.starts, period.end)


def _lots_by_pool(account: Account, facts: PeriodFacts) -> dict[str, tuple[trace.LotTrace, ...]]:
    """What became of the lots of each pool that is in force, or of which something is held."""
    period, in_force = facts.period, account.in_force
    pools = account.tariff.pools.values()
    by_pool: dict[str, list[Lot]] = {pool.name: [] for pool in pools if in_force.pool(pool, period.start, period.end)}
    known = frozenset(by_pool)
    for lot in facts.holdings:
        told = lot.size or in_force.pool(lot.pool, lot.starts, lot.expires)
        if told and not _comes_later(account, lot, period):
            by_pool.setdefault(lot.pool.name, []).append(lot)
    found = {
        name: lot_traces(lots, facts.period, facts.drawn, facts.lapses, account.calendar)
        for name, lots in by_pool.items()
    }
    return {name: lots for name, lots in found.items() if lots or name in known}  # what had ended before is not told


def _is_asked(account: Account, meter: str, period: Period, lots: Lots) -> bool:
    """Whether something in force asks for a meter of which nothing was used, or something is held for it."""
    ranks = account.plan.meters[meter].ranks
    return account.in_force.meter(meter, period) or any(lots.get(name) for rank in ranks for name in rank)


def _away(facts: PeriodFacts, drawing: Drawing, account: Account) -> tuple[trace.AwayTrace, ...]:
    """The lines that a condition kept away for a whole period or from every record, each reason once."""
    if not facts.away and not drawing.away:
        return ()
    charges = account.tariff.charges
    billed = {line.source for line in facts.lines}
    alike = Counter((away.charge.name, away.key) for away in facts.away)
    found: dict[Hashable, trace.AwayTrace] = {}
    for away in facts.away:  # what one alone has read is not written out to be compared
        of = away.charge.name, away.key
        found[of, away.condition.readings if alike[of] > 1 else ()] = away
    by_record = [
        trace.AwayTrace(charges[name], None, (), condition)
        for name, condition in drawing.away.items()
        if name not in billed and account.in_force.line_around(charges[name], facts.period)
    ]
    return (*found.values(), *by_record)


@lru_cache(maxsize=1)
def _tzdata() -> str:
    return tzdata_version()


def _meter_trace(
    account: Account,
    tallied: Tallied,
    tally: MeterTally,
    excluded: tuple[trace.Excluded, ...],
    lots: Lots,
    period: Period,
) -> trace.MeterTrace:
    tariff, meter = account.tariff, account.tariff.meters[tallied[0]]
    deduction = order_in_force(account, meter.name, period, lots)
    sources = []
    for rank, names in enumerate(deduction.pools if deduction else (), start=1):
        for name in names:
            pool = tariff.pools[name]
            sources.append(
                trace.SourceTrace(
                    pool,
                    rank,
                    exact(tally.covered[name]),
                    lots[name],
                    tuple((why, exact(amount)) for (of, why), amount in tally.kept.items() if of == name),
                    meter,
                    exact(tally.taken[name]),
                    _ratios(pool, meter, tally),
                )
            )
    unserved = tuple(
        trace.UnservedTrace(meter, exact(quantity), tuple((tariff.charges[c], why) for c, why in blocked))
        for blocked, quantity in sorted(
            tally.unserved.items(),
            key=lambda item: [(c, w.text, [r.text for r in w.readings]) for c, w in item[0]],
        )
        if quantity
    )
    given = tally.charged
    charged = tuple((name, exact(given[name])) for name in tariff.charges if given.get(name)) if given else ()
    made = trace.MeterTrace(
        meter,
        deduction,
        tally.measured,
        tally.records,
        excluded,
        _used_by(account.name, tally.measured, tally.subaccounts),
        tuple(sources),
        charged,
        unserved,
        exact(tally.passed),
        tuple(tally.measures),
        _by_key(meter, tally, account.settings.key_names),
        _made(account, meter, tally),
        group_of(account.plan, tallied),
        read_by(account, meter.name, period),
        exact(tally.brought),
        exact(tally.taken_back),
        _used_by_key(account, meter, tally),
    )
    _check_meter(made)
    return made


def _made(account: Account, meter: tree.Meter, tally: MeterTally) -> tuple[trace.MadeTrace, ...]:
    """How each record came to its quantity, where there are few."""
    if meter.each is None or tally.records > RECORDS_TOLD:
        return ()
    arithmetic = account.settings.reader.arithmetic
    return tuple(
        trace.MadeTrace(
            Period(piece.start, piece.end or piece.start), piece.amount, arithmetic(meter.each, piece.values)
        )
        for piece in tally.made
        if piece.values is not None
    )


def _by_key(
    meter: tree.Meter, tally: MeterTally, names: KeyNames
) -> tuple[tuple[tuple[tuple[str, str], ...], Exact], ...]:
    """How much was measured for each key, in the order of the keys' texts."""
    found = [(names.of(meter, key), exact(amount)) for key, amount in tally.keys.items()]
    return tuple(sorted(found, key=lambda told: "\0".join([text for _, text in told[0]])))


def _check_meter(made: trace.MeterTrace) -> None:
    """What was measured is covered, passed on or unserved. Where usage may be taken back it is what records brought,
    less that; elsewhere nothing that is covered or unserved is below 0."""
    covered = sum(s.covered for s in made.sources)
    unserved = sum(u.quantity for u in made.unserved)
    lost = exact(covered + made.passed + unserved) != exact(made.measured)
    if made.meter.corrections is not None:
        lost = lost or exact(made.brought - made.taken_back) != exact(made.measured)
    else:
        lost = lost or min(*(s.covered for s in made.sources), unserved, 0) < 0
    if lost:
        raise ConservationError(
            f"meter {made.meter.name}: measured {made.measured}, covered {covered}, "
            f"passed to charges {made.passed}, unserved {unserved}"
        )


def _ratios(pool: tree.Pool, meter: tree.Meter, tally: MeterTally) -> tuple[trace.RatioTrace, ...]:
    """At which ratios a pool paid for a meter's usage, and for how much."""
    rule = pool.ratios.get(meter.name)
    if rule is None:
        return ()
    return tuple(
        trace.RatioTrace(rule, value, exact(covered), exact(taken))
        for (name, value), (covered, taken) in sorted(tally.ratios.items(), key=lambda item: item[0])
        if name == pool.name
    )


_Key = tuple[tree.Value, ...]


def _used_by(
    account: str, measured: Exact, used: Mapping[tuple[_Key, str], Exact], only: _Key | None = None
) -> tuple[tuple[str, Exact], ...]:
    """What the account itself and each sub-account used, for one key or in all; nothing where there is none."""
    if not used:
        return ()
    found: dict[str, Exact] = dict.fromkeys(sorted(name for _, name in used), 0)
    for (key, name), quantity in used.items():
        if only in (None, key):
            found[name] = exact(found[name] + quantity)
    return ((account, exact(measured - sum(found.values()))), *found.items())


def _used_by_key(
    account: Account, meter: tree.Meter, tally: MeterTally
) -> tuple[tuple[KeyTexts, tuple[tuple[str, Exact], ...]], ...]:
    if not tally.subaccounts:
        return ()
    keys: Mapping[_Key, Exact] = tally.keys or {(): tally.measured}
    names = account.settings.key_names
    return tuple(
        (names.of(meter, key) if key else (), _used_by(account.name, measured, tally.subaccounts, key))
        for key, measured in keys.items()
    )


_REASONS_APART = 5
"""Where a `where` left out more different values than these, they are told together, by the condition alone."""


def _excluded(account: Account, of: Tallied, left_out: Mapping[str, list[Left]]) -> tuple[trace.Excluded, ...]:
    """What the `where` of a meter left out: told once, with the first group of lines that it is measured for."""
    name, group = of
    left = left_out.get(name, ()) if not group else ()
    if not left:
        return ()
    meter = account.tariff.meters[name]
    unit = meter.recorded or meter.unit
    groups: dict[tuple[int, tuple[trace.Reading, ...]], list[Left]] = defaultdict(list)
    for record in left:
        groups[record.where.span.start, record.readings].append(record)
    many = {where for where, count in Counter(where for where, _ in groups).items() if count > _REASONS_APART}
    many |= {one.where.span.start for one in left if _asks_quantity(one.where)}
    for where, readings in list(groups):
        if where in many:
            groups[where, ()] += groups.pop((where, readings))
    return tuple(
        trace.Excluded(
            members[0].where,
            members[0].where.condition.span.text,
            members[0].made if readings else (),
            len(members),
            summed(m.quantity for m in members),
            unit,
            any(m.end is not None for m in members),
        )
        for (_, readings), members in sorted(
            groups.items(), key=lambda item: (item[0][0], [r.text for r in item[0][1]])
        )
    )


def _asks_quantity(where: tree.Where) -> bool:
    """Whether a `where` asks how much a record has: that is told as the quantity that it left out."""
    return any(isinstance(node, tree.RecordFact) and node.name == "quantity" for node in given_in(where.condition))


def _settings(
    account: Account, period: Period
) -> tuple[tuple[tree.Setting, tuple[tuple[Instant | None, ValueText], ...]], ...]:
    found = []
    for setting in account.tariff.settings.values():
        timeline = account.settings.timelines[setting.name]
        values: list[tuple[Instant | None, ValueText]] = []
        changes = timeline.changes_within(period.start, period.end)
        for at, instant in ((None, period.start), *((c, c) for c in changes)):
            value = timeline.at(instant)
            if value is not None:
                values.append((at, ValueText(value, setting.type, setting.told_in, account.calendar)))
        found.append((setting, tuple(values)))
    return tuple(found)


def _invoiced(account: Account, period: Period) -> tuple[Date, Date] | None:
    """The days on which the bill is issued: the widest window that its charges state, in the month after."""
    rules = account.plan.features.invoiced
    if not rules:
        return None
    month = account.calendar.date_of(period.end.subtract(nanoseconds=1)).replace(day=1).add(months=1)
    days = month.days_in_month()
    first = min(rule.first for rule in rules)
    last = max(rule.last for rule in rules)
    return month.replace(day=min(first, days)), month.replace(day=min(last, days))
