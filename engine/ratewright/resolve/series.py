"""Aggregations and series: many values of records, and what becomes of them."""

from __future__ import annotations

from contextlib import ExitStack

from ratewright.diagnostics import did_you_mean
from ratewright.formula.aggregations import AGGREGATIONS
from ratewright.meaning import nodes as n
from ratewright.meaning.types import INSTANT, PLAIN_NUMBER, Kind
from ratewright.meaning.walk import looks_back
from ratewright.resolve.cadences import is_period, resolve_cadence
from ratewright.resolve.context import Context, failed
from ratewright.resolve.functions import aggregation_named
from ratewright.resolve.scope import Scope
from ratewright.syntax import nodes as s
from ratewright.values.calendar import Cadence, PeriodUnit
from ratewright.values.exact import exact

_A = n.Aggregation
_OF_LEVELS = (_A.HIGHEST, _A.LOWEST, _A.INTEGRAL)
_INSTANT = "instant"
_INSTANTS_ELSEWHERE = ("moment", "time", "point", "change", "second", "instants")


def resolve_aggregate(context: Context, node: s.Call, kind: n.Aggregation, scope: Scope) -> n.Expression:
    """An aggregation; `scope` is that of the period, and `scope.records` that of a record."""
    assert scope.records is not None
    if kind is _A.COUNT and not node.arguments:
        return n.Aggregate(node.span, PLAIN_NUMBER, kind, None)
    if len(node.arguments) not in AGGREGATIONS[kind].arguments:
        return _wrong_number(context, node, kind)
    argument, names = _unfolded(context, node.arguments[0], scope)
    with ExitStack() as stack:
        readable = all(stack.enter_context(context.named.inside(define)) for define in names)
        taken = _taken(context, node, kind, argument, scope) if readable else None
    rank = _rank(context, node, kind, scope) if taken is not None else None  # it may name the same series
    if taken is None or (rank is not None and rank.type.kind is Kind.UNKNOWN):
        return failed(node.span)
    operand, condition = taken
    if operand.type.many and not _fits_series(context, node, kind, operand):
        return failed(node.span)
    type_ = AGGREGATIONS[kind].result(operand.type)
    if rank is not None and AGGREGATIONS[kind].several:
        type_ = type_.series()
    return n.Aggregate(node.span, type_, kind, operand, condition, rank)


def _taken(
    context: Context, node: s.Call, kind: n.Aggregation, argument: s.Expression, scope: Scope
) -> tuple[n.Expression, n.Expression | None] | None:
    """What an aggregation takes, and the condition of its records; None where that is wrong (reported)."""
    assert scope.records is not None
    condition = None
    if isinstance(argument, s.Selection) and argument.each is None and argument.since is None:
        assert argument.condition is not None
        if _is_series(context, argument.operand, scope):
            _series_where(context, argument)
            return None
        condition = context.condition(argument.condition, scope.records)
        operand = context.resolve(argument.operand, scope.records)
    else:
        operand = context.resolve(argument, scope if _is_series(context, argument, scope) else scope.records)
    if operand.type.kind is Kind.UNKNOWN:
        return None
    if operand.type.kind is not Kind.FIGURE and not AGGREGATIONS[kind].any_kind:
        context.report.error(
            "R205",
            f"what `{kind.value}` takes must be a figure, and `{argument.span.text}` is {operand.type}",
            argument.span,
            "write a figure, or a name that stands for one",
        )
        return None
    if kind is _A.COUNT and condition is None and not operand.type.many:
        _wrong_number(context, node, kind)
        return None
    return operand, condition


def _fits_series(context: Context, node: s.Call, kind: n.Aggregation, operand: n.Expression) -> bool:
    """Whether an aggregation speaks of the values of this series; what forbids it is reported. The values of each
    instant have no number of their own: each holds for as long as it does."""
    levels = _of_instants(operand)
    if kind is _A.INTEGRAL and not levels:
        message = f"`integral` takes what holds for a time, and `{operand.span.text}` has a value for each period"
        help = "write `sum(…)`, or `integral(sum(quantity) each instant)`"
    elif levels and (kind not in _OF_LEVELS or len(node.arguments) > 1):
        message = f"`{operand.span.text}` has a value for each instant, and they cannot be counted"
        help = "take the `highest`, the `lowest`, or the mean by how long each holds: `integral(…) / length(period)`"
    else:
        return True
    context.report.error("R208", message, node.span, help)
    return False


