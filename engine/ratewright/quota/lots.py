"""Lots: a quota as it is drawn down, and its place in the order of drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from whenever import Instant

from ratewright.derivation.trace import WithdrawnTrace
from ratewright.derivation.worked import Worked
from ratewright.meaning.nodes import DrawRule, Pool, Value
from ratewright.values.calendar import nanoseconds
from ratewright.values.exact import Exact, exact, summed
from ratewright.values.lot_names import LotName

Attributes = tuple[tuple[str, Value], ...]
"""What a lot pays for only: names of its pool's scope with a value, in the order of their names."""


class Cut(Struct, frozen=True):
    """A cycle that the validity of its lot cuts: `days` of the `of` days of the whole one, which would have `whole`."""

    days: int
    of: int
    whole: Exact


class Holding(Struct, eq=False, kw_only=True):
    """What is known of a quota that was given or bought, filled once or again and again. It covers usage in
    `[starts, expires)`.

    `paid` is what it cost, `listed` its price in the list. `purchase` is the id of what was bought, if it was;
    `id` is its name as bills write it.
    """

    name: LotName
    pool: Pool
    size: Exact
    starts: Instant | None
    expires: Instant | None
    purchased: Instant | None = None
    purchase: str | None = None
    paid: Exact = 0
    listed: Exact = 0
    attributes: Attributes = ()
    refunded_at: Instant | None = None
    id: str = ""

    def __post_init__(self) -> None:
        self.id = str(self.name)

    def ended_by(self, instant: Instant) -> bool:
        """Whether it no longer covers usage at `instant`."""
        expired = self.expires is not None and self.expires <= instant
        return expired or (self.refunded_at is not None and self.refunded_at <= instant)

    def begun_by(self, instant: Instant) -> bool:
        return self.starts is None or self.starts <= instant

    def bought_by(self, instant: Instant) -> bool:
        """Whether it was bought before `instant`, if it was bought at all."""
        return self.purchased is None or self.purchased < instant

    def end(self, at: Instant) -> None:
        """Let it be valid no longer than until `at`."""
        self.expires = at if self.expires is None else min(self.expires, at)

    def part(self, name: LotName, size: Exact, held: Exact, starts: Instant, expires: Instant | None) -> Lot:
        """A lot that is a part of this one in time, with `held` left of its `size`: a cycle, or what rolled over."""
        return Lot(
            name=name,
            pool=self.pool,
            size=size,
            remaining=held,
            starts=starts,
            expires=expires,
            purchased=self.purchased,
            purchase=self.purchase,
            paid=self.paid,
            listed=self.listed,
            attributes=self.attributes,
            whole=self,
        )


