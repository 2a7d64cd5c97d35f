"""Requests to give money back: the first rule that fits decides, and says why the others did not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rating.accounts import (
    account,
    amounts,
    ask,
    bill,
    bills,
    buy,
    carried,
    charged,
    drawn,
    event,
    lots,
    problem,
    tariff,
    total,
    unserved,
)
from tests.tries import tries


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


# ---------------------------------------------------------------- money is conserved


def given_back(paid: str, count: int, asked: list[str], rounding: str = "rounding half up to 0.01 USD") -> list:
    """What each request gives back of a purchase of several lots, all on one day."""
    usage = account(
        purchases=(buy("p", "2026-03-01", 100, count=count, paid=paid),),
        refunds=tuple(ask(name, f"2026-03-02 0{n}:00") for n, name in enumerate(asked)),
    )
    head = f'currency USD; timezone "UTC"; {rounding}'
    return [-amount for amount in amounts(bill(rules("refund in full", head), usage), "pack")[1:]]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["p#1", "p#2", "p#3"], ["66.67", "66.67", "66.66"]),
        (["p#3", "p#1", "p#2"], ["66.66", "66.67", "66.67"]),
        (["p"], ["200"]),
        (["p#2", "p"], ["66.67", "133.33"]),
    ],
)
def test_lots_given_back_one_by_one_come_to_what_was_paid(asked, expected):
    assert given_back("200 USD", 3, asked) == [Fraction(text) for text in expected]


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        ("rounding none", [Fraction(200, 3)] * 3),
        ("rounding down to 1 USD", [67, 67, 66]),
        ("rounding half up to 0.01 USD per bill", [Fraction("66.67"), Fraction("66.67"), Fraction("66.66")]),
    ],
)
def test_shares_are_whole_steps_of_the_declared_rounding(rounding, expected):
    assert given_back("200 USD", 3, ["p#1", "p#2", "p#3"], rounding) == expected


def test_what_was_paid_is_what_was_billed():
    """A purchase of 10.005 USD is a line of 10.01 USD, and that comes back."""
    assert given_back("10.005 USD", 2, ["p#1", "p#2"]) == [Fraction("5.01"), Fraction(5)]


@given(
    st.integers(0, 10**5),
    st.integers(1, 12),
    st.permutations(range(1, 13)),
    st.sampled_from(["half up to 0.01 USD", "up to 1 USD", "half even to 0.1 USD per bill", "none"]),
)
@tries(80)
def test_in_whatever_order_and_rounding_all_of_it_comes_back(paid, count, order, rounding):
    numbers = [n for n in order if n <= count]
    usage = account(
        purchases=(buy("p", "2026-03-01", 100, count=count, paid=f"{paid}/300 USD"),),
        refunds=tuple(
            ask("p" if count == 1 else f"p#{n}", f"2026-03-02 {hour:02}:00") for hour, n in enumerate(numbers)
        ),
    )
    head = f'currency USD; timezone "UTC"; rounding {rounding}'
    made = bill(rules("refund in full within 7 days of purchase if unused", head), usage)
    assert sum(amounts(made, "pack")) == 0


def test_a_balance_tells_what_was_paid_for_each_lot():
    """The lots of a purchase from before the opening give back what they would have given back without it."""
    bought = account(purchases=(buy("p", "2026-03-20", 100, count=3, paid="200 USD"),))
    after = account(
        opening="2026-04-01",
        balances=carried(bill(rules("refund in full"), bought)),
        refunds=tuple(ask(f"p#{n}", "2026-04-02") for n in (1, 2, 3)),
    )
    made = bill(rules("refund in full"), after, "2026-04")
    assert [-amount for amount in amounts(made, "pack")] == [Fraction(t) for t in ("66.67", "66.67", "66.66")]


def test_a_formula_that_gives_the_lots_different_amounts_tells_them_apart():
    usage = account(
        purchases=(buy("p", "2026-03-01", 100, count=3, paid="100 USD"),), refunds=(ask("p", "2026-03-02"),)
    )
    made = bill(rules("refund paid / 2"), usage)
    assert amounts(made, "pack") == [100, Fraction("-16.67"), Fraction("-33.33")]
    assert [line.why.lots for line in made.lines[1:]] == [("p#1",), ("p#2", "p#3")]


@pytest.mark.parametrize(("at", "decided"), [("2026-03-11", True), ("2026-03-10 23:59:59", False)])
def test_a_total_that_ends_when_money_is_asked_back_was_drawn_before(at, decided):
    usage = account(total("2026-03-10", "2026-03-11", 4), purchases=(buy("p", "2026-03-01"),), refunds=(ask("p", at),))
    of = rules("refund 50% of paid if drawn == 4 calls")
    if decided:
        assert any(line.amount < 0 for line in bill(of, usage).lines)
    else:
        assert "inside a total" in problem(of, usage).message
