"""Pools that pay for several meters, each at its ratio: what a unit of usage takes, and what is left of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rating.accounts import (
    account,
    amount,
    bill,
    bills,
    buy,
    charged,
    drawn,
    event,
    problem,
    quantities,
    setting,
    tariff,
    total,
    unserved,
)

TRAFFIC = """
table ratio by kind, region {
         mainland    AP1
  LEB        2     3.5385
  LVB        1     1.7692
}
meter m {
  field kind one of LEB, LVB
  field region one of mainland, AP1
  measure sum(quantity) in GB
}
package pack { covers m at ratio[kind, region]; sizes { 10 GB 1 USD; 1 TB 40 USD }; valid 1 year from purchase }
charge fee { on m; every month; rate 1 USD/GB }
deduct m from pack > fee
"""
HEAD = 'currency USD; timezone "UTC"; bytes by 1000; rounding none'


def traffic():
    return tariff(TRAFFIC, HEAD)


def test_a_unit_of_usage_takes_its_ratio_and_the_rest_stays_in_its_own_unit():
    usage = account(
        event("2026-03-05", "4 GB", kind="LEB", region="mainland"),
        event("2026-03-06", "4 GB", kind="LVB", region="AP1"),
        purchases=(buy("b", "2026-03-01", "10 GB"),),
    )
    made = bill(traffic(), usage)
    assert drawn(made) == {"b": 10 * 10**9}
    assert quantities(made) == [4 - Fraction(2) / Fraction("1.7692")]
    (source,) = made.meters[0].sources
    assert (source.taken, source.covered) == (10 * 10**9, (4 + Fraction(2) / Fraction("1.7692")) * 10**9)
    shares = [(r.value, r.covered, r.taken) for r in source.ratios]
    assert shares == [
        (Fraction("1.7692"), Fraction(2 * 10**9) / Fraction("1.7692"), 2 * 10**9),
        (2, 4 * 10**9, 8 * 10**9),
    ]


def test_the_rest_goes_on_to_the_next_lot():
    usage = account(
        event("2026-03-05", "14 GB", kind="LVB", region="AP1"),
        purchases=(buy("a", "2026-03-01", "10 GB"), buy("b", "2026-03-02", "10 GB"), buy("c", "2026-03-03", "10 GB")),
    )
    made = bill(traffic(), usage)
    assert drawn(made) == {"a": 10**10, "b": 10**10, "c": Fraction("4.7688") * 10**9}
    assert charged(made) == 0


SHARED = """
unit credit, credits
meter chat {{ measure sum(quantity) in calls }}
meter images {{ measure sum(quantity) in calls }}
package pack {{ covers {covers}; sizes {{ {size} }}; valid 1 year from purchase }}
charge fee {{ on chat; every month; rate 1 USD/call }}
deduct chat from pack > fee
deduct images from pack
"""


@pytest.mark.parametrize(
    ("covers", "size"),
    [
        ("chat at 1, images at 5", "100 credits 1 USD"),
        ("chat at 1 credit, images at 5 credits", "100 credits 1 USD"),
        ("chat at 1 credit/call, images at 2.5 credits/call * 2", "100 credits 1 USD"),
        ("chat, images at 5", "100 calls 1 USD"),
        ("chat at 0.01, images at 5%", "1 USD 1 USD"),
        ("chat at 0.01 USD/call, images at 0.05 USD/call", "1 USD 1 USD"),
    ],
)
def test_meters_share_a_pool_in_its_unit(covers, size):
    made = tariff(SHARED.format(covers=covers, size=size))
    usage = account(
        event("2026-03-05", 30, "chat"), event("2026-03-06", 12, "images"), event("2026-03-07", 15, "chat"),
        event("2026-03-08", 1, "images"),
        purchases=(buy("b", "2026-03-01", amount(" ".join(size.split()[:2]))),),
    )  # fmt: skip
    found = bill(made, usage)
    assert charged(found) == 5
    assert unserved(found) == 1
    assert [s.covered for m in found.meters for s in m.sources] == [40, 12]
    one = sum(s.taken for m in found.meters for s in m.sources)
    assert one == {"credits": 100, "calls": 100, "USD": 1}[size.split()[1]]


def test_a_unit_of_a_meter_is_the_one_it_is_declared_in():
    made = tariff(
        """
        unit credit, credits
        meter m in GB
        package pack { covers m at 2; sizes { 10 credits 1 USD } }
        deduct m from pack
        """,
        HEAD,
    )
    usage = account(event("2026-03-05", "1500 MB"), purchases=(buy("b", "2026-03-01", "10 credits"),))
    assert drawn(bill(made, usage)) == {"b": 3}


def test_a_ratio_that_a_setting_gives():
    made = tariff(
        """
        setting weight = 2
        meter m in calls
        package pack { covers m at weight + 1; sizes { 100 calls 1 USD } }
        deduct m from pack
        """
    )
    bought = (buy("b", "2026-03-01", 100),)
    changes = (setting("weight", amount(4), "2026-03-06"),)
    usage = account(event("2026-03-05", 2), event("2026-03-06", 3), purchases=bought, settings=changes)
    assert drawn(bill(made, usage)) == {"b": 6 + 15}
    found = problem(made, account(total("2026-03-02", "2026-04-01", 4), purchases=bought, settings=changes))
    assert (found.code, found.related[0][0]) == ("A302", "the ratio")
    assert unserved(bill(made, account(total("2026-03-02", "2026-04-01", 4), settings=changes))) == 4


def test_a_ratio_is_asked_only_where_a_lot_would_pay():
    body = TRAFFIC.replace("3.5385", "not sold")
    made = tariff(body, HEAD)
    record = event("2026-03-05", "4 GB", kind="LEB", region="AP1")
    assert charged(bill(made, account(record))) == 4
    found = problem(made, account(record, purchases=(buy("b", "2026-03-01", "10 GB"),)))
    assert found.code == "A401"


def test_a_ratio_of_nothing_is_refused():
    made = tariff(TRAFFIC.replace("3.5385", "0"), HEAD)
    record = event("2026-03-05", "4 GB", kind="LEB", region="AP1")
    found = problem(made, account(record, purchases=(buy("b", "2026-03-01", "10 GB"),)))
    assert (found.code, found.message) == (
        "A502",
        "a ratio is more than 0, and `ratio[kind, region]` comes to 0 for this usage",
    )


def test_pools_that_share_a_rank_at_different_ratios():
    made = tariff(
        """
        meter m in calls
        package one { covers m at 1; sizes { 10 calls 1 USD } }
        package two { covers m at 2; sizes { 10 calls 1 USD } }
        package third { covers m at 1/3; sizes { 10 calls 1 USD } }
        deduct m from one, two, third
        """
    )
    bought = (
        buy("a", "2026-03-01", 10, "one"), buy("b", "2026-03-02", 10, "two"), buy("c", "2026-03-03", 10, "third")
    )  # fmt: skip
    for used, expected in [
        (12, {"a": 10, "b": 4}),
        (16, {"a": 10, "b": 10, "c": Fraction(1, 3)}),
        (46, {"a": 10, "b": 10, "c": 10}),
    ]:
        found = bill(made, account(event("2026-03-05", used), purchases=bought))
        assert drawn(found) == expected
        assert unserved(found) == max(0, used - 45)


def test_days_of_small_ratios_stay_exact():
    made = tariff(
        """
        meter m in calls
        package pack { covers m at 1.7692; sizes { 10 calls 1 USD } }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from pack > fee
        """,
        'currency USD; timezone "UTC"; rounding none',
    )
    records = [event(f"2026-03-{day:02} {hour:02}:00", Fraction(7, 9)) for day in range(1, 29) for hour in range(24)]
    usage = account(*records, purchases=(buy("b", "2026-03-01", 10, count=30),))
    found = bill(made, usage)
    assert sum(drawn(found).values()) == 300
    assert charged(found) == Fraction(7, 9) * 672 - 300 / Fraction("1.7692")


def test_a_meter_of_whole_periods_at_a_ratio_of_its_keys():
    made = tariff(
        """
        table weight by region { EU 2; US 3 }
        meter m { field region one of EU, US; by region; measure highest(quantity) in calls }
        grant free { covers m at weight[region]; size 50 calls; renews every month }
        deduct m from free
        """
    )
    usage = account(event("2026-03-05", 12, region="US"), event("2026-03-06", 5, region="EU"))
    (found,) = bills(made, usage, "2026-03")
    assert sum(drawn(found).values()) == 36 + 10
