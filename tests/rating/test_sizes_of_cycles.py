"""What a cycle holds: its size, what refunds see of all cycles, and how it goes on from month to month."""

from __future__ import annotations

from fractions import Fraction

from ratewright.limits import Limits
from ratewright.usage.model import Amount
from tests.rating.accounts import (
    account,
    amounts,
    ask,
    bill,
    bills,
    buy,
    carried,
    changed,
    charged,
    drawn,
    event,
    grant,
    left,
    lots,
    problem,
    setting,
    tariff,
    unserved,
)
from tests.rating.renewing_pools import free, pack

# ---------------------------------------------------------------- sizes


def test_a_size_by_formula_is_asked_at_the_start_of_each_cycle():
    made = tariff(
        """
        setting own in calls = 5 calls
        meter m { measure sum(quantity) in calls }
        grant p { covers m; size 200% of own; renews every month }
        deduct m from p
        """
    )
    changes = (setting("own", Amount(7, "calls"), "2026-03-10"), setting("own", Amount(0, "calls"), "2026-05-01"))
    usage = account(*(event(f"2026-0{n}-20", 20) for n in (2, 3, 4, 5)), settings=changes)
    found = bills(made, usage, "2026-02", "2026-05")
    assert drawn(found) == {"p@2026-02-01": 10, "p@2026-03-01": 10, "p@2026-04-01": 14}
    assert [b.balances for b in found][-1] == ()
    assert unserved(found[-1]) == 20


def test_a_size_by_formula_of_a_lot_that_is_given_once():
    made = tariff(
        """
        setting own in calls = 5 calls
        meter m { measure sum(quantity) in calls }
        grant p { covers m; size own + 1 call; issued once on activation }
        deduct m from p
        """
    )
    usage = account(
        event("2026-03-20", 20), settings=(setting("own", Amount(7, "calls"), "2026-02-10"),), activated="2026-02-11"
    )
    assert drawn(bills(made, usage, "2026-02", "2026-03")) == {"p": 8}
    assert drawn(bills(made, changed(usage, activated=usage.activated.subtract(days=2)), "2026-02", "2026-03")) == {
        "p": 6
    }


def test_a_size_below_nothing_is_refused():
    made = tariff(
        """
        setting own in calls = 5 calls
        meter m { measure sum(quantity) in calls }
        grant p { covers m; size own - 6 calls; renews every month }
        deduct m from p
        """
    )
    found = problem(made, account(event("2026-03-20", 20)))
    assert (found.code, found.message) == ("A501", "the size of p comes out below 0: -1")


def test_a_size_per_account_comes_again_in_each_cycle():
    made = free("month", size="size per account")
    usage = account(event("2026-03-20", 20), event("2026-04-20", 20), grants=(grant("p", 7),))
    assert drawn(bills(made, usage, "2026-03", "2026-04")) == {"p@2026-03-01": 7, "p@2026-04-01": 7}
    assert drawn(bills(made, changed(usage, grants=()), "2026-03", "2026-04")) == {}


# ---------------------------------------------------------------- refunds


REFUND = "refund in full within 30 days of purchase if unused\nrefund paid - drawn * 0.05 USD/call"


def test_what_was_drawn_counts_over_all_cycles_and_nothing_is_covered_after():
    rules = pack("day", "10 days from purchase", REFUND)
    usage = account(
        event("2026-03-05 01:00", 4), event("2026-03-06 01:00", 5),
        event("2026-03-07 00:00", 3), event("2026-03-08", 2),
        purchases=(buy("b", "2026-03-05", 10),), refunds=(ask("b", "2026-03-07"),),
    )  # fmt: skip
    made = bill(rules, usage)
    assert drawn(made) == {"b@2026-03-05": 4, "b@2026-03-06": 5}
    assert amounts(made, "pack") == [1, Fraction("-0.55")]
    assert charged(made) == 5
    refunded = [lot for lot in lots(made) if lot.refunded]
    assert [(lot.lot, lot.refunded, lot.lapsed) for lot in refunded] == [("b@2026-03-07", 10, 0)]
    assert made.balances == ()


