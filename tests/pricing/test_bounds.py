"""In which row a quantity is: the one question of tiers, of tables with ranges and of sizes on sale."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.pricing.bounds import Range, first_within, ranges, row_of, within
from tests.pricing.price_forms import Row, any_rows_and_quantities


@pytest.mark.parametrize(
    ("quantity", "side", "below", "up_to"),
    [
        (99, 0, True, True),
        (100, -1, True, True),
        (100, 0, False, True),
        (100, 1, False, False),
        (101, 0, False, False),
    ],
)
def test_at_a_bound_and_beside_it(quantity: int, side: int, below: bool, up_to: bool) -> None:
    assert within(quantity, 100, False, side) is below
    assert within(quantity, 100, True, side) is up_to
    assert within(quantity, None, False, side)


def test_the_first_row_is_taken_and_no_further_one_is_asked() -> None:
    def uppers():
        yield 10, True
        yield 20, False
        raise AssertionError("asked further than needed")

    assert first_within(15, uppers()) == 1
    assert first_within(30, [(10, True), (20, False)]) is None


def test_a_bound_below_its_own_row_leaves_it_empty() -> None:
    made = ranges([(100, False), (50, True), (None, False)])
    assert made == (Range(0, True, 100, False), Range(100, True, 100, False), Range(100, True, None, False))
    assert [row.empty for row in made] == [False, True, False]
    assert [row_of(made, quantity) for quantity in (99, 100, 101)] == [0, 2, 2]


@pytest.mark.parametrize(("bound", "inside"), [(-5, False), (-5, True), (0, False)])
def test_nothing_is_in_a_first_row_that_ends_before_0(bound: int, inside: bool) -> None:
    made = ranges([(bound, inside), (10, False), (None, False)])
    assert made[0].empty
    assert [row_of(made, quantity) for quantity in (0, 9, 10)] == [1, 1, 2]
    assert not made[0].entered(0)
    assert not made[0].entered(7)


def test_a_row_up_to_a_bound_keeps_it_from_rows_that_end_there() -> None:
    """`up to 100`, then by formula `below 100`: what is exactly 100 stays in the first row."""
    made = ranges([(100, True), (100, False), (None, False)])
    assert [row.empty for row in made] == [False, True, False]
    assert [row_of(made, quantity) for quantity in (99, 100, 101)] == [0, 0, 2]
    assert not made[2].entered(100)


def test_a_first_row_up_to_0_holds_0() -> None:
    made = ranges([(0, True), (None, False)])
    assert not made[0].empty
    assert [row_of(made, 0), row_of(made, Fraction(1, 9))] == [0, 1]


def test_a_row_of_one_quantity_is_entered_by_it_and_by_more() -> None:
    only = ranges([(100, False), (100, True), (None, False)])[1]
    assert [only.entered(quantity) for quantity in (99, 100, 101)] == [False, True, True]


@given(any_rows_and_quantities)
def test_each_quantity_is_in_one_row_the_first_that_holds_it(case: tuple[list[Row], Fraction]) -> None:
    rows, quantity = case
    made = ranges((row.bound, row.inside) for row in rows)
    place = row_of(made, quantity)
    assert place == next(n for n, row in enumerate(rows) if row.holds(quantity))
    row = made[place]
    assert not row.empty
    assert row.entered(quantity)
    assert [r.entered(quantity) for r in made[place + 1 :]] == [False] * (len(made) - place - 1)


@given(any_rows_and_quantities, st.sampled_from([-1, 1]))
def test_beside_a_quantity_is_what_a_little_more_or_less_is(case: tuple[list[Row], Fraction], side: int) -> None:
    rows, quantity = case
    made = ranges((row.bound, row.inside) for row in rows)
    beside = quantity + side * Fraction(1, 10**15)
    if beside >= 0:
        assert row_of(made, quantity, side) == row_of(made, beside)
        assert [r.entered(quantity, side) for r in made] == [r.entered(beside) for r in made]
