"""Rating one account: a walk through its time, from which the bills of the periods asked for are cut."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from whenever import Instant

from ratewright.account.anchors import anchored
from ratewright.account.bind_purchases import BoundRequest
from ratewright.account.binding import Account, bind
from ratewright.account.pieces import Left, Piece
from ratewright.derivation.trace import MeasureTrace
from ratewright.diagnostics import Diagnostic
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.meaning.dependencies import in_order_of_need, lines_of
from ratewright.plan.period_grid import Grid
from ratewright.rating.bill import Bill, Line, Statement
from ratewright.rating.bill_assembly import PeriodFacts, assemble
from ratewright.rating.billable_periods import check_periods
from ratewright.rating.bought_lines import extension_line, purchase_line, refund_line
from ratewright.rating.concurrency import LimitHistory
from ratewright.rating.drawing import Drawing, Fed, Kept, Where, chains
from ratewright.rating.ledger import Ledger
from ratewright.rating.line_pricing import Pricing
from ratewright.rating.measurements import Measurements
from ratewright.rating.payments import Payments
from ratewright.rating.refunds import decide_pause, decide_refund
from ratewright.rating.serving_schedule import scheduled
from ratewright.rating.whole_meters import WholeMeter
from ratewright.refusal import RatingError
from ratewright.usage.model import Usage
from ratewright.values.calendar import Cadence, Period, PeriodUnit
from ratewright.values.exact import Exact, exact

MONTHLY = Cadence(PeriodUnit.MONTH)
Chains = dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]]


def rate(
    tariff: tree.Tariff, usage: Usage, periods: Sequence[Period], limits: Limits = DEFAULT
) -> tuple[list[Bill], list[Diagnostic]]:
    """The bills of an account for consecutive periods.

    What happened before the first period is rated too, for the balances it leaves, but not billed. No
    bill is returned where there is a problem; the diagnostics then say which.
    """
    try:
        account, problems = bind(tariff, usage, limits)
        if account is None:
            return [], problems
        check_periods(account, periods, limits)
        return _Walk(account).bills(periods), []
    except RatingError as error:
        return [], list(error.diagnostics)


def statement(bills: Sequence[Bill]) -> Statement:
    """The bills of consecutive periods, added up."""
    first, last = bills[0], bills[-1]
    return Statement(
        first.account,
        first.tariff,
        first.calendar,
        Period(first.period.start, last.period.end),
        tuple(bills),
        exact(sum(bill.total for bill in bills)),
    )


def _in_time(of: Fed) -> tuple[Period, int, list[str]]:
    """Periods in order of time, and the keys of one in an order that the records' does not decide."""
    return of[1], of[3], [str(value) for value in of[2]]


