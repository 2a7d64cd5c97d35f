"""Rounding, in one function, and only where a rule declares it."""

from __future__ import annotations

from enum import Enum

from ratewright.values.exact import Exact, quotient


class Way(Enum):
    """How a figure between two steps is settled; the value is how a rule file writes it."""

    HALF_UP = "half up"
    HALF_DOWN = "half down"
    HALF_EVEN = "half even"
    UP = "up"
    DOWN = "down"


def round_to(value: Exact, step: Exact, way: Way) -> Exact:
    """`value` as a whole number of `step`s.

    `half up` moves a half away from zero and `up` any remainder away from zero, so that a credit is
    rounded like the charge it mirrors; `half down` moves a half towards zero, and `down` cuts towards it.
    `step` must be positive.
    """
    over, under = step.numerator, step.denominator  # a Fraction takes long to compare, and to say what it is made of
    if over <= 0:
        raise ValueError("a rounding step must be positive")
    size, of = value.numerator * under, value.denominator * over
    whole, rest = divmod(abs(size), of)
    twice = 2 * rest
    if way is Way.UP:
        carry = rest > 0
    elif way is Way.DOWN:
        carry = False
    elif way is Way.HALF_UP:
        carry = twice >= of
    elif way is Way.HALF_DOWN:
        carry = twice > of
    else:
        carry = twice > of or (twice == of and whole % 2 == 1)
    count = whole + carry
    return quotient(over * (-count if size < 0 else count), under)
