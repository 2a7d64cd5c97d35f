"""The formulas of a meter that are asked of its records one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ratewright.account.counted.pieces import BoundRecord
from ratewright.formula.errors import EvaluationError
from ratewright.formula.interpreter import evaluator
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import of_the_period, parts, sums_of_records
from ratewright.usage.model import Record

_ADDS_UP = (tree.Aggregation.SUM, tree.Aggregation.COUNT)


def asked_of_records(meter: tree.Meter) -> Iterator[tree.Expression]:
    """The expressions that are asked of each record as a whole; an integral asks at each instant."""
    yield from (where.condition for where in meter.where)
    yield from (tag.expression for tag in meter.tags)
    yield from _measured(meter, over_time=False)


def is_over_time(part: tree.Expression) -> bool:
    """Whether an aggregation or a series asks from when until when each quantity held."""
    if isinstance(part, tree.Series):
        return part.instants
    return isinstance(part, tree.Aggregate) and part.aggregation is tree.Aggregation.INTEGRAL


def adds_up(operand: tree.Expression) -> bool:
    """Whether what a series asks of each period adds up what its records have, or how many they are; what holds at one
    instant of it may be added up."""
    inside = {id(p) for part in of_the_period(operand) if is_over_time(part) for p in parts(part)}
    return any(
        isinstance(part, tree.Aggregate) and part.aggregation in _ADDS_UP and id(part) not in inside
        for part in of_the_period(operand)
    )


def added_up(measure: tree.Expression) -> Iterator[tree.Expression]:
    """The parts of a measure that add up what records have: sums of the period, and series with such sums. What they
    say of a record that lies in the period with a part of it only is not known."""
    yield from sums_of_records(measure)
    for part in parts(measure):
        if isinstance(part, tree.Series) and not part.instants and adds_up(part.operand):
            yield part


def without_value(meter: tree.Meter, records: Iterable[BoundRecord]) -> Record | None:
    """The first of some records for which a formula of the measure has no value; None where it is none of them."""
    formulas = [evaluator(expression) for expression in _measured(meter, over_time=True)]
    for record in records:
        try:
            for value_of in formulas:
                value_of(record.values)
        except EvaluationError:
            return record.record
    return None


def _measured(meter: tree.Meter, *, over_time: bool) -> Iterator[tree.Expression]:
    """What the measure and its steps ask of each record."""
    formulas = (meter.measure, *(step.expression for step in meter.steps))
    for formula in formulas:
        for part in of_the_period(formula):
            if isinstance(part, tree.Aggregate) and part.operand is not None and not part.operand.type.many:
                if over_time or not is_over_time(part):
                    yield from (e for e in (part.operand, part.condition) if e is not None)
            elif isinstance(part, tree.Series) and part.cadence is None and not part.instants:
                yield from (e for e in (part.operand, part.key, part.condition) if e is not None)