class _Walk:
    """The account's time, walked once in order."""

    def __init__(self, account: Account) -> None:
        self.account = account
        tariff = account.tariff
        self.grid = Grid(tariff, account.calendar)
        self.cadences = {
            charge.name: anchored(charge.every, charge.anchor, account.settings, {})
            for charge in tariff.charges.values()
        }
        self.drawing = Drawing(tariff, account.calendar, account.settings, account.bought.holdings, self.cadences)
        self.ledger = Ledger(tariff)
        self.measurements = Measurements(account, self.grid, self.drawing)
        self.pricing = Pricing(
            tariff, self.grid, account.settings, self.measurements.measured, self.cadences, self.ledger
        )
        self.payments = Payments(tariff, self.drawing.sources, self.ledger)
        needs = {
            c.name: tuple(x for need in c.needs for x in lines_of(need, c, tariff.charges))
            for c in tariff.charges.values()
        }
        order, _ = in_order_of_need(needs)
        lines = [tariff.charges[name] for name in order]
        self.charges = [c for c in lines if c.word is not tree.LineWord.TAX]
        self.taxes = [c for c in lines if c.word is tree.LineWord.TAX]
        self.needed = {name for names in needs.values() for name in names}
        self.needed.update(charge.name for charge in lines if charge.billed is not None)
        self.histories = [
            LimitHistory(
                limit,
                [e for e in account.bought.extensions if e.limit is limit],
                [t for t in account.tasks if t.record.meter == limit.meter],
                account.calendar,
            )
            for limit in tariff.limits.values()
        ]
        self.pieces: list[Piece] = []
        self.schedule: list[Instant] = []
        self.position = 0
        self.left_position = 0
        self.requests = iter(account.bought.requests)
        self.next_request: BoundRequest | None = next(self.requests, None)
        self.granted: dict[str, int] = {}
        self._readings: list[Period] = []
        self.asides: list[tuple[str, MeasureTrace]] = []

    def bills(self, periods: Sequence[Period]) -> list[Bill]:
        if not periods:
            return []
        pieces = self._all_pieces(periods[-1].end)
        self.pieces, self.schedule = scheduled(pieces, self.account.tariff, self.account.calendar, self.cadences)
        self.measurements.pieces = self.pieces
        begin = min(
            [
                periods[0].start,
                *([min(piece.start for piece in self.pieces)] if self.pieces else []),
                *self._first_events(),
                *self._first_needed(periods[0].start),
                *self._first_owed(periods[0].start),
            ]
        )
        if begin < periods[0].start:
            for earlier in self._earlier(begin, periods[0].start):
                self._walk_to(earlier, billed=False)
        return [self._bill(period) for period in periods]

    def _earlier(self, begin: Instant, end: Instant) -> Iterator[Period]:
        """The time before the first bill, by months and then by days: pools of money pay each bill apart."""
        calendar = self.account.calendar
        for month in calendar.periods(MONTHLY, begin, end):
            if month.end <= end:
                yield Period(max(begin, month.start), month.end)
                continue
            for day in calendar.periods(Cadence(PeriodUnit.DAY), max(begin, month.start), end):
                yield Period(max(begin, day.start), min(day.end, end))

    def _first_events(self) -> Iterator[Instant]:
        bought = self.account.bought
        yield from (p.at for p in bought.purchases[:1])
        yield from (r.at for r in bought.requests[:1])
        yield from (left.start for left in self.account.counted.left[:1])

    def _first_needed(self, start: Instant) -> Iterator[Instant]:
        """From when on charges must be priced for those that refer to them and whose period began earlier."""
        account = self.account
        effective = account.tariff.effective
        for charge in (*self.charges, *self.taxes):
            cadence = self.cadences[charge.name]
            if (charge.needs or charge.billed is not None) and not cadence.alone:
                begun = account.calendar.period_of(start, cadence).start
                yield begun if effective is None else max(begun, account.calendar.instant(effective))

    def _first_owed(self, start: Instant) -> Iterator[Instant]:
        """From when on bills must be made for the pools of money that paid them, whatever was used."""
        account = self.account
        known = [at for at in (account.opening or account.activated,) if at is not None]
        starts = known or [lot.starts for lot in account.bought.holdings.every() if lot.starts is not None]
        if self.payments.any and starts and min(starts) < start:
            effective = account.tariff.effective
            yield min(starts) if effective is None else max(min(starts), account.calendar.instant(effective))

    def _all_pieces(self, end: Instant) -> list[Piece]:
        account = self.account
        endings = chains(account.tariff)
        pieces = account.counted.pieces
        added = False
        for (name, key), records in account.counted.whole.items():
            if name in self.measurements.on_demand:
                continue
            whole = self._whole(name, endings)
            made = list(whole.pieces(key, records, end, account.counted.reached))
            for piece in made if whole.by_period else ():
                if piece.measure is not None:
                    self.measurements.note(piece, piece.measure.period)
            if account.tariff.meters[name].each is not None:  # asked for its steps only: it is drawn by record
                self.asides += [(name, piece.measure) for piece in made if piece.measure is not None]
                continue
            added = added or bool(made)
            pieces = pieces + made
        for name in self._looking_back():
            self._whole(name, endings).check_known(end)
        self._readings = self._all_readings(pieces, endings)
        return sorted(pieces, key=lambda p: p.start) if added else pieces

    def _whole(self, name: str, endings: Chains) -> WholeMeter:
        charges = endings[name][1]
        cadence = self.cadences[charges[0]] if charges else MONTHLY
        return WholeMeter(self.account.tariff.meters[name], cadence, self.account, self.grid)

    def _looking_back(self) -> Iterator[str]:
        """Meters whose records may stand in measured results, and that no formula alone asks for."""
        if self.account.counted.given:
            meters = self.account.tariff.meters
            yield from (n for n, m in meters.items() if m.each is None and n not in self.measurements.on_demand)

    def _all_readings(self, pieces: list[Piece], endings: Chains) -> list[Period]:
        """From one reading to the next, for lines that are billed so and have no usage of their own."""
        if all(charge.on is not None for charge in self.charges if charge.every.unit is PeriodUnit.READING):
            return []
        read = {m for m, (_, ends) in endings.items() if any(self.cadences[c].unit is PeriodUnit.READING for c in ends)}
        return sorted({Period(p.start, p.end) for p in pieces if p.meter in read and p.end is not None})

    def _bill(self, period: Period) -> Bill:
        facts = self._walk_to(period, billed=True)
        reached = (self.pricing.reached, self.account.counted.reached, self.drawing.sources.ratios.reached)
        facts.reached = frozenset().union(*reached)
        return assemble(self.account, facts, self.drawing, self.histories)

    def _walk_to(self, period: Period, *, billed: bool) -> PeriodFacts:
        """Serve everything that happens in the period, and price the periods of charges that end in it.

        Where it is not billed, only those lines are made on which what is billed later depends.
        """
        billed = billed or (self.payments.any and self._in_force(period))
        facts = PeriodFacts(period, self.account.bought.holdings)
        self.drawing.begin_period()
        self._serve_until(period.end, facts)
        bought = self._bought_lines(period, facts)
        for line in bought:
            self.ledger.bought(line.at or period.start, line.source, line.amount)
        self._price(self.charges, period, billed, facts)
        facts.lines = bought + facts.lines
        facts.lines += self.payments.of_sum("subtotal", period, facts.lines)
        self._price(self.taxes, period, billed, facts)
        facts.lines += self.payments.of_sum("total", period, facts.lines)
        for name, measure in self.asides:
            if period.start < measure.period.end <= period.end:
                self.drawing.tallies[name].measures.append(measure)
        facts.left = self._left_out(period.end)
        facts.away, self.pricing.away = self.pricing.away, []
        facts.nothing, self.pricing.nothing = self.pricing.nothing, []
        return facts

    def _in_force(self, period: Period) -> bool:
        effective = self.account.tariff.effective
        return effective is None or self.account.calendar.instant(effective) < period.end

    def _price(self, charges: list[tree.Charge], period: Period, billed: bool, facts: PeriodFacts) -> None:
        """The lines of charges for their periods that end in the period of the bill."""
        kept: dict[Where, list[Kept]] = defaultdict(list)
        priced: dict[Where, Exact] = defaultdict(int)
        waiting: dict[str, list[Fed]] = defaultdict(list)
        for of in self.drawing.fed:
            if of[1].end <= period.end:
                waiting[of[0]].append(of)
        for charge in charges:
            for of in self._periods(charge, period, billed, waiting.get(charge.name, [])):
                _, charged, key, _ = of
                fed = dict(self.drawing.fed.pop(of, {}))
                line, blocked = self.pricing.line(charge, of, fed, self.drawing.marks.pop(of, {}))
                if line is not None:
                    facts.lines.append(line)
                    facts.lines += self.payments.of_line(charge, of, line)
                for meter, quantity in fed.items():
                    where = (meter, charged, key)
                    if blocked is not None:
                        kept[where].append((charge.name, blocked, quantity))
                    else:
                        priced[where] = max(quantity, priced[where])
        self.drawing.take_back(kept, priced)

    def _periods(self, charge: tree.Charge, period: Period, billed: bool, fed: list[Fed]) -> list[Fed]:
        """The periods of a charge that end in `period`: those with usage, and all of them if it bills anyhow."""
        formula = charge.on is not None and not isinstance(charge.on, tree.MeterLeft)  # `max(used, 10 calls)`
        if self.cadences[charge.name].unit is PeriodUnit.RECORD and not charge.meters:
            lines = [name for need in charge.needs for name in lines_of(need, charge, self.account.tariff.charges)]
            return [(charge.name, p, (), number) for p, number in self.ledger.records(lines, period)]
        bills_anyhow = charge.on is None or formula or charge.minimum is not None or charge.flat_at_zero
        if not bills_anyhow or charge.by or not (billed or charge.name in self.needed):
            return sorted(fed, key=_in_time)
        own: set[Fed] = {(charge.name, p, (), 0) for p in self._own_periods(charge, period)}
        return sorted(own.union(fed), key=_in_time)

    def _own_periods(self, charge: tree.Charge, period: Period) -> list[Period]:
        """The periods of a charge that end in `period`, whatever was used."""
        cadence = self.cadences[charge.name]
        if cadence.alone:
            return [p for p in self._readings if period.start < p.end <= period.end]
        activated = self.account.activated
        every = self.grid.periods(charge.billed or cadence, period.start, period.end)
        return [p for p in every if period.start < p.end <= period.end and (activated is None or activated < p.end)]

    def _serve_until(self, end: Instant, facts: PeriodFacts) -> None:
        pieces, serve = self.pieces, self.drawing.serve
        while True:
            request = self.next_request
            stop_at = request.at if request is not None and request.at < end else end
            while self.position < len(pieces) and self.schedule[self.position] < stop_at:
                serve(pieces[self.position])
                self.position += 1
            if request is None or request.at >= end:
                return
            self._decide(request, facts)
            self.next_request = next(self.requests, None)

    def _decide(self, request: BoundRequest, facts: PeriodFacts) -> None:
        if request.pause:
            facts.refusals.append(decide_pause(request))
            return
        before = self.granted.get(request.pool.name, 0)
        for decided in decide_refund(request, self.account.tariff, self.account.settings, before):
            if decided.granted:
                self.granted[request.pool.name] = before + 1
                facts.lines.append(refund_line(decided))
            else:
                facts.refusals.append(decided)

    def _bought_lines(self, period: Period, facts: PeriodFacts) -> list[Line]:
        """Purchases, extensions and refunds of the period, by day; they were paid when they happened."""
        tariff, bought = self.account.tariff, self.account.bought
        lines = [purchase_line(p, tariff) for p in bought.purchases if p.at in period]
        lines += [extension_line(e, tariff) for e in bought.extensions if e.start in period]
        refunds = [line for line in facts.lines if line.period is None]
        facts.lines = [line for line in facts.lines if line.period is not None]
        return sorted(lines + refunds, key=lambda line: line.at or period.start)

    def _left_out(self, end: Instant) -> list[Left]:
        left = self.account.counted.left
        start = self.left_position
        while self.left_position < len(left) and left[self.left_position].start < end:
            self.left_position += 1
        return left[start : self.left_position]
