"""The lines of a bill: their periods, what they are on, and the amounts in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from ratewright.syntax import nodes as n
from tests.reference.account import Record, Told
from tests.reference.clock import Cadence, Length, Span
from tests.reference.counted import TICK, Key
from tests.reference.formulas import Place, Value, cadence_of, evaluate, figure, truth
from tests.reference.prices import price_of
from tests.reference.problems import NotCovered, Refused
from tests.reference.rounding import rounded
from tests.reference.rules import Rules, statement, walk
from tests.reference.values import Figure, add, agree, multiply, plain

ALONE = ("record", "reading")
SUMS = ("charges", "subtotal", "total")
TAXES = ("tax", "included")


@dataclass(frozen=True)
class Line:
    """A line of a bill. `exact` is before rounding; amounts are below 0 where something is taken off. `listed` is what
    the list alone asks, without contracts; None where that is not worked out, or the list has no such line: `added`."""

    kind: str
    source: str
    span: Span
    key: Key
    quantity: Figure | None
    exact: Fraction
    amount: Fraction
    listed: Fraction | None
    added: bool = False
    away: bool = False  # a condition keeps it away, by the contract's figures


@dataclass(frozen=True)
class Asked:
    """One charge, one period, one key: what the amount of a line is worked out from."""

    span: Span
    whole: Span  # the period without what the list or a change cuts off
    key: Key
    quantity: Figure | None
    used: bool
    by_record: bool = False  # whether the condition was asked for each record already
    always: bool = False  # whether a discount is asked for its amount though it may be on nothing
    goes_on: bool = False  # whether another part of the period is billed later
    of_longer: Fraction = Fraction(0)  # what others of its lines had of a maximum for a longer period


class LineRules:
    """What a charge, a discount or a tax says, and what that makes of a quantity."""

    def __init__(self, rules: Rules, told: Told, name: str) -> None:
        self.rules = rules
        self.told = told
        self.name = name
        self.declaration = rules.lines[name]
        self.included = statement(self.declaration, n.Included) is not None
        self.kind = "included" if self.included else self.declaration.word
        self.defines = rules.defines_of(self.declaration)
        self.on = statement(self.declaration, n.On)
        self.when = statement(self.declaration, n.When)
        self.minimum = statement(self.declaration, n.Minimum)
        self.maximum = statement(self.declaration, n.Maximum)
        self.prorated = statement(self.declaration, n.Prorated)
        self.flat = statement(self.declaration, n.ZeroUsage) is not None
        self.cadence = self._cadence()
        billed = statement(self.declaration, n.Billed)
        self.in_advance = billed is not None and billed.cadence is None
        self.billed = None if self.in_advance else billed
        every = statement(self.declaration, n.Every)
        self.counted_from = _written(every.cadence) if every else ""
        self.windows: list[tuple[Span, Key]] = []  # found from the records, where it has some
        self.later = LineRules(rules.then, told, name) if rules.then is not None else None

    def check(self) -> None:
        """Refuses what its fixed figures alone contradict: a discount of more than all, a minimum above the maximum."""
        rate = statement(self.declaration, n.Rate)
        if self.kind == "discount" and rate is not None and len(rate.price.terms) == 1:
            share = self._fixed(rate.price.terms[0].expression)
            if share is not None and share.dimension == () and share.number > 1:
                raise Refused("a discount of more than there is")
        if self.minimum and self.maximum and not self.maximum.block and not self.maximum.period:
            least, most = self._fixed(self.minimum.expression), self._fixed(self.maximum.expression)
            if least is not None and most is not None and least.number > most.number:
                raise Refused("a minimum above the maximum")
        if self.later is not None:
            self.later.check()

    def _fixed(self, formula: n.Expression) -> Figure | None:
        """What a formula comes to that names nothing."""
        try:
            return figure(formula, Place(self.rules, lambda name: None))
        except Refused:
            return None

    def _cadence(self) -> Cadence | None:
        every, once = statement(self.declaration, n.Every), statement(self.declaration, n.Once)
        began = self.told.account.activated
        place = Place(self.rules, lambda name: self.told.known(name, began or datetime(2026, 1, 1)))
        if once is not None:
            at = evaluate(once.instant, place)
            assert isinstance(at, datetime)
            return Cadence("day", anchor=at, once=True)
        if every is None:
            if self.kind == "charge":
                raise Refused("a charge says how often it is billed")
            return None
        return cadence_of(every.cadence, place)

    @property
    def at_zero(self) -> bool:
        """Whether a quantity of 0 may come to something."""
        bare = self.on is not None and isinstance(self.on.expression, n.Ref) and bool(self.meters)
        return (self.on is not None and not bare) or self.minimum is not None or self.flat

    @property
    def alone(self) -> bool:
        return self.cadence is not None and self.cadence.unit in ALONE

    @cached_property
    def meters(self) -> list[str]:
        """The meters that the line is on."""
        return [name for name in self.names_in(self.on) if name in self.rules.meters] if self.on else []

    @cached_property
    def by(self) -> tuple[str, ...]:
        marks = {self.rules.kept_apart(meter) for meter in self.meters}
        if len(marks) > 1:
            raise Refused("meters that are kept apart differently")
        return marks.pop() if marks else self.by_lines

    @property
    def by_lines(self) -> tuple[str, ...]:
        """What a discount or a tax says that it is kept apart by, as the lines it is on are."""
        by = statement(self.declaration, n.By)
        return tuple(each.text for each in by.names) if by is not None else ()

    def names_in(self, node: object) -> list[str]:
        """The names that a formula asks, through its steps, each once."""
        found: dict[str, None] = {}
        pending = [node]
        while pending:
            for each in walk(pending.pop()):
                names = []
                if isinstance(each, n.Ref):
                    names = [each.name.text]
                elif isinstance(each, n.Lookup):
                    names = []
                for name in names:
                    if name not in found:
                        found[name] = None
                        if name in self.defines:
                            pending.append(self.defines[name])
        return list(found)

    @cached_property
    def asked(self) -> list[str]:
        """Every name that the line asks."""
        return self.names_in(self.declaration.statements)

    @cached_property
    def when_by_record(self) -> bool:
        """Whether the condition is asked for each record: it asks settings and `at` alone."""
        if self.when is None:
            return False
        other = {*self.rules.meters, *self.rules.lines, *self.rules.pools, *SUMS, "quantity", "period"}
        return not other & set(self.names_in(self.when.condition))

    def applies_at(self, at: datetime) -> bool:
        """Whether the condition holds at an instant."""
        assert self.when is not None

        def names(name: str) -> Value | None:
            return at if name == "at" else self.told.known(name, at)

        return truth(self.when.condition, Place(self.rules, names, self.defines))

    def applies_throughout(self, span: Span) -> bool:
        """Whether a condition on settings holds in a stretch of time. Raises Refused where that changes inside."""
        answers = {self.applies_at(at) for at in (span.start, *self.told.changes_in(span))}
        if len(answers) > 1:
            raise Refused("a setting changes inside usage, and with it whether a charge applies")
        return answers.pop()

    def takes(self, record: Record) -> bool:
        """Whether a record passes a condition that is asked for each."""
        if not self.when_by_record:
            return True
        lasts = record.form != "event" and record.end is not None
        return self.applies_throughout(Span(record.start, record.end if lasts and record.end else record.start))

    @property
    def in_windows(self) -> bool:
        return self.cadence is not None and self.cadence.first_use

    def spans(self, start: datetime, end: datetime, key: Key = ()) -> Iterator[Span]:
        """The periods that overlap `[start, end)`; of windows those of a key."""
        assert self.cadence is not None
        if self.in_windows:
            yield from (span for span, own in self.windows if own == key and span.start < end and start < span.end)
            return
        periods = self.cadence.periods(self.rules.clock, start, end)
        yield from (each for each in self.rules.cut(periods) if each.start < end and start < each.end)

    def whole(self, span: Span) -> Span:
        """The period that a change of the list may have cut."""
        assert self.cadence is not None
        return next(self.cadence.periods(self.rules.clock, span.start, span.start + TICK), span)

    def in_force(self, at: datetime) -> LineRules:
        """The line as the version has it that is in force at an instant."""
        return self if self.later is None or at < self.rules.change else self.later.in_force(at)

    @cached_property
    def by_list(self) -> LineRules | None:
        """The line as the list has it without contracts; None where it has none."""
        listed = self.rules.listed
        if listed is None or self.name not in listed.lines:
            return self if listed is None else None
        made = LineRules(listed, self.told, self.name)
        made.cadence, made.counted_from = self.cadence, self.counted_from
        return made

    def quantity(self, left: Callable[[str], Value | None], span: Span) -> Figure | None:
        """What is priced, by what is left of meters and lines; None of a line that has no quantity."""
        return figure(self.on.expression, Place(self.rules, left, self.defines, period=span)) if self.on else None

    # ------------------------------------------------------------ the amount

    @property
    def by_amount(self) -> bool:
        """Whether it is a discount by a formula."""
        return self.kind == "discount" and statement(self.declaration, n.AmountForm) is not None

    @cached_property
    def by_day(self) -> bool:
        return self.prorated is not None and _is_day(self.prorated.ratio)

    @property
    def _asked_by_day(self) -> bool:
        """Whether the condition is asked for each day, and not once for a period."""
        least = self.minimum is not None and self.minimum.by_day and bool(self.meters)
        return not self.in_advance and (self.by_day or least)

    def applies(self, asked: Asked, names: Callable[[str], Value | None]) -> bool:
        """Whether the condition holds, as far as it is asked once for a period."""
        if self.when is None or self._asked_by_day or (self.when_by_record and asked.by_record and asked.used):
            return True
        return truth(self.when.condition, Place(self.rules, names, self.defines, period=asked.span))

    def amount(self, asked: Asked, names: Callable[[str], Value | None]) -> tuple[Fraction, Fraction] | None:
        """The exact and the rounded amount, or None where the line does not apply or nothing is priced."""
        found = self._amount(asked, names)
        dropped = found is not None and self.name in self.rules.delta.dropped
        return (Fraction(0), Fraction(0)) if dropped else found

    def _amount(self, asked: Asked, names: Callable[[str], Value | None]) -> tuple[Fraction, Fraction] | None:
        """The same of a line that no contract drops."""
        if self.name in self.rules.absent:
            return None
        place = Place(self.rules, names, self.defines, period=asked.span)
        by_day = self.by_day
        quantity = asked.quantity
        used = quantity is None or quantity.number != 0 or self.flat
        priced = used or asked.always
        floor = self.minimum is not None and not asked.goes_on and (asked.used or not asked.key)
        if not priced and not floor:
            return None
        if not self.applies(asked, names):
            return None
        if by_day and not self._share(asked):
            return None
        money = self.rules.money
        value = Figure(Fraction(0), money)
        if priced:
            value = price_of(self.declaration, quantity or plain(0), place)
            agree(value, Figure(Fraction(0), money))
            if self.included and quantity is not None and value.number:
                value = Figure(value.number * quantity.number / (quantity.number + value.number), money)
            value = multiply(value, plain(self.rules.delta.factors.get(self.name, Fraction(1))))
        if self.prorated is not None:
            share = plain(self._share(asked)) if by_day else figure(self.prorated.ratio, place)
            value = multiply(value, share)
        if self.minimum is not None and not asked.goes_on:
            least = figure(self.minimum.expression, place)
            agree(least, value)
            share = self._share(asked) if self.minimum.by_day else Fraction(1)
            if not share and not priced:
                return None
            value = Figure(max(value.number, least.number * share) if share else value.number, money)
        if self.maximum is not None and self.maximum.block is None:
            most = figure(self.maximum.expression, place)
            agree(most, value)
            left = most.number if self.maximum.period is None else max(most.number - asked.of_longer, Fraction(0))
            value = Figure(min(value.number, left), money)
        if not value.number and not used and (asked.always or asked.of_longer):
            return None
        return value.number, self.rounded(value.number)

    def _share(self, asked: Asked) -> Fraction:
        """Of the days of the whole period those on which the condition holds and the account is active."""
        clock = self.rules.clock
        days = counted = 0
        while True:
            end = clock.add(asked.whole.start, Length(days=days + 1))
            if end > asked.whole.end:
                break
            days += 1
            last = end - TICK
            active = self.told.account.activated is None or last >= self.told.account.activated
            held = self.when is None or self.in_advance or self.applies_at(last)
            counted += active and asked.span.start <= last < asked.span.end and held
        if not days:
            raise NotCovered("a share of days of a period that has none")
        return Fraction(counted, days)

    def rounded(self, exact: Fraction) -> Fraction:
        own = statement(self.declaration, n.Rounding)
        return rounded(exact, own or statement(self.rules.tariff, n.Rounding), self.rules, own is not None)


def _written(cadence: n.Cadence) -> str:
    """From what periods are counted, as the list says it: two dates of an account may happen to be the same."""
    names = (each.name.text for each in walk(cadence.start) if isinstance(each, n.Ref))
    times = (str(each.moment) for each in walk(cadence.start) if isinstance(each, n.Time))
    return " ".join([*names, *times, cadence.day.text if isinstance(cadence.day, n.Name) else ""])


def _is_day(ratio: n.Expression) -> bool:
    return isinstance(ratio, n.Ref) and ratio.name.text == "day"


def sum_figures(values: list[Figure], dimension: tuple[tuple[str, int], ...] | None) -> Figure:
    result = Figure(Fraction(0), dimension)
    for each in values:
        result = add(result, each)
    return result
