"""What is asked once for a period and changes inside it: refused, unless the answer is the same."""

from __future__ import annotations

import pytest

from tests.rating.accounts import account, bill, charged, event, problem, setting, tariff, total

# ---------------------------------------------------------------- A305: a setting changes inside a period

PLANS = """
setting plan one of basic, pro = basic
meter m { measure sum(quantity) in calls }
"""


@pytest.mark.parametrize(
    "charge",
    [
        "charge fee { on m; every month; when plan == pro and quantity > 3 calls; rate 1 USD/call }",
        "charge fee { every month; when plan == pro; amount 5 USD }",
        "charge fee { on m; every month; rate (if plan == pro then 1 USD/call else 2 USD/call) }",
        "charge fee { on m; every month; rate 1 USD/call; minimum (if plan == pro then 1 USD else 2 USD) }",
        "charge fee { on m; every month; volume { below ((if plan == pro then 10 calls else 20 calls)) 1 USD/call; "
        "beyond 2 USD/call } }",
    ],
)
def test_what_is_asked_once_for_a_period_must_not_change_inside_it(charge):
    rules = tariff(PLANS + charge)
    usage = account(event("2026-03-20", 5), settings=(setting("plan", "pro", "2026-03-10"),))
    found = problem(rules, usage)
    assert found.code == "A305"
    assert found.message.startswith("plan changes on 2026-03-10, inside a period for which `")
    by_day = ", write `prorated by day` to bill the days on which it holds" if "amount" in charge else ""
    if "when" in charge:
        way = "ask it in the `when` of a charge on a meter: there it is asked for each record"
    else:
        way = (
            "write a line for each plan, as `when plan == pro`: a fee there is `prorated by day`, and usage is asked "
            "for each record"
        )
    assert found.help == f"let the setting change where a period ends{by_day}, or {way}"
    at_the_bound = account(event("2026-03-20", 5), settings=(setting("plan", "pro", "2026-03-01"),))
    assert bill(rules, at_the_bound).total > 0
    next_month = account(event("2026-03-20", 5), settings=(setting("plan", "pro", "2026-04-01"),))
    assert bill(rules, next_month)


def test_a_fee_for_the_days_on_which_its_condition_holds():
    rules = tariff(PLANS + "charge fee { every month; when plan == pro; prorated by day; amount 31 USD }")
    assert charged(bill(rules, account(settings=(setting("plan", "pro", "2026-03-10"),)))) == 22


def test_a_line_for_each_choice_as_the_message_says():
    fee = "charge {0}_fee {{ every month; when plan == {0}; prorated by day; amount {1} USD }}\n"
    used = "charge {0}_used {{ on m; every month; when plan == {0}; rate {1} USD/call }}\n"
    rules = tariff(PLANS + "".join(line.format(*of) for line in (fee, used) for of in (("basic", 31), ("pro", 62))))
    changed = (setting("plan", "pro", "2026-03-10"),)
    made = bill(rules, account(event("2026-03-09", 1), event("2026-03-10", 1), settings=changed))
    assert [charged(made, name) for name in ("basic_fee", "pro_fee", "basic_used", "pro_used")] == [9, 44, 31, 62]


PEAK = """
setting plan one of basic, pro = basic
meter m { measure percentile(quantity, 95) in calls }
"""


def test_the_result_of_a_month_in_which_a_condition_changes():
    usage = account(event("2026-03-09", 1), event("2026-03-20", 5), settings=(setting("plan", "pro", "2026-03-10"),))
    found = problem(tariff(PEAK + "charge fee { on m; every month; when plan == pro; rate 1 USD/call }"), usage)
    assert found.code == "A302"
    assert found.message == (
        "plan changes on 2026-03-10, inside this result that `m` has for March 2026: how much of it came before is not "
        "known"
    )
    assert found.help == (
        "let it change where the period ends, or ask it of each record, in a `where` of the meter, or bill the days on "
        "which it holds: `prorated by day` with an `amount` of the meter, without `on`"
    )
    of_records = "meter k { reads m; where plan == pro; measure percentile(quantity, 95) in calls }\n"
    assert charged(bill(tariff(PEAK + of_records + "charge fee { on k; every month; rate 1 USD/call }"), usage)) == 5
    by_day = "charge fee { every month; when plan == pro; prorated by day; amount m * 31 USD/call }"
    assert charged(bill(tariff(PEAK + by_day), usage)) == 5 * 22


def test_a_condition_on_settings_alone_is_asked_for_each_record():
    rules = tariff(PLANS + "charge fee { on m; every month; when plan == pro; rate 1 USD/call }")
    usage = account(event("2026-03-09", 1), event("2026-03-10", 5), settings=(setting("plan", "pro", "2026-03-10"),))
    assert charged(bill(rules, usage)) == 5


TIMED = "meter m in calls\ncharge late { on m; every month; when at >= 2026-03-15; rate 1 USD/call }"


def test_a_total_over_the_time_that_a_condition_asks_for_is_refused():
    found = problem(tariff(TIMED), account(total("2026-03-01", "2026-04-01", 10)))
    assert found.code == "A307"
    assert "`at >= 2026-03-15` has another value from 2026-03-15 on, inside this total" in found.message


@pytest.mark.parametrize(("first", "last", "owed"), [("2026-03-01", "2026-03-15", 0), ("2026-03-15", "2026-04-01", 10)])
def test_a_total_on_one_side_of_that_time_is_billed(first, last, owed):
    assert bill(tariff(TIMED), account(total(first, last, 10))).total == owed


def test_a_total_over_the_change_of_a_setting_that_its_meter_asks_for_is_refused():
    rules = tariff(
        "setting live = off\nmeter m { where live; measure sum(quantity) in calls }\n"
        "charge fee { on m; every month; rate 1 USD/call }"
    )
    usage = account(total("2026-03-01", "2026-04-01", 10), settings=(setting("live", "on", "2026-03-10"),))
    found = problem(rules, usage)
    assert (found.code, "live changes on 2026-03-10" in found.message) == ("A302", True)


@pytest.mark.parametrize(("to", "charge"), [("max", "when plan != basic"), ("max", "when not (plan == pro)")])
def test_a_change_that_leaves_the_answer_as_it_was_refuses_no_total(to, charge):
    rules = tariff(
        "setting plan one of basic, pro, max, free = free\nmeter m { measure sum(quantity) in calls }\n"
        f"charge fee {{ on m; every month; {charge}; rate 1 USD/call }}"
    )
    usage = account(total("2026-03-01", "2026-04-01", 10), settings=(setting("plan", to, "2026-03-10"),))
    assert charged(bill(rules, usage)) == 10
    other = account(
        total("2026-03-01", "2026-04-01", 10),
        settings=(setting("plan", "basic", "2026-03-10"), setting("plan", "pro", "2026-03-20")),
    )
    assert problem(rules, other).code == "A302"
