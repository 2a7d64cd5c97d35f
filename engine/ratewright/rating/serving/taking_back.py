"""Usage that is taken back: what was served last before it, in its period, goes back to where it came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from msgspec import Struct
from whenever import Instant

from ratewright.account.counted.pieces import Piece
from ratewright.account.counted.undecided_usage import place_of
from ratewright.derivation.trace import ConditionTrace
from ratewright.meaning import nodes as tree
from ratewright.plan.meter_plans import MeterPlan
from ratewright.plan.period_grid import Grid
from ratewright.plan.plan import Plan
from ratewright.quota.lots import Lot
from ratewright.refusal import stop
from ratewright.values.calendar import MONTHLY, Cadence, Period, period_text
from ratewright.values.exact import Exact, exact, ratio
from ratewright.values.units import quantity_text

Marks = tuple[tuple[tree.Value, ...], tuple[tuple[str, tree.Value], ...]]
"""What usage is kept apart by, and what it is marked with: a correction takes back usage that is marked as it is."""


class Covered(Struct, frozen=True):
    """Usage that a lot paid for, `drawn` of it at a `ratio`, if the pool has one."""

    lot: Lot
    quantity: Exact
    drawn: Exact
    ratio: Exact | None

    def part(self, quantity: Exact) -> Covered:
        """What a part of the usage took of the lot."""
        drawn = self.drawn if quantity == self.quantity else ratio(exact(self.drawn * quantity), self.quantity)
        return Covered(self.lot, quantity, drawn, self.ratio)


class Passed(Struct, frozen=True):
    """Usage that went on to `lines`; `blocked` are those that their condition kept away."""

    lines: tuple[str, ...]
    blocked: tuple[tuple[str, ConditionTrace], ...]
    quantity: Exact

    def part(self, quantity: Exact) -> Passed:
        """The same of a part of the usage."""
        return Passed(self.lines, self.blocked, quantity)


Went = Covered | Passed
"""Where usage went."""

W = TypeVar("W", Covered, Passed, Went)


class History(Struct):
    """What became of usage of a period so far: what was `served`, and what was taken back beyond that, which usage
    that follows makes good."""

    period: Period
    served: list[Went] = []
    owing: list[Passed] = []

    def take_back(self, quantity: Exact) -> tuple[list[Went], Exact]:
        """What is undone for a quantity that is taken back, the last first, and the rest that finds nothing."""
        return _last(self.served, quantity)

    def make_good(self, quantity: Exact) -> tuple[list[Passed], Exact]:
        """What usage makes good of what was taken back before it, and the rest that is served."""
        return _last(self.owing, quantity)


def _last(went: list[W], quantity: Exact) -> tuple[list[W], Exact]:
    """Take up to a quantity from the end of a list: what it was, and the rest."""
    found: list[W] = []
    while quantity > 0 and went:
        last: W = went.pop()
        part: W = last.part(min(last.quantity, quantity))
        if part.quantity < last.quantity:
            went.append(last.part(exact(last.quantity - part.quantity)))
        found.append(part)
        quantity = exact(quantity - part.quantity)
    return found, quantity


class Histories:
    """The histories of meters that say `corrections`. `cadences` are those of the lines by name."""

    def __init__(self, plan: Plan, grid: Grid, cadences: Mapping[str, Cadence]) -> None:
        self._plan = plan
        self._grid = grid
        self._cadences = cadences
        self._known: dict[tuple[str, Marks], History] = {}

    def of(self, piece: Piece) -> History | None:
        """The history that a piece belongs to; None where each record is priced alone, and none is undone."""
        cadence = _cadences(self._plan.meters[piece.meter], self._cadences)[0]
        if cadence.alone:
            return None
        asked = piece.meter, _marks(piece)
        known = self._known.get(asked)
        if known is None or piece.start not in known.period:
            period = self._grid.period_of(piece.start, cadence)
            known = self._known[asked] = History(period, [], [])
        return known


def _cadences(meter: MeterPlan, cadences: Mapping[str, Cadence]) -> list[Cadence]:
    """The periods in which a meter is priced; the month where no line is on it."""
    return list(dict.fromkeys(cadences[line] for line in meter.lines)) or [MONTHLY]


def _marks(piece: Piece) -> Marks:
    return piece.key, tuple(piece.tags.items())


def refuse_below_zero(
    plan: Plan, grid: Grid, cadences: Mapping[str, Cadence], pieces: Iterable[Piece], end: Instant
) -> None:
    """Raise RatingError where more is taken back than was used, in a period that ends by `end`, and the list gives no
    credit for it."""
    names = plan.features.uncorrected
    if not names:
        return
    strict = {name: _cadences(plan.meters[name], cadences) for name in names}
    own = [piece for piece in pieces if piece.meter in strict]
    corrected = {piece.meter for piece in own if piece.amount < 0}
    sums: dict[tuple[str, Marks, Period], Exact] = defaultdict(int)
    last: dict[tuple[str, Marks, Period], Piece] = {}
    for piece in own if corrected else ():
        for cadence in strict[piece.meter] if piece.meter in corrected else ():
            of = piece.meter, _marks(piece), grid.period_of(piece.start, cadence)
            sums[of] += piece.amount
            if piece.amount < 0:
                last[of] = piece
    for of, total in sums.items():
        if total < 0 and of[2].end <= end:
            meter, period = plan.tariff.meters[of[0]], of[2]
            raise stop(
                "A503",
                f"{meter.title} comes to {quantity_text(total, meter.unit)} in {period_text(period, grid.calendar)}: "
                "more is taken back than was used",
                place_of(last[of]),
                "bring the correction in the period that it corrects, or let the list say `corrections below 0`",
                ("the meter", meter.span),
            )
