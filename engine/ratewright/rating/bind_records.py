"""Records → pieces of usage: what each adds to its meter, when, and which records do not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from msgspec import Struct
from whenever import Instant

from ratewright.diagnostics import Span, did_you_mean
from ratewright.rating.binder import Binder
from ratewright.rating.timeline import Settings
from ratewright.rating.trace import MeasureTrace, Reading
from ratewright.rating.values import value_text
from ratewright.tree import nodes as tree
from ratewright.tree.evaluate import CALENDAR, REACHED, EvaluationError, evaluator
from ratewright.tree.types import Kind
from ratewright.tree.walk import given_in
from ratewright.usage.model import Amount, Form, Record, field_text
from ratewright.values.calendar import moment_text, seconds_between
from ratewright.values.exact import Exact
from ratewright.values.units import SECOND, Unit

_NOTHING: frozenset[str] = frozenset()


def wanted_tags(tariff: tree.Tariff, meter: tree.Meter) -> frozenset[str]:
    """What is asked of a meter's usage once it is measured: what it is kept apart by, and what pools pay by."""
    found = set(meter.by)
    for pool in tariff.pools.values():
        found.update(pool.asks(meter.name))
    deduction = tariff.deductions.get(meter.name)
    if deduction is not None:
        found.update(name for name, _ in deduction.order)
    return frozenset(found) if found else _NOTHING


_SECONDS = Unit("second", "seconds", 1, SECOND)


class Piece(Struct, frozen=True, eq=False):
    """Usage that is drawn and charged as one: a record's, or a whole period's where the measure is no sum.

    `end` is None for an event. `amount` is in base units. `key` holds what the meter is kept apart by, `tags`
    what the pools that pay for it may ask; `measure` tells how the result of a whole period came about.
    """

    start: Instant
    end: Instant | None
    meter: str
    amount: Exact
    record: Record | None
    subaccount: str | None
    key: tuple[tree.Value, ...] = ()
    tags: Mapping[str, tree.Value] = {}  # noqa: RUF012 — shared and never changed
    measure: MeasureTrace | None = None


class BoundRecord(Struct, frozen=True, eq=False):
    """A record with its instants; `values` are what a formula on it reads."""

    start: Instant
    end: Instant | None
    record: Record
    values: dict[str, Any]
    lasted: Exact


class Left(Struct, frozen=True, eq=False):
    """A record that a `where` leaves out."""

    start: Instant
    meter: str
    where: tree.Where
    readings: tuple[Reading, ...]
    quantity: Exact


@dataclass
class Counted:
    """All usage of an account: pieces in order of time, records of meters that measure whole periods, and
    what was left out."""

    pieces: list[Piece] = field(default_factory=list)
    whole: dict[tuple[str, tuple[tree.Value, ...]], list[BoundRecord]] = field(
        default_factory=lambda: defaultdict(list)
    )
    reached: set[Span] = field(default_factory=set)
    left: list[Left] = field(default_factory=list)
    measured: list[Record] = field(default_factory=list)


def bind_records(binder: Binder, settings: Settings) -> tuple[Counted, tuple[BoundRecord, ...]]:
    """Bind every record. Returns what counts, and the tasks: records with a duration on limited meters."""
    counted = Counted()
    tasks: list[BoundRecord] = []
    limited = {limit.meter for limit in binder.tariff.limits.values()}
    makers: dict[tuple[str, bool], list[Callable[[Record], BoundRecord | None]]] = {}
    for record in binder.usage.records:
        asked = (record.meter, record.measured)
        binders = makers.get(asked)
        if binders is None:
            members = _readers(record, binder)
            binders = makers[asked] = [_MeterBinder(m, binder, settings, counted).bind for m in members]
        for maker in binders:
            bound = maker(record)
            if bound is not None and bound.lasted > 0 and record.meter in limited and maker is binders[0]:
                tasks.append(bound)
    _check_measured(binder, counted)
    counted.pieces = in_order_of_time(counted.pieces)
    counted.left.sort(key=attrgetter("start"))
    return counted, tuple(tasks)


