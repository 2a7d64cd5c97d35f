"""Lines for each record on other lines for each record: of the same record, however many share its instant."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rating.accounts import account, amounts, bill, bills, buy, event, state, tariff

HAUL = "meter goods { measure sum(quantity) in calls }\ncharge haul { on goods; every record; rate 1 USD/call }\n"
AT = ("2026-03-08 10:00", "2026-03-08 10:00", "2026-03-08 10:00", "2026-03-08 11:00")
SIZES = (100, 50, 30, 0)


def of(made, source):
    return sum(amounts(made, source))


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("charge fuel { on goods; every record; amount 10% of haul }", 18),
        ("charge fuel { on haul; every record; rate 10% }", 18),
        ("charge fuel { on goods; every record; amount max(0 USD, 60 USD - haul) }", 0 + 10 + 30),
        ("charge fuel { on goods; every record; amount 1 USD; when haul > 60 USD }", 1),
        ("charge fuel { on goods; every month; amount 10% of haul }", 18),
        ("discount fuel { on haul; every record; rate 10% }", -18),
        ("discount fuel { on haul; rate 10% }", -18),
        ("tax fuel { on subtotal; every record; rate 10% }", 18),
        ("charge fuel { on haul; every record; rate 1; maximum 40 USD }", 40 + 40 + 30),
    ],
)
def test_a_line_on_a_line_for_each_record(line, total):
    usage = account(*(event(at, size, "goods") for at, size in zip(AT, SIZES, strict=True)))
    made = bill(tariff(HAUL + line), usage)
    assert (of(made, "haul"), of(made, "fuel")) == (180, total)


def test_of_states_that_end_in_another_month():
    rules = tariff(HAUL + "charge fuel { on haul; every record; rate 10% }\ntax vat { on subtotal; rate 10% }")
    usage = account(state("2026-03-30", "2026-04-02", 100, "goods"), state("2026-03-30", "2026-04-01", 10, "goods"))
    made = bills(rules, usage, "2026-03", "2026-04")
    assert [of(one, "fuel") for one in made] == [1, 10]
    assert [of(one, "vat") for one in made] == [Fraction(11, 10), 11]


def test_of_the_record_that_two_meters_read():
    rules = tariff(
        "meter weight { measure sum(quantity) in calls }\n"
        "meter heavy { reads weight; where quantity > 40 calls; measure sum(quantity) in calls }\n"
        "charge haul { on weight; every record; rate 1 USD/call }\n"
        "charge extra { on heavy; every record; amount 10% of haul }"
    )
    usage = account(*(event(at, size, "weight") for at, size in zip(AT, SIZES, strict=True)))
    made = bill(rules, usage)
    assert [(line.amount) for line in made.lines if line.source == "extra"] == [
        5,
        10,
    ]  # at one instant the smaller comes first


def test_money_pays_each_of_two_records_of_one_instant():
    rules = tariff(
        HAUL + "package money { covers haul; sizes { 120 USD 1 USD }; valid 1 year from purchase }\n"
        "discount half { on haul; every record; rate 50% }\ndeduct haul from money"
    )
    usage = account(
        *(event(at, size, "goods") for at, size in zip(AT, SIZES, strict=True)),
        purchases=(buy("p", "2026-03-01", "120 USD", "money"),),
    )
    made = bill(rules, usage)
    assert of(made, "money") == -120 + 1
    assert of(made, "half") == -Fraction(1, 2) * (180 - 120)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 50)), max_size=8))
def test_the_sum_is_that_of_the_records(records):
    rules = tariff(HAUL + "charge fuel { on haul; every record; rate 10% }")
    made = bill(rules, account(*(event(f"2026-03-0{day}", size, "goods") for day, size in records)))
    assert of(made, "fuel") == Fraction(sum(size for _, size in records), 10)


SO_FAR = """
    meter water {{ measure sum(quantity) in calls }}
    charge c {{ on water; every day; rate 1 USD/call }}
    charge x {{ {x}; every month; billed every day }}
"""


@pytest.mark.parametrize("x", ["on c; rate 10%", "amount 10% of c", "amount water * 0.1 USD/call"])
def test_what_is_owed_so_far_counts_what_was_billed_so_far(x):
    """Of the whole period up to the day that is billed, and of nothing behind it."""
    days = [f"2026-03-{day:02}" for day in range(1, 32)]
    usage = account(event("2026-03-03", 100, "water"), event("2026-03-20", 50, "water"))
    made = [bill(tariff(SO_FAR.format(x=x)), usage, day) for day in days]
    assert {one.period.start.format_iso()[8:10]: of(one, "x") for one in made if of(one, "x")} == {"03": 10, "20": 5}
    assert sum(of(one, "x") for one in bills(tariff(SO_FAR.format(x=x)), usage, "2026-03")) == 15


@pytest.mark.parametrize(
    ("end", "dear"),
    [("2026-03-10", True), ("2026-03-09 23:59:59", True), ("2026-03-10 00:00:01", False), ("2026-03-20", False)],
)
def test_a_stretch_is_priced_as_of_its_last_instant(end, dear):
    """Until before 10 March a call costs 2 USD: one that ends just then still does."""
    rules = tariff(
        "meter goods in calls\n"
        "charge haul { on goods; every record; rate (if at < 2026-03-10 then 2 USD/call else 1 USD/call) }\n"
        "charge fuel { on goods; every reading; when quantity > 5 calls and at < 2026-03-10; amount 1 USD }"
    )
    made = bill(rules, account(state("2026-03-02", end, 10, "goods")))
    assert (of(made, "haul"), of(made, "fuel")) == ((20, 1) if dear else (10, 0))


def test_a_record_at_the_first_instant_of_a_month_is_taxed_in_that_month():
    rules = tariff(HAUL + "tax vat { on haul; every month; rate 10% }")
    made = bills(
        rules, account(event("2026-03-01", 100, "goods"), event("2026-04-01", 50, "goods")), "2026-03", "2026-04"
    )
    assert [of(one, "vat") for one in made] == [10, 5]
