"""When the answer of a formula that asks for the time may become another.

A record that stands for a stretch of time has one answer only if the formula gives the same at every instant of
it. Formulas ask for the time in few ways: they compare it, its time of day or its weekday with fixed values, look
it up in rows with fixed bounds, or take the start of a period that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from whenever import Instant, Time

from ratewright.account.setting_timeline import Settings
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import children, parts
from ratewright.values.calendar import Cadence, Calendar, Period, PeriodUnit, seconds_between
from ratewright.values.exact import Exact

_DAY = Cadence(PeriodUnit.DAY)
_WAYS: tuple[Literal["earlier", "later"], ...] = ("earlier", "later")


def asks_time(expression: tree.Expression) -> bool:
    """Whether an expression asks when a record was."""
    return any(_is_at(part) for part in parts(expression))


def first_turn(
    expression: tree.Expression, start: Instant, end: Instant, settings: Settings, answer: Callable[[Instant], Any]
) -> Instant | None:
    """The first instant in `(start, end)` from which on the expression has another answer than at `start`.

    `start` itself where its turns cannot be told; None where the answer stays.
    """
    asked = _Asked(settings)
    asked.visit(expression)
    if not asked.known:
        return start
    first = answer(start)
    turns = sorted({at for at in asked.turns(start, end) if start < at < end})
    return next((at for at in turns if answer(at) != first), None)


@dataclass
class _Asked:
    """What an expression asks of the time: instants, times of day and periods at which its answer may turn."""

    settings: Settings
    instants: list[Instant] = field(default_factory=list)
    times: list[Exact] = field(default_factory=list)
    cadences: list[Cadence] = field(default_factory=list)
    known: bool = True

    def visit(self, node: tree.Expression) -> None:
        match node:
            case tree.Comparison(left=left, right=right):
                if not self._compared(left, [right]) and not self._compared(right, [left]):
                    self.visit(left)
                    self.visit(right)
            case tree.Lookup(table=table, keys=keys):
                limits = [row.bound.limit for row in table.rows if row.bound is not None]
                for key in keys:
                    if not self._compared(key, [limit for limit in limits if limit is not None]):
                        self.visit(key)
                for cell in (cell.value for row in table.rows for cell in row.cells.values()):
                    if cell is not None:
                        self.visit(cell)
            case tree.Weekday(instant=instant) if _is_at(instant):
                self.cadences.append(_DAY)
            case tree.EdgeOf(cadence=cadence, instant=instant) if _is_at(instant):
                self.cadences.append(cadence)
            case tree.Defined(expression=expression):
                self.visit(expression)
            case _ if _is_at(node):
                self.known = False
            case _:
                for child in children(node):
                    self.visit(child)

    def _compared(self, node: tree.Expression, others: list[tree.Expression]) -> bool:
        """Take note of a time that is compared with others; False if the node is none."""
        while isinstance(node, tree.Defined):
            node = node.expression
        by_day = isinstance(node, tree.TimeOfDay) and _is_at(node.instant)
        if not by_day and not _is_at(node):
            return False
        for other in others:
            value = self._fixed(other)
            if value is None:
                self.known = False
            elif by_day:
                self.times.append(value)
            else:
                self.instants.append(value)
        if by_day:
            self.cadences.append(_DAY)
        return True

    def _fixed(self, node: tree.Expression) -> Any:
        """The value of a constant, or of a setting that never changes; None for anything else."""
        if isinstance(node, tree.Constant):
            return node.value
        if isinstance(node, tree.SettingValue):
            timeline = self.settings.timelines[node.name]
            return timeline.values[0] if not timeline.changes else None
        return None

    def turns(self, start: Instant, end: Instant) -> Iterator[Instant]:
        calendar = self.settings.calendar
        yield from self.instants
        for cadence in self.cadences:
            yield from (period.start for period in calendar.periods(cadence, start, end))
        for day in calendar.periods(_DAY, start, end) if self.times else ():
            yield from _times_of(day, self.times, calendar)


def _times_of(day: Period, times: list[Exact], calendar: Calendar) -> Iterator[Instant]:
    """The instants of a day that has these times; where the clocks are set, every quarter of an hour of it."""
    hours = Cadence(PeriodUnit.MINUTE, 15)
    if seconds_between(day.start, day.end) != 86_400:
        yield from (quarter.start for quarter in calendar.periods(hours, day.start, day.end))
    local = calendar.local(day.start).to_plain()
    for time in times:
        if 0 <= time < 86_400:
            moment = local.replace_time(_clock(time))
            yield from (moment.assume_tz(calendar.timezone, disambiguation=d).to_instant() for d in _WAYS)


def _clock(seconds: Exact) -> Time:
    whole = int(seconds)
    minutes, second = divmod(whole, 60)
    return Time(minutes // 60, minutes % 60, second, nanosecond=int((seconds - whole) * 10**9))


def _is_at(node: tree.Expression) -> bool:
    return isinstance(node, tree.RecordFact) and node.name == "at"
