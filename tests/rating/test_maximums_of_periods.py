"""The most of all lines that begin in one longer period: who has it first, and what goes on over bills."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.plan.plan import plan_of
from ratewright.rating.named_periods import months
from ratewright.rating.versions import rate_history
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import (
    account,
    amount,
    amounts,
    bills,
    charged,
    corrected,
    event,
    late,
    problem,
    setting,
    state,
    tariff,
)
from tests.tries import tries

METER = "meter m { measure sum(quantity) in calls }\n"
RIDES = METER + "charge fee { on m; every record; rate 3 USD/call; maximum 8 USD each day }"
DAYS = METER + "charge fee { on m; every day; rate 3 USD/call; maximum 8 USD each month }"


def a_day(*hours, day="02"):
    return [event(f"2026-03-{day} {hour:02}:00") for hour in hours]


def of(rules, *records, **parts):
    (made,) = bills(tariff(rules), account(*records, **parts), "2026-03")
    return amounts(made, "fee")


def test_in_order_of_time_the_later_ones_have_what_is_left():
    assert of(RIDES, *a_day(18, 8, 12, 23)) == [3, 3, 2, 0]


def test_each_period_has_its_own():
    assert of(RIDES, *a_day(8, 12, 18), *a_day(0, day="03")) == [3, 3, 2, 3]


def test_each_key_has_its_own():
    keyed = RIDES.replace("measure", "field card text; by card; measure")
    records = [event("2026-03-02 08:00", 5, card=card) for card in "aabb"]
    assert of(keyed, *records) == [8, 0, 8, 0]


def test_rounded_amounts_count():
    rules = METER + "charge fee { on m; every record; rate 1.005 USD/call; maximum 2.015 USD each day }"
    assert of(rules, *a_day(8, 12)) == [Fraction("1.01"), Fraction("1.01")]  # 1.005 is left, and rounded up again


def test_a_maximum_that_has_fallen_gives_nothing_back():
    rules = "setting most in USD = 10 USD\n" + RIDES.replace("8 USD each", "most each")
    lower = setting("most", amount("4 USD"), "2026-03-02 20:00")
    assert of(rules, *a_day(8, 12, 21), settings=(lower,)) == [3, 3, 0]


def test_what_is_below_0_leaves_more_to_later_ones():
    rules = METER + "charge fee { on m - 2 calls; every record; rate 3 USD/call; maximum 8 USD each day }"
    assert of(rules, event("2026-03-02 08:00", 1), event("2026-03-02 09:00", 9)) == [-3, 11]


def test_a_record_is_of_the_day_on_which_it_begins_and_has_what_is_left_when_it_ends():
    night = state("2026-03-02 22:00", "2026-03-03 02:00", 2)
    assert of(RIDES, night, *a_day(23), *a_day(1, 3, day="03")) == [3, 3, 5, 3]


def test_a_month_that_is_billed_by_the_day_goes_on_over_its_bills():
    usage = account(*a_day(8), *a_day(8, 9, day="03"), *a_day(8, day="04"))
    days = bills(tariff(DAYS), usage, *(f"2026-03-0{day}" for day in range(2, 6)))
    assert [charged(one) for one in days] == [3, 5, 0, 0]
    assert [charged(one) for one in bills(tariff(DAYS), usage, "2026-03-03")] == [5]


def test_a_bill_alone_knows_what_fees_came_to_before_it():
    rules = tariff("charge fee { every day; amount 3 USD; maximum 8 USD each month }")
    assert [charged(bills(rules, account(), f"2026-03-0{day}")[0]) for day in range(1, 6)] == [3, 3, 2, 0, 0]


def test_parts_of_one_period_are_one_line():
    rules = METER + "charge fee { on m; every month; billed every day; rate 3 USD/call; maximum 8 USD each quarter }"
    usage = account(*a_day(8, 9), *a_day(8, day="05"), event("2026-04-05 10:00"), event("2026-02-01"))
    assert [charged(one) for one in bills(tariff(rules), usage, "2026-02", "2026-04")] == [3, 5, 3]


def test_a_discount_and_a_tax_have_one_too():
    rules = METER + (
        "charge use { on m; every record; rate 3 USD/call }\n"
        "discount fee { on use; every record; rate 50%; maximum 2 USD each day }\n"
        "tax levy { on use; every day; rate 10%; maximum 1 USD each month }"
    )
    (made,) = bills(tariff(rules), account(*a_day(8, 12, 18), *a_day(8, 9, day="03")), "2026-03")
    assert [-Fraction(one) for one in amounts(made, "fee")] == [
        Fraction("1.5"),
        Fraction("0.5"),
        0,
        Fraction("1.5"),
        Fraction("0.5"),
    ]
    assert amounts(made, "levy") == [Fraction("0.9"), Fraction("0.1")]


def test_an_opening_lies_where_one_begins():
    found = problem(tariff(DAYS), account(opening="2026-03-02"), "2026-04")
    assert (found.code, found.help) == ("A204", "open where a period begins: every month")
    assert charged(bills(tariff(DAYS), account(*a_day(8, 9, 10), opening="2026-03-01"), "2026-03")[0]) == 8
    assert charged(bills(tariff(RIDES), account(*a_day(8, 9, 10), opening="2026-03-02"), "2026-03-02")[0]) == 8
    found = problem(tariff(RIDES), account(opening="2026-03-02 12:00"), "2026-03-03")
    assert found.help == "open where a period begins: every day"


def test_late_usage_moves_what_is_left():
    usage = account(*a_day(12, 18), late(event("2026-03-02 08:00"), "2026-04-02"), activated="2026-03-01")
    found = corrected(tariff(RIDES), usage, "2026-03", "2026-04")
    assert [one.total for one in found] == [6, 2]  # 3 for the early one, and 1 less for the last


@pytest.mark.parametrize(("more", "expected"), [("", [3, 5, 3]), ("; changes split the period", [3, 8, 3])])
def test_a_version_holds_until_it_has_ended_unless_changes_split_it(more, expected):
    def version(times, price):
        rules = DAYS.replace("3 USD/call", f"{price} USD/call")
        return plan_of(tariff(rules, f'currency USD; timezone "UTC"; effective {times}{more}'))

    versions = [version("from 2026-01-01 until 2026-03-15", 3), version("from 2026-03-15", 9)]
    usage = account(*a_day(8), event("2026-03-20 10:00", 5), event("2026-04-01 10:00", Fraction(1, 3)))
    found, problems = rate_history(versions, usage, months("2026-03", "2026-04", calendar_of("UTC")))
    assert not problems, problems
    assert [owed for one in found for owed in amounts(one, "fee")] == expected


@tries(60)
@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 23), st.integers(0, 4)), max_size=12),
    st.permutations(range(12)),
)
def test_a_day_is_the_less_of_its_lines_and_the_most_in_whatever_order_they_are_told(used, order):
    records = [event(f"2026-03-0{day} {hour:02}:00", calls) for day, hour, calls in used]
    shuffled = [records[place] for place in order if place < len(records)]
    made = of(RIDES, *shuffled)
    assert made == of(RIDES, *records)
    by_day = [min(8, 3 * sum(calls for on, _, calls in used if on == day)) for day in range(1, 6)]
    assert sum(made) == sum(by_day)
