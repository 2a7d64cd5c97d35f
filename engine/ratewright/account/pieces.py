"""Usage as rating takes it: records with their values, the pieces that are drawn and charged, and what was left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct
from whenever import Instant

from ratewright.derivation.trace import MeasureTrace, Reading
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.usage.model import Record
from ratewright.values.exact import Exact

RECORDS_TOLD = 5
"""Where a bill has no more records of a meter than these, it is told of each how its formula came to its quantity."""


class Piece(Struct, frozen=True, eq=False):
    """Usage that is drawn and charged as one: a record's, or a whole period's where the measure is no sum.

    `end` is None for an event. `amount` is in base units. `key` holds what the meter is kept apart by, `tags`
    what the pools that pay for it may ask; `measure` tells how the result of a whole period came about. `values` are
    what the formula of a record read, for the first few of a day.
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
    values: Mapping[str, Any] | None = None


class BoundRecord(Struct, frozen=True, eq=False):
    """A record with its instants; `values` are what a formula on it reads."""

    start: Instant
    end: Instant | None
    record: Record
    values: dict[str, Any]
    lasted: Exact


class Left(Struct, frozen=True, eq=False):
    """A record that a `where` leaves out."""

    start: Instant
    meter: str
    where: tree.Where
    readings: tuple[Reading, ...]
    quantity: Exact


@dataclass
class Counted:
    """All usage of an account: pieces in order of time, records of meters that measure whole periods, and
    what was left out."""

    pieces: list[Piece] = field(default_factory=list)
    whole: dict[tuple[str, tuple[tree.Value, ...]], list[BoundRecord]] = field(
        default_factory=lambda: defaultdict(list)
    )
    reached: set[Span] = field(default_factory=set)
    left: list[Left] = field(default_factory=list)
    measured: list[Record] = field(default_factory=list)
    given: dict[str, list[Piece]] = field(default_factory=lambda: defaultdict(list))
