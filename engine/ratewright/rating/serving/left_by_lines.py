"""Usage of meters whose lines have different periods: what all of them leave, told once the last one has decided.

The lines of one period decide together, and what they leave is a matter of sums (`Drawing.take_back`). Where periods
differ, or one is billed in parts, a month may take what the quarter leaves, so each piece of usage waits for the lines
that it was fed to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from whenever import Instant

from ratewright.account.counted.pieces import Piece
from ratewright.derivation.trace import ConditionTrace
from ratewright.meaning import nodes as tree
from ratewright.plan.period_grid import Grid
from ratewright.plan.plan import Plan
from ratewright.rating.measuring.windows import Windows
from ratewright.rating.serving.tally import Blocked
from ratewright.values.calendar import Cadence, Period
from ratewright.values.exact import Exact

Where = tuple[str, Period, tuple[tree.Value, ...], int]
"""A meter, the period of a charge, a key, and the number of a record that is priced alone."""

Kept = tuple[str, ConditionTrace, Exact]
"""A charge, the condition that kept it away, and the quantity that it was given."""

Left = tuple[str, int, Blocked, Exact]
"""A meter, the group of its lines, the conditions that kept them away, and what nobody takes."""


class _Waiting(Struct):
    """A piece of usage. `lines` are those that have not decided yet; `period` is that of a result, `number` that of a
    record."""

    start: Instant
    number: int
    period: Period | None
    group: int
    left: Exact
    lines: set[str]
    blocked: list[tuple[str, ConditionTrace]]

    def in_time(self, period: Period, number: int) -> bool:
        """Whether it is priced with this period, or this record, of a line."""
        if number:
            return self.number == number
        if self.period is not None:
            return self.period == period
        return self.start in period or self.start == period.start


class LeftByLines:
    """`cadences` are those of the lines by name."""

    def __init__(self, plan: Plan, grid: Grid, cadences: Mapping[str, Cadence], windows: Windows) -> None:
        self._windows = windows
        self._meters = plan.meters
        self._grid = grid
        self._cadences = cadences
        self._charges = plan.tariff.charges
        self._waiting: dict[tuple[str, tuple[tree.Value, ...]], list[_Waiting]] = defaultdict(list)
        self._taken_until: dict[tuple[str, tuple[tree.Value, ...]], Instant] = {}

    @cached_property
    def meters(self) -> frozenset[str]:
        """The meters of which it is kept here what their lines leave."""
        return frozenset(
            name
            for name, meter in self._meters.items()
            if len(meter.lines) > 1
            and len({(self._cadences[line], self._charges[line].billed) for line in meter.lines}) > 1
            and any(self._charges[line].when is not None for line in meter.lines)
        )

    @property
    def waits(self) -> bool:
        """Whether some usage may still be waiting."""
        return bool(self._waiting)

    def wait(
        self, piece: Piece, number: int, left: Exact, lines: set[str], blocked: list[tuple[str, ConditionTrace]]
    ) -> None:
        """Keep what quotas left of a piece until the lines that it was fed to have decided; `number` is that of its
        record, where a line prices it alone."""
        period = piece.measure.period if piece.measure is not None else None
        waiting = _Waiting(piece.start, number, period, piece.group, left, lines, blocked)
        self._waiting[piece.meter, piece.key].append(waiting)

    def decided(
        self, kept: Mapping[Where, Sequence[Kept]], taken: Mapping[Where, Mapping[str, Exact]]
    ) -> Iterator[Left]:
        """What is left for good once some lines were kept away from what they were given, and some took it."""
        for (meter, period, key, number), took in taken.items():
            if meter in self.meters and any(took.values()):
                self._taken_until[meter, key] = max(period.end, self._taken_until.get((meter, key), period.end))
                here = self._waiting[meter, key]
                here[:] = [one for one in here if not (one.in_time(period, number) and not one.lines.isdisjoint(took))]
        for (meter, period, key, number), away in kept.items():
            for one in self._waiting.get((meter, key), ()):
                for name, why, _ in away if one.in_time(period, number) else ():
                    if name in one.lines:
                        one.lines.remove(name)
                        one.blocked.append((name, why))
        declared = {name: number for number, name in enumerate(self._charges)}
        for (meter, key), waiting in self._waiting.items():
            for one in waiting:
                if not one.lines and not self._others_take(meter, key, one):
                    yield meter, one.group, tuple(sorted(one.blocked, key=lambda x: declared[x[0]])), one.left
            waiting[:] = [one for one in waiting if one.lines]

    def _others_take(self, meter: str, key: tuple[tree.Value, ...], result: _Waiting) -> bool:
        """Whether a result that the lines of its group leave is of usage that others take: those of other periods have
        taken some of it, or have a longer period, at whose end it is decided."""
        period = result.period
        if period is None or period.start == period.end:
            return False
        if self._taken_until.get((meter, key), period.start) > period.start:
            return True
        last = period.end.subtract(nanoseconds=1)
        groups = (group for number, group in enumerate(self._meters[meter].groups) if number != result.group)
        others = (self._around(last, meter, key, self._cadences[group[0]]) for group in groups)
        return any(other and (other.end, period.start) > (period.end, other.start) for other in others)

    def _around(self, at: Instant, meter: str, key: tuple[tree.Value, ...], cadence: Cadence) -> Period | None:
        """The period of a line that holds an instant; None where it is in no window."""
        if cadence.first_use:
            return self._windows.around(meter, key, cadence, at)
        return self._grid.period_of(at, cadence)
