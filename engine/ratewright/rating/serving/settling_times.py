"""When usage is settled that waits for an order, or for a quota to be filled; and until when lots wait for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from whenever import Instant

from ratewright.plan.period_grid import Grid
from ratewright.plan.plan import Plan
from ratewright.quota.lots import Holding, Lot
from ratewright.values.calendar import MONTHLY, Cadence


class SettlingTimes:
    """When the order of usage, or what fills a quota, is known: at the end of the period of the charge behind the
    pools, or of the month.

    `cadences` are those of the charges, by name.
    """

    def __init__(self, grid: Grid, cadences: Mapping[str, Cadence], plan: Plan) -> None:
        self._grid = grid
        self.orders = plan.features.waiting
        self._cadences: dict[str, Cadence] = {}
        self._paid_for: dict[str, list[str]] = defaultdict(list)
        for name in self.orders:
            meter = plan.meters[name]
            self._cadences[name] = cadences[meter.lines[0]] if meter.lines else MONTHLY
            for pool in (pool for rank in meter.ranks for pool in rank):
                self._paid_for[pool].append(name)

    def of(self, meter: str, at: Instant) -> Instant:
        """When usage of a meter with an order is settled that happened at an instant."""
        return self._grid.period_of(at, self._cadences[meter]).end

    def lapses(self, lot: Holding) -> Instant | None:
        """When what is left of a lot is lost: when it expires, or later, when all usage from before that is settled.
        None where it does not expire. One that rolled over pays for nothing that is settled later."""
        if lot.expires is None or (isinstance(lot, Lot) and lot.rolled):
            return lot.expires
        meters = self._paid_for.get(lot.pool.name)
        if not meters:
            return lot.expires
        last = lot.expires.subtract(nanoseconds=1)
        return max([lot.expires, *(self.of(meter, last) for meter in meters)])
