"""Counting the records of one meter: which count, what each adds, and what they are marked with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from whenever import Instant

from ratewright.account.counted.lasting import ended
from ratewright.account.counted.pieces import RECORDS_TOLD, BoundRecord, Counted, Left, Piece
from ratewright.account.counted.placing import Placing
from ratewright.account.counted.record_reader import Facts, RecordReader
from ratewright.account.counted.spreading import Spreading
from ratewright.account.counted.undivided_records import Undivided
from ratewright.account.settings.setting_timeline import Settings
from ratewright.derivation.trace import Arithmetic, Reading
from ratewright.derivation.value_texts import ValueText
from ratewright.diagnostics import did_you_mean
from ratewright.formula.interpreter import EvaluationError, evaluate, evaluator
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in, of_the_period, parts
from ratewright.refusal import RatingError
from ratewright.usage.model import Form, Record
from ratewright.values.calendar import moment_text
from ratewright.values.exact import Exact

_DAY = 86_400
Kept = dict[tuple[str, tuple[tree.Value, ...]], list[BoundRecord]]
"""Records of a meter, by its name and what they are kept apart by."""


class MeterBinder:
    """Binds the records of one meter; what repeats from record to record is worked out once."""

    def __init__(self, meter: tree.Meter, reader: RecordReader, settings: Settings, counted: Counted) -> None:
        self.meter = meter
        self.binder = binder = reader.binder
        self._reader = reader
        self.settings = settings
        self.counted = counted
        self.where = [(w, evaluator(w.condition)) for w in meter.where]
        asked = [g for w in meter.where for g in given_in(w.condition)]
        formulas = (meter.measure, *(step.expression for step in meter.steps))
        of_period = {id(part) for formula in formulas for part in of_the_period(formula)}
        measured = [g for formula in formulas for g in parts(formula) if id(g) not in of_period]
        self._reads_settings = [g for g in [*asked, *measured] if isinstance(g, tree.SettingValue)]
        wanted = binder.plan.meters[meter.name].tags
        self._tags = [(tag, tag.name, evaluator(tag.expression)) for tag in meter.tags if tag.name in wanted]
        self._plain_tags = all(isinstance(tag.expression, tree.FieldValue) for tag, _, _ in self._tags)
        for tag, _, _ in self._tags:
            self._reads_settings += [g for g in given_in(tag.expression) if isinstance(g, tree.SettingValue)]
        self._marked: dict[Any, tuple[tuple[tree.Value, ...], dict[str, tree.Value]]] = {}
        self._plain_where = all(isinstance(g, tree.FieldValue) for g in asked)
        self._answers: dict[Any, tuple[tree.Where, tuple[Reading, ...] | Arithmetic] | None] = {}
        each = meter.each
        self._plain_sum = isinstance(each, tree.RecordFact) and each.name == "quantity"
        self._each = evaluator(each) if each is not None else None
        self._undivided = Undivided(meter, settings)
        self._asks_time = bool(self._undivided)
        self._placing = Placing.of(meter, binder)
        self._spreading = Spreading(meter, binder.plan, settings) if meter.spread else None
        self._of_day: Counter[int] = Counter()
        lines = binder.plan.meters[meter.name].lines
        self._has_windows = any(binder.tariff.charges[line].every.first_use for line in lines)

    def bind(self, facts: Facts) -> bool:
        """Count a record, or leave it out: whether it is not left out. What a formula cannot be asked of it is
        reported."""
        if self._placing is None:
            return self._bind_reported(facts)
        self._placing.wait(facts, past=False)
        return self._kept_as(facts) is not None

    def finish(self) -> None:
        """Count the records that waited until all were known."""
        if self._placing is not None:
            for facts, past in self._placing.placed(self._kept_as):
                (self._bind_past if past else self._bind_reported)(facts)

    def _kept_as(self, facts: Facts) -> tuple[tree.Value, ...] | None:
        """What a record is kept apart by; None for one that does not count, or cannot be asked."""
        try:
            values = self._with_settings(facts)
            if self._asked(values) is not None:
                return None
            return tuple(evaluate(self.meter.tag(name).expression, values) for name in self.meter.by)
        except RatingError:
            return None  # reported when it is bound

    def _bind_reported(self, facts: Facts) -> bool:
        try:
            if self._spreading is None:
                return self._bind(facts)
            counted = [self._bind(part) for part in self._spreading.parts(facts)]
            return any(counted)
        except EvaluationError as error:
            self.binder.problems.of_record(error, facts.record.place)
            return True

    def _parts(self, facts: Facts) -> Iterable[Facts]:
        """A record, in parts where the meter spreads it over its time."""
        return (facts,) if self._spreading is None else self._spreading.parts(facts)

    def _bind(self, facts: Facts) -> bool:
        start, end = facts.start, facts.end
        if end is not None and self._reads_settings and not self._settings_hold(facts.record, start, end):
            return True
        if self._asks_time and not self._has_one_answer(facts):
            return True
        left_out = self._answers.get(facts.key, _UNASKED) if self._plain_where else _UNASKED
        values = facts.values
        if self._reads_settings and (left_out is _UNASKED or not self._plain_sum or not self._plain_tags):
            values = self._with_settings(facts)
        if left_out is _UNASKED:
            left_out = self._asked(values)
            if self._plain_where:
                self._answers[facts.key] = left_out
        if left_out is not None:
            where, made = left_out
            until = end if self._each is None and facts.record.form is Form.STATE else None
            self.counted.left.append(Left(start, self.meter.name, where, made, facts.quantity, until))
        elif not self._may_take_back(facts):
            pass
        elif self._each is None:
            self._keep(facts, values, self.counted.whole)
        else:
            record = facts.record
            if self.meter.steps:
                self._keep(facts, values, self.counted.whole)
            amount = facts.quantity if self._plain_sum else self._amount(record, values)
            marks = self._marks(facts.key, values)
            told = None if self._plain_sum or not self._is_early(start) else values
            self.counted.pieces.append(
                Piece(start, end, self.meter.name, amount, record, record.subaccount, *marks, values=told)
            )
        return left_out is None

    def _may_take_back(self, facts: Facts) -> bool:
        """Whether a record that counts may be below 0 if it is; reports it if not."""
        if facts.quantity >= 0 or self.meter.corrections is not None:
            return True
        self.binder.problems.add(
            "A503",
            f"a quantity below 0, and `{self.meter.name}` takes no usage back",
            facts.record.place,
            "correct the sign; if it takes usage back, the list says `corrections down to 0` in the meter, or leaves "
            f"it out: `where quantity >= 0 {(self.meter.recorded or self.meter.unit).plural}`",
            cause=self.meter.name,
        )
        return False

    def _is_early(self, start: Instant) -> bool:
        """Whether a record is among the few of its day of which it is told what their formula read."""
        day = start.timestamp() // _DAY
        self._of_day[day] += 1
        return self._of_day[day] <= RECORDS_TOLD

    def bind_past(self, facts: Facts) -> None:
        """Take note of a record from before the opening, for measures that look back, for places and for windows."""
        if self._placing is not None:
            self._placing.wait(facts, past=True)
        else:
            self._bind_past(facts)

    def _bind_past(self, facts: Facts) -> None:
        """Keep a record from before the opening, if it counts, for measures that look back and for windows."""
        if self.meter.each is not None and not self._has_windows:
            return
        kept = self.counted.whole if self.meter.each is None else self.counted.before
        try:
            for part in self._parts(facts):
                values = self._with_settings(part)
                if self._asked(values) is None and self._may_take_back(part):
                    self._keep(part, values, kept)
        except EvaluationError as error:
            self.binder.problems.of_record(error, facts.record.place)

    def _keep(self, facts: Facts, values: dict[str, Any], kept: Kept) -> None:
        key, _ = self._marks(facts.key, values)
        end = facts.end
        if end is None and facts.lasted and self._undivided.over_time:
            end = ended(facts.start, facts.lasted)  # it held for as long as it lasted
            values = {**values, "record:until": end}
        bound = BoundRecord(facts.start, end, facts.record, values, facts.lasted)
        kept[self.meter.name, key].append(bound)

    def _with_settings(self, facts: Facts) -> dict[str, Any]:
        """The values of a record with the settings that the meter asks, as they were at its time."""
        if not self._reads_settings:
            return facts.values
        values = dict(facts.values)
        for node in self._reads_settings:
            values.update(self.settings.values_at(node, facts.start, node.span))
        return values

    def _amount(self, record: Record, values: dict[str, Any]) -> Exact:
        assert self._each is not None
        amount: Exact = self._each(values)
        if amount < 0:
            self.binder.problems.add("A501", f"meter `{self.meter.name}` makes this record negative", record.place)
            return 0
        return amount

    def bind_measured(self, record: Record) -> None:
        """A result that is given instead of records, with what it is kept apart by."""
        start, end = self._reader.times(record)
        quantity = self._reader.quantity(record, self.meter.unit)
        if quantity is None or not self._reader.check_times(record, start, end):
            return
        tags: dict[str, tree.Value] = {}
        for name in record.fields:
            if name not in self.meter.by:
                help = did_you_mean(name, self.meter.by) or "a measured value has only what its meter is kept apart by"
                self.binder.problems.add(
                    "A102", f"`{self.meter.name}` is not kept apart by `{name}`", record.place, help
                )
        for name in self.meter.by:
            tag = self.meter.tag(name)
            value = self._reader.fields.value(
                record, tree.Field(tag.span, name, tag.type, tag.unit, None, True), record.fields.get(name)
            )
            if value is None:
                return
            tags[name] = value
        key = tuple(tags[name] for name in self.meter.by)
        piece = Piece(start, end, self.meter.name, quantity, record, record.subaccount, key, tags)
        self.counted.pieces.append(piece)
        self.counted.given[self.meter.name].append(piece)

    def _marks(self, fields: Any, values: Mapping[str, Any]) -> tuple[tuple[tree.Value, ...], dict[str, tree.Value]]:
        """What a record is kept apart by, and what it is marked with."""
        if not self._tags:
            return (), {}
        known = self._marked.get(fields) if self._plain_tags else None
        if known is not None:
            return known
        tags = {name: value_of(values) for _, name, value_of in self._tags}
        made = tuple(tags[name] for name in self.meter.by), tags
        if self._plain_tags:
            self._marked[fields] = made
        return made

    def _asked(self, values: dict[str, Any]) -> tuple[tree.Where, tuple[Reading, ...] | Arithmetic] | None:
        """The condition that leaves a record out, with what it read; None where the record counts."""
        for where, holds in self.where:
            if self._plain_where and not holds(values):
                return where, self._fields_read(where, values)
            if not self._plain_where:
                asked = self.settings.reader.worked(where.condition, values)
                if not asked.value:
                    return where, asked
        return None

    def _fields_read(self, where: tree.Where, values: dict[str, Any]) -> tuple[Reading, ...]:
        found = []
        for node in given_in(where.condition):
            unit = self._reader.fields.unit(node.name)
            found.append(Reading(node.name, ValueText(values[node.key], node.type, unit, self.binder.calendar)))
        return tuple(found)

    def _has_one_answer(self, facts: Facts) -> bool:
        """Whether the meter's formulas have one answer for all of a record."""
        found = self._undivided.why_not(facts, self._with_settings(facts))
        if found is not None:
            self.binder.problems.add("A307", found.why, facts.record.place, found.help, cause=found.cause)
        return found is None

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
                    cause=setting.name,
                )
                return False
        return True


_UNASKED: Any = object()
