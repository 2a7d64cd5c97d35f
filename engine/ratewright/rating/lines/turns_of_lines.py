"""Whose turn it is among the lines of a bill: what ends earlier, then what begins when others end, then what others
need, then in an order of its own."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from ratewright.plan.line_plans import LinePlan
from ratewright.rating.serving.drawing import Fed

_Turn = tuple[tuple[object, ...], Fed, LinePlan]


class Turns:
    """Lines with the periods, keys and records for which they are priced. More may be added while they are taken."""

    def __init__(self) -> None:
        self._sorted: list[_Turn] = []
        self._later: list[_Turn] = []
        self._taken = False
        self._known: set[Fed] = set()

    def add(self, line: LinePlan, of: Fed) -> None:
        """Let a line have its turn, once."""
        known = len(self._known)
        self._known.add(of)
        if len(self._known) == known:
            return
        _, period, key, number = of
        texts = () if number else tuple(str(value) for value in key)  # a record has one key
        place = (period.end, line.charge.in_advance, line.place, period.start, number, texts)
        if self._taken:
            heappush(self._later, (place, of, line))
        else:
            self._sorted.append((place, of, line))

    def __iter__(self) -> Iterator[tuple[LinePlan, Fed]]:
        self._taken = True
        self._sorted.sort()
        for turn in self._sorted:
            while self._later and self._later[0] < turn:
                yield self._of(heappop(self._later))
            yield self._of(turn)
        while self._later:
            yield self._of(heappop(self._later))

    @staticmethod
    def _of(turn: _Turn) -> tuple[LinePlan, Fed]:
        _, of, line = turn
        return line, of
