"""Records that count for a meter, and where time cuts them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Record
from tests.reference.clock import HOUR
from tests.reference.formulas import Value
from tests.reference.values import Figure

TICK = timedelta(microseconds=1)
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Counted:
    """A record that counts for a meter, or a part of one: what it says, and what it is kept apart by."""

    record: Record
    quantity: Figure
    times: Fraction
    fields: dict[str, Value]
    key: Key = ()
    part_of: Record | None = None

    def is_of(self, record: Record) -> bool:
        return record is self.record or record is self.part_of

    @property
    def order(self) -> tuple[datetime, bool, Fraction]:
        """Order of time; at one instant events come before totals, and the smaller before the larger."""
        return self.record.start, self.record.form == "total", self.times


def over_time(part: n.Node) -> bool:
    """Whether a part of a formula asks from when until when records hold."""
    if isinstance(part, n.Selection):
        return part.each is not None and part.each.unit.text == "instant"
    return isinstance(part, n.Call) and part.function.text == "integral"


def hours(start: datetime, end: datetime) -> Iterator[datetime]:
    """The full hours inside a stretch of time; every time that a price list here names is one."""
    at = start.replace(minute=0, second=0, microsecond=0) + HOUR
    while at < end:
        yield at
        at += HOUR
