"""Rating one account: a walk through its time, from which the bills of the periods asked for are cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whenever import Instant

from ratewright.account.binding import Account, bind
from ratewright.account.bought.bought import BoundRequest, BoundWithdrawal
from ratewright.account.counted.pieces import Left, Piece, pieces_in_order
from ratewright.account.settings.anchors import anchored
from ratewright.diagnostics import Diagnostic
from ratewright.limits import DEFAULT, Limits
from ratewright.plan.plan import Plan
from ratewright.rating.assembly.bill_assembly import PeriodFacts, assemble
from ratewright.rating.assembly.concurrency import limit_histories
from ratewright.rating.bill import Bill, Line, Statement
from ratewright.rating.billable_periods import check_periods
from ratewright.rating.filled_sizes import FilledSizes
from ratewright.rating.lines.ledger import Ledger
from ratewright.rating.lines.line_pricing import Pricing
from ratewright.rating.measuring.measuring import Measuring
from ratewright.rating.measuring.results_as_usage import results_as_usage, results_told
from ratewright.rating.measuring.results_of_parts import refuse_parts
from ratewright.rating.measuring.whole_meter import Result
from ratewright.rating.measuring.windows import Windows
from ratewright.rating.paying.bought_lines import extension_line, purchase_line, refund_line
from ratewright.rating.paying.payments import Payments
from ratewright.rating.paying.refunds import decide_pause, decide_refund
from ratewright.rating.period_lines import PeriodLines
from ratewright.rating.serving.drawing import Drawing
from ratewright.rating.serving.serving_schedule import scheduled
from ratewright.rating.serving.settling_times import SettlingTimes
from ratewright.rating.serving.taking_back import refuse_below_zero
from ratewright.rating.walk_start import time_before
from ratewright.refusal import RatingError
from ratewright.usage.model import Usage
from ratewright.values.calendar import Cadence, Period
from ratewright.values.exact import summed


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


def _cadences(account: Account) -> Mapping[str, Cadence]:
    """How often each line is billed."""
    features = account.plan.features
    if not features.anchored:
        return features.cadences
    counted = {charge.name: anchored(charge.every, charge.anchor, account.settings, {}) for charge in features.anchored}
    return {**features.cadences, **counted}


_Asked = BoundRequest | BoundWithdrawal
"""What an account's data ask for at an instant. What is withdrawn then comes before what is given back."""


