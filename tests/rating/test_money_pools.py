"""Pools of money: what they pay of a charge, of the bill before tax and after it, and in which order."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ratewright.rating.bill import LineKind
from tests.rating.accounts import (
    account,
    ask,
    bill,
    bills,
    buy,
    carried,
    changed,
    event,
    problem,
    setting,
    tariff,
)
from tests.rating.accounts import left as given


def rules(pools: str, deduct: str, more: str = "", every: str = "month"):
    return tariff(
        f"""
        setting plan one of free, pro = free
        meter m {{ field region one of EU, US = EU; measure sum(quantity) in calls }}
        {pools}
        charge fee {{ on m; every {every}; rate 1 USD/call }}
        {more}
        {deduct}
        """
    )


def paid(made) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for line in made.lines:
        if line.kind is LineKind.PAYMENT:
            found[line.source] = found.get(line.source, 0) - line.amount
    return found


def left(made) -> dict[str, Fraction]:
    return {b.lot: b.remaining for b in made.balances}


CREDIT = "grant credit { covers fee; size 10 USD; renews every month }"


def test_a_credit_pays_a_charge():
    made = bills(
        rules(CREDIT, "deduct fee from credit"),
        account(event("2026-03-05", 25), event("2026-04-05", 4)),
        "2026-03",
        "2026-05",
    )
    assert [b.total for b in made] == [15, 0, 0]
    assert [paid(b) for b in made] == [{"credit": 10}, {"credit": 4}, {}]
    assert [left(b) for b in made] == [{f"credit@2026-0{n}-01": 10} for n in (4, 5, 6)]
    assert [(line.source, line.amount) for line in made[0].lines] == [("fee", 25), ("credit", -10)]


@pytest.mark.parametrize(
    ("expires", "expected"),
    [("2026-03-31 23:59:59", 0), ("2026-04-01 00:00", 10), ("2026-04-01 00:00:01", 10)],
)
def test_the_money_is_valid_just_before_the_end_of_the_period(expires, expected):
    pools = f"grant credit {{ covers fee; size 10 USD; valid until {expires.replace(' ', 'T')} }}"
    made = bill(rules(pools, "deduct fee from credit"), account(event("2026-03-05", 25)))
    assert paid(made).get("credit", 0) == expected


def test_money_that_begins_within_the_period_pays_for_all_of_it():
    pools = "package voucher { covers fee; sizes { 10 USD 8 USD }; valid 1 year from purchase }"
    made = bill(
        rules(pools, "deduct fee from voucher"),
        account(event("2026-03-05", 25), purchases=(buy("v", "2026-03-31 12:00", "10 USD", "voucher"),)),
    )
    assert (made.total, paid(made)) == (25 - 10 + 8, {"voucher": 10})


def test_a_credit_pays_each_day():
    made = bill(
        rules(CREDIT, "deduct fee from credit", every="day"),
        account(event("2026-03-05", 4), event("2026-03-06", 4), event("2026-03-07", 4)),
    )
    assert [line.amount for line in made.lines] == [4, -4, 4, -4, 4, -2]


SUMS = """
grant coupon { size 5 USD; when plan == pro }
package credits { covers subtotal; sizes { 20 USD 20 USD }; valid 1 year from purchase }
package vouchers { sizes { 3 USD 3 USD }; valid 1 year from purchase }
"""
TAX = "tax vat { on subtotal; rate 10% }"
ORDER = "deduct subtotal from coupon > credits\ndeduct total from vouchers"


def opened(*records, **parts):
    """An account that goes into March with 20 USD of credits and 3 USD of vouchers."""
    held = (
        given("credits", "20 USD", lot="c", purchased="2026-02-01"),
        given("vouchers", "3 USD", lot="v", purchased="2026-02-01"),
        given("coupon", "5 USD"),
    )
    return account(*records, opening="2026-03-01", balances=held, **parts)


def test_before_tax_and_after_it():
    made = rules(SUMS, ORDER, TAX)
    usage = opened(event("2026-03-05", 45), settings=(setting("plan", "pro"),))
    found = bill(made, usage)
    assert paid(found) == {"coupon": 5, "credits": 20, "vouchers": 3}
    assert (found.charges, found.subtotal, found.total, found.due) == (45, 45, 22, 19)
    free = bill(made, changed(usage, settings=()))
    assert paid(free) == {"credits": 20, "vouchers": 3}
    assert left(free) == {"coupon": 5, "c": 0, "v": 0}


def test_a_pool_pays_no_more_than_is_owed():
    found = bills(rules(SUMS, ORDER, TAX), opened(event("2026-03-05", 7)), "2026-03", "2026-04")
    assert [b.due for b in found] == [0, 0]
    assert left(found[1]) == {"coupon": 5, "c": 13, "v": 3}


def test_lots_of_money_are_drawn_as_they_say():
    pools = """
    package voucher { covers fee; sizes { 10 USD 8 USD }; valid 2 months from purchase; draws soonest expiry }
    """
    bought = (
        buy("late", "2026-03-02", "10 USD", "voucher"),
        buy("soon", "2026-02-20", "10 USD", "voucher", count=2),
    )
    made = bill(rules(pools, "deduct fee from voucher"), account(event("2026-03-05", 25), purchases=bought))
    line = next(x for x in made.lines if x.kind is LineKind.PAYMENT)
    assert line.why.lots == (("soon#1", 10), ("soon#2", 10), ("late", 5))


def test_money_of_one_region():
    body = """
    meter m { field region one of EU, US; by region; measure sum(quantity) in calls }
    package voucher { covers fee; scope region; sizes { 10 USD 8 USD }; draws narrowest scope }
    charge fee { on m; every month; rate 1 USD/call }
    deduct fee from voucher
    """
    bought = (buy("e", "2026-02-02", "10 USD", "voucher", region="EU"), buy("all", "2026-02-02", "10 USD", "voucher"))
    usage = account(event("2026-03-05", 12, region="EU"), event("2026-03-05", 12, region="US"), purchases=bought)
    made = bill(tariff(body), usage)
    found = {dict(x.key)["region"]: x.why.lots for x in made.lines if x.kind is LineKind.PAYMENT}
    assert found == {"EU": (("e", 10), ("all", 2)), "US": (("all", 8),)}


def test_a_pool_of_money_may_pay_for_usage_at_a_ratio_and_for_a_charge():
    body = """
    meter m in calls
    meter n in calls
    package wallet { covers m at 0.10 USD/call, fee; sizes { 10 USD 10 USD }; valid 1 year from purchase }
    charge fee { on n; every month; rate 1 USD/call }
    deduct m from wallet
    deduct fee from wallet
    """
    bought = (buy("w", "2026-02-02", "10 USD", "wallet"),)
    usage = account(event("2026-03-05", 40), event("2026-03-05", 4, "n"), event("2026-04-02", 100), purchases=bought)
    march, april = bills(tariff(body), usage, "2026-03", "2026-04")
    assert (paid(march), left(march)) == ({"wallet": 4}, {"w": 2})
    assert left(april) == {"w": 0}
    assert [s.covered for m in april.meters for s in m.sources] == [20]


def test_money_that_was_given_back_pays_nothing():
    pools = "package voucher { covers fee; sizes { 10 USD 8 USD }; refund in full if unused }"
    usage = account(
        event("2026-03-05", 25),
        purchases=(buy("v", "2026-03-02", "10 USD", "voucher"),),
        refunds=(ask("v", "2026-03-20"),),
    )
    made = bill(rules(pools, "deduct fee from voucher"), usage)
    assert (made.total, paid(made)) == (25, {})
    daily = rules(pools, "deduct fee from voucher", every="day")
    found = problem(daily, usage)
    assert found.code == "A306"
    assert "lot `v` of voucher was given back on 2026-03-20, and what is paid of 2026-03-05" in found.message
    days = bills(daily, usage, *(f"2026-03-{day:02}" for day in range(1, 32)))
    assert sum(b.total for b in days) == 25 + 8 - 10


def test_balances_of_money():
    pools = """
    grant credit { covers fee; size 10 USD; renews every 2 months; rolls over for 2 months }
    package voucher { covers fee; sizes { 30 USD 8 USD } }
    """
    usage = account(
        event("2026-03-05", 4), event("2026-04-05", 3), event("2026-05-05", 30),
        purchases=(buy("v", "2026-03-02", "30 USD", "voucher"),), activated="2026-03-01",
    )  # fmt: skip
    made = rules(pools, "deduct fee from credit > voucher")
    whole = bills(made, usage, "2026-03", "2026-05")
    for cut in (1, 2):
        later = changed(
            usage,
            opening=whole[cut - 1].period.end,
            balances=carried(whole[cut - 1]),
            records=usage.records[cut:],
            purchases=(),
        )
        after = bills(made, later, f"2026-0{cut + 3}", "2026-05")
        assert [(b.total, paid(b), left(b)) for b in after] == [(b.total, paid(b), left(b)) for b in whole[cut:]]
    assert paid(whole[2]) == {"credit": 13, "voucher": 17}


def test_lines_are_paid_in_order_of_time_so_that_what_a_day_leaves_rolls_over():
    pools = "grant credit { covers fee, other; size 10 USD; renews every day; rolls over for 3 days }"
    more = "charge other { on m; every day; rate 1 USD/call }"
    made = rules(pools, "deduct fee from credit\ndeduct other from credit", more, every="day")
    usage = account(event("2026-03-05", 4), event("2026-03-06", 4), activated="2026-03-01")
    days = bills(made, usage, *(f"2026-03-0{day}" for day in range(5, 7)))
    assert [b.total for b in days] == [0, 0]
    assert [b.total for b in bills(made, usage, "2026-03")] == [0]


VOUCHER = "grant voucher { covers total; size 10 USD; issued once on activation }"


@pytest.mark.parametrize(
    ("rounding", "used", "total"),
    [
        ("half up to 0.01 USD", 1, Fraction(33, 100)),
        ("half up to 0.01 USD", 2, Fraction(67, 100)),
        ("up to 0.05 USD", 1, Fraction(35, 100)),
        ("down to 1 USD", 2, 0),
    ],
)
def test_a_voucher_pays_the_total_as_it_is_rounded(rounding, used, total):
    priced = tariff(
        f"meter m in calls\n{VOUCHER}\ncharge fee {{ on m; every month; rate 1 USD/3 calls }}\n"
        "deduct total from voucher",
        head=f'currency USD; timezone "UTC"; rounding {rounding} per bill',
    )
    made = bill(priced, account(event("2026-03-05", used), activated="2026-03-01"))
    assert (made.total, made.due) == (total, 0)
    assert sum(paid(made).values()) == total
    assert list(left(made).values()) == [10 - total]


@pytest.mark.parametrize(
    ("at", "covered"),
    [
        ("2026-01-01 11:59:59", 0),
        ("2026-01-01 12:00", 1),
        ("2026-12-31 23:59", 1),
        ("2027-01-01 11:59:59", 1),
        ("2027-01-01 12:00", 0),
    ],
)
def test_money_pays_each_record_from_the_first_instant_of_the_lot_up_to_its_last(at, covered):
    priced = tariff(
        "meter m in calls\npackage money { covers fee; sizes { 10 USD 10 USD }; valid 1 year from purchase }\n"
        "charge fee { on m; every record; rate 1 USD/call }\ndeduct fee from money"
    )
    usage = account(event(at, 1), purchases=(buy("p", "2026-01-01 12:00", "10 USD", "money"),))
    made = bills(priced, usage, at[:7])[0]
    assert paid(made) == ({"money": 1} if covered else {})


def test_a_line_that_nothing_names_moves_no_other():
    """Of what ends together, the first by name of those that may come next: `a_share` waits for `z`, `b` does not."""
    listed = """
        charge b {{ every month; amount 6 USD }}
        charge z {{ every month; amount 8 USD }}
        {more}
        grant wallet {{ covers b, z; size 10 USD; renews every month }}
        deduct b from wallet
        deduct z from wallet
    """
    found = []
    for more in ("", "charge a_share { every month; amount 50% of z }"):
        made = bill(tariff(listed.format(more=more)), account(activated="2026-03-01"))
        found.append({line.why.target: -line.amount for line in made.lines if line.kind is LineKind.PAYMENT})
    assert found == [{"b": 6, "z": 4}] * 2
