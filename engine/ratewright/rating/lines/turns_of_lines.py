"""Whose turn it is among the lines of a bill: what ends earlier, then what others need, then in an order of its own."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from ratewright.plan.plan import LinePlan
from ratewright.rating.serving.drawing import Fed


class Turns:
    """Lines with the periods, keys and records for which they are priced. More may be added while they are taken."""

    def __init__(self) -> None:
        self._heap: list[tuple[tuple[object, ...], Fed, LinePlan]] = []
        self._known: set[Fed] = set()

    def add(self, line: LinePlan, of: Fed) -> None:
        """Let a line have its turn, once."""
        if of in self._known:
            return
        self._known.add(of)
        _, period, key, number = of
        place = (period.end, line.place, period.start, number, [str(value) for value in key])
        heappush(self._heap, (place, of, line))

    def __iter__(self) -> Iterator[tuple[LinePlan, Fed]]:
        while self._heap:
            _, of, line = heappop(self._heap)
            yield line, of
