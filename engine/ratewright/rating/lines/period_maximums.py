"""What lines have come to of the most for a longer period: those that are billed first leave the rest to later ones."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct
from whenever import Instant

from ratewright.meaning import nodes as tree
from ratewright.plan.period_grid import Grid
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact


class Within(Struct, frozen=True, gc=False):
    """The longer period in which a line begins, and what its others of that period were `billed`."""

    period: Period
    billed: Exact


class PeriodMaximums:
    """What was billed of each line, key and longer period so far."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._billed: dict[tuple[str, tuple[tree.Value, ...], Period], Exact] = defaultdict(int)

    def within(self, charge: tree.Charge, begins: Instant, key: tuple[tree.Value, ...], own: Exact) -> Within | None:
        """What other lines of a charge were billed; `own` is what the line itself was already. None without a maximum
        for a longer period."""
        if charge.of_periods is None:
            return None
        period = self._grid.period_of(begins, charge.of_periods.every)
        return Within(period, exact(self._billed[charge.name, key, period] - own))

    def bill(self, charge: tree.Charge, within: Within | None, key: tuple[tree.Value, ...], owed: Exact) -> None:
        """Note what a line was billed."""
        if within is not None:
            of = charge.name, key, within.period
            self._billed[of] = exact(self._billed[of] + owed)
