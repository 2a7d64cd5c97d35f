"""Records below 0 take usage back: to where it came from, in its period."""

from __future__ import annotations

from random import Random

import pytest

from ratewright.meaning import nodes as tree
from tests.rating.accounts import (
    account,
    amounts,
    ask,
    bill,
    bills,
    buy,
    charged,
    corrected,
    drawn,
    event,
    late,
    lots,
    problem,
    quantities,
    setting,
    tariff,
    total,
    unserved,
)


def counted(quota: str = "", order: str = "", corrections: str = "down to 0", fee: str = "", more: str = ""):
    return tariff(
        f"""
        setting pro = off
        meter m {{ measure sum(quantity) in calls; corrections {corrections}; {more} }}
        {quota}
        charge fee {{ on m; {fee or "every month; rate 1 USD/call"} }}
        {f"deduct m from {order} > fee" if order else ""}
        """
    )


HUNDRED = counted("grant hundred { covers m; size 100 calls; renews every month }", "hundred")
CREDIT = counted(corrections="below 0")


@pytest.mark.parametrize(
    ("records", "covered", "fee"),
    [
        ([("05", 150), ("20", -30)], 100, 20),  # what was charged is undone first: it was served last
        ([("05", 150), ("20", -60)], 90, 0),
        ([("05", 150), ("20", -60), ("25", 15)], 100, 5),  # the quota has it again
        ([("05", 150), ("20", -150)], 0, 0),
        ([("05", -60), ("20", 150)], 90, 0),  # what is taken back first waits for usage
        ([("05", -60), ("20", 50), ("25", 150)], 100, 40),
        ([("05", 50), ("10", -80), ("20", 150)], 100, 20),
    ],
)
def test_what_a_quota_gave_goes_back_into_it(records, covered, fee):
    made = bill(HUNDRED, account(*(event(f"2026-03-{day}", q) for day, q in records)))
    (meter,) = made.meters
    assert (meter.sources[0].covered, charged(made)) == (covered, fee)
    assert meter.measured == sum(q for _, q in records)
    assert meter.taken_back == -sum(q for _, q in records if q < 0)


def test_two_at_one_instant_are_the_same_in_any_order():
    for records in ([150, -60], [-60, 150]):
        made = bill(HUNDRED, account(*(event("2026-03-05", q) for q in records)))
        assert (drawn(made), charged(made)) == ({"hundred@2026-03-01": 90}, 0)


def test_a_lot_that_has_ended_does_not_open_again():
    rules = counted("grant ten { covers m; size 10 calls; renews every day }", "ten")
    made = bill(rules, account(event("2026-03-05", 8), event("2026-03-07", -5), event("2026-03-09", 12)))
    first, last = (lot for lot in lots(made) if lot.drawn)
    assert (first.drawn, first.lapsed, last.drawn) == (3, 7, 10)
    assert charged(made) == 2


def test_what_rolled_over_is_not_more_for_a_later_correction():
    quota = "grant ten { covers m; size 10 calls; renews every day; rolls over for 30 days }"
    usage = (event("2026-03-05", 70), event("2026-03-07", -68), event("2026-03-09", 100))
    made = bill(counted(quota, "ten"), account(*usage, activated="2026-03-04"))
    ended = next(lot for lot in lots(made) if lot.lot == "ten@2026-03-05")
    assert (ended.drawn, ended.rolled, ended.lapsed) == (2, 0, 8)
    assert charged(made) == 50  # four cycles before it went over, and the one of the day


def test_a_lot_is_refunded_by_what_stays_drawn():
    pack = "package pack { covers m; sizes { 100 calls 10 USD }; refund in full if unused }"
    rules = counted(pack, "pack")
    usage = (event("2026-03-05", 50), event("2026-03-06", -50))
    made = bill(rules, account(*usage, purchases=(buy("p1", "2026-03-01"),), refunds=(ask("p1", "2026-03-10"),)))
    assert amounts(made, "pack") == [10, -10]


