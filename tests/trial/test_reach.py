"""Which rows of a price list its examples reach."""

from __future__ import annotations

import pytest

from ratewright.trial.examples import run_examples
from ratewright.trial.reach import rows_of, unreached
from tests.trial.trials import listed


def missed(rules: str, *examples: str) -> list[str]:
    """The rows that the examples do not reach, by their kind and text."""
    blocks = "".join(f'example "{number}" {{ {text} }}\n' for number, text in enumerate(examples))
    tariff = listed(rules + blocks)
    reached = {span for trial in run_examples(tariff) for span in trial.reached}
    return [f"{row.kind}: {' '.join(row.span.text.split())}" for row in unreached(rows_of(tariff), reached)]


def rows(rules: str) -> list[str]:
    return [f"{row.kind}: {' '.join(row.span.text.split())}" for row in rows_of(listed(rules))]


VOLUME = """\
meter made in calls
charge fee { on made;  every month
  volume {
    below 10 calls  0.3 USD/call
    below 20 calls  0.2 USD/call
    below 30 calls  0.1 USD/call
    beyond          not sold
  }
}
"""


@pytest.mark.parametrize(
    ("used", "left"),
    [
        ((), [1, 2, 3, 4]),
        ((5,), [2, 3, 4]),
        ((9, 10), [3, 4]),
        ((15, 25), [1, 4]),
        ((0,), [1, 2, 3, 4]),
    ],
)
def test_the_tier_that_is_reached(used: tuple[int, ...], left: list[int]) -> None:
    examples = [f"use {number} calls of made in 2026-03; expect fee >= 0 USD" for number in used]
    examples = examples or ["use 0 calls of made in 2026-03; expect fee == 0 USD"]
    wanted = {
        1: "tier: below 10 calls 0.3 USD/call",
        2: "tier: below 20 calls 0.2 USD/call",
        3: "tier: below 30 calls 0.1 USD/call",
        4: "tier: beyond not sold",
    }
    assert missed(VOLUME, *examples) == [wanted[number] for number in left]


def test_a_refusal_that_is_expected_reaches_the_row_that_refuses() -> None:
    found = missed(VOLUME, 'use 40 calls of made in 2026-03; expect refused "not sold"')
    assert "tier: beyond not sold" not in found
    assert len(found) == 3
    table = "table price by kind in USD/call { a 1\nb not sold }\nmeter made { field kind text;  by kind\n"
    table += "measure sum(quantity) in calls }\ncharge fee { on made;  every month;  rate price[kind] }\n"
    found = missed(table, 'use 4 calls of made with kind b in 2026-03; expect refused "not sold"')
    assert found == ["table row: a 1", "price: rate price[kind]"]


def test_slices_reach_all_rows_below_them() -> None:
    """At its bound, which is in the next row, a slice of that has begun."""
    rules = VOLUME.replace("volume", "graduated")
    assert missed(rules, "use 19 calls of made in 2026-03; expect fee == 4.80 USD") == [
        "tier: below 30 calls 0.1 USD/call",
        "tier: beyond not sold",
    ]
    assert missed(rules, "use 20 calls of made in 2026-03; expect fee == 5 USD") == ["tier: beyond not sold"]


TABLES = """\
table region_of by country { china mainland;  japan or korea AP1;  germany EU }
table price by quantity, region in USD/call {
                  mainland  AP1   EU
  below 10 calls  0.3       0.4   0.5
  beyond          0.2       0.3   0.4
}
table terms by plan {
            fee     included
  standard  10 USD  5 calls
  premium   20 USD  10 calls
}
setting plan one of standard, premium = standard
meter made {
  field   country text
  define  region = region_of[country]
  measure sum(quantity) in calls
  by      region
}
charge fee { on made;  every month;  graduated price[region] }
charge plan_fee { every month;  amount terms[plan].fee }
"""


def test_rows_of_tables_looked_up_and_of_tables_that_are_tiers() -> None:
    assert missed(TABLES, "use 5 calls of made with country japan in 2026-03; expect fee == 2 USD") == [
        "table row: china mainland",
        "table row: germany EU",
        "table row: beyond 0.2 0.3 0.4",
        "table row: premium 20 USD 10 calls",
    ]
    assert (
        missed(
            TABLES,
            "set plan premium; use 15 calls of made with country germany in 2026-03; expect total == 27 USD",
            "use 1 call of made with country china in 2026-03; expect total == 10.30 USD",
            "use 1 call of made with country korea in 2026-03; expect total == 10.40 USD",
        )
        == []
    )


def test_a_table_row_is_no_tier_as_well() -> None:
    assert [row.split(":")[0] for row in rows(TABLES)] == ["table row"] * 7 + ["price"]


POOLS = """\
setting special = off
meter made { field ok one of yes, no = yes;  where ok == yes;  measure sum(quantity) in calls }
limit busy { on made;  default 1 call;  extend 1 call for 2 USD/day;  extend 1 call for 9 USD/month
  shared by account and subaccounts }
package pack {
  covers made
  when   special
  sizes {
    10 calls         5 USD
    below 100 calls  0.4 USD/call
  }
  refund in full within 2 days of purchase if unused
  refund 50% of paid within 5 days of purchase
  refund never
}
charge fee { on made;  every month;  rate 1 USD/call }
deduct made from pack > fee
"""
BUY = "buy 1 of pack 10 calls on 2026-03-01 as p1"


