"""Queues: the lots of one rank of pools, drawn in one order.

A queue knows no tariff: it hands out quantity from the lots that cover a stretch of time, in the declared
order, and refuses where a stretch only partly lies within a lot's life. There are two of one kind: one for
usage in order of time, which forgets what has ended, and one for usage in any order.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush, heapreplace
from typing import NamedTuple

from msgspec import Struct
from whenever import Instant

from ratewright.meaning.nodes import DrawRule, Pool, Value
from ratewright.quota.allotments import Allotments
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import BY_REMAINING, Attributes, Lot, check_covers, draw_key, fits
from ratewright.values.calendar import nanoseconds
from ratewright.values.exact import Exact, exact, ratio
from ratewright.values.lot_names import LotName

Heap = list[tuple[tuple[object, ...], Lot]]
_NO_TAGS: Mapping[str, Value] = {}
_NONE_FROZEN: frozenset[str] = frozenset()


class Need(Struct, frozen=True):
    """What usage asks of a queue: it happened at `start`, or is a total of `[start, end)`, and is marked with `tags`.

    Lots of `frozen` pools are passed over. `ratio` says how much of a pool one base unit of the usage takes.
    """

    start: Instant
    end: Instant | None = None
    tags: Mapping[str, Value] = _NO_TAGS
    frozen: frozenset[str] = _NONE_FROZEN
    ratio: Callable[[Pool], Exact] | None = None


class Taken(NamedTuple):
    """What a lot gave: how much of it was drawn, and how much usage that paid for."""

    lot: Lot
    drawn: Exact
    covered: Exact


class UndecidedError(Exception):
    """Usage that is served late would draw from a lot whose rest has gone elsewhere since: at `decided`."""

    def __init__(self, lot: Lot, decided: Instant, given_back: bool) -> None:
        super().__init__(lot.id)
        self.lot = lot
        self.decided = decided
        self.given_back = given_back


class Queue(ABC):
    """The lots of one rank."""

    @property
    def empty(self) -> bool:
        """Whether it is certain that nothing can be taken any more."""
        return False

    @abstractmethod
    def take(self, quantity: Exact, need: Need) -> list[Taken]:
        """Pay for up to `quantity` of usage. Raises PartlyCoveredError where a lot in turn begins or ends inside a
        total."""


def _pay(lot: Lot, quantity: Exact, need: Need) -> Taken:
    """Draw from a lot in turn as much as the quantity takes, or all it has."""
    if need.end is not None:
        check_covers(lot, need.start, need.end)
    factor = need.ratio(lot.pool) if need.ratio is not None else 1
    wanted = quantity if factor == 1 else exact(quantity * factor)
    if wanted <= lot.remaining:
        drawn, covered = wanted, quantity
    else:
        drawn = lot.remaining
        covered = drawn if factor == 1 else ratio(drawn, factor)
    lot.draw(drawn, need.end)
    return Taken(lot, drawn, covered)


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
        self._rules = rules
        self._moves = any(rule in BY_REMAINING for rule in rules)
        self._coming = [_coming(lot) for lot in lots]
        heapify(self._coming)
        self._open: dict[Attributes, Heap] = {}
        self._due: list[tuple[int, LotName, int, Renewing]] = []
        self._allotments = allotments
        self._met = [0 for _ in allotments]
        for one in renewing:
            self._watch(one)

    def take(self, quantity: Exact, need: Need) -> list[Taken]:
        """Pay for up to `quantity` of usage; calls must come in order of time."""
        start, end = need.start, need.end
        if self._allotments:
            self._meet(need)
        if self._due:
            self._renew(start, end)
        if self._coming:
            self._begin(start if end is None else end, inclusive=end is None)
        heaps = [heap for wanted, heap in self._open.items() if heap and (not wanted or fits(wanted, need.tags))]
        taken: list[Taken] = []
        passed: list[tuple[Heap, tuple[tuple[object, ...], Lot]]] = []
        while quantity > 0 and (heap := _first(heaps)) is not None:
            lot = heap[0][1]
            if lot.remaining <= 0 or lot.ended_by(start):
                heappop(heap)
                continue
            begun = lot.begun_by(start) if end is None else lot.starts is None or lot.starts < end
            if lot.pool.name in need.frozen or not begun:
                passed.append((heap, heappop(heap)))
                continue
            given = _pay(lot, quantity, need)
            quantity = exact(quantity - given.covered)
            taken.append(given)
            if lot.remaining <= 0:
                heappop(heap)
            elif self._moves:
                heapreplace(heap, (draw_key(lot, self._rules), lot))
        for heap, item in passed:
            heappush(heap, item)
        return taken

    @property
    def empty(self) -> bool:
        """Whether nothing is left, and nothing will come."""
        return not (self._coming or self._due or self._allotments or any(self._open.values()))

    def _meet(self, need: Need) -> None:
        """Take up the lots that usage of a new kind brings."""
        for index, allotments in enumerate(self._allotments):
            allotments.meet(need.tags)
            for one in allotments.made[self._met[index] :]:
                if isinstance(one, Renewing):
                    self._watch(one)
                else:
                    heappush(self._coming, _coming(one))
            self._met[index] = len(allotments.made)

    def _watch(self, one: Renewing) -> None:
        heappush(self._due, (_ALWAYS, one.name, 0, one))

    def _renew(self, start: Instant, end: Instant | None) -> None:
        """Take up the cycles that usage meets. One is asked again when its present cycle has ended, or when a total
        runs past that."""
        limit = nanoseconds(start) if end is None else nanoseconds(end) - 1
        again = []
        while self._due and self._due[0][0] <= limit:
            _, name, seen, one = heappop(self._due)
            one.reach(start, end)
            for lot in one.made[seen:]:
                heappush(self._coming, _coming(lot))
            after = one.next_after(start)
            if after is not None:
                again.append((nanoseconds(after), name, len(one.made), one))
        for entry in again:
            heappush(self._due, entry)

    def _begin(self, instant: Instant, inclusive: bool) -> None:
        """Open the lots that begin before `instant`, or at it."""
        limit = nanoseconds(instant)
        while self._coming and (self._coming[0][0] < limit or (inclusive and self._coming[0][0] == limit)):
            lot = heappop(self._coming)[-1]
            heappush(self._open.setdefault(lot.attributes, []), (draw_key(lot, self._rules), lot))


_ALWAYS = nanoseconds(Instant.MIN)


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


class LotScan(Queue):
    """The lots of one rank for usage in any order of time: a lot that ended before one piece may cover the next."""

    def __init__(
        self,
        lots: Iterable[Lot],
        rules: tuple[DrawRule, ...],
        renewing: Iterable[Renewing] = (),
        allotments: Sequence[Allotments] = (),
    ) -> None:
        self._rules = rules
        self._lots = list(lots)
        self._renewing = list(renewing)
        self._allotments = allotments

    def take(self, quantity: Exact, need: Need) -> list[Taken]:
        """Pay for up to `quantity` of usage. Raises UndecidedError where that would change what was decided."""
        start, end = need.start, need.end
        taken: list[Taken] = []
        for lot, one in sorted(self._candidates(need), key=lambda c: draw_key(c[0], self._rules)):
            if quantity <= 0:
                break
            begun = lot.begun_by(start) if end is None else lot.starts is None or lot.starts < end
            if lot.pool.name in need.frozen or not begun or lot.ended_by(start) or not lot.pays_for(need.tags):
                continue
            _refuse_undecided(lot, one, start)
            if lot.remaining > 0:
                taken.append(_pay(lot, quantity, need))
                quantity = exact(quantity - taken[-1].covered)
        return taken

    def _candidates(self, need: Need) -> Iterable[tuple[Lot, Renewing | None]]:
        """The lots that usage may meet; cycles with the lot that they are of."""
        yield from ((lot, None) for lot in self._lots)
        renewing = list(self._renewing)
        for allotments in self._allotments:
            allotments.meet(need.tags)
            for one in allotments.made:
                if isinstance(one, Renewing):
                    renewing.append(one)
                else:
                    yield one, None
        for each in renewing:
            yield from ((lot, each) for lot in each.covering(need.start, need.end))


def _refuse_undecided(lot: Lot, one: Renewing | None, start: Instant) -> None:
    """Raise UndecidedError where what is left of a lot in turn went elsewhere after `start`."""
    given_back = one.refunded_at if one is not None else lot.refunded_at
    if given_back is not None and start < given_back and (lot.refunded > 0 or lot.remaining > 0):
        raise UndecidedError(lot, given_back, given_back=True)
    rolled = one.undecided_before if one is not None else None
    if rolled is not None and start < rolled and (lot.rolled > 0 or lot.remaining > 0):
        raise UndecidedError(lot, rolled, given_back=False)
