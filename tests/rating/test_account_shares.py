"""Accounts that are billed together: what each used, and its part of what that came to."""

from __future__ import annotations

import pytest

from tests.rating.accounts import account, bill, event, tariff

HEAD = 'currency USD; timezone "UTC"'
CALLS = "meter m in calls\n"
KEPT_APART = "meter m { field region one of EU, US; measure sum(quantity) in calls; by region }\n"
SUBACCOUNTS = ("eu", "us")


def shares(rules: str, *events, **given) -> list[tuple[str, object, object]]:
    made = bill(tariff(rules, head=HEAD), account(*events, subaccounts=SUBACCOUNTS, **given))
    own = sum(line.amount for line in made.lines if line.source == "fee" or line.kind.value == "payment")
    assert sum(share.amount for share in made.shares) == (own if made.shares else 0)
    return [(share.account, share.quantity, share.amount) for share in made.shares]


def test_a_line_is_shared_by_what_each_used() -> None:
    rules = CALLS + "charge fee { on m; every month; rate 1 USD/call }\ncharge base { every month; amount 9 USD }"
    found = shares(
        rules,
        event("2026-03-01", 60, subaccount="eu"),
        event("2026-03-02", 30, subaccount="us"),
        event("2026-03-03", 10),
    )

    assert [tuple(map(str, row)) for row in found] == [("acme", "10", "10"), ("eu", "60", "60"), ("us", "30", "30")]


def test_shares_are_whole_cents_that_add_up() -> None:
    rules = CALLS + "charge fee { on m; every month; rate 0.01 USD/3 calls; minimum 0.10 USD }"
    found = shares(
        rules, event("2026-03-01", 1, subaccount="eu"), event("2026-03-02", 1, subaccount="us"), event("2026-03-03", 1)
    )

    assert [float(amount) for _, _, amount in found] == [0.04, 0.03, 0.03]


def test_each_key_is_shared_by_its_own_usage() -> None:
    rules = (
        KEPT_APART + "table t by region in USD/call { EU 1; US 5 }\ncharge fee { on m; every month; rate t[region] }"
    )
    found = shares(
        rules,
        event("2026-03-01", 10, subaccount="eu", region="EU"),
        event("2026-03-02", 10, subaccount="us", region="US"),
    )

    assert [(name, amount) for name, _, amount in found] == [("acme", 0), ("eu", 10), ("us", 50)]


def test_what_pools_pay_of_a_line_is_shared_too() -> None:
    rules = CALLS + (
        "grant credit { covers fee; size 5 USD; renews every month }\n"
        "charge fee { on m; every month; rate 1 USD/call }\ndeduct fee from credit"
    )
    found = shares(rules, event("2026-03-01", 8, subaccount="eu"), event("2026-03-02", 2, subaccount="us"))

    assert [(name, amount) for name, _, amount in found] == [("acme", 0), ("eu", 4), ("us", 1)]


def test_a_line_of_one_record_is_its_users() -> None:
    rules = CALLS + "charge fee { on m; every record; rate 1 USD per started 10 calls }"
    found = shares(rules, event("2026-03-01", 1, subaccount="eu"), event("2026-03-02", 19, subaccount="us"))

    assert [(name, amount) for name, _, amount in found] == [("acme", 0), ("eu", 1), ("us", 2)]


@pytest.mark.parametrize("named", [True, False])
def test_who_uses_alone_has_no_shares(named: bool) -> None:
    rules = CALLS + "charge fee { on m; every month; rate 1 USD/call }"
    found = shares(rules, event("2026-03-01", 1, **({"subaccount": "us"} if named else {})))

    assert found == ([("acme", 0, 0), ("us", 1, 1)] if named else [])
