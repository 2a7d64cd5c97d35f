"""What is left of a cycle: for how long it may still be drawn, how much of it, and when nothing rolls over."""

from __future__ import annotations

import pytest

from tests.rating.accounts import (
    account,
    ask,
    bills,
    buy,
    carried,
    changed,
    drawn,
    event,
    left,
    lots,
    problem,
    tariff,
)


def free(rolls: str, renews: str = "month", more: str = "draws oldest purchase"):
    return tariff(
        f"""
        meter m {{ measure sum(quantity) in calls }}
        grant p {{ covers m; size 10 calls; renews every {renews}; {rolls}; {more} }}
        deduct m from p
        """
    )


def rolled(name: str) -> str:
    return f"{name}-rolled"


FROM_JANUARY = {"activated": "2026-01-01"}


def test_what_is_left_may_be_drawn_for_as_long_as_it_says():
    usage = account(event("2026-01-05", 4), event("2026-02-28 23:59:59", 20), **FROM_JANUARY)
    made = bills(free("rolls over for 1 month"), usage, "2026-01", "2026-02")
    assert drawn(made) == {"p@2026-01-01": 4, rolled("p@2026-01-01"): 6, "p@2026-02-01": 10}
    later = changed(usage, records=(usage.records[0], event("2026-03-01", 30)))
    made = bills(free("rolls over for 1 month"), later, "2026-01", "2026-03")
    assert drawn(made) == {"p@2026-01-01": 4, rolled("p@2026-02-01"): 10, "p@2026-03-01": 10}


@pytest.mark.parametrize(("at", "expected"), [("2026-02-10 23:59:59", 6), ("2026-02-11 00:00", 0)])
def test_the_end_of_what_rolled_over(at, expected):
    made = bills(
        free("rolls over for 10 days"),
        account(event("2026-01-05", 4), event(at, 20), **FROM_JANUARY),
        "2026-01",
        "2026-02",
    )
    assert drawn(made).get(rolled("p@2026-01-01"), 0) == expected


def test_without_a_length_it_stays_as_long_as_the_lot():
    usage = account(event("2026-06-05", 100), **FROM_JANUARY)
    assert sum(drawn(bills(free("rolls over"), usage, "2026-01", "2026-06")).values()) == 60
    ends = free("rolls over", more="issued once on activation; valid 4 months; draws oldest purchase")
    usage = account(event("2026-04-30 23:59:59", 100), event("2026-05-01", 5), **FROM_JANUARY)
    assert sum(drawn(bills(ends, usage, "2026-01", "2026-05")).values()) == 40


def test_all_that_rolled_over_never_exceeds_the_most():
    usage = account(event("2026-06-05", 100), **FROM_JANUARY)
    made = bills(free("rolls over up to 25 calls"), usage, "2026-01", "2026-06")
    assert drawn(made) == {
        rolled("p@2026-01-01"): 10, rolled("p@2026-02-01"): 10, rolled("p@2026-03-01"): 5, "p@2026-06-01": 10,
    }  # fmt: skip
    traces = {lot.lot: lot for b in made for lot in lots(b)}
    march, april = traces["p@2026-03-01"], traces["p@2026-04-01"]
    assert (march.size, march.drawn, march.rolled, march.lapsed, march.remaining) == (10, 0, 5, 5, 0)
    assert (april.size, april.drawn, april.rolled, april.lapsed, april.remaining) == (10, 0, 0, 10, 0)


def test_what_was_drawn_of_it_makes_room_again():
    usage = account(event("2026-03-05", 23), event("2026-04-05", 1), event("2026-06-05", 100), **FROM_JANUARY)
    made = bills(free("rolls over up to 15 calls"), usage, "2026-01", "2026-06")
    # 15 have rolled over in March; 23 take all of them and 8 of March, whose last 2 roll over; April leaves 10 behind 2
    assert sum(drawn(made[:3]).values()) == 23
    assert sum(drawn(made[5]).values()) == 25


def test_a_length_and_the_most():
    usage = account(event("2026-04-05", 100), **FROM_JANUARY)
    made = bills(free("rolls over for 2 months up to 15 calls"), usage, "2026-01", "2026-04")
    # January 10; February 5, since 15 at most; March 10, for that of January has ended
    assert drawn(made) == {rolled("p@2026-02-01"): 5, rolled("p@2026-03-01"): 10, "p@2026-04-01": 10}


