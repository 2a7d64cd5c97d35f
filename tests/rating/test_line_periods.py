"""Discounts and taxes are on what is billed in their period, however long the periods of the lines are."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rating.accounts import account, ask, bills, buy, event, problem, state, tariff
from tests.tries import tries

MONTHS = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)]
YEAR = MONTHS[12:]
EVERY = ("day", "week", "month on day 15", "2 weeks from 2025-01-06", "month", "quarter", "6 months", "year")


def of(made, source):
    return [line.amount for line in made.lines if line.source == source]


def listed(*cadences, tax="on subtotal"):
    charges = "".join(f"charge fee{n} {{ every {every}; amount {n + 1} USD }}\n" for n, every in enumerate(cadences))
    return tariff(f"{charges} tax vat {{ {tax}; rate 10% }}")


@tries(30)
@given(st.lists(st.sampled_from(EVERY), min_size=2, max_size=4, unique=True))
def test_each_bill_taxes_what_it_bills(cadences):
    for one in bills(listed(*cadences), account(activated="2025-01-01"), MONTHS[0], MONTHS[-1]):
        charged = sum(line.amount for line in one.lines if line.source != "vat")
        assert sum(of(one, "vat")) == charged / Fraction(10)


@tries(30)
@given(st.lists(st.sampled_from(EVERY), max_size=2, unique=True), st.sampled_from(("record", "reading")))
def test_each_bill_taxes_the_records_that_it_bills(cadences, alone):
    """Whatever the periods of the lines beside them."""
    fees = "".join(f"charge fee{n} {{ every {every}; amount 1 USD }}\n" for n, every in enumerate(cadences))
    rules = tariff(
        f"meter m in calls\ncharge each {{ on m; every {alone}; rate 1 USD/call }}\n{fees}"
        "discount off { on charges; rate 10% }\ntax vat { on subtotal; rate 10% }"
    )
    usage = account(
        state("2025-03-30", "2025-03-31", 100), state("2025-06-30", "2025-07-01", 7), activated="2025-01-01"
    )
    for one in bills(rules, usage, MONTHS[0], MONTHS[-1]):
        charged = sum(line.amount for line in one.lines if line.source not in ("off", "vat"))
        assert -sum(of(one, "off")) == charged / Fraction(10)
        assert sum(of(one, "vat")) == (charged + sum(of(one, "off"))) / Fraction(10)


@tries(30)
@given(st.lists(st.sampled_from(EVERY), min_size=1, max_size=4))
def test_nothing_is_taxed_twice_and_nothing_is_left_out(cadences):
    made = bills(listed(*cadences), account(activated="2025-01-01"), MONTHS[0], MONTHS[-1])
    lines = [line for one in made for line in one.lines]
    taxed_until = max(line.period.end for line in lines if line.source == "vat")
    charged = sum(line.amount for line in lines if line.source != "vat" and line.period.end <= taxed_until)
    assert sum(sum(of(one, "vat")) for one in made) == charged / Fraction(10)


def test_a_yearly_fee_keeps_no_tax_from_the_months():
    made = bills(listed("month", "year"), account(), YEAR[0], YEAR[-1])
    assert [of(one, "vat") for one in made] == [[Fraction(1, 10)]] * 11 + [[Fraction(3, 10)]]


def test_a_month_alone_has_the_same_tax():
    rules = listed("week", "month", "year")
    together = bills(rules, account(activated="2025-01-01"), YEAR[0], YEAR[-1])
    alone = [bills(rules, account(activated="2025-01-01"), name)[0] for name in YEAR]
    assert [one.total for one in alone] == [one.total for one in together]


@pytest.mark.parametrize(
    ("cadences", "months"),
    [
        (("quarter", "year"), [3, 6, 9, 12]),
        (("quarter", "year from 2025-07-15"), [3, 6, 7, 9, 12]),
        (("day", "quarter"), list(range(1, 13))),
        (("year",), [12]),
    ],
)
def test_the_periods_of_a_tax_that_states_none(cadences, months):
    made = bills(listed(*cadences), account(), YEAR[0], YEAR[-1])
    assert [number for number, one in enumerate(made, start=1) if of(one, "vat")] == months


def test_a_stated_period_takes_what_ends_in_it():
    made = bills(listed("year", tax="on subtotal; every month"), account(), YEAR[0], YEAR[-1])
    assert [of(one, "vat") for one in made] == [[]] * 11 + [[Fraction(1, 10)]]


def test_a_discount_on_a_line_of_a_longer_period():
    rules = tariff(
        "charge seat { every month; amount 10 USD }\ncharge member { every year; amount 50 USD }\n"
        "discount loyal { on seat + member; rate 10% }"
    )
    made = bills(rules, account(), YEAR[0], YEAR[-1])
    assert [of(one, "loyal") for one in made] == [[-1]] * 11 + [[-6]]


NET = """
    meter bought { measure sum(quantity) in calls }
    meter fed { measure sum(quantity) in calls }
    charge net { on max(bought - fed, 0 calls); every year; billed every month; rate 1 USD/call }
