"""Aggregations at work: the records of a period, or a series of values, become one value or a few.

The given values hold the records of the period as mappings, in order of time; see `RECORDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from heapq import nlargest, nsmallest
from math import ceil
from typing import Any

from ratewright.meaning import nodes as n
from ratewright.meaning.walk import parts
from ratewright.values.calendar import Cadence, Calendar, Period, seconds_between
from ratewright.values.exact import Exact, exact

Values = Mapping[str, Any]
Evaluator = Callable[[Values], Any]
Record = Mapping[str, Any]

CALENDAR = "calendar"
"""The key under which the given values hold the tariff's Calendar, where dates are reckoned with."""

RECORDS = "records"
"""The key under which the given values hold the values of each record of the period, in order of time.

A record knows `record:at`, when it begins, and `record:until`, when it ends (None for an event).
"""

SERIES = "series"
"""The key under which the given values may hold a dict: series worked out so far, for several formulas that ask."""

HISTORY = "history"
"""The key of the records from the account's first to the last of the period, for `since`."""

_A = n.Aggregation


def compile_aggregate(node: n.Aggregate, compile_: Callable[[n.Expression], Evaluator]) -> Evaluator:
    """The function for an aggregation."""
    kind, operand = node.aggregation, node.operand
    value_of = compile_(operand) if operand is not None else None
    rank = compile_(node.rank) if node.rank is not None else None
    condition = compile_(node.condition) if node.condition is not None else None
    whole_series = operand is not None and operand.type.many
    if kind is _A.INTEGRAL:
        assert value_of is not None
        return _integral(value_of, condition, whole_series)

    def aggregate(values: Values) -> Any:
        if whole_series:
            assert value_of is not None
            figures = value_of(values)
        else:
            records: Iterable[Record] = values[RECORDS]
            if condition is not None:
                records = [record for record in records if condition(record)]
            if value_of is None:
                return len(values[RECORDS])
            figures = [value_of(record) for record in records]
        return _COMBINE[kind](figures, rank(values) if rank is not None else None)

    return aggregate


def _integral(value_of: Evaluator, condition: Evaluator | None, whole_series: bool) -> Evaluator:
    """Each value times the seconds for which it held within the period."""

    def integral(values: Values) -> Any:
        start, end = values["period:start"], values["period:end"]
        total: Exact = 0
        for record in values[RECORDS]:
            until = record["record:until"]
            if until is None or (condition is not None and not condition(record)):
                continue
            first, last = max(record["record:at"], start), min(until, end)
            if first < last:
                total += value_of(record) * seconds_between(first, last)
        return exact(total)

    return integral


def _highest(figures: list[Any], count: Any) -> Any:
    if count is not None:
        return nlargest(count, figures)
    return max(figures, default=0)


def _lowest(figures: list[Any], count: Any) -> Any:
    if count is not None:
        return nsmallest(count, figures)
    return min(figures, default=0)


def _first(figures: list[Any], count: Any) -> Any:
    if count is not None:
        return figures[:count]
    return figures[0] if figures else 0


def _last(figures: list[Any], count: Any) -> Any:
    if count is not None:
        return figures[-count:]
    return figures[-1] if figures else 0


def _nth_highest(figures: list[Any], rank: Any) -> Any:
    """The n-th highest; of fewer values the lowest."""
    if not figures:
        return 0
    n_th = max(1, ceil(rank))
    return nlargest(n_th, figures)[-1]


def _percentile(figures: list[Any], percent: Any) -> Any:
    """By the nearest rank: the smallest value that so many of a hundred do not exceed."""
    if not figures:
        return 0
    position = percentile_rank(percent, len(figures))
    return sorted(figures)[position - 1]


def percentile_rank(percent: Exact, count: int) -> int:
    """Which of `count` values, counted from the smallest, is the percentile."""
    return max(1, ceil(Fraction(percent) * count / 100))


_COMBINE: dict[n.Aggregation, Callable[[list[Any], Any], Any]] = {
    _A.SUM: lambda figures, _: exact(sum(figures)),
    _A.COUNT: lambda figures, _: len(figures),
    _A.HIGHEST: _highest,
    _A.LOWEST: _lowest,
    _A.MEAN: lambda figures, _: exact(Fraction(sum(figures)) / len(figures)) if figures else 0,
    _A.FIRST: _first,
    _A.LAST: _last,
    _A.UNIQUE: lambda figures, _: len(set(figures)),
    _A.NTH_HIGHEST: _nth_highest,
    _A.PERCENTILE: _percentile,
}


