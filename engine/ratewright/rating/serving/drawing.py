"""Drawing: usage in order of time, each piece paid for by the sources of its meter in their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from whenever import Instant

from ratewright.account.counted.pieces import RECORDS_TOLD, Piece
from ratewright.account.counted.undecided_usage import place_of, refuse_change
from ratewright.account.settings.setting_timeline import ConditionCache, Settings
from ratewright.derivation.trace import ConditionTrace, MeasureTrace
from ratewright.meaning import nodes as tree
from ratewright.plan.meter_plans import MeterPlan
from ratewright.plan.period_grid import Grid
from ratewright.plan.plan import Plan
from ratewright.quota.holdings import Holdings
from ratewright.rating.measuring.whole_meter import Result
from ratewright.rating.measuring.windows import Windows
from ratewright.rating.serving.closing_times import ClosingTimes
from ratewright.rating.serving.left_by_lines import Kept, LeftByLines, Where
from ratewright.rating.serving.record_periods import RecordPeriods
from ratewright.rating.serving.sources import Sources
from ratewright.rating.serving.taking_back import Covered, Histories, Passed
from ratewright.rating.serving.tally import MeterTally
from ratewright.refusal import RatingError, stop
from ratewright.usage.model import Form, Record
from ratewright.values.calendar import Cadence, Calendar, Period, PeriodUnit, moment_text
from ratewright.values.exact import Exact, exact
from ratewright.values.units import quantity_text

Fed = tuple[str, Period, tuple[tree.Value, ...], int]
"""What is priced as one: a charge, its period (or the part that is billed), its key, and a number for records alone."""

_NONE: Mapping[str, Any] = {}

Tallied = tuple[str, int]
"""A meter, and the group of lines for which it is measured."""


class Drawing:
    """The state of drawing between pieces: the sources, and what each charge has been fed in each period."""

    def __init__(
        self,
        plan: Plan,
        grid: Grid,
        settings: Settings,
        holdings: Holdings,
        cadences: Mapping[str, Cadence],
        windows: Windows,
    ) -> None:
        self._plan = plan
        self._cadences = cadences
        self._windows = windows
        self._numbers: dict[int, int] = {}
        self._records: dict[int, Record] = {}
        self._record_periods = RecordPeriods(plan)
        self._read: dict[tuple[str, tuple[tree.Value, ...]], Period] = {}
        self._tariff = plan.tariff
        self._calendar = grid.calendar
        self._grid = grid
        self._settings = settings
        closing = ClosingTimes(grid, cadences, plan, windows)
        self.sources = Sources(plan, grid.calendar, settings, holdings, closing)
        self._brings = bool(holdings.allotments)
        self._conditions: dict[str, ConditionCache] = {}
        self._left_by_lines = LeftByLines(plan, grid, cadences, windows)
        self._marks: dict[Fed, Mapping[str, tree.Value]] = {}
        self._fed: dict[Fed, dict[str, Exact]] = defaultdict(lambda: defaultdict(int))
        self._feeding: dict[tuple[str, tuple[tree.Value, ...]], tuple[Period, dict[str, Exact]]] = {}
        self._tallies: dict[Tallied, MeterTally] = defaultdict(MeterTally)
        self.away: dict[str, ConditionTrace] = {}

    @cached_property
    def _histories(self) -> Histories:
        return Histories(self._plan, self._grid, self._cadences)

    def know(self, pieces: list[Piece]) -> None:
        """Take note of all usage: what one line takes of a record, others that reckon with it wait for."""
        if pieces:
            self._record_periods = RecordPeriods(self._plan, pieces)

    def begin_period(self) -> None:
        """Start the tallies of a new bill; lots and charges go on as they are."""
        self._tallies = defaultdict(MeterTally)
        self.away = {}
        self._feeding.clear()

    def tallies(self) -> Iterator[tuple[Tallied, MeterTally | None]]:
        """What became of each meter's usage in the period; None for a meter of which nothing was used."""
        for of in self._plan.features.tallied:
            yield of, self._tallies.get(of)

    def serve(self, piece: Piece) -> None:
        """Pay for one piece. Raises RatingError where it cannot be decided who pays."""
        tally, meter = self._tallies[piece.meter, piece.group], self._plan.meters[piece.meter]
        tally.measured = exact(tally.measured + piece.amount)
        tally.count(piece, spread=meter.meter.spread)
        if piece.measure is not None:
            tally.measures.append(piece.measure)
        elif piece.values is not None and tally.records <= RECORDS_TOLD:
            tally.made.append(piece)
        if piece.key:
            tally.keys[piece.key] += piece.amount
        if piece.subaccount is not None:
            tally.subaccounts[piece.key, piece.subaccount] += piece.amount
        if self._brings:
            self.sources.meet(piece.meter, piece.tags)
        if meter.meter.corrections is not None:
            self._serve_corrected(piece, meter, tally)
        else:
            left = self._drawn(piece, piece.amount, meter, tally)
            self._charge(piece, meter.lines if piece.lines is None else piece.lines, left, tally)

    def _drawn(
        self, piece: Piece, left: Exact, meter: MeterPlan, tally: MeterTally, given: list[Covered] | None = None
    ) -> Exact:
        """What the quotas leave of usage; what each lot gave is added to `given`."""
        for rank in meter.ranks:
            if left == 0:
                break
            left = self.sources.draw(piece, rank, left, tally, given)
        return left

    def _serve_corrected(self, piece: Piece, meter: MeterPlan, tally: MeterTally) -> None:
        """Serve a piece of a meter of which usage may be taken back, or take back what was served last."""
        history = self._histories.of(piece)
        tally.brought += max(piece.amount, 0)
        tally.taken_back += max(-piece.amount, 0)
        if history is None:
            self._charge(piece, meter.lines, piece.amount, tally)
            return
        if piece.amount >= 0:
            owed, amount = history.make_good(piece.amount)
            for debt in owed:
                self._pass(piece, debt, tally)
            if amount or not owed:
                given: list[Covered] = []
                left = self._drawn(piece, amount, meter, tally, given)
                history.served += [*given, self._charge(piece, meter.lines, left, tally)]
            return
        if meter.lines and piece.end is not None and piece.end > history.period.end:
            raise self._spans_period(piece, self._plan.lines[meter.lines[0]].charge, history.period)
        undone, rest = history.take_back(-piece.amount)
        for one in undone:
            if isinstance(one, Covered):
                self.sources.put_back(one, piece, tally)
            else:
                self._pass(piece, one.part(-one.quantity), tally)
        if rest:
            history.owing.append(self._charge(piece, meter.lines, -rest, tally).part(rest))

    def due(self, end: Instant) -> Iterator[Fed]:
        """What was fed to lines for periods that end by an instant, and is not priced yet."""
        return (of for of in self._fed if of[1].end <= end)

    def follow(self, line: str, of: Fed) -> Fed:
        """Let a line that is on lines for each record be due for the record that one of them priced."""
        _, period, _, number = of
        due = (line, self._record_periods.of(line, period, self.record(number)), (), number)
        self._fed.setdefault(due, defaultdict(int))  # it is fed nothing, and waits for its period to end
        return due

    def hand_over(self, of: Fed) -> tuple[Mapping[str, Exact], Mapping[str, tree.Value]]:
        """What each meter fed a line, to be priced now, and what the record is marked with that is priced alone."""
        return self._fed.pop(of, _NONE), self._marks.pop(of, _NONE) if self._marks else _NONE

    def record(self, number: int) -> Record | None:
        """The record that lines call by a number; None where usage of a period is priced as one."""
        return self._records.get(number)

    def tell(self, meter: str, measure: MeasureTrace) -> None:
        """Tell how a meter was measured that is drawn record by record."""
        self._tallies[meter, 0].measures.append(measure)

    def note(self, meter: str, result: Result) -> None:
        """Tell of a result that only formulas asked for: nobody pays for it."""
        tally = self._tallies[meter, 0]
        tally.measured = exact(tally.measured + result.amount)
        tally.passed += result.amount
        tally.measures.append(result.how)
        if result.key:
            tally.keys[result.key] += result.amount

    def _charge(self, piece: Piece, charges: tuple[str, ...], left: Exact, tally: MeterTally) -> Passed:
        """Pass what quotas left of a piece on to the charges whose condition holds. Returns where it went."""
        blocked: list[tuple[str, ConditionTrace]] = []
        fed: list[str] = []
        for name in charges:
            line = self._plan.lines[name]
            if not left and not line.at_zero:
                continue
            charge = line.charge
            if line.by_record:
                assert charge.when is not None
                refuse_change(piece, charge.when, self._settings, or_else=_BY_DAY)
                answer = self._condition(charge.name, charge.when).at(piece.start)
                if not answer.holds:
                    blocked.append((name, answer))
                    self.away[name] = answer
                    continue
            fed.append(name)
        went = Passed(tuple(fed), tuple(blocked), left)
        self._pass(piece, went, tally)
        return went

    def _pass(self, piece: Piece, went: Passed, tally: MeterTally) -> None:
        """Feed lines with usage, at the time of a piece, or leave it unserved."""
        fed, left = went.lines, went.quantity
        for name in fed:
            self._feed(piece, self._plan.lines[name].charge)[piece.meter] += left
            tally.charged[name] += left
        waits = left and piece.meter in self._left_by_lines.meters and (fed or piece.measure is not None)
        if waits:
            number = self._numbers.get(id(piece.record), 0)
            self._left_by_lines.wait(piece, number, left, set(fed), list(went.blocked))
        if fed or waits or self._plan.meters[piece.meter].serves:
            tally.passed += left
        elif left:
            tally.unserved[went.blocked] += left

    def _condition(self, name: str, when: tree.Expression) -> ConditionCache:
        """The answers of a charge's condition, from when usage first asks for it."""
        known = self._conditions.get(name)
        if known is None:
            known = self._conditions[name] = ConditionCache(when, self._settings)
        return known

    def _feed(self, piece: Piece, charge: tree.Charge) -> dict[str, Exact]:
        """Where a charge collects what it is given for the period and key of a piece."""
        cadence = self._cadences[charge.name]
        if cadence.alone:
            alone = (charge.name, self._own_period(piece, charge, cadence), piece.key, self._number(piece, cadence))
            if cadence.unit is PeriodUnit.RECORD and piece.tags:
                self._marks[alone] = piece.tags
            return self._fed[alone]
        current = self._feeding.get((charge.name, piece.key))
        if current is None or not current[0].start <= piece.start < current[0].end:
            period = self._period_around(piece, charge, cadence)
            self._grid.refuse_before_anchor(piece.start, cadence, place_of(piece), charge.title)
            current = self._feeding[charge.name, piece.key] = (period, self._fed[charge.name, period, piece.key, 0])
        if piece.end is not None and piece.end > current[0].end:
            raise self._spans_period(piece, charge, current[0])
        return current[1]

    def _period_around(self, piece: Piece, charge: tree.Charge, cadence: Cadence) -> Period:
        """The period of a line that a piece is used in, or the part of it that is billed at once."""
        if not cadence.first_use:
            return self._grid.billed_at_once(piece.start, cadence, charge.billed)
        window = self._windows.around(piece.meter, piece.key, cadence, piece.start)
        assert window is not None  # the piece itself opens one where none is open
        return window

    def _number(self, piece: Piece, cadence: Cadence) -> int:
        """Records are priced one by one; two at one instant are two, one that several meters read is one."""
        if cadence.unit is PeriodUnit.READING:
            return 0
        of = id(piece.record) if piece.record is not None else id(piece)
        number = self._numbers.setdefault(of, len(self._numbers) + 1)
        if piece.record is not None:
            self._records[number] = piece.record
        return number

    def _own_period(self, piece: Piece, charge: tree.Charge, cadence: Cadence) -> Period:
        if piece.end is None and cadence.unit is PeriodUnit.READING:
            raise stop(
                "A303",
                f"{charge.title} is billed from one reading to the next, and this record has no end",
                place_of(piece),
                "give the reading as `from` and `to`",
                ("the charge", charge.span),
            )
        own = Period(piece.start, piece.end or piece.start)
        if cadence.unit is PeriodUnit.RECORD:
            return self._record_periods.of(charge.name, own, piece.record)
        if cadence.unit is PeriodUnit.READING:
            last = self._read.get((charge.name, piece.key))
            if last is not None and last != own and own.start < last.end and last.start < own.end:
                raise self._overlaps(piece, last)
            self._read[charge.name, piece.key] = own
        return own

    def _overlaps(self, piece: Piece, last: Period) -> RatingError:
        begins, ends = (moment_text(at, self._calendar) for at in (piece.start, last.end))
        return stop(
            "A308",
            f"this reading of `{piece.meter}` begins on {begins}, and another goes on until {ends}: the time between "
            "would be billed twice",
            place_of(piece),
            "correct the times; keep two devices apart by a field: `field device text; by device`",
            ("the meter", self._tariff.meters[piece.meter].span),
        )

    def take_back(self, kept: Mapping[Where, Sequence[Kept]], took: Sequence[tuple[Where, str, Exact]]) -> None:
        """What charges were given whose condition, asked once for their period, does not hold: it is unserved,
        unless another charge prices it.

        `kept` is by meter, charge period, key and record; `took` is what each charge took there.
        """
        if not kept and not (self._left_by_lines.waits or (took and self._left_by_lines.meters)):
            return
        taken: dict[Where, dict[str, Exact]] = defaultdict(dict)
        for where, name, quantity in took:
            taken[where][name] = quantity
        declared = {name: number for number, name in enumerate(self._tariff.charges)}
        for (meter, *_), away in kept.items():
            for name, _, quantity in away:
                self._tally_of(meter, name).charged[name] -= quantity
        for where, away in kept.items():
            if where[0] in self._left_by_lines.meters:
                continue
            rest = exact(max(quantity for _, _, quantity in away) - max(taken.get(where, {}).values(), default=0))
            if rest > 0:
                blocked = sorted(((name, why) for name, why, _ in away), key=lambda item: declared[item[0]])
                self._tally_of(where[0], away[0][0]).leave(tuple(blocked), rest)
        for meter, group, why, left in self._left_by_lines.decided(kept, taken):
            self._tallies[meter, group].leave(why, left)

    def _tally_of(self, meter: str, line: str) -> MeterTally:
        """What is told of a meter as a line prices it."""
        return self._tallies[meter, self._plan.meters[meter].group_of(line)]

    def _spans_period(self, piece: Piece, charge: tree.Charge, period: Period) -> RatingError:
        meter = self._tariff.meters[piece.meter]
        every = charge.billed or charge.every
        total = piece.record is None or piece.record.form is not Form.STATE
        return stop(
            "A303",
            f"this {'total' if total else 'record'} of {quantity_text(piece.amount, meter.unit)} runs past "
            f"{moment_text(period.end, self._calendar)}, where a period of {charge.title} ends ({every})",
            place_of(piece),
            _of_each(period, every, self._calendar)
            if total
            else f"split it at {moment_text(period.end, self._calendar)}",
            ("the charge", charge.span),
        )


_BY_DAY = ", or bill the days on which it holds: `prorated by day` with an `amount` of the meter, without `on`"


def _of_each(period: Period, every: Cadence, calendar: Calendar) -> str:
    """What to give in place of a total that runs past the end of a period: totals are of months and days."""
    if every.unit in (PeriodUnit.DAY, PeriodUnit.WEEK, PeriodUnit.MONTH, PeriodUnit.YEAR):
        return f"give a total for each period: {every}"
    start, end = (moment_text(at, calendar) for at in (period.start, period.end))
    return f"give a record for each period, the first `from {start} to {end}`"
