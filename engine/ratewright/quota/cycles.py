"""Lots that renew: their whole size again in each cycle, and what is left of one rolls over or is gone.

Each cycle is a lot of its own, and so is what rolled over out of one. They are made when usage or a bill
meets them: a year of hours is not made for an account with ten records.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from whenever import Instant

from ratewright.meaning.nodes import Pool
from ratewright.quota.lots import Attributes, Lot
from ratewright.refusal import stop
from ratewright.values.calendar import Cadence, Calendar, Duration, PeriodUnit, nanoseconds
from ratewright.values.exact import Exact, exact

_WITHIN_A_DAY = (PeriodUnit.MINUTE, PeriodUnit.HOUR)
_NANOSECONDS_OF_A_DAY = 86_400 * 10**9
ROLLED = "-rolled"
"""What the name of a lot ends in that rolled over out of a cycle."""


class Plan(Struct, frozen=True):
    """How a lot renews. `cadence` is the account's own; `size_at` gives the size of a cycle by its start.

    `opening` is when the balances were taken, None for a lot that they cannot know of: of cycles that had
    begun by then only what balances say is left. `first_usage` is the earliest that the account's data tell
    of; `most` is how many lots one may become.
    """

    cadence: Cadence
    calendar: Calendar
    size_at: Callable[[Instant], Exact]
    opening: Instant | None
    first_usage: Instant | None
    most: int


class Renewing:
    """A lot that has its whole size again in each cycle, while it is valid.

    `made` are its cycles and what rolled over, as far as they were met. `held` says that a balance tells of
    it, `drawn_before` what had been drawn before the cycles that balances tell of. `undecided_before` is
    when something last rolled over, or might have: what is drawn later for usage of before then would have
    changed it.
    """

    def __init__(self, lot: Lot, plan: Plan) -> None:
        self._lot = lot
        self._plan = plan
        self._calendar = plan.calendar
        self.made: list[Lot] = []
        self.held = False
        self.drawn_before: Exact = 0
        self.undecided_before: Instant | None = None
        self._cycles: dict[Instant, Lot] = {}
        self._rolled: list[Lot] = []
        self._left: dict[Instant, Exact] = {}
        self._sizes: dict[Instant, Exact] = {}
        self._last: Lot | None = None
        self._begun = False
        self._unclosed: Lot | None = None

    # what is known of it as of any lot

    @property
    def id(self) -> str:
        return self._lot.id

    @property
    def order(self) -> tuple[str, int]:
        return self._lot.order

    @property
    def pool(self) -> Pool:
        return self._lot.pool

    @property
    def purchase(self) -> str | None:
        return self._lot.purchase

    @property
    def size(self) -> Exact:
        """The size of a cycle of a lot that was bought: they all have the same."""
        return self._lot.size

    @property
    def starts(self) -> Instant | None:
        return self._lot.starts

    @property
    def expires(self) -> Instant | None:
        return self._lot.expires

    @property
    def purchased(self) -> Instant | None:
        return self._lot.purchased

    @property
    def paid(self) -> Exact:
        return self._lot.paid

    @property
    def listed(self) -> Exact:
        return self._lot.listed

    @property
    def attributes(self) -> Attributes:
        return self._lot.attributes

    @property
    def refunded_at(self) -> Instant | None:
        return self._lot.refunded_at

    @property
    def refunded(self) -> Exact:
        """What was left of its cycles when it was given back."""
        return exact(sum(lot.refunded for lot in self.made))

    @property
    def drawn(self) -> Exact:
        """What was drawn over all cycles."""
        return exact(self.drawn_before + sum(lot.drawn for lot in self.made))

    def total_meets(self, at: Instant) -> bool:
        """Whether a total that drew from a cycle runs past `at`, so that what it drew before is not known."""
        return any(lot.total_meets(at) for lot in self.made)

    def give_back(self, at: Instant) -> None:
        """Close it: no cycle covers anything from `at` on, and none begins."""
        self.reach(at)
        for lot in self.made:
            if not lot.ended_by(at):
                lot.give_back(at)
        self._lot.refunded_at = at

    def ended_by(self, instant: Instant) -> bool:
        """Whether it no longer covers usage at `instant`."""
        return self._lot.ended_by(instant)

    def end(self, at: Instant) -> None:
        """Let it be valid no longer than until `at`."""
        self._lot.end(at)

    # its cycles

    def valid_at(self, at: Instant) -> bool:
        """Whether a cycle runs at an instant."""
        return self._lot.begun_by(at) and not self._lot.ended_by(at)

    def hold(self, at: Instant, remaining: Exact, size: Exact | None) -> Lot:
        """Open with what is left of the cycle at an instant, as balances say; and with its size, if they say it."""
        start = self._starts_of(at)
        self._left[start] = remaining
        if size is not None:
            self._sizes[start] = size
        found = self.cycle(at)
        assert found is not None
        return found

    def hold_rolled(self, lot: Lot) -> None:
        """Open with a lot that had rolled over out of a cycle."""
        self._rolled.append(lot)
        self._add(lot)

    def reach(self, start: Instant, end: Instant | None = None) -> None:
        """Make what usage at `start`, or a total of `[start, end)`, may meet; roll over what has ended by `start`."""
        if self.pool.rolls is not None:
            self._close_until(start)
        met = self.cycle(start)
        if end is None:
            return
        later = self._lot.starts if not self._lot.begun_by(start) else (met.expires if met is not None else None)
        if later is not None and later < end:
            self.cycle(later)

    def next_after(self, at: Instant) -> Instant | None:
        """When the next cycle begins, once those at `at` are made; None if there is none."""
        if self.ended_by(at):
            return None
        if not self._lot.begun_by(at):
            return self._lot.starts
        met = self.cycle(at)
        assert met is not None
        return met.expires

    def cycle(self, at: Instant) -> Lot | None:
        """The cycle at an instant; None where none runs."""
        last = self._last
        if last is not None and last.begun_by(at) and not last.ended_by(at):
            return last
        if not self.valid_at(at):
            return None
        start = self._starts_of(at)
        found = self._cycles.get(start)
        if found is None:
            found = self._cycles[start] = self._made(start, at)
            self._add(found)
        self._last = found
        return found

    def covering(self, start: Instant, end: Instant | None) -> list[Lot]:
        """The lots that usage at `start`, or a total of `[start, end)`, may meet, in any order of time."""
        self.reach(start, end)
        found = [lot for lot in (self.cycle(start), *self._rolled) if lot is not None]
        if end is not None:
            last = end.subtract(nanoseconds=1)
            later = found[0].expires if self.valid_at(start) else self._lot.starts
            if later is not None and later <= last and (cycle := self.cycle(later)) is not None:
                found.append(cycle)
        return found

    def _starts_of(self, at: Instant) -> Instant:
        start = self._calendar.period_of(at, self._plan.cadence).start
        return start if self._lot.begun_by(start) or self._lot.starts is None else self._lot.starts

    def _made(self, start: Instant, at: Instant) -> Lot:
        base, end = self._lot, self._calendar.period_of(at, self._plan.cadence).end
        end = end if base.expires is None else min(end, base.expires)
        size = self._sizes[start] if start in self._sizes else self._plan.size_at(start)
        settled = self._plan.opening is not None and start < self._plan.opening
        held = self._left.get(start, 0 if settled else size)
        return Lot(
            f"{base.id}@{self._name(start, end)}",
            base.order,
            base.pool,
            base.purchase,
            size,
            held,
            held,
            start,
            end,
            base.purchased,
            base.paid,
            listed=base.listed,
            attributes=base.attributes,
            step=(nanoseconds(start), 1),
            whole=base.id,
        )

    def _name(self, start: Instant, end: Instant) -> str:
        """The local date on which a cycle begins; with the time, where another one may begin on that date."""
        local = self._calendar.local(start)
        date = local.date().format_iso()
        if self._plan.cadence.unit not in _WITHIN_A_DAY and self._calendar.date_of(end) != local.date():
            return date
        time = local.time()
        name = f"{date}T{time.hour:02d}:{time.minute:02d}"
        if time.second or time.nanosecond:
            name += f":{time.format_iso()[6:]}"
        return name + local.to_fixed_offset().format_iso()[-6:] if local.is_repeated() else name

    def _add(self, lot: Lot) -> None:
        if len(self.made) >= self._plan.most:
            raise stop(
                "A602",
                f"lot `{self.id}` has more than {self._plan.most:,} cycles",
                self.pool.renews.span if self.pool.renews is not None else self.pool.span,
                "raise it with --max-lots",
            )
        self.made.append(lot)

    # what is left of a cycle

    def _close_until(self, at: Instant) -> None:
        """Roll over what is left of each cycle that has ended by `at`."""
        if not self._begun:
            first = self._first(at)
            self._begun, self._unclosed = True, self.cycle(first) if first is not None else None
        while (cycle := self._unclosed) is not None and cycle.expires is not None and cycle.expires <= at:
            self._roll(cycle, cycle.expires)
            self._unclosed = self.cycle(cycle.expires)

    def _first(self, at: Instant) -> Instant | None:
        """When the first cycle begins that may roll over. Where a lot was always held, one so early that nothing of
        those before it is left."""
        starts, opening, first_usage = self._lot.starts, self._plan.opening, self._plan.first_usage
        if opening is not None and (starts is None or starts < opening):
            return self._starts_of(opening) if self.valid_at(opening) else None
        length = self.pool.rolls.length if self.pool.rolls is not None else None
        if starts is not None or length is None:
            return starts
        first = at if first_usage is None else min(at, first_usage)
        return self._starts_of(self._calendar.add(first, Duration(-length.months, -length.days - 1, -length.seconds)))

    def _roll(self, cycle: Lot, at: Instant) -> None:
        rule = self.pool.rolls
        assert rule is not None
        left = cycle.remaining
        end = self._lot.expires
        if rule.length is not None:
            ends = self._calendar.add(at, rule.length)
            end = ends if end is None else min(end, ends)
        if left <= 0 or cycle.refunded_at is not None or (end is not None and end <= at):
            return
        self.undecided_before = at
        if rule.most is not None:
            left = min(left, exact(rule.most - sum(lot.remaining for lot in self._rolled if not lot.ended_by(at))))
        if left <= 0:
            return
        cycle.remaining = exact(cycle.remaining - left)
        cycle.rolled = left
        self.hold_rolled(self._over(cycle, left, at, end))

    def _over(self, cycle: Lot, left: Exact, at: Instant, end: Instant | None) -> Lot:
        base = self._lot
        return Lot(
            f"{cycle.id}{ROLLED}",
            base.order,
            base.pool,
            base.purchase,
            left,
            left,
            left,
            at,
            end,
            base.purchased,
            base.paid,
            listed=base.listed,
            attributes=base.attributes,
            step=(nanoseconds(at), 0),
            whole=base.id,
        )
