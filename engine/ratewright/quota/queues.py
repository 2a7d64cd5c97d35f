"""The lots of one rank of pools for usage in order of time, drawn in the declared order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush, heapreplace

from whenever import Instant

from ratewright.meaning.nodes import DrawRule
from ratewright.quota.allotments import Allotments
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import Attributes, Holding, Lot, fits
from ratewright.quota.needs import Need, Queue, Taken, overdraw, pay
from ratewright.values.calendar import nanoseconds
from ratewright.values.exact import Exact, exact
from ratewright.values.lot_names import LotName

Heap = list[tuple[tuple[object, ...], Lot]]


class LotQueue(Queue):
    """The lots of one rank for usage in order of time: what has ended is forgotten.

    The open lots stand in a heap for each thing that lots are bought for, so that the first one that pays
    for a piece of usage is found without looking at those of other regions.
    """

    def __init__(
        self,
        lots: Iterable[Lot],
        rules: tuple[DrawRule, ...],
        renewing: Iterable[Renewing] = (),
        allotments: Sequence[Allotments] = (),
    ) -> None:
        super().__init__(rules, allotments)
        self._coming = [_coming(lot) for lot in lots]
        heapify(self._coming)
        self._begun: list[tuple[int, tuple[str, int, int, bool], Lot]] = []
        self._unbought: list[tuple[int, LotName, Renewing]] = []
        self._open: dict[Attributes, Heap] = {}
        self._due: list[tuple[int, LotName, int, Renewing]] = []
        self._met = [0 for _ in allotments]
        self._overdrawing: list[Renewing] = []
        self._over = False
        for one in renewing:
            self._watch(one)

    def take(self, quantity: Exact, need: Need) -> list[Taken]:
        """Pay for up to `quantity` of usage; calls must come in order of time."""
        if self._allotments:
            self._take_up()
        while self._unbought and self._unbought[0][-1].bought_by(need.closes):
            one = heappop(self._unbought)[-1]
            heappush(self._due, (_ALWAYS, one.name, 0, one))
        if self._due:
            self._renew(need)
        if self._coming or self._begun:
            self._begin(need)
        heaps = [heap for wanted, heap in self._open.items() if heap and (not wanted or fits(wanted, need.tags))]
        taken: list[Taken] = []
        passed: list[tuple[Heap, tuple[tuple[object, ...], Lot]]] = []
        while quantity > 0 and (heap := _first(heaps)) is not None:
            lot = heap[0][1]
            if lot.remaining <= 0 or lot.ended_by(need.start):
                heappop(heap)
                continue
            if not need.meets(lot):
                passed.append((heap, heappop(heap)))
                continue
            given = pay(lot, quantity, need)
            quantity = exact(quantity - given.covered)
            taken.append(given)
            if lot.remaining <= 0:
                heappop(heap)
            elif self._moves:
                heapreplace(heap, (self._key(lot), lot))
        for heap, item in passed:
            heappush(heap, item)
        if quantity > 0 and self._overdrawing:
            return overdraw(quantity, need, self._overdrawing, self._rules, taken)
        return taken

    def reorder(self) -> None:
        """Put the open lots in order anew."""
        for heap in self._open.values() if self._moves else ():
            heap[:] = [(self._key(lot), lot) for _, lot in heap]
            heapify(heap)

    def put_back(self, lot: Lot) -> None:
        """Open the lot again, if all of it had been drawn, or put it in its place anew."""
        self._over = False
        heap = self._open.setdefault(lot.attributes, [])
        heap[:] = [item for item in heap if item[1] is not lot]
        heap.append((self._key(lot), lot))
        heapify(heap)

    @property
    def empty(self) -> bool:
        """Whether nothing is left, and nothing will come."""
        if not self._over:
            waiting = self._coming or self._begun or self._unbought or self._due or self._allotments
            self._over = not (waiting or any(self._open.values()))
        return self._over

    def _take_up(self) -> None:
        """Take up the lots that usage of a new kind brought."""
        for index, allotments in enumerate(self._allotments):
            for one in allotments.made[self._met[index] :]:
                if isinstance(one, Renewing):
                    self._watch(one)
                else:
                    heappush(self._coming, _coming(one))
            self._met[index] = len(allotments.made)

    def _watch(self, one: Renewing) -> None:
        heappush(self._unbought, (_bought(one), one.name, one))
        if one.pool.overdraws is not None:
            self._overdrawing.append(one)

    def _renew(self, need: Need) -> None:
        """Take up the cycles that usage meets. One is asked again when its present cycle has ended, or when a total
        runs past that."""
        limit = nanoseconds(need.last)
        again = []
        while self._due and self._due[0][0] <= limit:
            _, name, seen, one = heappop(self._due)
            one.reach(need.start, need.end)
            for lot in one.made[seen:]:
                heappush(self._coming, _coming(lot))
            after = one.next_after(need.start)
            if after is not None:
                again.append((nanoseconds(after), name, len(one.made), one))
        for entry in again:
            heappush(self._due, entry)

    def _begin(self, need: Need) -> None:
        """Open the lots that have begun by the last instant of the usage, and were bought before its bill closes."""
        limit = nanoseconds(need.last)
        while self._coming and self._coming[0][0] <= limit:
            lot = heappop(self._coming)[-1]
            heappush(self._begun, (_bought(lot), lot.place, lot))
        while self._begun and self._begun[0][-1].bought_by(need.closes):
            lot = heappop(self._begun)[-1]
            heappush(self._open.setdefault(lot.attributes, []), (self._key(lot), lot))


_ALWAYS = nanoseconds(Instant.MIN)


def _bought(one: Holding) -> int:
    return nanoseconds(one.purchased or Instant.MIN)


def _coming(lot: Lot) -> tuple[int, tuple[str, int, int, bool], Lot]:
    """A lot by when it begins; no two entries are equal before the lot."""
    return nanoseconds(lot.starts or Instant.MIN), lot.place, lot


def _first(heaps: list[Heap]) -> Heap | None:
    """The heap whose first lot comes first; None where all are empty."""
    if len(heaps) == 1:
        return heaps[0] or None
    found: Heap | None = None
    for heap in heaps:
        if heap and (found is None or heap[0][0] < found[0][0]):
            found = heap
    return found
