"""Accounts with many purchases: how the time of their bills grows when there are twice as many."""

from __future__ import annotations

import time

from whenever import Instant

from benchmarks.result import Result
from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.limits import DEFAULT
from ratewright.meaning.nodes import Tariff
from ratewright.plan.plan import plan_of
from ratewright.rating.named_periods import months
from ratewright.rating.walk import rate
from ratewright.usage.agreement import check_agreement
from ratewright.usage.findings import Findings
from ratewright.usage.model import Amount, Form, Place, Purchase, Record, Request, Usage
from ratewright.values.calendar import calendar_of

FEW = 4_000
MOST = 2.6
"""Twice as many may take 2.6 times as long: sorting grows a little faster than what is sorted."""

RULES = """
tariff packs "Packs" {{ currency USD; timezone "UTC" }}
unit call, calls
meter calls_made {{ field kind one of a, b; measure sum(quantity) in calls }}
package pack {{
  covers calls_made
  sizes {{ 10 calls 1 USD }}
  valid {valid}
  refund in full if unused
}}
package voucher {{ covers total; sizes {{ 2 USD 1 USD }} }}
charge fee {{ on calls_made; every month; rate 1 USD/call }}
deduct calls_made {order} from pack > fee
deduct total from voucher
"""
SHAPES = {
    "in order of time": ("1 year from purchase", "", 1),
    "in a declared order": ("1 year from purchase", "in order of kind", 1),
    "that reach back": ("from start of year(purchase) until end of year(purchase)", "", 1),
    "a hundred lots each": ("1 year from purchase", "", 100),
}


def _tariff(valid: str, order: str) -> Tariff:
    found, problems = check(Source("packs.tariff", RULES.format(valid=valid, order=order)))
    assert found is not None, problems
    return found


def account(lots: int, each: int, refunds: bool) -> Usage:
    """Purchases over a year that come to so many lots, and as many records; a tenth of them may be given back."""
    source = Source("acme", "")
    place = Place(source, 1)
    begin, count = Instant.from_utc(2026, 1, 1), lots // each
    apart = 365 * 86_400 // count
    times = [begin.add(seconds=apart * number) for number in range(count)]
    return Usage(
        "acme",
        source,
        records=tuple(
            Record(
                str(number),
                "calls",
                "calls_made",
                Form.EVENT,
                begin.add(seconds=365 * 86_400 // lots * number + 1),
                None,
                Amount(7),
                place,
                {"kind": "ab"[number % 2]},
            )
            for number in range(lots)
        ),
        purchases=tuple(Purchase(f"p{number}", "pack", Amount(10), each, at, place) for number, at in enumerate(times)),
        refunds=tuple(
            Request(f"p{number}", at.add(hours=1), place)
            for number, at in enumerate(times)
            if refunds and number % 10 == 0
        ),
    )


def _seconds(tariff: Tariff, usage: Usage) -> float:
    periods = months("2026-01", "2026-12", calendar_of(tariff.timezone))
    begin = time.process_time()
    check_agreement(usage, DEFAULT, Findings())
    bills, problems = rate(plan_of(tariff), usage, periods)
    assert bills, problems
    return time.process_time() - begin


def measure() -> list[Result]:
    """A year of bills for so many lots and records, and for twice as many."""
    results = []
    for name, (valid, order, each) in SHAPES.items():
        tariff = _tariff(valid, order)
        few, many = (_seconds(tariff, account(lots, each, not order)) for lots in (FEW, 2 * FEW))
        results.append(
            Result(
                f"{2 * FEW:,} lots {name}, against half of them",
                f"{many / few:.2f} ×",
                f"≤ {MOST} ×",
                many / few <= MOST,
                f"{many:.2f} s against {few:.2f} s: twelve bills, as many records, refunds of a tenth of the purchases",
            )
        )
    return results
