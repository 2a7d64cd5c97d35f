"""Records priced alone by a formula of several fields, against the same formula in a meter: 20,000 of them."""

from __future__ import annotations

from whenever import Instant

from benchmarks.result import Result, ratio, side_by_side
from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.plan.plan import Plan, plan_of
from ratewright.rating.named_periods import months
from ratewright.rating.walk import rate
from ratewright.usage.model import Amount, Form, Place, Record, Usage
from ratewright.values.calendar import calendar_of

RECORDS = 20_000
HEAD = 'tariff t "T" { currency USD; timezone "UTC" }\nunit call, calls\n'
FIELDS = "field units number; field size number; field kind one of a, b"
ALONE = f"""{HEAD}meter asked {{ {FIELDS}; by units, size; measure count() in calls }}
charge c {{ on asked; every record; amount max(units * 0.01 USD, size / 1000 * 0.002 USD) + 0.001 USD }}
"""
IN_A_METER = f"""{HEAD}meter asked {{
  {FIELDS}
  measure sum(max(units * 0.01 calls, size / 1000 * 0.002 calls) + 0.001 calls) in calls
}}
charge c {{ on asked; every month; rate 1 USD/call }}
"""


def _plan(text: str) -> Plan:
    found, problems = check(Source("records.tariff", text))
    assert found is not None, problems
    return plan_of(found)


def _usage() -> Usage:
    source = Source("records.csv", "")
    start = Instant.from_utc(2026, 3, 1)
    place = Place(source, 1)
    records = (
        Record(
            str(number),
            "records",
            "asked",
            Form.EVENT,
            start.add(seconds=number * 100),
            None,
            Amount(1),
            place,
            {"units": Amount(number % 17 + 1), "size": Amount(number * 7_919 % 100_000), "kind": "ab"[number % 2]},
        )
        for number in range(RECORDS)
    )
    return Usage("acme", source, records=tuple(records))


def measure() -> list[Result]:
    """At most twice as long."""
    periods = months("2026-03", "2026-03", calendar_of("UTC"))
    usage = _usage()

    def bill(plan: Plan) -> None:
        bills, problems = rate(plan, usage, periods)
        assert bills and not problems, problems

    alone, together = _plan(ALONE), _plan(IN_A_METER)
    bill(alone)
    bill(together)
    rated, base = side_by_side(lambda: bill(alone), lambda: bill(together), 5)
    return [ratio(f"{RECORDS:,} records priced alone", rated, base, 2, "the same formula in a meter")]
