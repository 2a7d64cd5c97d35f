"""The aggregations of the language, one row each: what they take, what type they give, how they come to it.

Resolving, evaluating and telling all read this table; nothing else knows an aggregation by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import nlargest, nsmallest
from math import ceil
from typing import Any

from msgspec import Struct

from ratewright.meaning import nodes as n
from ratewright.meaning.types import PLAIN_NUMBER, Type, figure
from ratewright.values.exact import Exact, ratio, summed
from ratewright.values.units import SECOND, times

Key = Callable[[Any], Any] | None
"""What members are compared by; None where they are the figures themselves."""


class Takes(Struct, frozen=True):
    """Takes one of the members, or the first few: `one` by its place, `some` by how many, both in the same order.

    `place` gives the place for what the second argument asked (None without one), and how many members there are.
    """

    one: Callable[[Sequence[Any], int, Key], Any]
    some: Callable[[Sequence[Any], int, Key], list[Any]]
    place: Callable[[Any, int], int] = lambda asked, count: 1


class Combines(Struct, frozen=True):
    """Makes one value of all members alike. `different` marks one that speaks of their different values."""

    value: Callable[[Sequence[Any]], Any]
    different: bool = False


class OverTime(Struct, frozen=True):
    """Adds up each value times the seconds for which it held."""


class Rule(Struct, frozen=True):
    """An aggregation. `result` is the type it gives for that of its operand.

    `counts` marks one that gives a plain number of things, in whatever unit is wanted. `second` says what its second
    argument is, as a message names it (empty: it has none), and `example` shows one; `needs_second` whether there
    must be one, and `percent` whether it is a percentage. With `several` it gives as many values as the second
    argument says. `any_kind` takes texts and dates as well as figures. `told` marks one whose choice is worth telling
    where it takes one member.
    """

    work: Takes | Combines | OverTime
    result: Callable[[Type], Type] = Type.single
    counts: bool = False
    second: str = ""
    example: str = ""
    needs_second: bool = False
    percent: bool = False
    several: bool = False
    any_kind: bool = False
    told: bool = False

    @property
    def arguments(self) -> range:
        """How many arguments it may have."""
        return range(2 if self.needs_second else 1, 3 if self.second else 2)


def _highest(members: Sequence[Any], place: int, key: Key) -> Any:
    if place == 1:
        return max(members, key=key)
    if place < len(members) // 8:
        return nlargest(place, members, key)[-1]
    return sorted(members, key=key, reverse=True)[place - 1]


def _lowest(members: Sequence[Any], place: int, key: Key) -> Any:
    return min(members, key=key) if place == 1 else sorted(members, key=key)[place - 1]


def _rank(asked: Exact, count: int) -> int:
    """The n-th; of fewer members the last one."""
    return min(max(1, ceil(asked)), count)


def _of_a_hundred(asked: Exact, count: int) -> int:
    """By the nearest rank: the smallest value that so many of a hundred do not exceed; counted from the highest."""
    return count + 1 - max(1, ceil(Fraction(asked) * count / 100))


def _mean(figures: Sequence[Any]) -> Exact:
    return ratio(summed(figures), len(figures)) if figures else 0


def _number(operand: Type) -> Type:
    return PLAIN_NUMBER


def _over_time(operand: Type) -> Type:
    return figure(times(operand.dimension, SECOND))


_MANY = "how many"
_A = n.Aggregation
AGGREGATIONS: dict[n.Aggregation, Rule] = {
    _A.SUM: Rule(Combines(summed)),
    _A.COUNT: Rule(Combines(len), _number, counts=True, any_kind=True),
    _A.HIGHEST: Rule(
        Takes(_highest, lambda members, count, key: nlargest(count, members, key)),
        second=_MANY,
        example="5",
        several=True,
        told=True,
    ),
    _A.LOWEST: Rule(
        Takes(_lowest, lambda members, count, key: nsmallest(count, members, key)),
        second=_MANY,
        example="5",
        several=True,
        told=True,
    ),
    _A.MEAN: Rule(Combines(_mean)),
    _A.FIRST: Rule(
        Takes(lambda members, place, key: members[0], lambda members, count, key: list(members[:count])),
        second=_MANY,
        example="3",
        several=True,
        any_kind=True,
    ),
    _A.LAST: Rule(
        Takes(lambda members, place, key: members[-1], lambda members, count, key: list(members[-count:])),
        second=_MANY,
        example="3",
        several=True,
        any_kind=True,
    ),
    _A.UNIQUE: Rule(Combines(lambda figures: len(set(figures)), different=True), _number, counts=True, any_kind=True),
    _A.NTH_HIGHEST: Rule(
        Takes(_highest, lambda members, count, key: nlargest(count, members, key), _rank),
        second="its rank",
        example="5",
        needs_second=True,
        told=True,
    ),
    _A.PERCENTILE: Rule(
        Takes(_highest, lambda members, count, key: nlargest(count, members, key), _of_a_hundred),
        second="its percentage",
        example="95",
        needs_second=True,
        percent=True,
        told=True,
    ),
    _A.INTEGRAL: Rule(OverTime(), _over_time),
}
