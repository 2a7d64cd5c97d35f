"""Whether a meter has one answer for all of a record that stands for a stretch of time.

A total is many records of a day or a month, a state is one that held. Either is taken whole where the formulas of the
meter give the same at each of its instants, divided where that is exact (a level over time), and else refused: it is
never judged by its first instant, and never counted in two parts of a series.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from whenever import Instant

from ratewright.account.counted.lasting import over_time
from ratewright.account.counted.record_formulas import adds_up, asked_of_records
from ratewright.account.counted.record_reader import Facts
from ratewright.account.counted.undecided_usage import SPLIT, turning, way_out
from ratewright.account.settings.setting_timeline import Settings
from ratewright.account.settings.times_of_change import asks_time, first_turn
from ratewright.formula.aggregation import Evaluator
from ratewright.formula.interpreter import evaluator
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import parts
from ratewright.usage.model import Form
from ratewright.values.calendar import Cadence, Period, moment_text

_LENGTH = "give it as a state, `from` one time `to` another, or say how long it lasted: `lasts`"
_LASTED = "say how long it lasted, `lasts: 5 minutes`; what took no time has `lasts: 0 minutes`"


class Undecided(NamedTuple):
    """Why a record cannot be taken as one, the remedy, and what other such records have in common with it."""

    why: str
    help: str
    cause: str


class Undivided:
    """What the formulas of a meter ask of the time of each record; nothing of most meters."""

    def __init__(self, meter: tree.Meter, settings: Settings) -> None:
        self._settings = settings
        self._formulas = [(e, evaluator(e)) for e in asked_of_records(meter) if asks_time(e)]
        measured = [meter.measure, *(step.expression for step in meter.steps)]
        series = [p for e in measured for p in parts(e) if isinstance(p, tree.Series) and p.cadence is not None]
        self._of_totals = {part.cadence: part for part in series if part.cadence is not None}
        self._of_states = {c: part for c, part in self._of_totals.items() if adds_up(part.operand)}
        self._over_time = over_time(meter)
        own = (*(where.condition for where in meter.where), *(tag.expression for tag in meter.tags), *measured)
        self._meter = meter.name
        self._lasted = next((e for e in own for p in parts(e) if _is_length(p)), None)

    def __bool__(self) -> bool:
        return bool(self._formulas or self._of_totals or self._over_time or self._lasted)

    @property
    def over_time(self) -> bool:
        """Whether the meter asks how long each quantity held."""
        return self._over_time is not None

    def why_not(self, facts: Facts, values: dict[str, Any]) -> Undecided | None:
        """Why a record cannot be taken as one; None if it can. Raises EvaluationError."""
        total = facts.record.form is Form.TOTAL
        if self._over_time is not None and (total or (facts.end is None and not facts.lasted)):
            what = "this is a total" if total else "this record has no length"
            why = f"`{self._over_time.span.text}` asks how long each quantity held, and {what}"
            return Undecided(why, _LENGTH, why)
        if self._lasted is not None and (total or (facts.end is None and facts.record.lasts is None)):
            what = "a total stands for many records" if total else "this record does not say it"
            why = f"the meter `{self._meter}` asks how long each record lasted, `{self._lasted.span.text}`, and {what}"
            return Undecided(why, _LASTED, why)
        if facts.end is None:
            return None
        return self._turns(facts, facts.end, values) or self._meets_another(facts, facts.end)

    def _turns(self, facts: Facts, end: Instant, values: dict[str, Any]) -> Undecided | None:
        for expression, value_of in self._formulas:
            answer = partial(_answer, value_of, values)
            turn = first_turn(expression, Period(facts.start, end), self._settings, values, answer)
            if turn is not None:
                why = turning(expression, facts.start, turn, self._settings.calendar, _what(facts))
                help = way_out(facts.start, turn)
                return _cut(facts, why, help, expression)
        return None

    def _meets_another(self, facts: Facts, end: Instant) -> Undecided | None:
        """Where a series would count what the record has in two of its periods."""
        calendar = self._settings.calendar
        total = facts.record.form is Form.TOTAL
        for cadence, series in (self._of_totals if total else self._of_states).items():
            limit = calendar.period_of(facts.start, cadence).end
            if end > limit:
                asked = f"`{series.span.text}` asks for {_each(cadence)}"
                why = f"{asked}, and another begins on {moment_text(limit, calendar)}, inside this {_what(facts)}"
                return _cut(facts, why, SPLIT, series)
        return None


def _what(facts: Facts) -> str:
    return "total" if facts.record.form is Form.TOTAL else "record"


def _cut(facts: Facts, why: str, help: str, asked: tree.Expression) -> Undecided:
    """What is wrong with a record of whose parts not enough is known."""
    split = "split it at that time, with what each part has"
    state = facts.record.form is not Form.TOTAL and help == SPLIT
    cause = f"{asked.span.text} of a {_what(facts)}"
    return Undecided(f"{why}: how much of it came before is not known", split if state else help, cause)


def _answer(value_of: Evaluator, values: dict[str, Any], at: Instant) -> Any:
    return value_of({**values, "record:at": at})


def _is_length(part: tree.Expression) -> bool:
    return isinstance(part, tree.RecordFact) and part.name == "lasted"


def _each(cadence: Cadence) -> str:
    return f"each {cadence}".replace("every ", "")
