"""Opening balances: what may stand in them, and what they take over from."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from ratewright.report.bill_formats import bill_json
from ratewright.usage import read
from tests.rating.accounts import (
    account,
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
    of_codes,
    problem,
    problems,
    state,
    tariff,
    when,
)

RULES = """
meter m { measure sum(quantity) in calls }
grant free { covers m; size per account; issued once on activation; valid 1 year }
package pack { covers m; sizes { 100 calls 10 USD; 50 calls 6 USD }; valid 1 year from purchase
               refund in full within 30 days of purchase if unused }
charge fee { on m; every month; rate 1 USD/call }
deduct m from free > pack > fee
"""


def rules():
    return tariff(RULES)


def test_a_refund_that_goes_by_what_was_paid_needs_it_in_the_balance():
    unknown = left("pack", 100, lot="p1", size=100, purchased="2026-02-20")
    asked = account(balances=(unknown,), refunds=(ask("p1", "2026-03-05"),))
    found = problem(rules(), asked)
    assert (found.code, found.help) == ("A107", "add it: `paid: 75 USD`")
    assert "does not say what was paid for `p1`" in found.message
    assert bill(rules(), account(balances=(unknown,))).total == 0
    by_list = tariff(RULES.replace("in full within 30 days of purchase if unused", "list_price"))
    assert bill(by_list, asked).total == -10


def test_a_balance_is_drawn_as_the_lot_was():
    made = bill(rules(), account(event("2026-03-05", 70), balances=(left("free", 50),)))
    assert (drawn(made), charged(made)) == ({"free": 50}, 20)


def test_a_balance_lasts_until_it_expires():
    usage = account(
        event("2026-03-05 11:59", 3),
        event("2026-03-05 12:00", 7),
        balances=(left("free", 50, expires="2026-03-05 12:00"),),
    )
    made = bill(rules(), usage)
    assert (drawn(made), charged(made)) == ({"free": 3}, 7)


@pytest.mark.parametrize(
    ("valid", "known"),
    [
        ("valid 1 year from purchase", False),
        ("valid 1 year", False),
        ("valid 1 year from start of month(purchase)", False),
        ("valid 1 year from 2026-01-01", True),
        ("valid until 2026-12-31", True),
        ("", True),
    ],
)
def test_a_balance_tells_how_long_it_is_valid_where_the_list_cannot(valid, known):
    by = tariff(RULES.replace("valid 1 year from purchase", valid))
    held = left("pack", 40, size=100, paid="10 USD")
    used = account(event("2026-03-05", 50), activated="2026-01-01", opening="2026-03-01", balances=(held,))
    if not known:
        found = problem(by, used)
        assert (found.code, found.span.source.name) == ("A107", "acme.yaml")
        assert found.message == "the balance does not tell until when `pack-1` is valid, and the list lets it end"
        assert "`purchased`, or `expires`" in found.help
        used = changed(used, balances=(changed(held, expires=when("2026-04-01")),))
    assert charged(bill(by, used)) == 10


def test_a_package_that_only_the_balances_know():
    balance = left("pack", 40, lot="old", size=100, purchased="2026-02-20", paid="10 USD")
    made = bill(rules(), account(event("2026-03-05", 30), balances=(balance,)))
    (lot,) = lots(made)
    assert (lot.lot, lot.size, lot.before, lot.drawn, lot.remaining) == ("old", 100, 60, 30, 10)
    (kept,) = made.balances
    assert (kept.lot, kept.remaining, kept.size, kept.paid) == ("old", 10, 100, 10)


def test_its_validity_is_that_of_the_rules_from_its_purchase():
    balance = left("pack", 40, lot="old", purchased="2025-03-05 12:00")
    made = bill(rules(), account(event("2026-03-05 11:59", 3), event("2026-03-05 12:00", 7), balances=(balance,)))
    assert (drawn(made), charged(made)) == ({"old": 3}, 7)


def test_a_purchase_that_the_data_still_tell_of_goes_on_as_its_balance_says():
    bought = (buy("p1", "2026-02-20", 100),)
    for remaining, expected in [(100, -10), (99, 0)]:
        usage = account(
            opening="2026-03-01",
            purchases=bought,
            balances=(left("pack", remaining, lot="p1"),),
            refunds=(ask("p1", "2026-03-05"),),
        )
        made = bill(rules(), usage)
        (lot,) = lots(made)
        assert (made.total, lot.before) == (expected, 100 - remaining)


def test_a_grant_is_not_held_before_it_is_issued():
    usage = account(activated="2026-03-10", grants=(grant("free", 20),))
    february, march = bills(rules(), usage, "2026-02", "2026-03")
    assert [[b.lot for b in one.balances] for one in (february, march)] == [[], ["free"]]


def test_an_unused_package_of_before_is_given_back():
    balance = left("pack", 100, lot="p1", size=100, purchased="2026-02-20", paid="10 USD")
    usage = account(balances=(balance,), refunds=(ask("p1", "2026-03-05"),), opening="2026-03-01")
    assert bill(rules(), usage).total == -10
    used = left("pack", 99, lot="p1", size=100, purchased="2026-02-20", paid="10 USD")
    made = bill(rules(), account(balances=(used,), refunds=(ask("p1", "2026-03-05"),), opening="2026-03-01"))
    assert (made.total, len(made.refusals)) == (0, 1)


def test_a_whole_purchase_of_before_is_given_back_by_its_name():
    balances = tuple(
        left("pack", 100, lot=f"p1#{n}", size=100, purchased="2026-02-20", paid="10 USD") for n in (1, 2, 3)
    )
    usage = account(balances=balances, refunds=(ask("p1", "2026-03-05"),), opening="2026-03-01")
    assert bill(rules(), usage).total == -30


def test_what_happened_before_the_opening_is_settled():
    """A purchase of before holds nothing but what the balances say; a request of before is over."""
    usage = account(
        event("2026-03-05", 30),
        activated="2026-01-01",
        opening="2026-03-01",
        grants=(grant("free", 1_000),),
        purchases=(buy("p1", "2026-02-10", 100), buy("p2", "2026-02-11", 100)),
        refunds=(ask("p2", "2026-02-12"),),
        balances=(left("pack", 25, lot="p1"),),
    )
    made = bill(rules(), usage)
    assert (drawn(made), charged(made)) == ({"p1": 25}, 5)
    assert made.refusals == ()


def test_a_grant_of_an_activation_after_the_opening_is_issued():
    usage = account(event("2026-03-05", 30), activated="2026-03-02", opening="2026-03-01", grants=(grant("free", 20),))
    assert drawn(bill(rules(), usage)) == {"free": 20}


def test_nothing_given_is_nothing_held():
    made = bill(rules(), account(event("2026-03-05", 30), activated="2026-03-01"))
    assert (drawn(made), charged(made), made.balances) == ({}, 30, ())


def test_a_bill_as_json_opens_the_next_month(tmp_path):
    """The closing balances stand in a bill as the next fixture takes them."""
    usage = account(
        event("2026-03-05", 130),
        event("2026-04-05", 120),
        activated="2026-03-01",
        grants=(grant("free", 20),),
        purchases=(buy("p1", "2026-03-02", 100, count=2), buy("p2", "2026-03-03 10:00", 50)),
    )
    march, april = bills(rules(), usage, "2026-03", "2026-04")
    text = json.dumps(
        {
            "account": "acme",
            "activated": "2026-03-01T00:00:00Z",
            "opening": "2026-04-01T00:00:00Z",
            "balances": json.loads(bill_json(march))["balances"],
            "usage": [{"meter": "m", "at": "2026-04-05T00:00:00Z", "quantity": 120}],
        }
    )
    path = tmp_path / "acme.json"
    path.write_text(text)
    again, diagnostics = read(path)
    assert not diagnostics
    made = bill(rules(), again, "2026-04")
    assert drawn(made) == drawn(april) == {"p1#2": 90, "p2": 30}
    assert carried(made) == carried(april)


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("balances", "message"),
    [
        ((left("fre", 5),), "the price list has no grant or package `fre`"),
        ((left("free", 5), left("free", 6)), "two balances speak of lot `free`"),
        ((left("pack", 5, lot="p1"), left("pack", 6, lot="p1")), "two balances speak of lot `p1`"),
        ((left("pack", 101, lot="p1"),), "more is left of lot `p1` than it ever held (100 calls)"),
        ((left("free", 5, lot="p1"),), "lot `p1` is of `pack`, not of `free`"),
        ((left("free", "5 GB"),), "the balance is in `GB`, which is no unit of the price list"),
        (
            (left("pack", 5, lot="x", size="5 GB", expires="2027-01-01"),),
            "the size is in `GB`, which is no unit of the price list",
        ),
        (
            (left("pack", 5, lot="x", paid="5 EUR", expires="2027-01-01"),),
            "what was paid is in `EUR`, which is no unit of the price list",
        ),
    ],
)
def test_balances_that_cannot_be(balances, message):
    usage = account(
        balances=balances, activated="2026-01-01", opening="2026-03-01", purchases=(buy("p1", "2026-02-10", 100),)
    )
    found = problem(rules(), usage)
    assert (found.code, found.message) == ("A107", message)


@pytest.mark.parametrize(
    ("at", "code"), [("2026-02-28 23:59:59", "A202"), ("2026-03-01 00:00", None), ("2026-03-01 00:00:01", None)]
)
def test_usage_of_before_the_opening_is_refused(at, code):
    usage = account(event(at, 5), opening="2026-03-01", balances=(left("free", 5),))
    if code:
        assert problem(rules(), usage).code == code
    else:
        assert drawn(bill(rules(), usage)) == {"free": 5}


@pytest.mark.parametrize(("at", "refused"), [("2026-02-28 23:59:59", True), ("2026-03-01", False)])
def test_usage_of_before_the_activation_is_refused(at, refused):
    usage = account(event(at, 5), activated="2026-03-01")
    if refused:
        assert problem(rules(), usage, "2026-02").code == "A201"
    else:
        assert bill(rules(), usage).total == 5


def test_a_purchase_of_before_the_activation_is_refused():
    usage = account(activated="2026-03-01", purchases=(buy("p", "2026-02-28", 100),))
    assert problem(rules(), usage, "2026-02").code == "A201"


def test_a_month_of_before_the_opening_is_refused():
    found = problem(rules(), account(opening="2026-03-01", balances=(left("free", 5),)), "2026-02")
    assert found.code == "A204"
    assert "2026-03-01" in found.message


def test_an_opening_inside_a_charges_period_is_refused():
    found = problem(rules(), account(opening="2026-03-02", balances=(left("free", 5),)), "2026-04")
    assert found.code == "A204"
    assert "lies inside a period of fee" in found.message


def test_grants_that_cannot_be():
    fixed = tariff(RULES.replace("size per account", "size 30 calls"))
    found = problem(fixed, account(activated="2026-03-01", grants=(grant("free", 20),)))
    assert (found.code, found.message) == ("A107", "the price list fixes the size of `free`")
    found = problem(rules(), account(activated="2026-03-01", grants=(grant("free", 20), grant("free", 30))))
    assert (found.code, found.message) == ("A107", "the size of `free` is given twice")
    found = problem(rules(), account(grants=(grant("free", 20),)))
    assert found.code == "A107"
    assert "issued on activation" in found.message
    assert "activated:" in found.help
    found = problem(rules(), account(activated="2026-03-01", grants=(grant("fee", 20),)))
    assert found.message == "the price list has no grant `fee`"


@pytest.mark.parametrize("ids", [("free", 1), ("p#1", 1)])
def test_no_two_lots_share_a_name(ids):
    """Bills, balances and requests call a lot by its id."""
    name, count = ids
    usage = account(
        activated="2026-03-01",
        grants=(grant("free", 20),),
        purchases=(buy("p", "2026-03-02", 100, count=2), buy(name, "2026-03-02", 100, count=count)),
    )
    found = problems(rules(), usage)
    assert set(of_codes(found)) == {"A105"}
    assert f"`{name}`" in found[0].message


def test_a_third_is_carried_over_as_a_third():
    body = """
    meter m { measure sum(quantity / 3) in calls }
    grant free { covers m; size 1 call; issued once on activation }
    deduct m from free
    """
    usage = account(event("2026-03-05", 1), event("2026-04-05", 1), activated="2026-03-01")
    march, april = bills(tariff(body), usage, "2026-03", "2026-04")
    assert [b.remaining for b in march.balances] == [Fraction(2, 3)]
    again = account(event("2026-04-05", 1), activated="2026-03-01", opening="2026-04-01", balances=carried(march))
    assert carried(bill(tariff(body), again, "2026-04")) == carried(april)


@pytest.mark.parametrize(
    ("record", "message", "help"),
    [
        (
            event("2026-02-20", 5),
            "the opening balances have it settled",
            "take it out, or give the balances of an earlier opening",
        ),
        (
            changed(event("2026-02-20", 5), reported=when("2026-03-02")),
            "was reported behind it: the opening balances do not know of it",
            "give the balances of an earlier opening, from which on all usage is given",
        ),
        (
            state("2026-02-20", "2026-03-05", 5),
            "the opening balances have it settled",
            "let it begin at 2026-03-01; what came before that is settled",
        ),
    ],
)
def test_usage_from_before_an_opening(record, message, help):
    rules = tariff("meter m { measure highest(quantity) in calls }\ncharge fee { on m; every month; rate 1 USD/call }")
    found = problem(rules, account(record, opening="2026-03-01"))
    assert (found.code, found.message) == ("A202", f"this usage is from before the opening, and {message}")
    assert found.help == help