def _readers(record: Record, binder: Binder) -> list[tree.Meter]:
    """The meters that a record counts for: its own, and those that read its records."""
    meter = binder.tariff.meters.get(record.meter)
    if meter is None:
        binder.known("meter", record.meter, binder.tariff.meters, record.place, "A101")
        return []
    if record.measured:
        return [meter]
    if meter.reads:
        binder.problems.add(
            "A101",
            f"meter `{meter.name}` has no records of its own: it reads those of `{meter.reads}`",
            record.place,
            f"give it as a record of `{meter.reads}`, or as a measured value",
        )
        return []
    return [meter, *(other for other in binder.tariff.meters.values() if other.reads == meter.name)]


def in_order_of_time(pieces: list[Piece]) -> list[Piece]:
    """The pieces by their start. At one instant events come before totals, and the smaller before the larger,
    so that the order in which records were read decides nothing."""
    ordered: list[Piece] = []
    for start, group in groupby(sorted(pieces, key=attrgetter("start")), attrgetter("start")):
        together = list(group)
        if len(together) > 1:
            together.sort(key=lambda p: (p.end or start, p.amount))
        ordered += together
    return ordered


def _check_measured(binder: Binder, counted: Counted) -> None:
    """A result that is given stands for the records it was made from: they cannot be there as well."""
    for record in counted.measured:
        if binder.tariff.meters[record.meter].by:
            continue  # another key may have records
        start = binder.instant(record.start, record.place)
        end = binder.instant(record.end, record.place) if record.end is not None else start
        for other in counted.whole.get((record.meter, ()), ()):
            if start <= other.start < end or other.start == start:
                binder.problems.add(
                    "A103",
                    f"`{record.meter}` has a measured result here and a record in the same time "
                    f"({other.record.place.span.place})",
                    record.place,
                    "give the result or the records, not both",
                )
                break


