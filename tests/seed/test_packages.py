"""Packages of the first price list: bought, drawn, given back."""

from __future__ import annotations

import json

import pytest

from ratewright.rating.bill import LineKind
from tests.rating.accounts import (
    account,
    amounts,
    ask,
    bill,
    buy,
    charged,
    drawn,
    event,
    grant,
    problem,
    tariff,
    unserved,
)
from tests.seed.account import lot_traces, price_list
from tests.seed.months import PACK, call, month


def reasons(made) -> list[str]:
    """Why requests were refused, as the bill tells machines."""
    from ratewright.report.bill_formats import bill_json

    return [refused["reason"] for refused in json.loads(bill_json(made))["refusals"]]


# ---------------------------------------------------------------- packages


@pytest.mark.parametrize(
    ("size", "price"),
    [(1_000, 75), (10_000, 550), (100_000, 4_500), (1_000_000, 30_000), (10_000_000, 200_000)],
)
def test_five_sizes_at_their_prices(size, price):
    made = month(call("2026-03-02", size), purchases=(buy("p1", "2026-03-01", size, PACK),))
    assert made.total == price
    assert drawn(made) == {"p1": size}
    assert unserved(made) == 0


def test_other_sizes_are_not_sold():
    usage = account(purchases=(buy("p1", "2026-03-01", 5_000, PACK),))
    found = problem(price_list().tree, usage)
    assert found.code == "A105"
    assert "not sold in 5,000 pics" in found.message
    assert found.help == "it is sold in 1,000 pics, 10,000 pics, 100,000 pics, 1,000,000 pics, 10,000,000 pics"


def test_three_packages_for_a_year_of_30_000_calls():
    usage = account(
        *(call(f"2026-{m:02}-15", 2_500) for m in range(2, 13)),
        call("2027-01-15", 2_500),
        purchases=(buy("p1", "2026-02-01", 10_000, PACK, 3),),
    )
    made = price_list().statement(usage, "2026-02", "2027-01").details
    assert made.total == 1_650
    assert drawn(made.bills) == {"p1#1": 10_000, "p1#2": 10_000, "p1#3": 10_000}
    assert [lot.remaining for lot in lot_traces(made.bills[-1])] == [0, 0, 0]
    assert made.bills[-1].balances == ()  # the year is over when the month is


def test_a_package_lasts_one_year_to_the_second():
    made = month(
        call("2027-03-02 11:59:59", 10),
        call("2027-03-02 12:00:00", 7),
        period="2027-03",
        purchases=(buy("p1", "2026-03-02 12:00:00", 1_000, PACK),),
    )
    assert drawn(made) == {"p1": 10}
    assert unserved(made) == 7
    (lot,) = lot_traces(made)
    assert (lot.remaining, lot.lapsed) == (0, 990)
    assert made.balances == ()


def test_a_package_bought_on_29_february_lasts_to_28_february():
    made = month(
        call("2029-02-28 06:59:59", 1),
        call("2029-02-28 07:00:00", 1),
        period="2029-02",
        purchases=(buy("p1", "2028-02-29 07:00", 1_000, PACK),),
    )
    assert drawn(made) == {"p1": 1}


def test_the_free_package_lasts_one_year_too():
    usage = account(
        call("2027-01-21 08:59:59", 3),
        call("2027-01-21 09:00:00", 4),
        activated="2026-01-21 09:00",
        grants=(grant("free_quota", 50),),
    )
    made = price_list().bill(usage, "2027-01").details
    assert drawn(made) == {"free_quota": 3}
    assert unserved(made) == 4


def test_a_package_pays_only_for_calls_from_its_purchase_on():
    made = month(
        call("2026-03-02 11:59:59", 10),
        call("2026-03-02 12:00:00", 7),
        purchases=(buy("p1", "2026-03-02 12:00", 1_000, PACK),),
    )
    assert drawn(made) == {"p1": 7}
    assert unserved(made) == 10


def test_the_package_that_expires_first_is_drawn_first_whatever_its_size_or_id():
    made = month(
        call("2026-03-05", 1_200),
        purchases=(
            buy("a", "2026-02-02", 1_000, PACK),
            buy("z", "2026-02-01", 1_000, PACK),
            buy("m", "2026-02-03", 10_000, PACK),
        ),
    )
    assert drawn(made) == {"z": 1_000, "a": 200}


def test_packages_bought_at_once_are_drawn_in_the_order_of_their_ids_and_numbers():
    at = "2026-02-01"
    made = month(
        call("2026-03-05", 11_500),
        purchases=(buy("q", at, 1_000, PACK), buy("p", at, 1_000, PACK, 12)),
    )
    assert drawn(made) == {f"p#{n}": 1_000 for n in range(1, 12)} | {"p#12": 500}