def compile_series(node: n.Series, compile_: Callable[[n.Expression], Evaluator]) -> Evaluator:
    """The function for a series: one value for each record, period or name that has some."""
    labelled = compile_labelled(node, compile_)
    return lambda values: [value for _, value in labelled(values)]


def compile_labelled(
    node: n.Series, compile_: Callable[[n.Expression], Evaluator]
) -> Callable[[Values], list[tuple[Any, Any]]]:
    """The function for a series whose values come with what they are of: a Period, a name, or an Instant."""
    operand = compile_(node.operand)
    condition = compile_(node.condition) if node.condition is not None else None
    since = compile_(node.since) if node.since is not None else None
    key = compile_(node.key) if node.key is not None else None
    cadence, facts = node.cadence, _facts_for(node)

    def looked_at(values: Values) -> Values:
        """The values with the records and the period that the series speaks of."""
        if since is None:
            return values
        start, end = since(values), values["period:end"]
        records = [r for r in values[HISTORY] if r["record:at"] >= start]
        return {**values, **period_facts(Period(start, end), values[CALENDAR]), RECORDS: records}

    def series(values: Values) -> list[tuple[Any, Any]]:
        known = values.get(SERIES)
        if known is None:
            return worked_out(values)
        asked = values[RECORDS], values["period:start"], values["period:end"]
        last = known.get(id(node))
        if last is None or last[0][0] is not asked[0] or last[0][1:] != asked[1:]:
            last = known[id(node)] = asked, worked_out(values)
        return list(last[1])

    def worked_out(values: Values) -> list[tuple[Any, Any]]:
        values = looked_at(values)
        if cadence is not None:
            groups = _by_period(values, cadence, facts)
        elif key is not None:
            groups = _by_key(values, key)
        else:
            groups = [(record["record:at"], record) for record in values[RECORDS]]
        return [(label, operand(group)) for label, group in groups if condition is None or condition(group)]

    return series


def _by_key(values: Values, key: Evaluator) -> list[tuple[Any, Values]]:
    groups: dict[Any, list[Record]] = {}
    for record in values[RECORDS]:
        groups.setdefault(key(record), []).append(record)
    return [(name, {**values, RECORDS: members}) for name, members in groups.items()]


def _by_period(values: Values, cadence: Cadence, facts: Facts) -> list[tuple[Any, Values]]:
    """The values for each period that has records; a record that lasts belongs to each period that it meets."""
    calendar: Calendar = values[CALENDAR]
    start, end = values["period:start"], values["period:end"]
    groups: dict[Period, list[Record]] = {}
    period: Period | None = None
    for record in values[RECORDS]:
        at, until = record["record:at"], record["record:until"]
        at = max(at, start) if until is not None else at
        if period is None or not period.start <= at < period.end:
            period = calendar.period_of(at, cadence)
        groups.setdefault(period, []).append(record)
        while until is not None and period.end < min(until, end):
            period = calendar.period_of(period.end, cadence)
            groups.setdefault(period, []).append(record)
    return [(period, {**values, **facts(period, calendar), RECORDS: groups[period]}) for period in sorted(groups)]


Facts = Callable[[Period, Calendar], dict[str, Any]]


def _facts_for(node: n.Series) -> Facts:
    """What is worked out of each period of a series: how long it is only where it is asked, for there may be many."""
    asked = [part for e in (node.operand, node.condition) if e is not None for part in parts(e)]
    if any(isinstance(part, n.PeriodFact) and part.name in ("days", "length") for part in asked):
        return period_facts
    return lambda period, calendar: {"period:start": period.start, "period:end": period.end}


def period_facts(period: Period, calendar: Calendar) -> dict[str, Any]:
    """What formulas may ask of a period."""
    return {
        "period:days": calendar.days_in(period),
        "period:length": seconds_between(period.start, period.end),
        "period:start": period.start,
        "period:end": period.end,
    }
