"""What holds at each instant: from when until when a record holds, and the stretches over which the same records do.

Times are exact: what lasts may end between two nanoseconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from whenever import Instant

from ratewright.formula.given import Record
from ratewright.values.calendar import NANOSECONDS, Period, seconds_between
from ratewright.values.exact import Exact, exact, ratio

Point = tuple[Instant, Exact]
"""An instant, and the part of a nanosecond beyond it, in seconds."""


class Stretch(Struct, frozen=True, gc=False):
    """A stretch of time over which the same records hold, and how many seconds it has exactly."""

    period: Period
    seconds: Exact
    records: list[Record]


def held(record: Record) -> tuple[Instant, Instant, Exact]:
    """From when until when a record holds, and the part of a nanosecond beyond that.

    A state holds from its beginning to its end, an event for as long as it lasted.
    """
    at: Instant = record["record:at"]
    until: Instant | None = record["record:until"]
    lasted: Exact = record.get("record:lasted", 0)
    if isinstance(lasted, int):
        return at, until or at.add(seconds=lasted), 0
    whole = lasted * NANOSECONDS // 1
    return at, at.add(nanoseconds=int(whole)), exact(lasted - ratio(int(whole), NANOSECONDS))


def stretches(records: Sequence[Record], start: Instant, end: Instant) -> Iterator[Stretch]:
    """The stretches between the instants of `[start, end)` at which a record begins or ends, in order, those over which
    none holds included. The records of each are in the order in which they were given, which is that of time."""
    begin: dict[Point, list[int]] = defaultdict(list)
    finish: dict[Point, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        at, until, rest = held(record)
        first, last = max((at, 0), (start, 0)), min((until, rest), (end, 0))
        if first < last:
            begin[first].append(number)
            finish[last].append(number)
    holding: dict[int, Record] = {}
    for here, there in pairwise(sorted({(start, 0), (end, 0), *begin, *finish})):
        for number in finish.get(here, ()):
            del holding[number]
        holding.update((number, records[number]) for number in begin.get(here, ()))
        seconds = exact(seconds_between(here[0], there[0]) + there[1] - here[1])
        yield Stretch(Period(here[0], there[0]), seconds, list(holding.values()))
