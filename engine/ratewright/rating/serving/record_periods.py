"""From when to when a line takes a record that it prices alone.

A line takes an event at its instant, or, of a meter that measures over time, for as long as it lasted. Lines that
reckon with one another take a record alike: as long as the longest of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from whenever import Instant

from ratewright.account.counted.pieces import Piece
from ratewright.plan.plan import Plan
from ratewright.usage.model import Form, Record
from ratewright.values.calendar import Period, PeriodUnit


class RecordPeriods:
    """The periods of records, of those `pieces` of usage that events become which last."""

    def __init__(self, plan: Plan, pieces: Iterable[Piece] = ()) -> None:
        self._plan = plan
        self._meters: dict[str, frozenset[str]] = {}
        self._ends: dict[int, dict[str, Instant]] = defaultdict(dict)
        for piece in pieces:
            if piece.end is not None and piece.record is not None and piece.record.form is Form.EVENT:
                self._ends[id(piece.record)][piece.meter] = piece.end

    def of(self, line: str, own: Period, record: Record | None) -> Period:
        """The period of a record for a line: `own` is that of one of the meters or lines that it is on."""
        ends = self._ends.get(id(record)) if self._ends and record is not None else None
        if ends is None:
            return own
        meters = self._meters_behind(line)
        return Period(own.start, max([own.end, *(end for meter, end in ends.items() if meter in meters)]))

    def _meters_behind(self, line: str) -> frozenset[str]:
        """The meters of a line, and of the lines for each record that it names, and so on."""
        if line not in self._meters:
            found = self._plan.lines[line]
            behind = (name for name in found.lines if self._plan.lines[name].charge.every.unit is PeriodUnit.RECORD)
            self._meters[line] = frozenset(found.charge.meters).union(*map(self._meters_behind, behind))
        return self._meters[line]