def test_a_lot_that_was_drawn_in_an_earlier_cycle_is_not_unused():
    rules = pack("day", "20 days from purchase", "refund in full if unused")
    usage = account(
        event("2026-03-05 01:00", 4), purchases=(buy("b", "2026-03-05", 10),), refunds=(ask("b", "2026-03-09"),)
    )
    assert len(bill(rules, usage).refusals) == 1
    assert bill(rules, changed(usage, records=())).total == 0


# ---------------------------------------------------------------- month after month


def test_the_balance_of_a_cycle_opens_the_next_month():
    rules = pack("month on day 15", "1 year from purchase", "refund in full if drawn < 10 calls")
    usage = account(
        event("2026-03-05", 4), event("2026-03-20", 3), event("2026-04-05", 6), event("2026-04-20", 11),
        purchases=(buy("b", "2026-03-01", 10),), refunds=(ask("b", "2026-04-25"),),
    )  # fmt: skip
    march, april = bills(rules, usage, "2026-03", "2026-04")
    (kept,) = march.balances
    assert (kept.lot, kept.remaining, kept.size, kept.paid, kept.drawn) == ("b@2026-03-15", 7, 10, 1, 4)
    for purchases in ((), usage.purchases):
        later = changed(
            usage, opening=march.period.end, balances=carried(march), records=usage.records[2:], purchases=purchases
        )
        assert drawn(bill(rules, later, "2026-04")) == drawn(april) == {"b@2026-03-15": 6, "b@2026-04-15": 10}
        assert bill(rules, later, "2026-04").total == april.total
        assert carried(bill(rules, later, "2026-04")) == carried(april)


def test_a_purchase_of_before_that_no_balance_tells_of_is_over():
    rules = pack("month", "1 year from purchase")
    usage = account(event("2026-03-05", 4), opening="2026-03-01", purchases=(buy("b", "2026-02-01", 10),))
    assert drawn(bill(rules, usage)) == {}


def test_a_balance_without_its_lot_is_of_the_cycle_that_it_meets():
    usage = account(event("2026-03-05", 9), event("2026-04-05", 12), balances=(left("p", 4),))
    assert drawn(bills(free("month"), usage, "2026-03", "2026-04")) == {"p@2026-03-01": 4, "p@2026-04-01": 10}
    usage = account(event("2026-03-05", 9), balances=(left("p", 4, expires="2026-03-16"),), opening="2026-03-01")
    assert drawn(bills(free("month on day 16"), usage, "2026-03")) == {"p@2026-02-16": 4}


def test_the_cycle_of_the_opening_holds_what_the_balances_say():
    usage = account(event("2026-03-05", 9), event("2026-03-20", 12), opening="2026-03-01", activated="2026-01-01")
    assert drawn(bills(free("month on day 15"), usage, "2026-03")) == {"p@2026-03-15": 10}
    assert drawn(bills(free("month"), usage, "2026-03")) == {"p@2026-03-01": 10}


def test_balances_of_cycles_that_cannot_be():
    def asked(*balances):
        return problem(free("month"), account(event("2026-03-05", 9), balances=balances, opening="2026-03-01"))

    found = asked(left("p", 11, lot="p@2026-03-01", starts="2026-03-01"))
    assert (found.code, found.message) == ("A107", "more is left of lot `p@2026-03-01` than it ever held (10 calls)")
    found = asked(left("p", 5), left("p", 4, lot="p@2026-03-01"))
    assert found.message == "two balances speak of lot `p@2026-03-01`"
    rules = pack("month", "1 month from purchase")
    balance = left("pack", 4, lot="b@2026-03-01", starts="2026-03-01", purchased="2026-01-01", size=10)
    found = problem(rules, account(balances=(balance,), opening="2026-03-01"))
    assert (found.code, found.message) == ("A107", "lot `b` is not valid at the time of this balance")


def test_a_limit_on_cycles():
    usage = account(*(event(f"2026-03-05 {hour:02}:00", 1) for hour in range(9)))
    found = problem(free("hour"), usage, limits=Limits(lots=8))
    assert (found.code, found.message) == ("A602", "lot `p` has more than 8 cycles")
