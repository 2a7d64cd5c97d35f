"""Everything that an account holds to draw from, and what is told of it in a bill: lots, cycles, balances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from whenever import Instant

from ratewright.quota.allotments import Allotments
from ratewright.quota.cycles import Renewing
from ratewright.quota.filling import Filling
from ratewright.quota.lots import Lapses, Lot, lost_by
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact, summed


class ConservationError(AssertionError):
    """The engine lost or invented a quantity: an error of its own, never of its input."""


@dataclass
class Drawn:
    """What was drawn in one period: the lots that were drawn from, and what of each had been drawn before."""

    lots: list[Lot] = field(default_factory=list)
    _before: dict[str, Exact] = field(default_factory=dict)

    def note(self, lot: Lot, quantity: Exact) -> None:
        """Take note of a quantity that was just drawn from a lot."""
        if lot.id not in self._before:
            self._before[lot.id] = exact(lot.drawn - quantity)
            self.lots.append(lot)

    def since(self, lot: Lot) -> Exact:
        """What was drawn from a lot in the period so far."""
        return exact(lot.drawn - self.earlier(lot))

    def earlier(self, lot: Lot) -> Exact:
        """What had been drawn from it when the period began."""
        return self._before.get(lot.id, lot.drawn)


@dataclass
class Holdings:
    """Lots that are drawn once, lots that renew, and grants that are given by what usage needs them.

    `drawn` is what was drawn in the period at hand. What is over, and of which no later bill tells, is left out of
    what is looked through for each bill, unless usage that is served late draws from it still.
    """

    lots: list[Lot] = field(default_factory=list)
    renewing: list[Renewing] = field(default_factory=list)
    allotments: list[Allotments] = field(default_factory=list)
    drawn: Drawn = field(default_factory=Drawn)
    filling: Filling = field(default_factory=Filling)

    def begin_period(self) -> Drawn:
        """Start to note what is drawn in a new period."""
        self.drawn = Drawn()
        return self.drawn

    def add(self, one: Lot | Renewing) -> None:
        """Take up a lot."""
        if isinstance(one, Renewing):
            self.renewing.append(one)
        else:
            self.lots.append(one)

    @property
    def count(self) -> int:
        """How many there are, one that renews as one."""
        return len(self.lots) + len(self.renewing) + sum(len(allotments.made) for allotments in self.allotments)

    def every(self) -> Iterator[Lot | Renewing]:
        """All of them, one that renews as one."""
        yield from self.lots
        yield from self.renewing
        for allotments in self.allotments:
            yield from allotments.made

    def __iter__(self) -> Iterator[Lot]:
        """Every lot of which a bill may tell, a cycle being one."""
        for one in self.every():
            if isinstance(one, Renewing):
                yield from one.shown
            elif not one.left_out:
                yield one
        yield from (lot for lot in self.drawn.lots if lot.left_out)

    def leave_out(self, end: Instant, lapses: Lapses) -> None:
        """Leave out what no bill of a period from `end` on tells of: cycles that are over, and lots of which nothing
        is left that could have lapsed. The lists are made anew: who keeps the old ones has all."""
        for lot in self:
            lot.left_out = lost_by(lot, end, lapses) and (lot.is_part or lot.remaining <= 0)
        self.lots = [lot for lot in self.lots if not lot.left_out]
        for one in self.every():
            if isinstance(one, Renewing):
                one.shown = [lot for lot in one.shown if not lot.left_out]
        self.renewing = [one for one in self.renewing if one.shown or not one.ended_by(end)]

    def settle(self, start: Instant, end: Instant, lapses: Lapses) -> None:
        """Make what the end of a bill's period needs: the cycle that ends there or runs on, what rolled over, and of
        a lot that ended within the period, or that had waited until then, its last cycle."""
        before = end.subtract(nanoseconds=1)
        self.filling.now = end
        for one in self.every():
            if not isinstance(one, Renewing) or not one.bought_by(end):
                continue
            if one.expires is not None and one.expires <= before and not lost_by(one, start, lapses):
                one.reach(one.expires.subtract(nanoseconds=1))
            one.reach(before)
            one.reach(end)
            if one.starts is not None and one.starts > end and one.purchased is not None:
                one.cycle(one.starts)

    def used_up(self, pools: frozenset[str], period: Period) -> bool:
        """Whether nothing of some pools would have paid for more usage at any time of a period that is served."""
        return all(_used_up(one, period) for one in self.every() if one.pool.name in pools) if pools else True

    def check(self) -> None:
        """Nothing may be lost of any lot, and nothing made: what it had and what it was overdrawn by is what went
        somewhere and what is left. What one cycle is overdrawn by, the next one pays back, and nobody else."""
        for lot in self:
            parts = (lot.drawn_now, lot.refunded, lot.withdrawn_now, lot.rolled, lot.remaining)
            whole = exact(lot.opened + lot.drawn_before + lot.withdrawn_before + lot.repaid)
            lost = exact(lot.opened + lot.overdrawn) != summed(parts) or whole != lot.size
            if lost or min(*parts, lot.repaid) < 0 or not _may_be_overdrawn(lot):
                raise ConservationError(
                    f"lot {lot.id}: of {lot.size} opened {lot.opened}, drawn {lot.drawn_now}, refunded {lot.refunded}, "
                    f"withdrawn {lot.withdrawn_now}, rolled over {lot.rolled}, left {lot.remaining}, overdrawn "
                    f"{lot.overdrawn}, repaid {lot.repaid}"
                )
        for one in self.every():
            if isinstance(one, Renewing) and one.owes:
                _check_debts(one)


def _may_be_overdrawn(lot: Lot) -> bool:
    """Whether a lot is overdrawn by no more than its rule allows, or than it was when it began, and only when empty."""
    rule, begun = lot.pool.overdraws, max(-lot.opened, 0)
    bounded = lot.overdrawn <= begun if rule is None else rule.most is None or lot.overdrawn <= max(rule.most, begun)
    return lot.overdrawn >= 0 and bounded and not (lot.remaining and lot.overdrawn)


def _check_debts(one: Renewing) -> None:
    """What a cycle was overdrawn by is what the next one paid back; the last one owes at most what it began with."""
    for cycle in one.shown if one.begun else ():
        closed = one.unclosed is None or (cycle.expires or Instant.MAX) <= one.unclosed
        if cycle.is_rolled or cycle.refunded_at is not None or not closed:
            continue
        after = one.cycles.get(cycle.expires) if cycle.expires is not None else None
        owed = cycle.overdrawn == after.repaid if after is not None else cycle.overdrawn <= cycle.repaid
        if not owed:
            raise ConservationError(f"lot {cycle.id}: overdrawn {cycle.overdrawn}, and the next did not pay it back")


def _used_up(one: Lot | Renewing, period: Period) -> bool:
    """Whether a lot, and each of its cycles if it renews, was drained as far as it is valid in a period, and may not be
    overdrawn."""
    if one.pool.overdraws is not None:
        return not _valid_in(one, period)
    if isinstance(one, Lot):
        return not _valid_in(one, period) or one.drawn == one.size
    if not _valid_in(one, period):
        return True
    met = sorted((lot.starts, lot.expires) for lot in one.made if not lot.is_rolled and lot.starts and lot.expires)
    known = max(period.start, one.starts or period.start)
    for starts, expires in met:
        if starts <= known:
            known = max(known, expires)
    whole = known >= min(period.end, one.expires or period.end)  # a cycle that no usage met was not made
    return whole and all(_used_up(lot, period) for lot in one.made)


def _valid_in(one: Lot | Renewing, period: Period) -> bool:
    begun = one.starts is None or one.starts < period.end
    return begun and not one.ended_by(period.start)
