"""Lots in bills: the ways of drawing, and where a validity begins and ends."""

from __future__ import annotations

import pytest

from tests.rating.accounts import account, bill, bills, buy, drawn, event, lots, tariff

# ---------------------------------------------------------------- the six ways, in a bill

ORDERS = {
    "soonest expiry": "cba",
    "latest expiry": "abc",
    "oldest purchase": "bca",
    "newest purchase": "acb",
    "smallest remaining": "bac",
    "largest remaining": "cab",
}


@pytest.mark.parametrize("order", ORDERS)
def test_each_way_of_drawing(order):
    """`a` is the newest and expires last, `b` the oldest and smallest, `c` expires first and is the largest."""
    packages = "\n".join(
        f"package {name} {{ covers m; sizes {{ {size} calls 1 USD }}; valid {days} days from purchase; draws {order} }}"
        for name, size, days in [("pa", 20, 60), ("pb", 10, 50), ("pc", 30, 40)]
    )
    rules = tariff(f"meter m {{ measure sum(quantity) in calls }}\n{packages}\ndeduct m from pa, pb, pc")
    sizes = {"a": 20, "b": 10, "c": 30}
    bought = (buy("a", "2026-03-03", 20, "pa"), buy("b", "2026-03-01", 10, "pb"), buy("c", "2026-03-02", 30, "pc"))
    used = 0
    for count, name in enumerate(ORDERS[order], start=1):
        made = bill(rules, account(event("2026-03-05", used + 1), purchases=bought))
        expected = {n: sizes[n] for n in ORDERS[order][: count - 1]} | {name: 1}
        assert drawn(made) == expected
        used += sizes[name]


def test_the_second_rule_decides_where_the_first_does_not():
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls }
        package pack { covers m; sizes { 10 calls 1 USD; 20 calls 2 USD }; valid until 2026-06-01
                       draws soonest expiry, then largest remaining, then newest purchase }
        deduct m from pack
        """
    )
    bought = (buy("a", "2026-03-01", 10), buy("b", "2026-03-02", 20), buy("c", "2026-03-03", 20))
    for used, expected in [(1, {"c": 1}), (21, {"c": 20, "b": 1}), (41, {"c": 20, "b": 20, "a": 1})]:
        assert drawn(bill(rules, account(event("2026-03-05", used), purchases=bought))) == expected


def test_smallest_remaining_asks_what_is_left_now():
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls }
        package pack { covers m; sizes { 10 calls 1 USD; 12 calls 2 USD }; draws largest remaining }
        deduct m from pack
        """
    )
    bought = (buy("a", "2026-03-01", 10), buy("b", "2026-03-01", 12))
    usage = account(event("2026-03-05", 5), event("2026-03-06", 1), event("2026-03-07", 1), purchases=bought)
    assert drawn(bill(rules, usage)) == {"b": 5, "a": 2}
    usage = account(event("2026-03-05", 5), event("2026-03-06", 4), event("2026-03-07", 1), purchases=bought)
    assert drawn(bill(rules, usage)) == {"b": 6, "a": 4}


SHARED = """
setting plan one of basic, pro = basic
meter m { measure sum(quantity) in calls }
package early { covers m; sizes { 10 calls 1 USD }; valid 10 days from purchase }
package late { covers m; sizes { 10 calls 1 USD }; valid 20 days from purchase; when plan == pro }
charge fee { on m; every month; rate 1 USD/call }
deduct m from early, late > fee
"""


def test_packages_that_share_a_rank_are_one_queue():
    from tests.rating.accounts import charged, setting

    bought = (
        buy("e1", "2026-03-10", 10, "early"),
        buy("l1", "2026-03-01", 10, "late"),
        buy("e2", "2026-03-02", 10, "early"),
    )  # they end on the 20th, the 21st and the 12th
    pro = (setting("plan", "pro"),)
    for used, expected in [(10, {"e2": 10}), (15, {"e2": 10, "e1": 5}), (25, {"e2": 10, "e1": 10, "l1": 5})]:
        assert (
            drawn(bill(tariff(SHARED), account(event("2026-03-11", used), purchases=bought, settings=pro))) == expected
        )
    frozen = bill(tariff(SHARED), account(event("2026-03-11", 25), purchases=bought))
    assert drawn(frozen) == {"e2": 10, "e1": 10}
    assert charged(frozen) == 5
    (source,) = [s for s in frozen.meters[0].sources if s.pool.name == "late"]
    ((why, kept),) = source.kept
    assert [(r.name, r.text) for r in why.readings] == [("plan", "basic")]
    assert kept == 25


