"""What a rule file writes as a percentage is told as one, and no other number is."""

from __future__ import annotations

import pytest

from ratewright.explain.render import render
from tests.explain.one_bill import one

RULES = """
tariff x "X" { currency USD;  timezone "UTC" }
unit pic, pics
setting part number = 25%
setting plan one of low, high = low
define more = 2.50%
define both = share[plan] + part
table share by plan { low 50%;  high 5% }
table factor by plan { low 0.5;  high 10% }
meter taken { measure sum(quantity) in pics }
charge fee { on taken;  every month;  rate FORMULA * 2 USD/pic }
"""


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("share[plan]", "share[low] is 50%"),
        ("part", "part is 25%"),
        ("part * more", "more is 2.50%"),
        ("both", "both is 75% (50% + 25%)"),
        ("factor[plan]", "factor[low] is 0.5"),
    ],
)
def test_told_as_written(formula: str, told: str) -> None:
    bill = one(RULES.replace("FORMULA", formula), "- {meter: taken, at: 2026-03-02T10:00:00Z, quantity: 10}")
    text = " ".join(render(bill, "text", "normal").split())
    assert told in text and told + "%" not in text
