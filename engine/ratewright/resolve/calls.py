"""Functions: of one value or several, of the period, of many records, and of names that are declared."""

from __future__ import annotations

from collections.abc import Collection

from ratewright.advice.words import listed
from ratewright.diagnostics import Span, did_you_mean
from ratewright.meaning import nodes as n
from ratewright.meaning.types import DURATION, INSTANT, PLAIN_NUMBER, Kind, Type
from ratewright.resolve.arithmetic import same
from ratewright.resolve.context import Context, failed
from ratewright.resolve.functions import PERIOD_FUNCTIONS, aggregation_named, wrong_use
from ratewright.resolve.scope import Scope
from ratewright.resolve.series import resolve_aggregate
from ratewright.syntax import nodes as s
from ratewright.values.calendar import DAILY, MONTHLY, MONTHS, WEEKDAYS, Cadence

_FEW = 8
_NAMED = {"weekday": (DAILY, WEEKDAYS), "month": (MONTHLY, MONTHS)}
"""Functions whose values are names of the calendar, for each day or month one."""


def resolve_call(context: Context, node: s.Call, scope: Scope) -> n.Expression:
    """`name(…)`."""
    name = node.function.text
    if name in scope.functions:
        return _named(context, node, scope)
    aggregation = aggregation_named(name)
    if aggregation is not None and scope.records is not None:
        return resolve_aggregate(context, node, aggregation, scope)
    if name in ("max", "min"):
        return _extreme(context, node, scope)
    if name in ("days", "length"):
        return _extent(context, node, scope)
    if name == "place" and {"times", "at", "lasted"} <= set(scope.names):
        return _place(context, node)
    if name in ("time", *_NAMED) and len(node.arguments) == 1:
        instant = context.typed(node.arguments[0], scope, INSTANT, f"what `{name}( )` takes")
        if name == "time":
            return n.TimeOfDay(node.span, DURATION, instant)
        cadence, names = _NAMED[name]
        return n.NameOf(node.span, Type(Kind.TEXT, choices=names), cadence, instant)
    context.report.error("R208", *wrong_use(name, scope, node.function.span, context.tables))
    return failed(node.span)


def _named(context: Context, node: s.Call, scope: Scope) -> n.Expression:
    """A function of names that are declared: `drawn(p1)`, `covered(traffic, pack)`, `slice(fee, 2)`."""
    function, known = node.function.text, scope.functions[node.function.text]
    words = [_word_of(argument) for argument in node.arguments]
    sample = next(iter(known), ", ".join(words)).split(", ")
    alike_kinds = [word.isdigit() for word in words] == [word.isdigit() for word in sample]
    if not alike_kinds or "" in words:
        second = " and the number of a row" if sample[-1].isdigit() else " and another"
        takes = f"a name{second}" if len(sample) > 1 else "one name"
        context.report.error("R208", f"`{function}( )` takes {takes}", node.span, _one_of(known) or "declare one")
        return failed(node.span)
    asked = ", ".join(words)
    maker = known.get(asked)
    if maker is None:
        alike = [name for name in known if name.startswith(f"{words[0]}, ")] or list(known)
        guess = did_you_mean(asked, alike) if len(words) == 1 else ""
        help = guess or _one_of(alike) or did_you_mean(asked, alike) or "nothing is declared that it could take"
        place = Span(node.span.source, node.arguments[0].span.start, node.arguments[-1].span.end)
        context.report.error("R201", f"`{function}( )` knows no `{asked}`", place, help)
        return failed(node.span)
    return maker(node.span)


def _extreme(context: Context, node: s.Call, scope: Scope) -> n.Expression:
    name = node.function.text
    if len(node.arguments) < 2:
        word = "highest" if name == "max" else "lowest"
        numbers = any(isinstance(argument, s.Number) for argument in node.arguments)
        comma = f"; a thousands comma has no space: `{name}(1, 100)` is two numbers" if numbers else ""
        context.report.error(
            "R208",
            f"`{name}( )` compares two values or more, and has {len(node.arguments)}",
            node.span,
            f"over records, or the values of a series, write `{word}(…)`{comma}",
        )
        return failed(node.span)
    operands = tuple(context.figure(a, scope, f"what `{name}` compares") for a in node.arguments)
    type_ = same(context, operands, f"`{name}( )` compares figures of one unit")
    return n.Extreme(node.span, type_, name == "max", operands)


