"""What is in force: what `when` keeps away from a whole period, by settings alone, is as if it were not declared then.

Nothing of it is held, measured, refused or told.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from whenever import Instant

from ratewright.account.settings.anchors import anchored
from ratewright.account.settings.setting_timeline import Settings
from ratewright.formula.interpreter import REACHED, evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import settings_in
from ratewright.plan.asked_meters import asked_meters, goes_by_settings, quiet_meters
from ratewright.plan.period_grid import Grid
from ratewright.refusal import RatingError, later
from ratewright.values.calendar import Cadence, Period


class InForce:
    """What of a price list is in force for one account, and when."""

    def __init__(self, tariff: tree.Tariff, settings: Settings, grid: Grid) -> None:
        self._tariff = tariff
        self._settings = settings
        self._grid = grid
        self._asking = asked_meters(tariff)
        self._answers: dict[int, _Answers | None] = {}
        self._cadences: dict[str, Cadence | None] = {}
        self._quiet = quiet_meters(tariff)

    def line(self, charge: tree.Charge, period: Period) -> bool:
        """Whether a line is in force in one of its periods."""
        return self._within(charge.when, period.start, period.end)

    def line_around(self, charge: tree.Charge, stretch: Period) -> bool:
        """Whether a line is in force in one of its periods that meet a stretch of time."""
        if not goes_by_settings(charge.when):
            return True
        cadence = self._cadence(charge)
        if cadence is None:
            return self._within(charge.when, None, None)
        if cadence.alone:
            return self._within(charge.when, stretch.start, stretch.end)
        if cadence.first_use:  # the window around it, wherever that begins, lies within this
            calendar, span = self._grid.calendar, charge.span
            first_use = later(calendar, stretch.start, -cadence.step, span)
            return self._within(charge.when, first_use, later(calendar, stretch.end, cadence.step, span))
        first = self._grid.period_of(stretch.start, cadence)
        last = self._grid.period_of(max(stretch.start, stretch.end.subtract(nanoseconds=1)), cadence)
        return self._within(charge.when, first.start, last.end)

    def pool(self, pool: tree.Pool, starts: Instant | None, ends: Instant | None) -> bool:
        """Whether a grant is in force at an instant of `[starts, ends)`; None is for always. What was bought always
        is."""
        return pool.kind is tree.PoolKind.PACKAGE or self._within(pool.when, starts, ends)

    def always(self, name: str) -> bool:
        """Whether something asks for a meter at any time."""
        return name not in self._quiet

    def meter(self, name: str, stretch: Period) -> bool:
        """Whether something that is in force around a stretch of time asks for a meter."""
        if self.always(name):
            return True
        return self.served(name, stretch) or bool(self.naming(name, stretch))

    def naming(self, name: str, stretch: Period) -> tuple[tree.Charge, ...]:
        """The lines in force around a stretch of time that name a meter in a formula."""
        return tuple(line for line in self._asking[name].naming if self.line_around(line, stretch))

    def served(self, name: str, stretch: Period) -> bool:
        """Whether a line that is in force prices usage of a meter, or a pool that is pays for it."""
        asking = self._asking[name]
        return any(self.line_around(line, stretch) for line in asking.lines) or any(
            self.pool(pool, stretch.start, stretch.end) for pool in asking.pools
        )

    def _cadence(self, charge: tree.Charge) -> Cadence | None:
        """The periods of a line; None where the account's data do not tell from when on they are counted."""
        if charge.name not in self._cadences:
            try:
                found = anchored(charge.every, charge.anchor, self._settings, {})
            except RatingError:
                found = None
            self._cadences[charge.name] = found
        return self._cadences[charge.name]

    def _within(self, when: tree.Expression | None, start: Instant | None, end: Instant | None) -> bool:
        if when is None:
            return True
        if id(when) not in self._answers:
            self._answers[id(when)] = _Answers(when, self._settings) if goes_by_settings(when) else None
        answers = self._answers[id(when)]
        return answers is None or answers.any(start, end)


class _Answers:
    """The answers of a condition on settings: one for each stretch between their changes."""

    def __init__(self, when: tree.Expression, settings: Settings) -> None:
        self._when = when
        self._settings = settings
        names = {given.name for given in settings_in(when)}
        self._changes: Sequence[Instant] = sorted({at for name in names for at in settings.timelines[name].changes})
        self._known: dict[int, bool] = {}

    def any(self, start: Instant | None, end: Instant | None) -> bool:
        """Whether it holds at an instant of `[start, end)`, or at `start` where that is all."""
        if not self._changes:
            return self._of(0)
        first = bisect_right(self._changes, start) if start is not None else 0
        last = bisect_left(self._changes, end) if end is not None else len(self._changes)
        return any(self._of(number) for number in range(first, max(first, last) + 1))

    def _of(self, number: int) -> bool:
        """The answer in a stretch; what has none, for a setting that has no value, is told where it is asked."""
        if number not in self._known:
            at = self._changes[number - 1] if number else Instant.MIN
            try:
                values = {**self._settings.values_at(self._when, at, self._when.span), REACHED: None}
                self._known[number] = bool(evaluate(self._when, values))
            except RatingError:
                self._known[number] = True
        return self._known[number]
