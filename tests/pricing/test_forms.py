"""What price forms come to, against a plain reckoning, and the laws that hold for each."""

from fractions import Fraction

import pytest
from hypothesis import given

from ratewright.pricing.bounds import ranges
from ratewright.pricing.forms import Graduated, NotSoldError, Rate, Volume, amount, parts
from ratewright.pricing.terms import Kind, Term, priced, started
from tests.pricing.price_forms import (
    TINY,
    Row,
    any_rows_and_quantities,
    graduated,
    of_graduated,
    of_volume,
    rate,
    rows_and_quantities,
    volume,
)

Case = tuple[list[Row], Fraction]


@given(any_rows_and_quantities)
def test_volume_is_the_whole_quantity_at_its_row(case: Case) -> None:
    rows, quantity = case
    assert amount(volume(rows), quantity) == of_volume(rows, quantity)


def test_the_cheapest_is_the_least_of_its_row_and_the_beginnings_of_later_ones() -> None:
    rows = ranges([(45, False), (100, False), (None, False)])
    prices = tuple((Term(Kind.UNIT, price),) for price in (4, 3, 2))
    form = Volume(rows, prices, cheapest=True)
    charged = {quantity: parts(form, quantity) for quantity in (33, 40, Fraction(135, 4), 70, 100, 0)}

    assert {q: (part.row, part.quantity, part.amount) for q, (part,) in charged.items()} == {
        33: (0, 33, 132),
        40: (1, 45, 135),
        Fraction(135, 4): (0, Fraction(135, 4), 135),
        70: (2, 100, 200),
        100: (2, 100, 200),
        0: (0, 0, 0),
    }


def test_the_cheapest_takes_no_row_that_is_not_sold_and_refuses_its_own() -> None:
    rows = ranges([(45, False), (100, False), (None, False)])
    unit = (Term(Kind.UNIT, 4),)
    (part,) = parts(Volume(rows, (unit, None, (Term(Kind.UNIT, 2),)), cheapest=True), 40)
    assert (part.row, part.amount) == (0, 160)
    with pytest.raises(NotSoldError):
        parts(Volume(rows, (None, unit, unit), cheapest=True), 40)


@given(any_rows_and_quantities)
def test_graduated_is_each_slice_at_its_own_row(case: Case) -> None:
    rows, quantity = case
    assert amount(graduated(rows), quantity) == of_graduated(rows, quantity)


@given(any_rows_and_quantities)
def test_what_is_below_0_is_all_in_the_first_row(case: Case) -> None:
    rows, quantity = case
    below = -quantity - 1
    (part,) = parts(graduated(rows), below)
    assert (part.row, part.quantity) == (0, below)
    assert (part,) == parts(volume(rows), below)


@given(any_rows_and_quantities)
def test_the_slices_add_up_and_so_do_their_amounts(case: Case) -> None:
    rows, quantity = case
    made = parts(graduated(rows), quantity)
    assert sum(part.quantity for part in made) == quantity
    assert sum(part.amount for part in made) == amount(graduated(rows), quantity)


@given(rows_and_quantities)
def test_more_never_costs_less_by_a_rate_or_by_slices(case: Case) -> None:
    """Of `volume` it may: such prices have a cliff."""
    rows, quantity = case
    for form in (rate(rows), graduated(rows)):
        assert amount(form, quantity) <= amount(form, quantity + TINY) <= amount(form, quantity + 1)


@given(rows_and_quantities)
def test_one_row_is_one_price(case: Case) -> None:
    rows, quantity = case
    one = rows[-1:]
    assert amount(volume(one), quantity) == amount(graduated(one), quantity) == amount(rate(one), quantity)


@given(any_rows_and_quantities)
def test_what_is_picked_by_itself_is_picked(case: Case) -> None:
    rows, quantity = case
    assert amount(volume(rows), quantity, quantity) == amount(volume(rows), quantity)


