"""Over which lines a discount is spread: over charges and what was bought, never over another discount."""

from __future__ import annotations

import pytest

from tests.rating.accounts import account, bill, event, tariff

TWO = """
meter m in calls
meter n in calls
charge a { on m; every month; rate 1 USD/call }
charge b { on n; every month; rate 1 USD/call }
discount early { on charges; amount 30 USD }
"""


@pytest.mark.parametrize("on", ["charges", "subtotal", "a + b", "a + b - early", "subtotal + a - a"])
def test_another_discount_takes_no_part(on):
    rules = tariff(f"{TWO}discount late {{ on {on}; amount 9 USD }}")
    made = bill(rules, account(event("2026-03-02", 60), event("2026-03-03", 30, "n")))
    assert made.total == 51
    (line,) = (line for line in made.lines if line.source == "late")
    assert [(share.source, share.amount, share.share) for share in line.why.spread] == [("a", 60, 6), ("b", 30, 3)]


def test_a_discount_on_one_line_and_a_discount_is_not_spread():
    rules = tariff(f"{TWO}discount late {{ on a - early; amount 9 USD }}")
    made = bill(rules, account(event("2026-03-02", 60), event("2026-03-03", 30, "n")))
    (line,) = (line for line in made.lines if line.source == "late")
    assert line.why.spread == ()


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_which_of_equal_lines_has_the_last_cent_does_not_go_by_their_order(order):
    lines = {name: f"charge {name} {{ every month; amount 17.02 USD }}" for name in order}
    rules = tariff("\n".join([*lines.values(), "discount late { on charges; rate 10.01% }"]))
    made = bill(rules, account())
    (line,) = (line for line in made.lines if line.source == "late")
    assert {share.source: str(float(share.share)) for share in line.why.spread} == {"a": "1.71", "b": "1.7"}
