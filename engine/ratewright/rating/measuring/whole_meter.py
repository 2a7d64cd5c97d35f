"""One meter whose measure speaks of all records of a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace
from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.counted.pieces import BoundRecord, Piece
from ratewright.account.counted.record_formulas import added_up, without_value
from ratewright.account.settings.times_of_change import turns_of
from ratewright.account.settings.unchanging_settings import refuse_inner_change
from ratewright.derivation.measure_traces import measured
from ratewright.derivation.trace import MeasureTrace
from ratewright.formula.aggregation import HISTORY, RECORDS, SERIES
from ratewright.formula.errors import EvaluationError
from ratewright.formula.given import BEHIND, TURNS, Values
from ratewright.formula.interpreter import CALENDAR, REACHED
from ratewright.formula.series import facts_for
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import parts, settings_of_the_period
from ratewright.plan.meter_plans import MeterPlan
from ratewright.plan.period_grid import Grid
from ratewright.rating.measuring.divided_stretches import divided
from ratewright.rating.measuring.keys import Key
from ratewright.rating.measuring.look_back import LookBack
from ratewright.rating.measuring.records_in_time import RecordsInTime
from ratewright.rating.measuring.results_of_parts import refuse_part
from ratewright.rating.measuring.windows import Windows
from ratewright.refusal import at_record, stop
from ratewright.usage.model import Form, Record
from ratewright.values.calendar import Cadence, Period, PeriodUnit
from ratewright.values.exact import Exact

Members = tuple[Period, list[BoundRecord]]


class Result(Struct, frozen=True, eq=False, gc=False):
    """What a meter that speaks of all records of a period measured: for a period and a key, of so many records.

    `record` is the one that was measured alone.
    """

    period: Period
    key: Key
    amount: Exact
    how: MeasureTrace
    records: int
    record: Record | None = None


_COUNTING = (tree.Constant, tree.Sum, tree.Product, tree.Defined)


class WholeMeter:
    """A meter whose measure speaks of all records of a period."""

    def __init__(self, plan: MeterPlan, account: Account, grid: Grid, windows: Windows) -> None:
        self.meter = meter = plan.meter
        self._account = account
        self._grid = grid
        self._windows = windows
        asked = [meter.measure, *(step.expression for step in meter.steps)]
        self._reads = [node for formula in asked for node in settings_of_the_period(formula)]
        self._sums = any(True for _ in added_up(meter.measure))
        self._facts = facts_for(asked)
        self._always = {CALENDAR: account.calendar, REACHED: account.counted.reached, TURNS: self._turns}
        self._counts = not meter.steps and all(map(_is_of_a_count, parts(meter.measure)))
        self._of_one: Result | None = None
        """Of a measure that only counts, such as `count()`: the result of one record, the same of each."""
        self._behind: dict[Key, dict[int, object]] = defaultdict(dict)
        self._given = account.counted.given.get(meter.name, ())
        self.looks_back = LookBack(meter, account)
        self.records = {
            key: RecordsInTime(records) for (name, key), records in account.counted.whole.items() if name == meter.name
        }

    def is_given(self, key: Key, period: Period) -> bool:
        """Whether the account's data give the result in place of records."""
        return any(piece.key == key and piece.start in period for piece in self._given)

    def given(self, period: Period) -> Iterator[Piece]:
        """The results that the account's data give for a period. Raises RatingError for one that it would divide."""
        for piece in self._given:
            if piece.end is not None and piece.start < period.end and period.start < piece.end:
                if piece.start < period.start or period.end < piece.end:
                    raise divided(self.meter, piece.record, piece.start, piece.end, period, self._account.calendar)
                refuse_part(piece, self.meter, period, self._account, self._grid)
                yield piece

    def check_known(self, period: Period) -> None:
        """Refuse to look back at what is not known, in a period without a result of its own. Raises RatingError."""
        first = self.looks_back.first_given()
        if first is not None and first < period.end and not any(piece.start in period for piece in self._given):
            self.looks_back.check(period, self._values(period, (), [], []))

    def periods(self, key: Key, cadence: Cadence, end: Instant) -> Iterator[Members]:
        """The periods that have records, or look back at some, and start before `end`."""
        records = self.records[key].ordered
        if cadence.alone:
            yield from self._alone(records, cadence, end)
            return
        if cadence.first_use:
            windows = self._windows.begun(self.meter.name, key, cadence, end)
            yield from ((window, self.records[key].of(window)) for window in windows)
            return
        members: dict[Period, list[BoundRecord]] = {}
        period: Period | None = None
        opened, anchored = self._account.opening is not None, cadence.anchor is not None
        for record in records:
            if record.start >= end or (opened and self._settled(record)):
                continue
            first = self._from_anchor(record, cadence) if anchored else record.start
            last = first if record.end is None else min(record.end, end)
            if period is None or not period.start <= first < period.end:
                period = self._grid.period_of(first, cadence)
            members.setdefault(period, []).append(record)
            while period.end < last:
                period = self._grid.period_of(period.end, cadence)
                members.setdefault(period, []).append(record)
        if self.looks_back and records:
            for each in self._grid.periods(cadence, records[0].start, end):
                members.setdefault(each, [])
        yield from ((period, members[period]) for period in sorted(members))

    def _settled(self, record: BoundRecord) -> bool:
        """Whether a record is of the time before the opening: known to what looks back, and in no period from then on,
        though the list may begin inside one of the calendar."""
        opening = self._account.opening
        return opening is not None and record.start < opening and (record.end or record.start) <= opening

    def _from_anchor(self, record: BoundRecord, cadence: Cadence) -> Instant:
        """From when on a record counts: a state from where the periods begin. Raises RatingError."""
        anchor = cadence.anchor
        if anchor is not None and record.record.form is Form.STATE and record.end is not None and record.end > anchor:
            return max(record.start, anchor)
        self._grid.refuse_before_anchor(record.start, cadence, record.record.place.span, self.meter.title)
        return record.start

    def _alone(self, records: list[BoundRecord], cadence: Cadence, end: Instant) -> Iterator[Members]:
        """Each record alone; readings of one stretch together."""
        begun = [r for r in records if r.start < end]
        if cadence.unit is PeriodUnit.RECORD:
            yield from ((Period(r.start, r.end or r.start), [r]) for r in begun)
            return
        together: dict[Period, list[BoundRecord]] = {}
        for record in begun:
            together.setdefault(Period(record.start, record.end or record.start), []).append(record)
        yield from sorted(together.items())

    def result(self, key: Key, period: Period, records: list[BoundRecord], *, alone: bool = False) -> Result:
        """What is measured of the records of a period; of one that is measured alone it knows which. Raises
        RatingError."""
        self._refuse_divided(period, records)
        record = records[0].record if alone and len(records) == 1 else None
        if record is None or not self._counts:
            return self._result(key, period, records, record)
        if self._of_one is None:
            self._of_one = self._result(key, period, records, record)
        found = self._of_one
        names = self._account.settings.key_names.of(self.meter, key)
        return Result(period, key, found.amount, replace(found.how, key=names, period=period, record=record), 1, record)

    def _result(self, key: Key, period: Period, records: list[BoundRecord], record: Record | None) -> Result:
        meter = self.meter
        history = self.records[key].until(period.end) if self.looks_back and key in self.records else []
        values = self._values(period, key, records, history)
        self.looks_back.check(period, values)
        settings = self._account.settings
        try:
            amount, how = measured(meter, settings.key_names.of(meter, key), period, values, settings.reader, record)
        except EvaluationError as error:
            cause = without_value(meter, records)
            raise error if cause is None else at_record(error, cause.place.span) from error
        if amount.numerator < 0:  # a Fraction takes long to compare
            raise stop(
                "A501", f"meter `{meter.name}` comes out below 0", meter.span, "say what holds then: `max(…, 0)`"
            )
        if meter.spread:
            since = tuple((start, _whole(r for r in history if r.start >= start)) for start, _ in how.since)
            how = replace(how, records=_whole(records), since=since)
        return Result(period, key, amount, how, len(records), record)

    def _values(
        self, period: Period, key: Key, records: list[BoundRecord], history: list[BoundRecord]
    ) -> dict[str, object]:
        return {
            **self._always,
            **self._facts(period, self._account.calendar),
            **(self._setting_values(period) if self._reads else {}),
            RECORDS: [r.values for r in records],
            HISTORY: [r.values for r in history],
            SERIES: {},
            **({BEHIND: self._behind[key]} if self.looks_back else {}),
        }

    def _setting_values(self, period: Period) -> dict[str, object]:
        found: dict[str, object] = {}
        for node in self._reads:
            refuse_inner_change(node, period, self._account.settings)
            found.update(self._account.settings.values_at(node, period.start, node.span))
        return found

    def _turns(self, expression: tree.Expression, start: Instant, end: Instant, record: Values) -> list[Instant]:
        """Where a stretch of a record is divided for a formula that asks for the time. Raises RatingError."""
        found = turns_of(expression, Period(start, end), self._account.settings, record)
        if found is None:
            raise stop(
                "A307",
                f"`{expression.span.text}` asks for the time, and when it has another value is not known",
                expression.span,
                "compare the time with dates, times of day, weekdays or the edges of periods",
                ("the meter", self.meter.span),
            )
        return found

    def _refuse_divided(self, period: Period, records: list[BoundRecord]) -> None:
        """Refuse a total, or what a sum adds up, that lies in the period with a part of it only."""
        for record in records:
            if record.end is None or (period.start <= record.start and record.end <= period.end):
                continue
            if record.record.form is Form.TOTAL or self._sums:
                raise divided(self.meter, record.record, record.start, record.end, period, self._account.calendar)


def _whole(pieces: Iterable[BoundRecord]) -> int:
    """Of how many records there are pieces."""
    return len({id(piece.record) for piece in pieces})


def _is_of_a_count(part: tree.Expression) -> bool:
    """Whether a part of a measure comes to the same for any one record, however long it lasted."""
    if isinstance(part, tree.Aggregate):
        return part.aggregation is tree.Aggregation.COUNT  # of what else it may ask there are further parts
    return isinstance(part, _COUNTING)