class _Walk:
    """The account's time, walked once in order."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.grid = grid = account.grid
        self.cadences = _cadences(account)
        windows = Windows(account, grid)
        windows.check_opening()
        holdings = account.bought.holdings
        self.drawing = Drawing(account.plan, grid, account.settings, holdings, self.cadences, windows)
        self.settling = SettlingTimes(grid, self.cadences, account.plan)
        self.ledger = Ledger(account.plan)
        self.measuring = Measuring(account, grid, windows)
        self.filling = holdings.filling
        self.filling.size = FilledSizes(account.settings, self.measuring).size
        self.fills = account.plan.features.fills
        self.pricing = Pricing(account, grid, self.cadences, self.measuring, self.drawing, self.ledger)
        self.payments = Payments(account.plan, self.drawing.sources, self.ledger)
        self.lines = PeriodLines(account, grid, self.cadences, self.drawing, self.ledger, self.pricing, self.payments)
        self.histories = limit_histories(account)
        self.pieces: list[Piece] = []
        self.schedule: list[Instant] = []
        self.position = 0
        self.left_position = 0
        self.left_standing: list[Left] = []
        asked: list[_Asked] = [*account.bought.withdrawals, *account.bought.requests]
        self.requests = iter(sorted(asked, key=lambda one: one.at))
        self.next_request: _Asked | None = next(self.requests, None)
        self.granted = dict(account.bought.granted)
        self.asides: list[tuple[str, Result]] = []

    def bills(self, periods: Sequence[Period]) -> list[Bill]:
        if not periods:
            return []
        account, cadences = self.account, self.cadences
        pieces = self._all_pieces(periods[-1].end)
        self.pieces, self.schedule = scheduled(pieces, account.plan, self.settling, cadences)
        self.lines.know(self.pieces)
        self.drawing.know(self.pieces)
        refuse_parts(account, self.grid, cadences, periods[-1].end)
        refuse_below_zero(account.plan, self.grid, cadences, pieces, periods[-1].end)
        for earlier in time_before(account, pieces[:1], cadences, periods[0].start, pays=self.payments.any):
            self._walk_to(earlier, billed=False)
        return [self._bill(period) for period in periods]

    def _all_pieces(self, end: Instant) -> list[Piece]:
        """All usage that begins before `end`, in order of time: records, and the results of whole periods."""
        pieces = self.account.counted.pieces
        if not self.account.counted.of_periods:
            return pieces
        self.asides = results_told(self.account, self.measuring, self.cadences, end)
        results = results_as_usage(self.account, self.measuring, self.cadences, end)
        return pieces_in_order([*pieces, *results]) if results else pieces

    def _bill(self, period: Period) -> Bill:
        facts = self._walk_to(period, billed=True)
        reached = (self.pricing.reached, self.account.counted.reached, self.account.settings.reached)
        facts.granted = tuple(self.granted.items())
        facts.reached = frozenset().union(*reached)
        return assemble(self.account, facts, self.drawing, self.histories)

    def _walk_to(self, period: Period, *, billed: bool) -> PeriodFacts:
        """Serve everything that happens in the period, and price the periods of charges that end in it.

        Where it is not billed, only those lines are made on which what is billed later depends.
        """
        plan = self.account.plan
        billed = billed or (self.payments.any and self._in_force(period))
        facts = PeriodFacts(period, self.account.bought.holdings, self.settling.lapses)
        self.drawing.begin_period()
        self._serve_until(period.end, facts)
        bought = self._bought_lines(period, facts)
        for line in bought:
            self.ledger.bought(line.at or period.start, line.source, line.amount, line.by_list)
        facts.lines = bought + facts.lines
        facts.lines += self.lines.price(plan.charges, period, billed=billed)
        facts.lines += self.payments.of_sum("subtotal", period, facts.lines)
        facts.lines += self.lines.price(plan.taxes, period, billed=billed)
        facts.lines += self.payments.of_sum("total", period, facts.lines)
        for name, result in self.asides:
            if period.start < result.period.end <= period.end:
                self.drawing.tell(name, result.how)
        for name, result in self.measuring.asked_since():
            self.drawing.note(name, result)
        facts.left = self._left_out(period)
        facts.away, facts.nothing = self.pricing.unbilled()
        return facts

    def _in_force(self, period: Period) -> bool:
        effective = self.account.tariff.effective
        return effective is None or self.account.calendar.instant(effective) < period.end

    def _serve_until(self, end: Instant, facts: PeriodFacts) -> None:
        pieces, serve = self.pieces, self.drawing.serve
        while True:
            request = self.next_request
            stop_at = request.at if request is not None and request.at < end else end
            while self.position < len(pieces) and self.schedule[self.position] < stop_at:
                if self.fills:
                    self.filling.now = self.schedule[self.position].add(nanoseconds=1)
                serve(pieces[self.position])
                self.position += 1
            if request is None or request.at >= end:
                self.filling.now = end
                return
            self.filling.now = request.at
            self._decide(request, facts)
            self.next_request = next(self.requests, None)

    def _decide(self, request: _Asked, facts: PeriodFacts) -> None:
        if isinstance(request, BoundWithdrawal):
            self.drawing.sources.withdraw(request)
            return
        if request.pause:
            facts.refusals.append(decide_pause(request))
            return
        before = dict(self.granted)
        for decided in decide_refund(request, self.account.tariff, self.account.settings, before):
            if decided.granted:
                self.granted[request.pool.name] = before.get(request.pool.name, 0) + 1
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

    def _left_out(self, period: Period) -> list[Left]:
        """The records that a `where` leaves out: those that begin before the period ends, and states that go on."""
        left, first = self.account.counted.left, self.left_position
        while self.left_position < len(left) and left[self.left_position].start < period.end:
            self.left_position += 1
        found = [*self.left_standing, *left[first : self.left_position]]
        self.left_standing = [one for one in found if one.end is not None and one.end > period.end]
        return found