@pytest.mark.parametrize("draws", ["soonest expiry", "largest remaining", "smallest remaining"])
def test_lots_are_as_if_what_is_taken_back_had_not_been_used(draws):
    quota = f"""
        grant given {{ covers m at 3 / 2; size 60 calls; draws {draws} }}
        package pack {{ covers m at 3; sizes {{ below 1,000 calls 1 USD/call }}; draws {draws} }}
    """
    rules = counted(quota, "given > pack")
    purchases = (buy("p1", "2026-03-01", 90), buy("p2", "2026-03-02", 200))
    random = Random(5)
    for _ in range(40):
        used = [(f"2026-03-{day:02}", random.randint(-60, 60)) for day in range(3, 23)]
        used.append(("2026-03-25", max(-sum(q for _, q in used), 0)))
        one = bill(rules, account(*(event(at, q) for at, q in used), purchases=purchases))
        other = bill(rules, account(*(event(at, q) for at, q in _undone(used)), purchases=purchases))
        assert (drawn(one), charged(one)) == (drawn(other), charged(other))


def _undone(used: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The usage that stays: each correction takes off the last before it, and what then is missing off the next."""
    stays: list[tuple[str, int]] = []
    missing = 0
    for at, asked in used:
        missing, quantity = max(missing - asked, 0), max(asked - missing, 0)
        while missing and stays:
            last, of = stays.pop()
            if of > missing:
                stays.append((last, of - missing))
            missing = max(missing - of, 0)
        if quantity:
            stays.append((at, quantity))
    return stays


def test_what_is_kept_apart_is_taken_back_apart():
    rules = counted(
        more="field region text; by region", quota="grant ten { covers m; scope region; size 10 calls }", order="ten"
    )
    usage = (
        event("2026-03-05", 15, region="eu"),
        event("2026-03-06", 15, region="us"),
        event("2026-03-07", -7, region="eu"),
    )
    made = bill(rules, account(*usage))
    assert [(lot.attributes, lot.drawn) for lot in lots(made)] == [((("region", "eu"),), 8), ((("region", "us"),), 10)]
    assert [line.amount for line in made.lines] == [5]

    refused = problem(rules, account(*usage, event("2026-03-08", -9, region="eu")))
    assert refused.code == "A503"
    assert "m comes to -1 calls in March 2026" in refused.message


def test_each_period_of_the_charge_is_its_own():
    rules = counted(fee="every day; rate 1 USD/call")
    assert charged(bill(rules, account(event("2026-03-05 10:00", 5), event("2026-03-05 11:00", -2)))) == 3
    assert (
        "comes to -2 calls in 2026-03-06"
        in problem(rules, account(event("2026-03-05 10:00", 5), event("2026-03-06 00:00", -2))).message
    )


def test_a_period_that_has_not_ended_may_still_be_filled():
    usage = account(event("2026-03-05", -2), event("2026-03-20", 5))
    assert sum(charged(made) for made in bills(counted(), usage, "2026-03-05", "2026-03-20", "2026-03-31")) == 3


def test_billed_by_the_day_a_part_may_be_below_0():
    tiers = "every month; billed every day; volume { below 1,000 calls 0.08 USD/call; beyond 0.06 USD/call }"
    usage = account(event("2026-03-05", 1_000), event("2026-03-20", -200))
    assert amounts(bill(counted(fee=tiers), usage), "fee") == [60, 4]
    less = account(event("2026-03-05", 500), event("2026-03-20", -200))
    assert amounts(bill(counted(fee=tiers), less), "fee") == [40, -16]


def test_each_record_has_a_line_of_its_own():
    rules = counted(
        corrections="below 0", fee="every record; graduated { below 100 calls 0.08 USD/call; beyond 0.06 USD/call }"
    )
    made = bill(rules, account(event("2026-03-05", 150), event("2026-03-06", -150)))
    assert amounts(made, "fee") == [11, -12]  # what is below 0 is all in the first row


@pytest.mark.parametrize(
    ("fee", "amount"),
    [
        ("every month; rate 1 USD/call", -3),
        ("every month; volume { below 2 calls 1 USD/call; beyond 2 USD/call }", -3),
        ("every month; rate 2 USD per started 2 calls", -2),
        ("every month; rate 1 USD/call; minimum 5 USD", 5),
    ],
)
def test_a_credit_is_at_the_price_of_the_first_row(fee, amount):
    made = bill(counted(corrections="below 0", fee=fee), account(event("2026-03-05", 7), event("2026-03-06", -10)))
    assert charged(made) == amount


def test_a_credit_does_not_fill_a_quota():
    rules = counted("grant ten { covers m; size 10 calls }", "ten", corrections="below 0")
    made = bill(rules, account(event("2026-03-05", 7), event("2026-03-06", -10), event("2026-03-07", 1)))
    assert (drawn(made), quantities(made)) == ({}, [-2])


def test_usage_is_taken_back_from_the_line_that_priced_it():
    rules = tariff(
        """
        setting pro = off
        meter m { measure sum(quantity) in calls; corrections down to 0 }
        charge basic { on m; every month; when not pro; rate 2 USD/call }
        charge better { on m; every month; when pro; rate 1 USD/call }
        """
    )
    usage = (event("2026-03-05", 10), event("2026-03-20", -4))
    made = bill(rules, account(*usage, settings=(setting("pro", "on", "2026-03-10"),)))
    assert (charged(made, "basic"), charged(made, "better")) == (12, 0)


def test_what_nothing_covers_is_taken_back_too():
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls; corrections down to 0 }
        grant ten { covers m; size 10 calls }
        deduct m from ten
        """
    )
    assert unserved(bill(rules, account(event("2026-03-05", 15), event("2026-03-20", -4)))) == 1