def _of_instants(series: n.Expression) -> bool:
    """Whether a series has a value for each instant."""
    match series:
        case n.Defined(expression=inner):
            return _of_instants(inner)
        case n.Choose(yes=yes, no=no):
            return _of_instants(yes) or _of_instants(no)
        case n.Series(instants=instants):
            return instants
    return False


def _wrong_number(context: Context, node: s.Call, kind: n.Aggregation) -> n.Expression:
    rule = AGGREGATIONS[kind]
    if rule.needs_second:
        what, help = f"takes a value and {rule.second}", f"write `{kind.value}(quantity, {rule.example})`"
    else:
        formula = "quantity * times" if node.arguments else "quantity"
        what, help = "takes one value of each record", f"write one formula: `{kind.value}({formula})`"
    if kind is _A.COUNT:
        what = "counts records, or the values of a series"
        help = "write `count()` for the records, `unique(…)` for different values, `sum(…)` for what they stand for"
    context.report.error("R208", f"`{kind.value}( )` {what}", node.span, help)
    return failed(node.span)


def _series_where(context: Context, argument: s.Selection) -> None:
    context.report.error(
        "R208",
        f"`{argument.operand.span.text}` is a series of values, and `where` chooses among records",
        argument.span,
        "put the condition into the series: `sum(quantity) each day where sum(quantity) > 5 calls`",
    )


def _rank(context: Context, node: s.Call, kind: n.Aggregation, scope: Scope) -> n.Expression | None:
    if len(node.arguments) < 2:
        return None
    second = node.arguments[1]
    made = context.typed(second, scope, PLAIN_NUMBER, f"the second value of `{kind.value}`")
    if not isinstance(made, n.Constant) or made.type.kind is Kind.UNKNOWN:
        return made
    rule, value, percent = AGGREGATIONS[kind], made.value, isinstance(second, s.Percent)
    if rule.percent:
        if percent:
            made = n.Constant(made.span, PLAIN_NUMBER, value * 100)  # type: ignore[operator]
        wrong = not 0 < made.value <= 100  # type: ignore[operator]
        if not percent and 0 < made.value < 1:  # type: ignore[operator]
            text, hundredfold = second.span.text, exact(made.value * 100)  # type: ignore[operator, arg-type]
            help = f"write `{hundredfold}`" if isinstance(hundredfold, int) else f"write `{text}%` if that is meant"
            context.report.error("R219", f"`{text}` is less than one of a hundred", second.span, help)
            return failed(second.span)
    else:
        wrong = percent or not isinstance(value, int) or value < 1
    if wrong:
        what = "lies above 0 and up to 100" if rule.percent else "is a whole number from 1 on"
        context.report.error("R219", f"{rule.second} {what}", second.span, f"write `{rule.example}`")
        return failed(second.span)
    return made


# ------------------------------------------------------------ series


def _unfolded(context: Context, node: s.Expression, scope: Scope) -> tuple[s.Expression, tuple[s.Define, ...]]:
    """Without parentheses, and a define that is a selection as if it were written here; and these defines."""
    while isinstance(node, s.Group):
        node = node.inner
    define = context.named.defined(node.name.text, scope) if isinstance(node, s.Ref) else None
    if define is None or not isinstance(define.expression, s.Selection):
        return node, ()
    return define.expression, (define,)


def _is_series(context: Context, node: s.Expression, scope: Scope, seen: frozenset[str] = frozenset()) -> bool:
    """Whether an argument has several values of its own, rather than one for each record."""
    match node:
        case s.Selection():
            return True
        case s.Group(inner=inner):
            return _is_series(context, inner, scope, seen)
        case s.Call(function=function, arguments=arguments):
            return len(arguments) == 2 and _gives_several(function.text)
        case s.Choose(yes=yes):
            return _is_series(context, yes, scope, seen)  # the other is of the same kind
        case s.Ref(name=name):
            define = context.named.defined(name.text, scope)
            if define is None or define.expression is None or name.text in seen:
                return False
            too_deep = len(seen) >= context.named.limits.nesting
            return not too_deep and _is_series(context, define.expression, scope, seen | {name.text})
    return False


