"""What is in force: what settings keep away from a whole period is for that period as if it were not declared."""

from __future__ import annotations

import pytest

from tests.rating.accounts import (
    account,
    bill,
    bills,
    carried,
    changed,
    event,
    lots,
    problem,
    setting,
    tariff,
    total,
    unserved,
    when,
)

PLANS = """
setting plan one of a, b, none = a
meter m in calls
grant quota_a { covers m;  size 10 calls;  renews every month;  when plan == a }
grant quota_b { covers m;  size 100 calls;  renews every month;  rolls over for 2 months;  when plan == b }
grant once_b  { covers m;  size 5 calls;  when plan == b }
charge fee_a { on m;  every month;  when plan == a;  rate 1 USD/call }
charge fee_b { on m;  every month;  when plan == b;  rate 2 USD/call }
charge flat_b { every month;  when plan == b;  amount 7 USD }
deduct m from quota_a, quota_b > once_b > fee_a, fee_b
"""
FAMILY = """
setting plan one of a, b = a
meter m in calls
meter large { reads m;  where quantity >= 5 calls;  measure sum(quantity) in calls }
charge fee_a { on large;  every month;  when plan == a;  rate 1 USD/call }
charge fee_b { on m;  every month;  when plan == b;  rate 2 USD/call }
"""


def test_of_a_plan_that_is_not_on_nothing_is_held_and_nothing_told() -> None:
    made = bill(tariff(PLANS), account(event("2026-03-05", 12), activated="2026-01-01"))

    assert made.total == 2
    assert [source.pool.name for meter in made.meters for source in meter.sources] == ["quota_a"]
    assert [balance.source for balance in made.balances] == ["quota_a"]
    assert made.away == () and made.unserved == ()


def test_nothing_rolls_over_out_of_a_cycle_that_was_not_in_force() -> None:
    usage = account(event("2026-04-05", 108), activated="2026-01-01", settings=(setting("plan", "b", "2026-04-01"),))
    march, april = bills(tariff(PLANS), usage, "2026-03", "2026-04")

    assert {lot.lot: lot.drawn for lot in lots(march)} == {"quota_a@2026-03-01": 0}  # the other plan comes later
    assert {lot.lot: lot.drawn for lot in lots(april)} == {"quota_b@2026-04-01": 100, "once_b": 5}
    assert (march.total, april.total) == (0, 2 * 3 + 7)


@pytest.mark.parametrize("changes", ["2026-04-01", "2026-04-15", "2026-04-16"])
def test_a_quota_that_comes_into_force_behind_an_opening_is_all_there(changes: str) -> None:
    rules = tariff(
        PLANS.replace("m;  every month", "m;  every day").replace(
            "charge flat_b { every month", "charge flat_b { every day"
        )
    )
    whole = account(
        event("2026-04-05", 12),
        event("2026-04-20", 50),
        activated="2026-01-01",
        settings=(setting("plan", "b", changes),),
    )
    days = [f"2026-04-{day:02}" for day in range(1, 31)]
    before, after = days[:14], days[14:]
    first = bills(rules, whole, *before)
    opening = account(opening="2026-04-15").opening
    second = changed(whole, opening=opening, balances=carried(first[-1]), records=whole.records[1:])

    out_of_all = bills(rules, whole, *days)[14:]
    alone = bills(rules, second, *after)
    assert [made.total for made in alone] == [made.total for made in out_of_all]
    assert [{lot.lot: lot.remaining for lot in lots(made)} for made in alone[5:]] == [
        {lot.lot: lot.remaining for lot in lots(made)} for made in out_of_all[5:]
    ]


def test_a_record_that_a_meter_in_force_leaves_out_is_told_by_the_other() -> None:
    rules = tariff(FAMILY)
    served = bill(rules, account(event("2026-03-05", 5)))
    left_out = bill(rules, account(event("2026-03-05", 4)))

    assert (served.total, unserved(served)) == (5, 0)
    assert [meter.meter.name for meter in served.meters] == ["large"]
    assert (left_out.total, unserved(left_out)) == (0, 4)
    assert [meter.meter.name for meter in left_out.meters] == ["m", "large"]


def test_usage_that_no_plan_serves_is_told_with_all_reasons() -> None:
    made = bill(
        tariff(PLANS), account(event("2026-03-05", 4), activated="2026-01-01", settings=(setting("plan", "none"),))
    )

    assert unserved(made) == 4 and made.total == 0
    assert [charge.name for one in made.unserved for charge, _ in one.conditions] == ["fee_a", "fee_b"]


def test_a_meter_that_a_formula_names_is_asked_and_serves_nobody() -> None:
    rules = FAMILY.replace("charge fee_a { on large;", "charge fee_a {").replace(
        "rate 1 USD/call", "amount 1 USD * large / 1 call"
    )
    made = bill(tariff(rules), account(event("2026-03-05", 5)))

    assert made.total == 5
    assert unserved(made) == 5, "what nobody prices is told, though a formula goes by it"


def test_the_whole_period_of_a_line_is_measured_though_it_is_in_force_for_a_part() -> None:
    rules = """
    setting plan one of a, b = a
    meter m in calls
    meter most { reads m;  measure highest(quantity) in calls }
    charge fee_a { on m;  every month;  when plan == a;  rate 1 USD/call }
    charge fee_b { every month;  when plan == b;  amount 1 USD * most / 1 call;  prorated by day }
    """
    usage = account(event("2026-04-05", 30), event("2026-04-20", 10), settings=(setting("plan", "b", "2026-04-16"),))
    made = bill(tariff(rules), usage, "2026-04")

    assert made.total == 30 + 15


def test_a_total_is_refused_for_a_peak_in_force_only() -> None:
    rules = """
    setting plan one of a, b = a
    meter m in calls
    meter most { reads m;  define sums = sum(quantity) each 5 minutes;  measure highest(sums) in calls }
    charge fee_a { on m;  every month;  when plan == a;  rate 1 USD/call }
    charge fee_b { on most;  every month;  when plan == b;  rate 1 USD/call }
    """
    of_a_day = account(total("2026-03-05", "2026-03-06", 30))

    assert bill(tariff(rules), of_a_day).total == 30
    assert problem(tariff(rules), changed(of_a_day, settings=(setting("plan", "b"),))).code == "A307"


def test_what_rolled_over_stays_where_the_plan_ends_with_the_month() -> None:
    """All of March's cycle goes on into months in which the plan is another; a balance that lost it would lose it."""
    rules = tariff(PLANS)
    plans = (setting("plan", "b", "2026-03-01"), setting("plan", "a", "2026-04-01"), setting("plan", "b", "2026-05-01"))
    whole = account(event("2026-05-05", 230), activated="2026-03-01", settings=plans)
    months = ("2026-03", "2026-04", "2026-05")
    made = bills(rules, whole, months[0], months[-1])
    assert ("quota_b", 100) in [(each.source, each.remaining) for each in made[0].balances]
    (first,) = bills(rules, whole, months[0], months[0])
    assert first.balances == made[0].balances
    assert [lot.drawn for lot in lots(made[2]) if lot.lot.startswith("quota_b")] == [100, 100]
    assert made[2].total == 2 * (230 - 200 - 5) + 7
    opened = changed(whole, opening=when("2026-04-01"), balances=carried(first))
    assert [each.total for each in bills(rules, opened, months[1], months[2])] == [each.total for each in made[1:]]
