"""Expressions at work: a node becomes a function from the given values to its value.

Types were checked when the tree was made, so the functions only compute. What can still go wrong (a
division by zero, a ratio that outgrows its limit) raises EvaluationError with the place in the rule file.
Tables are in `lookups`, aggregations and series in `aggregation` and `series`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from math import gcd
from typing import Any

from whenever import Instant

from ratewright.diagnostics import Span
from ratewright.formula import aggregation, lookups, series  # noqa: F401 — they say what their node types mean
from ratewright.formula.compiler import Compiler, compile_expression, evaluate, evaluator, function_of, observe
from ratewright.formula.errors import EvaluationError, division_by_nothing, missing_key, no_price, not_sold, outgrown
from ratewright.formula.given import CALENDAR, REACHED, Evaluator, Values
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as n
from ratewright.meaning.walk import given_in
from ratewright.values.calendar import Calendar, CalendarError, Duration, seconds_between
from ratewright.values.exact import exact, lowest, quotient
from ratewright.values.rounding import round_to

__all__ = [
    "CALENDAR",
    "REACHED",
    "EvaluationError",
    "compile_expression",
    "division_by_nothing",
    "evaluate",
    "evaluator",
    "missing_key",
    "not_sold",
    "observe",
]


@function_of.register
def _(node: n.Constant, compile_: Compiler) -> Evaluator:
    value = node.value
    return lambda values: value


@function_of.register
def _(node: n.NoPrice, compile_: Compiler) -> Evaluator:
    def refused(values: Values) -> Any:
        raise no_price(node.span, node.currency, str(node.type))

    return refused


@function_of.register
def _(node: n.Given, compile_: Compiler) -> Evaluator:
    return operator.itemgetter(node.key)


@function_of.register
def _(node: n.Negative, compile_: Compiler) -> Evaluator:
    operand = compile_(node.operand)
    return lambda values: -operand(values)


@function_of.register
def _(node: n.Sum, compile_: Compiler) -> Evaluator:
    terms = [(sign, compile_(term)) for sign, term in node.terms]
    span, limit = node.span, DEFAULT.ratio_bits

    def total(values: Values) -> Any:
        numerator, denominator = 0, 1  # of whole numbers, brought to lowest terms once: a Fraction does it at each step
        for sign, term in terms:
            value = term(values)
            over = value.denominator
            if over == denominator:
                numerator += sign * value.numerator
                continue
            shared = gcd(denominator, over)
            numerator = numerator * (over // shared) + sign * value.numerator * (denominator // shared)
            denominator *= over // shared
            if denominator.bit_length() > limit:
                numerator, denominator = lowest(numerator, denominator)
                if denominator.bit_length() > limit:
                    raise outgrown(span)
        return quotient(numerator, denominator)

    return total


@function_of.register
def _(node: n.Product, compile_: Compiler) -> Evaluator:
    factors = [(divides, compile_(factor), factor.span) for divides, factor in node.factors]
    span, limit = node.span, DEFAULT.ratio_bits

    def product(values: Values) -> Any:
        numerator, denominator = 1, 1
        for divides, factor, factor_span in factors:
            value = factor(values)
            if not divides:
                numerator *= value.numerator
                denominator *= value.denominator
            elif value == 0:
                raise division_by_nothing(factor_span)
            else:
                numerator *= value.denominator
                denominator *= value.numerator
            if numerator.bit_length() > limit or denominator.bit_length() > limit:
                numerator, denominator = lowest(numerator, denominator)
                if numerator.bit_length() > limit or denominator.bit_length() > limit:
                    raise outgrown(span)
        return quotient(numerator, denominator)

    return product


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@function_of.register
def _(node: n.Comparison, compile_: Compiler) -> Evaluator:
    left, right = compile_(node.left), compile_(node.right)
    compare = _COMPARISONS[node.operator]
    return lambda values: compare(left(values), right(values))


@function_of.register
def _(node: n.AllOf, compile_: Compiler) -> Evaluator:
    members = [compile_.part(node, part) for part in node.parts]
    return lambda values: all(part(values) for part in members)


@function_of.register
def _(node: n.AnyOf, compile_: Compiler) -> Evaluator:
    members = [compile_.part(node, part) for part in node.parts]
    return lambda values: any(part(values) for part in members)


@function_of.register
def _(node: n.Negated, compile_: Compiler) -> Evaluator:
    operand = compile_(node.operand)
    return lambda values: not operand(values)


@function_of.register
def _(node: n.Choose, compile_: Compiler) -> Evaluator:
    condition = compile_(node.condition)
    yes, no = compile_.part(node, node.yes), compile_.part(node, node.no)
    return lambda values: yes(values) if condition(values) else no(values)


@function_of.register
def _(node: n.Rounded, compile_: Compiler) -> Evaluator:
    operand, step, way = compile_(node.operand), node.step, node.way
    return lambda values: round_to(operand(values), step, way)


@function_of.register
def _(node: n.Extreme, compile_: Compiler) -> Evaluator:
    members = [compile_(part) for part in node.operands]
    choose = max if node.largest else min
    return lambda values: choose(part(values) for part in members)


def _placed(evaluate_time: Evaluator, span: Span) -> Evaluator:
    """The function for a node that asks the calendar, with the node's place where the calendar ends."""

    def placed(values: Values) -> Any:
        try:
            return evaluate_time(values)
        except CalendarError as error:
            raise EvaluationError(str(error), span, error.help, "A205") from error

    return placed


