"""Settings over time: what a setting was at an instant, and whether it changed in between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct
from whenever import Instant

from ratewright.derivation.formula_reader import Reader
from ratewright.derivation.key_names import KeyNames
from ratewright.derivation.trace import ConditionTrace
from ratewright.diagnostics import Span
from ratewright.formula.given import CALENDAR, REACHED
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in
from ratewright.refusal import stop
from ratewright.values.calendar import Calendar


class Timeline(Struct, frozen=True):
    """A setting's values: `values[0]` before `changes[0]`, `values[i + 1]` from `changes[i]` on. None: not known."""

    setting: tree.Setting
    changes: tuple[Instant, ...]
    values: tuple[tree.Value | None, ...]

    def at(self, instant: Instant) -> tree.Value | None:
        return self.values[bisect_right(self.changes, instant)]

    def changes_within(self, start: Instant, end: Instant) -> tuple[Instant, ...]:
        """The instants in `(start, end)` at which the value becomes another."""
        first, last = bisect_right(self.changes, start), bisect_left(self.changes, end)
        return tuple(self.changes[i] for i in range(first, last) if self.values[i] != self.values[i + 1])


class Settings:
    """All settings of an account. `reached` are the cells of tables that formulas on them looked up."""

    def __init__(self, timelines: Mapping[str, Timeline], tariff: tree.Tariff, calendar: Calendar) -> None:
        self.timelines = timelines
        self.calendar = calendar
        self.key_names = KeyNames(calendar)
        self.reached: set[Span] = set()
        self._tariff = tariff

    @cached_property
    def reader(self) -> Reader:
        """What tells of formulas how they came about."""
        return Reader(self._tariff, self.calendar)

    def values_at(self, expression: tree.Expression, instant: Instant, span: Span) -> dict[str, object]:
        """The settings that an expression reads, at an instant. Raises RatingError for one without a value."""
        values: dict[str, object] = {
            CALENDAR: self.calendar,
            REACHED: self.reached,
            "record:at": instant,
        }
        for node in given_in(expression):
            if isinstance(node, tree.SettingValue):
                value = self.timelines[node.name].at(instant)
                if value is None and node.name == "activation":
                    raise stop(
                        "A104",
                        f"`{span.text}` asks for the account's activation, which its data do not tell",
                        span,
                        "write `activated: 2026-01-05T09:00:00+08:00`; in an example `set activation 2026-01-05`",
                    )
                if value is None:
                    raise stop(
                        "A104",
                        f"setting `{node.name}` has no value, and `{span.text}` asks for it",
                        span,
                        f"give it in the account's data: `settings: {{{node.name}: …}}`; "
                        f"in an example `set {node.name} …`",
                        ("declared", self.timelines[node.name].setting.span),
                    )
                values[node.key] = value
        return values

    def first_change(
        self, expression: tree.Expression, start: Instant, end: Instant
    ) -> tuple[tree.Setting, Instant] | None:
        """A setting that the expression reads and that changes in `(start, end)`."""
        return next(iter(self.changes(expression, start, end)), None)

    def changes(self, expression: tree.Expression, start: Instant, end: Instant) -> list[tuple[tree.Setting, Instant]]:
        """The settings that the expression reads with each of their changes in `(start, end)`."""
        read = (self.timelines[node.name] for node in given_in(expression) if isinstance(node, tree.SettingValue))
        return [(timeline.setting, at) for timeline in read for at in timeline.changes_within(start, end)]

    def ask(self, condition: tree.Expression, instant: Instant, extra: Mapping[str, object]) -> ConditionTrace:
        """A condition at an instant, with what it read."""
        values = {**self.values_at(condition, instant, condition.span), **extra}
        how = self.reader.worked(condition, values)
        return ConditionTrace(how, bool(how.value), condition.span)


class ConditionCache:
    """The answers of one condition that reads settings only: one for each stretch between changes."""

    def __init__(self, condition: tree.Expression, settings: Settings) -> None:
        self._condition = condition
        self._settings = settings
        given = given_in(condition)
        self._cacheable = all(isinstance(g, tree.SettingValue) for g in given)
        names: Iterable[str] = (g.name for g in given if isinstance(g, tree.SettingValue))
        self._changes = sorted({c for name in names for c in settings.timelines[name].changes})
        self._answers: dict[int, ConditionTrace] = {}

    def at(self, instant: Instant, tags: Mapping[str, tree.Value] | None = None) -> ConditionTrace:
        """The answer at an instant, for usage that is marked with `tags`."""
        if not self._cacheable:
            extra = {f"tag:{name}": value for name, value in (tags or {}).items()}
            return self._settings.ask(self._condition, instant, extra)
        stretch = bisect_right(self._changes, instant)
        answer = self._answers.get(stretch)
        if answer is None:
            answer = self._answers[stretch] = self._settings.ask(self._condition, instant, {})
        return answer
