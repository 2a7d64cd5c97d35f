"""A limit over time, and what would have removed the waiting."""

from __future__ import annotations

from msgspec import Struct
from whenever import Instant

from ratewright.meaning import nodes as tree
from ratewright.values.exact import Exact


class CapacityStep(Struct, frozen=True, gc=False):
    """The capacity from `start` to `end`, and the purchases that extend it then."""

    start: Instant
    end: Instant
    capacity: Exact
    extensions: tuple[str, ...]


class Remedy(Struct, frozen=True, gc=False):
    """The least of one offer that would have removed the waiting: how many terms of how much, and its price."""

    offer: tree.Offer
    terms: tuple[tuple[Instant, Exact], ...]
    cost: Exact


class LimitTrace(Struct, frozen=True, gc=False):
    """A limit in the period.

    `tasks` started in it; `peak` is the most that would have run at once without a limit, at `peak_at`;
    `running` the most that did; `stuck` never found room. `waited` tasks waited `waiting` seconds in all,
    `longest` at most.
    """

    limit: tree.Limit
    steps: tuple[CapacityStep, ...]
    tasks: int
    peak: Exact
    peak_at: Instant | None
    running: Exact
    waited: int
    waiting: Exact
    longest: Exact
    remedies: tuple[Remedy, ...]
    stuck: int
