"""Accounts of the first price list."""

from __future__ import annotations

from tests.rating.accounts import account, event
from tests.seed.account import METER, price_list

PACK = "resource_package"


def call(at: str, pics: int = 1, **fields: str):
    return event(at, pics, METER, **fields)


def month(*records, period: str = "2026-03", **parts):
    """The bill of a month of an account that was activated when the price list began."""
    return price_list().bill(account(*records, activated="2026-01-21", **parts), period).details
