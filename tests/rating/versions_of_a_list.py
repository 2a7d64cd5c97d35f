"""Versions of one list, and bills by them."""

from __future__ import annotations

from ratewright.diagnostics import Diagnostic
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import plan_of
from ratewright.rating.bill import Bill
from ratewright.rating.named_periods import months
from ratewright.rating.versions import rate_history
from ratewright.usage.model import Usage
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import account, event, tariff

BODY = """
meter m {{ measure sum(quantity) in calls }}
grant free {{ covers m; size 10 calls; issued once on activation }}
package pack {{ covers m; sizes {{ 100 calls 1 USD }}; valid 1 year from purchase }}
charge fee {{ on m; every {every}; rate {price} USD/call }}
deduct m from free > pack > fee
"""


def version(start: str, until: str, price: int, every: str = "month", extra: str = "", more: str = "") -> tree.Tariff:
    times = f"effective from {start}" + (f" until {until}" if until else "")
    head = f'currency USD; timezone "UTC"; {times}{extra}'
    return tariff(BODY.format(price=price, every=every) + more, head)


def rated(versions: list[tree.Tariff], usage: Usage, first: str, last: str) -> list[Bill]:
    periods = months(first, last, calendar_of("UTC"))
    found, problems = rate_history([plan_of(v) for v in versions], usage, periods)
    assert not problems, problems
    return found


def refused(versions: list[tree.Tariff], usage: Usage, first: str = "2026-01", last: str = "2026-06") -> Diagnostic:
    periods = months(first, last, calendar_of("UTC"))
    found, problems = rate_history([plan_of(v) for v in versions], usage, periods)
    assert not found
    return problems[0]


def used(*days: str, **parts: object) -> Usage:
    return account(*(event(f"{day} 10:00", 20) for day in days), activated="2026-01-01", **parts)
