"""Over which lines a discount is spread, over charges and what was bought, never over another discount; and that it
adds nothing to the bill."""

from __future__ import annotations

import pytest

from tests.rating.accounts import account, bill, event, problem, tariff

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


@pytest.mark.parametrize("on", ["on a; ", ""])
@pytest.mark.parametrize(("used", "total"), [(60, 30), (30, 30), (29, None)])
def test_a_discount_by_a_formula_adds_nothing_to_the_bill(used, total, on):
    """What is meant as 'whatever is above 30 USD' says so; at 29 USD it would add 1."""
    head = "meter m in calls\ncharge a { on m; every month; rate 1 USD/call }\ndiscount over { "
    head += f"{on}every month; "
    usage = account(event("2026-03-02", used))
    over = tariff(f"{head}amount a - 30 USD }}")
    if total is None:
        found = problem(over, usage)
        assert (found.code, found.message.endswith("it would add to the bill")) == ("A501", True)
        assert "-1.00 USD" in found.message
    else:
        assert bill(over, usage).total == total
    for held in ("amount max(a - 30 USD, 0 USD)", "amount a - 30 USD; minimum 0 USD"):
        assert bill(tariff(f"{head}{held} }}"), usage).total == min(used, 30)


@pytest.mark.parametrize(("back", "total"), [(20, -18), (100, None)])
def test_it_is_below_0_where_its_line_is_and_no_further(back, total):
    """Ten of a hundred were taken off what is given back now."""
    share = "10% of a" if total is not None else "a * 2"
    rules = tariff(f"charge a {{ every month; amount 0 USD - {back} USD }}\ndiscount part {{ on a; amount {share} }}")
    if total is None:
        assert problem(rules, account()).code == "A501"
    else:
        assert bill(rules, account()).total == total


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_which_of_equal_lines_has_the_last_cent_does_not_go_by_their_order(order):
    lines = {name: f"charge {name} {{ every month; amount 17.02 USD }}" for name in order}
    rules = tariff("\n".join([*lines.values(), "discount late { on charges; rate 10.01% }"]))
    made = bill(rules, account())
    (line,) = (line for line in made.lines if line.source == "late")
    assert {share.source: str(float(share.share)) for share in line.why.spread} == {"a": "1.71", "b": "1.7"}