def test_a_pool_is_frozen_while_its_condition_does_not_hold_and_its_validity_runs_on():
    from tests.rating.accounts import setting

    usage = account(
        event("2026-03-05", 1),
        event("2026-03-10", 2),
        event("2026-03-15", 4),
        event("2026-03-21", 1),
        purchases=(buy("l", "2026-03-01", 10, "late"),),
        settings=(setting("plan", "pro"), setting("plan", "basic", "2026-03-10"), setting("plan", "pro", "2026-03-11")),
    )
    made = bill(tariff(SHARED), usage)
    assert drawn(made) == {"l": 5}
    (lot,) = [lot for s in made.meters[0].sources for lot in s.lots]
    assert lot.lapsed == 5


def test_a_lot_covers_from_its_start_to_before_its_end():
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls }
        package pack { covers m; sizes { 10 calls 1 USD }
                       valid from start of day(purchase) until end of month(purchase + 1 month) }
        deduct m from pack
        """
    )
    usage = account(
        event("2026-03-04 23:59:59", 1),
        event("2026-03-05 00:00", 2),
        event("2026-04-30 23:59:59", 3),
        event("2026-05-01", 4),
        purchases=(buy("p", "2026-03-05 14:00", 10),),
    )
    assert drawn(bills(rules, usage, "2026-03", "2026-05")) == {"p": 5}


def test_a_lot_that_begins_later_is_not_lost_between_bills():
    from tests.rating.accounts import carried

    rules = tariff(
        """
        meter m { measure sum(quantity) in calls }
        package pack { covers m; sizes { 10 calls 1 USD }; valid 1 month from purchase + 40 days }
        deduct m from pack
        """
    )
    bought = account(event("2026-04-15", 3), purchases=(buy("p", "2026-03-02", 10),))
    march, april = bills(rules, bought, "2026-03", "2026-04")
    assert [(b.lot, b.remaining) for b in march.balances] == [("p", 10)]
    assert drawn(april) == {"p": 3}
    for purchases in ((), (buy("p", "2026-03-02", 10),)):
        later = account(event("2026-04-15", 3), balances=carried(march), opening="2026-04-01", purchases=purchases)
        assert drawn(bill(rules, later, "2026-04")) == {"p": 3}


def test_a_package_that_is_bought_when_it_is_over_has_lapsed():
    rules = tariff(
        "meter m in calls\npackage pack { covers m; sizes { 50 calls 3 USD }; valid until 2026-03-10 }\n"
        "charge fee { on m; every month; rate 1 USD/call }\ndeduct m from pack > fee"
    )
    made = bills(rules, account(event("2026-04-20", 9), purchases=(buy("p", "2026-04-06", 50),)), "2026-04", "2026-05")
    assert [(lot.lapsed, lot.remaining) for lot in lots(made[0])] == [(50, 0)]
    assert sum(lot.lapsed for one in made for lot in lots(one)) == 50


def test_a_lot_that_another_queue_draws_from_has_its_new_place_in_each():
    rules = tariff(
        """
        meter m in calls
        meter n in calls
        package one { covers m, n; sizes { 10 calls 1 USD }; draws largest remaining }
        package two { covers n; sizes { 4 calls 1 USD }; draws largest remaining }
        charge fee { on m + n; every month; rate 1 USD/call }
        deduct m from one > fee
        deduct n from one, two > fee
        """
    )
    used = [
        event("2026-03-02", 2, "m"),  # of two equal ones a: 8 and 10
        event("2026-03-03", 3, "n"),  # b: 8 and 7
        event("2026-03-04", 4, "m"),  # a: 4 and 7
    ]
    lots = (buy("a", "2026-03-01", 10, "one"), buy("b", "2026-03-01", 10, "one"), buy("c", "2026-03-01", 4, "two"))
    made = bill(rules, account(*used, purchases=lots))
    assert {one.lot: one.remaining for one in made.balances} == {"a": 4, "b": 7, "c": 4}
