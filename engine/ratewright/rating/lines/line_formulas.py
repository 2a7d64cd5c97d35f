"""The formulas of one line: each is asked here, once for the line's period, and nowhere else while it is priced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from whenever import Instant

from ratewright.account.settings.setting_timeline import Settings
from ratewright.account.settings.unchanging_settings import refuse_inner_change
from ratewright.derivation.trace import Arithmetic, ConditionTrace
from ratewright.derivation.worked import Worked
from ratewright.formula.interpreter import CALENDAR, REACHED, evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import settings_in
from ratewright.refusal import RatingError
from ratewright.values.calendar import Period

Values = Mapping[str, object]


class Asked(Struct, frozen=True, gc=False):
    """What a formula came to, and how: worked out once. None for a figure as it is written, and where nobody asks."""

    value: Any
    how: Worked | None


class LineFormulas(Struct, frozen=True, gc=False):
    """What formulas of a line are asked with.

    `values` are what they read but settings, which are taken at the start of `period` and must not change inside
    it. `idle` marks a line for which nothing was used: there a change is none where the formula comes to the same
    before and after it. `tells` is off where only the figures matter: nothing is then told of how they came about,
    nor noted as reached.
    """

    settings: Settings
    period: Period
    values: Values
    idle: bool = False
    tells: bool = True

    def knowing(self, more: Values) -> LineFormulas:
        """The same with more values by their keys."""
        return LineFormulas(self.settings, self.period, {**self.values, **more}, self.idle, self.tells)

    def ask(self, expression: tree.Expression) -> Asked:
        """What a formula comes to. Raises RatingError, also for a setting that changes inside the period."""
        values = self._values_for(expression)
        if not self.tells:
            return Asked(evaluate(expression, values), None)
        worked = self.settings.reader.worked(expression, values)
        return Asked(worked.value, worked)

    def holds(self, condition: tree.Expression) -> ConditionTrace:
        """The answer of a condition, with what it read. Raises RatingError."""
        asked = self.ask(condition)
        untold = Arithmetic(condition.span.text, "", (), condition.span)
        return ConditionTrace(asked.how or untold, bool(asked.value), condition.span)

    def holds_at(self, condition: tree.Expression, instant: Instant) -> bool:
        """The answer of a condition that asks settings and the time only, at an instant. Raises RatingError."""
        return bool(evaluate(condition, self.settings.values_at(condition, instant, condition.span)))

    def _values_for(self, expression: tree.Expression) -> Values:
        if not settings_in(expression):
            return self.values
        if not (self.idle and self._always_the_same(expression)):
            refuse_inner_change(expression, self.period, self.settings, of_a_line=True)
        return {**self.values, **self.settings.values_at(expression, self.period.start, expression.span)}

    def _always_the_same(self, expression: tree.Expression) -> bool:
        """Whether an expression comes to the same before and after each change of a setting inside the period."""
        changes = {
            at
            for given in settings_in(expression)
            for at in self.settings.timelines[given.name].changes_within(self.period.start, self.period.end)
        }
        if not changes:
            return True
        silent = {**self.values, REACHED: None}
        try:
            found = [
                evaluate(expression, {**silent, **self.settings.values_at(expression, at, expression.span)})
                for at in (self.period.start, *sorted(changes))
            ]
        except RatingError:
            return False  # it has no value for one of them: the change matters
        return all(value == found[0] for value in found)


def formulas_of(settings: Settings, period: Period, at: Instant, values: Values, **how: bool) -> LineFormulas:
    """Formulas of a line with the calendar among their values, and the instant `at` at which they are asked."""
    known = {**values, CALENDAR: settings.calendar, "record:at": at}
    if not how.get("tells", True):
        known[REACHED] = None
    return LineFormulas(settings, period, known, **how)
