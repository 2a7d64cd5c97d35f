"""The periods of lines at the end of a list: one that has begun goes on behind it, and what is on it follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from whenever import Instant

from ratewright.meaning import nodes as tree
from ratewright.plan.line_plans import LinePlan
from ratewright.plan.period_grid import Grid
from ratewright.plan.plan import Plan
from ratewright.values.calendar import Cadence, Period


class LastPeriods:
    """Which periods of lines are the list's: those that begin while it holds and, of a discount or a tax, those in
    which something that it names ends."""

    def __init__(self, plan: Plan, grid: Grid, cadences: Mapping[str, Cadence]) -> None:
        self._lines = plan.lines
        self._grid = grid
        self._cadences = cadences
        self._of_names: dict[int, frozenset[Instant]] = {}

    @cached_property
    def _ends(self) -> dict[str, frozenset[Instant]]:
        """When periods of each line end that are the list's, behind its last day. Lines come behind those that they
        name, and what many name, such as a sum, is gathered once."""
        found: dict[str, frozenset[Instant]] = {}
        for line in sorted(self._lines.values(), key=lambda line: line.place):
            found[line.charge.name] = frozenset(self._own_ends(line, found))
        return found

    def has(self, line: LinePlan, part: Period) -> bool:
        """Whether a period of a line, or a part of one, is the list's."""
        cadence = self._cadences[line.charge.name]
        if self._grid.begins_in_force(part, cadence):
            return True
        if line.charge.word is tree.LineWord.CHARGE:
            return False
        whole = self._grid.period_of(part.start, cadence)
        return any(whole.start < end <= whole.end for end in self._named_ends(line, self._ends))

    def end(self, until: Instant) -> Instant:
        """When the last of them ends, of a list that holds `until` an instant."""
        return max((end for ends in self._ends.values() for end in ends), default=until)

    def _own_ends(self, line: LinePlan, known: Mapping[str, frozenset[Instant]]) -> Iterator[Instant]:
        cadence = self._cadences[line.charge.name]
        if cadence.of_usage or line.charge.in_advance:
            return
        yield from self._grid.ends_behind(cadence, line.charge.billed)
        if line.charge.word is not tree.LineWord.CHARGE:
            for end in self._named_ends(line, known):
                yield self._grid.period_of(end.subtract(nanoseconds=1), cadence).end

    def _named_ends(self, line: LinePlan, known: Mapping[str, frozenset[Instant]]) -> set[Instant]:
        found: set[Instant] = set()
        for names in line.behind.values():
            if id(names) not in self._of_names:
                self._of_names[id(names)] = frozenset(end for name in names for end in known[name])
            found |= self._of_names[id(names)]
        return found
