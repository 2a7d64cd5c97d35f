"""How records become quantities: which count, what they are kept apart by, and the functions over them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property

from ratewright.syntax import nodes as n
from tests.reference.account import Record, Told, written_figure
from tests.reference.clock import HOUR, Cadence, Span, seconds
from tests.reference.formulas import Place, Value, evaluate, figure, instant, truth
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import statements, walk
from tests.reference.values import NOTHING, SECOND, Figure, add, agree, multiply, plain

TICK = timedelta(microseconds=1)
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Counted:
    """A record that counts for a meter, or a part of one: what it says, and what it is kept apart by."""

    record: Record
    quantity: Figure
    times: Fraction
    fields: dict[str, Value]
    key: Key = ()
    part_of: Record | None = None

    def is_of(self, record: Record) -> bool:
        return record is self.record or record is self.part_of

    @property
    def order(self) -> tuple[datetime, bool, Fraction]:
        """Order of time; at one instant events come before totals, and the smaller before the larger."""
        return self.record.start, self.record.form == "total", self.times


class Measuring:
    """One meter of an account, of those of the records that are given."""

    def __init__(self, told: Told, meter: str, records: Sequence[Record]) -> None:
        self.told = told
        self.given = records
        self.rules = told.rules
        self.meter = meter
        self.declaration = told.rules.meters[meter]
        self.defines = told.rules.defines_of(self.declaration)
        self.measure = told.rules.measure(meter)
        self.unit = told.rules.unit(self.measure.unit)
        self.by = told.rules.kept_apart(meter)
        self.records = sorted(self._counted(), key=lambda each: each.order)
        self.results = {
            (
                told.rules.clock.month(each.month),
                tuple((name, dict(each.fields)[name]) for name in self.by),
            ): written_figure(each.quantity, told.rules)
            for each in told.account.results
            if each.meter == meter
        }
        if self.results and (self.by_record or self.looks_back):
            raise NotCovered("results of what is drawn record by record, or looks back")

    def _counted(self) -> Iterator[Counted]:
        source = self.rules.recorded(self.meter)
        conditions = [each.condition for each in statements(self.declaration, n.Where)]
        spreads = bool(statements(self.declaration, n.SpreadEvenly))
        if spreads and self._is_covered():
            raise NotCovered("quotas of a meter that spreads its records")
        for record in self.given:
            if record.meter != source:
                continue
            number = Fraction(record.quantity.partition(" ")[0].replace(",", ""))
            quantity = written_figure(record.quantity, self.rules)
            whole = Counted(record, quantity, number, self.told.fields(record))
            for one in self._by_the_hour(whole) if spreads else [whole]:
                if all(self.asked(condition, one) is True for condition in conditions):
                    yield replace(one, key=tuple((name, self._mark(name, one)) for name in self.by))

    def _by_the_hour(self, one: Counted) -> Iterator[Counted]:
        """A record that is spread over its time: an even part for each hour, and for each stretch between changes."""
        record = one.record
        if record.form == "event" or record.end is None:
            yield one
            return
        changes = self.told.changes_in(Span(record.start, record.end))
        cuts = sorted({record.start, *changes, *hours(record.start, record.end), record.end})
        for start, end in itertools.pairwise(cuts):
            share = Fraction(seconds(end - start), seconds(record.end - record.start))
            quantity = multiply(one.quantity, plain(share))
            part = replace(record, start=start, end=end)
            yield replace(one, record=part, quantity=quantity, times=one.times * share, part_of=record)

    def _is_covered(self) -> bool:
        return any(
            isinstance(part, n.Name) and part.text == self.meter
            for pool in self.rules.pools.values()
            for covers in statements(pool, n.Covers)
            for part in walk(covers)
        )

    def _mark(self, name: str, one: Counted) -> str:
        value = one.fields[name] if name in one.fields else self.asked(self.defines[name], one)
        if not isinstance(value, str):
            raise NotCovered("kept apart by what is no text")
        return value

    @cached_property
    def by_record(self) -> bool:
        """Whether quotas are drawn record by record: a sum of a formula on records. A selection is none."""
        found = self.measure.expression
        if not isinstance(found, n.Call) or found.function.text != "sum":
            return False
        return not isinstance(found.arguments[0], n.Selection) and not self._is_series(found.arguments[0])

    # ------------------------------------------------------------ one record

    def place(self, one: Counted, at: datetime | None = None) -> Place:
        """What names mean in a record; at another instant of it, where one is given."""
        record = one.record
        asked = at or record.start

        def names(name: str) -> Value | None:
            if name == "quantity":
                return one.quantity
            if name == "times":
                return plain(one.times)
            if name == "at":
                return asked
            if name == "lasted":
                return Figure(seconds(record.end - record.start) if record.end else Fraction(0), SECOND)
            if name.startswith("place "):
                return plain(self._nth(one, name.removeprefix("place ")))
            if name in one.fields:
                return one.fields[name]
            return self.told.known(name, asked)

        return Place(self.rules, names, self.defines)

    def _nth(self, one: Counted, unit: str) -> int:
        """Which record of its period, meter and key one is."""
        if one.record.form == "total":
            raise Refused("a total stands for many records")
        span = self.rules.clock.around(unit, one.record.start)
        among = [each for each in self.records if each.key == one.key and span.start <= each.record.start < span.end]
        return next(number for number, each in enumerate(among, 1) if each.record is one.record)

    def asked(self, node: n.Expression, one: Counted) -> Value:
        """A formula in a record. Raises Refused where it is not the same at each instant that the record stands for."""
        value = evaluate(node, self.place(one))
        for at in self._instants(node, one.record):
            if evaluate(node, self.place(one, at)) != value:
                raise Refused("a total or a state stands for instants at which a formula differs")
        settings = self.names_in(node) & set(self.rules.settings)
        record = one.record
        if settings and record.form != "event" and record.end and self.told.changes_in(Span(record.start, record.end)):
            raise NotCovered("a setting that changes inside a total or a state, and no answer with it")
        return value

    def _instants(self, node: n.Expression, record: Record) -> Iterator[datetime]:
        if record.form == "event" or record.end is None:
            return
        asks = self.names_in(node)
        if asks & set(self.rules.settings):
            yield from self.told.changes_in(Span(record.start, record.end))
        if "at" in asks:
            yield from hours(record.start, record.end)

    def names_in(self, node: n.Expression) -> set[str]:
        """The names that a formula asks, through its steps."""
        found: set[str] = set()
        pending = [node]
        while pending:
            for each in walk(pending.pop()):
                if isinstance(each, n.Ref) and each.name.text not in found:
                    found.add(each.name.text)
                    if each.name.text in self.defines:
                        pending.append(self.defines[each.name.text])
        return found

    def drawn(self, one: Counted) -> Figure:
        """What a record alone gives, of a meter that is drawn record by record."""
        span = Span(one.record.start, one.record.start + timedelta(microseconds=1))
        return self._measured(Over(self, [one], span, single=True), span)

    # ------------------------------------------------------------ a period

    def keys(self, span: Span) -> list[Key]:
        """What the records of a period are kept apart by."""
        lasting = self.looks_back or self.is_level
        given = {key for there, key in self.results if there.start < span.end and span.start < there.end}
        return sorted({each.key for each in self.records if self._touches(each, span, lasting)} | given)

    def used_in(self, span: Span, key: Key) -> bool:
        """Whether a key has a record in a period itself, be it one of 0."""
        return (span, key) in self.results or any(one.key == key and self._lies_in(one, span) for one in self.records)

    def _lies_in(self, one: Counted, span: Span) -> bool:
        if one.record.form == "event" or one.record.end is None:
            return span.start <= one.record.start < span.end
        return one.record.start < span.end and span.start < one.record.end

    def _touches(self, one: Counted, span: Span, lasting: bool) -> bool:
        if span.start <= one.record.start < span.end:
            return True
        if self.looks_back:
            return one.record.start < span.end
        return lasting and one.record.end is not None and one.record.start < span.end and span.start < one.record.end

    @cached_property
    def looks_back(self) -> bool:
        pending: list[n.Expression] = [self.measure.expression]
        pending += [self.defines[each] for each in self.names_in(self.measure.expression) if each in self.defines]
        return any(isinstance(each, n.Selection) and each.since for node in pending for each in walk(node))

    @cached_property
    def is_level(self) -> bool:
        pending: list[n.Expression] = [self.measure.expression]
        pending += [self.defines[each] for each in self.names_in(self.measure.expression) if each in self.defines]
        return any(_over_time(each) for x in pending for each in walk(x))

    def in_period(self, span: Span, key: Key | None = None) -> Figure:
        """The measure of a period, of one key; of all keys, added up, where none is given."""
        if key is None and self.by:
            result = Figure(Fraction(0), self.unit.dimension)
            for each in self.keys(span):
                result = add(result, self.in_period(span, each))
            return result
        chosen = [each for each in self.records if key is None or each.key == key]
        given = self._given(span, key or ())
        if given is not None:
            if any(self._touches(each, span, self.is_level) for each in chosen):
                raise Refused("a result and records of one time")
            return given
        return self._measured(Over(self, chosen, span), span)

    def of_keys(self, span: Span, some: Key) -> Figure:
        """The measure of a period, added up over the keys that have some values."""
        result = Figure(Fraction(0), self.unit.dimension)
        for each in self.keys(span):
            result = add(result, self.in_period(span, each)) if set(some) <= set(each) else result
        return result

    def _given(self, span: Span, key: Key) -> Figure | None:
        """What the account says that a period came to, in place of records."""
        for (there, its_key), value in self.results.items():
            if its_key == key and there == span:
                return value
            if its_key == key and there.start < span.end and span.start < there.end:
                raise NotCovered("a result of another time than the one that is asked for")
        return None

    def of_records(self, chosen: list[Counted], span: Span) -> Figure:
        """The measure of these records alone."""
        return self._measured(Over(self, chosen, span, single=True), span)

    def _measured(self, over: Over, span: Span) -> Figure:
        unused = not over.single and not self.keys(span)  # where nothing was used a change changes nothing

        def names(name: str) -> Value | None:
            return self.told.known(name, span.start) if unused else self.told.known_in(name, span)

        place = Place(self.rules, names, self.defines, over, span)
        value = figure(self.measure.expression, place)
        return Figure(value.number, agree(value, self.unit))

    def _is_series(self, node: n.Expression) -> bool:
        if isinstance(node, n.Selection):
            return node.each is not None or self._is_series(node.operand)
        if isinstance(node, n.Group):
            return self._is_series(node.inner)
        if isinstance(node, n.Ref) and node.name.text in self.defines:
            return self._is_series(self.defines[node.name.text])
        return (
            isinstance(node, n.Call)
            and node.function.text in ("highest", "lowest", "first", "last")
            and len(node.arguments) == 2
        )


@dataclass(frozen=True)
class Over:
    """The records that a function speaks of: those of a meter and a key that lie in a stretch of time.

    `records` are of all time, since a formula may look back. `single`: records taken whole, wherever they end.
    """

    measuring: Measuring
    records: list[Counted]
    span: Span
    single: bool = False

    @property
    def here(self) -> list[Counted]:
        if self.single:
            return self.records
        found = [each for each in self.records if self.span.start <= each.record.start < self.span.end]
        for each in found:
            if each.record.form == "total" and each.record.end and each.record.end > self.span.end:
                raise Refused("a total runs past the end of a stretch of time")
            if each.record.form == "state" and each.record.end and each.record.end > self.span.end:
                raise NotCovered("a state that runs past the end of a period or a window")
        return found

    def function(self, name: str, arguments: tuple[n.Expression, ...], place: Place) -> Value:
        if name == "count" and not arguments:
            return plain(len(self.here))
        node = arguments[0]
        if name == "integral":
            return self._integral(node, place)
        values = self._values(node, place)
        if len(arguments) == 2:
            rank = figure(arguments[1], place)
            if name == "percentile":
                return _at(sorted(values, key=_number), max(1, math.ceil(rank.number * len(values) / 100)))
            if rank.number < 1 or rank.number.denominator != 1:
                if not values:
                    return NOTHING if name == "nth_highest" else []
                raise Refused("a rank is a whole number from 1 on")
            count = int(rank.number)
            falling = sorted(values, key=_number, reverse=True)
            if name == "nth_highest":
                return _at(falling, min(count, len(falling)))
            return {
                "highest": lambda: falling[:count],
                "lowest": lambda: falling[::-1][:count],
                "first": lambda: values[:count],
                "last": lambda: values[-count:],
            }[name]()
        return _FUNCTIONS[name](values)

    def _values(self, node: n.Expression, place: Place) -> list[Value]:
        """What stands inside a function: a value for each record, or those of a series."""
        meter = self.measuring
        while isinstance(node, n.Group):
            node = node.inner
        if meter._is_series(node):
            value = evaluate(node, place)
            assert isinstance(value, list)
            return value
        if isinstance(node, n.Ref) and isinstance(place.defines.get(node.name.text), n.Selection):
            node = place.defines[node.name.text]
        if isinstance(node, n.Selection):
            over = self._narrowed(node, place)
            return over._values(node.operand, place.among(over))
        return [meter.asked(node, each) for each in self.here]

    def _narrowed(self, node: n.Selection, place: Place) -> Over:
        over = self
        if node.since is not None:
            over = replace(over, span=Span(instant(node.since, place), self.span.end))
        condition = node.condition
        if condition is not None and node.each is None:
            meter = self.measuring
            over = replace(over, records=[each for each in over.here if meter.asked(condition, each) is True])
        return over

    def series(self, node: n.Selection, place: Place) -> list[Value]:
        """One value for each stretch of time, or each value of a field, that has records; with `or 0` for each."""
        if node.each is None:
            raise NotCovered("a selection that is no series, outside of a function")
        over = self._narrowed(node, place)
        values = []
        for window in over._windows(node, node.each):
            there = replace(place.among(window), period=place.period)
            empty = node.otherwise is not None and not window.here
            if not empty and (node.condition is None or truth(node.condition, there)):
                values.append(evaluate(node.operand, there))
            elif node.otherwise is not None:
                values.append(NOTHING)
        return values

    def _windows(self, node: n.Selection, each: n.EachOf) -> Iterator[Over]:
        unit = each.unit.text.removesuffix("s")
        if unit == "instant":
            yield from self._at_instants(also_empty=node.otherwise is not None)
            return
        if unit not in ("minute", "hour", "day", "week", "month", "quarter", "year"):
            marks = sorted({str(one.fields[each.unit.text]) for one in self.here})
            for mark in marks:
                yield replace(self, records=[o for o in self.records if str(o.fields[each.unit.text]) == mark])
            return
        clock = self.measuring.rules.clock
        level = any(_over_time(part) for part in walk(node.operand))
        spans = {
            span
            for one in (self.records if level else self.here)
            for start, end in [self._there(one.record, level)]
            if start < end
            for span in Cadence(unit, int(each.count)).periods(clock, start, end)
        }
        at = self.span.start
        while node.otherwise is not None and at < self.span.end:
            span = clock.around(unit, at, int(each.count))
            if span.start >= self.span.start:
                spans.add(span)
            at = span.end
        for span in sorted(spans):
            window = Span(max(span.start, self.span.start), min(span.end, self.span.end))
            yield replace(self, span=window)

    def _at_instants(self, *, also_empty: bool) -> Iterator[Over]:
        """The stretches over which the same records hold, each with these."""
        lasting = []
        for one in self.records:
            if one.record.form == "total":
                raise NotCovered("what holds at each instant of a total")
            if one.record.end is None and self.span.start <= one.record.start < self.span.end:
                raise Refused("an event without a length has no part in a level")
            if one.record.end is not None:
                lasting.append((max(one.record.start, self.span.start), min(one.record.end, self.span.end), one))
        lasting = [(start, end, one) for start, end, one in lasting if start < end]
        cuts = sorted({self.span.start, self.span.end, *(at for start, end, _ in lasting for at in (start, end))})
        for start, end in itertools.pairwise(cuts):
            holding = [one for begin, until, one in lasting if begin <= start and end <= until]
            if holding or also_empty:
                yield replace(self, records=holding, span=Span(start, end), single=True)

    def _there(self, record: Record, level: bool) -> tuple[datetime, datetime]:
        """Where a record lies here: of a level all of it, else where it begins."""
        end = record.end if level and record.end else record.start + TICK
        return max(record.start, self.span.start), min(end, self.span.end)

    def _integral(self, node: n.Expression, place: Place) -> Figure:
        """A level over time: each state for as long as it lies in the period and a condition on it holds."""
        meter = self.measuring
        condition = None
        if isinstance(node, n.Ref) and isinstance(place.defines.get(node.name.text), n.Selection):
            node = place.defines[node.name.text]
        if isinstance(node, n.Selection):
            if node.each and node.each.unit.text == "instant" and not node.since:
                return self._integral_of_levels(node, place)
            if node.each or node.since:
                raise NotCovered("an integral of a series")
            node, condition = node.operand, node.condition
        asks = meter.names_in(node) | (meter.names_in(condition) if condition else set())
        timed = "at" in asks
        result = NOTHING
        for one in self.records:
            record = one.record
            if record.form == "total":
                raise NotCovered("an integral over totals")
            if record.end is None:
                if self.span.start <= record.start < self.span.end:
                    raise Refused("an event without a length has no part in a level")
                continue
            start, end = max(record.start, self.span.start), min(record.end, self.span.end)
            if start >= end:
                continue
            if asks & set(meter.rules.settings) and meter.told.changes_in(Span(record.start, record.end)):
                raise NotCovered("a setting that changes inside a level")
            cuts = [start, *(hours(start, end) if timed else ()), end]
            for a, b in itertools.pairwise(cuts):
                there = meter.place(one, a)
                if condition is None or truth(condition, there):
                    result = add(result, multiply(figure(node, there), Figure(seconds(b - a), SECOND)))
        return result

    def _integral_of_levels(self, node: n.Selection, place: Place) -> Figure:
        """A series for each instant over time."""
        result = NOTHING
        for window in self._at_instants(also_empty=False):
            there = replace(place.among(window), period=place.period)
            if node.condition is None or truth(node.condition, there):
                length = Figure(seconds(window.span.end - window.span.start), SECOND)
                result = add(result, multiply(figure(node.operand, there), length))
        return result


def _over_time(part: n.Node) -> bool:
    """Whether a part of a formula asks from when until when records hold."""
    if isinstance(part, n.Selection):
        return part.each is not None and part.each.unit.text == "instant"
    return isinstance(part, n.Call) and part.function.text == "integral"


def hours(start: datetime, end: datetime) -> Iterator[datetime]:
    """The full hours inside a stretch of time; every time that a price list here names is one."""
    at = start.replace(minute=0, second=0, microsecond=0) + HOUR
    while at < end:
        yield at
        at += HOUR


def _number(value: Value) -> Fraction:
    if not isinstance(value, Figure):
        raise Refused(f"{value!r} is no figure")
    return value.number


def _at(values: list[Value], rank: int) -> Value:
    return values[rank - 1] if values else NOTHING


def _total(values: list[Value]) -> Figure:
    result = NOTHING
    for each in values:
        assert isinstance(each, Figure)
        result = add(result, each)
    return result


def _unique(values: list[Value]) -> Figure:
    return plain(len({(type(each), each) for each in values if not isinstance(each, list)}))


_FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "sum": _total,
    "mean": lambda values: multiply(_total(values), plain(len(values)), -1) if values else NOTHING,
    "highest": lambda values: max(values, key=_number) if values else NOTHING,
    "lowest": lambda values: min(values, key=_number) if values else NOTHING,
    "count": lambda values: plain(len(values)),
    "first": lambda values: values[0] if values else NOTHING,
    "last": lambda values: values[-1] if values else NOTHING,
    "unique": _unique,
}
