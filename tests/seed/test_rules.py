"""Each rule of the price page, by itself: what holds, and the instant or the figure at which it stops to hold."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

import ratewright
from ratewright.diagnostics import RatewrightError
from ratewright.resources import rules_dir
from ratewright.values.calendar import moment_text
from tests.rating.accounts import (
    account,
    amounts,
    buy,
    charged,
    drawn,
    event,
    extend,
    grant,
    left,
    problem,
    setting,
    total,
    unserved,
)
from tests.seed.account import METER, concurrency, pay_as_you_go, price_list, tier_price
from tests.seed.months import PACK, call, month

ON = (setting("postpaid", "on"),)


# ---------------------------------------------------------------- the order of deduction


def test_free_then_prepaid_then_postpaid():
    made = month(
        call("2026-03-02 10:00", 1_500),
        grants=(grant("free_quota", 100),),
        purchases=(buy("p1", "2026-03-01", 1_000, PACK),),
        settings=ON,
    )
    assert drawn(made) == {"free_quota": 100, "p1": 1_000}
    assert pay_as_you_go(made).quantity == 400
    assert charged(made, "pay_as_you_go") == 32
    assert made.total == 32 + 75


def test_the_free_package_goes_first_even_if_it_expires_last():
    made = month(
        call("2027-01-20 10:00", 60),
        period="2027-01",
        grants=(grant("free_quota", 50),),
        purchases=(buy("p1", "2026-01-21 00:00", 1_000, PACK),),
    )
    assert drawn(made) == {"free_quota": 50, "p1": 10}


def test_the_tier_is_that_of_what_is_left():
    """10,000 calls of which 50 are free stay below 10,000: the page bills 9,950 at 0.08 USD."""
    made = month(total("2026-03-01", "2026-04-01", 10_000, METER), grants=(grant("free_quota", 50),), settings=ON)
    assert tier_price(made) == 8
    assert made.total == 796
    gross = month(total("2026-03-01", "2026-04-01", 10_050, METER), grants=(grant("free_quota", 50),), settings=ON)
    assert tier_price(gross) == 6
    assert gross.total == 600


@pytest.mark.parametrize(
    ("pics", "cents"),
    [
        (1, 8),
        (9_999, 8),
        (10_000, 6),
        (10_001, 6),
        (99_999, 6),
        (100_000, 5),
        (100_001, 5),
        (999_999, 5),
        (1_000_000, 4),
        (1_000_001, 4),
        (10_000_000, 4),
    ],
)
def test_every_bound_from_below_at_it_and_above(pics, cents):
    made = month(total("2026-03-01", "2026-04-01", pics, METER), settings=ON)
    assert tier_price(made) == cents
    assert made.total == Fraction(pics * cents, 100)


def test_no_usage_costs_nothing_and_makes_no_line():
    made = month(settings=ON)
    assert (made.total, made.lines, made.unserved) == (0, (), ())


def test_the_tier_starts_anew_each_month():
    usage = account(call("2026-03-31 23:59:59", 9_999), call("2026-04-01 00:00", 9_999), settings=ON)
    march, april = price_list().statement(usage, "2026-03", "2026-04").details.bills
    assert march.total == april.total == Fraction("799.92")


def test_a_month_is_the_vendors_month():
    """1 April in Shanghai begins on 31 March, 16:00 UTC."""
    usage = account(call("2026-03-31T15:59:59Z", 1), call("2026-03-31T16:00:00Z", 2), settings=ON)
    march, april = price_list().statement(usage, "2026-03", "2026-04").details.bills
    assert (march.meters[0].measured, april.meters[0].measured) == (1, 2)


# ---------------------------------------------------------------- what counts


def test_failed_calls_are_free_and_draw_nothing():
    made = month(
        call("2026-03-01", 40, status="failed"),
        call("2026-03-02", 60),
        grants=(grant("free_quota", 50),),
        settings=ON,
    )
    assert pay_as_you_go(made).quantity == 10
    (meter,) = made.meters
    ((excluded),) = meter.excluded
    assert (excluded.records, excluded.quantity) == (1, 40)
    assert [(r.name, r.text) for r in excluded.readings] == [("status", "failed")]


def test_console_and_api_count_alike():
    by_api = month(call("2026-03-01", 9_000, channel="api"), call("2026-03-02", 1_000, channel="api"), settings=ON)
    mixed = month(call("2026-03-01", 9_000, channel="console"), call("2026-03-02", 1_000), settings=ON)
    assert by_api.total == mixed.total == 600


def test_subaccounts_share_the_tier_and_are_told_apart():
    made = month(
        event("2026-03-01", 6_000, METER, subaccount="eu"),
        event("2026-03-02", 4_000, METER, subaccount="us"),
        settings=ON,
        subaccounts=("eu", "us"),
    )
    assert tier_price(made) == 6
    shares = {name: share for name, share in made.meters[0].subaccounts if share}
    assert shares == {"eu": 6_000, "us": 4_000}


# ---------------------------------------------------------------- postpaid


def test_postpaid_is_off_until_it_is_switched_on():
    made = month(call("2026-03-02", 60), grants=(grant("free_quota", 50),))
    assert made.total == 0
    assert made.lines == ()
    (rest,) = made.unserved
    assert rest.quantity == 10
    ((charge, why),) = rest.conditions
    assert charge.name == "pay_as_you_go"
    assert [(r.name, r.text) for r in why.readings] == [("postpaid", "off")]
    assert not why.holds
    from ratewright.report.bill_formats import bill_json

    (told,) = json.loads(bill_json(made))["unserved"]
    assert told["quantity"] == "10"
    assert told["reason"] == "pay as you go does not apply: postpaid billing is off"


def test_switched_on_within_the_month_it_holds_from_then_on():
    made = month(
        call("2026-03-10 11:59:59", 100),
        call("2026-03-10 12:00:00", 30),
        settings=(setting("postpaid", "on", "2026-03-10 12:00"),),
    )
    assert pay_as_you_go(made).quantity == 30
    assert unserved(made) == 100


def test_switched_off_again():
    made = month(
        call("2026-03-05", 1),
        call("2026-03-15", 20),
        call("2026-03-25", 300),
        settings=(setting("postpaid", "on", "2026-03-10"), setting("postpaid", "off", "2026-03-20")),
    )
    assert pay_as_you_go(made).quantity == 20
    assert unserved(made) == 301
    assert len(made.unserved) == 1


def test_the_bill_is_issued_on_the_first_three_days_of_the_next_month():
    for period, first, last in [
        ("2026-03", "2026-04-01", "2026-04-03"),
        ("2026-12", "2027-01-01", "2027-01-03"),
        ("2028-01", "2028-02-01", "2028-02-03"),
    ]:
        made = month(period=period)
        assert [day.format_iso() for day in made.invoiced] == [first, last]


def test_the_list_holds_from_the_day_of_the_page():
    found = problem(price_list().tree, account(), "2025-12")
    assert found.code == "A203"
    assert "2026-01-21" in found.message


# ---------------------------------------------------------------- concurrency


def steps(made) -> list[tuple[str, str, int]]:
    return [
        (moment_text(s.start, made.calendar), moment_text(s.end, made.calendar), s.capacity)
        for s in concurrency(made).steps
    ]


def test_three_tasks_at_a_time_by_default():
    assert steps(month()) == [("2026-03-01", "2026-04-01", 3)]
    made = month(*(event("2026-03-02 10:00", 1, METER, lasts="60 seconds") for _ in range(4)))
    limit = concurrency(made)
    assert (limit.peak, limit.running, limit.waited, limit.waiting) == (4, 3, 1, 60)
    assert [(r.offer.term, r.cost) for r in limit.remedies] == [("day", 200), ("month", 4_000)]
    assert made.total == 0


def test_account_and_subaccounts_share_the_limit():
    made = month(
        event("2026-03-02 10:00", 1, METER, lasts="60 seconds"),
        event("2026-03-02 10:00", 1, METER, lasts="60 seconds", subaccount="eu"),
        event("2026-03-02 10:00", 1, METER, lasts="60 seconds", subaccount="eu"),
        event("2026-03-02 10:00:30", 1, METER, lasts="60 seconds", subaccount="us"),
        subaccounts=("eu", "us"),
    )
    limit = concurrency(made)
    assert (limit.peak, limit.waited, limit.waiting) == (4, 1, 30)


@pytest.mark.parametrize(
    ("by", "term", "terms", "cost"),
    [(1, "day", 1, 200), (1, "month", 1, 4_000), (2, "day", 5, 2_000), (3, "month", 2, 24_000)],
)
def test_extensions_at_their_prices(by, term, terms, cost):
    made = month(extensions=(extend("x", "2026-03-02", by, term, terms, "concurrency"),))
    assert made.total == cost
    assert amounts(made, "concurrency") == [cost]


def test_capacity_over_time():
    made = month(
        extensions=(
            extend("d", "2026-03-05 12:00", 1, "day", 2, "concurrency"),
            extend("m", "2026-03-06", 2, "month", 1, "concurrency"),
        )
    )
    assert steps(made) == [
        ("2026-03-01", "2026-03-05 12:00", 3),
        ("2026-03-05 12:00", "2026-03-06", 4),
        ("2026-03-06", "2026-03-07 12:00", 6),
        ("2026-03-07 12:00", "2026-04-01", 5),
    ]


def test_a_month_of_capacity_ends_on_the_same_day_of_the_next_month():
    usage = account(extensions=(extend("m", "2026-03-31", 1, "month", 1, "concurrency"),))
    made = price_list().statement(usage, "2026-03", "2026-05").details.bills
    assert [b.total for b in made] == [4_000, 0, 0]
    assert [step for b in made for step in steps(b)] == [
        ("2026-03-01", "2026-03-31", 3),
        ("2026-03-31", "2026-04-01", 4),
        ("2026-04-01", "2026-04-30", 4),
        ("2026-04-30", "2026-05-01", 3),
        ("2026-05-01", "2026-06-01", 3),
    ]


def test_an_extension_that_runs_takes_tasks_without_waiting():
    tasks = [event("2026-03-02 10:00", 1, METER, lasts="60 seconds") for _ in range(4)]
    made = month(*tasks, extensions=(extend("d", "2026-03-02", 1, "day", 1, "concurrency"),))
    assert (concurrency(made).waited, concurrency(made).remedies) == (0, ())
    the_day_before = month(*tasks, extensions=(extend("d", "2026-03-01", 1, "day", 1, "concurrency"),))
    assert concurrency(the_day_before).waited == 1


def test_extensions_by_the_week_are_not_sold():
    usage = account(extensions=(extend("w", "2026-03-02", 1, "week", 1, "concurrency"),))
    found = problem(price_list().tree, usage)
    assert found.code == "A106"
    assert found.help == "it is sold by the `day`, `month`"


# ---------------------------------------------------------------- the file's own examples


def test_every_example_of_the_rule_file_holds():
    trials = price_list().test()
    assert len(trials) >= 30
    assert [t.name for t in trials if t.status.value != "passed"] == []


def test_what_a_total_cannot_decide_is_refused():
    """A month's total that meets the purchase of a package inside the month: how much came after is not known."""
    usage = account(total("2026-03-01", "2026-04-01", 500, METER), purchases=(buy("p1", "2026-03-10", 1_000, PACK),))
    with pytest.raises(RatewrightError) as raised:
        price_list().bill(usage, "2026-03")
    assert [d.code for d in raised.value.diagnostics] == ["A301"]


