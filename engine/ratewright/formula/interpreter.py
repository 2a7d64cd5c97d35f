"""Expressions at work: a node becomes a function from the given values to its value.

Types were checked when the tree was made, so the functions only compute. What can still go wrong (a
division by zero, a ratio that outgrows its limit) raises EvaluationError with the place in the rule file.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache, singledispatch
from typing import Any

from ratewright.diagnostics import Diagnostic, Span, did_you_mean
from ratewright.formula.aggregation import CALENDAR, Evaluator, Values, compile_aggregate, compile_series
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as n
from ratewright.meaning.walk import Identity
from ratewright.pricing.bounds import first_within
from ratewright.refusal import RatingError
from ratewright.values.calendar import WEEKDAYS, Calendar, seconds_between
from ratewright.values.exact import exact
from ratewright.values.rounding import round_to

__all__ = [
    "CALENDAR",
    "REACHED",
    "EvaluationError",
    "compile_expression",
    "division_by_nothing",
    "evaluate",
    "evaluator",
]

REACHED = "reached"
"""The key under which the given values may hold a set: the places of the cells that were looked up."""


class EvaluationError(RatingError):
    """A formula that has no value for the figures at hand."""

    def __init__(self, message: str, span: Span, help: str, code: str = "A601") -> None:
        self.diagnostic = Diagnostic(code, message, span, help)
        super().__init__([self.diagnostic])


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
def _(node: n.TimeOfDay) -> Evaluator:
    instant = compile_expression(node.instant)

    def time_of_day(values: Values) -> Any:
        time = values[CALENDAR].local(instant(values)).time()
        whole = (time.hour * 60 + time.minute) * 60 + time.second
        return exact(whole + Fraction(time.nanosecond, 10**9)) if time.nanosecond else whole

    return time_of_day


@compile_expression.register
def _(node: n.Weekday) -> Evaluator:
    instant = compile_expression(node.instant)
    return lambda values: WEEKDAYS[values[CALENDAR].date_of(instant(values)).day_of_week().value - 1]


@compile_expression.register
def _(node: n.DaysBetween) -> Evaluator:
    start, end = compile_expression(node.start), compile_expression(node.end)

    def days(values: Values) -> Any:
        calendar: Calendar = values[CALENDAR]
        return int(calendar.date_of(start(values)).until(calendar.date_of(end(values)), total="days"))

    return days


@compile_expression.register
def _(node: n.Defined) -> Evaluator:
    return compile_expression(node.expression)


@compile_expression.register
def _(node: n.Lookup) -> Evaluator:
    table, span = node.table, node.span
    keys = [compile_expression(key) for key in node.keys]
    names = table.by[1:] if table.ranged else table.by
    rows = [
        (
            compile_expression(row.bound.limit) if row.bound is not None and row.bound.limit is not None else None,
            row.bound is not None and row.bound.kind is n.BoundKind.UP_TO,
            {key: (compile_expression(c.value) if c.value is not None else None, c) for key, c in row.cells.items()},
        )
        for row in table.rows
    ]

    def lookup(values: Values) -> Any:
        asked = [key(values) for key in keys]
        cells = rows[0][2]
        if table.ranged:
            value = asked.pop(0)
            uppers = ((limit(values) if limit is not None else None, inside) for limit, inside, _ in rows)
            place = first_within(value, uppers)
            cells = rows[place][2] if place is not None else cells
        found = cells.get(tuple(asked))
        if found is None:
            raise missing_key(table.name, names, asked, span, cells)
        evaluate_cell, cell = found
        reached = values.get(REACHED)
        if reached is not None:
            reached.add(cell.span)
        if evaluate_cell is None:
            raise not_sold(f"`{span.text}`", cell.span)
        return evaluate_cell(values)

    return lookup


def missing_key(
    table: str, names: Sequence[str], key: Sequence[Any], span: Span, known: Iterable[Sequence[Any]] = ()
) -> EvaluationError:
    """The error for a key that a table has no row for; `known` are the keys that it has."""
    shown = [{True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value for value in key]
    what = " and ".join(f"{name} `{value}`" for name, value in zip(names, shown, strict=True))
    where = f"table `{table}`" if table else "the table of prices"
    texts = [k[0] for k in known if len(k) == 1 and isinstance(k[0], str)]
    guess = did_you_mean(key[0], texts) if len(key) == 1 and isinstance(key[0], str) else ""
    help = guess or "add a row for it; `not sold` where there is none"
    return EvaluationError(f"{where} has no row for {what}", span, help, "A402")


def not_sold(what: str, span: Span) -> EvaluationError:
    """The error for a row or cell without a price."""
    return EvaluationError(
        f"{what} reaches a row that is not sold",
        span,
        "the price list has no price for it: ask the vendor, or add one to the row",
        "A401",
    )


@compile_expression.register
def _(node: n.RowsOf) -> Evaluator:
    keys = [compile_expression(key) for key in node.keys]
    names = [key.span.text for key in node.keys]

    def rows(values: Values) -> Any:
        key = tuple([k(values) for k in keys])
        found = node.columns.get(key)
        if found is None:
            raise missing_key(node.name, names, key, node.span, node.columns)
        return found

    return rows


@compile_expression.register
def _(node: n.Aggregate) -> Evaluator:
    return compile_aggregate(node, compile_expression)


@compile_expression.register
def _(node: n.Series) -> Evaluator:
    return compile_series(node, compile_expression)
