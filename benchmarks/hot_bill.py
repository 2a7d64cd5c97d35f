"""One bill with its trace and its text, hot, against rendering a template of 60 lines alone."""

from __future__ import annotations

from pathlib import Path

import jinja2

import ratewright
from benchmarks.result import Result, ratio, side_by_side
from ratewright.explain.render import render
from ratewright.plan.plan import plan_of
from ratewright.rating.named_periods import named
from ratewright.rating.walk import rate
from ratewright.values.calendar import calendar_of

ROOT = Path(__file__).parent.parent
CALLS = 50

# Sixty lines as a bill has them: a label, a quantity, a price and an amount, two conditions and three filters each.
TEMPLATE = "\n".join(
    f"{{{{ lines[{n}].label | upper }}}} {{{{ '%10s' | format(lines[{n}].quantity) }}}} "
    f"{{% if lines[{n}].price %}}at {{{{ lines[{n}].price }}}}{{% else %}}free{{% endif %}} "
    f"{{{{ '%12s' | format(lines[{n}].amount) }}}}"
    f"{{% if lines[{n}].note %}} ({{{{ lines[{n}].note | trim }}}}){{% endif %}}"
    for n in range(60)
)
LINES = [
    {
        "label": f"line {n}",
        "quantity": f"{n * 1000:,}",
        "price": "0.08 USD/pic",
        "amount": f"{n * 80}.00 USD",
        "note": " x ",
    }
    for n in range(60)
]


def measure() -> list[Result]:
    """At most 5 times the template."""
    tariff = ratewright.load(ROOT / "rules" / "tencent_hy_image.tariff").tree
    usage = ratewright.read_usage(ROOT / "rules" / "fixtures" / "acme.yaml")
    periods = named("2026-03", calendar_of(tariff.timezone))
    template = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(TEMPLATE)

    def bill() -> None:
        for _ in range(CALLS):
            bills, _ = rate(plan_of(tariff), usage, periods)
            render(bills[0], "text", "normal")

    def baseline() -> None:
        for _ in range(CALLS):
            template.render(lines=LINES)

    bill()
    baseline()
    measured, base = side_by_side(bill, baseline, 15)
    against = "rendering a 60-line Jinja2 template"
    return [ratio("one bill, trace and text, hot", measured / CALLS, base / CALLS, 5, against)]
