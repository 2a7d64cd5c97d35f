"""What the aggregations of a measure took of the records of a period, or of a series of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest, nsmallest
from math import ceil
from typing import Any

from msgspec.structs import replace

from ratewright.derivation import trace
from ratewright.derivation.formula_reader import Reader
from ratewright.diagnostics import Span
from ratewright.formula.aggregation import RECORDS, Values, compile_labelled, percentile_rank
from ratewright.formula.interpreter import compile_expression, evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind
from ratewright.meaning.walk import of_the_period
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact

_A = tree.Aggregation
_TAKES_ONE = (_A.HIGHEST, _A.LOWEST, _A.NTH_HIGHEST, _A.PERCENTILE)
_STRETCHES_KEPT = 100
_NAMES_KEPT = 20

Labelled = list[tuple[trace.Label | None, Any]]


def samples(measure: tree.Expression, values: Values, reader: Reader) -> tuple[trace.TakenTrace, ...]:
    """What each aggregation of a measure took; nothing of those that are asked for each value of a series."""
    found: dict[Span, trace.TakenTrace] = {}
    for part in _outside_series(measure):
        if isinstance(part, tree.Aggregate) and part.span not in found:
            taken = _taken(part, values, reader)
            if taken is not None:
                found[part.span] = taken
    return tuple(found.values())


def labelled(node: tree.Expression, values: Values) -> Labelled:
    """The values of a series, with what each is of where that is known."""
    match node:
        case tree.Defined(expression=expression):
            return labelled(expression, values)
        case tree.Choose(condition=condition, yes=yes, no=no):
            return labelled(yes if evaluate(condition, values) else no, values)
        case tree.Series():
            return compile_labelled(node, compile_expression)(values)
        case tree.Aggregate(rank=rank) if rank is not None:
            return _several(node.aggregation, _members(node, values), evaluate(rank, values))
    return [(None, value) for value in evaluate(node, values)]


def _outside_series(measure: tree.Expression) -> Iterator[tree.Expression]:
    inside: set[int] = set()
    for part in of_the_period(measure):
        if isinstance(part, tree.Series):
            inside.update(id(p) for p in of_the_period(part.operand))
            if part.condition is not None:
                inside.update(id(p) for p in of_the_period(part.condition))
        if id(part) not in inside:
            yield part


def _taken(node: tree.Aggregate, values: Values, reader: Reader) -> trace.TakenTrace | None:
    if node.operand is None:
        return None
    if node.aggregation is _A.INTEGRAL:
        return _levels(node, node.operand, values)
    if node.aggregation is _A.UNIQUE:
        return _distinct(node, node.operand, values, reader)
    if node.type.kind is not Kind.FIGURE:
        return None
    members = _members(node, values)
    if not members:
        return None
    if node.type.many:
        assert node.rank is not None
        chosen = tuple(_several(node.aggregation, members, evaluate(node.rank, values)))
        return trace.SeveralTrace(node.aggregation, node.span.text, node.type.dimension, len(members), chosen)
    return _sample(node, members, values) if node.aggregation in _TAKES_ONE else None


def _sample(node: tree.Aggregate, members: Labelled, values: Values) -> trace.SampleTrace:
    rank, count = 1, len(members)
    if node.rank is not None:
        asked: Exact = evaluate(node.rank, values)
        rank = count + 1 - percentile_rank(asked, count) if node.aggregation is _A.PERCENTILE else max(1, ceil(asked))
        rank = min(rank, count)
    choose = nsmallest if node.aggregation is _A.LOWEST else nlargest
    at, value = choose(rank, members, key=lambda member: member[1])[-1]
    return trace.SampleTrace(node.aggregation, node.span.text, node.type.dimension, count, rank, value, at)


def _members(node: tree.Aggregate, values: Values) -> Labelled:
    """The values that an aggregation chooses among, with what each is of."""
    assert node.operand is not None
    if node.operand.type.many:
        return labelled(node.operand, values)
    return [(record["record:at"], evaluate(node.operand, record)) for record in _records(node, values)]


def _records(node: tree.Aggregate, values: Values) -> list[Any]:
    return [r for r in values[RECORDS] if node.condition is None or evaluate(node.condition, r)]


def _several(aggregation: tree.Aggregation, members: Labelled, count: int) -> Labelled:
    match aggregation:
        case _A.HIGHEST:
            return nlargest(count, members, key=lambda member: member[1])
        case _A.LOWEST:
            return nsmallest(count, members, key=lambda member: member[1])
        case _A.FIRST:
            return members[:count]
    return members[-count:]


def _levels(node: tree.Aggregate, operand: tree.Expression, values: Values) -> trace.LevelsTrace:
    start, end = values["period:start"], values["period:end"]
    stretches: list[tuple[Period, Exact]] = []
    for record in _records(node, values):
        until = record["record:until"]
        if until is None:
            continue
        stretch = Period(max(record["record:at"], start), min(until, end))
        if stretch.start >= stretch.end:
            continue
        level: Exact = evaluate(operand, record)
        last = stretches[-1] if stretches else None
        if last is not None and last[1] == level and last[0].end == stretch.start:
            stretches[-1] = (replace(last[0], end=stretch.end), level)
        else:
            stretches.append((stretch, level))
    kept = tuple(stretches[:_STRETCHES_KEPT])
    text, dimension = node.span.text, operand.type.dimension
    return trace.LevelsTrace(text, dimension, kept, len(stretches) - len(kept), evaluate(node, values))


def _distinct(node: tree.Aggregate, operand: tree.Expression, values: Values, reader: Reader) -> trace.DistinctTrace:
    found = dict.fromkeys(value for _, value in _members(node, values))
    names = tuple(reader.text(operand, value) for value in list(found)[:_NAMES_KEPT])
    return trace.DistinctTrace(node.span.text, len(found), names, len(found) - len(names))