def test_sizes_and_extensions() -> None:
    kept = [row for row in missed(POOLS, f"{BUY}; expect total == 5 USD") if row.startswith(("size", "extension"))]
    assert kept == [
        "extension: extend 1 call for 2 USD/day",
        "extension: extend 1 call for 9 USD/month",
        "size: below 100 calls 0.4 USD/call",
    ]
    kept = missed(
        POOLS,
        "buy 1 of pack 20 calls on 2026-03-01; expect total == 8 USD",
        "extend busy by 1 call for 1 day from 2026-03-02; expect total == 2 USD",
    )
    assert [row for row in kept if row.startswith(("size", "extension"))] == [
        "extension: extend 1 call for 9 USD/month",
        "size: 10 calls 5 USD",
    ]


@pytest.mark.parametrize(
    ("day", "left"),
    [
        ("2026-03-02", ["refund rule: refund 50% of paid within 5 days of purchase", "refund rule: refund never"]),
        (
            "2026-03-05",
            ["refund rule: refund in full within 2 days of purchase if unused", "refund rule: refund never"],
        ),
        (
            "2026-03-09",
            [
                "refund rule: refund in full within 2 days of purchase if unused",
                "refund rule: refund 50% of paid within 5 days of purchase",
            ],
        ),
    ],
)
def test_the_refund_rule_that_decides(day: str, left: list[str]) -> None:
    found = missed(POOLS, f"{BUY}; refund p1 on {day}; expect pack >= 0 USD")
    assert [row for row in found if row.startswith("refund")] == left


def test_conditions() -> None:
    def conditions(*examples: str) -> list[str]:
        return [row for row in missed(POOLS, *examples) if row.startswith("condition")]

    use = "use 3 calls of made on 2026-03-02 10:00"
    assert conditions(f"{use}; expect fee == 3 USD") == ["condition: where ok == yes", "condition: special"]
    assert conditions(f"{BUY}; {use}; expect fee == 3 USD") == ["condition: where ok == yes", "condition: special"]
    assert conditions(f"set special on; {BUY}; {use}; expect fee == 0 USD") == ["condition: where ok == yes"]
    assert conditions("use 3 calls of made with ok no on 2026-03-02; expect fee == 0 USD") == ["condition: special"]
    rules = VOLUME.replace("every month\n", "every month;  when plan == pro\n")
    rules = "setting plan one of free, pro = free\n" + rules
    assert "condition: plan == pro" in missed(rules, "use 5 calls of made in 2026-03; expect fee == 0 USD")
    assert "condition: plan == pro" not in missed(
        rules, "set plan pro; use 5 calls of made in 2026-03; expect fee == 1.5 USD"
    )


def test_prices_of_lines_that_are_never_billed() -> None:
    rules = VOLUME + "charge rare { on made;  every month;  when at > 2027-01-01;  rate 5 USD/call }\n"
    assert "price: rate 5 USD/call" in missed(rules, "use 5 calls of made in 2026-03; expect fee == 1.5 USD")


def test_an_example_that_cannot_be_rated_reaches_nothing() -> None:
    assert len(missed(VOLUME, "use 40 calls of made in 2026-03; expect fee == 0 USD")) == 4


QUOTAS = """\
setting plan one of free, pro = free
table amounts by plan { free 10; pro 20 }
table back by plan { free 10%; pro 20% }
table last by plan { free 2026-06-01; pro 2026-12-01 }
table weight by kind { a 1; b 2 }
meter made { field kind one of a, b = a;  measure sum(quantity) in calls }
grant gift { covers made;  size amounts[plan] * 1 call;  issued once on activation }
package pack {
  covers made at weight[kind];  sizes { 5 calls 5 USD };  valid until last[plan];  refund (back[plan] * paid)
}
charge fee { on made;  every month;  rate 1 USD/call }
deduct made from gift > pack > fee
"""


def test_formulas_of_quotas_reach_rows_of_tables() -> None:
    """Sizes, ratios, ends of validity and refunds look up in tables as lines do."""
    begin = "set activation 2026-01-01"
    bought = f"{begin}; buy 1 of pack 5 calls on 2026-01-02 as p1"
    assert missed(QUOTAS, f"{bought}; use 12 calls of made on 2026-01-05; expect total == 5 USD") == [
        "table row: pro 20",
        "table row: free 10%",
        "table row: pro 20%",
        "table row: pro 2026-12-01",
        "table row: b 2",
        "refund rule: refund (back[plan] * paid)",
        "price: rate 1 USD/call",
    ]
    refunded = f"{begin}; set plan pro from 2025-01-01; buy 1 of pack 5 calls on 2026-01-02 as p1"
    found = missed(QUOTAS, f"{refunded}; refund p1 on 2026-01-04; expect total == 4 USD")
    assert found == [
        "table row: free 10",
        "table row: free 10%",
        "table row: free 2026-06-01",
        "table row: a 1",
        "table row: b 2",
        "price: rate 1 USD/call",
    ]
