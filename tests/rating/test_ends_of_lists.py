"""A list that ends inside a period: the period goes on, what is on it follows, and nothing else is billed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rating.accounts import account, charged, event, tariff
from tests.rating.versions_of_a_list import rated, refused

ENDING = """
meter m {{ measure sum(quantity) in calls }}
charge fee {{ on m; every {every}; rate 1 USD/call }}
charge base {{ every {every}; amount 7 USD }}
"""


def test_a_period_that_goes_on_behind_the_last_day_is_billed_when_it_ends():
    head = 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-01'  # a Sunday
    usage = account(event("2026-02-10", 20), event("2026-02-27", 5), activated="2026-01-01")
    weeks = [tariff(ENDING.format(every="week"), head)]
    february, march = rated(weeks, usage, "2026-02", "2026-03")
    assert (charged(february), charged(march), charged(march, "base")) == (20, 5, 7)
    quarters = [tariff(ENDING.format(every="quarter"), head)]
    assert [charged(bill) for bill in rated(quarters, usage, "2026-01", "2026-03")] == [0, 0, 25]
    for versions, last in ((weeks, "2026-04"), ([tariff(ENDING.format(every="month"), head)], "2026-03")):
        assert refused(versions, usage, "2026-02", last).code == "A203"


ON_A_WEEK = """
meter m { measure sum(quantity) in calls }
charge fee { on m; every week; rate 1 USD/call }
charge least { every month; amount max(0 USD, 9 USD - fee) }
discount half { on fee; every month; rate 50% }
tax vat { on subtotal; every quarter; rate 10%; minimum 1 USD }
tax levy { every day; amount 2 USD }
"""
"""A list until a Wednesday; the week ends with the next month, which is the first of a quarter."""


def test_what_is_on_a_period_that_goes_on_is_billed_with_it_and_nothing_else():
    lists = [tariff(ON_A_WEEK, 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-04-01')]
    usage = account(event("2026-03-29", 20), event("2026-03-30", 5), activated="2026-01-01")
    march, april, may, june = rated(lists, usage, "2026-03", "2026-06")
    # the vat of March is on what was billed since January: 20 - 10, and twice 9 at least
    names = ("fee", "least", "half", "vat", "levy")
    assert [charged(march, name) for name in names] == [
        20,
        0,
        -10,
        Fraction("2.8"),
        62,
    ]
    assert [charged(april, name) for name in names] == [5, 0, Fraction("-2.5"), 0, 0]  # no 9 - 5
    assert (may.total, [charged(june, name) for name in names]) == (0, [0, 0, 0, 1, 0])
    assert refused(lists, usage, "2026-03", "2026-07").code == "A203"


def test_a_line_of_its_own_ends_with_the_list():
    levy = "charge fee { every month; amount 31 USD; prorated by day }\ntax levy { every day; amount 2 USD }"
    lists = [tariff(levy, 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-12')]
    (march,) = rated(lists, account(activated="2026-01-01"), "2026-03", "2026-03")
    assert (charged(march), charged(march, "levy")) == (31, 22)


@pytest.mark.parametrize(("hour", "march", "april"), [("11", [5, 1], [0, 0]), ("12", [0, 0], [5, 1])])
def test_a_day_from_noon_goes_on_until_the_noon_behind_the_last_day(hour: str, march: list[int], april: list[int]):
    rules = """
    meter m { measure sum(quantity) in calls }
    charge fee { on m; every day from 2026-01-01 12:00; rate 1 USD/call }
    tax vat { on fee; every month; rate 20% }
    """
    lists = [tariff(rules, 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-04-01')]
    usage = account(event(f"2026-03-31 {hour}:00", 5), activated="2026-01-01")
    made = rated(lists, usage, "2026-03", "2026-04")
    assert [[charged(bill), charged(bill, "vat")] for bill in made] == [march, april]


def test_the_parts_of_a_year_that_goes_on_are_taxed_as_they_are_billed():
    rules = """
    meter m { measure sum(quantity) in calls }
    charge fee { on m; every year; billed every month; rate 1 USD/call; minimum 25 USD }
    tax vat { on fee; every month; rate 20% }
    """
    lists = [tariff(rules, 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-02-15')]
    made = rated(lists, account(event("2026-02-03", 5), activated="2026-01-01"), "2026-01", "2026-12")
    assert [(charged(bill), charged(bill, "vat")) for bill in made] == [(0, 0), (5, 1), *[(0, 0)] * 9, (20, 4)]


def test_a_chain_of_discounts_takes_no_longer_than_its_lines():
    """Each is on what those before it left: asked one by one through all of them, sixty would never be worked out."""
    names = [f"d{number:02}" for number in range(60)]
    chain = [f"discount {name} {{ on {' - '.join(['base', *names[:n]])}; rate 1% }}" for n, name in enumerate(names)]
    head = 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-06-10'
    rules = tariff("charge base { every week; amount 100 USD }\n" + "\n".join(chain), head)
    (june,) = rated([rules], account(activated="2026-01-01"), "2026-06", "2026-06")
    ends = [line.period.end for line in june.lines if line.source == "base"]
    assert [str(end)[:10] for end in ends] == ["2026-06-08", "2026-06-15"]  # the second goes on behind the list
    assert len([line for line in june.lines if line.source == "d59"]) == 2


def test_the_tax_of_a_month_is_on_the_quarter_that_ends_with_it():
    """Its last instant is the first of July, when the next month begins, which has nothing of the list."""
    rules = "charge fee { every quarter; amount 90 USD }\ntax vat { on fee; every month; rate 20% }"
    lists = [tariff(rules, 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-04-10')]
    made = rated(lists, account(activated="2026-01-01"), "2026-04", "2026-06")
    assert [(charged(bill), charged(bill, "vat")) for bill in made] == [(0, 0), (0, 0), (90, 18)]
    assert refused(lists, account(activated="2026-01-01"), "2026-06", "2026-07").code == "A203"