TWO_APIS = """
meter style { measure sum(quantity) in calls }
meter upscale { measure sum(quantity) in calls }
package style_pack { covers style; sizes { 1,000 calls 75 USD }; valid 1 year from purchase }
package upscale_pack { covers upscale; sizes { 1,000 calls 50 USD }; valid 1 year from purchase }
charge style_fee { on style; every month; rate 0.08 USD/call }
charge upscale_fee { on upscale; every month; rate 0.05 USD/call }
deduct style from style_pack > style_fee
deduct upscale from upscale_pack > upscale_fee
"""


def test_a_package_pays_for_its_own_api_and_no_other():
    made = bill(
        tariff(TWO_APIS),
        account(
            event("2026-03-02", 100, "upscale"),
            event("2026-03-02", 10, "style"),
            purchases=(buy("p1", "2026-03-01", 1_000, "style_pack"),),
        ),
    )
    assert drawn(made) == {"p1": 10}
    assert charged(made, "upscale_fee") == 5
    assert charged(made, "style_fee") == 0


# ---------------------------------------------------------------- giving back, putting on hold


def test_given_back_in_full_to_the_last_instant_of_7_days():
    made = month(
        call("2026-03-09", 10),
        purchases=(buy("p1", "2026-03-01 10:00", 1_000, PACK),),
        refunds=(ask("p1", "2026-03-08 10:00:00"),),
    )
    assert amounts(made, PACK) == [75, -75]
    assert made.total == 0
    assert made.refusals == ()
    assert drawn(made) == {}
    assert unserved(made) == 10  # it pays for nothing after
    assert made.balances == ()


def test_refused_a_second_later():
    made = month(
        purchases=(buy("p1", "2026-03-01 10:00", 1_000, PACK),),
        refunds=(ask("p1", "2026-03-08 10:00:01"),),
    )
    assert made.total == 75
    assert reasons(made) == ["asked for after 2026-03-08 10:00"]
    assert [b.remaining for b in made.balances] == [1_000]


def test_refused_once_a_single_picture_was_made():
    made = month(
        call("2026-03-01 11:00"),
        purchases=(buy("p1", "2026-03-01 10:00", 1_000, PACK),),
        refunds=(ask("p1", "2026-03-02"),),
    )
    assert made.total == 75
    assert reasons(made) == ["`unused` does not hold"]


def test_a_failed_call_does_not_use_a_package():
    made = month(
        call("2026-03-01 11:00", status="failed"),
        purchases=(buy("p1", "2026-03-01 10:00", 1_000, PACK),),
        refunds=(ask("p1", "2026-03-02"),),
    )
    assert made.total == 0


def test_given_back_once_and_not_twice():
    made = month(
        purchases=(buy("p1", "2026-03-01", 1_000, PACK),),
        refunds=(ask("p1", "2026-03-02"), ask("p1", "2026-03-03")),
    )
    assert amounts(made, PACK) == [75, -75]
    assert reasons(made) == ["the money was already given back"]


def test_one_package_of_several():
    made = month(
        purchases=(buy("p1", "2026-03-01", 1_000, PACK, 3),),
        refunds=(ask("p1#2", "2026-03-02"),),
    )
    assert amounts(made, PACK) == [225, -75]
    assert [b.lot for b in made.balances] == ["p1#1", "p1#3"]


def test_of_a_purchase_of_several_those_that_are_unused():
    made = month(
        call("2026-03-01 12:00", 1_001),
        purchases=(buy("p1", "2026-03-01", 1_000, PACK, 4),),
        refunds=(ask("p1#3", "2026-03-02"), ask("p1", "2026-03-03")),
    )
    assert amounts(made, PACK) == [300, -75, -75]
    refused = {trace.lots: (trace.already, trace.drawn) for trace in made.refusals}
    assert refused == {("p1#1", "p1#2"): (False, 1_001), ("p1#3",): (True, 0)}


def test_money_of_a_package_of_last_month_comes_back_this_month():
    usage = account(
        purchases=(buy("p1", "2026-03-28", 1_000, PACK),),
        refunds=(ask("p1", "2026-04-02"),),
    )
    march, april = price_list().statement(usage, "2026-03", "2026-04").details.bills
    assert (march.total, april.total) == (75, -75)
    assert [line.kind for line in april.lines] == [LineKind.REFUND]


def test_a_free_package_cannot_be_given_back():
    usage = account(
        activated="2026-03-01", grants=(grant("free_quota", 50),), refunds=(ask("free_quota", "2026-03-02"),)
    )
    found = problem(price_list().tree, usage)
    assert found.code == "A206"
    assert "never bought" in found.message


def test_a_pause_is_refused_and_changes_nothing():
    made = month(
        call("2026-03-03", 5),
        purchases=(buy("p1", "2026-03-01", 1_000, PACK),),
        pauses=(ask("p1", "2026-03-02"),),
    )
    assert reasons(made) == ["a package cannot be paused"]
    (refused,) = made.refusals
    assert refused.rule is not None
    assert refused.rule.text.startswith("pause")
    assert drawn(made) == {"p1": 5}
