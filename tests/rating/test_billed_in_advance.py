"""A line that is billed when its period begins: on which day, by which version, and with what is known then."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ratewright.plan.plan import plan_of
from ratewright.rating.named_periods import months
from ratewright.rating.versions import rate_history
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import account, amount, bills, setting, tariff

FEE = "charge fee { every year from 2026-03-10; billed in advance; amount 7 USD }"
YEAR = months("2026-01", "2026-12", calendar_of("UTC"))
HEAD = 'currency USD; timezone "UTC"; effective from'


def totals(rules, usage, *names):
    return [one.total for one in bills(rules, usage, *(names or ("2026-01", "2026-12")))]


def in_march(amount):
    return [amount * (number == 3) for number in range(1, 13)]


def test_a_year_is_billed_in_the_month_in_which_it_begins_and_so_is_that_month_alone():
    assert totals(tariff(FEE), account()) == in_march(7)
    assert totals(tariff(FEE), account(), "2027-03", "2027-03") == [7]
    assert totals(tariff(FEE), account(), "2026-03-10") == [7]
    assert totals(tariff(FEE), account(), "2026-03-09") == [0]


@pytest.mark.parametrize(
    ("activated", "billed"),
    [("2026-03-01", 31), ("2026-03-22", 10), ("2026-03-31 23:59", 1), ("2026-04-01", 0)],
)
def test_the_period_in_which_the_account_begins_is_billed_by_the_days_that_are_left(activated, billed):
    rules = tariff("charge fee { every month; billed in advance; amount 31 USD; prorated by day }")
    assert totals(rules, account(activated=activated), "2026-03", "2026-04") == [billed, 31]


def test_without_a_share_it_is_billed_whole():
    rules = tariff("charge fee { every month; billed in advance; amount 31 USD }")
    assert totals(rules, account(activated="2026-03-31"), "2026-03", "2026-03") == [31]


def test_what_changes_inside_a_period_counts_from_the_next_one():
    rules = tariff(
        "setting seats number = 1; setting on_hold = off\n"
        "charge fee { every month; billed in advance; when not on_hold; amount 1 USD * seats; prorated by day }"
    )
    usage = account(settings=(setting("seats", amount(5), "2026-02-10"), setting("on_hold", "on", "2026-03-31")))
    assert totals(rules, usage, "2026-01", "2026-04") == [1, 1, 5, 0]


@pytest.mark.parametrize(("start", "billed"), [("2026-03-10", 7), ("2026-03-11", 0)])
def test_a_period_that_began_before_the_list_is_none_of_its_own(start, billed):
    assert totals(tariff(FEE, f"{HEAD} {start}"), account(), "2026-03", "2026-12")[0] == billed


@pytest.mark.parametrize("splits", ["", "changes split the period; "])
@pytest.mark.parametrize(("change", "billed"), [("2026-03-01", 9), ("2026-04-01", 7)])
def test_the_version_at_the_beginning_of_a_period_bills_it_whole(splits, change, billed):
    head = HEAD.replace("effective", f"{splits}effective")
    versions = [tariff(FEE, f"{head} 2026-01-01 until {change}"), tariff(FEE.replace("7", "9"), f"{head} {change}")]
    found, problems = rate_history([plan_of(v) for v in versions], account(), YEAR)
    assert not problems
    assert [one.total for one in found] == in_march(billed)


def test_what_an_opening_lies_behind_is_not_billed_again():
    assert totals(tariff(FEE), account(opening="2026-03-11"), "2026-04", "2026-12") == [0] * 9
    assert totals(tariff(FEE), account(opening="2026-03-10"), "2026-03-10") == [7]


def test_a_quota_of_money_pays_it_when_it_begins():
    credit = "grant credit { covers fee; size 5 USD; valid from 2026-03-10 until 2026-03-11 }\ndeduct fee from credit\n"
    rules = tariff(credit + FEE)
    assert totals(rules, account(), "2026-03", "2026-03") == [2]


def test_what_ends_when_it_begins_is_paid_for_first():
    rules = tariff(
        "grant credit { covers a, b; size 5 USD }\n"
        "charge a { every month; billed in advance; amount 4 USD }\ncharge b { every day; amount 4 USD }\n"
        "deduct a from credit\ndeduct b from credit"
    )
    made = bills(rules, account(activated="2026-03-31"), "2026-03", "2026-04")[1]
    assert [(line.source, line.amount) for line in made.lines if line.kind.value == "payment"] == []
    paid = bills(rules, account(activated="2026-03-31 12:00"), "2026-03", "2026-03")[0]
    assert sorted((line.why.target, line.amount) for line in paid.lines if line.kind.value == "payment") == [
        ("a", -4),
        ("b", -1),
    ]


def test_a_line_of_months_sees_what_was_billed_in_its_month():
    rules = tariff(FEE + "\ncharge share { every month; amount 50% of fee }")
    assert totals(rules, account(activated="2026-01-01")) == in_march(Fraction(21, 2))
