"""The lots of one rank of pools for usage in any order of time: money, and usage that `deduct` puts in an order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from heapq import merge

from whenever import Instant

from ratewright.meaning.nodes import DrawRule
from ratewright.quota.allotments import Allotments
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import Lot
from ratewright.quota.needs import NEXT_CYCLE, Need, Queue, Taken, UndecidedError, overdraw, pay
from ratewright.values.exact import Exact, exact

_Turn = tuple[Lot, Renewing | None]
"""A lot whose turn it may be; of a cycle with the lot that renews."""


class LotScan(Queue):
    """The lots of one rank for usage in any order of time: a lot that ended before one piece may cover the next."""

    def __init__(
        self,
        lots: Iterable[Lot],
        rules: tuple[DrawRule, ...],
        renewing: Iterable[Renewing] = (),
        allotments: Sequence[Allotments] = (),
    ) -> None:
        super().__init__(rules, allotments)
        self._lots: deque[_Turn] = deque((lot, None) for lot in sorted(lots, key=self._key))
        self._spent = 0
        self._renewing = list(renewing)

    def take(self, quantity: Exact, need: Need) -> list[Taken]:
        """Pay for up to `quantity` of usage. Raises UndecidedError where that would change what was decided."""
        taken: list[Taken] = []
        for lot, one in self._in_turn(need):
            if quantity <= 0:
                break
            if not need.meets(lot) or not lot.pays_for(need.tags):
                continue
            _refuse_undecided(lot, one, need.start)
            if lot.remaining > 0:
                taken.append(pay(lot, quantity, need))
                quantity = exact(quantity - taken[-1].covered)
                self._spent += lot.remaining <= 0
        self._forget_spent()
        if quantity > 0:
            given = (one for allotments in self._allotments for one in allotments.made if isinstance(one, Renewing))
            return overdraw(quantity, need, (*self._renewing, *given), self._rules, taken)
        return taken

    def reorder(self) -> None:
        """Nothing to do: what is left of each lot is looked at whenever usage asks."""

    def put_back(self, lot: Lot) -> None:
        """Look at the lot again, if it was dropped when all of it had been drawn; cycles, and what usage brought, are
        looked at anyway."""
        if lot.is_part or any(lot is one for allotments in self._allotments for one in allotments.made):
            return
        known = [turn for turn in self._lots if turn[0] is not lot]
        self._lots = deque(sorted([*known, (lot, None)], key=lambda turn: self._key(turn[0])))
        self._spent = sum(one.remaining <= 0 for one, _ in self._lots)

    def _forget_spent(self) -> None:
        """Drop the lots in front that are spent, and all of them once they are more than half."""
        while self._lots and _is_spent(self._lots[0][0]):
            self._lots.popleft()
            self._spent -= 1
        if self._spent > len(self._lots) // 2:
            self._lots, self._spent = deque(turn for turn in self._lots if not _is_spent(turn[0])), 0

    def _in_turn(self, need: Need) -> Iterable[_Turn]:
        """The lots that usage may meet in the order of drawing; cycles with the lot that they are of."""
        met = list(self._met(need))
        if self._moves:
            return sorted([*self._lots, *met], key=lambda turn: self._key(turn[0]))
        met.sort(key=lambda turn: self._key(turn[0]))
        return merge(self._lots, met, key=lambda turn: self._key(turn[0])) if met else self._lots

    def _met(self, need: Need) -> Iterable[_Turn]:
        """What is made when usage meets it: cycles, and lots of a grant with a scope."""
        renewing = [one for one in self._renewing if one.bought_by(need.closes)]
        for allotments in self._allotments:
            for one in allotments.made:
                if isinstance(one, Renewing):
                    renewing.append(one)
                else:
                    yield one, None
        for each in renewing:
            yield from ((lot, each) for lot in each.covering(need.start, need.end))


def _is_spent(lot: Lot) -> bool:
    """Whether all of a lot was drawn, so that no usage can ask for it any more, in whatever order it comes."""
    return lot.remaining <= 0 and not lot.refunded and not lot.rolled and not lot.withdrawals


def _refuse_undecided(lot: Lot, one: Renewing | None, start: Instant) -> None:
    """Raise UndecidedError where what is left of a lot in turn went elsewhere after `start`."""
    for withdrawn in lot.withdrawals:
        if start < withdrawn.at:
            raise UndecidedError(lot, withdrawn.at, "was withdrawn from")
    given_back = one.refunded_at if one is not None else lot.refunded_at
    if given_back is not None and start < given_back and (lot.refunded > 0 or lot.remaining > 0):
        raise UndecidedError(lot, given_back, "was given back")
    rolled = one.undecided_before if one is not None else None
    if rolled is not None and start < rolled and (lot.rolled > 0 or lot.remaining > 0):
        raise UndecidedError(lot, rolled, "rolled over" if lot.pool.rolls is not None else NEXT_CYCLE)
