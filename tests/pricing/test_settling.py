"""Share, least, most and rounding: in this order, each as it says."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.pricing.settling import Rounding, Settled, settle, share_of_days
from ratewright.values.rounding import Way

CENT = Fraction(1, 100)
MONEY = st.fractions(min_value=-1000, max_value=1000, max_denominator=999)
WAYS = st.sampled_from([None, *Way])


@pytest.mark.parametrize(
    ("parts", "steps"),
    [
        ({}, (10, 10, 10, 10)),
        ({"share": Fraction(1, 2)}, (5, 5, 5, 5)),
        ({"minimum": 15}, (10, 15, 15, 15)),
        ({"maximum": 7}, (10, 10, 7, 7)),
        ({"share": Fraction(1, 2), "minimum": 7}, (5, 7, 7, 7)),
        ({"minimum": 15, "maximum": 12}, (10, 15, 12, 12)),
        ({"maximum": Fraction("7.128")}, (10, 10, Fraction("7.128"), Fraction("7.13"))),
        ({"share": 0, "minimum": 0}, (0, 0, 0, 0)),
    ],
)
def test_by_hand(parts: dict[str, Fraction], steps: tuple[Fraction, ...]) -> None:
    assert settle(10, Rounding(Way.HALF_UP, CENT), **parts) == Settled(10, *steps)


def test_a_factor_comes_before_all_else() -> None:
    parts = {"factor": Fraction(4, 5), "share": Fraction(1, 2), "minimum": 7}
    assert settle(10, Rounding(Way.HALF_UP, CENT), **parts) == Settled(8, 4, 7, 7, 7)


@given(MONEY, MONEY, MONEY, WAYS)
def test_the_bounds_hold_before_rounding(amount: Fraction, least: Fraction, most: Fraction, way: Way | None) -> None:
    made = settle(amount, Rounding(way, CENT), minimum=least, maximum=most)
    assert made.raised >= least
    assert made.lowered <= most
    assert made.lowered == (most if max(amount, least) > most else max(amount, least))


@given(MONEY, MONEY, WAYS)
def test_more_is_never_settled_to_less(one: Fraction, other: Fraction, way: Way | None) -> None:
    less, more = (
        settle(amount, Rounding(way, CENT), share=Fraction(1, 3), minimum=5, maximum=20).rounded
        for amount in sorted((one, other))
    )
    assert less <= more


@given(MONEY, WAYS)
def test_rounding_is_near_whole_and_done_once(amount: Fraction, way: Way | None) -> None:
    rounding = Rounding(way, CENT)
    rounded = rounding.of(amount)
    assert rounding.of(rounded) == rounded
    assert abs(rounded - amount) < CENT
    if way is None:
        assert rounded == amount
    else:
        assert (rounded / CENT) % 1 == 0
    if way in (Way.HALF_UP, Way.HALF_EVEN):
        assert abs(rounded - amount) <= CENT / 2


@pytest.mark.parametrize(("days", "of", "share"), [(10, 30, Fraction(1, 3)), (31, 31, 1), (0, 31, 0), (0, 0, 0)])
def test_a_share_of_days(days: int, of: int, share: Fraction) -> None:
    assert share_of_days(days, of) == share
