"""Whether a meter has one answer for all of a record that stands for a stretch of time.

A total is many records of a day or a month, a state is one that held. Either is taken whole where the formulas of the
meter give the same at each of its instants, divided where that is exact (a level over time), and else refused: it is
never judged by its first instant, and never counted in two parts of a series.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from whenever import Instant

from ratewright.account.record_reader import Facts
from ratewright.account.setting_timeline import Settings
from ratewright.account.times_of_change import asks_time, first_turn
from ratewright.account.undecided_usage import SPLIT, turning
from ratewright.formula.aggregation import Evaluator
from ratewright.formula.interpreter import evaluator
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import of_the_period, parts
from ratewright.usage.model import Form
from ratewright.values.calendar import Cadence, Period, moment_text

_A = tree.Aggregation
_ADDS_UP = (_A.SUM, _A.COUNT)
LENGTH = "give it as a state, `from` one time `to` another, or say how long it lasted: `lasts`"


class Undivided:
    """What the formulas of a meter ask of the time of each record; nothing of most meters."""

    def __init__(self, meter: tree.Meter, settings: Settings) -> None:
        self._settings = settings
        self._formulas = [(e, evaluator(e)) for e in _asked_of_records(meter) if asks_time(e)]
        measured = [meter.measure, *(step.expression for step in meter.steps)]
        series = [p for e in measured for p in parts(e) if isinstance(p, tree.Series) and p.cadence is not None]
        self._of_totals = {part.cadence: part for part in series if part.cadence is not None}
        self._of_states = {c: part for c, part in self._of_totals.items() if _adds_up(part.operand)}
        over_time = [p for e in measured for p in parts(e) if isinstance(p, tree.Aggregate) and _over_time(p)]
        self._over_time = over_time[0] if over_time else None

    def __bool__(self) -> bool:
        return bool(self._formulas or self._of_totals or self._over_time)

    @property
    def over_time(self) -> bool:
        """Whether the meter asks how long each quantity held."""
        return self._over_time is not None

    def why_not(self, facts: Facts, values: dict[str, Any]) -> tuple[str, str]:
        """Why a record cannot be taken as one, and the remedy; empty if it can. Raises EvaluationError."""
        total = facts.record.form is Form.TOTAL
        if self._over_time is not None and (total or (facts.end is None and not facts.lasted)):
            what = "this is a total" if total else "this record has no length"
            return (
                f"`{self._over_time.span.text}` asks how long each quantity held, and {what}",
                SPLIT if total else LENGTH,
            )
        if facts.end is None:
            return "", ""
        why = self._turns(facts, facts.end, values) or self._meets_another(facts, facts.end, total=total)
        return why, SPLIT if total else _SPLIT_STATE

    def _turns(self, facts: Facts, end: Instant, values: dict[str, Any]) -> str:
        for expression, value_of in self._formulas:
            answer = partial(_answer, value_of, values)
            turn = first_turn(expression, Period(facts.start, end), self._settings, values, answer)
            if turn is not None:
                what = "total" if facts.record.form is Form.TOTAL else "record"
                return turning(expression, facts.start, turn, self._settings.calendar, what)
        return ""

    def _meets_another(self, facts: Facts, end: Instant, *, total: bool) -> str:
        """Where a series would count what the record has in two of its periods."""
        calendar = self._settings.calendar
        for cadence, series in (self._of_totals if total else self._of_states).items():
            limit = calendar.period_of(facts.start, cadence).end
            if end > limit:
                when = moment_text(limit, calendar)
                asked = f"`{series.span.text}` asks for {_each(cadence)}"
                return f"{asked}, and another begins on {when}, inside this {'total' if total else 'record'}"
        return ""


_SPLIT_STATE = "split it at that time, with what each part has"


def _answer(value_of: Evaluator, values: dict[str, Any], at: Instant) -> Any:
    return value_of({**values, "record:at": at})


def _over_time(part: tree.Aggregate) -> bool:
    return part.aggregation is _A.INTEGRAL


def _adds_up(operand: tree.Expression) -> bool:
    """Whether what a series asks of each period adds up what its records have, or how many they are."""
    return any(isinstance(part, tree.Aggregate) and part.aggregation in _ADDS_UP for part in of_the_period(operand))


def _each(cadence: Cadence) -> str:
    return f"each {cadence}".replace("every ", "")


def _asked_of_records(meter: tree.Meter) -> Iterator[tree.Expression]:
    """The expressions of a meter that are asked of each record as a whole; an integral asks at each instant."""
    yield from (where.condition for where in meter.where)
    yield from (tag.expression for tag in meter.tags)
    formulas = (meter.measure, *(step.expression for step in meter.steps))
    for formula in formulas:
        for part in of_the_period(formula):
            if isinstance(part, tree.Aggregate) and part.operand is not None and not part.operand.type.many:
                if not _over_time(part):
                    yield from (e for e in (part.operand, part.condition) if e is not None)
            elif isinstance(part, tree.Series) and part.cadence is None:
                yield from (e for e in (part.operand, part.key, part.condition) if e is not None)
