"""One bill of a few lines of rules."""

from __future__ import annotations

from ratewright.rating.bill import Bill
from tests.explain.test_as_the_customer import billed

AT = "2026-03-02T10:00:00"


def one(rules: str, records: str, more: str = "", first: str = "2026-03", last: str = "") -> Bill:
    return billed(rules.strip(), records, first, last, more)[-1]
