"""Formulas that make of many values one, or a few."""

from __future__ import annotations

from enum import Enum

from ratewright.meaning.nodes.node import Expression
from ratewright.values.calendar import Cadence


class Aggregation(Enum):
    """How many values become one, or a few."""

    SUM = "sum"
    COUNT = "count"
    HIGHEST = "highest"
    LOWEST = "lowest"
    MEAN = "mean"
    FIRST = "first"
    LAST = "last"
    UNIQUE = "unique"
    NTH_HIGHEST = "nth_highest"
    PERCENTILE = "percentile"
    INTEGRAL = "integral"


class Aggregate(Expression, frozen=True):
    """An aggregation over the records of a period, or over a series.

    `operand` is asked of each record for which `condition` holds, and None for `count()`; it is the series
    itself where its type is one. `rank` is the second argument: n, or a percentage; with it `highest`,
    `lowest`, `first` and `last` give a series.
    """

    aggregation: Aggregation
    operand: Expression | None
    condition: Expression | None = None
    rank: Expression | None = None


class Series(Expression, frozen=True):
    """Several values: `operand` asked of the records of each period or name that has some.

    `cadence` or `key` (asked of each record) say what there is one value for; without either `operand` is
    asked of each record. With `instants` there is one for each instant, of the records that hold then. `since`
    looks back further than the period. `or_zero` gives a 0 to each period of the cadence, or instant, that has no
    value: without records, or where the condition does not hold.
    """

    operand: Expression
    cadence: Cadence | None
    key: Expression | None
    condition: Expression | None
    since: Expression | None
    or_zero: bool = False
    instants: bool = False