def test_an_opening_balance_stands_for_the_free_package():
    usage = account(total("2026-03-01", "2026-04-01", 10_000, METER), balances=(left("free_quota", 50),), settings=ON)
    assert price_list().bill(usage, "2026-03").details.total == 796


def test_tasks_that_never_find_room_are_said_to_be_stuck(tmp_path):
    text = (
        (rules_dir() / "tencent_hy_image.tariff")
        .read_text(encoding="utf-8")
        .replace("default  3 tasks", "default  0 tasks")
    )
    rules = ratewright.loads(text.partition("example ")[0])
    fixture = tmp_path / "acme.yaml"
    fixture.write_text(
        "account: acme\nusage:\n"
        "  - {meter: image_style_transfer, at: 2026-03-02T10:00:00+08:00, quantity: 1, lasts: 60 seconds}\n"
        "  - {meter: image_style_transfer, at: 2026-03-02T10:00:30+08:00, quantity: 1, lasts: 60 seconds}\n",
        encoding="utf-8",
    )
    bill = rules.bill(ratewright.read_usage(fixture), "2026-03")
    (limit,) = bill.details.limits
    assert (limit.tasks, limit.stuck, limit.waited, limit.running) == (2, 2, 0, 0)
    assert [(r.offer.term, r.cost) for r in limit.remedies] == [("day", 400), ("month", 8000)]
    assert "2 tasks never found room" in bill.explain()
    assert "none had to wait" not in bill.explain()
