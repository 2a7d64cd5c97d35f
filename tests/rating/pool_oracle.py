"""An independent account of what pools pay for: days as numbers, usage drawn a quarter of a unit at a time.

It knows nothing of the engine. All cycles of all lots are laid out beforehand, day by day; each quarter looks
at every lot there is. Days are counted from 1 January 2026, in UTC; months are those of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

BEGIN = date(2026, 1, 1)
DAYS = 151
QUARTER = Fraction(1, 4)


@dataclass(frozen=True)
class Rules:
    """A pool as the test writes it; `valid` are days. `renews` is day, week or month."""

    name: str
    size: int
    valid: int | None
    renews: str | None
    rolls: int | None = None
    most: int | None = None
    scoped: bool = False


@dataclass
class Quota:
    """A lot or a cycle."""

    name: str
    pool: str
    order: tuple
    starts: int
    ends: int
    bought: int
    left: Fraction
    region: str | None
    begins: int  # of the whole lot, as its end
    end: int
    rolled_from: Quota | None = None
    drawn: Fraction = field(default_factory=Fraction)


def day_name(day: int) -> str:
    return (BEGIN + timedelta(days=day)).isoformat()


def cycle_start(day: int, renews: str) -> int:
    at = BEGIN + timedelta(days=day)
    if renews == "week":
        at -= timedelta(days=at.weekday())
    elif renews == "month":
        at = at.replace(day=1)
    return (at - BEGIN).days


def cycle_end(day: int, renews: str) -> int:
    at = BEGIN + timedelta(days=day)
    if renews == "day":
        return day + 1
    if renews == "week":
        return day - at.weekday() + 7
    return ((at.replace(day=28) + timedelta(days=4)).replace(day=1) - BEGIN).days


@dataclass(frozen=True)
class Bought:
    """A lot of a pool from a day on."""

    name: str
    rules: Rules
    day: int
    region: str | None
    given: bool = False

    @property
    def ends(self) -> int:
        return DAYS + 400 if self.rules.valid is None else self.day + self.rules.valid


class Oracle:
    """Serves usage in order of time; `key` says where a lot stands in the queue."""

    def __init__(self, lots: list[Bought], key) -> None:
        self.key = key
        self.quotas: list[Quota] = []
        self.renewing = [lot for lot in lots if lot.rules.renews]
        self.made: dict[tuple[str, int], Quota] = {}
        self.closed = {lot.name: lot.day for lot in self.renewing}
        for lot in lots:
            if not lot.rules.renews:
                self.quotas.append(self._quota(lot, lot.name, lot.day, lot.ends, (lot.name, 0, 1)))

    def _quota(self, lot: Bought, name: str, starts: int, ends: int, order: tuple, left: int | None = None) -> Quota:
        bought = -1000 if lot.given else lot.day
        size = lot.rules.size if left is None else left
        return Quota(name, lot.rules.name, order, starts, ends, bought, Fraction(size), lot.region, lot.day, lot.ends)

    def reach(self, day: int) -> None:
        """Lay out the cycles up to a day, and roll over what each leaves."""
        for lot in self.renewing:
            for at in range(lot.day, min(day, lot.ends - 1) + 1):
                start = max(cycle_start(at, lot.rules.renews), lot.day)
                if (lot.name, start) in self.made:
                    continue
                if start > lot.day:
                    self._close(lot, start)
                end = min(cycle_end(at, lot.rules.renews), lot.ends)
                name = f"{lot.name}@{day_name(start)}"
                quota = self._quota(lot, name, start, end, (lot.name, start, 1))
                self.made[lot.name, start] = quota
                self.quotas.append(quota)

    def _close(self, lot: Bought, at: int) -> None:
        rules = lot.rules
        before = next(q for (name, _), q in self.made.items() if name == lot.name and q.ends == at)
        if rules.rolls is None and rules.most is None:
            return
        ends = min(lot.ends, at + rules.rolls) if rules.rolls is not None else lot.ends
        alive = sum(q.left for q in self.quotas if q.rolled_from is not None and q.order[0] == lot.name and q.ends > at)
        amount = before.left if rules.most is None else min(before.left, rules.most - alive)
        if amount > 0 and ends > at:
            quota = self._quota(lot, f"{before.name}-rolled", at, ends, (lot.name, at, 0), 0)
            quota.left, quota.rolled_from = Fraction(amount), before
            before.left -= amount
            self.quotas.append(quota)

    def serve(self, day: int, amount: int, region: str, ratio: Fraction) -> Fraction:
        """Draw for usage in the middle of a day; returns what nothing paid for."""
        self.reach(day)
        quarters = amount * ratio / QUARTER
        assert quarters.denominator == 1
        quota: Quota | None = None
        for done in range(int(quarters)):
            if quota is None or quota.left == 0:
                able = [
                    q for q in self.quotas if q.left > 0 and q.starts <= day < q.ends and q.region in (None, region)
                ]
                if not able:
                    return amount - done * QUARTER / ratio
                quota = min(able, key=lambda q: (self.key(q), q.order))
            quota.left -= QUARTER
            quota.drawn += QUARTER
        return Fraction(0)

    def drawn(self) -> dict[str, Fraction]:
        return {q.name: q.drawn for q in self.quotas if q.drawn}
