"""Where a price stops being the straight line that it was: at the bounds of rows, and where blocks are started."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from fractions import Fraction
from heapq import merge
from itertools import count, groupby, pairwise, takewhile

from msgspec import Struct

from ratewright.pricing.bounds import Range, within
from ratewright.pricing.forms import Form, Graduated, Rate
from ratewright.pricing.terms import Kind, Price, priced, slope, total
from ratewright.values.exact import Exact, exact

_EVERYTHING = Range(0, True, None, False)


class Break(Struct, frozen=True, gc=False):
    """A quantity and what the price is just below it, at it and just above it; None where nothing is sold.

    All three are the same where only the slope changes. At 0 nothing lies below, and `below` is `here`.
    """

    at: Exact
    below: Exact | None
    here: Exact | None
    above: Exact | None

    @property
    def falls(self) -> bool:
        """Whether less is paid for more."""
        known = [price for price in (self.below, self.here, self.above) if price is not None]
        return any(after < before for before, after in pairwise(known))


class Curve:
    """A price form as a curve over the quantity, prepared once: each question then takes a search, not a walk."""

    def __init__(self, form: Form) -> None:
        rows = (_EVERYTHING,) if isinstance(form, Rate) else form.rows
        prices = (form.price,) if isinstance(form, Rate) else form.prices
        held = [(row, price) for row, price in zip(rows, prices, strict=True) if not row.empty]
        self._rows = [row for row, _ in held]
        self._prices = [price for _, price in held]
        self._origins: list[Exact] = [0] * len(held)
        self._before: list[Exact | None] = [0] * len(held)
        if isinstance(form, Graduated):
            self._origins = [row.lower for row in self._rows]
            self._before = list(_before(held))

    def amount(self, quantity: Exact, side: int = 0) -> Exact | None:
        """What a quantity costs, or just below or above it; None where it comes to a row that is not sold."""
        place = self._place(quantity, side)
        price, before = self._prices[place], self._before[place]
        if price is None or before is None:
            return None
        slice_ = exact(quantity - self._origins[place])
        return exact(before + total(priced(term, slice_, side) for term in price))

    def slope(self, quantity: Exact, side: int = 0) -> Exact | None:
        """What one unit more costs at a quantity, where no block begins."""
        price = self._prices[self._place(quantity, side)]
        return None if price is None else slope(price)

    def breakpoints(self, up_to: Exact) -> Iterator[Break]:
        """The breaks from 0 to `up_to`, it included, in order. There may be as many as blocks up to there."""
        for at, _ in groupby(merge(*map(self._candidates, range(len(self._rows)))) if self._rows else ()):
            if at > up_to:
                return
            here, above = self.amount(at), self.amount(at, 1)
            below = self.amount(at, -1) if at else here
            bends = at > 0 and self.slope(at, -1) != self.slope(at, 1)
            if not below == here == above or (bends and above is not None):
                yield Break(at, below, here, above)

    def _place(self, quantity: Exact, side: int) -> int:
        return bisect_left(self._rows, True, key=lambda row: within(quantity, row.upper, row.upper_inside, side))

    def _candidates(self, place: int) -> Iterator[Exact]:
        """Where a row may break the line: at its two ends, and at the end of each of its blocks."""
        row, price, origin = self._rows[place], self._prices[place], self._origins[place]
        blocks = {term.block for term in price or () if term.kind is Kind.BLOCK}
        starts = (_multiples(block, origin, row) for block in sorted(blocks))
        ends = (end for end in (row.lower, row.upper) if end is not None)
        yield from merge(*starts, ends)


def breakpoints(form: Form, up_to: Exact) -> Iterator[Break]:
    """The breaks of a form's price from 0 to `up_to`, in order."""
    return Curve(form).breakpoints(up_to)


def _multiples(block: Exact, origin: Exact, row: Range) -> Iterator[Exact]:
    """The ends of blocks that are counted from `origin`, within a row."""
    first = -(-Fraction(row.lower - origin) // block)
    ends = (exact(origin + n * block) for n in count(int(first)))
    return takewhile(lambda end: row.upper is None or end <= row.upper, ends)


def _before(held: list[tuple[Range, Price | None]]) -> Iterator[Exact | None]:
    """What the rows before each row cost where all of their slices are full; None where one is not sold."""
    full: Exact | None = 0
    for row, price in held:
        yield full
        if full is None or price is None:
            full = None
        elif row.upper is not None:
            full = exact(full + total(priced(term, exact(row.upper - row.lower)) for term in price))


_A_LITTLE = Fraction(1, 10**12)

Amounts = Callable[[Exact], Exact | None]
"""Anything that gives an amount for a quantity, a whole bill too; None where it has none."""


def just_above(quantity: Exact, amounts: Amounts) -> tuple[Exact, bool] | None:
    """What an amount is just above a quantity, and whether it changes from there on; None where it has none.

    It is asked three times so close by that it is a straight line there; None where it is no line after all.
    """
    return _limit(quantity, 1, amounts)


def just_below(quantity: Exact, amounts: Amounts) -> Exact | None:
    """What an amount comes close to just below a quantity; None where it has none."""
    found = _limit(quantity, -1, amounts)
    return None if found is None else found[0]


def _limit(quantity: Exact, side: int, amounts: Amounts) -> tuple[Exact, bool] | None:
    far, half, near = (amounts(exact(quantity + side * _A_LITTLE / part)) for part in (1, 2, 4))
    if far is None or half is None or near is None or far - half != 2 * (half - near):
        return None
    return exact(2 * half - far), far != half