def _in_time(node: n.Expression, compile_: Compiler) -> Evaluator:
    """The function for an instant that is reckoned with: it must lie in time, as the end of a lot may not."""
    instant = compile_(node)
    if not any(isinstance(each, n.LotFact) for each in given_in(node)):
        return instant

    def placed(values: Values) -> Any:
        found = instant(values)
        if found == Instant.MAX:
            raise CalendarError(
                "the lot has no end, so nothing can be reckoned from its expiry",
                "say with `valid` how long it holds, or leave `expiry` out",
            )
        return found

    return placed


@function_of.register
def _(node: n.Later, compile_: Compiler) -> Evaluator:
    instant, duration = _in_time(node.instant, compile_), node.duration if node.sign > 0 else -node.duration
    return _placed(lambda values: values[CALENDAR].add(instant(values), duration), node.span)


@function_of.register
def _(node: n.Elapsed, compile_: Compiler) -> Evaluator:
    start, end = _in_time(node.start, compile_), _in_time(node.end, compile_)
    return _placed(lambda values: seconds_between(start(values), end(values)), node.span)


@function_of.register
def _(node: n.EdgeOf, compile_: Compiler) -> Evaluator:
    instant, cadence, end = _in_time(node.instant, compile_), node.cadence, node.end

    def edge(values: Values) -> Any:
        calendar: Calendar = values[CALENDAR]
        period = calendar.period_of(instant(values), cadence)
        return period.end if end else period.start

    return _placed(edge, node.span)


@function_of.register
def _(node: n.TimeOfDay, compile_: Compiler) -> Evaluator:
    instant = _in_time(node.instant, compile_)

    def time_of_day(values: Values) -> Any:
        time = values[CALENDAR].local(instant(values)).time()
        whole = (time.hour * 60 + time.minute) * 60 + time.second
        return exact(whole + Fraction(time.nanosecond, 10**9)) if time.nanosecond else whole

    return _placed(time_of_day, node.span)


@function_of.register
def _(node: n.NameOf, compile_: Compiler) -> Evaluator:
    instant, cadence = _in_time(node.instant, compile_), node.cadence
    return _placed(lambda values: values[CALENDAR].name_of(instant(values), cadence), node.span)


@function_of.register
def _(node: n.DaysBetween, compile_: Compiler) -> Evaluator:
    start, end = _in_time(node.start, compile_), _in_time(node.end, compile_)

    return _placed(lambda values: _whole_days(start(values), end(values), values[CALENDAR]), node.span)


def _whole_days(start: Instant, end: Instant, calendar: Calendar) -> int:
    """The whole days, as the calendar counts them, from one instant to another; below 0 from the later one."""
    if end < start:
        return -_whole_days(end, start, calendar)
    days = int(calendar.date_of(start).until(calendar.date_of(end), total="days"))
    return days - 1 if calendar.add(start, Duration(days=days)) > end else days


@function_of.register
def _(node: n.Defined, compile_: Compiler) -> Evaluator:
    return compile_(node.expression)
