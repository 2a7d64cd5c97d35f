"""A list and its fixtures."""

from __future__ import annotations

from tests.rating.accounts import tariff

RULES = """
setting plan one of basic, pro = basic
setting price in USD/call
setting since date = 2026-01-01
setting open = off
meter m "calls" {
  field kind one of a, b = a
  field note text = ""
  field size in MB
  measure sum(quantity) in calls
}
package pack { covers m; sizes { 100 calls 10 USD; 30 calls 4 USD } }
charge fee { on m; every month; rate price }
deduct m from pack > fee
limit tasks { on m; default 3 calls; extend 2 calls for 5 USD/day; shared by account and subaccounts }
"""
HEAD = 'currency USD; timezone "UTC"; bytes by 1000'


def rules():
    return tariff(RULES, HEAD)
