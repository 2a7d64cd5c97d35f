"""Rows of tables and tiers: which shape they have, and what is said of one that has none."""

from __future__ import annotations

import pytest

from tests.resolve.formulas import errors

HEADER = 'tariff demo { currency USD; timezone "UTC"; bytes by 1000 }\nunit call, calls\n'
PLAN = "setting plan one of free, pro = free\n"
METER = "meter m { field region text; by region; measure sum(quantity) in calls }\n"


def said(text: str) -> list[tuple[str, str]]:
    """Code and words of what is wrong, without the checks of sound lists."""
    return [(code, quoted) for code, quoted, _ in errors(text) if code[0] == "R"]


def tiers(rows: str, head: str = "volume") -> list[tuple[str, str]]:
    return said(f"{HEADER}{METER}charge fee {{ on m; every month; {head} {{\n{rows}\n}} }}\n")


def table(rows: str, by: str = "plan", use: str = "t[plan]") -> list[tuple[str, str]]:
    charge = f"charge fee {{ on m; every month; amount {use} }}\n"
    return said(f"{HEADER}{PLAN}{METER}table t by {by} {{\n{rows}\n}}\n{charge}")


@pytest.mark.parametrize(
    ("rows", "quoted"),
    [
        ("up to 10 1 USD\nbeyond 2 USD", []),
        ("beyond 2 USD", []),
        ("beyond not sold", []),
        ("up to 10  0.1 USD/call + 1 USD\nbeyond 2 USD", []),
        ("above 10 1 USD\nbeyond 2 USD", ["above"]),
        ("from 1 to 10 1 USD\nover 10 2 USD", ["from", "over"]),
        ("upto 10 1 USD\nup_to 20 1 USD\nbelow30 1 USD\nBeyond 2 USD", ["upto", "up_to", "below30", "Beyond"]),
        ("first 10 1 USD\nthen 2 USD", ["first", "then"]),
        ("10 1 USD\nrest 2 USD", ["10", "rest"]),
        ("1 to 10 1 USD\nbeyond 2 USD", ["1 to"]),
        ("up to 10 1 USD beyond 2 USD", ["beyond"]),
        ("below 10 1 USD  below 20 2 USD\nbeyond 3 USD", ["below"]),
        ("up to 10 1 USD 2 USD/call\nbeyond 3 USD", ["up to 10 1 USD 2 USD/call"]),
        ("up to 10 1 USD flat\nbeyond 3 USD", ["flat"]),
        ("up to 10 SD\nbeyond 3 USD", ["SD"]),
        ("up to 10 free\nbeyond 3 USD", ["free"]),
        ("up to 10 calls\nbeyond", ["up to 10 calls", "beyond"]),
        ("below 1 000 1 USD\nbeyond 2 USD", ["1 000"]),
        ("tier 1 up to 10 1 USD\ntier 2 beyond 2 USD", ["tier 1", "tier 2"]),
        ("price\nup to 10 1 USD\nbeyond 2 USD", ["price"]),
        ("tier price\nup to 10 1 USD\nbeyond 2 USD", ["tier price"]),
    ],
)
def test_rows_of_a_price(rows, quoted):
    assert tiers(rows) == [("R221", words) for words in quoted]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("EU US\nup to 10 1 2\nbeyond 3 4", []),
        ("up to 10 calls EU 1\nbeyond EU 3", []),
        ("EU EU\nup to 10 1 2\nbeyond 3 4", [("R202", "EU")]),
        ("EU US\nup to 10 1\nbeyond 3 4", [("R221", "up to 10 1")]),
        ("EU US\nup to 10 1 2 3\nbeyond 3 4", [("R221", "up to 10 1 2 3")]),
        ("up to 10 1\nbeyond 3", [("R221", "up to 10 1"), ("R221", "beyond 3")]),
    ],
)
def test_rows_of_a_price_with_columns(rows, expected):
    assert tiers(rows, "volume by region in USD") == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("free 0 USD\npro 5 USD", []),
        ("free or pro 5 USD", []),
        ('"free" 0 USD\n"pro" 5 USD', []),
        ("free 0 USD\npro 5 USD\nfree 1 USD", [("R202", "free")]),
        ("free or pro 0 USD\npro 5 USD", [("R202", "pro")]),
        ("free 0 USD\nbelow 10 calls 1 USD\nbeyond 5 USD", [("R221", "free 0 USD")]),
        ("plan fee\nfree 0 USD\npro 5 USD", [("R221", "plan")]),
        ("free\npro 5 USD", [("R208", "t[plan]")]),
        ("North America 0 USD\npro 5 USD", [("R221", "North America")]),
        ("free 0 USD\npro", [("R221", "pro")]),
        ("free not sold\npro not sold", [("R205", "t")]),
        ("free 0\npro 5 USD", [("R205", "0")]),
        ("free 0 USD\npro 5", [("R205", "5")]),
        ("free 0 USD\npro 5 calls", [("R205", "5 calls")]),
        ("free 0 USD\npro 2 USD per started 10 calls", [("R221", "2 USD per started 10 calls")]),
        ("free 1 USD + 2 USD\npro (3 * 2 USD)", []),
    ],
)
def test_rows_of_a_table(rows, expected):
    assert table(rows) == expected


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("t[plan].fee", []),
        ("t[plan]", [("R208", "t[plan]")]),
        ("t[plan].fees", [("R201", "fees")]),
        ("t[plan, plan].fee", [("R208", "t[plan, plan].fee")]),
        ("t[region].fee", []),  # a text that may be anything
        ('t["gold"].fee', [("R205", '"gold"')]),
        ("t[quantity].fee", [("R205", "quantity")]),
        ("t.fee", [("R201", "t")]),
        ("t", [("R201", "t")]),
        ("t(plan)", [("R208", "t")]),
    ],
)
def test_columns(use, expected):
    assert table("fee size\nfree 0 USD 1 call\npro 5 USD 9 calls", use=use) == expected


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("t[quantity]", []),
        ("t[5 calls]", []),
        ("t[5]", [("R205", "5")]),
        ("t[plan]", [("R205", "plan")]),
        ("t[5 GB]", [("R205", "5 GB")]),
        ("t[start of period]", [("R205", "start of period")]),
    ],
)
def test_ranges(use, expected):
    assert table("below 10 calls 1 USD\nbeyond 2 USD", "size", use) == expected


def test_what_is_said_once_of_a_table_is_not_said_of_its_uses():
    use = "charge a { every month; amount t[plan] }\ncharge b { every month; amount t[plan] }\n"
    text = HEADER + PLAN + "table t by plan { free 0 USD; pro 5 pages }\n" + use
    assert said(text) == [("R206", "pages")]


def test_a_table_by_a_misspelt_unit_has_cells_of_any():
    assert said(
        HEADER + PLAN + "table t by plan in page { free 0; pro 5 }\ncharge a { every month; amount t[plan] }\n"
    ) == [("R206", "page")]
