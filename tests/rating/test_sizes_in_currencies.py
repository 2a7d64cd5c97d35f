"""A size that has no price in the account's currency is not sold in it: not by a row for any size either."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rating.accounts import account, bill, buy, charged, problem, tariff

HEAD = 'currency USD, EUR; timezone "UTC"'
RULES = """
meter m in calls
package pack {{
  covers m
  sizes {{
    10 calls   5 USD or 4 EUR
    20 calls   9 USD
    {rows}
  }}
}}
charge fee {{ on m;  every month;  rate 1 USD/call or 1 EUR/call }}
deduct m from pack > fee
"""
BEYOND = "beyond  0.40 USD/call or 0.30 EUR/call"
BELOW = "below 40 calls  0.40 USD/call or 0.30 EUR/call"
DEARER = "below 15 calls  1 USD/call or 1 EUR/call;  beyond  0.40 USD/call or 0.30 EUR/call"


@pytest.mark.parametrize("rows", [BEYOND, BELOW, DEARER, ""])
def test_a_size_without_a_price_in_a_currency_is_not_sold_in_it(rows: str) -> None:
    rules = tariff(RULES.format(rows=rows), HEAD)
    euro = rules.by_currency[1]
    bought = account(purchases=(buy("p", "2026-03-02", 20),))
    assert charged(bill(rules, replace(bought, currency="USD")), "pack") == 9
    found = problem(euro, replace(bought, currency="EUR"))
    assert (found.code, found.message) == ("A105", "pack is not sold in 20 calls for EUR")
    ten = account(purchases=(buy("p", "2026-03-02", 10),))
    assert charged(bill(euro, replace(ten, currency="EUR")), "pack") == 4


@pytest.mark.parametrize(("size", "price"), [(19, "5.70"), (21, "6.30")])
def test_the_sizes_beside_it_are_sold_by_the_row_for_any(size: int, price: str) -> None:
    euro = tariff(RULES.format(rows=BEYOND), HEAD).by_currency[1]
    bought = account(purchases=(buy("p", "2026-03-02", size),))
    assert str(float(charged(bill(euro, replace(bought, currency="EUR")), "pack"))) == str(float(price))
