"""Discounts and taxes line by line: kept apart by key, spread over the lines they are on, inside the price."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rating.accounts import account, amounts, bill, bills, charged, event, tariff

TOLLS = """
meter trips { field road text;  field car text;  by car, road;  measure sum(quantity) in calls }
charge toll { on trips;  every day;  rate 2 USD/call }
discount half { on toll;  by car;  every month;  when trips >= 25 calls;  rate 50%;  maximum 40 USD }
"""
USED = (
    event("2026-03-01", 20, "trips", car="A", road="n"),
    event("2026-03-02", 15, "trips", car="B", road="n"),
    event("2026-03-20", 15, "trips", car="B", road="s"),
    event("2026-03-21", 50, "trips", car="C", road="s"),
)


def keyed(made, source):
    return {line.key: line.amount for line in made.lines if line.source == source}


def test_a_discount_for_each_key_asks_that_key_alone_and_has_bounds_of_its_own() -> None:
    made = bill(tariff(TOLLS), account(*USED))

    assert keyed(made, "half") == {(("car", "B"),): -30, (("car", "C"),): -40}


def test_a_month_for_each_key_is_on_its_last_day_whatever_bills_are_asked_for() -> None:
    days = bills(tariff(TOLLS), account(*USED), *(f"2026-03-{day:02}" for day in range(1, 32)))

    assert [charged(made, "half") for made in days] == [0] * 30 + [-70]
    assert keyed(days[-1], "half") == {(("car", "B"),): -30, (("car", "C"),): -40}


def test_a_tax_for_each_key_follows_a_discount_for_each_key() -> None:
    rules = TOLLS + "tax vat { on toll - half;  by car;  every month;  rate 10% }"
    made = bill(tariff(rules), account(*USED))

    assert keyed(made, "vat") == {(("car", "A"),): 4, (("car", "B"),): 3, (("car", "C"),): 6}


SPREAD = """
meter m { field place text;  by place;  measure sum(quantity) in calls }
meter n in calls
charge a { on m;  every month;  rate 1 USD/call }
charge b { on n;  every month;  rate 1 USD/call }
grant  fund { covers b;  size 20 USD }
discount coupon { on a + b;  rate 10%;  spread by amount }
discount other { on a;  amount 1 USD }
tax on_a { on a;  by place;  rate 10% }
tax on_b { on b;  rate 10% }
deduct b from fund
"""


def test_a_share_is_of_what_pools_left_and_a_tax_for_each_key_sees_its_own() -> None:
    used = account(event("2026-03-02", 60, place="x"), event("2026-03-02", 30, place="y"), event("2026-03-03", 30, "n"))
    made = bill(tariff(SPREAD), used)

    assert charged(made, "coupon") == -10
    assert keyed(made, "on_a") == {(("place", "x"),): Fraction("5.4"), (("place", "y"),): Fraction("2.7")}
    assert charged(made, "on_b") == Fraction("0.9"), "10 of 30 are left, less 1"
    assert charged(made, "other") == -1, "another discount means the whole line"


def test_a_discount_for_a_year_stands_on_its_last_bill():
    """Twelve fees were billed before, each in its month: the last bill is below 0 by what it takes off of them."""
    rules = tariff("charge fee { every month; amount 10 USD }\ndiscount off { on fee; every year; rate 10% }")
    months = bills(rules, account(activated="2025-01-01"), "2025-11", "2025-12")
    assert [one.subtotal for one in months] == [10, -2]


@pytest.mark.parametrize(("fee", "lines"), [(0, 0), (4, 1), (5, 1)])
def test_a_discount_of_0_is_a_line_where_it_is_on_something(fee: int, lines: int) -> None:
    rules = tariff(
        f"""
        charge fee {{ every month; amount {fee} USD }}
        discount less {{ on fee; amount max(fee - 4 USD, 0 USD) }}
        """
    )
    assert amounts(bill(rules, account()), "less") == [4 - fee] * lines
