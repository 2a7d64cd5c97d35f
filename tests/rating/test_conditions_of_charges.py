"""Charges that hold under a condition, and who then prices usage."""

from __future__ import annotations

import pytest

from tests.rating.accounts import account, amounts, bill, bills, charged, event, setting, tariff, unserved
from tests.rating.price_lists import METER

# ---------------------------------------------------------------- conditions


def test_a_condition_on_the_quantity_is_asked_once_for_the_period():
    rules = tariff(METER + "charge fee { on m; every month; when quantity > 10 calls; rate 1 USD/call }")
    reached = bill(rules, account(event("2026-03-02", 6), event("2026-03-03", 5)))
    assert (charged(reached), unserved(reached)) == (11, 0)
    not_reached = bill(rules, account(event("2026-03-02", 6), event("2026-03-03", 4)))
    assert (charged(not_reached), unserved(not_reached)) == (0, 10)
    ((charge, why),) = not_reached.unserved[0].conditions
    assert (charge.name, why.holds, why.text) == ("fee", False, "quantity > 10 calls")


def test_a_condition_on_what_was_measured_includes_what_packages_paid_for():
    body = """
    grant free { covers m; size 8 calls; issued once on activation }
    charge fee { on m; every month; when m > 10 calls; rate 1 USD/call }
    deduct m from free > fee
    """
    for used, expected in [(10, 0), (11, 3)]:
        made = bill(tariff(METER + body), account(event("2026-03-02", used), activated="2026-03-01"))
        assert charged(made) == expected


BY_DAY = """
charge small { on m; every day; when quantity < 10 calls; rate 1 USD/call }
charge large { on m; every day; when quantity >= 20 calls; rate 0.5 USD/call }
"""


def test_charges_that_exclude_each_other_by_quantity():
    usage = account(
        event("2026-03-01", 9),
        event("2026-03-02", 10),
        event("2026-03-03", 20),
        event("2026-03-04", 19),
        event("2026-03-05", 4),
    )
    made = bill(tariff(METER + BY_DAY), usage)
    assert amounts(made, "small") == [9, 4]
    assert amounts(made, "large") == [10]
    assert unserved(made) == 29
    assert dict(made.meters[0].charged) == {"small": 13, "large": 20}
    assert all([c.name for c, _ in u.conditions] == ["small", "large"] for u in made.unserved)


def test_a_day_that_a_condition_leaves_out_is_unserved_though_others_are_not():
    rules = tariff(METER + "charge fee { on m; every day; when quantity < 10 calls; rate 1 USD/call }")
    made = bill(rules, account(event("2026-03-01", 20), event("2026-03-02", 5)))
    assert (charged(made), unserved(made)) == (5, 20)


def test_what_is_priced_day_by_day_is_served_though_the_month_leaves_it():
    """Both are charged every month; the parts of the one are days."""
    body = """
    charge daily { on m; every month; billed every day; rate 1 USD/call }
    charge bonus { on m; every month; when quantity > 5 calls; rate 2 USD/call }
    """
    made = bill(tariff(METER + body), account(event("2026-03-02", 2), event("2026-03-09", 3)))
    assert (charged(made, "daily"), charged(made, "bonus"), unserved(made)) == (5, 0, 0)


def test_a_charge_of_which_another_with_other_periods_prices_the_same():
    body = """
    charge fee { on m; every month; rate 1 USD/call }
    charge bonus { on m; every day; when quantity > 10 calls; rate 0.1 USD/call }
    """
    made = bill(tariff(METER + body), account(event("2026-03-01", 20), event("2026-03-02", 5)))
    assert (charged(made), charged(made, "bonus"), unserved(made)) == (25, 2, 0)


def test_a_result_that_no_line_of_any_period_takes_is_unserved():
    """Nothing is fed to a line, and so nothing is taken from one: it is told all the same."""
    body = """
    setting pro = off
    meter peak { measure highest(quantity) in calls }
    charge fee { on peak; every month; when pro; rate 1 USD/call }
    charge bonus { on peak; every day; when pro; rate 0.1 USD/call }
    """
    made = bill(tariff(body), account(event("2026-03-02", 5, "peak")))
    assert (charged(made), unserved(made)) == (0, 5)


def test_charges_by_plan_take_turns():
    body = """
    setting plan one of basic, pro = basic
    charge cheap { on m; every month; when plan == pro; rate 1 USD/call }
    charge dear { on m; every month; when plan == basic; rate 2 USD/call }
    """
    usage = account(event("2026-03-09", 1), event("2026-03-10", 10), settings=(setting("plan", "pro", "2026-03-10"),))
    made = bill(tariff(METER + body), usage)
    assert (charged(made, "cheap"), charged(made, "dear"), unserved(made)) == (10, 2, 0)


def test_a_condition_on_the_instant():
    rules = tariff(METER + "charge fee { on m; every month; when at >= 2026-03-15; rate 1 USD/call }")
    usage = account(event("2026-03-14 23:59:59", 1), event("2026-03-15", 10))
    made = bill(rules, usage)
    assert (charged(made), unserved(made)) == (10, 1)


def test_a_condition_of_a_charge_on_nothing():
    rules = tariff("setting plan one of basic, pro = basic\ncharge fee { every month; when plan == pro; amount 5 USD }")
    usage = account(settings=(setting("plan", "pro", "2026-03-01"), setting("plan", "basic", "2026-05-01")))
    assert [b.total for b in bills(rules, usage, "2026-02", "2026-05")] == [0, 5, 5, 0]


def test_what_no_charge_prices_is_unserved_without_a_condition():
    rules = tariff(METER + "grant free { covers m; size 3 calls; issued once on activation }\ndeduct m from free")
    made = bill(rules, account(event("2026-03-02", 5), activated="2026-03-01"))
    (rest,) = made.unserved
    assert (rest.quantity, rest.conditions) == (2, ())


BY_MONTH = "charge monthly { on m; every month; MONTH rate 1 USD/call }\n"
BY_QUARTER = "charge quarterly { on m; every quarter; when quantity > 20 calls; rate 1 USD/call }"


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("", [0, 0, 0]),  # the month takes all of it
        ("when quantity > 8 calls;", [0, 0, 5]),  # what the month leaves of February, and the quarter too
        ("when quantity > 50 calls;", [0, 0, 15]),
    ],
)
@pytest.mark.parametrize("measure", ["sum(quantity)", "round up (sum(quantity)) to 1 calls"])
def test_usage_is_unserved_once_the_last_of_charges_with_other_periods_leaves_it(measure, month, expected):
    meter = f"meter m {{ measure {measure} in calls }}\n"
    rules = tariff(meter + BY_MONTH.replace("MONTH", month) + BY_QUARTER)
    made = bills(rules, account(event("2026-01-05", 10), event("2026-02-05", 5)), "2026-01", "2026-03")
    if "round" in measure and "8" in month:
        expected = [0, 0, 0]  # a result of the quarter, of which a month has taken a part
    assert [unserved(one) for one in made] == expected
