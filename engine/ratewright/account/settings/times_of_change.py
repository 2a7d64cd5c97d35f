"""When the answer of a formula that asks for the time may become another.

Usage that stands for a stretch of time has one answer only if the formula gives the same at every instant of it.
Formulas ask for the time in few ways: an instant, its time of day, its weekday or month, the edge of a period that
holds it, a time some while later or earlier, how long one is after another. Each is a function of the instant that
rises, falls or stays within stretches that can be told, so the instants at which a comparison or a lookup may turn can
be told too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from msgspec import Struct
from whenever import Instant

from ratewright.account.settings.setting_timeline import Settings
from ratewright.formula.aggregation import Values
from ratewright.formula.interpreter import CALENDAR, evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import children, parts
from ratewright.values.calendar import DAILY, Cadence, Period, PeriodUnit, instant_of, nanoseconds, seconds_between

_QUARTER = Cadence(PeriodUnit.MINUTE, 15)
_DAY_SECONDS = 86_400
Ordered = Any
"""Something that can be compared: an exact number or an Instant."""


def asks_time(expression: tree.Expression) -> bool:
    """Whether an expression asks when a record was."""
    return any(_is_at(part) for part in parts(expression))


def first_turn(
    expression: tree.Expression, stretch: Period, settings: Settings, values: Values, answer: Callable[[Instant], Any]
) -> Instant | None:
    """The first instant inside a stretch from which on the expression has another answer than at its start.

    `values` are what the formula reads beside settings and the time. The start itself where its turns cannot be told;
    None where the answer stays.
    """
    if not asks_time(expression):
        return None
    turns = turns_of(expression, stretch, settings, values)
    if turns is None:
        return stretch.start
    first = answer(stretch.start)
    return next((at for at in turns if answer(at) != first), None)


def answers_change(expression: tree.Expression, stretch: Period, settings: Settings, values: Values) -> list[Instant]:
    """The instants inside a stretch at which an expression comes to another answer, by the time or by a setting.

    None of the time where its turns cannot be told. Raises EvaluationError.
    """
    changes = {at for _, at in settings.changes(expression, stretch.start, stretch.end)}
    times = set(changes)
    if asks_time(expression):
        for start, end in pairwise([stretch.start, *sorted(changes), stretch.end]):
            times.update(turns_of(expression, Period(start, end), settings, values) or ())
    found: list[Instant] = []
    last = _answer(expression, stretch.start, settings, values)
    for at in sorted(times):
        before, last = last, _answer(expression, at, settings, values)
        if last != before:
            found.append(at)
    return found


def _answer(expression: tree.Expression, at: Instant, settings: Settings, values: Values) -> Any:
    return evaluate(expression, {**values, **settings.values_at(expression, at, expression.span)})


def turns_of(expression: tree.Expression, stretch: Period, settings: Settings, values: Values) -> list[Instant] | None:
    """The instants inside a stretch at which the answer may become another; None where they cannot be told."""
    start, end = stretch.start, stretch.end
    finder = _Turns(stretch, settings, values)
    try:
        finder.visit(expression)
    except _UntoldError:
        return None
    return sorted(at for at in finder.found if start < at < end)


class _UntoldError(Exception):
    """The time is asked in a way whose turns cannot be told."""


class _Course(Struct, frozen=True):
    """How a value goes with the instant: it rises (1), falls (-1) or stays (0) between `breaks`."""

    sign: int
    breaks: frozenset[Instant] = frozenset()


class _Turns:
    """Finds the instants of a stretch at which a formula may turn."""

    def __init__(self, stretch: Period, settings: Settings, values: Values) -> None:
        self._stretch = stretch
        self._start, self._end = stretch.start, stretch.end
        self._settings = settings
        self._values = values
        self._calendar = settings.calendar
        self.found: set[Instant] = set()

    def visit(self, node: tree.Expression) -> None:
        """Take note of the turns of a part of a formula. Raises _UntoldError."""
        match node:
            case _ if not asks_time(node):
                return
            case tree.Comparison(left=left, right=right):
                self._compared(left, right)
            case tree.Lookup(table=table, keys=keys):
                limits = [row.bound.limit for row in table.rows if row.bound is not None]
                for number, key in enumerate(keys):
                    if table.ranged and number == 0 and asks_time(key):
                        for limit in (limit for limit in limits if limit is not None):
                            self._compared(key, limit)
                    else:
                        self.visit(key)
                for cell in (cell.value for row in table.rows for cell in row.cells.values()):
                    if cell is not None:
                        self.visit(cell)
            case tree.Defined(expression=expression):
                self.visit(expression)
            case tree.RecordFact() | tree.Later() | tree.Elapsed() | tree.TimeOfDay() | tree.DaysBetween():
                raise _UntoldError
            case tree.EdgeOf() | tree.NameOf():
                self._stays(node)
            case _:
                for child in children(node):
                    self.visit(child)

    def _stays(self, node: tree.Expression) -> None:
        """A value that is asked as it is: it must stay between its breaks. Raises _UntoldError."""
        course = self._course(node)
        if course.sign:
            raise _UntoldError
        self.found |= course.breaks

    def _compared(self, left: tree.Expression, right: tree.Expression) -> None:
        """The turns of a comparison: within each stretch between breaks, where one value passes the other."""
        one, other = self._course(left), self._course(right)
        self.found |= one.breaks | other.breaks
        if one.sign == other.sign == 0:
            return
        if one.sign * other.sign > 0:
            raise _UntoldError  # both go the same way: they may meet more than once
        rises = one.sign > 0 or other.sign < 0
        for start, end in self._stretches(one.breaks | other.breaks):
            self.found.update(self._passing(left, right, start, end, rises=rises))

    def _passing(
        self, left: tree.Expression, right: tree.Expression, start: Instant, end: Instant, *, rises: bool
    ) -> Iterator[Instant]:
        """The first instants at which the left value is no longer below the right one, and at which it is above it (or
        the other way round, where it falls)."""

        def reaches(at: Instant) -> bool:
            here, there = self._value(left, at), self._value(right, at)
            return bool(here >= there) if rises else bool(here <= there)

        def passes(at: Instant) -> bool:
            here, there = self._value(left, at), self._value(right, at)
            return bool(here > there) if rises else bool(here < there)

        for test in (reaches, passes):
            found = _first(test, nanoseconds(start), nanoseconds(end))
            if found is not None:
                yield instant_of(found)

    def _course(self, node: tree.Expression) -> _Course:
        """How a value goes with the instant. Raises _UntoldError."""
        match node:
            case _ if not asks_time(node):
                return _Course(0)
            case tree.RecordFact():
                return _Course(1)
            case tree.Defined(expression=expression):
                return self._course(expression)
            case tree.Later(instant=instant):
                return self._course(instant)
            case tree.Negative(operand=operand):
                return _turned(self._course(operand))
            case tree.Elapsed(start=start, end=end) | tree.DaysBetween(start=start, end=end):
                return _added(_turned(self._course(start)), self._course(end))
            case tree.Sum(terms=terms):
                made = _Course(0)
                for sign, term in terms:
                    course = self._course(term)
                    made = _added(made, course if sign > 0 else _turned(course))
                return made
            case tree.EdgeOf(cadence=cadence, instant=instant) | tree.NameOf(cadence=cadence, instant=instant):
                return self._stepped(instant, cadence)
            case tree.TimeOfDay(instant=instant):
                if not _is_at(_behind_names(instant)):
                    raise _UntoldError
                return _Course(1, frozenset(self._days()))
        return self._of_conditions(node)

    def _of_conditions(self, node: tree.Expression) -> _Course:
        """A value that only conditions, lookups and steps make another."""
        inner = _Turns(self._stretch, self._settings, self._values)
        match node:
            case tree.Choose(condition=condition, yes=yes, no=no):
                inner.visit(condition)
                one, other = self._course(yes), self._course(no)
                if one.sign != other.sign:
                    raise _UntoldError
                return _Course(one.sign, one.breaks | other.breaks | inner.found)
            case _:
                inner.visit(node)
        return _Course(0, frozenset(inner.found))

    def _stepped(self, instant: tree.Expression, cadence: Cadence) -> _Course:
        """The edge of a period around a time that rises: it steps where that time passes into the next."""
        course = self._course(instant)
        if course.sign < 0:
            raise _UntoldError
        breaks = set(course.breaks)
        for start, end in self._stretches(course.breaks):
            first, last = self._value(instant, start), self._value(instant, _before(end))
            for period in self._calendar.periods(cadence, first, last.add(nanoseconds=1)):

                def within(at: Instant, edge: Instant = period.start) -> bool:
                    return bool(self._value(instant, at) >= edge)

                found = _first(within, nanoseconds(start), nanoseconds(end))
                if found is not None:
                    breaks.add(instant_of(found))
        return _Course(0, frozenset(breaks))

    def _stretches(self, breaks: frozenset[Instant]) -> Iterator[tuple[Instant, Instant]]:
        inside = sorted(at for at in breaks if self._start < at < self._end)
        return pairwise([self._start, *inside, self._end])

    def _days(self) -> Iterator[Instant]:
        """Where the time of day starts anew: at midnight, and each quarter of an hour where the clocks are set."""
        for day in self._calendar.periods(DAILY, self._start, self._end):
            yield day.start
            if seconds_between(day.start, day.end) != _DAY_SECONDS:
                yield from (quarter.start for quarter in self._calendar.periods(_QUARTER, day.start, day.end))

    def _value(self, node: tree.Expression, at: Instant) -> Ordered:
        """What a part of the formula is at an instant. Raises _UntoldError where it reads what is not known."""
        try:
            settings = self._settings.values_at(node, self._start, node.span)
            return evaluate(node, {**self._values, **settings, CALENDAR: self._calendar, "record:at": at})
        except KeyError as error:
            raise _UntoldError from error


def _first(holds: Callable[[Instant], bool], start: int, end: int) -> int | None:
    """The first instant in `(start, end)`, in nanoseconds, from which on something holds that goes on to hold; None
    where it holds from the start or never."""
    low, high = start, end - 1
    if low >= high or holds(instant_of(low)) or not holds(instant_of(high)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if holds(instant_of(middle)):
            high = middle
        else:
            low = middle
    return high


def _added(one: _Course, other: _Course) -> _Course:
    if one.sign * other.sign < 0:
        raise _UntoldError
    return _Course(one.sign or other.sign, one.breaks | other.breaks)


def _turned(course: _Course) -> _Course:
    return _Course(-course.sign, course.breaks)


def _before(instant: Instant) -> Instant:
    return instant.subtract(nanoseconds=1)


def _behind_names(node: tree.Expression) -> tree.Expression:
    while isinstance(node, tree.Defined):
        node = node.expression
    return node


def _is_at(node: tree.Expression) -> bool:
    return isinstance(node, tree.RecordFact) and node.name == "at"
