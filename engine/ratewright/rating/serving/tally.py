"""What became of a meter's usage in the period of a bill, summed up while it is drawn and charged."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct, field

from ratewright.account.counted.pieces import Piece
from ratewright.derivation.trace import ConditionTrace, MeasureTrace
from ratewright.meaning.nodes import Value
from ratewright.values.exact import Exact

Blocked = tuple[tuple[str, ConditionTrace], ...]
"""Charges with the conditions that kept them away."""


class MeterTally(Struct):
    """What became of one meter's usage in the period of a bill.

    `measured` is less what records below 0 took back; where they may, it is also told how much others `brought`, and
    how much was `taken_back`.
    `covered` is how much of it each pool paid for, `taken` how much of the pool that took; `ratios` have
    both by pool and ratio. `kept` is how much a pool's condition kept from it, by what the condition read. `made`
    are the first pieces of which it is known what the formula of their record read; `divided` are records of which
    a part was met. `subaccounts` are by key and name.
    """

    measured: Exact = 0
    brought: Exact = 0
    taken_back: Exact = 0
    records: int = 0
    subaccounts: dict[tuple[tuple[Value, ...], str], Exact] = field(default_factory=lambda: defaultdict(int))
    covered: dict[str, Exact] = field(default_factory=lambda: defaultdict(int))
    taken: dict[str, Exact] = field(default_factory=lambda: defaultdict(int))
    ratios: dict[tuple[str, Exact], tuple[Exact, Exact]] = field(default_factory=lambda: defaultdict(lambda: (0, 0)))
    passed: Exact = 0
    charged: dict[str, Exact] = field(default_factory=lambda: defaultdict(int))
    unserved: dict[Blocked, Exact] = field(default_factory=lambda: defaultdict(int))
    kept: dict[tuple[str, ConditionTrace], Exact] = field(default_factory=lambda: defaultdict(int))
    measures: list[MeasureTrace] = field(default_factory=list)
    made: list[Piece] = field(default_factory=list)
    keys: dict[tuple[Value, ...], Exact] = field(default_factory=lambda: defaultdict(int))
    divided: set[int] = field(default_factory=set)

    def count(self, piece: Piece, *, spread: bool) -> None:
        """Count a piece as a record; of a record that is spread over its time the first part."""
        if spread:
            self.records += id(piece.record) not in self.divided
            self.divided.add(id(piece.record))
        else:
            self.records += 1

    def leave(self, why: Blocked, quantity: Exact) -> None:
        """Let what was passed on to charges be left by them."""
        self.passed -= quantity
        self.unserved[why] += quantity
