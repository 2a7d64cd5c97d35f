"""The least usage with which a formula comes to a quantity, for formulas that grow with usage.

`on max(used, 990 calls)` comes to 1,000 calls with 1,000; `on round up (used) to 90 calls` with anything above 990.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from ratewright.meaning import nodes as n
from ratewright.meaning.walk import given_in
from ratewright.values.exact import Exact, exact
from ratewright.values.rounding import Way

Value = Callable[[n.Expression], object]
"""The value of a part of a formula that the usage does not change."""


class Least(Struct, frozen=True):
    """From `at` on, itself `inside` or not."""

    at: Exact
    inside: bool

    def whole(self) -> int:
        """The least whole number of these."""
        return ceil(self.at) if self.inside else floor(self.at) + 1


def least_usage(formula: n.Expression, usage: str, target: Least, value: Value) -> Least | None:
    """From which usage on a formula is at `target` or past it; `usage` is the key of what it reads.

    None where that is not decided so simply: the formula falls as usage grows, reads it in several places, or
    comes to nothing more with more of it.
    """
    if not _reads(formula, usage):
        return None
    match formula:
        case n.Given():
            return target
        case n.Defined(expression=inner):
            return least_usage(inner, usage, target, value)
        case n.Choose(condition=condition, yes=yes, no=no) if not _reads(condition, usage):
            return least_usage(yes if value(condition) else no, usage, target, value)
        case n.Sum(terms=terms):
            return _of_sum(terms, usage, target, value)
        case n.Product(factors=factors):
            return _of_product(factors, usage, target, value)
        case n.Rounded(operand=operand, step=step, way=way):
            before = _before_rounding(target, step, way)
            return None if before is None else least_usage(operand, usage, before, value)
        case n.Extreme(largest=True, operands=operands):
            return _first([least_usage(e, usage, target, value) for e in operands if _reads(e, usage)])
        case n.Extreme(largest=False, operands=operands):
            return _last(operands, usage, target, value)
    return None


def _reads(formula: n.Expression, usage: str) -> bool:
    return any(given.key == usage for given in given_in(formula))


def _of_sum(terms: tuple[tuple[int, n.Expression], ...], usage: str, target: Least, value: Value) -> Least | None:
    own = [(sign, term) for sign, term in terms if _reads(term, usage)]
    if len(own) != 1 or own[0][0] < 0:
        return None
    others = sum(sign * _number(value(term)) for sign, term in terms if term is not own[0][1])
    return least_usage(own[0][1], usage, Least(exact(target.at - others), target.inside), value)


def _of_product(
    factors: tuple[tuple[bool, n.Expression], ...], usage: str, target: Least, value: Value
) -> Least | None:
    own = [(divides, factor) for divides, factor in factors if _reads(factor, usage)]
    if len(own) != 1 or own[0][0]:
        return None
    times: Exact = 1
    for divides, factor in factors:
        if factor is not own[0][1]:
            by = _number(value(factor))
            if by <= 0:
                return None
            times = exact(Fraction(times) / by if divides else times * by)
    return least_usage(own[0][1], usage, Least(exact(Fraction(target.at) / times), target.inside), value)


def _before_rounding(target: Least, step: Exact, way: Way) -> Least | None:
    """From which figure on a rounding comes to the target; None for targets that are not above 0."""
    steps = Least(exact(Fraction(target.at) / step), target.inside).whole()
    if steps <= 0:
        return None
    if way is Way.UP:
        return Least(exact((steps - 1) * step), inside=False)
    if way is Way.DOWN:
        return Least(exact(steps * step), inside=True)
    half = exact((steps - Fraction(1, 2)) * step)
    return Least(half, inside=way is Way.HALF_UP or (way is Way.HALF_EVEN and steps % 2 == 0))


def _first(found: list[Least | None]) -> Least | None:
    """The earliest, where all are decided."""
    known = [least for least in found if least is not None]
    return min(known, key=lambda least: (least.at, not least.inside)) if len(known) == len(found) else None


def _last(operands: tuple[n.Expression, ...], usage: str, target: Least, value: Value) -> Least | None:
    """Where the last of several comes to the target; never, where one that usage does not change stays below."""
    found = []
    for operand in operands:
        if _reads(operand, usage):
            found.append(least_usage(operand, usage, target, value))
            continue
        fixed = _number(value(operand))
        if not (fixed > target.at or (target.inside and fixed == target.at)):
            return None
    known = [least for least in found if least is not None]
    return max(known, key=lambda least: (least.at, not least.inside)) if len(known) == len(found) else None


def _number(found: object) -> Exact:
    assert isinstance(found, int | Fraction)
    return found
