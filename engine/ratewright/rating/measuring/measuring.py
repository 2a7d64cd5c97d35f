"""Measuring: what a meter comes to for a period and a key, or for one record alone.

The answer depends on the plan, the meter, the records, the period and the key, and on nothing else: whoever asks, and
in whatever order, is told the same. Answers are remembered, with how they came about.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import accumulate

from msgspec import Struct
from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.counted.pieces import BoundRecord, Piece, in_order
from ratewright.account.counted.record_formulas import without_value
from ratewright.account.settings.times_of_change import turns_of
from ratewright.account.settings.unchanging_settings import refuse_inner_change
from ratewright.derivation.measure_traces import measured
from ratewright.derivation.trace import MeasureTrace
from ratewright.formula.aggregation import HISTORY, RECORDS, SERIES
from ratewright.formula.errors import EvaluationError
from ratewright.formula.given import TURNS
from ratewright.formula.interpreter import CALENDAR, REACHED
from ratewright.formula.series import facts_for
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import settings_of_the_period, sums_of_records
from ratewright.plan.period_grid import Grid
from ratewright.plan.plan import MeterPlan
from ratewright.rating.measuring.look_back import LookBack
from ratewright.refusal import RatingError, at_record, stop
from ratewright.usage.model import Form, Record
from ratewright.values.calendar import Cadence, Calendar, Period, PeriodUnit, moment_text
from ratewright.values.exact import Exact, exact, summed

Key = tuple[tree.Value, ...]
Keys = Mapping[str, tree.Value]
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


class _Records:
    """The records of one meter and key, cut by time: events by their instant, stretches by what they overlap."""

    def __init__(self, records: list[BoundRecord]) -> None:
        self.ordered = in_order(records)
        self.starts = [r.start for r in self.ordered]
        self._events = [r for r in self.ordered if r.end is None]
        self._event_starts = [r.start for r in self._events]
        self._stretches = [r for r in self.ordered if r.end is not None]

    def of(self, period: Period) -> list[BoundRecord]:
        """Those in a period, in order of time."""
        first, last = (bisect_left(self._event_starts, at) for at in (period.start, period.end))
        met = [r for r in self._stretches if r.end is not None and period.overlaps(r.start, r.end)]
        found = self._events[first:last]
        return in_order([*found, *met]) if met else found

    def until(self, end: Instant) -> list[BoundRecord]:
        """Those that begin before an instant, in order of time."""
        return self.ordered[: bisect_left(self.starts, end)]


class _WholeMeter:
    """A meter whose measure speaks of all records of a period."""

    def __init__(self, plan: MeterPlan, account: Account, grid: Grid) -> None:
        self.meter = meter = plan.meter
        self._account = account
        self._grid = grid
        asked = [meter.measure, *(step.expression for step in meter.steps)]
        self._reads = [node for formula in asked for node in settings_of_the_period(formula)]
        self._sums = bool(sums_of_records(meter.measure))
        self._facts = facts_for(asked)
        self._given = account.counted.given.get(meter.name, ())
        self.looks_back = LookBack(meter, account)
        self.records = {
            key: _Records(records) for (name, key), records in account.counted.whole.items() if name == meter.name
        }

    def is_given(self, key: Key, period: Period) -> bool:
        """Whether the account's data give the result in place of records."""
        return any(piece.key == key and piece.start in period for piece in self._given)

    def given(self, period: Period) -> Iterator[Piece]:
        """The results that the account's data give for a period."""
        return (piece for piece in self._given if piece.start in period)

    def check_known(self, period: Period) -> None:
        """Refuse to look back at what is not known, in a period without a result of its own. Raises RatingError."""
        first = self.looks_back.first_given()
        if first is not None and first < period.end and not any(piece.start in period for piece in self._given):
            self.looks_back.check(period, self._values(period, [], []))

    def periods(self, key: Key, cadence: Cadence, end: Instant) -> Iterator[Members]:
        """The periods that have records, or look back at some, and start before `end`."""
        records = self.records[key].ordered
        if cadence.alone:
            yield from self._alone(records, cadence, end)
            return
        members: dict[Period, list[BoundRecord]] = {}
        period: Period | None = None
        for record in records:
            if record.start >= end:
                continue
            first, last = self._from_anchor(record, cadence), record.end or record.start
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

    def result(self, key: Key, period: Period, records: list[BoundRecord]) -> Result:
        """What is measured of the records of a period. Raises RatingError."""
        meter = self.meter
        self._refuse_divided(period, records)
        history = self.records[key].until(period.end) if self.looks_back and key in self.records else []
        values = self._values(period, records, history)
        self.looks_back.check(period, values)
        settings = self._account.settings
        try:
            amount, how = measured(meter, settings.key_names.of(meter, key), period, values, settings.reader)
        except EvaluationError as error:
            cause = without_value(meter, records)
            raise error if cause is None else at_record(error, cause.place.span) from error
        if amount < 0:
            raise stop(
                "A501", f"meter `{meter.name}` comes out below 0", meter.span, "say what holds then: `max(…, 0)`"
            )
        return Result(period, key, amount, how, len(records))

    def _values(self, period: Period, records: list[BoundRecord], history: list[BoundRecord]) -> dict[str, object]:
        return {
            **self._facts(period, self._account.calendar),
            **self._setting_values(period),
            CALENDAR: self._account.calendar,
            RECORDS: [r.values for r in records],
            HISTORY: [r.values for r in history],
            SERIES: {},
            REACHED: self._account.counted.reached,
            TURNS: self._turns,
        }

    def _setting_values(self, period: Period) -> dict[str, object]:
        found: dict[str, object] = {}
        for node in self._reads:
            refuse_inner_change(node, period, self._account.settings)
            found.update(self._account.settings.values_at(node, period.start, node.span))
        return found

    def _turns(self, expression: tree.Expression, start: Instant, end: Instant) -> list[Instant]:
        """Where a stretch is divided for a formula that asks for the time. Raises RatingError."""
        found = turns_of(expression, Period(start, end), self._account.settings, {})
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
                raise _spans(self.meter, record.record, record.start, record.end, period, self._account.calendar)


