"""The walk through an account's time: usage is served as it happens, lines are priced where their periods end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Account, Record, Told
from tests.reference.clock import FIRST, LAST, Span
from tests.reference.counted import Key
from tests.reference.drawing import Drawing
from tests.reference.in_force import MetersInForce, holds_within
from tests.reference.ledger import Ledger
from tests.reference.limits import Limits, check_covered
from tests.reference.lines import TAXES, TICK, LineRules
from tests.reference.lots import Lot, Part
from tests.reference.order import hand_down_periods, in_order
from tests.reference.period_lines import PeriodLines
from tests.reference.pieces import Pieces
from tests.reference.pools import Pools
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import Rules, statement
from tests.reference.schedule import Schedule
from tests.reference.serving import Action, Serving
from tests.reference.single_lines import SingleLines
from tests.reference.windows import windows_of


class Walk:
    """One account under one price list, up to a horizon."""

    def __init__(self, rules: Rules, account: Account, months: list[Span]) -> None:
        self.rules = rules
        self.told = Told(rules, account)
        self.months = months
        self.horizon = months[-1].end
        begin = self._begin(account)
        self.lines = {name: LineRules(rules, self.told, name) for name in rules.lines}
        for line in self.lines.values():
            line.check()
        hand_down_periods(self.lines)
        self._check_periods()
        self.measuring = MetersInForce(self.told, self.lines).measuring
        for record in account.records:
            if any(record.end and record.start < at < record.end for at in self.rules.changes):
                self._refuse_cut(record)
        for line in self.lines.values():
            line.windows = windows_of(line, self.measuring) if line.in_windows else []
            self._check_opening(line)
        self.schedule = Schedule(rules, begin, self.horizon, self.lines, self.measuring)
        check_covered(self.told)
        self.limits = Limits(self.told)
        self.pools = Pools(self.told, self.horizon, self.measuring)
        self.drawing = drawing = Drawing(self.pools)
        self.pieces = Pieces()
        self.ledger = Ledger(self.told, self.lines, drawing, self.limits.extended)
        single = SingleLines(self.told, self.schedule, self.pieces, self.ledger)
        self.serving = Serving(self.told, self.schedule, drawing, self.pieces, single)
        self.period_lines = PeriodLines(self.told, self.schedule, self.pieces, self.ledger)
        self.balances: dict[datetime, list[tuple[Lot, datetime, datetime, Fraction]]] = {}
        self.order = in_order(self.lines)
        self.ledger.own.spreading.check()
        self._run()
        for line in self.lines.values():
            self.period_lines.refuse_before(line)

    def _check_opening(self, line: LineRules) -> None:
        """Refuses an opening inside a period of a line, or of its maximum."""
        opening = self.told.account.opening
        if opening is None:
            return
        if line.in_windows or any(self.measuring[meter].looks_back for meter in line.asked if meter in self.measuring):
            raise NotCovered("usage from before an opening")
        spans = [] if line.alone or line.in_advance else list(line.spans(opening - TICK, opening))
        if line.maximum is not None and line.maximum.period is not None:
            spans.append(self.rules.clock.around(line.maximum.period.unit.text, opening - TICK))
        if any(span.start < opening < span.end for span in spans):
            raise Refused("an opening inside a period")

    def _check_periods(self) -> None:
        """Raises NotCovered where lines that are not always there change for which periods others are."""
        for version in self.rules.stretches() if any(each.absent for each in self.rules.stretches()) else ():
            there = {n: LineRules(version, self.told, n) for n in version.lines if n not in version.absent}
            hand_down_periods(there)
            if any(line.cadence != self.lines[name].cadence for name, line in there.items()):
                raise NotCovered("periods that a contract changes for some of the time")

    @property
    def unserved(self) -> list[tuple[str, datetime, Fraction]]:
        """What nothing paid for: meter, when, how much."""
        read = {self.rules.recorded(meter) for meter in self.rules.meters if self.rules.recorded(meter) != meter}
        read |= {name for line in self.lines.values() for name in line.asked}
        # What is there to be read, or named in a price, is served where a line or a quota is on it.
        return [
            (meter, at, quantity)
            for meter, at, quantity in self.pieces.unserved({m: self.schedule.on(m) for m in self.measuring})
            if meter not in read or self.schedule.on(meter) or self.rules.at(at).chain(meter)
        ]

    def _begin(self, account: Account) -> datetime:
        """When something happens first. Raises Refused where the list is not in force then, or later."""
        start, _ = self.rules.effective()
        until = self.rules.last.effective()[1]
        times = [record.start for record in account.records] + [purchase.at for purchase in account.purchases]
        times += [each.at for each in (*account.withdrawals, *account.extensions)]
        if start and (any(at < start for at in times) or self.months[0].end <= start):
            raise Refused("before the list is in force")
        if until and (any(at >= until for at in times) or self.months[-1].start >= until):
            raise Refused("when the list is no longer in force")
        if until and self.horizon > until:
            raise NotCovered("a list that ends")
        opening = account.opening or FIRST
        if any(at < opening for at in (*times, *(request.at for request in (*account.refunds, *account.pauses)))):
            raise Refused("before the opening")
        return max(min([*times, account.activated or self.months[0].start]), start or FIRST, opening)

    def _refuse_cut(self, record: Record) -> None:
        """Refuses what another version would cut, where it would count on both sides."""
        meters = (name for name in self.rules.meters if self.rules.recorded(name) == record.meter)
        if record.form == "total" or (record.form == "state" and any(map(self._adds_up, meters))):
            raise Refused("a total, or what is added up, over the beginning of another version")

    def _adds_up(self, meter: str) -> bool:
        """Whether a meter adds up what records have: not over time, and not at each instant."""
        found = False
        pending: list[tuple[object, bool]] = [(self.rules.measure(meter).expression, False)]
        defines = self.rules.defines_of(self.rules.meters[meter])
        while pending:
            node, series = pending.pop()
            if isinstance(node, n.Selection) and node.each is not None:
                if node.each.unit.text != "instant":
                    pending.append((node.operand, True))
                continue
            if isinstance(node, n.Call):
                of_series = bool(node.arguments) and self.measuring[meter].is_series(node.arguments[0])
                found |= node.function.text == "sum" and not of_series
                found |= series and node.function.text == "count"
            if isinstance(node, n.Ref) and node.name.text in defines:
                pending.append((defines[node.name.text], series))
            if isinstance(node, tuple):
                pending += [(each, series) for each in node]
            elif isinstance(node, n.Node):
                pending += [(getattr(node, name), series) for name in node.__struct_fields__ if name != "span"]
        return found

    def _run(self) -> None:
        actions: list[Action] = self.serving.actions()
        ends: dict[datetime, list[tuple[str, Span, Key | None]]] = defaultdict(list)
        for name, line in self.lines.items():
            if line.in_advance:
                actions += self._beginnings(line)
            elif line.in_windows:
                for span, key in line.windows:
                    ends[span.end].append((name, span, key))
            elif not line.alone:
                for span in line.spans(self.schedule.begin, self.horizon):
                    for part in self.schedule.parts(line, span):
                        if part.end <= self.horizon:
                            ends[part.end].append((name, span, None))
        for month in self.schedule.all_months:
            ends[month.end]
        for change in self.rules.changes:
            if change < self.horizon:
                actions.append((change, 0, ("",), lambda change=change: self.pools.refuse_what_is_gone(change)))
        for end, due in ends.items():
            actions.append((end, 0, (), lambda end=end, due=due: self._close(end, due)))
        for request in self.told.account.refunds:
            actions.append((request.at, 1, (request.purchase,), lambda request=request: self.ledger.refund(request)))
        for request in self.told.account.pauses:
            actions.append((request.at, 1, ("",), lambda request=request: self.ledger.refunds.lots(request)))
        for each in self.told.account.withdrawals:
            actions.append((each.at, 1, ("",), lambda each=each: self.drawing.withdraw(each)))
        for at, phase, _, act in sorted(actions, key=lambda each: each[:3]):
            if at < self.horizon or (at == self.horizon and phase <= 0):
                act()

    def _beginnings(self, line: LineRules) -> Iterator[Action]:
        """Of a line that is billed in advance: what begins, or what the account begins in, behind what ends then."""
        assert line.cadence is not None
        for span in line.cadence.periods(self.rules.clock, self.schedule.begin, self.horizon):
            at = max(span.start, self.told.account.activated or span.start)
            if self.schedule.begin <= at < span.end:
                yield at, 0, (line.name,), lambda span=span, at=at: self.period_lines.begin(line, span, at)

    def _close(self, end: datetime, due: list[tuple[str, Span, Key | None]]) -> None:
        """What ends at an instant: measures of periods, lines and what pays for them, and the bill of a month."""
        spans = {name: span for name, span, key in due if key is None}
        windows = [(name, span, key) for name, span, key in due if key is not None]
        self.serving.measure_periods(end, spans, windows)
        self.serving.credit(end)
        month = self.schedule.month_ending.get(end)
        paid_subtotal = month is None
        for name in self.order:
            line = self.lines[name]
            if line.kind in TAXES and not paid_subtotal and month:
                self.ledger.pay_sum("subtotal", month)
                paid_subtotal = True
            if name in spans:
                self.period_lines.bill(line, spans[name], end)
                self.ledger.pay_lines(name, end)
            for own in sorted((span, key) for other, span, key in windows if other == name):
                self.period_lines.bill(line, own[0], end, own[1])
                self.ledger.pay_lines(name, end)
        if month:
            if not paid_subtotal:
                self.ledger.pay_sum("subtotal", month)
            self.ledger.pay_sum("total", month)
            self._remember(end)

    def _remember(self, end: datetime) -> None:
        self.pools.roll_over(end)
        self.balances[end] = [
            (lot, part.start, part.end, part.remaining)
            for lot in self.pools.lots
            for part in lot.parts
            if part.covers(end)
            and (part.given or part.told)
            and lot.bought < end
            and not (lot.filled and part.older == LAST)
            if self.pools.is_there(lot.pool, end - TICK)
            if not self._is_given_anew(lot, part, end) and not self._comes_later(lot, part, end)
        ]

    def _comes_later(self, lot: Lot, part: Part, end: datetime) -> bool:
        """Whether a grant was not in force until an instant, so that nothing of it is held yet; what the data say that
        the account holds is."""
        pool = self.rules.pools[lot.pool]
        if pool.word != "grant" or any(balance.source == lot.pool for balance in self.told.account.balances):
            return False
        once = statement(pool, n.Renews) is None
        whole, start = (lot.size.number, lot.start) if once else (part.given, part.began)
        return part.remaining == whole and not holds_within(self.told, pool, Span(start, end))

    def _is_given_anew(self, lot: Lot, part: Part, end: datetime) -> bool:
        """Whether a cycle begins with another version of the list, which gives it."""
        begins = end == part.start and end in self.rules.changes and part.older == LAST
        if not begins or self.rules.pools[lot.pool].word == "package":
            return False
        if part.remaining != part.given:
            raise NotCovered("a debt that goes on to another version")
        return True