def test_it_ends_with_the_lot_however_long_it_says():
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls }
        package p { covers m; sizes { 10 calls 1 USD }; valid 2 months from purchase; renews every month
                    rolls over for 1 month }
        deduct m from p
        """
    )
    usage = account(event("2026-05-01", 5), event("2026-04-30", 25), purchases=(buy("b", "2026-03-01", 10, "p"),))
    made = bills(rules, usage, "2026-03", "2026-05")
    assert sum(drawn(made).values()) == 20
    last = {lot.lot: lot for lot in lots(made[1])}["b@2026-04-01"]
    assert (last.rolled, last.lapsed) == (0, 0)
    unused = {lot.lot: lot for lot in lots(bills(rules, changed(usage, records=()), "2026-03", "2026-04")[1])}
    assert (unused["b@2026-04-01"].rolled, unused["b@2026-04-01"].lapsed) == (0, 10)
    assert unused[rolled("b@2026-03-01")].lapsed == 10


def test_the_older_quota_is_drawn_first_where_both_end_together():
    usage = account(event("2026-02-05", 3), **FROM_JANUARY)
    made = bills(free("rolls over for 1 month", more=""), usage, "2026-01", "2026-02")
    assert drawn(made) == {rolled("p@2026-01-01"): 3}
    made = bills(free("rolls over", more=""), usage, "2026-01", "2026-02")
    assert drawn(made) == {"p@2026-02-01": 3}  # it ends sooner


def test_a_day_at_a_time():
    usage = account(event("2026-01-31 12:00", 100), **FROM_JANUARY)
    made = bills(free("rolls over for 3 days", "day"), usage, "2026-01")
    assert drawn(made) == {
        rolled("p@2026-01-28"): 10, rolled("p@2026-01-29"): 10, rolled("p@2026-01-30"): 10, "p@2026-01-31": 10,
    }  # fmt: skip


def test_what_is_given_back_does_not_roll_over():
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls }
        package p { covers m; sizes { 10 calls 1 USD }; valid 1 year from purchase; renews every month; rolls over
                    refund paid / 2 }
        deduct m from p
        """
    )
    usage = account(
        event("2026-05-20", 30), event("2026-04-15", 2),
        purchases=(buy("b", "2026-03-01", 10, "p"),), refunds=(ask("b", "2026-05-10"),),
    )  # fmt: skip
    made = bills(rules, usage, "2026-03", "2026-05")
    assert sum(drawn(made).values()) == 2
    refunded = {lot.lot: lot.refunded for lot in lots(made[2]) if lot.refunded}
    assert sum(refunded.values()) == 28
    assert made[2].balances == ()


# ---------------------------------------------------------------- since when


@pytest.mark.parametrize(
    "rolls",
    ["rolls over", "rolls over up to 5 calls", "rolls over for 2 months up to 15 calls", "rolls over for 2 months"],
)
def test_since_when_it_rolls_over_must_be_known(rolls):
    """What was left of cycles before the first record would be a guess."""
    found = problem(free(rolls), account(event("2026-03-05", 5)))
    assert (found.code, found.message) == (
        "A107",
        "p rolls over from the activation on, and the account's data do not say when that was",
    )


# ---------------------------------------------------------------- month after month


@pytest.mark.parametrize("rolls", ["rolls over", "rolls over for 2 months", "rolls over for 2 months up to 12 calls"])
def test_balances_carry_what_rolled_over(rolls):
    usage = account(event("2026-01-05", 4), event("2026-03-05", 7), event("2026-04-20", 100), **FROM_JANUARY)
    whole = bills(free(rolls), usage, "2026-01", "2026-04")
    for cut in (1, 2, 3):
        last = whole[cut - 1]
        later = changed(
            usage,
            opening=last.period.end,
            balances=carried(last),
            records=tuple(r for r in usage.records if f"{r.start}" >= f"2026-0{cut + 1}"),
        )
        after = bills(free(rolls), later, f"2026-0{cut + 1}", "2026-04")
        assert [drawn(b) for b in after] == [drawn(b) for b in whole[cut:]]
        assert [carried(b) for b in after] == [carried(b) for b in whole[cut:]]


def test_an_opening_inside_a_cycle():
    usage = account(
        event("2026-03-20", 100),
        opening="2026-03-15",
        balances=(left("p", 3, lot="p@2026-03-01", starts="2026-03-01", size=10),),
        **FROM_JANUARY,
    )
    rules = free("rolls over", more="")
    found = bills(rules, usage, "2026-04", "2026-04")
    assert drawn(found) == {}
    usage = changed(usage, records=(event("2026-04-02", 100),))
    assert drawn(bills(rules, usage, "2026-04", "2026-04")) == {"p@2026-04-01": 10, rolled("p@2026-03-01"): 3}