class _Sums:
    """Pieces of a plain sum in order of time, and what they add up to so far."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = pieces
        self._starts = [p.start for p in pieces]
        self._sums = [0, *accumulate(p.amount for p in pieces)]
        self._ends = [Instant.MIN, *accumulate((p.end or p.start for p in pieces), max)]

    def of(self, period: Period) -> Exact:
        """The sum of what begins in a period."""
        first, last = self._within(period)
        return exact(self._sums[last] - self._sums[first])

    def cut_by(self, period: Period) -> Piece | None:
        """A piece of which only a part lies in the period."""
        first, last = self._within(period)
        for number, at in ((first, period.start), (last, period.end)):
            if self._ends[number] > at:
                return next(p for p in self._pieces[:number] if p.end is not None and p.end > at)
        return None

    def _within(self, period: Period) -> tuple[int, int]:
        return bisect_left(self._starts, period.start), bisect_left(self._starts, period.end)


class Measuring:
    """What the meters of one account measure."""

    def __init__(self, account: Account, grid: Grid) -> None:
        self._account = account
        self._grid = grid
        self._plan = account.plan
        self._wholes: dict[str, _WholeMeter] = {}
        self._results: dict[tuple[str, Key, Period], Result] = {}
        self._sums: dict[tuple[str, frozenset[tuple[str, tree.Value]]], _Sums] = {}
        self._pieces: dict[str, list[Piece]] | None = None
        self._by_record: dict[str, dict[int, list[Piece]]] = {}
        self._whole_by_record: dict[str, dict[int, list[tuple[Key, BoundRecord]]]] = {}
        self.asked: list[tuple[str, Result]] = []
        """Results of meters that are measured on demand, each once, in the order in which they were asked for."""

    # ------------------------------------------------------------ of all periods, for what is served

    def results(self, meter: MeterPlan, cadence: Cadence, end: Instant) -> Iterator[Result]:
        """What a meter measures in each period of a cadence that starts before `end`. Raises RatingError."""
        whole = self._whole(meter.meter.name)
        opening = self._account.opening
        for key in whole.records:
            for period, members in whole.periods(key, cadence, end):
                if opening is not None and period.start < opening:
                    continue  # settled
                if not members and whole.is_given(key, period):
                    continue
                found = (
                    self._alone(whole, key, period, members)
                    if cadence.alone
                    else self._result(whole, key, period, members)
                )
                if found.records or found.amount:
                    yield found
        if whole.looks_back and not cadence.alone:
            self._check_known(whole, cadence, end)

    def _check_known(self, whole: _WholeMeter, cadence: Cadence, end: Instant) -> None:
        first = whole.looks_back.first_given()
        if first is not None:
            for period in self._grid.periods(cadence, first, end):
                whole.check_known(period)

    def _alone(self, whole: _WholeMeter, key: Key, period: Period, members: list[BoundRecord]) -> Result:
        made = whole.result(key, period, members)
        return Result(
            made.period, key, made.amount, made.how, made.records, members[0].record if len(members) == 1 else None
        )

    # ------------------------------------------------------------ of a period, for formulas

    def measured(self, name: str, period: Period, keys: Keys) -> Exact:
        """What a meter measures in a period, for those of its keys that are given. Raises RatingError."""
        meter = self._plan.meters[name]
        wanted = _wanted(meter.meter, keys)
        if not meter.whole:
            return self._sum(meter.meter, period, wanted)
        whole = self._whole(name)
        whole.check_known(period)
        total = sum(piece.amount for piece in whole.given(period) if _fits(meter.meter, piece.key, wanted))
        for key, records in whole.records.items():
            if not _fits(meter.meter, key, wanted):
                continue
            known = self._results.get((name, key, period))
            members = records.of(period) if known is None else []
            looks = whole.looks_back and bool(records.until(period.end)) and not whole.is_given(key, period)
            if known is not None or members or looks:
                total += self._result(whole, key, period, members).amount
        return exact(total)

    def of_record(self, name: str, record: Record, keys: Keys) -> Exact:
        """What a meter measures of one record alone. Raises RatingError."""
        meter = self._plan.meters[name]
        wanted = _wanted(meter.meter, keys)
        if not meter.whole:
            pieces = self._record_pieces(name).get(id(record), ())
            return summed(piece.amount for piece in pieces if _fits(meter.meter, piece.key, wanted))
        found = [(k, r) for k, r in self._bound_records(name).get(id(record), ()) if _fits(meter.meter, k, wanted)]
        return summed(self._own_result(name, key, bound).amount for key, bound in found)

    def of_reading(self, name: str, reading: Period, keys: Keys) -> Exact:
        """What a meter measures of the readings of exactly one stretch. Raises RatingError."""
        meter = self._plan.meters[name]
        wanted = _wanted(meter.meter, keys)
        if not meter.whole:
            starting = self._sum_pieces(name)
            return exact(
                sum(
                    p.amount
                    for p in starting
                    if (p.start, p.end) == (reading.start, reading.end) and _fits(meter.meter, p.key, wanted)
                )
            )
        whole = self._whole(name)
        total: Exact = 0
        for key, records in whole.records.items():
            members = [r for r in records.of(reading) if (r.start, r.end) == (reading.start, reading.end)]
            if members and _fits(meter.meter, key, wanted):
                total += whole.result(key, reading, members).amount
        return exact(total)

    # ------------------------------------------------------------ what is remembered

    def _whole(self, name: str) -> _WholeMeter:
        if name not in self._wholes:
            self._wholes[name] = _WholeMeter(self._plan.meters[name], self._account, self._grid)
        return self._wholes[name]

    def _result(self, whole: _WholeMeter, key: Key, period: Period, members: list[BoundRecord]) -> Result:
        asked = (whole.meter.name, key, period)
        found = self._results.get(asked)
        if found is None:
            found = self._results[asked] = whole.result(key, period, members)
            if self._plan.meters[whole.meter.name].on_demand:
                self.asked.append((whole.meter.name, found))
        return found

    def _own_result(self, name: str, key: Key, bound: BoundRecord) -> Result:
        return self._whole(name).result(key, Period(bound.start, bound.end or bound.start), [bound])

    def _sum(self, meter: tree.Meter, period: Period, wanted: frozenset[tuple[str, tree.Value]]) -> Exact:
        """Of a meter that adds up what each record has."""
        asked = (meter.name, wanted)
        if asked not in self._sums:
            self._sums[asked] = _Sums([p for p in self._sum_pieces(meter.name) if _fits(meter, p.key, wanted)])
        sums = self._sums[asked]
        cut = sums.cut_by(period)
        if cut is not None:
            raise _spans(meter, cut.record, cut.start, cut.end or cut.start, period, self._account.calendar)
        return sums.of(period)

    def _sum_pieces(self, name: str) -> list[Piece]:
        """The pieces of one meter in order of time."""
        if self._pieces is None:
            self._pieces = defaultdict(list)
            for piece in self._account.counted.pieces:
                self._pieces[piece.meter].append(piece)
        return self._pieces[name]

    def _record_pieces(self, name: str) -> dict[int, list[Piece]]:
        if name not in self._by_record:
            found = self._by_record[name] = defaultdict(list)
            for piece in self._sum_pieces(name):
                found[id(piece.record)].append(piece)
        return self._by_record[name]

    def _bound_records(self, name: str) -> dict[int, list[tuple[Key, BoundRecord]]]:
        if name not in self._whole_by_record:
            found = self._whole_by_record[name] = defaultdict(list)
            for key, records in self._whole(name).records.items():
                for bound in records.ordered:
                    found[id(bound.record)].append((key, bound))
        return self._whole_by_record[name]


def _wanted(meter: tree.Meter, keys: Keys) -> frozenset[tuple[str, tree.Value]]:
    """Those of the keys by which the meter is kept apart."""
    return frozenset((name, value) for name, value in keys.items() if name in meter.by)


def _fits(meter: tree.Meter, key: Key, wanted: frozenset[tuple[str, tree.Value]]) -> bool:
    return not wanted or wanted <= set(zip(meter.by, key, strict=True))


def _spans(
    meter: tree.Meter, record: Record | None, start: Instant, end: Instant, period: Period, calendar: Calendar
) -> RatingError:
    """The error for a stretch that the end of a period divides."""
    when = moment_text(period.end if end > period.end else period.start, calendar)
    total = record is None or record.form is Form.TOTAL
    return stop(
        "A303",
        f"this {'total' if total else 'record'} runs past {when}, where a period ends for which `{meter.name}` is "
        "measured",
        record.place.span if record is not None else None,
        f"give a total for each side of {when}"
        if total
        else f"split it at {when}: a sum would count it in each of the two",
        ("the meter", meter.span),
    )
