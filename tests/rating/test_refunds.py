"""Requests to give money back: the first rule that fits decides, and says why the others did not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rating.accounts import (
    account,
    amounts,
    ask,
    bill,
    bills,
    buy,
    charged,
    drawn,
    event,
    lots,
    problem,
    tariff,
    unserved,
)


def rules(refund: str, head: str = 'currency USD; timezone "UTC"', valid: str = "1 year from purchase"):
    return tariff(
        f"""
        meter m {{ measure sum(quantity) in calls }}
        package pack {{ covers m; sizes {{ 100 calls 10 USD; 30 calls 4 USD }}; valid {valid}; {refund} }}
        deduct m from pack
        """,
        head,
    )


def back(refund: str, at: str, *records, count: int = 1, **parts) -> Fraction:
    """What comes back of a purchase of 1 March, 12:00, for 10 USD."""
    usage = account(*records, purchases=(buy("p", "2026-03-01 12:00", 100, count=count),), refunds=(ask("p", at),))
    made = bills(rules(refund, **parts), usage, "2026-03", "2027-12")
    return 10 * count - sum(b.total for b in made)


FULL = "refund in full within 7 days of purchase if unused"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-01 12:00", 10),
        ("2026-03-08 11:59:59", 10),
        ("2026-03-08 12:00:00", 10),
        ("2026-03-08 12:00:01", 0),
        ("2026-12-24", 0),
    ],
)
def test_within_counts_its_last_instant(at, expected):
    assert back(FULL, at) == expected


@pytest.mark.parametrize(("at", "expected"), [("2026-03-29 13:00", 10), ("2026-03-29 13:00:01", 0)])
def test_a_deadline_is_local_time(at, expected):
    """30 days on over the change of clocks: the same local time, an hour earlier by UTC."""
    usage = account(purchases=(buy("p", "2026-02-27 13:00", 100),), refunds=(ask("p", at),))
    berlin = rules("refund in full within 30 days of purchase", 'currency USD; timezone "Europe/Berlin"')
    assert 10 - sum(b.total for b in bills(berlin, usage, "2026-02", "2026-03")) == expected


RULES = """
refund in full within 7 days of purchase if unused
refund paid / 2 within 30 days of purchase if drawn < 50 calls
refund max(paid - drawn * (0.20 USD/call), 0 USD) if request < purchase + 6 months
refund never
"""


@pytest.mark.parametrize(
    ("used", "at", "expected", "tried"),
    [
        (0, "2026-03-05", 10, [None]),
        (1, "2026-03-05", 5, ["condition", None]),
        (0, "2026-03-15", 5, ["late", None]),
        (49, "2026-03-15", 5, ["late", None]),
        (50, "2026-03-15", 0, ["late", "condition", None]),
        (30, "2026-04-15", 4, ["late", "late", None]),
        (30, "2026-09-02", 0, ["late", "late", "condition", "never"]),
    ],
)
def test_the_first_rule_that_fits(used, at, expected, tried):
    records = [event("2026-03-02", used)] if used else []
    assert back(RULES, at, *records) == expected
    usage = account(*records, purchases=(buy("p", "2026-03-01 12:00", 100),), refunds=(ask("p", at),))
    made = bills(rules(RULES), usage, "2026-03", "2026-09")
    traces = [x.why for b in made for x in b.lines if x.kind.value == "refund"] + [r for b in made for r in b.refusals]
    (trace,) = traces
    assert [t.failed for t in trace.tried] == tried
    assert trace.granted is (tried[-1] is None)
    assert trace.drawn == used


def test_no_rule_is_no_refund():
    assert back("", "2026-03-01 12:00") == 0
    assert back("refund never", "2026-03-01 12:00") == 0


def test_never_ends_the_search():
    assert back("refund never\nrefund in full", "2026-03-01 12:00") == 0


def test_what_a_formula_may_read():
    formula = "refund paid * (size - drawn) / size + list_price * 0 + 0.01 USD * refunds_before"
    assert back(formula, "2026-03-05", event("2026-03-02", 25)) == Fraction("7.5")
    by_time = "refund round down (paid * ((expiry - request) / (expiry - purchase))) to 0.01 USD if not unused"
    assert back(by_time, "2026-03-16 12:00", event("2026-03-02", 1), valid="30 days from purchase") == 5


def test_the_second_request_knows_of_the_first():
    refund = "refund paid if refunds_before == 0\nrefund paid / 2 if refunds_before == 1"
    usage = account(
        purchases=(buy("a", "2026-03-01", 100), buy("b", "2026-03-01", 100), buy("c", "2026-03-01", 100)),
        refunds=(ask("c", "2026-03-04"), ask("a", "2026-03-02"), ask("b", "2026-03-03")),
    )
    made = bill(rules(refund), usage)
    assert amounts(made, "pack") == [10, 10, 10, -10, -5]
    assert [r.purchase for r in made.refusals] == ["c"]


def test_a_refund_below_nothing_is_refused_with_its_remedy():
    usage = account(
        event("2026-03-02", 90), purchases=(buy("p", "2026-03-01", 100),), refunds=(ask("p", "2026-03-05"),)
    )
    found = problem(rules("refund paid - drawn * (0.20 USD/call)"), usage)
    assert (found.code, found.message) == ("A501", "the refund of lot `p` comes out below 0")
    assert "max(" in found.help


def test_money_given_back_is_rounded_as_lines_are():
    assert back("refund paid / 3", "2026-03-05", count=1) == Fraction("3.33")
    assert back("refund paid / 3", "2026-03-05", count=2) == Fraction("6.67")


def test_a_lot_given_back_pays_for_nothing_from_then_on():
    usage = account(
        event("2026-03-04 23:59:59", 3),
        event("2026-03-05 00:00", 5),
        purchases=(buy("p", "2026-03-01", 100),),
        refunds=(ask("p", "2026-03-05"),),
    )
    made = bill(rules("refund paid / 2"), usage)
    assert (drawn(made), unserved(made)) == ({"p": 3}, 5)
    (lot,) = lots(made)
    assert (lot.drawn, lot.refunded, lot.remaining, lot.lapsed) == (3, 97, 0, 0)
    assert charged(made, "pack") == 5


def test_lots_of_one_purchase_are_decided_each_for_itself():
    usage = account(
        event("2026-03-02", 150),
        purchases=(buy("p", "2026-03-01", 100, count=4),),
        refunds=(ask("p", "2026-03-05"),),
    )
    made = bill(rules(FULL), usage)
    assert amounts(made, "pack") == [40, -20]
    (refused,) = made.refusals
    assert (refused.lots, refused.size, refused.drawn, refused.paid) == (("p#1", "p#2"), 200, 150, 20)
    (line,) = [x for x in made.lines if x.kind.value == "refund"]
    assert line.why.lots == ("p#3", "p#4")
    assert line.quantity == 200


def test_requests_that_cannot_be():
    usage = account(purchases=(buy("p", "2026-03-05", 100),), refunds=(ask("p", "2026-03-04"),))
    found = problem(rules(FULL), usage)
    assert (found.code, found.message) == ("A206", "the refund of `p` is asked for before it was bought")
    usage = account(purchases=(buy("abc", "2026-03-05", 100),), pauses=(ask("abd", "2026-03-06"),))
    found = problem(rules(FULL), usage)
    assert (found.code, found.message) == ("A206", "a pause of `abd`, which was never bought")
    assert found.help == "did you mean `abc`?"


def test_a_call_of_the_same_instant_comes_after_the_request():
    usage = account(event("2026-03-05", 1), purchases=(buy("p", "2026-03-01", 100),), refunds=(ask("p", "2026-03-05"),))
    made = bill(rules(FULL), usage)
    assert (made.total, unserved(made)) == (0, 1)
