"""The records of one meter and key, cut by time."""

from __future__ import annotations

from bisect import bisect_left

from whenever import Instant

from ratewright.account.counted.pieces import BoundRecord, in_order
from ratewright.values.calendar import Period


class RecordsInTime:
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
