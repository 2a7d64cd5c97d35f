"""A record that counts for a meter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from tests.reference.account import Record
from tests.reference.formulas import Value
from tests.reference.values import Figure

TICK = timedelta(microseconds=1)
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Counted:
    """A record that counts for a meter: what it says, and what it is kept apart by."""

    record: Record
    quantity: Figure
    times: Fraction
    fields: dict[str, Value]
    key: Key = ()
    whole: Record | None = None  # what it is a part of

    def is_of(self, record: Record) -> bool:
        return record is self.record or record is self.whole

    @property
    def order(self) -> tuple[datetime, bool, Fraction]:
        """Order of time; at one instant events come before totals, and the smaller before the larger."""
        return self.record.start, self.record.form == "total", self.times
