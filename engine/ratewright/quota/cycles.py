"""Lots that renew: their whole size again in each cycle, and what is left of one rolls over or is gone.

Each cycle is a lot of its own, and so is what rolled over out of one. They are made when usage or a bill
meets them: a year of hours is not made for an account with ten records.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field
from whenever import Instant

from ratewright.derivation.worked import Worked
from ratewright.pricing.settling import share_of_days
from ratewright.quota.filling import Filling
from ratewright.quota.lots import Cut, Holding, Lot
from ratewright.refusal import later, stop
from ratewright.values.calendar import Cadence, Calendar, Duration, Period, PeriodUnit
from ratewright.values.exact import Exact, exact, summed

_WITHIN_A_DAY = (PeriodUnit.MINUTE, PeriodUnit.HOUR)
_NANOSECONDS_OF_A_DAY = 86_400 * 10**9


class Plan(Struct, frozen=True):
    """How a lot renews. `cadence` is the account's own; `size_at` gives the size of a cycle by its start.

    `opening` is when the balances were taken, None for a lot that they cannot know of: of cycles that had
    begun by then only what balances say is left. `first_usage` is the earliest that the account's data tell
    of; `most` is how many lots one may become. `filling` has the sizes that meters measure. A cycle that is `in_force`
    at no instant of it holds nothing.
    """

    cadence: Cadence
    calendar: Calendar
    size_at: Callable[[Instant], Exact]
    opening: Instant | None
    first_usage: Instant | None
    most: int
    filling: Filling
    in_force: Callable[[Instant, Instant], bool] = lambda start, end: True


class Renewing(Holding, eq=False, kw_only=True):
    """A lot that has its whole size again in each cycle, while it is valid.

    `made` are its cycles and what rolled `over`, as far as they were met; `shown` those of
    which a bill may still tell. `held` says that a balance tells of
    it, `drawn_before` what had been drawn before the cycles that balances tell of. `undecided_before` is
    when something last rolled over, or might have: what is drawn later for usage of before then would have
    changed it.
    """

    plan: Plan
    made: list[Lot] = field(default_factory=list)
    shown: list[Lot] = field(default_factory=list)
    held: bool = False
    drawn_before: Exact = 0
    undecided_before: Instant | None = None
    cycles: dict[Instant, Lot] = field(default_factory=dict)
    over: list[Lot] = field(default_factory=list)
    alive: list[Lot] = field(default_factory=list)
    told_left: dict[Instant, Exact] = field(default_factory=dict)
    told_sizes: dict[Instant, Exact] = field(default_factory=dict)
    told_withdrawn: dict[Instant, Exact] = field(default_factory=dict)
    told_repaid: dict[Instant, Exact] = field(default_factory=dict)
    last_met: Lot | None = None
    begun: bool = False
    unclosed: Instant | None = None

    @classmethod
    def of(cls, lot: Lot, plan: Plan) -> Renewing:
        """What was given or bought as `lot`, filled again in each cycle of a plan."""
        return cls(plan=plan, **{name: getattr(lot, name) for name in Holding.__struct_fields__})

    @property
    def refunded(self) -> Exact:
        """What was left of its cycles when it was given back."""
        return summed(lot.refunded for lot in self.made)

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
        self.refunded_at = at

    # its cycles

    def valid_at(self, at: Instant) -> bool:
        """Whether a cycle runs at an instant."""
        return self.begun_by(at) and not self.ended_by(at)

    def hold(self, at: Instant, left: Exact | None, size: Exact | None, withdrawn: Exact = 0, repaid: Exact = 0) -> Lot:
        """Open with what is left of the cycle at an instant, as balances say: below 0 where it is overdrawn, None for
        its size less what it `repaid`; and with its size, if they say it."""
        start = self._starts_of(at)
        if left is not None:
            self.told_left[start] = left
        self.told_repaid[start] = repaid
        self.told_withdrawn[start] = withdrawn
        if size is not None:
            self.told_sizes[start] = size
        found = self.cycle(at)
        assert found is not None
        return found

    def hold_rolled(self, lot: Lot) -> None:
        """Open with a lot that had rolled over out of a cycle."""
        self.over.append(lot)
        self.alive.append(lot)
        self._add(lot)

    def reach(self, start: Instant, end: Instant | None = None) -> None:
        """Make what usage at `start`, or a total of `[start, end)`, may meet; roll over what has ended by `start`."""
        if self.pool.rolls is not None or self.owes:
            self._close_until(start)
        met = self.cycle(start)
        if end is None:
            return
        later = self.starts if not self.begun_by(start) else (met.expires if met is not None else None)
        if later is not None and later < end:
            self.cycle(later)

    def next_after(self, at: Instant) -> Instant | None:
        """When the next cycle begins, once those at `at` are made; None if there is none."""
        if self.ended_by(at):
            return None
        if not self.begun_by(at):
            return self.starts
        met = self.cycle(at)
        assert met is not None
        return met.expires

    @property
    def owes(self) -> bool:
        """Whether a cycle may be overdrawn, now or by an earlier price list."""
        told = any(left < 0 for left in self.told_left.values()) or any(self.told_repaid.values())
        return self.pool.overdraws is not None or told

    def has_next(self, cycle: Lot) -> bool:
        """Whether another cycle follows one, and pays back what it gives beyond what it holds."""
        return cycle.followed and self.refunded_at is None

    def cycle(self, at: Instant) -> Lot | None:
        """The cycle at an instant; None where none runs, or where it is not known yet what fills it."""
        last = self.last_met
        if last is not None and last.begun_by(at) and not last.ended_by(at):
            return last
        if not self.valid_at(at):
            return None
        start = self._starts_of(at)
        found = self.cycles.get(start)
        if found is None and self.pool.filled_by and self._ends_of(at) > self.plan.filling.now:
            return None
        if found is None:
            found = self.cycles[start] = self._made(start, at)
            self._add(found)
        self.last_met = found
        return found

    def covering(self, start: Instant, end: Instant | None) -> list[Lot]:
        """The lots that usage at `start`, or a total of `[start, end)`, may meet, in any order of time."""
        self.reach(start, end)
        found = [lot for lot in (self.cycle(start), *self.over) if lot is not None]
        if end is not None:
            last = end.subtract(nanoseconds=1)
            later = found[0].expires if self.valid_at(start) else self.starts
            if later is not None and later <= last and (cycle := self.cycle(later)) is not None:
                found.append(cycle)
        return found

    def _starts_of(self, at: Instant) -> Instant:
        start = self.plan.calendar.period_of(at, self.plan.cadence).start
        return start if self.begun_by(start) or self.starts is None else self.starts

    def _ends_of(self, at: Instant) -> Instant:
        end = self.plan.calendar.period_of(at, self.plan.cadence).end
        return end if self.expires is None else min(end, self.expires)

    def _made(self, start: Instant, at: Instant) -> Lot:
        end = self._ends_of(at)
        filled: Worked | None = None
        cut: Cut | None = None
        if start not in self.told_repaid and self._holds_nothing(start, end):
            size: Exact = 0
        elif start in self.told_sizes:
            size = self.told_sizes[start]
        elif self.pool.filled_by:
            filled = self.plan.filling.size(self.pool, Period(start, end), self.attributes)
            size = filled.value
        else:
            size = self.plan.size_at(start)
            cut = self._cut(size, self.plan.calendar.period_of(at, self.plan.cadence), start, end)
            size = size if cut is None else exact(size * share_of_days(cut.days, cut.of))
        repaid = self.told_repaid.get(start, 0)
        lot = self.part(self.name.of_cycle(self._begins(start, end)), size, size, start, end)
        lot.filled, lot.cut = filled, cut
        lot.followed = self.expires is None or end < self.expires
        lot.open_with(self.told_left.get(start, exact(size - repaid)), self.told_withdrawn.get(start, 0), repaid)
        return lot

    def _cut(self, size: Exact, whole: Period, start: Instant, end: Instant) -> Cut | None:
        """Of which days a cycle has its share, if it goes by them and is no whole one. The day on which it begins
        counts, the day on which it ends does not."""
        if not self.pool.by_day or (start, end) == (whole.start, whole.end):
            return None
        ends = list(self.plan.calendar.ends_of_days(whole))
        return Cut(sum(start <= last < end for last in ends), len(ends), size)

    def _holds_nothing(self, start: Instant, end: Instant) -> bool:
        """Whether a cycle of which no balance tells is empty: it is never in force, or was before the balances were
        taken, and may never have been given."""
        opening = self.plan.opening
        settled = opening is not None and start < opening and self.plan.in_force(start, opening)
        return settled or not self.plan.in_force(start, end)

    def _begins(self, start: Instant, end: Instant) -> str:
        """The local date on which a cycle begins; with the time, where another one may begin on that date."""
        local = self.plan.calendar.local(start)
        date = local.date().format_iso()
        if self.plan.cadence.unit not in _WITHIN_A_DAY and self.plan.calendar.date_of(end) != local.date():
            return date
        time = local.time()
        name = f"{date}T{time.hour:02d}:{time.minute:02d}"
        if time.second or time.nanosecond:
            name += f":{time.format_iso()[6:]}"
        return name + local.to_fixed_offset().format_iso()[-6:] if local.is_repeated() else name

    def _add(self, lot: Lot) -> None:
        if len(self.made) >= self.plan.most:
            raise stop(
                "A602",
                f"lot `{self.id}` has more than {self.plan.most:,} cycles",
                self.pool.renews.span if self.pool.renews is not None else self.pool.span,
                "raise it with --max-lots",
            )
        self.made.append(lot)
        self.shown.append(lot)

    # what is left of a cycle

    def _close_until(self, at: Instant) -> None:
        """Roll over what is left of each cycle that has ended by `at`, and let the next one pay back what was too
        much."""
        if not self.begun:
            self.begun, self.unclosed = True, self._first(at)
        while self.unclosed is not None:
            cycle = self.cycle(self.unclosed)
            if cycle is None or cycle.expires is None or cycle.expires > at:
                return
            if self.pool.rolls is not None:
                self._roll(cycle, cycle.expires)
            self.unclosed = cycle.expires
            after = self.cycle(cycle.expires)
            if self.pool.overdraws is not None:
                self.undecided_before = cycle.expires
            if cycle.overdrawn and after is not None:
                after.repay(cycle.overdrawn)

    def _first(self, at: Instant) -> Instant | None:
        """When the first cycle begins that may roll over, or be overdrawn. Where a lot was always held, one so early
        that nothing of those before it is left."""
        starts, opening, first_usage = self.starts, self.plan.opening, self.plan.first_usage
        if opening is not None and (starts is None or starts < opening):
            return self._starts_of(opening) if self.valid_at(opening) else None
        first = at if first_usage is None else min(at, first_usage)
        if self.pool.rolls is None or self.pool.filled_by:  # before the first usage nothing was overdrawn, or fed
            first = first if starts is None else max(starts, first)
            return self._starts_of(first) if self.valid_at(first) else None
        length = self.pool.rolls.length
        if starts is not None or length is None:
            return starts
        back = Duration(-length.months, -length.days - 1, -length.seconds)
        return self._starts_of(self.plan.calendar.add(first, back))

    def _roll(self, cycle: Lot, at: Instant) -> None:
        rule = self.pool.rolls
        assert rule is not None
        left = cycle.remaining
        end = self.expires
        if rule.length is not None:
            ends = later(self.plan.calendar, at, rule.length, rule.span)
            end = ends if end is None else min(end, ends)
        if rule.until is not None:
            ends = self.plan.calendar.period_of(at.subtract(nanoseconds=1), rule.until).end
            end = ends if end is None else min(end, ends)
        if left <= 0 or cycle.refunded_at is not None or (end is not None and end <= at):
            return
        self.undecided_before = at
        if rule.most is not None:
            self.alive = [lot for lot in self.alive if not lot.ended_by(at)]
            left = min(left, exact(rule.most - sum(lot.remaining for lot in self.alive)))
        if left <= 0:
            return
        cycle.remaining = exact(cycle.remaining - left)
        cycle.rolled = left
        self.hold_rolled(self.part(cycle.name.rolled_over(), left, left, at, end))