def _place(context: Context, node: s.Call) -> n.Expression:
    """`place(month(at))`: which record of its month one is."""
    period = node.arguments[0] if len(node.arguments) == 1 else None
    if isinstance(period, s.Call) and period.function.text in PERIOD_FUNCTIONS and len(period.arguments) == 1:
        instant = period.arguments[0]
        if isinstance(instant, s.Ref) and instant.name.text == "at":
            cadence = Cadence(PERIOD_FUNCTIONS[period.function.text])
            return n.RecordPlace(node.span, PLAIN_NUMBER, period.function.text, cadence)
    context.report.error(
        "R208",
        "`place( )` takes the period of the calendar in which the record has its place",
        node.span,
        "write `place(month(at))`, `place(day(at))`",
    )
    return failed(node.span)


def _extent(context: Context, node: s.Call, scope: Scope) -> n.Expression:
    name = node.function.text
    if name == "days" and len(node.arguments) == 2:
        start, end = (context.typed(a, scope, INSTANT, "what `days( )` takes") for a in node.arguments)
        return n.DaysBetween(node.span, PLAIN_NUMBER, start, end)
    argument = node.arguments[0] if len(node.arguments) == 1 else None
    if isinstance(argument, s.Ref) and argument.name.text == "period" and "period" in scope.names:
        return n.PeriodFact(node.span, PLAIN_NUMBER if name == "days" else DURATION, name)
    context.report.error(
        "R208",
        f"`{name}( )` takes `period` here",
        node.span,
        _extent_help(context, node, scope),
    )
    return failed(node.span)


def _extent_help(context: Context, node: s.Call, scope: Scope) -> str:
    name, argument = node.function.text, node.arguments[0] if node.arguments else None
    if isinstance(argument, s.Call) and argument.function.text in PERIOD_FUNCTIONS:
        start, end = (f"{edge} of {argument.span.text}" for edge in ("start", "end"))
        return f"write `days({start}, {end})`" if name == "days" else f"write `{end} - ({start})`"
    if "period" in scope.names:
        return f"write `{name}(period)`"
    date = next((name for name in ("purchase", "at", "activation") if name in scope.names), "")
    if not date:
        return "there is no period here"
    if name == "days":
        return f"there is no period here; write two dates: `days({date}, {date} + 1 month)`"
    return f"there is no period here; the time between two dates is `{date} + 1 month - {date}`"


def resolve_edge(context: Context, node: s.Edge, scope: Scope) -> n.Expression:
    """`start of …` and `end of …`."""
    inner = node.operand
    if isinstance(inner, s.Ref) and inner.name.text == "period" and "period" in scope.names:
        return n.PeriodFact(node.span, INSTANT, "end" if node.end else "start")
    if isinstance(inner, s.Call) and inner.function.text in PERIOD_FUNCTIONS and len(inner.arguments) == 1:
        instant = context.typed(inner.arguments[0], scope, INSTANT, f"what `{inner.function.text}( )` takes")
        cadence = Cadence(PERIOD_FUNCTIONS[inner.function.text])
        return n.EdgeOf(node.span, INSTANT, cadence, instant, node.end)
    word = "end" if node.end else "start"
    context.report.error(
        "R208",
        f"`{word} of` takes a period",
        node.span,
        _edge_help(context, word, inner, scope),
    )
    return failed(node.span)


def _edge_help(context: Context, word: str, inner: s.Expression, scope: Scope) -> str:
    if isinstance(inner, s.Ref) and inner.name.text == "period" and "quantity" in scope.names:
        return (
            "how long ago a record began is asked of a field: `where at >= plugged_in + 4 hours`; to look back further "
            "write `since` behind the value: `quantity since (start of period - 11 months)`"
        )
    date = next((name for name in ("purchase", "at", "activation") if name in scope.names), "…")
    return f"write `{word} of day({date})` or `{word} of month({date})`"


def _word_of(argument: s.Expression) -> str:
    """A name, or a whole number, as it is asked for; empty for anything else."""
    if isinstance(argument, s.Ref):
        return argument.name.text
    return str(argument.value) if isinstance(argument, s.Number) else ""


def _one_of(known: Collection[str]) -> str:
    names = [f"`{name}`" for name in known]
    return f"write {listed(names, 'or')}" if 0 < len(names) <= _FEW else ""
