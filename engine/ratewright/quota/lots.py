"""Lots: a quota as it is drawn down, and its place in the order of drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from whenever import Instant

from ratewright.meaning.nodes import DrawRule, Pool, Value
from ratewright.values.calendar import nanoseconds
from ratewright.values.exact import Exact, exact

Attributes = tuple[tuple[str, Value], ...]
"""What a lot pays for only: names of its pool's scope with a value, in the order of their names."""


class Lot(Struct, eq=False):
    """A quota that was given or bought, as it is drawn down. It covers usage in `[starts, expires)`.

    `remaining` is what can still be drawn; `opened` what it held when the rating began. `paid` is what it
    cost, `listed` its price in the list. `total_until` is the latest end of a total that drew from it.
    `rolled` went over into another lot when this one ended. Of a cycle, `whole` is the id of the lot that
    renews, and `step` tells it from the others: when it begins, and 0 for what rolled over, 1 for a cycle.
    """

    id: str
    order: tuple[str, int]
    pool: Pool
    purchase: str | None
    size: Exact
    opened: Exact
    remaining: Exact
    starts: Instant | None
    expires: Instant | None
    purchased: Instant | None
    paid: Exact
    refunded: Exact = 0
    refunded_at: Instant | None = None
    drawn_now: Exact = 0
    drawn_before: Exact = 0
    total_until: Instant | None = None
    listed: Exact = 0
    attributes: Attributes = ()
    rolled: Exact = 0
    step: tuple[int, int] = (0, 0)
    whole: str = ""

    def __post_init__(self) -> None:
        self.drawn_before = exact(self.size - self.opened)

    @property
    def drawn(self) -> Exact:
        return exact(self.drawn_before + self.drawn_now)

    @property
    def is_rolled(self) -> bool:
        """Whether it is what rolled over out of a cycle."""
        return bool(self.whole) and self.step[1] == 0

    def ended_by(self, instant: Instant) -> bool:
        """Whether it no longer covers usage at `instant`."""
        expired = self.expires is not None and self.expires <= instant
        return expired or (self.refunded_at is not None and self.refunded_at <= instant)

    def begun_by(self, instant: Instant) -> bool:
        return self.starts is None or self.starts <= instant

    def pays_for(self, tags: Mapping[str, Value]) -> bool:
        """Whether usage that is marked so is what the lot was given or bought for."""
        return all(tags.get(name) == value for name, value in self.attributes)

    def draw(self, quantity: Exact, until: Instant | None) -> None:
        self.remaining = exact(self.remaining - quantity)
        self.drawn_now = exact(self.drawn_now + quantity)
        if until is not None and (self.total_until is None or self.total_until < until):
            self.total_until = until

    def give_back(self, at: Instant) -> None:
        """Close the lot: what is left of it covers nothing from `at` on."""
        self.refunded = self.remaining
        self.remaining = 0
        self.refunded_at = at

    def end(self, at: Instant) -> None:
        """Let it be valid no longer than until `at`."""
        self.expires = at if self.expires is None else min(self.expires, at)

    def total_meets(self, at: Instant) -> bool:
        """Whether a total that drew from the lot runs past `at`, so that what it drew before is not known."""
        return self.total_until is not None and self.total_until > at


class PartlyCoveredError(Exception):
    """A total spans the start or the expiry of a lot that it would draw from."""

    def __init__(self, lot: Lot, instant: Instant, starts: bool) -> None:
        super().__init__(lot.id)
        self.lot = lot
        self.instant = instant
        self.starts = starts


_NEVER = Instant.MAX
_ALWAYS = Instant.MIN

_KEYS: dict[DrawRule, Callable[[Lot], object]] = {
    DrawRule.SOONEST_EXPIRY: lambda lot: nanoseconds(lot.expires or _NEVER),
    DrawRule.LATEST_EXPIRY: lambda lot: -nanoseconds(lot.expires or _NEVER),
    DrawRule.OLDEST_PURCHASE: lambda lot: nanoseconds(lot.purchased or _ALWAYS),
    DrawRule.NEWEST_PURCHASE: lambda lot: -nanoseconds(lot.purchased or _ALWAYS),
    DrawRule.SMALLEST_REMAINING: lambda lot: lot.remaining,
    DrawRule.LARGEST_REMAINING: lambda lot: -lot.remaining,
    DrawRule.NARROWEST_SCOPE: lambda lot: -len(lot.attributes),
    DrawRule.WIDEST_SCOPE: lambda lot: len(lot.attributes),
}

BY_REMAINING = (DrawRule.SMALLEST_REMAINING, DrawRule.LARGEST_REMAINING)
"""The ways of drawing in which a lot's place changes as it is drawn."""


def draw_key(lot: Lot, rules: tuple[DrawRule, ...]) -> tuple[object, ...]:
    """The lot's place in the order of drawing; it ends in the id and the cycle, so no two lots share one."""
    return (*(_KEYS[rule](lot) for rule in rules), lot.order, lot.step)


def check_covers(lot: Lot, start: Instant, end: Instant) -> None:
    """Raise PartlyCoveredError where only a part of `[start, end)` lies within a lot's life."""
    if lot.starts is not None and start < lot.starts:
        raise PartlyCoveredError(lot, lot.starts, starts=True)
    if lot.expires is not None and lot.expires < end:
        raise PartlyCoveredError(lot, lot.expires, starts=False)
