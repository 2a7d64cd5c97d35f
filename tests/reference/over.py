"""Functions over records: sums, ranks, series, levels over time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from ratewright.syntax import nodes as n
from tests.reference.account import Record
from tests.reference.clock import Cadence, Span, hours, seconds
from tests.reference.counted import TICK, Counted
from tests.reference.formulas import Place, Value, evaluate, figure, instant, truth
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import walk
from tests.reference.values import NOTHING, SECOND, Figure, add, multiply, plain

if TYPE_CHECKING:
    from tests.reference.measures import Measuring


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
        if meter.is_series(node):
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
        level = any(over_time(part) for part in walk(node.operand))
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


def over_time(part: n.Node) -> bool:
    """Whether a part of a formula asks from when until when records hold."""
    if isinstance(part, n.Selection):
        return part.each is not None and part.each.unit.text == "instant"
    return isinstance(part, n.Call) and part.function.text == "integral"


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
