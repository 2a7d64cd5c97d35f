"""Rounding, in one function, and only where a rule declares it."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from ratewright.values.exact import Exact, exact


class Way(Enum):
    """How a figure between two steps is settled; the value is how a rule file writes it."""

    HALF_UP = "half up"
    HALF_EVEN = "half even"
    UP = "up"
    DOWN = "down"


def round_to(value: Exact, step: Exact, way: Way) -> Exact:
    """`value` as a whole number of `step`s.

    `half up` moves a half away from zero and `up` any remainder away from zero, so that a credit is
    rounded like the charge it mirrors; `down` cuts towards zero. `step` must be positive.
    """
    if step <= 0:
        raise ValueError("a rounding step must be positive")
    steps = Fraction(value) / step
    magnitude = abs(steps)
    whole, rest = divmod(magnitude.numerator, magnitude.denominator)
    twice = 2 * rest
    if way is Way.UP:
        carry = rest > 0
    elif way is Way.DOWN:
        carry = False
    elif way is Way.HALF_UP:
        carry = twice >= magnitude.denominator
    else:
        carry = twice > magnitude.denominator or (twice == magnitude.denominator and whole % 2 == 1)
    count = whole + carry
    return exact(Fraction(step) * (-count if steps < 0 else count))
