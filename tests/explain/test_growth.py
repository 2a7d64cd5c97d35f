"""An explanation at full length of twice the lines is twice the work, whatever they are of."""

from __future__ import annotations

import pytest

from ratewright.explain.render import render
from ratewright.rating.bill import Bill
from tests.explain.bills import rated
from tests.growth import growth

HEAD = """tariff many "Many" {{ currency USD;  timezone "UTC" }}
unit call, calls
meter used {{ field region text = any;  {} }}
charge fee {{ on used;  {};  rate 1 USD/call }}
"""
PEAK = "measure highest(quantity) in calls"
SUM = "measure sum(quantity * 2) in calls"
PAID = "grant credit { covers fee;  size 1 USD;  renews every minute }\ndeduct fee from credit\n"
HELD = "grant free { covers used;  size 1 call;  renews every minute }\ndeduct used from free > fee\n"
LINES = {
    "results": (PEAK, "every minute", ""),
    "payments": (SUM, "every record", PAID),
    "keys": (f"{PEAK};  by region", "every month", ""),
    "cycles": (SUM, "every month", HELD),
    "conditions": (SUM, "every record;  when quantity > 3 calls", ""),
}
COUNT = 120
"""Enough for a search of all results for each line to weigh a tenth of what a line is told with."""
MOST = 2.04


def bill(kind: str, count: int) -> Bill:
    measure, every, more = LINES[kind]
    rules = HEAD.format(measure, every) + more
    usage = "".join(
        f"  - {{meter: used, at: 2026-03-01T{n // 60:02}:{n % 60:02}:00Z, quantity: 2, region: r{n}}}\n"
        for n in range(count)
    )
    return rated(rules, "many.tariff", f"account: a\nactivated: 2026-03-01T00:00:00Z\nusage:\n{usage}", (2026, 3))[0]


@pytest.mark.parametrize("kind", LINES)
def test_twice_the_lines_are_twice_the_work(kind: str) -> None:
    fresh = {count: [bill(kind, count) for _ in range(2)] for count in (COUNT, 2 * COUNT)}  # texts are made once
    assert growth(lambda count: render(fresh[count].pop(), "json", "full"), COUNT) < MOST
