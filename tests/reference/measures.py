"""How records become quantities: which count, what they are kept apart by, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property

from ratewright.syntax import nodes as n
from tests.reference.account import Record, Told, written_figure
from tests.reference.clock import Span, hours, seconds
from tests.reference.counted import Counted, Key
from tests.reference.dividing import by_the_hour
from tests.reference.formulas import Place, Value, evaluate, figure
from tests.reference.over import Over, over_time
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import statements, walk
from tests.reference.values import SECOND, Figure, add, agree, plain


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
        self.spreads = bool(statements(self.declaration, n.SpreadEvenly))
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
        for record in self.given:
            if record.meter != source:
                continue
            number = Fraction(record.quantity.partition(" ")[0].replace(",", ""))
            quantity = written_figure(record.quantity, self.rules)
            if number < 0 and not statements(self.declaration, n.Corrections):
                raise Refused("a record below 0")
            whole = Counted(record, quantity, number, self.told.fields(record), whole=record)
            for one in by_the_hour(whole, self.told) if self.spreads else [whole]:
                if all(self.asked(condition, one) is True for condition in conditions):
                    yield replace(one, key=tuple((name, self._mark(name, one)) for name in self.by))

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
        return not isinstance(found.arguments[0], n.Selection) and not self.is_series(found.arguments[0])

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
                if record.form == "total" or record.end is None:
                    raise Refused("how long it lasted is not said")
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
        if self.told.account.opening is not None and span.start < self.told.account.opening:
            raise Refused("which record of its period one is, from before an opening")
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

    def names_in(self, node: n.Node) -> set[str]:
        """The names that a formula asks, through its steps."""
        found: set[str] = set()
        pending: list[n.Node] = [node]
        while pending:
            for each in walk(pending.pop()):
                if isinstance(each, n.Ref) and each.name.text not in found:
                    found.add(each.name.text)
                    if each.name.text in self.defines:
                        pending.append(self.defines[each.name.text])
        return found

    def names_in_all(self) -> set[str]:
        """The names that any formula of the meter asks."""
        steps = (self.defines[name] for name in self.by if name in self.defines)
        nodes: list[n.Node] = [*statements(self.declaration, n.Where), self.measure, *steps]
        return {name for node in nodes for name in self.names_in(node)}

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
        return any(over_time(each) for x in pending for each in walk(x))

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

    def is_series(self, node: n.Expression) -> bool:
        if isinstance(node, n.Selection):
            return node.each is not None or self.is_series(node.operand)
        if isinstance(node, n.Group):
            return self.is_series(node.inner)
        if isinstance(node, n.Ref) and node.name.text in self.defines:
            return self.is_series(self.defines[node.name.text])
        return (
            isinstance(node, n.Call)
            and node.function.text in ("highest", "lowest", "first", "last")
            and len(node.arguments) == 2
        )
