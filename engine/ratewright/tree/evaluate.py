"""Expressions at work: a node becomes a function from the given values to its value.

Types were checked when the tree was made, so the functions only compute. What can still go wrong (a
division by zero, a ratio that outgrows its limit) raises EvaluationError with the place in the rule file.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, singledispatch
from typing import Any

from ratewright.diagnostics import Diagnostic, Span
from ratewright.limits import DEFAULT
from ratewright.tree import nodes as n
from ratewright.tree.walk import Identity
from ratewright.values.calendar import Calendar, seconds_between
from ratewright.values.exact import exact
from ratewright.values.rounding import round_to

Values = Mapping[str, Any]
Evaluator = Callable[[Values], Any]

CALENDAR = "calendar"
"""The key under which the given values hold the tariff's Calendar, where dates are reckoned with."""

RECORDS = "records"
"""The key under which the given values hold the values of each record, for aggregations."""


class EvaluationError(Exception):
    """A formula that has no value for the figures at hand."""

    def __init__(self, message: str, span: Span, help: str) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic("A601", message, span, help)


@lru_cache(maxsize=4096)
def _evaluator_of(holder: Identity) -> Evaluator:
    return compile_expression(holder.node)


def evaluator(node: n.Expression) -> Evaluator:
    """The function for a node; made once for each node."""
    return _evaluator_of(Identity(node))


def evaluate(node: n.Expression, values: Values) -> Any:
    """The value of an expression for given values. Raises EvaluationError."""
    return evaluator(node)(values)


@singledispatch
def compile_expression(node: n.Expression) -> Evaluator:
    """The function for one node type."""
    raise TypeError(f"no evaluation for {type(node).__name__}")


@compile_expression.register
def _(node: n.Constant) -> Evaluator:
    value = node.value
    return lambda values: value


@compile_expression.register
def _(node: n.Given) -> Evaluator:
    return operator.itemgetter(node.key)


@compile_expression.register
def _(node: n.Negative) -> Evaluator:
    operand = compile_expression(node.operand)
    return lambda values: -operand(values)


@compile_expression.register
def _(node: n.Sum) -> Evaluator:
    terms = [(sign, compile_expression(term)) for sign, term in node.terms]
    span = node.span

    def total(values: Values) -> Any:
        result: Any = 0
        for sign, term in terms:
            result += sign * term(values)
            if result.denominator.bit_length() > DEFAULT.ratio_bits:
                raise _outgrown(span)
        return exact(result)

    return total


@compile_expression.register
def _(node: n.Product) -> Evaluator:
    factors = [(divides, compile_expression(factor), factor.span) for divides, factor in node.factors]
    span = node.span

    def product(values: Values) -> Any:
        result: Any = 1
        for divides, factor, factor_span in factors:
            value = factor(values)
            if not divides:
                result = result * value
            elif value == 0:
                raise division_by_nothing(factor_span)
            else:
                result = Fraction(result) / value
            if max(result.numerator.bit_length(), result.denominator.bit_length()) > DEFAULT.ratio_bits:
                raise _outgrown(span)
        return exact(result)

    return product


def division_by_nothing(divisor: Span) -> EvaluationError:
    """The error for a divisor that is 0."""
    what = "" if divisor.text == "0" else f"`{divisor.text}` is 0, and "
    return EvaluationError(
        f"{what}nothing can be divided by {'it' if what else '0'}", divisor, "ask first: `if … > 0 then … else …`"
    )


def _outgrown(span: Span) -> EvaluationError:
    return EvaluationError(
        f"the exact value of `{span.text}` needs more than {DEFAULT.ratio_bits:,} bits",
        span,
        "declare a rounding inside the formula: `round half up (…) to 0.000001`",
    )


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@compile_expression.register
def _(node: n.Comparison) -> Evaluator:
    left, right = compile_expression(node.left), compile_expression(node.right)
    compare = _COMPARISONS[node.operator]
    return lambda values: compare(left(values), right(values))


@compile_expression.register
def _(node: n.AllOf) -> Evaluator:
    members = [compile_expression(part) for part in node.parts]
    return lambda values: all(part(values) for part in members)


@compile_expression.register
def _(node: n.AnyOf) -> Evaluator:
    members = [compile_expression(part) for part in node.parts]
    return lambda values: any(part(values) for part in members)


@compile_expression.register
def _(node: n.Negated) -> Evaluator:
    operand = compile_expression(node.operand)
    return lambda values: not operand(values)


@compile_expression.register
def _(node: n.Choose) -> Evaluator:
    condition, yes, no = (compile_expression(e) for e in (node.condition, node.yes, node.no))
    return lambda values: yes(values) if condition(values) else no(values)


@compile_expression.register
def _(node: n.Rounded) -> Evaluator:
    operand, step, way = compile_expression(node.operand), node.step, node.way
    return lambda values: round_to(operand(values), step, way)


@compile_expression.register
def _(node: n.Extreme) -> Evaluator:
    members = [compile_expression(part) for part in node.operands]
    choose = max if node.largest else min
    return lambda values: choose(part(values) for part in members)


@compile_expression.register
def _(node: n.Later) -> Evaluator:
    instant, duration = compile_expression(node.instant), node.duration
    if node.sign < 0:
        duration = type(duration)(-duration.months, -duration.days, -duration.seconds, duration.text)
    return lambda values: values[CALENDAR].add(instant(values), duration)


@compile_expression.register
def _(node: n.Elapsed) -> Evaluator:
    start, end = compile_expression(node.start), compile_expression(node.end)
    return lambda values: seconds_between(start(values), end(values))


@compile_expression.register
def _(node: n.EdgeOf) -> Evaluator:
    instant, cadence, end = compile_expression(node.instant), node.cadence, node.end

    def edge(values: Values) -> Any:
        calendar: Calendar = values[CALENDAR]
        period = calendar.period_of(instant(values), cadence)
        return period.end if end else period.start

    return edge


@compile_expression.register
def _(node: n.Aggregate) -> Evaluator:
    operand = compile_expression(node.operand) if node.operand is not None else None
    kind, span = node.aggregation, node.span

    def aggregate(values: Values) -> Any:
        records = values[RECORDS]
        if operand is None:
            return len(records)
        figures = [operand(record) for record in records]
        if kind is n.Aggregation.SUM or not figures:
            return exact(sum(figures))
        if kind is n.Aggregation.HIGHEST:
            return max(figures)
        if kind is n.Aggregation.LOWEST:
            return min(figures)
        if kind is n.Aggregation.MEAN:
            return exact(Fraction(sum(figures)) / len(figures))
        raise EvaluationError(f"`{span.text}` has no value", span, "")

    return aggregate
