"""Rating one account: a walk through its time, from which the bills of the periods asked for are cut."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from whenever import Instant

from ratewright.account.binding import Account, bind
from ratewright.account.bought.bought import BoundRequest
from ratewright.account.counted.pieces import Left, Piece, pieces_in_order
from ratewright.account.settings.anchors import anchored
from ratewright.derivation.trace import MeasureTrace
from ratewright.diagnostics import Diagnostic
from ratewright.formula.interpreter import EvaluationError
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.plan.period_grid import Grid
from ratewright.plan.plan import Grain, LinePlan, MeterPlan, Plan
from ratewright.rating.assembly.bill_assembly import PeriodFacts, assemble
from ratewright.rating.assembly.concurrency import LimitHistory
from ratewright.rating.bill import Bill, Line, Statement
from ratewright.rating.billable_periods import check_periods
from ratewright.rating.lines.ledger import Asked, Ledger
from ratewright.rating.lines.line_pricing import Pricing
from ratewright.rating.lines.turns_of_lines import Turns
from ratewright.rating.measuring.measuring import Measuring, Result
from ratewright.rating.paying.bought_lines import extension_line, purchase_line, refund_line
from ratewright.rating.paying.payments import Payments
from ratewright.rating.paying.refunds import decide_pause, decide_refund
from ratewright.rating.serving.drawing import Drawing, Fed, Kept, Tallied, Where
from ratewright.rating.serving.serving_schedule import scheduled
from ratewright.refusal import RatingError, at_record
from ratewright.usage.model import Record, Usage
from ratewright.values.calendar import Cadence, Period, PeriodUnit
from ratewright.values.exact import Exact, summed

MONTHLY = Cadence(PeriodUnit.MONTH)


def rate(
    plan: Plan, usage: Usage, periods: Sequence[Period], limits: Limits = DEFAULT
) -> tuple[list[Bill], list[Diagnostic]]:
    """The bills of an account for consecutive periods, by the plan of a price list.

    What happened before the first period is rated too, for the balances it leaves, but not billed. No
    bill is returned where there is a problem; the diagnostics then say which.
    """
    try:
        account, problems = bind(plan, usage, limits)
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
        summed(bill.total for bill in bills),
    )


class _Walk:
    """The account's time, walked once in order."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.plan = account.plan
        tariff = account.tariff
        self.grid = Grid(tariff, account.calendar)
        self.cadences = {
            charge.name: anchored(charge.every, charge.anchor, account.settings, {})
            for charge in tariff.charges.values()
        }
        self.drawing = Drawing(account.plan, account.calendar, account.settings, account.bought.holdings, self.cadences)
        self.ledger = Ledger(tariff)
        self.measuring = Measuring(account, self.grid)
        self.pricing = Pricing(
            self.plan,
            self.grid,
            account.settings,
            self._measured,
            self.measuring.measured,
            self.cadences,
            self.ledger,
            account.bought.holdings,
        )
        self.payments = Payments(tariff, self.drawing.sources, self.ledger)
        lines = self.plan.lines.values()
        self.charges = [line for line in lines if line.charge.word is not tree.LineWord.TAX]
        self.taxes = [line for line in lines if line.charge.word is tree.LineWord.TAX]
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
        self.asides: list[tuple[Tallied, MeasureTrace]] = []
        self.told = 0

    def bills(self, periods: Sequence[Period]) -> list[Bill]:
        if not periods:
            return []
        pieces = self._all_pieces(periods[-1].end)
        self.pieces, self.schedule = scheduled(pieces, self.plan, self.account.calendar, self.cadences)
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
        for charge in account.tariff.charges.values():
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
        """All usage that begins before `end`, in order of time: records, and the results of whole periods."""
        pieces = self.account.counted.pieces
        results = [piece for meter in self.plan.meters.values() for piece in self._results(meter, end)]
        if results:
            pieces = pieces_in_order([*pieces, *results])
        self._readings = self._all_readings(pieces)
        return pieces

    def _results(self, meter: MeterPlan, end: Instant) -> Iterator[Piece]:
        """The results of a meter that speaks of whole periods, for each group of lines. Where it has steps and is
        drawn record by record, they are told and not drawn."""
        name = meter.meter.name
        if meter.on_demand or not (meter.whole or meter.meter.steps):
            return
        for number, lines in enumerate(meter.groups):
            cadence = self.cadences[lines[0]] if lines else MONTHLY
            for result in self.measuring.results(meter, cadence, end):
                if meter.whole:
                    yield self._piece(meter.meter, result, lines, number)
                else:
                    self.asides.append(((name, 0), result.how))

    def _piece(self, meter: tree.Meter, result: Result, lines: tuple[str, ...], group: int) -> Piece:
        """A result as usage. The period of the activation counts from then on: a grant issued then covers it."""
        period, activated = result.period, self.account.activated
        start = activated if activated is not None and period.start < activated < period.end else period.start
        tags = dict(zip(meter.by, result.key, strict=True))
        end = None if period.start == period.end else period.end
        amount, key, how = result.amount, result.key, result.how
        return Piece(start, end, meter.name, amount, result.record, None, key, tags, how, lines, group)

    def _all_readings(self, pieces: list[Piece]) -> list[Period]:
        """From one reading to the next, for lines that are billed so and have no usage of their own."""
        reading = {line.charge.name for line in self.charges if line.charge.every.unit is PeriodUnit.READING}
        if all(self.plan.lines[name].charge.on is not None for name in reading):
            return []
        read = {name for name, meter in self.plan.meters.items() if reading.intersection(meter.lines)}
        return sorted({Period(p.start, p.end) for p in pieces if p.meter in read and p.end is not None})

    def _measured(self, node: tree.Measured, charge: tree.Charge, of: Fed, asked: Asked) -> Exact:
        """What a line means by the name of a meter."""
        if self.plan.lines[charge.name].grain(node.name) is Grain.PERIOD:
            return self.measuring.measured(node.name, asked.period, asked.keys)
        if charge.every.unit is PeriodUnit.READING:
            return self.measuring.of_reading(node.name, of[1], asked.keys)
        return self.measuring.of_record(node.name, self.drawing.records[of[3]], asked.keys)

    def _bill(self, period: Period) -> Bill:
        facts = self._walk_to(period, billed=True)
        reached = (self.pricing.reached, self.account.counted.reached, self.account.settings.reached)
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
        for tallied, measure in self.asides:
            if period.start < measure.period.end <= period.end:
                self.drawing.tallies[tallied].measures.append(measure)
        for name, result in self.measuring.asked[self.told :]:
            self.drawing.note(name, result)
        self.told = len(self.measuring.asked)
        facts.left = self._left_out(period.end)
        facts.away, self.pricing.away = self.pricing.away, []
        facts.nothing, self.pricing.nothing = self.pricing.nothing, []
        return facts

    def _in_force(self, period: Period) -> bool:
        effective = self.account.tariff.effective
        return effective is None or self.account.calendar.instant(effective) < period.end

    def _price(self, lines: list[LinePlan], period: Period, billed: bool, facts: PeriodFacts) -> None:
        """The lines of charges for their periods that end in the period of the bill, in order of time: what ends
        earlier is paid for first, whatever the order in which lines are declared."""
        kept: dict[Where, list[Kept]] = defaultdict(list)
        priced: dict[Where, Exact] = defaultdict(int)
        waiting: dict[str, list[Fed]] = defaultdict(list)
        made: dict[str, list[Line]] = {line.charge.name: [] for line in lines}
        for of in self.drawing.fed:
            if of[1].end <= period.end:
                waiting[of[0]].append(of)
        queue = Turns()
        for line in lines:
            for of in self._periods(line, period, billed, waiting.get(line.charge.name, [])):
                queue.add(line, of)
        followers = [line for line in lines if line.follows_records]
        for line, of in queue:
            charge = line.charge
            fed = dict(self.drawing.fed.pop(of, {}))
            try:
                found, blocked = self.pricing.line(charge, of, fed, self.drawing.marks.pop(of, {}))
            except EvaluationError as error:
                cause = self._record_of(charge, of)
                raise error if cause is None else at_record(error, cause.place.span) from error
            if found is not None:
                made[charge.name] += [found, *self.payments.of_line(charge, of, found)]
                for follower in followers if of[3] else ():
                    if charge.name in follower.lines:
                        queue.add(follower, (follower.charge.name, of[1], (), of[3]))
            for meter, quantity in fed.items():
                where = (meter, of[1], of[2])
                if blocked is not None:
                    kept[where].append((charge.name, blocked, quantity))
                else:
                    priced[where] = max(quantity, priced[where])
        facts.lines += [one for found in made.values() for one in found]
        self.drawing.take_back(kept, priced)

    def _record_of(self, charge: tree.Charge, of: Fed) -> Record | None:
        """The record that is priced alone, or the first of a key; None where all usage of a period is priced."""
        _, period, key, number = of
        if number in self.drawing.records:
            return self.drawing.records[number]
        if not key:
            return None
        own = (p.record for p in self.pieces if p.meter in charge.meters and p.key == key and p.start in period)
        whole = (r for name in charge.meters for r in self.account.counted.whole.get((name, key), ()))
        measured = (r.record for r in whole if r.start in period)
        return next((record for record in (*own, *measured) if record is not None), None)

    def _periods(self, line: LinePlan, period: Period, billed: bool, fed: list[Fed]) -> Iterable[Fed]:
        """The periods of a line that end in `period`: those with usage, and all of them if it bills anyhow."""
        charge = line.charge
        if line.follows_records:
            return [(charge.name, p, (), number) for p, number in self.ledger.records(line.lines, period)]
        bills_anyhow = charge.on is None or line.at_zero
        if not bills_anyhow or charge.by or not (billed or charge.name in self.plan.needed):
            return fed
        if charge.meters and self.cadences[charge.name].alone:
            return fed  # a reading, or a record, of another meter is none of its own
        own: set[Fed] = {(charge.name, p, (), 0) for p in self._own_periods(charge, period)}
        return own.union(fed)

    def _own_periods(self, charge: tree.Charge, period: Period) -> list[Period]:
        """The periods of a charge that end in `period`, whatever was used."""
        cadence = self.cadences[charge.name]
        if cadence.alone:
            return [p for p in self._readings if period.start < p.end <= period.end]
        activated = self.account.activated
        every = self.grid.billed_between(period.start, period.end, cadence, charge.billed)
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
