"""Until when what is bought may still pay for usage: a bill that was closed by then is not changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from whenever import Instant

from ratewright.account.counted.pieces import Piece
from ratewright.meaning import nodes as tree
from ratewright.plan.period_grid import Grid
from ratewright.plan.plan import Plan
from ratewright.quota.lots import Holding
from ratewright.rating.measuring.windows import Windows
from ratewright.values.calendar import MONTHLY, Cadence

_INSTANT = 1
"""The shortest time, in nanoseconds."""


class ClosingTimes:
    """When the bill is closed that has a piece of usage: when its month ends, or before that the period of a charge
    behind the pools. `cadences` are those of the charges."""

    def __init__(self, grid: Grid, cadences: Mapping[str, Cadence], plan: Plan, windows: Windows) -> None:
        self._grid = grid
        self._windows = windows
        self._cadences = cadences
        self._plan = plan

    def of(self, piece: Piece) -> Instant:
        """The instant at which a purchase comes too late for a piece."""
        meter = self._plan.meters[piece.meter]
        counted = _before(piece.end) if meter.whole and piece.end is not None else piece.start
        names = meter.lines
        others = [self._plan.lines[name].charge for name in names if not self._cadences[name].alone]
        if len(others) < len(names):  # priced alone, and known when it ends
            own = max(piece.end or piece.start, piece.start.add(nanoseconds=_INSTANT))
            return min([own, *(self._end(_before(own), c, piece) for c in others)])
        return min([self._grid.period_of(counted, MONTHLY).end, *(self._end(counted, c, piece) for c in others)])

    def _end(self, at: Instant, charge: tree.Charge, piece: Piece) -> Instant:
        cadence = self._cadences[charge.name]
        if cadence.first_use:
            window = self._windows.around(piece.meter, piece.key, cadence, at)
            return window.end if window is not None else Instant.MAX
        if cadence.anchor is not None and at < cadence.anchor:
            return Instant.MAX  # a line has no period before the time that it counts from
        return self._grid.billed_at_once(at, cadence, charge.billed).end


def paid_by(at: Instant) -> Instant:
    """The same for what is paid at an instant: what was bought at that instant still pays."""
    return at.add(nanoseconds=_INSTANT)


def reaching_back(bought: Iterable[Holding]) -> frozenset[str]:
    """The pools of which a lot covers usage of before it was bought."""
    return frozenset(one.pool.name for one in bought if _reaches_back(one))


def _reaches_back(one: Holding) -> bool:
    return one.purchased is not None and (one.starts is None or one.starts < one.purchased)


def _before(instant: Instant) -> Instant:
    return instant.subtract(nanoseconds=_INSTANT)
