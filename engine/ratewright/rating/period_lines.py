"""The lines of a bill in their turns: each for its periods that end in the period of the bill, keys and records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ratewright.account.binding import Account
from ratewright.account.counted.pieces import Piece
from ratewright.derivation.trace import ChargeTrace
from ratewright.formula.interpreter import EvaluationError
from ratewright.meaning.dependencies import lines_on
from ratewright.plan.line_plans import LinePlan
from ratewright.plan.period_grid import Grid
from ratewright.rating.bill import Line
from ratewright.rating.last_periods import LastPeriods
from ratewright.rating.lines.ledger import Ledger
from ratewright.rating.lines.line_pricing import Pricing
from ratewright.rating.lines.turns_of_lines import Turns
from ratewright.rating.paying.payments import Payments
from ratewright.rating.serving.drawing import Drawing, Fed
from ratewright.rating.serving.left_by_lines import Kept, Where
from ratewright.refusal import at_record
from ratewright.usage.model import Record
from ratewright.values.calendar import Cadence, Period
from ratewright.values.exact import Exact


class PeriodLines:
    """Prices lines from what was fed to them, and lets pools pay for them. `pieces` are all that is served."""

    def __init__(  # noqa: PLR0917 — what an account's time is made of, each once
        self,
        account: Account,
        grid: Grid,
        cadences: Mapping[str, Cadence],
        drawing: Drawing,
        ledger: Ledger,
        pricing: Pricing,
        payments: Payments,
    ) -> None:
        self._account = account
        self._plan = account.plan
        self._grid = grid
        self._cadences = cadences
        self._drawing = drawing
        self._ledger = ledger
        self._pricing = pricing
        self._payments = payments
        self._pieces: list[Piece] = []
        self._readings: list[Period] = []
        self._last = LastPeriods(account.plan, grid, cadences)
        self._followers = account.plan.features.followers

    def know(self, pieces: list[Piece]) -> None:
        """Take note of all usage: lines that are billed from one reading to the next have their periods from it."""
        self._pieces = pieces
        self._readings = self._all_readings()

    def price(self, lines: Sequence[LinePlan], period: Period, *, billed: bool) -> list[Line]:
        """The lines for their periods that end in the period of the bill, in order of time: what ends earlier is paid
        for first, whatever the order in which lines are declared. Raises RatingError."""
        if not lines:
            return []
        kept: dict[Where, list[Kept]] = defaultdict(list)
        taken: list[tuple[Where, str, Exact]] = []
        made: dict[str, list[Line]] = {line.charge.name: [] for line in lines}
        queue = self._turns(lines, period, billed=billed)
        apart = [line for line in lines if line.follows_keys and self._is_priced(line, billed)]
        for line, of in queue:
            charge = line.charge
            fed, marks = self._drawing.hand_over(of)
            try:
                found, blocked = self._pricing.line(charge, of, fed, marks)
            except EvaluationError as error:
                cause = self._record_of(line, of)
                raise error if cause is None else at_record(error, cause.place.span) from error
            if found is not None:
                made[charge.name].append(found)
            if found is not None and not _kept_away(found):
                made[charge.name] += self._payments.of_line(charge, of, found)
                for due in self._following(of) if self._followers else ():
                    if due[0] in made and due[1].end <= period.end:
                        queue.add(self._plan.lines[due[0]], due)
                for follower in apart:
                    if charge.name in lines_on(follower.charge):
                        own = dict(zip(charge.by, of[2], strict=True))
                        key = tuple(own[name] for name in follower.charge.by)
                        for each in self._ending_with(follower, of[1], period):
                            queue.add(follower, (follower.charge.name, each, key, 0))
            for meter, quantity in fed.items():
                where = (meter, *of[1:])
                if blocked is not None:
                    kept[where].append((charge.name, blocked, quantity))
                else:
                    taken.append((where, charge.name, quantity))
        self._drawing.take_back(kept, taken)
        return [one for found in made.values() for one in found]

    def _following(self, of: Fed) -> Iterator[Fed]:
        """What becomes due for the lines for each record that are on a line which priced one."""
        name, _, _, number = of
        if number:
            yield from (self._drawing.follow(follower, of) for follower in self._followers.get(name, ()))

    def _turns(self, lines: Sequence[LinePlan], period: Period, *, billed: bool) -> Turns:
        waiting: dict[str, list[Fed]] = defaultdict(list)
        for of in self._drawing.due(period.end):
            waiting[of[0]].append(of)
        queue = Turns()
        for line in lines:
            for of in self._periods(line, period, billed, waiting.get(line.charge.name, [])):
                queue.add(line, of)
        return queue

    def _record_of(self, line: LinePlan, of: Fed) -> Record | None:
        """The record that is priced alone, or the first of a key; None where all usage of a period is priced."""
        _, period, key, number = of
        alone = self._drawing.record(number)
        if alone is not None or not key:
            return alone
        meters = line.charge.meters
        own = (p.record for p in self._pieces if p.meter in meters and p.key == key and p.start in period)
        whole = (r for name in meters for r in self._account.counted.whole.get((name, key), ()))
        measured = (r.record for r in whole if r.start in period)
        return next((record for record in (*own, *measured) if record is not None), None)

    def _periods(self, line: LinePlan, period: Period, billed: bool, fed: list[Fed]) -> Iterable[Fed]:
        """The periods of a line that end in `period`: those with usage, and all of them if it bills anyhow."""
        charge = line.charge
        if line.follows_records:
            return fed
        if line.follows_keys:
            return self._known_keys(line, period) if self._is_priced(line, billed) else []
        bills_anyhow = charge.on is None or line.at_zero
        if charge.by and charge.billed is not None and charge.minimum is not None:
            return {*fed, *self._last_parts(line, period, fed)}
        if not bills_anyhow or charge.by or not self._is_priced(line, billed):
            return fed
        if charge.meters and self._cadences[charge.name].of_usage:
            return fed  # a reading, or a record, of another meter is none of its own; no window is without usage
        if not self._account.in_force.line_around(charge, period):
            return fed
        own: set[Fed] = {(charge.name, p, (), 0) for p in self._own_periods(line, period)}
        return own.union(fed)

    def _last_parts(self, line: LinePlan, period: Period, fed: list[Fed]) -> Iterator[Fed]:
        """The parts with which periods end that end in `period`, for each key that has usage in them: a minimum is
        owed then."""
        charge = line.charge
        for part in self._own_periods(line, period):
            whole = self._grid.period_of(part.start, self._cadences[charge.name])
            if part.end == whole.end:
                keys = self._pricing.begun(charge, whole).union(key for _, at, key, _ in fed if at.start in whole)
                yield from ((charge.name, part, key, 0) for key in keys)

    def _is_priced(self, line: LinePlan, billed: bool) -> bool:
        """Whether a line is made where nothing is fed to it: for the bill, or for lines that name it."""
        return billed or line.charge.name in self._plan.needed

    def _known_keys(self, line: LinePlan, period: Period) -> Iterator[Fed]:
        """The periods of a line that end in `period`, for each key that the lines it is on have in them so far."""
        charge = line.charge
        for own in self._own_periods(line, period):
            for key in self._ledger.keys(lines_on(charge), charge.by, own):
                yield charge.name, own, key, 0

    def _ending_with(self, line: LinePlan, part: Period, period: Period) -> Iterator[Period]:
        """The periods of a line that end in `period` and in which `part` ends."""
        return (own for own in self._own_periods(line, period) if own.start < part.end <= own.end)

    def _own_periods(self, line: LinePlan, period: Period) -> list[Period]:
        """The periods of a line that end in `period` and are the list's, whatever was used. Of one that is billed in
        advance the instants at which they begin."""
        charge = line.charge
        cadence = self._cadences[charge.name]
        if cadence.alone:
            return [p for p in self._readings if period.start < p.end <= period.end]
        activated = self._account.activated
        if charge.in_advance:
            return [Period(at, at) for at in self._grid.beginnings(cadence, period.start, period.end, activated)]
        every = self._grid.billed_between(period.start, period.end, cadence, charge.billed)
        own = [p for p in every if period.start < p.end <= period.end and (activated is None or activated < p.end)]
        return [p for p in own if self._last.has(line, p)]

    def _all_readings(self) -> list[Period]:
        """From one reading to the next, for lines that are billed so and have no usage of their own."""
        read = self._plan.features.reading
        if not read:
            return []
        return sorted({Period(p.start, p.end) for p in self._pieces if p.meter in read and p.end is not None})


def _kept_away(line: Line) -> bool:
    """Whether a line is told for what the list asks of it, and nothing is owed: a condition keeps it away."""
    return isinstance(line.why, ChargeTrace) and line.why.kept_away
