"""Usage as rating takes it: records with their values, the pieces that are drawn and charged, and what was left out."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from typing import Any, TypeVar

from msgspec import Struct
from whenever import Instant

from ratewright.derivation.trace import Arithmetic, MeasureTrace, Reading
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.usage.model import Amount, Record, field_text
from ratewright.values.exact import Exact

RECORDS_TOLD = 5
"""Where a bill has no more records of a meter than these, it is told of each how its formula came to its quantity."""

T = TypeVar("T", bound=Any)


class Piece(Struct, frozen=True, eq=False, gc=False):
    """Usage that is drawn and charged as one: a record's, or a whole period's where the measure is no sum.

    `end` is None for an event. `amount` is in base units. `key` holds what the meter is kept apart by, `tags`
    what the pools that pay for it may ask; `measure` tells how the result of a whole period came about. Such a result
    is for the `lines` whose period it is, of the `group` that they form; other usage is for all lines of its meter.
    `values` are what the formula of a record read, for the first few of a day.
    """

    start: Instant
    end: Instant | None
    meter: str
    amount: Exact
    record: Record | None
    subaccount: str | None
    key: tuple[tree.Value, ...] = ()
    tags: Mapping[str, tree.Value] = {}
    measure: MeasureTrace | None = None
    lines: tuple[str, ...] | None = None
    group: int = 0
    values: Mapping[str, Any] | None = None


class BoundRecord(Struct, frozen=True, eq=False, gc=False):
    """A record with its instants; `values` are what a formula on it reads."""

    start: Instant
    end: Instant | None
    record: Record
    values: dict[str, Any]
    lasted: Exact


def in_order(records: Iterable[BoundRecord]) -> list[BoundRecord]:
    """Records in order of time. At one instant what ends earlier comes first, then it goes by the fields, and the
    smaller before the larger, so that the order in which they were given decides nothing."""
    return in_order_of_time(records, lambda r: (r.end or r.start, _texts(r.record.fields), r.values["record:quantity"]))


def pieces_in_order(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces by their start. At one instant events come before totals, then by meter and what they are marked with,
    and the smaller before the larger, so that neither the order in which records were given nor how usage is cut into
    records decides anything."""
    return in_order_of_time(pieces, tie_of)


def tie_of(piece: Piece) -> tuple[object, ...]:
    """The place of a piece among those of one instant."""
    tags = [_rank_of(value) for value in piece.tags.values()]
    return (piece.end or piece.start, piece.meter, tags, piece.amount, piece.group)


def _rank_of(value: tree.Value) -> tuple[Exact, str]:
    """The place of something that usage is marked with: figures by their size, all else by its text."""
    return (value, "") if isinstance(value, Exact) and not isinstance(value, bool) else (0, str(value))


def in_order_of_time(things: Iterable[T], tie: Callable[[T], Any]) -> list[T]:
    """Things by their `start`; the tie is asked only of those that share one."""
    start = attrgetter("start")
    ordered = sorted(things, key=start)
    starts = [*map(start, ordered)]
    end = 0
    for begin in [place for place, (here, there) in enumerate(pairwise(starts)) if here == there]:
        if begin >= end:
            end = bisect_right(starts, starts[begin], begin)
            ordered[begin:end] = sorted(ordered[begin:end], key=tie)
    return ordered


def _texts(fields: Mapping[str, str | Amount]) -> list[tuple[str, str]]:
    return sorted((name, field_text(value)) for name, value in fields.items())


class Left(Struct, frozen=True, eq=False, gc=False):
    """A record that a `where` leaves out. `end` is when a state ends that would count in each period that it meets."""

    start: Instant
    meter: str
    where: tree.Where
    made: tuple[Reading, ...] | Arithmetic
    quantity: Exact
    end: Instant | None = None

    @property
    def readings(self) -> tuple[Reading, ...]:
        """What the condition read."""
        return self.made.readings if isinstance(self.made, Arithmetic) else self.made


@dataclass
class Counted:
    """All usage of an account: pieces in order of time, records of meters that measure whole periods, and
    what was left out. `before` are records from before the opening of meters that are drawn record by record, for
    windows that may have been open then."""

    pieces: list[Piece] = field(default_factory=list)
    whole: dict[tuple[str, tuple[tree.Value, ...]], list[BoundRecord]] = field(
        default_factory=lambda: defaultdict(list)
    )
    reached: set[Span] = field(default_factory=set)
    left: list[Left] = field(default_factory=list)
    given: dict[str, list[Piece]] = field(default_factory=lambda: defaultdict(list))
    before: dict[tuple[str, tuple[tree.Value, ...]], list[BoundRecord]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @property
    def of_periods(self) -> bool:
        """Whether there is anything for meters that measure whole periods."""
        return bool(self.whole or self.given)
