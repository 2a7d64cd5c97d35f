"""The records of one meter and key, cut by time."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

from whenever import Instant

from ratewright.account.counted.pieces import BoundRecord, in_order
from ratewright.values.calendar import Period


class RecordsInTime:
    """The records of one meter and key, cut by time: events by their instant, stretches by what they overlap."""

    def __init__(self, records: list[BoundRecord]) -> None:
        self.ordered = in_order(records) if len(records) > 1 else records

    # What records that are priced one by one are never asked for: there may be many keys with one record each.

    @cached_property
    def starts(self) -> list[Instant]:
        """When each begins."""
        return [r.start for r in self.ordered]

    @cached_property
    def _events(self) -> list[BoundRecord]:
        return [r for r in self.ordered if r.end is None]

    @cached_property
    def _event_starts(self) -> list[Instant]:
        return [r.start for r in self._events]

    @cached_property
    def _stretches(self) -> list[BoundRecord]:
        return [r for r in self.ordered if r.end is not None]

    def of(self, period: Period) -> list[BoundRecord]:
        """Those in a period, in order of time."""
        first, last = (bisect_left(self._event_starts, at) for at in (period.start, period.end))
        met = [r for r in self._stretches if r.end is not None and period.overlaps(r.start, r.end)]
        found = self._events[first:last]
        return in_order([*found, *met]) if met else found

    def until(self, end: Instant) -> list[BoundRecord]:
        """Those that begin before an instant, in order of time."""
        return self.ordered[: bisect_left(self.starts, end)]
