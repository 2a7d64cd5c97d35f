"""A discount spread over lines: its shares add up to it, and each is as near to its proportion as whole cents allow."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.pricing.spread import spread, spread_evenly

CENT = Fraction(1, 100)
CENTS = st.integers(min_value=0, max_value=10**9).map(lambda n: Fraction(n, 100))
PARTS = st.lists(st.fractions(min_value=0, max_value=10**6, max_denominator=1000), min_size=1, max_size=12).filter(any)
STEPS = st.sampled_from([Fraction(1, 100), Fraction(1, 1000), Fraction(1), Fraction(1, 3)])


@pytest.mark.parametrize(
    ("amount", "over", "shares"),
    [
        ("0.10", [1, 1, 1], ["0.04", "0.03", "0.03"]),
        ("92.00", [500, 420], ["50.00", "42.00"]),
        ("100.00", [1, 2, 3], ["16.67", "33.33", "50.00"]),
        ("0.01", [0, 5, 5], ["0", "0.01", "0"]),
        ("0", [3, 4], ["0", "0"]),
        ("10.00", [100, -20], ["12.50", "-2.50"]),
        ("0.005", [1, 1], ["0.005", "0"]),
    ],
)
def test_by_hand(amount: str, over: list[int], shares: list[str]) -> None:
    assert spread(Fraction(amount), over, CENT) == [Fraction(share) for share in shares]


@given(CENTS, PARTS, STEPS)
def test_the_shares_add_up_and_none_is_a_step_away(amount: Fraction, over: list[Fraction], step: Fraction) -> None:
    shares = spread(amount, over, step)

    assert sum(shares) == amount
    assert all(abs(share - amount * part / sum(over)) < step for share, part in zip(shares, over, strict=True))


@given(CENTS, PARTS)
def test_whole_cents_stay_whole_and_who_takes_no_part_gets_nothing(amount: Fraction, over: list[Fraction]) -> None:
    shares = spread(amount, over, CENT)

    assert all((share / CENT).denominator == 1 for share in map(Fraction, shares))
    assert all(share == 0 for share, part in zip(shares, over, strict=True) if part == 0)


@given(CENTS, PARTS)
def test_a_larger_part_never_takes_less(amount: Fraction, over: list[Fraction]) -> None:
    pairs = sorted(zip(over, spread(amount, over, CENT), strict=True))

    assert all(less <= more for (small, less), (large, more) in pairwise(pairs) if small < large)


@given(CENTS, PARTS, st.fractions(min_value=Fraction(1, 100), max_value=100, max_denominator=100))
def test_only_the_proportions_matter(amount: Fraction, over: list[Fraction], times: Fraction) -> None:
    assert spread(amount, over, CENT) == spread(amount, [part * times for part in over], CENT)


@pytest.mark.parametrize(("over", "step"), [([], CENT), ([0, 0], CENT), ([1], 0)])
def test_nothing_to_spread_over(over: list[int], step: Fraction) -> None:
    with pytest.raises(ValueError, match="nothing to spread over"):
        spread(Fraction(1), over, step)


@given(st.fractions(min_value=-100, max_value=10**6, max_denominator=1000), st.integers(1, 40), STEPS)
def test_equal_parts_are_what_the_spread_of_equals_is(amount: Fraction, count: int, step: Fraction) -> None:
    assert spread_evenly(amount, count, step) == spread(amount, [1] * count, step)


@pytest.mark.parametrize(("count", "step"), [(0, CENT), (1, Fraction(0)), (1, -CENT)])
def test_no_equal_parts(count: int, step: Fraction) -> None:
    with pytest.raises(ValueError, match="no step"):
        spread_evenly(1, count, step)
