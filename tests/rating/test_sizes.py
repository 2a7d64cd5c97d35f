"""Sizes on sale: rows of their own, rows for any size, what was paid instead, and what a refund knows of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rating.accounts import (
    account,
    amounts,
    ask,
    bill,
    bills,
    buy,
    carried,
    changed,
    drawn,
    event,
    problem,
    tariff,
)

HEAD = 'currency USD; timezone "UTC"; bytes by 1000'


def rules(sizes: str, refund: str = "refund never"):
    return tariff(
        f"""
        meter m in GB
        package pack {{ covers m; sizes {{ {sizes} }}; valid 1 year from purchase; {refund} }}
        deduct m from pack
        """,
        HEAD,
    )


ROWS = """
    1 TB   37.01 USD
    10 TB  350.75 USD
    below 100 GB    0.05 USD/GB
    up to 1 TB      0.04 USD/GB
    below 2 TB      50 USD
"""


@pytest.mark.parametrize(
    ("size", "price"),
    [
        ("1 GB", "0.05"),
        ("99.999 GB", "5.00"),
        ("100 GB", "4"),
        ("500 GB", "20"),
        ("999 GB", "39.96"),
        ("1 TB", "37.01"),
        ("1000 GB", "37.01"),
        ("1.001 TB", "50"),
        ("1999 GB", "50"),
        ("10 TB", "350.75"),
    ],
)
def test_a_size_without_a_row_takes_the_row_it_falls_in(size, price):
    made = bill(rules(ROWS), account(purchases=(buy("b", "2026-03-05", size),)))
    assert amounts(made, "pack") == [Fraction(price)]


@pytest.mark.parametrize("size", ["2 TB", "3 TB", "20 TB"])
def test_a_size_that_no_row_covers_is_not_sold(size):
    found = problem(rules(ROWS), account(purchases=(buy("b", "2026-03-05", size),)))
    assert found.code == "A105"
    assert found.help == ("it is sold in 1 TB, 10 TB, any size below 100 GB, any size up to 1 TB, any size below 2 TB")
    assert amounts(bill(rules(ROWS + "beyond 0.03 USD/GB"), account(purchases=(buy("b", "2026-03-05", size),))), "pack")


def test_a_size_of_nothing_is_not_sold():
    assert problem(rules(ROWS), account(purchases=(buy("b", "2026-03-05", "0 GB"),))).code == "A105"


def test_a_size_of_a_range_is_a_lot_of_its_size():
    usage = account(event("2026-03-06", "120 GB"), purchases=(buy("b", "2026-03-05", "50 GB", count=3),))
    made = bill(rules(ROWS), usage)
    assert drawn(made) == {"b#1": 50 * 10**9, "b#2": 50 * 10**9, "b#3": 20 * 10**9}
    (line,) = made.lines
    assert (line.amount, line.why.row.price, line.why.row.within.price) == (
        Fraction("7.5"),
        Fraction("2.5"),
        Fraction("0.05") / 10**9,
    )


REFUND = """
refund in full within 5 days of purchase if unused
refund paid - round up ((request - purchase) / 1 day) / 365 * list_price if unused
"""


@pytest.mark.parametrize(
    ("at", "back"),
    [
        ("2026-03-06", "365"),
        ("2026-03-10", "365"),
        ("2026-03-10 00:00:01", "359"),
        ("2026-03-11", "359"),
        ("2026-04-04", "335"),
    ],
)
def test_the_list_price_is_that_of_the_row(at, back):
    made = rules("1 TB 365 USD", REFUND)
    usage = account(purchases=(buy("b", "2026-03-05", "1 TB"),), refunds=(ask("b", at),))
    assert -sum(b.total for b in bills(made, usage, "2026-03", "2026-04")) + 365 == Fraction(back)


def test_what_was_paid_may_differ_from_the_list():
    """300 USD paid for what costs 365: six of 365 days at the list price are kept."""
    made = rules("1 TB 365 USD", REFUND)
    usage = account(purchases=(buy("b", "2026-03-05", "1 TB", paid="300 USD"),), refunds=(ask("b", "2026-03-11"),))
    assert amounts(bill(made, usage), "pack") == [300, -294]
    several = account(
        purchases=(buy("b", "2026-03-05", "1 TB", count=3, paid="300 USD"),), refunds=(ask("b#2", "2026-03-06"),)
    )
    assert amounts(bill(made, several), "pack") == [300, -100]


def test_the_list_price_is_known_to_balances():
    made = rules("1 TB 365 USD; below 1 TB 0.5 USD/GB", REFUND)
    usage = account(
        purchases=(buy("b", "2026-03-25", "1 TB", paid="300 USD"), buy("c", "2026-03-25", "73 GB")),
        refunds=(ask("b", "2026-04-04"), ask("c", "2026-04-04")),
    )
    march, april = bills(made, usage, "2026-03", "2026-04")
    assert amounts(april, "pack") == [-290, -Fraction("35.5")]
    later = changed(usage, purchases=(), balances=carried(march), opening=march.period.end)
    assert amounts(bill(made, later, "2026-04"), "pack") == amounts(april, "pack")


def test_what_was_paid_is_money():
    usage = account(purchases=(buy("b", "2026-03-05", "1 TB", paid="300 GB"),))
    found = problem(rules("1 TB 365 USD"), usage)
    assert (found.code, found.message) == ("A105", "what was paid is in GB, and it is counted in USD")


def test_steps_of_a_refund():
    made = rules(
        "1 TB 365 USD",
        """define days_held = round up ((request - purchase) / 1 day)
           define kept = days_held / 365 * list_price
           refund paid - kept if unused and days_held <= 30
           refund max(paid - kept, 0 USD) / 2 if unused""",
    )
    for at, back in [("2026-03-11", 359), ("2026-04-04", 335), ("2026-04-05", 167)]:
        usage = account(purchases=(buy("b", "2026-03-05", "1 TB"),), refunds=(ask("b", at),))
        assert 365 - sum(b.total for b in bills(made, usage, "2026-03", "2026-04")) == back
