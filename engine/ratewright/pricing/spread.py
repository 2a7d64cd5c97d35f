"""An amount spread over several others in proportion, in whole steps, so that the shares add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from ratewright.values.exact import Exact, exact


def spread(amount: Exact, over: Sequence[Exact], step: Exact) -> list[Exact]:
    """The share of `amount` for each of `over`, by the largest remainder.

    Each share is first cut down to whole steps; the steps that are left go one by one to the shares of which
    most was cut, the first of equals first. What is less than a step goes to the next of them. So the shares
    add up to the amount, and none is a whole step or more away from its proportion. `over` must not add up
    to 0, and `step` must be positive.
    """
    whole = sum(over)
    if whole == 0 or step <= 0:
        raise ValueError("nothing to spread over, or no step")
    exact_steps = [Fraction(amount) * part / whole / step for part in over]
    steps: list[Exact] = [floor(share) for share in exact_steps]
    left = Fraction(amount) / step - sum(steps)
    most_cut_first = sorted(range(len(over)), key=lambda n: steps[n] - exact_steps[n])
    for number in most_cut_first:
        given = min(Fraction(1), left)
        if given <= 0:
            break
        steps[number] += given
        left -= given
    return [exact(Fraction(count) * step) for count in steps]


def spread_evenly(amount: Exact, count: int, step: Exact) -> list[Exact]:
    """The same for `count` equal parts: as `spread` has it, without sorting what is equal."""
    if count < 1 or step <= 0:
        raise ValueError("nothing to spread over, or no step")
    whole, rest = divmod(Fraction(amount), step)
    each, more = divmod(whole, count)
    return [
        *(exact((each + 1) * step) for _ in range(more)),
        exact(each * step + rest),
        *(exact(each * step) for _ in range(count - more - 1)),
    ]
