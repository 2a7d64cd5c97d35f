"""A charge that is billed once: on which day, by which version of a list, and by nobody a second time."""

from __future__ import annotations

import pytest

from ratewright.plan.plan import plan_of
from ratewright.rating.named_periods import months
from ratewright.rating.versions import rate_history
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import account, bills, buy, problem, tariff

FEE = "charge fee { once on activation; amount 7 USD }"
YEAR = months("2026-01", "2026-12", calendar_of("UTC"))


@pytest.mark.parametrize(
    ("zone", "activated", "month"),
    [
        ("UTC", "2026-03-31 23:59:59", 3),
        ("UTC", "2026-04-01", 4),
        ("Asia/Shanghai", "2026-03-31 23:59:59+00:00", 4),
        ("America/Sao_Paulo", "2026-02-28 22:00", 2),
    ],
)
def test_it_is_billed_in_the_month_of_its_local_day(zone, activated, month):
    rules = tariff(FEE, f'currency USD; timezone "{zone}"')
    made = bills(rules, account(activated=activated), "2026-01", "2026-12")
    assert [one.total for one in made] == [7 * (number == month) for number in range(1, 13)]


def test_a_month_alone_has_it_too():
    assert [one.total for one in bills(tariff(FEE), account(activated="2026-03-10"), "2026-03", "2026-03")] == [7]


@pytest.mark.parametrize(("change", "prices"), [("2026-03-10", [0, 9]), ("2026-03-11", [7, 0])])
def test_the_version_of_its_day_bills_it_and_no_other(change, prices):
    head = 'currency USD; timezone "UTC"; changes split the period; effective from'
    earlier = tariff(FEE, f"{head} 2026-01-01 until {change}")
    later = tariff(FEE.replace("7", "9"), f"{head} {change}")
    found, problems = rate_history([plan_of(earlier), plan_of(later)], account(activated="2026-03-10 12:00"), YEAR)
    assert not problems
    assert sum(one.total for one in found) == sum(prices)


def test_versions_need_no_other_meeting_point_for_it():
    """Its day is never cut by a change of prices, whatever the account counts from."""
    head = 'currency USD; timezone "UTC"; effective from'
    versions = [tariff(FEE, f"{head} 2026-01-01 until 2026-02-01"), tariff(FEE, f"{head} 2026-02-01")]
    found, problems = rate_history([plan_of(v) for v in versions], account(activated="2026-03-10"), YEAR)
    assert not problems
    assert [one.total for one in found] == [7 * (number == 3) for number in range(1, 13)]


def test_what_an_opening_lies_behind_is_not_billed_again():
    made = bills(tariff(FEE), account(activated="2026-03-10", opening="2026-03-11"), "2026-04", "2026-12")
    assert [one.total for one in made] == [0] * 9


def test_an_opening_on_its_day_is_refused_and_on_no_other():
    inside, beside = (account(activated="2026-03-10 09:00", opening=f"2026-03-{day} 12:00") for day in (10, 11))
    assert problem(tariff(FEE), inside, "2026-04", "2026-04").code == "A204"
    assert [one.total for one in bills(tariff(FEE), beside, "2026-04", "2026-04")] == [0]


def test_a_quota_of_money_pays_it_where_it_is_valid_on_that_day():
    rules = tariff(
        "grant credit { covers fee; size 5 USD; valid from 2026-03-01 until 2026-03-12 }\n"
        + FEE
        + "\ndeduct fee from credit"
    )
    assert bills(rules, account(activated="2026-03-10"), "2026-03", "2026-03")[0].total == 2
    assert bills(rules, account(activated="2026-03-20"), "2026-03", "2026-03")[0].total == 7


def test_a_tax_on_all_that_is_billed_misses_nothing_beside_it():
    rules = tariff(
        "meter m in calls\npackage pack { covers m; sizes { 100 calls 10 USD } }\ndeduct m from pack\n"
        + FEE
        + "\ntax vat { on subtotal; rate 10% }"
    )
    made = bills(rules, account(activated="2026-03-10", purchases=(buy("p", "2026-05-05", 100),)), "2026-03", "2026-05")
    assert [one.total * 10 for one in made] == [77, 0, 110]