"""


def test_what_is_billed_month_by_month_is_taxed_month_by_month():
    rules = tariff(NET + "tax vat { on subtotal; rate 10% }")
    usage = account(
        event("2026-01-10", 100, "bought"), event("2026-02-10", 40, "fed"), event("2026-03-10", 5, "bought")
    )
    made = bills(rules, usage, "2026-01", "2026-03")
    assert [of(one, "net") for one in made] == [[100], [-40], [5]]
    assert [of(one, "vat") for one in made] == [[10], [-4], [Fraction(1, 2)]]


def test_a_least_amount_for_a_month_of_it():
    rules = tariff(NET + "charge floor { every month; amount max(12 USD - net, 0 USD) }")
    made = bills(rules, account(event("2026-01-10", 100, "bought")), "2026-01", "2026-02")
    assert [of(one, "floor") for one in made] == [[0], [12]]


@pytest.mark.parametrize("every", ["month from activation", "month on day bill_day"])
def test_lines_of_one_anchor_hand_down_its_periods(every):
    """What is meant is one and the same, though it is written twice."""
    rules = tariff(
        f"""
        setting bill_day number = 1
        charge a {{ every {every}; amount 10 USD }}
        charge b {{ every {every.replace("from ", "from  ")}; amount 20 USD }}
        discount off {{ on a + b; rate 10% }}
        """
    )
    made = bills(rules, account(activated="2026-01-01"), "2026-01", "2026-03")
    assert [of(one, "off") for one in made] == [[-3], [-3], [-3]]
    assert rules.charges["off"].every == rules.charges["a"].every and rules.charges["off"].anchor is not None


def test_lines_of_two_anchors_have_months_in_common():
    rules = tariff(
        """
        setting first date = 2026-01-10
        charge a { every month from activation; amount 10 USD }
        charge b { every month from first; amount 20 USD }
        discount off { on a + b; rate 10% }
        """
    )
    assert rules.charges["off"].anchor is None


@pytest.mark.parametrize(("most", "taken"), [("", None), ("maximum max(charges, 0 USD)", [0]), ("maximum 0 USD", [0])])
def test_a_discount_is_more_than_what_was_given_back(most, taken):
    """The charges of April are below 0: a discount of 3 USD comes to more than that."""
    rules = tariff(
        "meter m in calls\npackage p { covers m; sizes { 10 calls 20 USD }; refund in full }\n"
        f"deduct m from p\ndiscount coupon {{ on charges; every month; amount 3 USD; {most} }}"
    )
    usage = account(purchases=(buy("a", "2026-03-05", 10, "p"),), refunds=(ask("a", "2026-04-05"),))
    if taken is None:
        assert problem(rules, usage, "2026-04").code == "A501"
    else:
        assert of(bills(rules, usage, "2026-04")[0], "coupon") == taken