def test_a_total_that_takes_back_needs_no_charge():
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls; corrections down to 0 }
        grant ten { covers m; size 10 calls }
        deduct m from ten
        """
    )
    made = bill(rules, account(event("2026-03-01", 15), total("2026-03-20", "2026-04-20", -6)))
    assert (drawn(made), unserved(made)) == ({"ten": 9}, 0)


def test_a_total_takes_back_too_and_ends_with_its_period():
    assert charged(bill(HUNDRED, account(event("2026-03-05", 150), total("2026-03-01", "2026-04-01", -20)))) == 30
    refused = problem(HUNDRED, account(event("2026-03-05", 150), total("2026-03-20", "2026-04-20", -20)))
    assert (refused.code, "runs past" in refused.message) == ("A303", True)


def test_a_correction_that_is_reported_late():
    tiers = counted(fee="every month; volume { below 1,000 calls 0.08 USD/call; beyond 0.06 USD/call }")
    usage = account(event("2026-03-05", 1_000), late(event("2026-03-20", -200), "2026-04-03"))
    march, april = corrected(tiers, usage, "2026-03", "2026-04")
    assert (march.total, april.total, april.corrections) == (60, 4, 4)


def test_a_late_correction_gives_a_quota_back_that_later_usage_draws():
    rules = counted("grant hundred { covers m; size 100 calls }", "hundred")
    usage = account(event("2026-03-05", 80), late(event("2026-03-20", -50), "2026-04-03"), event("2026-04-10", 60))
    march, april = corrected(rules, usage, "2026-03", "2026-04")
    assert (march.total, charged(april), april.total) == (0, 0, 0)
    assert april.balances[0].remaining == 10


def test_a_meter_that_says_nothing_of_corrections_takes_no_record_below_0():
    rules = tariff("meter m in calls\ncharge fee { on m; every month; rate 1 USD/call }")
    refused = problem(rules, account(event("2026-03-05", 10), event("2026-03-06", -1)))
    assert (refused.code, "takes no usage back" in refused.message) == ("A503", True)
    assert "`corrections down to 0`" in refused.help


def test_a_meter_that_reads_says_for_itself():
    def read(statement: str) -> tree.Tariff:
        return tariff(
            f"""
            meter m {{ measure sum(quantity) in calls; corrections down to 0 }}
            meter times_called {{ reads m; {statement}; measure count() in calls }}
            charge fee {{ on times_called; every month; rate 1 USD/call }}
            charge all_of_it {{ on m; every month; rate 0 USD/call }}
            """
        )

    usage = account(event("2026-03-05", 10), event("2026-03-06", -1))
    assert "`times_called` takes no usage back" in problem(read("where quantity < 100 calls"), usage).message
    assert charged(bill(read("where quantity >= 0 calls"), usage)) == 1
