"""Random price forms of numbers, and what they cost by a plain reckoning of its own."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from ratewright.pricing.bounds import ranges
from ratewright.pricing.forms import Graduated, Rate, Volume
from ratewright.pricing.terms import Kind, Term

TINY = Fraction(1, 10**9)


@dataclass(frozen=True)
class Row:
    """A row as a price page prints it: its upper bound (None: beyond), and money each, once and for each block."""

    bound: Fraction | None
    inside: bool
    each: Fraction
    once: Fraction
    block: Fraction
    for_block: Fraction

    def holds(self, quantity: Fraction) -> bool:
        return self.bound is None or quantity < self.bound or (self.inside and quantity == self.bound)

    def costs(self, quantity: Fraction) -> Fraction:
        blocks = 0
        while blocks * self.block < quantity:
            blocks += 1
        return self.each * quantity + self.once + self.for_block * blocks

    def price(self) -> tuple[Term, ...]:
        return (
            Term(Kind.UNIT, self.each),
            Term(Kind.ONCE, self.once),
            Term(Kind.BLOCK, self.for_block, self.block),
        )


def of_volume(rows: list[Row], quantity: Fraction) -> Fraction:
    return next(row for row in rows if row.holds(quantity)).costs(quantity)


def of_graduated(rows: list[Row], quantity: Fraction) -> Fraction:
    """A row is paid for by a quantity that is in it or past it, if any quantity at all is in it."""
    paid, below, below_inside = Fraction(0), Fraction(0), False
    for row in rows:
        bound = row.bound
        if bound is None or bound > below or (bound == below and row.inside and not below_inside):
            if quantity > below or (quantity == below and not below_inside):
                paid += row.costs((quantity if bound is None else min(bound, quantity)) - below)
            if bound is not None:
                below, below_inside = bound, row.inside
    return paid


_FIGURES = st.builds(Fraction, st.integers(0, 40), st.sampled_from([1, 2, 3]))
_POSITIVE = st.builds(Fraction, st.integers(1, 40), st.sampled_from([1, 2, 3]))


@st.composite
def row_lists(draw: st.DrawFn, rising: bool = True) -> list[Row]:
    """Rows whose bounds rise; else bounds by formula, which may lie anywhere, below 0 too."""
    if rising:
        bounds = sorted(draw(st.sets(_POSITIVE, max_size=4)))
    else:
        bounds = draw(st.lists(st.builds(Fraction, st.integers(-20, 40), st.sampled_from([1, 2])), max_size=4))
    return [
        Row(bound, draw(st.booleans()), draw(_FIGURES), draw(_FIGURES), draw(_POSITIVE), draw(_FIGURES))
        for bound in [*bounds, None]
    ]


def quantities(rows: list[Row]) -> st.SearchStrategy[Fraction]:
    """Quantities from 0 on, often at a bound or a little beside it."""
    near = [row.bound + gap for row in rows if row.bound is not None for gap in (0, TINY, -TINY)]
    known = [quantity for quantity in near if quantity >= 0]
    return st.one_of(_FIGURES, st.sampled_from(known)) if known else _FIGURES


rows_and_quantities = row_lists().flatmap(lambda rows: st.tuples(st.just(rows), quantities(rows)))
any_rows_and_quantities = row_lists(rising=False).flatmap(lambda rows: st.tuples(st.just(rows), quantities(rows)))


def volume(rows: list[Row]) -> Volume:
    return Volume(ranges((row.bound, row.inside) for row in rows), tuple(row.price() for row in rows))


def graduated(rows: list[Row]) -> Graduated:
    return Graduated(ranges((row.bound, row.inside) for row in rows), tuple(row.price() for row in rows))


def rate(rows: list[Row]) -> Rate:
    return Rate(rows[-1].price())
