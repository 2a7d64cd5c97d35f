"""Bills of an account that used nothing, one by each published price list, against making their texts."""

from __future__ import annotations

from pathlib import Path

import ratewright
from benchmarks.result import Result, ratio, side_by_side
from ratewright.diagnostics import Source
from ratewright.explain.render import render
from ratewright.plan.plan import plan_of
from ratewright.rating.named_periods import named
from ratewright.rating.walk import rate
from ratewright.usage.model import Usage
from ratewright.values.calendar import calendar_of

PUBLISHED = Path(__file__).parent.parent / "rules" / "published"
USAGE = Usage("acme", Source("acme.yaml", ""))
CALLS = 10


def measure() -> list[Result]:
    """At most 1.8 times as long as the texts: half of what version 0.2.0 took."""
    asked = []
    for path in sorted(PUBLISHED.glob("*.tariff")):
        tariff = ratewright.load(path).tree
        periods = named("2026-03", calendar_of(tariff.timezone))
        bills, _ = rate(plan_of(tariff), USAGE, periods)
        if bills:  # some lists hold for another time, or ask for settings
            asked.append((plan_of(tariff), periods, bills[0]))

    def idle() -> None:
        for _ in range(CALLS):
            for plan, periods, _ in asked:
                rate(plan, USAGE, periods)

    def texts() -> None:
        for _ in range(CALLS):
            for _, _, bill in asked:
                render(bill, "text", "normal")

    texts()
    measured, base = side_by_side(idle, texts, 15)
    title = f"bills without usage by {len(asked)} lists"
    return [ratio(title, measured / CALLS, base / CALLS, 1.8, "making their texts")]
