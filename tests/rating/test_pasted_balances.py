"""The closing balances of a bill, as its JSON has them, open the next month: cycles, scopes and all."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from ratewright.report.bill_formats import bill_json
from ratewright.usage import read
from ratewright.usage.model import Amount
from tests.rating.accounts import (
    account,
    ask,
    bill,
    bills,
    buy,
    carried,
    changed,
    drawn,
    event,
    grant,
    left,
    problem,
    tariff,
)

RULES = """
meter m {
  field region one of EU, US
  field memory in MB = 512 MB
  measure sum(quantity) in calls
}
meter n { field region one of EU, US = US; measure sum(quantity) in calls }
grant free { covers m; scope region, memory; size 10 calls; renews every month; rolls over for 2 months }
package plan { covers m at 1.5, n at 1/3; scope region; sizes { 20 calls 3 USD }; renews every week from purchase
               valid 1 year from purchase; refund paid / 2 if drawn < 12 calls; rolls over up to 7 calls }
package wallet { covers fee; sizes { 10 USD 8 USD } }
charge fee { on m; every month; rate 1 USD/call }
deduct m from free > plan > fee
deduct n from plan
deduct fee from wallet
"""
HEAD = 'currency USD; timezone "Asia/Shanghai"; bytes by 1000'
APRIL = [
    {"meter": "m", "at": "2026-04-03T00:00:00Z", "quantity": 30, "region": "EU"},
    {"meter": "m", "at": "2026-04-05T00:00:00Z", "quantity": 9, "region": "US", "memory": "1,024 MB"},
    {"meter": "m", "at": "2026-04-06T00:00:00Z", "quantity": 14, "region": "US"},
    {"meter": "n", "at": "2026-04-07T00:00:00Z", "quantity": 5},
]


def test_a_bill_as_json_opens_the_next_month(tmp_path):
    rules = tariff(RULES, HEAD)
    march_only = (
        event("2026-03-05", 7, region="EU"),
        event("2026-03-06", 12, region="US", memory=Amount(1024, "MB")),
        event("2026-03-28", 8, "n"),
    )
    in_april = (
        event("2026-04-03T00:00:00Z", 30, region="EU"),
        event("2026-04-05T00:00:00Z", 9, region="US", memory=Amount(1024, "MB")),
        event("2026-04-06T00:00:00Z", 14, region="US"),
        event("2026-04-07T00:00:00Z", 5, "n"),
    )
    usage = account(
        *march_only,
        *in_april,
        activated="2026-03-01",
        purchases=(
            buy("a", "2026-03-25 09:00", 20, "plan", count=2),
            buy("b", "2026-03-26", 20, "plan", region="EU", paid="2 USD"),
            buy("w", "2026-03-02", "10 USD", "wallet"),
        ),
    )
    march, april = bills(rules, usage, "2026-03", "2026-04")
    path = tmp_path / "acme.json"
    path.write_text(
        json.dumps(
            {
                "account": "acme",
                "activated": "2026-03-01T00:00:00+08:00",
                "opening": "2026-04-01T00:00:00+08:00",
                "balances": json.loads(bill_json(march))["balances"],
                "usage": APRIL,
                "refunds": [{"purchase": "a#2", "at": "2026-04-20T00:00:00+08:00"}],
            }
        )
    )
    again, diagnostics = read(path)
    assert not diagnostics
    made = bill(rules, again, "2026-04")
    whole = bills(rules, changed(usage, refunds=(ask("a#2", "2026-04-20"),)), "2026-03", "2026-04")[1]
    assert drawn(made) == drawn(whole)
    assert made.total == whole.total
    assert carried(made) == carried(whole)
    assert drawn(april) == drawn(whole)
    assert len(drawn(april)) > 6


@pytest.mark.parametrize(("told", "back"), [({}, 4), ({"list_price": None}, 7), ({"list_price": "5 USD"}, 5)])
def test_a_balance_says_what_the_list_asked_that_sold_the_lot(tmp_path, told, back):
    """Without it the list that holds at the opening says it."""
    body = "meter m {{ measure sum(quantity) in calls }}\n"
    body += "package plan {{ covers m; sizes {{ 20 calls {price} USD }}; renews every week; refund list_price }}"
    body += "\ndeduct m from plan"
    old, new = (tariff(body.format(price=price), HEAD) for price in (4, 7))
    march = bill(old, account(purchases=(buy("a", "2026-03-25", 20, "plan", paid="1 USD"),)))
    balances = [{**balance, **told} for balance in json.loads(bill_json(march))["balances"]]
    path = tmp_path / "acme.json"
    kept = [{name: value for name, value in balance.items() if value is not None} for balance in balances]
    request = {"purchase": "a", "at": "2026-04-20T00:00:00+08:00"}
    path.write_text(
        json.dumps({"account": "acme", "opening": "2026-04-01T00:00:00+08:00", "balances": kept, "refunds": [request]})
    )
    usage, diagnostics = read(path)
    assert not diagnostics
    assert bill(new, usage, "2026-04").total == -back


@pytest.mark.parametrize(
    ("remaining", "expected"),
    [
        ("52/3 calls", Fraction(52, 3)),
        ("1/3", Fraction(1, 3)),
        ("4/2 calls", 2),
        ("7", 7),
        ("1/0", None),
        ("a/3", None),
    ],
)
def test_a_bill_writes_what_has_no_end_as_a_ratio(tmp_path, remaining, expected):
    path = tmp_path / "acme.json"
    balance = {"grant": "free", "remaining": remaining}
    path.write_text(json.dumps({"account": "acme", "opening": "2026-04-01T00:00:00Z", "balances": [balance]}))
    usage, diagnostics = read(path)
    if expected is None:
        assert [d.code for d in diagnostics] == ["U130"]
    else:
        assert usage.balances[0].remaining.number == expected


def test_usage_is_no_ratio(tmp_path):
    path = tmp_path / "acme.json"
    path.write_text(
        json.dumps({"account": "acme", "usage": [{"meter": "m", "at": "2026-04-01T00:00:00Z", "quantity": "1/3"}]})
    )
    assert [d.code for d in read(path)[1]] == ["U130"]


@pytest.mark.parametrize(
    ("valid", "facts", "covered"),
    [
        ("until 2026-04-01", {}, 3),
        ("until 2026-04-02 00:00:00", {}, 7),
        ("until 2026-04-01", {"expires": "2026-05-01"}, 7),
        ("1 month", {"purchased": "2026-02-28"}, 3),
    ],
)
def test_how_long_a_lot_is_valid_the_rule_file_says_where_its_balance_does_not(valid, facts, covered):
    rules = tariff(
        f"""
        meter m {{ measure sum(quantity) in calls }}
        package pack {{ covers m; sizes {{ 100 calls 10 USD }}; valid {valid} }}
        charge fee {{ on m; every month; rate 1 USD/call }}
        deduct m from pack > fee
        """
    )
    held = left("pack", "50 calls", lot="p1", **facts)
    used = (event("2026-03-27 23:59:59", 3), event("2026-04-01", 4))
    usage = account(*used, opening="2026-03-01", activated="2026-01-05", balances=(held,))
    assert drawn(bills(rules, usage, "2026-03", "2026-04")) == {"p1": covered}


@pytest.mark.parametrize(("given", "each"), [(True, 6), (False, 2)])
def test_the_size_of_later_cycles_is_what_the_account_brings_and_not_what_is_left(given, each):
    rules = tariff(
        """
        meter m { field region one of EU, US; by region; measure sum(quantity) in calls }
        grant gift { covers m; size per account; renews every month; scope region }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from gift > fee
        """
    )
    usage = account(
        event("2026-03-10", 9, region="EU"),
        event("2026-04-10", 9, region="EU"),
        opening="2026-03-01",
        activated="2026-01-05",
        grants=(grant("gift", "6 calls"),) if given else (),
        balances=(left("gift", "2 calls", starts="2026-03-01", attributes={"region": "EU"}),),
    )
    march, april = bills(rules, usage, "2026-03", "2026-04")
    assert [*drawn(march).values(), *drawn(april).values()] == [2, each]


@pytest.mark.parametrize("what", ["refunds", "pauses"])
@pytest.mark.parametrize("bought", ["2026-02-01", None])
def test_a_request_asks_when_a_lot_was_bought(what, bought):
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls }
        package pack { covers m; sizes { 100 calls 10 USD }; refund 50% of list_price }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from pack > fee
        """
    )
    facts = {} if bought is None else {"purchased": bought}
    held = left("pack", "100 calls", lot="p1", **facts)
    usage = account(opening="2026-03-01", balances=(held,), **{what: (ask("p1", "2026-03-05"),)})
    if bought is None:
        told = problem(rules, usage)
        assert (told.code, told.message.partition(", and")[0]) == (
            "A107",
            "the balance does not say when `p1` was bought",
        )
    else:
        assert bill(rules, usage).total == (-5 if what == "refunds" else 0)
