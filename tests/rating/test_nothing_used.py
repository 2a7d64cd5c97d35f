"""What is asked of an account that used nothing: only what decides something without usage."""

from __future__ import annotations

import pytest

from tests.rating.accounts import account, amount, amounts, bill, charged, event, problem, setting, tariff

SWITCH = "setting sw = off\nsetting size in calls = 10 calls\nsetting fare in USD = 1 USD\nmeter m in calls\n"
CHANGED = (
    setting("sw", "on", "2026-03-15"),
    setting("size", amount("20 calls"), "2026-03-15"),
    setting("fare", amount("2 USD"), "2026-03-15"),
)


def rules_of(charge: str, more: str = ""):
    return tariff(f"{SWITCH}{more}\ncharge fee {{ every month; {charge} }}")


@pytest.mark.parametrize(
    "charge",
    [
        "on round up (m) to 10 calls; when sw and quantity > 5 calls; rate 1 USD/call",
        "on m * (size / (1 call)); rate 1 USD/call",
        "on max(m - size, 0 calls); rate 1 USD/call",
        "on round up (m) to 10 calls; rate fare / (1 call)",
        "on round up (m) to 10 calls; rate 1 USD/call; maximum fare",
        "on round up (m) to 10 calls; rate 1 USD/call; prorated by fare / (3 USD)",
        "amount m * fare / (1 call)",
        "when sw; amount m * (1 USD/call)",
    ],
)
def test_a_change_inside_the_period_refuses_nobody_who_used_nothing(charge):
    made = bill(rules_of(charge), account(activated="2026-03-01", settings=CHANGED))
    assert charged(made) == 0
    refused = problem(rules_of(charge), account(event("2026-03-02", 30), activated="2026-03-01", settings=CHANGED))
    assert refused.code == "A305"


def test_a_condition_that_is_asked_for_each_record_is_asked_of_none():
    rules = rules_of("on round up (m) to 10 calls; when not sw; rate 1 USD/call")
    assert charged(bill(rules, account(activated="2026-03-01", settings=CHANGED))) == 0
    assert charged(bill(rules, account(event("2026-03-02", 25), event("2026-03-20", 5), settings=CHANGED))) == 30


@pytest.mark.parametrize(
    "charge",
    [
        "on m; when sw and m >= 0 calls; rate 1 USD/call; minimum 5 USD",  # the minimum is due without usage
        "on m; rate 1 USD/call; minimum fare",
        "on max(m, size); rate 1 USD/call",
        "on m; rate fare; flat at zero usage",
        "amount fare",
        "when sw; amount 5 USD",
    ],
)
def test_what_is_due_without_usage_is_still_asked(charge):
    assert problem(rules_of(charge), account(activated="2026-03-01", settings=CHANGED)).code == "A305"


def test_where_a_condition_has_an_answer_nothing_is_different():
    rules = rules_of("on round up (m) to 10 calls; when sw and m >= 0 calls; rate 1 USD/call")
    off = bill(rules, account(activated="2026-03-01"))
    assert amounts(off, "fee") == []
    assert [away.charge.name for away in off.away] == ["fee"]


# ---------------------------------------------------------------- discounts on nothing

SLA = """
meter m in calls
meter breach in calls
charge fee { on m; every month; rate 1 USD/call }
discount sla { on fee; every month; amount breach * 5 USD/call }
"""


def breached(times: int, used: int):
    records = [event("2026-03-03", times, "breach")] * bool(times) + [event("2026-03-04", used)] * bool(used)
    return account(*records, activated="2026-03-01")


@pytest.mark.parametrize(("times", "used", "total"), [(0, 0, 0), (0, 3, 3), (1, 5, 0), (1, 7, 2)])
def test_a_discount_up_to_its_line(times, used, total):
    assert bill(tariff(SLA), breached(times, used)).total == total


@pytest.mark.parametrize("used", [0, 1, 4])
def test_a_discount_of_more_than_its_line_is_refused_at_nothing_too(used):
    assert problem(tariff(SLA), breached(1, used)).code == "A501"


def test_a_discount_on_a_line_that_rounds_to_nothing_is_refused():
    rules = tariff(
        SLA.replace("rate 1 USD/call", "rate 0.001 USD/call").replace("amount breach * 5 USD/call", "amount 5 USD")
    )
    assert problem(rules, breached(0, 1)).code == "A501"
    assert bill(rules, breached(0, 0)).total == 0  # no line, no discount


