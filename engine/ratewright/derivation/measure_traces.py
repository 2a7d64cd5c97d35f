"""How a measure of a whole period came to its result: its steps, and which samples it took."""

from __future__ import annotations

from whenever import Instant

from ratewright.derivation import trace
from ratewright.derivation.formula_reader import Reader
from ratewright.derivation.key_names import KeyTexts
from ratewright.derivation.taken import all_taken
from ratewright.derivation.worked import Worked
from ratewright.formula.given import HISTORY, RECORDS, Values
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import looks_back
from ratewright.usage.model import Record
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact


def measured(
    meter: tree.Meter, key: KeyTexts, period: Period, values: Values, reader: Reader, record: Record | None = None
) -> tuple[Exact, trace.MeasureTrace]:
    """What a meter comes to for the records of a period, and how; `values` hold them, and `record` is the one that is
    measured alone. Raises EvaluationError.

    The measure and each step are worked out once, and the derivation is what was seen then.
    """
    worked = reader.worked(meter.measure, values)
    quantity: Exact = worked.value
    steps = tuple(_step(step, key, reader.worked(step.expression, values), reader) for step in meter.steps)
    taken = all_taken(meter.measure, worked.seen, reader.text)
    since = _since(meter.measure, worked, values)
    text = meter.measure.span.text
    records = len(values[RECORDS])
    how = _how(worked)
    return quantity, trace.MeasureTrace(key, period, text, records, quantity, steps, taken, how, since, record)


def _since(measure: tree.Expression, worked: Worked, values: Values) -> tuple[tuple[Instant, int], ...]:
    """From when on a measure looked at records, with how many there are; nothing where it keeps to the period."""
    asked = [series.since for series in looks_back(measure) if series.since is not None]
    if not asked:
        return ()
    found: set[Instant] = {worked.seen.value(since) for since in asked if worked.seen.knows(since)}
    return tuple((start, sum(1 for r in values[HISTORY] if r["record:at"] >= start)) for start in sorted(found))


def _step(step: tree.Step, key: KeyTexts, worked: Worked, reader: Reader) -> trace.StepTrace:
    node = step.expression
    while isinstance(node, tree.Defined):
        node = node.expression
    text, dimension = node.span.text, step.type.dimension
    if not step.type.many:
        how = _how(reader.part(node, worked))
        return trace.StepTrace(key, step.name, text, dimension, worked.value, how=how)
    series = worked.seen.series(step.expression)
    return trace.StepTrace(key, step.name, text, dimension, None, tuple(zip(series.labels, series, strict=True)))


def _how(worked: Worked) -> Worked | None:
    """The arithmetic of a formula; None where it is one aggregation, whose sample says more."""
    return None if isinstance(worked.expression, tree.Aggregate) else worked
