"""How amounts are rounded, and shared in whole steps."""

from __future__ import annotations

from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.currencies import ANY
from tests.reference.rules import Rules
from tests.reference.values import round_number


def spread(amount: Fraction, count: int, step: Fraction | None) -> list[Fraction]:
    """An amount over equal shares in whole steps, the first ones the larger; exact where there is no step.

    What is less than a step goes to the next share."""
    if step is None:
        return [amount / count] * count
    each = round_number(amount / count, step, "down")
    shares = [each] * count
    index = 0
    while (rest := amount - sum(shares)) > 0:
        shares[index] += min(step, rest)
        index += 1
    return shares


def step_of(rule: n.Rounding | None, rules: Rules) -> Fraction | None:
    """The step of a rounding, whatever it rounds; None where it rounds nothing."""
    if rule is None or (rule.way is not None and not rule.steps):
        return rules.smallest
    own = (step for step in rule.steps if step.unit.text in (rules.currency, ANY))
    return None if rule.way is None else Fraction(next(own).value)


def rounded(exact: Fraction, rule: n.Rounding | None, rules: Rules, own: bool = False) -> Fraction:
    """An amount of a line by a rounding rule; by half up to the smallest unit where there is none."""
    step = step_of(rule, rules)
    if step is None or (rule is not None and rule.per is not None and rule.per.text == "bill" and not own):
        return exact
    return round_number(exact, step, "half up" if rule is None or rule.way is None else rule.way.value)
