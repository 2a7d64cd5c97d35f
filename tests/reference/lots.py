"""Lots of quota, what is held of each for a stretch of time, and which of several is drawn first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from tests.reference.clock import LAST
from tests.reference.values import Figure

SOONEST_THEN_OLDEST = (("soonest", "expiry"), ("oldest", "purchase"))


@dataclass
class Part:
    """What is held of a lot for a stretch of time: all of it, or a cycle of one that renews."""

    lot: Lot
    start: datetime
    end: datetime
    remaining: Fraction
    older: datetime = LAST  # what rolled over: out of the cycle that began then
    told: bool = False  # by a balance
    closed: bool = False  # what is left of it has rolled over, or is gone
    given: Fraction = field(init=False)  # nothing is told of a cycle without a day of its own

    def __post_init__(self) -> None:
        self.given = self.remaining

    @property
    def began(self) -> datetime:
        """When the cycle began that it is, or is left of."""
        return min(self.start, self.older)

    def covers(self, at: datetime) -> bool:
        return self.start <= at < self.end and not self.lot.given_back

    def take(self, quantity: Fraction) -> None:
        """Draw a quantity of it."""
        self.remaining -= quantity
        self.lot.drawn += quantity


@dataclass
class Lot:
    """One lot: a purchase's, or a grant's."""

    pool: str
    id: str
    number: int
    bought: datetime
    start: datetime
    end: datetime
    size: Figure
    paid: Fraction = Fraction(0)
    list_price: Fraction = Fraction(0)
    scope: tuple[tuple[str, str], ...] = ()
    parts: list[Part] = field(default_factory=list)
    drawn: Fraction = Fraction(0)
    given_back: bool = False
    count: int = 1
    given_for_scope: bool = False
    paid_known: bool = True  # whether a balance says what was paid
    filled: bool = False  # its cycles hold what meters measure in them, known when they end

    @property
    def name(self) -> str:
        """What a bill calls it."""
        if self.count > 1:
            return f"{self.id}#{self.number}"
        return f"{self.id}[{', '.join(value for _, value in self.scope)}]" if self.given_for_scope else self.id


def drawn_in_order(rules: tuple[tuple[str, str], ...], part: Part) -> tuple[object, ...]:
    falling = datetime.max
    keys: list[object] = []
    for first, second in rules:
        keys.append(
            {
                ("soonest", "expiry"): part.end,
                ("latest", "expiry"): falling - part.end,
                ("soonest", "end"): part.lot.end,
                ("latest", "end"): falling - part.lot.end,
                ("oldest", "purchase"): part.lot.bought,
                ("newest", "purchase"): falling - part.lot.bought,
                ("oldest", "start"): part.lot.start,
                ("newest", "start"): falling - part.lot.start,
                ("smallest", "remaining"): part.remaining,
                ("largest", "remaining"): -part.remaining,
                ("narrowest", "scope"): -len(part.lot.scope),
                ("widest", "scope"): len(part.lot.scope),
            }[first, second]
        )
    return tuple(keys)