def test_a_limited_discount_takes_what_there_is():
    rules = tariff(SLA.replace("5 USD/call }", "5 USD/call; maximum fee }"))
    assert [bill(rules, breached(1, used)).total for used in (0, 4, 7)] == [0, 0, 2]


# ---------------------------------------------------------------- keys whose usage quotas covered

KEYED = """
meter m { field region text; by region; measure sum(quantity) in calls }
grant free { covers m; size 100 calls; valid 1 month; issued once on activation }
charge fee { on m; every month; rate 1 USD/call; minimum 5 USD }
deduct m from free > fee
"""


@pytest.mark.parametrize("apart", [True, False])
def test_a_minimum_is_due_where_quotas_covered_all(apart):
    rules = tariff(KEYED if apart else KEYED.replace("by region; ", ""))
    usage = account(event("2026-03-02", 50, region="eu"), event("2026-03-03", 60, region="us"), activated="2026-03-01")
    assert amounts(bill(rules, usage), "fee") == ([5, 10] if apart else [10])
    covered = account(event("2026-03-02", 50, region="eu"), activated="2026-03-01")
    assert amounts(bill(rules, covered), "fee") == [5]


def test_a_key_without_usage_has_no_minimum():
    usage = account(event("2026-03-02", 50, region="eu"), activated="2026-03-01")
    assert amounts(bill(tariff(KEYED), usage, "2026-04"), "fee") == []


def test_nobody_is_refused_for_the_price_of_a_line_of_which_no_day_counts():
    rules = rules_of("when size == 5 calls; amount fare; prorated by day")
    assert charged(bill(rules, account(activated="2026-03-01", settings=CHANGED))) == 0
    counted = rules_of("when size == 20 calls; amount fare; prorated by day")
    assert problem(counted, account(activated="2026-03-01", settings=CHANGED)).code == "A305"


# ---------------------------------------------------------------- the days of a month, most of them without usage

DAYS = """
setting booked in calls = 0 calls
meter m in calls
meter other in calls
charge fee { on m; every day; rate 1 USD/call }
"""


def of_the_days(line: str, *records, settings=()):
    """What a daily line `owed` comes to, by day."""
    made = bill(tariff(DAYS + line), account(*records, activated="2026-03-01", settings=settings))
    return {one.period.start.format_iso()[:10]: one.amount for one in made.lines if one.source == "owed" and one.amount}


def test_a_line_that_came_to_nothing_is_asked_again_when_what_it_names_is_another():
    above = "discount owed { on fee; every day; amount max(fee - 10 USD, 0 USD) }"
    used = [event("2026-03-09", 8), event("2026-03-12", 25), event("2026-03-13", 9), event("2026-03-20", 25)]
    assert of_the_days(above, *used) == {"2026-03-12": -15, "2026-03-20": -15}


def test_a_line_that_came_to_nothing_is_asked_again_when_what_it_measures_is_another():
    beside = "charge owed { on max(m, 0 calls); every day; minimum other * 1 USD/call; rate 1 USD/call }"
    assert of_the_days(beside, event("2026-03-12", 3, "other")) == {"2026-03-12": 3}


def test_a_line_that_came_to_nothing_is_asked_again_after_a_setting_changed():
    booked = "charge owed { on max(m, booked); every day; rate 1 USD/call }"
    assert of_the_days(booked) == {}
    found = of_the_days(booked, settings=(setting("booked", amount("5 calls"), "2026-03-30"),))
    assert found == {"2026-03-30": 5, "2026-03-31": 5}


SUNDAYS = "if weekday(start of period) == sunday then 2"


@pytest.mark.parametrize(
    "line",
    [
        f"on max(m - 1 call, 0 calls); minimum {SUNDAYS} USD else 0 USD",
        f"on max(m, {SUNDAYS} calls else 0 calls)",
    ],
)
def test_a_line_that_goes_by_the_day_is_asked_for_each(line):
    found = of_the_days(f"charge owed {{ every day; rate 1 USD/call; {line} }}")
    assert found == dict.fromkeys([f"2026-03-{day:02}" for day in (1, 8, 15, 22, 29)], 2)