def resolve_selection(context: Context, node: s.Selection, scope: Scope) -> n.Expression:
    """`x each day where c since activation`."""
    if scope.records is None:
        of_one = "times" in scope.names and "quantity" in scope.names
        context.report.error(
            "R208",
            f"`{node.span.text}` is a series of values, and here a single record is at hand"
            if of_one
            else f"there are no records {scope.place}",
            node.span,
            "aggregate it first: `mean(…)`, `highest(…)`"
            if of_one
            else "select them in a meter: in `define` or `measure`",
        )
        return failed(node.span)
    since = context.typed(node.since, scope, INSTANT, "from when on to look") if node.since is not None else None
    inside = scope if node.each is not None else scope.records
    operand = context.resolve(node.operand, inside)
    condition = context.condition(node.condition, inside) if node.condition is not None else None
    if operand.type.many:
        context.report.error(
            "R205", f"`{node.operand.span.text}` is a series already", node.operand.span, "aggregate it"
        )
        return failed(node.span)
    if operand.type.kind is Kind.UNKNOWN:
        return failed(node.span)
    cadence, key, instants = _each(context, node.each, scope) if node.each is not None else (None, None, False)
    if node.otherwise is not None and not _may_be_zero(context, node, node.otherwise, operand, key):
        return failed(node.span)
    or_zero = node.otherwise is not None
    return n.Series(node.span, operand.type.series(), operand, cadence, key, condition, since, or_zero, instants)


def _may_be_zero(
    context: Context, node: s.Selection, otherwise: s.Number, operand: n.Expression, key: n.Expression | None
) -> bool:
    """Whether a series may have a 0 for each period without a value; what forbids it is reported."""
    assert node.each is not None
    each, place = node.each.span.text, otherwise.span
    if otherwise.value:
        message = f"each {each} without a record is 0, and not {otherwise.span.text}"
        help = "write `or 0`; what is added to each stands outside: `mean(hourly) + 2 calls`"
    elif key is not None:
        message, help = f"which other values of `{each}` there are is not known", "delete `or 0`"
    elif operand.type.kind is not Kind.FIGURE:
        message, help = f"`{node.operand.span.text}` is {operand.type}, and 0 is a figure", "delete `or 0`"
    elif any(looks_back(operand)):
        message = f"`{node.operand.span.text}` looks back, and without a record of its own it is not 0"
        help = "delete `or 0`, or the `since` inside"
    else:
        return True
    context.report.error("R205", message, place, help)
    return False


def _each(context: Context, each: s.EachOf, scope: Scope) -> tuple[Cadence | None, n.Expression | None, bool]:
    """What a series has one value for: a period, a name, or each instant."""
    assert scope.records is not None
    word = each.unit.text
    if is_period(word) and word not in scope.records.names:
        cadence, _ = resolve_cadence(each, context)
        return cadence, None, False
    known = word in scope.records.names or context.named.defined(word, scope.records) is not None
    if each.count != 1:
        context.report.error(
            "R219", f"`{each.span.text}` is no period", each.span, "write `each 5 minutes`, `each day`"
        )
        return None, failed(each.span), False
    if word in ("record", "reading"):
        context.report.error(
            "R219",
            f"each {word} has its value without `each`",
            each.span,
            "write the formula alone: `sum(quantity)`, `highest(quantity where quantity > 0 calls)`",
        )
        return None, failed(each.span), False
    if word == _INSTANT and not known:
        return None, None, True
    if not known:
        names = [_INSTANT, *(unit.value for unit in PeriodUnit if not unit.alone), *scope.records.names]
        help = "write `each instant`, for what holds then" if word in _INSTANTS_ELSEWHERE else ""
        help = help or did_you_mean(word, names) or "write a period, as `each day`, or the name of a field"
        context.report.error("R201", f"`{word}` is no period and no field", each.unit.span, help)
        return None, failed(each.span), False
    return None, context.resolve(s.Ref(each.unit.span, each.unit), scope.records), False


def _gives_several(function: str) -> bool:
    """Whether a function of a name gives several values with a second argument."""
    kind = aggregation_named(function)
    return kind is not None and AGGREGATIONS[kind].several
