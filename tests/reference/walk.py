"""The walk through an account's time: usage is served as it happens, lines are priced where their periods end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from tests.reference.account import Account, Told
from tests.reference.clock import LAST, Cadence, Span
from tests.reference.formulas import Place, Value, figure
from tests.reference.ledger import Ledger
from tests.reference.lines import SUMS, TICK, Asked, Line, LineRules, sum_figures
from tests.reference.lots import Lot, Pools, cadence_of
from tests.reference.measures import Counted, Key, Measuring
from tests.reference.order import hand_down_periods, in_order, members
from tests.reference.pieces import Piece, Pieces
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import Rules
from tests.reference.values import Figure, plain


class Walk:
    """One account under one price list, up to a horizon."""

    def __init__(self, rules: Rules, account: Account, months: list[Span]) -> None:
        self.rules = rules
        self.clock = rules.clock
        self.told = Told(rules, account)
        self.months = months
        self.horizon = months[-1].end
        self.begin = self._begin(account)
        self._in_force(account)
        self.lines = {name: LineRules(rules, self.told, name) for name in rules.lines}
        self.measuring = {name: Measuring(self.told, name) for name in rules.meters}
        self.pools = Pools(self.told, self.horizon)
        self.pieces = Pieces()
        self.ledger = Ledger(self.told, self.lines, self.pools)
        self.billed = self.ledger.billed
        self.billed_so_far: dict[tuple[str, Key, datetime], Fraction] = {}
        self.balances: dict[datetime, list[tuple[Lot, datetime, datetime, Fraction]]] = {}
        hand_down_periods(self.lines)
        self.order = in_order(self.lines)
        self._run()
        for line in self.lines.values():
            self._refuse_before(line)

    @property
    def unserved(self) -> list[tuple[str, datetime, Fraction]]:
        """What nothing paid for: meter, when, how much."""
        read = {self.rules.recorded(meter) for meter in self.rules.meters if self.rules.recorded(meter) != meter}
        read |= {name for line in self.lines.values() for name in line.asked}
        served = [meter for meter in self.measuring if self._on(meter) or self.rules.chain(meter)]
        # The others are there to be read, or named in a price.
        return self.pieces.unserved({m: self._on(m) for m in self.measuring if m in served or m not in read})

    def _begin(self, account: Account) -> datetime:
        times = [record.start for record in account.records]
        times += [purchase.at for purchase in account.purchases]
        times.append(account.activated or self.months[0].start)
        return min(times)

    def _in_force(self, account: Account) -> None:
        start, until = self.rules.effective()
        times = [record.start for record in account.records] + [purchase.at for purchase in account.purchases]
        if start and (any(at < start for at in times) or self.months[0].end <= start):
            raise Refused("before the list is in force")
        if until and (any(at >= until for at in times) or self.months[-1].start >= until):
            raise Refused("when the list is no longer in force")
        if until and self.horizon > until:
            raise NotCovered("a list that ends")
        if start:
            self.begin = max(self.begin, start)

    # ------------------------------------------------------------ the walk

    def _run(self) -> None:
        actions: list[tuple[datetime, int, tuple[object, ...], Callable[[], None]]] = []
        ends: dict[datetime, list[tuple[str, Span]]] = defaultdict(list)
        for name, line in self.lines.items():
            if not line.alone:
                for span in line.spans(self.begin, self.horizon):
                    for part in self._parts(line, span):
                        if part.end <= self.horizon:
                            ends[part.end].append((name, span))
        for month in self.all_months:
            ends[month.end]
        for end, due in ends.items():
            actions.append((end, 0, (), lambda end=end, due=due: self._close(end, due)))
        for request in self.told.account.refunds:
            actions.append((request.at, 1, (request.purchase,), lambda request=request: self.ledger.refund(request)))
        for meter, measuring in self.measuring.items():
            if not measuring.by_record and not self._priced_alone(meter):
                continue
            for one in measuring.records:
                actions.append(self._serving(meter, one))
        for at, phase, _, act in sorted(actions, key=lambda each: each[:3]):
            if at < self.horizon or (at == self.horizon and phase == 0):
                act()

    @cached_property
    def _month_ending(self) -> dict[datetime, Span]:
        return {month.end: month for month in self.all_months}

    @cached_property
    def all_months(self) -> list[Span]:
        """All months from the beginning to the horizon."""
        return list(Cadence("month").periods(self.clock, self.begin, self.horizon))

    def _parts(self, line: LineRules, span: Span) -> list[Span]:
        if line.billed is None:
            return [span]
        cadence = cadence_of(line.billed.cadence, Place(self.rules, lambda name: None))
        parts = cadence.periods(self.clock, max(span.start, self.begin), span.end)
        return [Span(max(part.start, span.start), min(part.end, span.end)) for part in parts]

    def _on(self, meter: str) -> list[LineRules]:
        return self._lines_on[meter]

    @cached_property
    def _lines_on(self) -> dict[str, list[LineRules]]:
        return {meter: [line for line in self.lines.values() if meter in line.meters] for meter in self.rules.meters}

    def _priced_alone(self, meter: str) -> bool:
        alone = [line.alone for line in self._on(meter)]
        lasting = any(one.record.end for one in self.measuring[meter].records)
        if any(alone) and not all(alone) and lasting:
            raise NotCovered("records that last and are priced alone and by periods")
        return any(alone)

    def _serving(self, meter: str, one: Counted) -> tuple[datetime, int, tuple[object, ...], Callable[[], None]]:
        record = one.record
        at, phase = record.start, 3 if record.form == "total" else 2
        if self._priced_alone(meter) and record.end is not None:
            at, phase = record.end, 0
        order = (meter, str(record.fields), one.times)
        return at, phase, order, lambda: self._serve(meter, one, at, phase == 0)

    def _serve(self, meter: str, one: Counted, at: datetime, ends: bool) -> None:
        """One record: from the quotas, then to the charges."""
        measuring = self.measuring[meter]
        amount = measuring.drawn(one)
        record = one.record
        total = Span(record.start, record.end) if record.form != "event" and record.end else None
        left, _ = self.pools.draw(
            self.rules.chain(meter),
            meter,
            amount,
            at - TICK if ends else at,
            measuring.place(one),
            {**one.fields, **dict(one.key)},
            total,
            self._closes(meter, one, at, ends),
        )
        piece = Piece(at, one.key, left, amount, record=one)
        self.pieces.of[meter].append(piece)
        for line in self._on(meter):
            if line.when_by_record and not self._takes(line, piece):
                self.pieces.leave([piece], line, piece.at)
            elif line.alone:
                self._alone(line, meter, piece, at, ends)

    def _closes(self, meter: str, one: Counted, at: datetime, ends: bool) -> datetime:
        """When the bill of a record is closed: its month, or before that the period of a charge on the meter."""
        lines = self._on(meter)
        counted = at - TICK if ends else at
        own = [at if ends else at + TICK] if any(line.alone for line in lines) else [self._month_of(counted)]
        return min([*own, *(self._period_end(line, counted) for line in lines if not line.alone)])

    def _month_of(self, at: datetime) -> datetime:
        return self.clock.around("month", at).end

    def _period_end(self, line: LineRules, at: datetime) -> datetime:
        """When the period, or the part of it, ends in which a line gets what happens at an instant."""
        spans = (part for span in line.spans(at, at + TICK) for part in self._parts(line, span))
        return next((part.end for part in spans if part.start <= at < part.end), LAST)

    def _takes(self, line: LineRules, piece: Piece) -> bool:
        """Whether a charge's condition holds for a record."""
        assert line.when is not None and piece.record is not None
        record = piece.record.record
        lasts = record.form != "event" and record.end is not None
        return self._applies_throughout(line, Span(record.start, record.end if lasts and record.end else record.start))

    def _applies_throughout(self, line: LineRules, span: Span) -> bool:
        """Whether a condition on settings holds in a stretch of time. Raises Refused where that changes inside."""
        answers = {line.applies_at(at) for at in (span.start, *self.told.changes_in(span))}
        if len(answers) > 1:
            raise Refused("a setting changes inside usage, and with it whether a charge applies")
        return answers.pop()

    # ------------------------------------------------------------ lines

    def _alone(self, line: LineRules, meter: str, piece: Piece, at: datetime, ends: bool) -> None:
        """The line of a record or a reading."""
        assert piece.record is not None and line.on is not None
        record = piece.record.record
        if line.cadence is not None and line.cadence.unit == "reading" and record.form != "state":
            raise NotCovered("a reading that is no state")
        if len(line.meters) != 1:
            raise NotCovered("a line of single records on several meters")
        span = Span(record.start, at if ends else at + TICK)

        def names(name: str) -> Value | None:
            if name in self.measuring:
                other = self.measuring[name]
                return other.of_records([each for each in other.records if each.record is record], span)
            return dict(piece.key).get(name) or self.told.known_in(name, span)

        def left(name: str) -> Value | None:
            return piece.left if name == meter else names(name)

        quantity = figure(line.on.expression, Place(self.rules, left, line.defines, period=span))
        asked = Asked(span, span, piece.key, quantity, True, True)
        asks = lambda name: quantity if name == "quantity" else names(name)  # noqa: E731
        if not line.applies(asked, asks):
            self.pieces.leave([piece], line, piece.at)
        self._price(line, asked, asks)

    def _price(
        self, line: LineRules, asked: Asked, names: Callable[..., Value | None], idle: Span | None = None
    ) -> None:
        """`idle`: the period of a line for which nothing was used."""
        try:
            found = line.amount(asked, names)
        except Refused:
            if idle is None:
                raise
            found = self._idle(line, asked, names, idle)
        if found is None:
            return
        exact, amount = found
        if line.kind == "discount":
            if asked.quantity is not None and amount > asked.quantity.number and amount > 0:
                raise Refused("a discount that comes to more than it is on")
            exact, amount = -exact, -amount
        self.billed.append(Line(line.kind, line.name, asked.span, asked.key, asked.quantity, exact, amount))

    def _idle(
        self, line: LineRules, asked: Asked, names: Callable[..., Value | None], span: Span
    ) -> tuple[Fraction, Fraction] | None:
        """Where nothing was used a setting may change inside a period if that changes nothing."""
        instants = [span.start, *self.told.changes_in(span)]
        found = [line.amount(asked, lambda name, at=at: names(name, at)) for at in instants]
        if all(each == found[0] for each in found):
            return found[0]
        if any(each is not None and each[0] for each in found):
            raise Refused("a setting changes inside a period")
        return None

    def _close(self, end: datetime, due: list[tuple[str, Span]]) -> None:
        """What ends at an instant: measures of periods, lines and what pays for them, and the bill of a month."""
        spans = dict(due)
        self._measure_periods(end, spans)
        month = self._month_ending.get(end)
        paid_subtotal = month is None
        for name in self.order:
            line = self.lines[name]
            if line.kind == "tax" and not paid_subtotal and month:
                self.ledger.pay_sum("subtotal", month)
                paid_subtotal = True
            if name in spans:
                self._period_line(line, spans[name], end)
                self.ledger.pay_lines(name, end)
        if month:
            if not paid_subtotal:
                self.ledger.pay_sum("subtotal", month)
            self.ledger.pay_sum("total", month)
            self._remember(end)

    def _measure_periods(self, end: datetime, spans: dict[str, Span]) -> None:
        for meter, measuring in self.measuring.items():
            if measuring.by_record or self._priced_alone(meter):
                continue
            lines = self._on(meter)
            chain = self.rules.chain(meter)
            asking = {spans[line.name] for line in lines if line.name in spans}
            if chain and len({line.cadence for line in lines}) > 1:
                raise NotCovered("quotas on a measure of different periods")
            if not lines:
                asking = {month for month in self.all_months if month.end == end}
            if any(line.billed for line in lines):
                raise NotCovered("a measure of a period, billed in parts")
            for span in sorted(asking):
                cut = Span(max(span.start, self.rules.effective()[0] or span.start), span.end)
                if not lines and not measuring.keys(cut):
                    continue
                for key in measuring.keys(cut) if measuring.by else [()]:
                    amount = measuring.in_period(cut, key)
                    if not amount.number and not measuring.used_in(cut, key):
                        continue  # a look back at nothing
                    marks: dict[str, Value] = dict(key)

                    def names(name: str, marks: dict[str, Value] = marks) -> Value | None:
                        return marks[name] if name in marks else self.told.known(name, end - TICK)

                    place = Place(self.rules, names, measuring.defines)
                    alive = Span(max(cut.start, self.told.account.activated or cut.start), end)
                    ends = [self._period_end(line, end - TICK) for line in lines]
                    closes = min([self._month_of(end - TICK), *ends])
                    left, _ = self.pools.draw(chain, meter, amount, end - TICK, place, marks, alive, closes)
                    self.pieces.of[meter].append(Piece(end, key, left, amount, span))

    def _period_line(self, line: LineRules, span: Span, end: datetime) -> None:
        """The lines of a period: one for each key that has usage, or one in all."""
        start = max(span.start, self.rules.effective()[0] or span.start)
        cut = Span(start, span.end)
        activated = self.told.account.activated
        if activated and end <= activated:
            return
        if (
            line.meters
            and not line.at_zero
            and not any(self._fed(line, meter, cut, span, None) for meter in line.meters)
        ):
            return
        if not line.by:
            self._one(line, cut, span, (), end)
            return
        pieces = [piece for meter in line.meters for piece in self._fed(line, meter, cut, span, None)]
        keys = {piece.key for piece in pieces}
        for key in sorted(keys):
            self._one(line, cut, span, key, end)

    def _one(self, line: LineRules, cut: Span, whole: Span, key: Key, end: datetime) -> None:
        fed: list[Piece] = []
        known = Span(cut.start, end)  # of what is billed in parts, the time so far

        def left(name: str) -> Value | None:
            if name in self.measuring:
                pieces = self._fed(line, name, cut, whole, key)
                fed.extend(pieces)
                return sum_figures([piece.left for piece in pieces], self.measuring[name].unit.dimension)
            if name in self.lines or name == "subtotal":
                return self.ledger.money(self.ledger.left_of(name, cut, line))
            return names(name)

        def names(name: str, at: datetime | None = None) -> Value | None:
            if name in dict(key):
                return dict(key)[name]
            if name in self.measuring:
                measuring = self.measuring[name]
                return measuring.in_period(known, key if measuring.by and measuring.by == line.by else None)
            if name in self.lines:
                return self.ledger.money(self.ledger.amount_of(name, cut, line, key))
            if name in SUMS:
                return self.ledger.money(self.ledger.sum_of(name, cut, line))
            if name in self.rules.pools:
                raise NotCovered("a quota in a formula")
            return self.told.known_in(name, known) if at is None else self.told.known(name, at)

        quantity: Figure | None = None
        if line.on is not None:
            quantity = figure(line.on.expression, Place(self.rules, left, line.defines, period=cut))
        by_record = all(self.measuring[meter].by_record for meter in line.meters)
        if line.when_by_record and not by_record and any(piece.left.number or line.at_zero for piece in fed):
            by_record = True  # asked of the result, as of a total of the period
            if not self._applies_throughout(line, Span(max(cut.start, self.told.account.activated or cut.start), end)):
                self.pieces.leave(fed, line, end - TICK)
                return
        inside = line.names_in(line.on) if line.on else []
        other = {name: names(name) for name in line.asked if name not in inside and self._is_used(name)}
        always = line.by_amount and (_any(other.values()) or self._stands(line, inside, cut))
        asked = Asked(cut, whole, key, quantity, bool(fed), by_record, always)
        size = len(self.billed)

        def asks(name: str, at: datetime | None = None) -> Value | None:
            return (quantity or plain(0)) if name == "quantity" else names(name, at)

        if any(piece.left.number for piece in fed) and not line.applies(asked, asks):
            self.pieces.leave(fed, line, end - TICK)
        else:
            for meter in line.meters if any(piece.span and piece.left.number for piece in fed) else ():
                self.pieces.taken[meter, key].append(whole)
        used = [left(name) for name in inside if self._is_used(name)]
        idle = not _any([*(piece.left for piece in fed), *other.values(), *used])
        self._price(line, asked, asks, known if idle else None)
        if line.billed is not None and len(self.billed) > size:
            self._part(line, self.billed.pop(), known, fed)

    def _is_used(self, name: str) -> bool:
        """Whether a name means usage or an amount."""
        return name in self.measuring or name in self.lines or name in SUMS

    def _stands(self, line: LineRules, on: list[str], span: Span) -> bool:
        """Whether any charge that a discount is on stands on the bill, be it of 0."""
        named_in = {
            other for name in on for other in ([name] if name in self.lines else members(self.lines, name, line))
        }
        here = (each for each in self.billed if each.source in named_in and each.kind == "charge")
        sums = any(name in SUMS for name in on)
        return any(span.start < each.span.end <= span.end for each in here) or (
            sums and bool(self.ledger.at_once(span))
        )

    def _part(self, line: LineRules, so_far: Line, span: Span, fed: list[Piece]) -> None:
        """A part of a period: the price so far, less what was billed of it before."""
        before = [
            each
            for each in self.billed
            if each.source == line.name and each.key == so_far.key and span.start <= each.span.start < span.end
        ]
        part = next(each for each in self._parts(line, span) if each.end == span.end)
        exact = so_far.exact - sum(each.exact for each in before)
        amount = so_far.amount - sum(each.amount for each in before)
        before_it = self.billed_so_far.get((line.name, so_far.key, span.start), Fraction(0))
        quantity = so_far.quantity or plain(0)
        grown = Figure(quantity.number - before_it, quantity.dimension)
        if amount or exact or any(part.start <= piece.at and piece.left.number for piece in fed):
            self.billed_so_far[line.name, so_far.key, span.start] = quantity.number
            self.billed.append(Line(so_far.kind, so_far.source, part, so_far.key, grown, exact, amount))

    def _fed(self, line: LineRules, meter: str, cut: Span, whole: Span, key: Key | None) -> list[Piece]:
        """What reached a line in a period."""
        found = []
        for piece in self.pieces.of[meter]:
            if key is not None and piece.key != key:
                continue
            if piece.span is not None:
                if piece.span == whole:
                    found.append(piece)
            elif cut.start <= piece.at < cut.end:
                assert piece.record is not None
                record = piece.record.record
                if line.when_by_record and not self._takes(line, piece):
                    continue
                priced = record.end is not None and (piece.left.number or line.at_zero)
                if priced and record.form != "event" and record.end > self._period_end(line, piece.at):
                    raise Refused("a total or a state that runs past the end of a period")
                found.append(piece)
        return found

    def _refuse_before(self, line: LineRules) -> None:
        """What a line would price, and what is measured for it, may not lie before the date from which it counts."""
        anchor = line.cadence.anchor if line.cadence is not None else None
        if anchor is None:
            return
        for meter in line.meters:
            whole = not self.measuring[meter].by_record
            early = [(one.record, True) for one in self.measuring[meter].records if whole and one.record.start < anchor]
            early += [
                (piece.record.record, bool(piece.left.number or line.at_zero))
                for piece in self.pieces.of[meter]
                if piece.record and piece.at < anchor and not (line.when_by_record and not self._takes(line, piece))
            ]
            for record, priced in early:
                lasts = whole and record.form == "state" and record.end is not None and record.end > anchor
                if priced and not lasts:
                    raise Refused("usage from before the date that periods are counted from")

    def _remember(self, end: datetime) -> None:
        self.pools.roll_over(end)
        self.balances[end] = [
            (lot, part.start, part.end, part.remaining)
            for lot in self.pools.lots
            for part in lot.parts
            if part.covers(end) and lot.bought < end
        ]


def _any(values: Iterable[Value | None]) -> bool:
    """Whether any figure is not 0."""
    return any(isinstance(each, Figure) and each.number for each in values)
