"""How a measure of a whole period came to its result: its steps, and which samples it took."""

from __future__ import annotations

from whenever import Instant

from ratewright.derivation import trace
from ratewright.derivation.formula_reader import Reader
from ratewright.derivation.samples import labelled, samples
from ratewright.derivation.value_texts import value_text
from ratewright.formula.aggregation import HISTORY, RECORDS, Values
from ratewright.formula.interpreter import evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import parts
from ratewright.values.calendar import Calendar, Period
from ratewright.values.exact import Exact

KeyTexts = tuple[tuple[str, str], ...]


def key_texts(meter: tree.Meter, key: tuple[tree.Value, ...], calendar: Calendar) -> KeyTexts:
    """What a meter is kept apart by, as a reader sees it."""
    tags = [meter.tag(name) for name in meter.by]
    return tuple(
        (tag.name.replace("_", " "), value_text(value, tag.type, tag.unit, calendar))
        for tag, value in zip(tags, key, strict=True)
    )


def measure_trace(
    meter: tree.Meter, key: KeyTexts, period: Period, quantity: Exact, values: Values, reader: Reader
) -> trace.MeasureTrace:
    """The derivation of a result from the values that it was asked of."""
    steps = tuple(_step(step, key, values, reader) for step in meter.steps)
    taken = samples(meter.measure, values, reader)
    how = _arithmetic(meter.measure, values, reader)
    text, since = meter.measure.span.text, _since(meter.measure, values)
    return trace.MeasureTrace(key, period, text, len(values[RECORDS]), quantity, steps, taken, how, since)


def _since(measure: tree.Expression, values: Values) -> tuple[tuple[Instant, int], ...]:
    """From when on a measure looks at records, with how many there are; nothing where it keeps to the period."""
    found = {evaluate(p.since, values) for p in parts(measure) if isinstance(p, tree.Series) and p.since is not None}
    return tuple((start, sum(1 for r in values[HISTORY] if r["record:at"] >= start)) for start in sorted(found))


def _step(step: tree.Step, key: KeyTexts, values: Values, reader: Reader) -> trace.StepTrace:
    node = _behind_names(step.expression)
    text, dimension = node.span.text, step.type.dimension
    if not step.type.many:
        value: Exact = evaluate(step.expression, values)
        return trace.StepTrace(key, step.name, text, dimension, value, how=_arithmetic(node, values, reader))
    found = labelled(step.expression, values)
    named = tuple((at if at is not None else str(n), value) for n, (at, value) in enumerate(found, start=1))
    return trace.StepTrace(key, step.name, text, dimension, None, named)


def _behind_names(node: tree.Expression) -> tree.Expression:
    while isinstance(node, tree.Defined):
        node = node.expression
    return node


def _arithmetic(node: tree.Expression, values: Values, reader: Reader) -> trace.Arithmetic | None:
    return None if isinstance(node, tree.Aggregate) else reader.arithmetic(node, values)
