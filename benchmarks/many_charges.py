"""A bill of a list of 1,200 charges, each by a formula of its own, against one of 100: what each charge costs."""

from __future__ import annotations

from benchmarks.result import Result, ratio, side_by_side
from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.plan.plan import Plan, plan_of
from ratewright.rating.named_periods import months
from ratewright.rating.walk import rate
from ratewright.usage.model import Usage
from ratewright.values.calendar import calendar_of

FEW, MANY = 100, 1_200
HEAD = """
tariff lines "Lines" { currency USD; timezone "UTC" }
setting seats number = 7
setting plan one of free, pro = pro
"""


def _plan(charges: int) -> Plan:
    lines = "".join(
        f"charge c{n} {{ every month;  when plan == pro;  minimum seats * 1 USD\n"
        f"  amount max({n} USD, seats * {n % 17}.50 USD / days(period)) }}\n"
        for n in range(charges)
    )
    found, problems = check(Source("lines.tariff", HEAD + lines))
    assert found is not None, problems
    return plan_of(found)


def measure() -> list[Result]:
    """At most 1.2 times as much for each of many as for each of few."""
    periods = months("2026-03", "2026-03", calendar_of("UTC"))
    usage = Usage("acme", Source("acme.yaml", ""))
    many, few = _plan(MANY), _plan(FEW)

    def bill(plan: Plan) -> None:
        bills, problems = rate(plan, usage, periods)
        assert bills and not problems

    bill(many)
    bill(few)

    def four_times() -> None:
        for _ in range(4):
            bill(few)

    rated, base = side_by_side(lambda: bill(many), four_times, 9)
    against = f"each of {FEW} charges"
    return [ratio(f"each of {MANY:,} charges", rated / MANY, base / (4 * FEW), 1.2, against)]
