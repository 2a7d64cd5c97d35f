"""Quotas that usage fills: known when a cycle ends, for all usage of it; what is left goes on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.rating.accounts import (
    account,
    amount,
    bill,
    bills,
    carried,
    charged,
    corrected,
    event,
    late,
    lots,
    problem,
    setting,
    tariff,
    total,
    when,
)


def kept(size: str = "fed", rolls: str = "rolls over until end of year", period: str = "month", more: str = ""):
    return tariff(
        f"""
        setting share number = 1
        meter taken in calls
        meter fed in calls
        grant kept {{ covers taken; size {size}; renews every {period}; {rolls}; {more} }}
        charge fee {{ on taken; every {period}; rate 1 USD/call }}
        deduct taken from kept > fee
        """
    )


def taken(at: str, quantity: int):
    return event(at, quantity, "taken")


def fed(at: str, quantity: int):
    return event(at, quantity, "fed")


def held(made) -> list[tuple[object, ...]]:
    """Of each lot: its size, what it gave, what rolled over, lapsed and is left."""
    return [(lot.size, lot.drawn, lot.rolled, lot.lapsed, lot.remaining) for lot in lots(made)]


@pytest.mark.parametrize(
    ("fed_in", "rolled", "fee"), [(99, 0, 1), (100, 0, 0), (101, 1, 0)], ids=["less", "as much", "more"]
)
def test_it_pays_for_all_of_its_cycle(fed_in, rolled, fee):
    """Fed in at the last instant, taken at the first."""
    usage = account(taken("2026-03-01", 100), fed("2026-03-31 23:59:59", fed_in), fed("2026-04-01", 1000))

    made = bill(kept(), usage)

    assert held(made) == [(fed_in, fed_in - rolled, rolled, 0, 0)]
    assert charged(made) == fee


def test_what_is_left_pays_for_later_months_behind_their_own():
    usage = account(fed("2026-03-10", 150), taken("2026-03-11", 100), fed("2026-04-10", 20), taken("2026-04-11", 50))

    march, april = bills(kept(), usage, "2026-03", "2026-04")

    assert held(march) == [(150, 100, 50, 0, 0)]
    assert held(april) == [(20, 20, 0, 0, 0), (50, 30, 0, 0, 20)]


@pytest.mark.parametrize(
    ("rolls", "fees"),
    [
        ("rolls over until end of year", [0, 0, 10]),
        ("rolls over until end of quarter", [0, 0, 10]),
        ("rolls over until end of month", [0, 10, 10]),
        ("rolls over for 1 month", [0, 0, 10]),
        ("rolls over for 2 months", [0, 0, 0]),
        ("rolls over", [0, 0, 0]),
        ("rolls over up to 15 calls", [0, 0, 5]),
        ("rolls over until end of year up to 5 calls", [0, 5, 10]),
        ("", [0, 10, 10]),
    ],
)
def test_how_long_it_is_kept(rolls, fees):
    usage = account(fed("2026-11-10", 20), taken("2026-12-10", 10), taken("2027-01-10", 10), activated="2026-11-01")

    made = bills(kept(rolls=rolls), usage, "2026-11", "2027-01")

    assert [charged(one) for one in made] == fees


def test_what_is_fed_in_is_drawn_lapsed_or_left():
    usage = account(fed("2026-11-10", 70), taken("2026-11-12", 50), fed("2026-12-10", 30), taken("2026-12-24", 15))

    november, december = bills(kept(), usage, "2026-11", "2026-12")

    assert held(november) == [(70, 50, 20, 0, 0)]
    assert held(december) == [(20, 15, 0, 5, 0), (30, 0, 0, 30, 0)]  # both lapse at once: the older one comes first


def test_a_formula_and_one_below_0():
    usage = account(fed("2026-03-10", 9), taken("2026-03-11", 10))

    assert charged(bill(kept("fed * 50%"), usage)) == Fraction(11, 2)
    assert charged(bill(kept("max(fed - 10 calls, 0 calls)"), usage)) == 10
    found = problem(kept("fed - 10 calls"), usage)
    assert (found.code, found.message) == ("A501", "the size of kept comes out below 0 in March 2026: -1")


def test_a_setting_must_hold_for_the_cycle():
    usage = account(
        fed("2026-03-10", 9), taken("2026-03-11", 10), settings=(setting("share", amount("2"), "2026-03-05"),)
    )

    assert problem(kept("fed * share"), usage).code == "A305"
    assert (
        charged(bill(kept("fed * share"), replace(usage, settings=(setting("share", amount("1/2"), "2026-03-01"),))))
        == 5.5
    )


def test_the_covered_meter_itself():
    assert charged(bill(kept("taken * 10%"), account(taken("2026-03-11", 100)))) == 90


def test_sources_before_it_come_first():
    rules = tariff(
        """
        meter taken in calls
        meter fed in calls
        package pack { covers taken; sizes { 10 calls 1 USD } }
        grant kept { covers taken; size fed; renews every month }
        charge fee { on taken; every month; rate 1 USD/call }
        deduct taken from pack > kept > fee
        """
    )
    from tests.rating.accounts import buy

    usage = account(fed("2026-03-10", 5), taken("2026-03-11", 18), purchases=(buy("p", "2026-03-05", 10),))

    assert charged(bill(rules, usage)) == 3


def test_each_region_is_filled_by_its_own():
    rules = tariff(
        """
        meter taken { field region text; measure sum(quantity) in calls; by region }
        meter fed { field region text; measure sum(quantity) in calls; by region }
        grant kept { covers taken; scope region; size fed; renews every month; rolls over until end of year }
        charge fee { on taken; every month; rate 1 USD/call }
        deduct taken from kept > fee
        """
    )
    records = [event("2026-03-10", 10, meter, region=region) for meter, region in (("taken", "eu"), ("taken", "us"))]
    records += [event("2026-03-11", 7, "fed", region="eu"), event("2026-03-11", 30, "fed", region="us")]

    made = bill(rules, account(*records))

    assert charged(made) == 3
    assert {lot.lot: lot.size for lot in lots(made)} == {"kept[eu]@2026-03-01": 7, "kept[us]@2026-03-01": 30}


def test_a_quota_of_money():
    rules = tariff(
        """
        meter taken in calls
        meter fed in calls
        grant credit { covers fee; size fed * 0.10 USD/call; renews every month; rolls over until end of year }
        charge fee { on taken; every month; rate 1 USD/call }
        deduct fee from credit
        """
    )
    usage = account(fed("2026-03-10", 150), taken("2026-03-11", 10), taken("2026-04-10", 10))

    assert [one.total for one in bills(rules, usage, "2026-03", "2026-04")] == [0, 5]


def test_a_day_inside_a_month_knows_nothing_of_it():
    usage = account(fed("2026-03-10", 150), taken("2026-03-11", 100), fed("2026-03-30", 7))

    made = bills(kept(), usage, *[f"2026-03-{day:02}" for day in range(1, 32)])

    assert [one.balances for one in made[:-1]] == [()] * 30
    assert [balance.remaining for balance in made[-1].balances] == [57]


def test_a_total_of_the_month():
    usage = account(total("2026-03-01", "2026-04-01", 100, "taken"), total("2026-03-01", "2026-04-01", 40, "fed"))

    assert charged(bill(kept(), usage)) == 60


@pytest.mark.parametrize("first", ["2026-04", "2026-05", "2026-06"])
def test_from_pasted_balances(first):
    records = [fed(f"2026-{month:02}-10", 30 * month) for month in (3, 4, 5, 6)]
    records += [taken(f"2026-{month:02}-20", 120) for month in (3, 4, 5, 6)]
    usage = account(*records)
    whole = bills(kept(), usage, "2026-03", "2026-06")
    number = int(first[-1]) - 3
    later = tuple(record for record in records if str(record.start)[:7] >= first)
    alone = replace(usage, opening=when(f"{first}-01"), balances=carried(whole[number - 1]), records=later)

    again = bills(kept(), alone, first, "2026-06")

    assert [held(made) for made in again] == [held(made) for made in whole[number:]]
    assert [made.total for made in again] == [made.total for made in whole[number:]]
    assert again[-1].balances == whole[-1].balances


def test_late_feeding_gives_money_back():
    usage = account(fed("2026-03-10", 10), taken("2026-03-11", 50), late(fed("2026-03-20", 30), "2026-04-03"))

    assert [made.total for made in corrected(kept(), usage, "2026-03", "2026-04")] == [40, -30]


def test_what_rolled_over_is_withdrawn_and_not_what_is_not_known():
    from tests.rating.test_withdrawals import back

    usage = account(fed("2026-03-10", 100), taken("2026-04-11", 100), fed("2026-04-02", 50))
    some = replace(usage, withdrawals=(back("60 calls", "2026-04-10", "kept"),))
    more = replace(usage, withdrawals=(back("101 calls", "2026-04-10", "kept"),))

    assert charged(bills(kept(), some, "2026-03", "2026-04")[1]) == 10
    assert problem(kept(), more, "2026-03", "2026-04").code == "A310"
