"""Lots, and the queue in which lots of one rank are drawn.

A queue knows no tariff: it hands out quantity from the lots that cover a stretch of time, in the declared
order, and refuses where a stretch only partly lies within a lot's life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

from msgspec import Struct
from whenever import Instant

from ratewright.tree.nodes import DrawRule, Pool
from ratewright.values.calendar import nanoseconds
from ratewright.values.exact import Exact, exact


class Lot(Struct, eq=False):
    """A quota that was given or bought, as it is drawn down. It covers usage in `[starts, expires)`.

    `remaining` is what can still be drawn; `opened` what it held when the rating began. `total_until` is
    the latest end of a total that drew from it.
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

    def __post_init__(self) -> None:
        self.drawn_before = exact(self.size - self.opened)

    @property
    def drawn(self) -> Exact:
        return exact(self.drawn_before + self.drawn_now)

    def ended_by(self, instant: Instant) -> bool:
        """Whether it no longer covers usage at `instant`."""
        expired = self.expires is not None and self.expires <= instant
        return expired or (self.refunded_at is not None and self.refunded_at <= instant)

    def begun_by(self, instant: Instant) -> bool:
        return self.starts is None or self.starts <= instant

    def draw(self, quantity: Exact, until: Instant | None) -> None:
        self.remaining = exact(self.remaining - quantity)
        self.drawn_now = exact(self.drawn_now + quantity)
        if until is not None and (self.total_until is None or self.total_until < until):
            self.total_until = until


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
}


def draw_key(lot: Lot, rules: tuple[DrawRule, ...]) -> tuple[object, ...]:
    """The lot's place in the order of drawing; it ends in the id, so no two lots share one."""
    return (*(_KEYS[rule](lot) for rule in rules), lot.order)


class LotQueue:
    """The lots of one rank, drawn in one order.

    `take` must be called in order of time, since a lot that has ended is forgotten.
    """

    def __init__(self, lots: Iterable[Lot], rules: tuple[DrawRule, ...]) -> None:
        self._rules = rules
        self._coming = [(nanoseconds(lot.starts or _ALWAYS), lot.order, lot) for lot in lots]
        heapify(self._coming)
        self._open: list[tuple[tuple[object, ...], Lot]] = []

    def take(
        self, quantity: Exact, start: Instant, end: Instant | None, frozen: frozenset[str] = frozenset()
    ) -> list[tuple[Lot, Exact]]:
        """Draw up to `quantity` for usage at `start`, or for a total of `[start, end)`.

        Returns each lot drawn from and how much. Lots of `frozen` pools are passed over. Raises
        PartlyCoveredError where a lot in turn begins or ends inside a total.
        """
        if self._coming:
            self._begin(start if end is None else end, inclusive=end is None)
        taken: list[tuple[Lot, Exact]] = []
        passed: list[tuple[tuple[object, ...], Lot]] = []
        while self._open and quantity > 0:
            entry = self._open[0]
            lot = entry[1]
            if lot.remaining <= 0 or lot.ended_by(start):
                heappop(self._open)
                continue
            begun = lot.begun_by(start) if end is None else lot.starts is None or lot.starts < end
            if lot.pool.name in frozen or not begun:
                passed.append(heappop(self._open))
                continue
            if end is not None:
                _check_covers(lot, start, end)
            drawn = min(lot.remaining, quantity)
            quantity = exact(quantity - drawn)
            heappop(self._open)
            lot.draw(drawn, end)
            taken.append((lot, drawn))
            if lot.remaining > 0:
                heappush(self._open, (draw_key(lot, self._rules), lot))
        for entry in passed:
            heappush(self._open, entry)
        return taken

    def _begin(self, instant: Instant, inclusive: bool) -> None:
        """Open the lots that begin before `instant`, or at it."""
        limit = nanoseconds(instant)
        while self._coming and (self._coming[0][0] < limit or (inclusive and self._coming[0][0] == limit)):
            lot = heappop(self._coming)[2]
            heappush(self._open, (draw_key(lot, self._rules), lot))


def _check_covers(lot: Lot, start: Instant, end: Instant) -> None:
    if lot.starts is not None and start < lot.starts:
        raise PartlyCoveredError(lot, lot.starts, starts=True)
    if lot.expires is not None and lot.expires < end:
        raise PartlyCoveredError(lot, lot.expires, starts=False)
