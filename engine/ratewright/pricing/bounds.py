"""Rows of quantities: each has an upper bound, and begins where the row before it ends.

A quantity may be asked a little beside itself: `side` is -1 just below it, 1 just above it, and 0 at it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from msgspec import Struct

from ratewright.values.exact import Exact

Upper = tuple[Exact | None, bool]
"""An upper bound and whether it is in its row; None for a row without an end."""


def within(quantity: Exact, limit: Exact | None, inside: bool, side: int = 0) -> bool:
    """Whether a quantity is no further than an upper bound, which is in its row if `inside`."""
    if limit is None or quantity < limit:
        return True
    return quantity == limit and (side < 0 or (side == 0 and inside))


def first_within(quantity: Exact, uppers: Iterable[Upper]) -> int | None:
    """The place of the first row that holds a quantity; None where all of them end before it.

    The rows are asked one by one and no further than needed, for a bound may be worked out only when it is asked.
    """
    return next((n for n, (limit, inside) in enumerate(uppers) if within(quantity, limit, inside)), None)


class Range(Struct, frozen=True, gc=False):
    """The quantities of a row: from `lower` to `upper` (None: no end), each in it or not."""

    lower: Exact
    lower_inside: bool
    upper: Exact | None
    upper_inside: bool

    @property
    def empty(self) -> bool:
        """Whether no quantity at all is in it."""
        if self.upper is None or self.lower < self.upper:
            return False
        return not (self.lower_inside and self.upper_inside)

    def entered(self, quantity: Exact, side: int = 0) -> bool:
        """Whether a quantity that grew from 0 has come to the row, or gone past it."""
        if self.empty or quantity < self.lower:
            return False
        return quantity > self.lower or side > 0 or (side == 0 and self.lower_inside)


def ranges(uppers: Iterable[Upper]) -> tuple[Range, ...]:
    """The rows that upper bounds make, the first from 0 on.

    A bound by formula may lie below the row's own beginning; the row then holds nothing, and the next begins where
    it would have begun.
    """
    found: list[Range] = []
    lower: Exact = 0
    lower_inside = True
    for written, written_inside in uppers:
        limit, inside = written, written_inside
        if limit is not None and (limit < lower or (limit == lower and not inside and not lower_inside)):
            limit, inside = lower, not lower_inside
        found.append(Range(lower, lower_inside, limit, inside))
        if limit is not None:
            lower, lower_inside = limit, not inside
    return tuple(found)


def row_of(rows: Sequence[Range], quantity: Exact, side: int = 0) -> int:
    """The place of the row that a quantity is in; of one below 0 the first that holds anything.

    The last row must have no end. Takes as many steps as the number of rows has digits.
    """
    return bisect_left(rows, True, key=lambda row: within(quantity, row.upper, row.upper_inside, side))