class Lot(Holding, eq=False, kw_only=True):
    """A quota as it is drawn down.

    `whole` is the lot that it is a part of, if it is one. `remaining` is what can still be drawn; `opened` what it
    held when the rating began, and what is gone of its size had been drawn before, but for what was
    `withdrawn_before`. `total_until` is the latest end of a total that drew from it. `rolled` went over into another
    lot when this one ended; `withdrawals` were taken back of it. It gave `overdrawn` more than it held, which the
    next cycle pays back: `repaid` is what this one paid back of the one before. It is `followed` by another cycle
    unless it is the last; `filled` tells how usage came to its size. `place` tells any two lots apart in an order: by
    name, and cycles of one lot by when they begin, what rolled over first. `cut` is of a cycle that has a share of
    its days only. `left_out` marks one that is over and told of no more.
    """

    remaining: Exact
    whole: Holding | None = None
    opened: Exact = 0
    refunded: Exact = 0
    drawn_now: Exact = 0
    drawn_before: Exact = 0
    total_until: Instant | None = None
    rolled: Exact = 0
    overdrawn: Exact = 0
    repaid: Exact = 0
    followed: bool = False
    filled: Worked | None = None
    withdrawn_before: Exact = 0
    withdrawals: tuple[WithdrawnTrace, ...] = ()
    place: tuple[str, int, int, bool] = ("", 0, 0, False)
    left_out: bool = False
    cut: Cut | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        begins = nanoseconds(self.starts) if self.name.cycle and self.starts is not None else 0
        self.place = (self.name.base, self.name.number, begins, not self.name.rolled)
        self.open_with(self.remaining, self.withdrawn_before)

    def open_with(self, left: Exact, withdrawn: Exact = 0, repaid: Exact = 0) -> None:
        """Begin the rating with what is left of it, below 0 where it is overdrawn; the rest had been drawn before,
        withdrawn, or paid back for the cycle before."""
        self._leave(left)
        self.opened = left
        self.withdrawn_before, self.repaid = withdrawn, repaid
        self.drawn_before = exact(self.size - left - withdrawn - repaid)

    def repay(self, debt: Exact) -> None:
        """Pay back what the cycle before gave beyond what it held: with what it has, the rest with the next."""
        self._leave(exact(self.left - debt))
        self.opened = exact(self.opened - debt)
        self.repaid = exact(self.repaid + debt)

    def _leave(self, left: Exact) -> None:
        self.remaining, self.overdrawn = max(left, 0), max(exact(-left), 0)

    @property
    def left(self) -> Exact:
        """What is left of it; below 0 where it is overdrawn."""
        return exact(self.remaining - self.overdrawn)

    @property
    def drawn(self) -> Exact:
        return exact(self.drawn_before + self.drawn_now)

    @property
    def withdrawn_now(self) -> Exact:
        """What was taken back of it since the rating began."""
        return summed(each.quantity for each in self.withdrawals) if self.withdrawals else 0

    @property
    def withdrawn(self) -> Exact:
        return exact(self.withdrawn_before + self.withdrawn_now)

    @property
    def begins(self) -> Instant | None:
        """From when on it is valid with all its cycles; None for always."""
        return (self.whole or self).starts

    @property
    def ends(self) -> Instant | None:
        """Until when it is valid with all its cycles; None for always."""
        return (self.whole or self).expires

    @property
    def is_part(self) -> bool:
        """Whether it is of a lot that renews: a cycle, or what rolled over out of one."""
        return bool(self.name.cycle)

    @property
    def is_rolled(self) -> bool:
        """Whether it is what rolled over out of a cycle."""
        return self.name.rolled

    def pays_for(self, tags: Mapping[str, Value]) -> bool:
        """Whether usage that is marked so is what the lot was given or bought for."""
        return fits(self.attributes, tags)

    def draw(self, quantity: Exact, until: Instant | None) -> None:
        """Give a quantity; what it does not hold is overdrawn."""
        self._leave(exact(self.left - quantity))
        self.drawn_now = exact(self.drawn_now + quantity)
        if until is not None and (self.total_until is None or self.total_until < until):
            self.total_until = until

    def give_back(self, at: Instant) -> None:
        """Close the lot: what is left of it covers nothing from `at` on."""
        self.refunded = self.remaining
        self.remaining = 0
        self.refunded_at = at

    def withdraw(self, what: WithdrawnTrace) -> None:
        """Take back a part of what is left."""
        self.remaining = exact(self.remaining - what.quantity)
        self.withdrawals += (what,)

    def total_meets(self, at: Instant) -> bool:
        """Whether a total that drew from the lot runs past `at`, so that what it drew before is not known."""
        return self.total_until is not None and self.total_until > at


def fits(wanted: Attributes, tags: Mapping[str, Value]) -> bool:
    """Whether usage that is marked with `tags` is what a lot with these attributes pays for."""
    return all(tags.get(name) == value for name, value in wanted)


Lapses = Callable[[Holding], Instant | None]
"""When what is left of a lot is lost, None for never: when it expires, or later where earlier usage waits."""


def lost_by(lot: Holding, instant: Instant, lapses: Lapses) -> bool:
    """Whether nothing can be drawn from a lot from an instant on, also not by usage that is served late."""
    if not lot.ended_by(instant):
        return False
    lost = lapses(lot)
    return lot.refunded_at is not None or lost is None or lost <= instant


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
    DrawRule.SOONEST_END: lambda lot: nanoseconds(lot.ends or _NEVER),
    DrawRule.LATEST_END: lambda lot: -nanoseconds(lot.ends or _NEVER),
    DrawRule.OLDEST_PURCHASE: lambda lot: nanoseconds(lot.purchased or _ALWAYS),
    DrawRule.NEWEST_PURCHASE: lambda lot: -nanoseconds(lot.purchased or _ALWAYS),
    DrawRule.OLDEST_START: lambda lot: nanoseconds(lot.begins or _ALWAYS),
    DrawRule.NEWEST_START: lambda lot: -nanoseconds(lot.begins or _ALWAYS),
    DrawRule.SMALLEST_REMAINING: lambda lot: lot.remaining,
    DrawRule.LARGEST_REMAINING: lambda lot: -lot.remaining,
    DrawRule.NARROWEST_SCOPE: lambda lot: -len(lot.attributes),
    DrawRule.WIDEST_SCOPE: lambda lot: len(lot.attributes),
}


def draw_key(lot: Lot, rules: tuple[DrawRule, ...]) -> tuple[object, ...]:
    """The lot's place in the order of drawing; no two lots share one."""
    return (*(_KEYS[rule](lot) for rule in rules), lot.place)


def check_covers(lot: Lot, start: Instant, end: Instant) -> None:
    """Raise PartlyCoveredError where only a part of `[start, end)` lies within a lot's life."""
    if lot.starts is not None and start < lot.starts:
        raise PartlyCoveredError(lot, lot.starts, starts=True)
    if lot.expires is not None and lot.expires < end:
        raise PartlyCoveredError(lot, lot.expires, starts=False)