class _MeterBinder:
    """Binds the records of one meter; what repeats from record to record is worked out once."""

    def __init__(self, meter: tree.Meter, binder: Binder, settings: Settings, counted: Counted) -> None:
        self.meter = meter
        self.binder = binder
        self.settings = settings
        self.counted = counted
        self.fields = {f.name: f for f in meter.fields}
        self._field_values: dict[Any, dict[str, Any]] = {}
        self._by_identity: dict[int, tuple[Any, dict[str, Any]]] = {}
        self._scales: dict[str | None, Exact] = {}
        self.where = [(w, evaluator(w.condition)) for w in meter.where]
        asked = [g for w in meter.where for g in given_in(w.condition)]
        measured = list(given_in(meter.measure))
        self._reads_settings = [g for g in [*asked, *measured] if isinstance(g, tree.SettingValue)]
        self._tags = [
            (tag, tag.name, evaluator(tag.expression)) for tag in meter.tags if tag.name in wanted_tags(binder.tariff, meter)
        ]
        self._plain_tags = all(isinstance(tag.expression, tree.FieldValue) for tag, _, _ in self._tags)
        for tag, _, _ in self._tags:
            self._reads_settings += [g for g in given_in(tag.expression) if isinstance(g, tree.SettingValue)]
        self._marked: dict[Any, tuple[tuple[tree.Value, ...], dict[str, tree.Value]]] = {}
        self._unit = meter.recorded or meter.unit
        self._plain_where = all(isinstance(g, tree.FieldValue) for g in asked)
        self._answers: dict[Any, tuple[tree.Where, tuple[Reading, ...]] | None] = {}
        each = meter.each
        self._plain_sum = isinstance(each, tree.RecordFact) and each.name == "quantity"
        self._each = evaluator(each) if each is not None else None

    def bind(self, record: Record) -> BoundRecord | None:
        start, end = self._times(record)
        if record.measured:
            self._measured(record, start, end)
            return None
        quantity = self._quantity(record, self._unit)
        key, values = self._fields(record)
        if quantity is None or values is None or not self._check_times(record, start, end):
            return None
        if end is not None and self._reads_settings and not self._settings_hold(record, start, end):
            return None
        lasted = self._lasted(record, start, end)
        left_out = self._answers.get(key, _UNASKED) if self._plain_where else _UNASKED
        if left_out is _UNASKED or not self._plain_sum or not self._plain_tags:
            bound = self._bound(record, start, end, quantity, values, lasted)
            if left_out is _UNASKED:
                left_out = self._asked(bound)
                if self._plain_where:
                    self._answers[key] = left_out
        else:
            bound = None
        if left_out is not None:
            where, readings = left_out
            self.counted.left.append(Left(start, self.meter.name, where, readings, quantity))
        elif self._each is None:
            made = bound or self._bound(record, start, end, quantity, values, lasted)
            marks = self._marks(key, made.values)
            if marks is not None:
                self.counted.whole[self.meter.name, marks[0]].append(made)
        else:
            amount = quantity if bound is None or self._plain_sum else self._amount(record, bound)
            marks = self._marks(key, bound.values if bound is not None else values) if amount else None
            if marks is not None:
                self.counted.pieces.append(
                    Piece(start, end, self.meter.name, amount, record, record.subaccount, *marks)
                )
        if not lasted:
            return bound
        return bound or self._bound(record, start, end, quantity, values, lasted)

    def _bound(
        self,
        record: Record,
        start: Instant,
        end: Instant | None,
        quantity: Exact,
        values: dict[str, Any],
        lasted: Exact,
    ) -> BoundRecord:
        given = dict(values)
        given["record:quantity"] = quantity
        given["record:times"] = record.quantity.number
        given["record:at"] = start
        given["record:until"] = end
        given[CALENDAR] = self.binder.calendar
        given[REACHED] = self.counted.reached
        given["record:lasted"] = lasted
        for node in self._reads_settings:
            given.update(self.settings.values_at(node, start, node.span))
        return BoundRecord(start, end, record, given, lasted)

    def _amount(self, record: Record, bound: BoundRecord) -> Exact:
        assert self._each is not None
        try:
            amount: Exact = self._each(bound.values)
        except EvaluationError as error:
            self.binder.problems.found.append(error.diagnostic)
            return 0
        if amount < 0:
            self.binder.problems.add("A501", f"meter `{self.meter.name}` makes this record negative", record.place)
            return 0
        return amount

    def _measured(self, record: Record, start: Instant, end: Instant | None) -> None:
        """A result that is given instead of records, with what it is kept apart by."""
        quantity = self._quantity(record, self.meter.unit)
        if quantity is None or not self._check_times(record, start, end):
            return
        tags: dict[str, tree.Value] = {}
        for name in record.fields:
            if name not in self.meter.by:
                help = did_you_mean(name, self.meter.by) or "a measured value has only what its meter is kept apart by"
                self.binder.problems.add("A102", f"`{self.meter.name}` is not kept apart by `{name}`", record.place, help)
        for name in self.meter.by:
            tag = self.meter.tag(name)
            value = self._field(record, tree.Field(tag.span, name, tag.type, tag.unit, None), record.fields.get(name))
            if value is None:
                return
            tags[name] = value
        key = tuple(tags[name] for name in self.meter.by)
        self.counted.pieces.append(Piece(start, end, self.meter.name, quantity, record, record.subaccount, key, tags))
        self.counted.measured.append(record)

    def _marks(
        self, fields: Any, values: Mapping[str, Any]
    ) -> tuple[tuple[tree.Value, ...], dict[str, tree.Value]] | None:
        """What a record is kept apart by, and what it is marked with; None where a formula has no value."""
        if not self._tags:
            return (), {}
        known = self._marked.get(fields) if self._plain_tags else None
        if known is not None:
            return known
        try:
            tags = {name: value_of(values) for _, name, value_of in self._tags}
        except EvaluationError as error:
            self.binder.problems.found.append(error.diagnostic)
            return None
        made = tuple(tags[name] for name in self.meter.by), tags
        if self._plain_tags:
            self._marked[fields] = made
        return made

    def _asked(self, bound: BoundRecord) -> tuple[tree.Where, tuple[Reading, ...]] | None:
        try:
            return self._ask(bound)
        except EvaluationError as error:
            self.binder.problems.found.append(error.diagnostic)
            return None

    def _ask(self, bound: BoundRecord) -> tuple[tree.Where, tuple[Reading, ...]] | None:
        for where, holds in self.where:
            if not holds(bound.values):
                return where, self._readings(where, bound.values)
        return None

    def _readings(self, where: tree.Where, values: dict[str, Any]) -> tuple[Reading, ...]:
        found = []
        for node in given_in(where.condition):
            unit = self.fields[node.name].unit if node.name in self.fields else None
            found.append(Reading(node.name, value_text(values[node.key], node.type, unit, self.binder.calendar)))
        return tuple(found)

    def _times(self, record: Record) -> tuple[Instant, Instant | None]:
        start = record.start
        if not isinstance(start, Instant):
            start = self.binder.instant(start, record.place)
        end = record.end
        if end is not None and not isinstance(end, Instant):
            end = self.binder.instant(end, record.place)
        if end is None:
            return start, None
        activated = self.binder.activated
        if record.form is Form.TOTAL and activated is not None and start < activated < end:
            return activated, end
        return start, end

    def _check_times(self, record: Record, start: Instant, end: Instant | None) -> bool:
        binder = self.binder
        if binder.activated is not None and start < binder.activated:
            binder.problems.add(
                "A201",
                "this usage is from before the account was activated",
                record.place,
                "correct its time, or `activated`",
            )
            return False
        if binder.opening is not None and start < binder.opening:
            binder.problems.add(
                "A202",
                "this usage is from before the opening, and the opening balances have it settled",
                record.place,
                "take it out, or give the balances of an earlier opening",
            )
            return False
        if end is not None and end <= start:
            binder.problems.add("A205", "this record ends before it begins", record.place, "`to` comes after `from`")
            return False
        return True

    def _settings_hold(self, record: Record, start: Instant, end: Instant) -> bool:
        """Whether the settings that the meter asks stay as they are while a total or a state lasts."""
        for node in self._reads_settings:
            change = self.settings.first_change(node, start, end)
            if change is not None:
                setting, at = change
                self.binder.problems.add(
                    "A302",
                    f"{setting.title} changes on {moment_text(at, self.binder.calendar)}, inside this record: "
                    "how much of it came before is not known",
                    record.place,
                    "split it at that time, or give the records themselves",
                )
                return False
        return True

    def _quantity(self, record: Record, wanted: Unit) -> Exact | None:
        number, name = record.quantity
        scale = self._scales.get(name)
        if scale is None:
            _, problem, help = self.binder.amounts.figure(record.quantity, wanted)
            if problem:
                self.binder.problems.add("A103", f"the quantity {problem}", record.place, help)
                return None
            unit = self.binder.amounts.unit(name) if name is not None else None
            scale = self._scales[name] = unit[1] if unit else wanted.scale
        return number * scale if scale != 1 else number

    def _lasted(self, record: Record, start: Instant, end: Instant | None) -> Exact:
        if record.lasts is not None:
            figure, problem, help = self.binder.amounts.figure(record.lasts, _SECONDS)
            if problem:
                self.binder.problems.add("A103", f"`lasts` {problem}", record.place, help)
            return figure
        return seconds_between(start, end) if record.form is Form.STATE and end is not None else 0

    def _fields(self, record: Record) -> tuple[Any, dict[str, Any] | None]:
        given = record.fields
        known = self._by_identity.get(id(given))  # records of a table share their fields; the usage keeps them alive
        if known is not None:
            return known
        key: Any = tuple((name, field_text(value)) for name, value in given.items())  # 1.10 is not 1.1 as a text
        values = self._field_values.get(key)
        if values is not None:
            self._by_identity[id(given)] = (key, values)
            return key, values
        values = {}
        problems = len(self.binder.problems.found)
        for name in given:
            if name not in self.fields:
                help = did_you_mean(name, list(self.fields)) or f"`{self.meter.name}` has no such field"
                self.binder.problems.add("A102", f"meter `{self.meter.name}` has no field `{name}`", record.place, help)
        for name, field_ in self.fields.items():
            value = self._field(record, field_, given.get(name))
            if value is not None:
                values[f"field:{name}"] = value
        if len(self.binder.problems.found) > problems:
            return key, None
        self._field_values[key] = values
        return key, values

    def _field(self, record: Record, declared: tree.Field, written: str | Amount | None) -> tree.Value | None:
        if written is None:
            if declared.default is None:
                self.binder.problems.add(
                    "A102",
                    f"this record does not say its `{declared.name}`",
                    record.place,
                    f"add `{declared.name}: …`, or give the field a default in the rule file",
                )
            return declared.default
        if declared.type.kind is Kind.UNKNOWN:
            return None
        value, problem, help = self.binder.amounts.value(written, declared.type, declared.unit, self.binder.calendar)
        if problem:
            self.binder.problems.add("A102", f"`{declared.name}` {problem}", record.place, help)
        return value


_UNASKED: Any = object()