def test_another_quantity_may_pick_the_row() -> None:
    form = Volume(ranges([(10, False), (None, False)]), ((Term(Kind.UNIT, 3),), (Term(Kind.UNIT, 2),)))
    assert [amount(form, 5, picks) for picks in (9, 10)] == [15, 10]


@pytest.mark.parametrize(
    ("quantity", "owed"), [(0, 0), (24, 0), (25 - TINY, 0), (25, 10), (25 + TINY, 10 + TINY), (26, 11)]
)
def test_what_is_charged_once_is_due_at_a_bound_that_is_in_the_next_row(quantity: Fraction, owed: Fraction) -> None:
    free, dear = (Term(Kind.ONCE, 0),), (Term(Kind.ONCE, 10), Term(Kind.UNIT, 1))
    assert amount(Graduated(ranges([(25, False), (None, False)]), (free, dear)), quantity) == owed


@pytest.mark.parametrize(("quantity", "owed"), [(24, 0), (25, 0), (25 + TINY, 10), (26, 10)])
def test_it_is_not_due_at_a_bound_that_is_in_its_own_row(quantity: Fraction, owed: int) -> None:
    form = Graduated(ranges([(25, True), (None, False)]), ((Term(Kind.ONCE, 0),), (Term(Kind.ONCE, 10),)))
    assert amount(form, quantity) == owed


@pytest.mark.parametrize(("bound", "owed"), [(-5, 7), (0, 7), (Fraction(1, 9), 3)])
def test_the_flat_part_of_a_first_row_that_ends_before_0_is_nobodys(bound: Fraction, owed: int) -> None:
    """At a quantity of 0 the flat part of the row that holds 0 is due."""
    form = Graduated(ranges([(bound, False), (None, False)]), ((Term(Kind.ONCE, 3),), (Term(Kind.ONCE, 7),)))
    assert amount(form, 0) == owed
    assert amount(form, 5) == (10 if bound > 0 else 7)


@pytest.mark.parametrize(
    ("form", "fits", "over"),
    [
        (Volume(ranges([(10, True), (None, False)]), ((Term(Kind.UNIT, 1),), None)), 10, 10 + TINY),
        (Volume(ranges([(10, False), (None, False)]), ((Term(Kind.UNIT, 1),), None)), 10 - TINY, 10),
        (Graduated(ranges([(10, True), (None, False)]), ((Term(Kind.UNIT, 1),), None)), 10, 10 + TINY),
        (Graduated(ranges([(10, False), (None, False)]), ((Term(Kind.UNIT, 1),), None)), 10 - TINY, 10),
    ],
)
def test_a_quantity_that_comes_to_a_row_that_is_not_sold(
    form: Volume | Graduated, fits: Fraction, over: Fraction
) -> None:
    assert amount(form, fits) == fits
    with pytest.raises(NotSoldError) as found:
        amount(form, over)
    assert found.value.row == 1


def test_a_rate_that_is_not_sold() -> None:
    with pytest.raises(NotSoldError):
        amount(Rate(None), 1)


@pytest.mark.parametrize(
    ("quantity", "side", "blocks"),
    [(0, 0, 0), (0, 1, 1), (TINY, 0, 1), (999, 0, 1), (1000, -1, 1), (1000, 0, 1), (1000, 1, 2), (1001, 0, 2)],
)
def test_started_blocks(quantity: Fraction, side: int, blocks: int) -> None:
    assert started(quantity, 1000, side) == blocks
    assert priced(Term(Kind.BLOCK, 8, 1000), quantity, side).amount == 8 * blocks


@given(any_rows_and_quantities)
def test_beside_a_quantity_is_the_limit_of_what_lies_there(case: Case) -> None:
    rows, quantity = case
    for form in (volume(rows), graduated(rows), rate(rows)):
        for side in (1, -1) if quantity > 0 else (1,):
            far, near = (amount(form, quantity + side * gap) for gap in (TINY / 1000, TINY / 2000))
            assert amount(form, quantity, side=side) == 2 * near - far
