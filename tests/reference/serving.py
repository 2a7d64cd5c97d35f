"""Serving: usage goes to the quotas, and what they leave of it to the lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from ratewright.syntax import nodes as n
from tests.reference.account import Told
from tests.reference.clock import Span
from tests.reference.counted import Counted, Key
from tests.reference.drawing import Drawing
from tests.reference.evenly import Evenly
from tests.reference.formulas import Place, Value
from tests.reference.lines import TICK
from tests.reference.measures import Measuring
from tests.reference.pieces import Piece, Pieces
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import statement, statements, walk
from tests.reference.schedule import Schedule
from tests.reference.single_lines import SingleLines
from tests.reference.taking_back import Served, TakingBack
from tests.reference.values import Figure

Action = tuple[datetime, int, tuple[object, ...], Callable[[], None]]

Asking = tuple[Span, Key | None]


class Serving:
    """The usage of one account."""

    def __init__(self, told: Told, schedule: Schedule, drawing: Drawing, pieces: Pieces, single: SingleLines) -> None:
        self.told = told
        self.rules = told.rules
        self.schedule = schedule
        self.measuring = schedule.measuring
        self.drawing = drawing
        self.pieces = pieces
        self.single = single
        self.taking_back = TakingBack(told.rules)
        for meter, measuring in self.measuring.items():
            self.taking_back.check(meter, schedule.on(meter))
            special = measuring.spreads or statement(measuring.declaration, n.Corrections)
            if special and not told.rules.keeps_chain(meter):
                raise NotCovered("quotas that contracts change, of what is spread or taken back")

    def actions(self) -> list[Action]:
        """What is served as it happens: when, at what place among what happens then, and how."""
        for meter in self.measuring:
            self._wait(meter)
        return [
            self._action(meter, one)
            for meter, measuring in self.measuring.items()
            if measuring.by_record or self.schedule.priced_alone(meter)
            for one in self._pieces(measuring)
        ]

    def _pieces(self, measuring: Measuring) -> list[Counted]:
        """The records as they are served: whole, or divided where the meter spreads them."""
        if not measuring.spreads:
            return measuring.records
        return Evenly(self.told, self.schedule, self.drawing, measuring).pieces()

    def _action(self, meter: str, one: Counted) -> Action:
        record = one.record
        at, phase = record.start, 3 if record.form == "total" else 2
        whole = record.form != "event" or self.measuring[meter].is_level
        if self.schedule.priced_alone(meter) and record.end is not None and whole:
            at, phase = record.end, 0
        order = (meter, str(record.fields), one.times)
        if self.rules.waits(meter):
            last = self._settled(meter, at)
            return (
                last,
                -1,
                (self._ranks(meter, one.fields), at, *order),
                lambda: self._serve(meter, one, at, False, last),
            )
        return at, phase, order, lambda: self._serve(meter, one, at, phase == 0)

    def _wait(self, meter: str) -> None:
        """Refuses charges that cannot wait until it is known which usage is served first."""
        lines = self.schedule.on(meter) if self.rules.order(meter) else []
        if any(line.alone or line.in_windows or line.billed or line.cadence != lines[0].cadence for line in lines):
            raise Refused("in order of something, for charges that cannot wait for it")

    def _settled(self, meter: str, at: datetime) -> datetime:
        """When usage that is served in order of something is: where the period of the charge behind the quotas ends."""
        lines = self.schedule.on(meter)
        if not lines:
            return self.schedule.month_of(at)
        return next((span.end for span in lines[0].spans(at, at + TICK)), at)

    def _ranks(self, meter: str, marks: Mapping[str, Value]) -> tuple[int, ...]:
        """Where usage stands in the order in which the list serves it."""
        order = self.rules.order(meter)
        if not set(order) <= set(marks):
            raise NotCovered("a result in order of what it is not kept apart by")
        return tuple(choices.index(str(marks[name])) for name, choices in order.items())

    def _serve(self, meter: str, one: Counted, at: datetime, ends: bool, settled: datetime | None = None) -> None:
        """One record: from the quotas, then to the charges. `settled`: when, if that is later than it happened."""
        measuring = self.measuring[meter]
        amount = measuring.drawn(one)
        record = one.record
        takes_back = statement(measuring.declaration, n.Corrections) is not None and self.rules.chain(meter)
        alike = (meter, one.key, self._marks(meter, one), self._period_end(meter, one, at))
        if takes_back:
            self.drawing.pools.roll_over(at)
            if amount.number < 0:
                self.taking_back.back(alike, one, -amount.number)
                return
            amount = Figure(self.taking_back.made_good(alike, amount.number), amount.dimension)
        total = Span(record.start, record.end) if record.form != "event" and record.end else None
        left, _ = self.drawing.draw(
            self.rules.at(at - TICK if ends else at).chain(meter),
            meter,
            amount,
            at - TICK if ends else at,
            measuring.place(one),
            {**one.fields, **dict(one.key)},
            total,
            self._closes(meter, one, at, ends),
        )
        piece = Piece(at, one.key, left, amount, record=one, known=settled - TICK if settled and settled > at else at)
        self.pieces.of[meter].append(piece)
        if takes_back:
            self.taking_back.served[alike].append(Served(piece, self.drawing.last))
        for line in [*self.schedule.on(meter), *self.schedule.of_readings(meter)]:
            if not line.takes(record):
                self.pieces.leave([piece], line, piece.known or piece.at)
            elif line.alone:
                self.single.bill(line, meter, piece, at, ends)

    def _period_end(self, meter: str, one: Counted, at: datetime) -> datetime:
        """When the period of the charges on a meter ends; the month, where there is none."""
        lines = [line for line in self.schedule.on(meter) if not line.alone]
        return self.schedule.period_end(lines[0], at, one.key) if lines else self.schedule.month_of(at)

    def _marks(self, meter: str, one: Counted) -> tuple[tuple[str, object], ...]:
        """What quotas and lines ask of a record."""
        pools = [self.rules.pools[pool] for rank in self.rules.chain(meter) for pool in rank]
        asking = [line.when for line in self.schedule.on(meter)]
        asking += [statement(pool, kind) for pool in pools for kind in (n.When, n.Covers)]
        names = {each.name.text for part in asking for each in walk(part) if isinstance(each, n.Ref)}
        names |= {each.text for pool in pools for scope in statements(pool, n.ScopeOf) for each in scope.names}
        return tuple(sorted((name, value) for name, value in one.fields.items() if name in names))

    def credit(self, end: datetime) -> None:
        """What is still below 0 when a period ends goes to the charges."""
        for meter, one, quantity in self.taking_back.left_below(end):
            left = Figure(-quantity, self.measuring[meter].unit.dimension)
            self.pieces.of[meter].append(Piece(one.record.start, one.key, left, left, record=one))

    def _closes(self, meter: str, one: Counted, at: datetime, ends: bool) -> datetime:
        """When the bill of a record is closed: its month, or before that the period of a charge on the meter."""
        lines = self.schedule.on(meter)
        counted = at - TICK if ends else at
        own = [at if ends else at + TICK] if any(line.alone for line in lines) else [self.schedule.month_of(counted)]
        return min([*own, *(self.schedule.period_end(line, counted, one.key) for line in lines if not line.alone)])

    def measure_periods(self, end: datetime, spans: dict[str, Span], windows: list[tuple[str, Span, Key]]) -> None:
        """What is one quantity for a period that ends. `spans`: the periods of the lines that end then; `windows` those
        of lines that have them for each key."""
        for meter, measuring in self.measuring.items():
            if measuring.by_record or self.schedule.priced_alone(meter):
                continue
            lines = self.schedule.on(meter)
            chain = self.rules.at(end - TICK).chain(meter)
            on = {line.name for line in lines}
            asking: set[Asking] = {(spans[name], None) for name in on if name in spans}
            asking |= {(span, key) for name, span, key in windows if name in on and (span, None) not in asking}
            if chain and len({line.cadence for line in lines}) > 1:
                raise NotCovered("quotas on a measure of different periods")
            if not lines:
                asking = {(month, None) for month in self.schedule.all_months if month.end == end}
            if any(line.billed for line in lines):
                raise NotCovered("a measure of a period, billed in parts")
            for span, own in sorted(asking, key=lambda each: (each[0], each[1] or ())):
                cut = Span(max(span.start, self.rules.effective()[0] or span.start), span.end)
                if not lines and not measuring.keys(cut):
                    continue
                keys = [own] if own is not None else measuring.keys(cut) if measuring.by else [()]
                for key in sorted(keys, key=lambda key: self._ranks(meter, dict(key))):
                    amount = measuring.in_period(cut, key)
                    if not amount.number and not measuring.used_in(cut, key):
                        continue  # a look back at nothing
                    marks: dict[str, Value] = dict(key)

                    def names(name: str, marks: dict[str, Value] = marks) -> Value | None:
                        return marks[name] if name in marks else self.told.known(name, end - TICK)

                    place = Place(self.rules, names, measuring.defines)
                    alive = Span(max(cut.start, self.told.account.activated or cut.start), end)
                    ends = [self.schedule.period_end(line, end - TICK, key) for line in lines]
                    closes = min([self.schedule.month_of(end - TICK), *ends])
                    left, _ = self.drawing.draw(chain, meter, amount, end - TICK, place, marks, alive, closes)
                    self.pieces.of[meter].append(Piece(end, key, left, amount, span))
