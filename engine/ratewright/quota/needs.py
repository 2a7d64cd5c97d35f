"""What usage asks of lots, and what they give: the terms that all queues share.

A queue knows no tariff: it hands out quantity from the lots that cover a stretch of time, in the declared
order, and refuses where a stretch only partly lies within a lot's life.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct
from whenever import Instant

from ratewright.meaning.nodes import DrawRule, Pool, Value
from ratewright.quota.allotments import Allotments
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import Lot, check_covers, draw_key
from ratewright.values.exact import Exact, exact, ratio, summed

_NO_TAGS: Mapping[str, Value] = {}
_NONE_FROZEN: frozenset[str] = frozenset()


NEXT_CYCLE = "went on with its next cycle"
"""What a lot did that was overdrawn, or might have been."""


class Need(Struct, frozen=True):
    """What usage asks of a queue: it happened at `start`, or is a total of `[start, end)`, and is marked with `tags`.

    Lots of `frozen` pools are passed over, and so are those that were bought at `closes` or later: the usage is on
    a bill that was closed by then. `ratio` says how much of a pool one base unit of the usage takes.
    """

    start: Instant
    end: Instant | None = None
    tags: Mapping[str, Value] = _NO_TAGS
    frozen: frozenset[str] = _NONE_FROZEN
    ratio: Callable[[Pool], Exact] | None = None
    closes: Instant = Instant.MAX

    @property
    def last(self) -> Instant:
        """The last instant of the usage."""
        return self.start if self.end is None else self.end.subtract(nanoseconds=1)

    def meets(self, lot: Lot) -> bool:
        """Whether a lot is there for a part of the usage at least: begun, not ended, bought in time, not frozen."""
        in_time = lot.begun_by(self.last) and not lot.ended_by(self.start)
        return in_time and lot.bought_by(self.closes) and lot.pool.name not in self.frozen


class Taken(NamedTuple):
    """What a lot gave: how much of it was drawn, and how much usage that paid for."""

    lot: Lot
    drawn: Exact
    covered: Exact


class UndecidedError(Exception):
    """Usage that is served late would draw from a lot whose rest has gone elsewhere since: at `decided`, since it
    `was given back`, say."""

    def __init__(self, lot: Lot, decided: Instant, how: str) -> None:
        super().__init__(lot.id)
        self.lot = lot
        self.decided = decided
        self.how = how


class Queue(ABC):
    """The lots of one rank, drawn by its rules; `allotments` are lots that are made when usage asks for them."""

    def __init__(self, rules: tuple[DrawRule, ...], allotments: Sequence[Allotments]) -> None:
        self._rules = rules
        self._moves = any(rule.by_remaining for rule in rules)
        self._allotments = allotments

    def _key(self, lot: Lot) -> tuple[object, ...]:
        return draw_key(lot, self._rules)

    @abstractmethod
    def reorder(self) -> None:
        """Put the lots in order anew: something was taken from one that no usage drew."""

    @abstractmethod
    def put_back(self, lot: Lot) -> None:
        """Take note that something was given back to a lot that was drawn from, and has not ended."""

    @property
    def empty(self) -> bool:
        """Whether it is certain that nothing can be taken any more."""
        return False

    @abstractmethod
    def take(self, quantity: Exact, need: Need) -> list[Taken]:
        """Pay for up to `quantity` of usage. Raises PartlyCoveredError where a lot in turn begins or ends inside a
        total."""


def pay(lot: Lot, quantity: Exact, need: Need, *, overdraws: bool = False) -> Taken:
    """Draw from a lot in turn as much as the quantity takes, or all it has; of one that `overdraws`, as much as it may
    give beyond that."""
    if need.end is not None:
        check_covers(lot, need.start, need.end)
    factor = need.ratio(lot.pool) if need.ratio is not None else 1
    wanted = quantity if factor == 1 else exact(quantity * factor)
    held = room(lot) if overdraws else lot.remaining
    if held is None or wanted <= held:
        drawn, covered = wanted, quantity
    else:
        drawn = held
        covered = drawn if factor == 1 else ratio(drawn, factor)
    lot.draw(drawn, need.end)
    return Taken(lot, drawn, covered)


def room(lot: Lot) -> Exact | None:
    """By how much a lot that is used up may still be overdrawn; None for as much as is asked."""
    assert lot.pool.overdraws is not None
    most = lot.pool.overdraws.most
    return None if most is None else max(exact(most - lot.overdrawn), 0)


def overdraw(
    quantity: Exact, need: Need, renewing: Iterable[Renewing], rules: tuple[DrawRule, ...], taken: list[Taken]
) -> list[Taken]:
    """Pay for usage that no lot of a rank has anything for, at the cost of next cycles: of all that pay for it and
    have one, in the order of drawing. Returns it with what was `taken` of the same lots before.

    Raises UndecidedError where the next one has begun and paid back.
    """
    bought = (one for one in renewing if one.pool.overdraws is not None and one.bought_by(need.closes))
    cycles = [(lot, one) for one in bought for lot in one.covering(need.start, need.end)]
    for lot, one in sorted(cycles, key=lambda turn: draw_key(turn[0], rules)):
        if quantity <= 0 or not one.has_next(lot) or not need.meets(lot) or not lot.pays_for(need.tags):
            continue
        if one.undecided_before is not None and need.start < one.undecided_before:
            raise UndecidedError(lot, one.undecided_before, NEXT_CYCLE)
        if room(lot) != 0:
            given = pay(lot, quantity, need, overdraws=True)
            quantity = exact(quantity - given.covered)
            of_it = [*(each for each in taken if each.lot is lot), given]
            whole = Taken(lot, summed(each.drawn for each in of_it), summed(each.covered for each in of_it))
            taken = [*(each for each in taken if each.lot is not lot), whole]
    return taken
