"""Whether a meter has one answer for all of a total, which stands for many records of a day or a month.

A state is one record, and what it is asked is asked where it begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from whenever import Instant

from ratewright.account.record_reader import Facts
from ratewright.account.setting_timeline import Settings
from ratewright.account.times_of_change import asks_time, first_turn
from ratewright.account.undecided_usage import turning
from ratewright.formula.aggregation import Evaluator
from ratewright.formula.interpreter import evaluator
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import of_the_period, parts
from ratewright.usage.model import Form
from ratewright.values.calendar import Cadence, moment_text


class Undivided:
    """What the formulas of a meter ask of the time of each record; nothing of most meters."""

    def __init__(self, meter: tree.Meter, settings: Settings) -> None:
        self._settings = settings
        self._formulas = [(e, evaluator(e)) for e in _asked_of_records(meter) if asks_time(e)]
        measured = [meter.measure, *(step.expression for step in meter.steps)]
        self._cadences = {
            part.cadence: part
            for expression in measured
            for part in parts(expression)
            if isinstance(part, tree.Series) and part.cadence is not None
        }
        over_time = [p for e in measured for p in parts(e) if isinstance(p, tree.Aggregate) and _over_time(p)]
        self._over_time = over_time[0] if over_time else None

    def __bool__(self) -> bool:
        return bool(self._formulas or self._cadences or self._over_time)

    def why_not(self, facts: Facts, end: Instant, values: dict[str, Any]) -> str:
        """Why a record cannot be taken as one; nothing if it can. Raises EvaluationError."""
        if facts.record.form is not Form.TOTAL:
            return ""
        calendar = self._settings.calendar
        if self._over_time is not None:
            return f"`{self._over_time.span.text}` asks how long each quantity held, and this is a total"
        for expression, value_of in self._formulas:
            answer = partial(_answer, value_of, values)
            turn = first_turn(expression, facts.start, end, self._settings, answer)
            if turn is not None:
                return turning(expression, facts.start, turn, calendar)
        for cadence, series in self._cadences.items():
            limit = calendar.period_of(facts.start, cadence).end
            if end > limit:
                when = moment_text(limit, calendar)
                asked = f"`{series.span.text}` asks for {_each(cadence)}"
                return f"{asked}, and another begins on {when}, inside this total"
        return ""


def _answer(value_of: Evaluator, values: dict[str, Any], at: Instant) -> Any:
    return value_of({**values, "record:at": at})


def _over_time(part: tree.Aggregate) -> bool:
    return part.aggregation is tree.Aggregation.INTEGRAL


def _each(cadence: Cadence) -> str:
    return f"each {cadence}".replace("every ", "")


def _asked_of_records(meter: tree.Meter) -> Iterator[tree.Expression]:
    """The expressions of a meter that are asked of each record."""
    yield from (where.condition for where in meter.where)
    yield from (tag.expression for tag in meter.tags)
    formulas = (meter.measure, *(step.expression for step in meter.steps))
    for formula in formulas:
        for part in of_the_period(formula):
            if isinstance(part, tree.Aggregate) and part.operand is not None and not part.operand.type.many:
                yield from (e for e in (part.operand, part.condition) if e is not None)
            elif isinstance(part, tree.Series) and part.cadence is None:
                yield from (e for e in (part.operand, part.key, part.condition) if e is not None)
