"""Where prices break: exactly where they are no straight line, found again by differences."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given

from ratewright.pricing.bounds import ranges
from ratewright.pricing.breaks import Break, Curve, breakpoints, just_above, just_below
from ratewright.pricing.forms import Form, Graduated, Rate, Volume, amount
from ratewright.pricing.settling import Rounding, settle
from ratewright.pricing.terms import Kind, Term
from ratewright.values.rounding import Way
from tests.pricing.price_forms import Row, any_rows_and_quantities, graduated, rate, row_lists, volume

UP_TO = Fraction(60)
NEAR = Fraction(1, 10**9)


def forms_of(rows: list[Row]) -> tuple[Form, ...]:
    return volume(rows), graduated(rows), rate(rows)


@given(any_rows_and_quantities)
def test_a_curve_is_what_the_form_comes_to(case: tuple[list[Row], Fraction]) -> None:
    rows, quantity = case
    for form in forms_of(rows):
        curve = Curve(form)
        for side in (0, 1, -1) if quantity > 0 else (0, 1):
            assert curve.amount(quantity, side) == amount(form, quantity, side=side)


@given(row_lists(rising=False))
def test_between_two_breaks_the_price_is_a_straight_line(rows: list[Row]) -> None:
    for form in forms_of(rows):
        ends = [Fraction(0), *(found.at for found in breakpoints(form, UP_TO)), UP_TO]
        for start, end in pairwise(ends):
            if start == end:
                continue
            third = Fraction(end - start) / 3
            low, middle, high = (amount(form, start + n * third / 2) for n in (1, 2, 3))
            assert high - middle == middle - low
            assert amount(form, start, side=1) == low - (middle - low)


@given(row_lists(rising=False))
def test_at_a_break_it_jumps_or_bends(rows: list[Row]) -> None:
    for form in forms_of(rows):
        for found in breakpoints(form, UP_TO):
            here, above = amount(form, found.at), amount(form, found.at, side=1)
            assert (found.here, found.above) == (here, above)
            assert found.below == (amount(form, found.at, side=-1) if found.at else here)
            after = (amount(form, found.at + NEAR) - above) / NEAR
            before = (found.below - amount(form, found.at - NEAR)) / NEAR if found.at else after
            assert not found.below == here == above or before != after


@given(row_lists())
def test_breaks_come_in_order_each_once(rows: list[Row]) -> None:
    for form in forms_of(rows):
        at = [found.at for found in breakpoints(form, UP_TO)]
        assert at == sorted(set(at))
        assert all(0 <= quantity <= UP_TO for quantity in at)


def test_blocks_are_steps_behind_their_end() -> None:
    form = Volume(ranges([(1000, True), (None, False)]), ((Term(Kind.BLOCK, 10, 1000),), (Term(Kind.BLOCK, 8, 1000),)))
    assert list(breakpoints(form, 2000)) == [Break(0, 0, 0, 10), Break(1000, 10, 10, 16), Break(2000, 16, 16, 24)]
    assert not any(found.falls for found in breakpoints(form, 2000))


def test_blocks_of_a_slice_are_counted_from_its_beginning() -> None:
    form = Graduated(ranges([(10, True), (None, False)]), ((Term(Kind.ONCE, 0),), (Term(Kind.BLOCK, 2, 4),)))
    assert list(breakpoints(form, 18)) == [Break(10, 0, 0, 2), Break(14, 2, 2, 4), Break(18, 4, 4, 6)]


def test_a_cliff_falls_at_the_bound_or_behind_it() -> None:
    prices = ((Term(Kind.UNIT, 2),), (Term(Kind.UNIT, 1),))
    assert list(breakpoints(Volume(ranges([(50, True), (None, False)]), prices), 99)) == [Break(50, 100, 100, 50)]
    (found,) = breakpoints(Volume(ranges([(50, False), (None, False)]), prices), 99)
    assert found == Break(50, 100, 50, 50)
    assert found.falls


def test_two_rows_of_one_price_are_one_line() -> None:
    prices = ((Term(Kind.UNIT, 2),), (Term(Kind.UNIT, 2),))
    assert list(breakpoints(Volume(ranges([(50, True), (None, False)]), prices), 99)) == []
    assert list(breakpoints(Graduated(ranges([(50, True), (None, False)]), prices), 99)) == []


def test_a_row_that_is_not_sold_has_no_price() -> None:
    prices = ((Term(Kind.UNIT, 2),), None)
    assert list(breakpoints(Graduated(ranges([(50, True), (None, False)]), prices), 99)) == [Break(50, 100, 100, None)]
    assert list(breakpoints(Volume(ranges([(50, False), (None, False)]), prices), 99)) == [Break(50, 100, None, None)]


def test_a_million_blocks_are_not_made_where_nobody_asks_for_them() -> None:
    form = Rate((Term(Kind.BLOCK, 1, Fraction(1, 10**6)),))
    assert [found.at for found in breakpoints(form, Fraction(2, 10**6))] == [0, Fraction(1, 10**6), Fraction(2, 10**6)]


@pytest.mark.parametrize(
    ("way", "billed", "grows"), [(None, 50, True), (Way.HALF_UP, 50, False), (Way.UP, Fraction("50.01"), False)]
)
def test_just_above_is_what_a_whole_line_comes_close_to(way: Way | None, billed: Fraction, grows: bool) -> None:
    form = Volume(ranges([(50, True), (None, False)]), ((Term(Kind.UNIT, 2),), (Term(Kind.UNIT, 1),)))

    def line(quantity: Fraction) -> Fraction:
        return settle(amount(form, quantity), Rounding(way, Fraction(1, 100))).rounded

    assert just_above(50, line) == (billed, grows)
    assert just_below(50, line) == 100


def test_where_there_is_no_amount_there_is_no_limit() -> None:
    assert just_above(50, lambda quantity: None) is None
    assert just_below(50, lambda quantity: None) is None
