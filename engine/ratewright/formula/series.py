"""Series at work: several values, one for each record, or for each period or name that has some."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from whenever import Instant

from ratewright.formula.compiler import Compiler, function_of
from ratewright.formula.errors import too_many_values
from ratewright.formula.given import CALENDAR, HISTORY, RECORDS, SERIES, Evaluator, Record, Values
from ratewright.formula.groups_behind import NOT_LET_IN, knows_records_alone, looked_back
from ratewright.formula.levels import stretches
from ratewright.formula.observer import Label, Many
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as n
from ratewright.meaning.walk import lengths_asked, looks_back
from ratewright.values.calendar import Cadence, Calendar, Period, seconds_between
from ratewright.values.exact import Exact

Groups = list[tuple[Label, Values]]
Facts = Callable[[Period, Calendar], dict[str, Any]]

_AT = itemgetter("record:at")


@function_of.register
def _(node: n.Series, compile_: Compiler) -> Evaluator:
    operand = compile_.of_each(node.operand)
    condition = compile_.of_each(node.condition) if node.condition is not None else None
    since = compile_(node.since) if node.since is not None else None
    groups_of = _groups(node, compile_)
    by_records_alone = since is not None and knows_records_alone(node)

    def of_groups(values: Values) -> list[tuple[Label, Values, Any]]:
        return [
            (label, group, operand(group) if condition is None or condition(group) else NOT_LET_IN)
            for label, group in groups_of(values)
        ]

    def worked_out(values: Values, start: Instant | None) -> Many:
        values = values if start is None else _looking_back(values, start, running=node.instants)
        if start is not None and by_records_alone:
            return looked_back(node, values, of_groups)
        if node.instants:
            return _at_each_instant(node, values, operand, condition)
        groups = groups_of(values)
        if node.or_zero:
            there = {label: operand(group) if condition is None or condition(group) else 0 for label, group in groups}
            return _with_zeros(there, node, values)
        if condition is not None:
            groups = [(label, group) for label, group in groups if condition(group)]
        return Many([operand(group) for _, group in groups], [label for label, _ in groups])

    def series(values: Values) -> Many:
        start = since(values) if since is not None else None
        known = values.get(SERIES)
        if known is None:
            return worked_out(values, start)
        asked = values[RECORDS], values["period:start"], values["period:end"], start
        last = known.get(id(node))
        if last is None or last[0][0] is not asked[0] or last[0][1:] != asked[1:]:
            last = known[id(node)] = asked, worked_out(values, start)
        found: Many = last[1]
        return found

    return series


def _looking_back(values: Values, start: Instant, *, running: bool) -> Values:
    """The values with all records from an instant to the end of the period at hand, as if that were one period; with
    those that were `running` at the instant."""
    end = values["period:end"]
    history: list[Record] = values[HISTORY]
    first, last = bisect_left(history, start, key=_AT), bisect_left(history, end, key=_AT)
    records = history[:last] if running else history[first:last]
    return {**values, **period_facts(Period(start, end), values[CALENDAR]), RECORDS: records}


def _at_each_instant(node: n.Series, values: Values, operand: Evaluator, condition: Evaluator | None) -> Many:
    """A value for each stretch of the period at hand over which the same records hold."""
    calendar: Calendar = values[CALENDAR]
    facts = facts_for(_outermost_of_groups(node))
    found: list[tuple[Any, Label, Exact]] = []
    for stretch in stretches(values[RECORDS], values["period:start"], values["period:end"]):
        inside = {**values, **facts(stretch.period, calendar), RECORDS: stretch.records}
        if stretch.records and (condition is None or condition(inside)):
            found.append((operand(inside), stretch.period, stretch.seconds))
        elif node.or_zero:
            found.append((0, stretch.period, stretch.seconds))
    return Many(*zip(*found, strict=True)) if found else Many()


def _groups(node: n.Series, compile_: Compiler) -> Callable[[Values], Groups]:
    """What a series has one value for: each with its label, and the values that the operand is asked with."""
    if node.cadence is not None:
        cadence, facts = node.cadence, facts_for(_outermost_of_groups(node))
        return lambda values: _by_period(values, cadence, facts)
    if node.key is not None:
        key, backwards = compile_.of_each(node.key), _looks_back(node)
        return lambda values: _by_key(values, key, backwards)
    return lambda values: [(record["record:at"], record) for record in values[RECORDS]]


def _with_zeros(there: dict[Label, Any], node: n.Series, values: Values) -> Many:
    """The values of the periods with records, and a 0 for each other that begins in the period at hand.

    Raises EvaluationError.
    """
    assert node.cadence is not None
    calendar: Calendar = values[CALENDAR]
    start, end = values["period:start"], values["period:end"]
    length = node.cadence.step.seconds
    if length and seconds_between(start, end) > DEFAULT.series_values * length:
        raise too_many_values(node.span)  # without counting that far
    for period in calendar.periods(node.cadence, start, end) if start < end else ():
        if period.start >= start:
            there.setdefault(period, 0)
        if len(there) > DEFAULT.series_values:
            raise too_many_values(node.span)
    labels = sorted(there)
    return Many([there[label] for label in labels], labels)


def _by_key(values: Values, key: Evaluator, backwards: bool) -> Groups:
    """The values for each name; a look back inside sees the records of that name alone."""
    groups = _kept_apart(values[RECORDS], key)
    if not backwards:
        return [(name, {**values, RECORDS: members}) for name, members in groups.items()]
    past = _kept_apart(values[HISTORY], key)
    return [(name, {**values, RECORDS: members, HISTORY: past.get(name, [])}) for name, members in groups.items()]


def _kept_apart(records: list[Record], key: Evaluator) -> dict[Any, list[Record]]:
    groups: dict[Any, list[Record]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    return groups


def _by_period(values: Values, cadence: Cadence, facts: Facts) -> Groups:
    """The values for each period that has records; a record that lasts belongs to each period that it meets. Where the
    period at hand begins or ends inside one, only its part of that is asked: a week at the end of a month."""
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
    parts = [(period, Period(max(period.start, start), min(period.end, end))) for period in sorted(groups)]
    return [(period, {**values, **facts(part, calendar), RECORDS: groups[period]}) for period, part in parts]


def _outermost_of_groups(node: n.Series) -> tuple[n.Expression, ...]:
    """What is asked of each group."""
    return (node.operand,) if node.condition is None else (node.operand, node.condition)


def _looks_back(node: n.Series) -> bool:
    """Whether what is asked of each group looks back further than the group."""
    return any(looks_back(asked) for asked in _outermost_of_groups(node))


def facts_for(formulas: Iterable[n.Expression]) -> Facts:
    """What is worked out of each period for formulas: how long it is only where they ask it, for there may be many."""
    return facts_of(any(lengths_asked(formula) for formula in formulas))


def facts_of(lengths: bool) -> Facts:
    """The same where it is known whether they ask how long it is."""
    return period_facts if lengths else _edges


def _edges(period: Period, calendar: Calendar) -> dict[str, Any]:
    return {"period:start": period.start, "period:end": period.end}


def period_facts(period: Period, calendar: Calendar) -> dict[str, Any]:
    """What formulas may ask of a period."""
    return {
        "period:days": calendar.days_in(period),
        "period:length": seconds_between(period.start, period.end),
        "period:start": period.start,
        "period:end": period.end,
    }
