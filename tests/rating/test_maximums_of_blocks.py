"""The most of each block of a quantity: what begins anew in a block, and what is of the whole line."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rating.accounts import account, amounts, bills, buy, charged, event, tariff
from tests.tries import tries


def of(price, *used, every="month", on="m", most="14 USD each 24 calls", more="", **parts):
    rules = "meter m { measure sum(quantity) in calls }\n" + more
    rules += f"charge fee {{ on {on}; every {every}; {price}; maximum {most} }}"
    usage = account(*(event(f"2026-03-{day:02} 10:00", calls) for day, calls in enumerate(used, 1)), **parts)
    (made,) = bills(tariff(rules), usage, "2026-03")
    return amounts(made, "fee")


@pytest.mark.parametrize(
    ("price", "used", "expected"),
    [
        ("rate 1 USD/call", 6, 6),
        ("rate 1 USD/call", 24, 14),
        ("rate 1 USD/call", 25, 15),
        ("rate 1 USD/call", 10**30, 14 * (10**30 // 24) + min(14, 10**30 % 24)),
        ("rate 2 USD + 1 USD/call", 25, 14 + 3),  # what stands alone is charged in each
        ("rate 5 USD per started 10 calls", 31, 14 + 5),
        ("volume { up to 6 2 USD/call; beyond 0.5 USD/call }", 30, 12 + 12),
        ("volume cheapest { below 6 calls 2 USD/call; beyond 1 USD/call }", 29, 14 + 6),
        ("graduated { up to 6 2 USD/call; beyond 0.5 USD/call }", 30, 14 + 12),
        ("rate (if quantity > 20 calls then 0.25 USD/call else 1 USD/call)", 30, 6 + 6),
        ("rate 1 USD/call; prorated by 1 / 2", 25, Fraction(15, 2)),
        ("rate 1 USD/call; minimum 20 USD", 25, 20),
        ("rate 1 USD/call; minimum 20 USD", 49, 29),
        ("rate 0.333 USD/call; rounding up to 1 USD", 25, 9),  # of the line, and not of each block
    ],
)
def test_by_hand(price, used, expected):
    assert of(price, used) == [expected]


def test_the_row_that_another_quantity_picks_holds_in_each_block():
    price = "volume { below 30 calls 0.5 USD/call; beyond 0.25 USD/call }; reached by m"
    assert of(price, 30) == [Fraction("6") + Fraction("1.5")]


def test_what_is_below_0_is_one_block():
    assert of("rate 1 USD/call", 10, on="m - 60 calls") == [-50]


def test_each_record_has_blocks_of_its_own_and_a_month_those_of_its_sum():
    assert of("rate 1 USD/call", 20, 20, every="record") == [14, 14]
    assert of("rate 1 USD/call", 20, 20) == [14 + 14]
    assert of("rate 1 USD/call", 20, 28) == [28]


def test_what_quotas_cover_is_in_no_block():
    pack = (
        "package pack { covers m; sizes { 100 calls 1 USD }; valid 1 year from purchase }\ndeduct m from pack > fee\n"
    )
    assert of("rate 1 USD/call", 106, more=pack, purchases=(buy("p", "2026-03-01"),)) == [6]


def test_parts_of_a_month_come_to_the_blocks_of_the_month():
    assert of("rate 1 USD/call; billed every day", 20, 3, 2, 30) == [14, 0, 1, 20]


def test_nothing_used_is_no_block_but_a_flat_part_is_if_it_says_so():
    assert of("rate 2 USD + 1 USD/call") == []
    assert of("rate 2 USD + 1 USD/call; flat at zero usage") == [2]
    assert of("rate 20 USD + 1 USD/call; flat at zero usage") == [14]


def test_a_discount_is_on_what_the_blocks_came_to():
    rules = tariff(
        "meter m { measure sum(quantity) in calls }\n"
        "charge fee { on m; every month; rate 1 USD/call; maximum 14 USD each 24 calls }\n"
        "discount off { on fee; rate 10% }"
    )
    (made,) = bills(rules, account(event("2026-03-01 10:00", 30)), "2026-03")
    assert (charged(made), charged(made, "off")) == (20, -2)


@tries(60)
@given(st.fractions(0, 200, max_denominator=60), st.integers(1, 60), st.integers(0, 40))
def test_one_block_more_costs_what_a_block_costs(used, size, most):
    prices = "graduated { up to 7 2 USD/call; beyond 0.5 USD per started 3 calls }; rounding none"
    cost = lambda calls: sum(of(prices, calls, most=f"{most} USD each {size} calls"))  # noqa: E731
    assert cost(used + size) == cost(used) + cost(size)
