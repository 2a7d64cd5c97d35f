"""A quantity is cut into whole blocks and one of what is left, and nothing of it is lost."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.pricing.blocks import Blocks, cut


@pytest.mark.parametrize(
    ("quantity", "made"),
    [
        (0, [(1, 0)]),
        (-3, [(1, -3)]),
        (5, [(1, 5)]),
        (24, [(1, 24)]),
        (Fraction(1441, 60), [(1, 24), (1, Fraction(1, 60))]),
        (48, [(2, 24)]),
        (75, [(3, 24), (1, 3)]),
    ],
)
def test_by_hand(quantity: int, made: list[tuple[int, int]]) -> None:
    assert cut(quantity, 24) == tuple(Blocks(*blocks) for blocks in made)


@given(st.fractions(min_value=0, max_value=10**9), st.fractions(min_value=Fraction(1, 1000), max_value=10**4))
def test_all_of_it_is_in_blocks_of_which_only_the_last_is_shorter(quantity: Fraction, size: Fraction) -> None:
    made = cut(quantity, size)

    assert sum(blocks.count * blocks.quantity for blocks in made) == quantity
    assert len(made) <= 2
    assert all(0 < blocks.quantity <= size for blocks in made) or not quantity
    assert all(blocks.quantity == size for blocks in made[:-1])
