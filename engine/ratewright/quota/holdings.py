"""Everything that an account holds to draw from, and what is told of it in a bill: lots, cycles, balances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from whenever import Instant

from ratewright.quota.allotments import Allotments
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import Lot
from ratewright.values.exact import exact


class ConservationError(AssertionError):
    """The engine lost or invented a quantity: an error of its own, never of its input."""


@dataclass
class Holdings:
    """Lots that are drawn once, lots that renew, and grants that are given by what usage needs them."""

    lots: list[Lot] = field(default_factory=list)
    renewing: list[Renewing] = field(default_factory=list)
    allotments: list[Allotments] = field(default_factory=list)

    def add(self, one: Lot | Renewing) -> None:
        """Take up a lot."""
        if isinstance(one, Renewing):
            self.renewing.append(one)
        else:
            self.lots.append(one)

    def every(self) -> Iterator[Lot | Renewing]:
        """All of them, one that renews as one."""
        yield from self.lots
        yield from self.renewing
        for allotments in self.allotments:
            yield from allotments.made

    def __iter__(self) -> Iterator[Lot]:
        """Every lot there is so far, a cycle being one."""
        for one in self.every():
            if isinstance(one, Renewing):
                yield from one.made
            else:
                yield one

    def settle(self, start: Instant, end: Instant) -> None:
        """Make what the end of a bill's period needs: the cycle that ends there or runs on, what rolled over, and of
        a lot that ended within the period its last cycle."""
        before = end.subtract(nanoseconds=1)
        for one in self.every():
            if not isinstance(one, Renewing) or (one.purchased is not None and one.purchased >= end):
                continue
            if one.expires is not None and start < one.expires <= before:
                one.reach(one.expires.subtract(nanoseconds=1))
            one.reach(before)
            one.reach(end)
            if one.starts is not None and one.starts > end and one.purchased is not None:
                one.cycle(one.starts)

    def check(self) -> None:
        """Nothing may be lost of any lot, and nothing made."""
        for lot in self:
            gone = exact(lot.drawn_now + lot.refunded + lot.rolled)
            if exact(lot.opened) != exact(gone + lot.remaining) or lot.remaining < 0:
                raise ConservationError(
                    f"lot {lot.id}: opened {lot.opened}, drawn {lot.drawn_now}, refunded {lot.refunded}, "
                    f"rolled over {lot.rolled}, left {lot.remaining}"
                )
