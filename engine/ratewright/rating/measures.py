"""How a measure of a whole period came to its result: its steps, and which samples it took."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from whenever import Instant

from ratewright.rating import trace
from ratewright.rating.values import value_text
from ratewright.tree import nodes as tree
from ratewright.tree.aggregate import RECORDS, Values, compile_labelled, percentile_rank
from ratewright.tree.evaluate import compile_expression, evaluate
from ratewright.tree.types import Kind
from ratewright.tree.walk import of_the_period
from ratewright.values.calendar import Calendar, Period
from ratewright.values.exact import Exact

_A = tree.Aggregation
_TAKES_ONE = (_A.HIGHEST, _A.LOWEST, _A.NTH_HIGHEST, _A.PERCENTILE)
KeyTexts = tuple[tuple[str, str], ...]


def key_texts(meter: tree.Meter, key: tuple[tree.Value, ...], calendar: Calendar) -> KeyTexts:
    """What a meter is kept apart by, as a reader sees it."""
    tags = [meter.tag(name) for name in meter.by]
    return tuple(
        (tag.name.replace("_", " "), value_text(value, tag.type, tag.unit, calendar))
        for tag, value in zip(tags, key, strict=True)
    )


def measure_trace(
    meter: tree.Meter, key: KeyTexts, period: Period, quantity: Exact, values: Values
) -> trace.MeasureTrace:
    """The derivation of a result from the values that it was asked of."""
    steps = tuple(_step(step, key, values) for step in meter.steps)
    samples = tuple(_samples(meter.measure, values))
    return trace.MeasureTrace(
        key, period, meter.measure.span.text, len(values[RECORDS]), quantity, steps, samples
    )


def _step(step: tree.Step, key: KeyTexts, values: Values) -> trace.StepTrace:
    node = _behind_names(step.expression)
    text = node.span.text
    if not step.type.many:
        value: Exact = evaluate(step.expression, values)
        return trace.StepTrace(key, step.name, text, step.type.dimension, value)
    if isinstance(node, tree.Series):
        labelled = compile_labelled(node, compile_expression)(values)
    else:
        labelled = [(str(i), v) for i, v in enumerate(evaluate(step.expression, values), start=1)]
    return trace.StepTrace(key, step.name, text, step.type.dimension, None, tuple(labelled))


def _behind_names(node: tree.Expression) -> tree.Expression:
    while isinstance(node, tree.Defined):
        node = node.expression
    return node


def _samples(measure: tree.Expression, values: Values) -> Iterator[trace.SampleTrace]:
    """The samples that were taken of the period's own records or of a series of theirs."""
    inside_series: set[int] = set()
    for part in of_the_period(measure):
        if isinstance(part, tree.Series):
            inside_series.update(id(p) for p in of_the_period(part.operand))
            if part.condition is not None:
                inside_series.update(id(p) for p in of_the_period(part.condition))
        takes = isinstance(part, tree.Aggregate) and part.aggregation in _TAKES_ONE and not part.type.many
        if takes and id(part) not in inside_series:
            assert isinstance(part, tree.Aggregate)
            found = _sample(part, values)
            if found is not None:
                yield found


def _sample(node: tree.Aggregate, values: Values) -> trace.SampleTrace | None:
    assert node.operand is not None
    if node.type.kind is not Kind.FIGURE:
        return None
    members = _members(node, values)
    if not members:
        return None
    lowest = node.aggregation is _A.LOWEST
    ordered = sorted(members, key=lambda member: member[0], reverse=not lowest)
    rank = 1
    if node.rank is not None:
        asked: Exact = evaluate(node.rank, values)
        count = len(ordered)
        rank = count + 1 - percentile_rank(asked, count) if node.aggregation is _A.PERCENTILE else max(1, ceil(asked))
        rank = min(rank, count)
    value, at = ordered[rank - 1]
    return trace.SampleTrace(
        node.aggregation, node.span.text, node.type.dimension, len(ordered), rank, value, at
    )


def _members(node: tree.Aggregate, values: Values) -> list[tuple[Any, Instant | None]]:
    """The values that an aggregation chooses among, and when they were recorded."""
    assert node.operand is not None
    if node.operand.type.many:
        return [(value, None) for value in evaluate(node.operand, values)]
    chosen = [r for r in values[RECORDS] if node.condition is None or evaluate(node.condition, r)]
    return [(evaluate(node.operand, record), record["record:at"]) for record in chosen]
