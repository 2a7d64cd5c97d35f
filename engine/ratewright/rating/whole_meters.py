"""Meters that measure a whole period (a peak, a percentile, a level): one piece for each period and key."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any

from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.pieces import BoundRecord, Piece
from ratewright.account.unchanging_settings import refuse_inner_change
from ratewright.derivation.measure_traces import key_texts, measure_trace
from ratewright.formula.aggregation import HISTORY, RECORDS, SERIES, period_facts
from ratewright.formula.interpreter import CALENDAR, REACHED, evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import of_the_period, sums_of_records
from ratewright.plan.period_grid import Grid
from ratewright.rating.look_back import LookBack
from ratewright.refusal import RatingError, stop
from ratewright.usage.model import Form
from ratewright.values.calendar import Cadence, Period, PeriodUnit, moment_text
from ratewright.values.exact import Exact


class WholeMeter:
    """One meter whose measure speaks of all records of a period."""

    def __init__(
        self,
        meter: tree.Meter,
        cadence: Cadence,
        account: Account,
        grid: Grid,
    ) -> None:
        self._opening = account.opening
        self.meter = meter
        self._cadence = cadence
        self.by_period = not cadence.alone
        self._settings = account.settings
        self._calendar = account.calendar
        self._grid = grid
        self._activated = account.activated
        self._given = account.counted.given.get(meter.name, ())
        asked = [meter.measure, *(step.expression for step in meter.steps)]
        self._reads = [g for e in asked for g in of_the_period(e) if isinstance(g, tree.SettingValue)]
        self.looks_back = LookBack(meter, account)
        self._sums = any(True for _ in sums_of_records(meter.measure))

    def pieces(
        self, key: tuple[tree.Value, ...], records: list[BoundRecord], end: Instant, reached: set[Any]
    ) -> Iterator[Piece]:
        """The meter's result for each period that has records, or looks back at some, and starts before `end`.

        The period of the activation counts from then on, so that a grant issued on activation covers it.
        """
        ordered = sorted(records, key=attrgetter("start"))
        starts = [record.start for record in ordered]
        for period, members in self._periods(ordered, end):
            if self._opening is not None and period.start < self._opening:
                continue  # settled
            if not members and any(piece.key == key and piece.start in period for piece in self._given):
                continue  # measured
            history = ordered[: bisect_left(starts, period.end)] if self.looks_back else []
            piece = self._piece(key, period, members, history, reached)
            if members or piece.amount:
                yield piece

    def check_known(self, end: Instant) -> None:
        """Refuse to look back at measured results, in each period before `end` that has none of its own."""
        first = self.looks_back.first_given()
        if first is not None and not self._cadence.alone:
            for period in self._grid.periods(self._cadence, first, end):
                self.check_period(period)

    def check_period(self, period: Period) -> None:
        """Refuse to look back at what is not known, in a period without a result of its own. Raises RatingError."""
        first = self.looks_back.first_given()
        if first is None or period.end <= first:
            return
        if not any(piece.start in period for piece in self._given):
            self.looks_back.check(period, self._values(period, [], [], set()))

    def piece_of(
        self,
        key: tuple[tree.Value, ...],
        period: Period,
        records: list[BoundRecord],
        ordered: list[BoundRecord],
        reached: set[Any],
    ) -> Piece:
        """The meter's result for any period: of its `records`, out of all that are `ordered` by time."""
        history = [r for r in ordered if r.start < period.end] if self.looks_back else []
        return self._piece(key, period, records, history, reached)

    def _values(
        self, period: Period, records: list[BoundRecord], history: list[BoundRecord], reached: set[Any]
    ) -> dict[str, Any]:
        return {
            **period_facts(period, self._calendar),
            **self._setting_values(period),
            CALENDAR: self._calendar,
            RECORDS: [r.values for r in records],
            HISTORY: [r.values for r in history],
            SERIES: {},
            REACHED: reached,
        }

    def _periods(self, records: list[BoundRecord], end: Instant) -> Iterator[tuple[Period, list[BoundRecord]]]:
        if self._cadence.unit is PeriodUnit.RECORD:
            yield from ((Period(r.start, r.end or r.start), [r]) for r in records if r.start < end)
            return
        members: dict[Period, list[BoundRecord]] = {}
        period: Period | None = None
        for record in records:
            if record.start >= end:
                continue
            last = record.end or record.start
            if self._cadence.unit is PeriodUnit.READING:
                members.setdefault(Period(record.start, last), []).append(record)
                continue
            if period is None or not period.start <= record.start < period.end:
                period = self._grid.period_of(record.start, self._cadence)
            members.setdefault(period, []).append(record)
            if period.end < last and (record.record.form is Form.TOTAL or self._sums):
                raise self._spans_period(record, period)
            while period.end < last:
                period = self._grid.period_of(period.end, self._cadence)
                members.setdefault(period, []).append(record)
        if self.looks_back and records and not self._cadence.alone:
            for each in self._grid.periods(self._cadence, records[0].start, end):
                members.setdefault(each, [])
        yield from ((period, members[period]) for period in sorted(members))

    def _spans_period(self, record: BoundRecord, period: Period) -> RatingError:
        when = moment_text(period.end, self._calendar)
        total = record.record.form is Form.TOTAL
        return stop(
            "A303",
            f"this {'total' if total else 'record'} runs past {when}, where a period ends for which "
            f"`{self.meter.name}` is measured ({self._cadence})",
            record.record.place.span,
            f"give a total for each period: {self._cadence}"
            if total
            else f"split it at {when}: a sum would count it in each of the two",
            ("the meter", self.meter.span),
        )

    def _piece(
        self,
        key: tuple[tree.Value, ...],
        period: Period,
        records: list[BoundRecord],
        history: list[BoundRecord],
        reached: set[Any],
    ) -> Piece:
        meter = self.meter
        values = self._values(period, records, history, reached)
        self.looks_back.check(period, values)
        amount: Exact = evaluate(meter.measure, values)
        texts = key_texts(meter, key, self._calendar)
        how = measure_trace(meter, texts, period, amount, values, self._settings.reader)
        if amount < 0:
            raise stop(
                "A501", f"meter `{meter.name}` comes out below 0", meter.span, "say what holds then: `max(…, 0)`"
            )
        start = period.start
        if self._activated is not None and start < self._activated < period.end:
            start = self._activated
        tags: Mapping[str, tree.Value] = dict(zip(meter.by, key, strict=True))
        single = records[0] if self._cadence.alone and len(records) == 1 else None
        whole = None if period.start == period.end else period.end
        return Piece(
            start, whole, meter.name, amount, single.record if single is not None else None, None, key, tags, how
        )

    def _setting_values(self, period: Period) -> dict[str, object]:
        found: dict[str, object] = {}
        for node in self._reads:
            refuse_inner_change(node, period, self._settings)
            found.update(self._settings.values_at(node, period.start, node.span))
        return found
