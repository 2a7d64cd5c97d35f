"""How amounts are rounded, and shared in whole steps."""

from __future__ import annotations

from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.values import round_number

CENT = Fraction(1, 100)


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


def step_of(rule: n.Rounding | None) -> Fraction | None:
    """The step of a rounding, whatever it rounds; None where it rounds nothing."""
    if rule is None:
        return CENT
    return None if rule.way is None else Fraction(rule.steps[0].value) if rule.steps else CENT


def rounded(exact: Fraction, rule: n.Rounding | None, own: bool = False) -> Fraction:
    """An amount of a line by a rounding rule; by half up to the cent where there is none."""
    if rule is None:
        return round_number(exact, CENT, "half up")
    if rule.way is None or (rule.per is not None and rule.per.text == "bill" and not own):
        return exact
    return round_number(exact, Fraction(rule.steps[0].value) if rule.steps else CENT, rule.way.value)
