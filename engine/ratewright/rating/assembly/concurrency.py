"""Limits: the capacity over time, and what it did to the tasks that ran into it.

Tasks that find no room wait, first come, first served. When capacity falls, running tasks finish.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from heapq import heappop, heappush

from msgspec import Struct
from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.bought.bought import BoundExtension
from ratewright.account.counted.pieces import BoundRecord
from ratewright.derivation.trace import CapacityStep, LimitTrace, Remedy
from ratewright.meaning import nodes as tree
from ratewright.values.calendar import NANOSECONDS, Calendar, Period, instant_of, nanoseconds
from ratewright.values.exact import Exact, exact, ratio, summed


class Step(Struct, frozen=True):
    """The capacity from `start` (nanoseconds) on."""

    start: int
    capacity: Exact


class Run(Struct, frozen=True):
    """A task: when it was submitted, started and ended (nanoseconds), and what it takes of the capacity."""

    submitted: int
    started: int
    ended: int
    weight: Exact


def capacity_steps(default: Exact, extensions: Iterable[BoundExtension]) -> list[Step]:
    """The capacity as a staircase from the beginning of time."""
    changes: dict[int, Exact] = {}
    for extension in extensions:
        for instant, sign in ((extension.start, 1), (extension.end, -1)):
            nanos = nanoseconds(instant)
            changes[nanos] = changes.get(nanos, 0) + sign * extension.amount
    steps = [Step(-(10**30), default)]
    for at in sorted(changes):
        steps.append(Step(at, exact(steps[-1].capacity + changes[at])))
    return steps


def simulate(tasks: Iterable[tuple[int, int, Exact]], steps: list[Step]) -> list[Run]:
    """Run tasks of (submitted, duration, weight), sorted by submission, through a capacity.

    Times in nanoseconds. A task whose weight exceeds the capacity waits until it fits; one that never
    fits never starts and is left out.
    """
    runs: list[Run] = []
    running: list[tuple[int, Exact]] = []
    used: Exact = 0
    now = -(10**30)
    position = 0
    for submitted, duration, weight in tasks:
        now = max(now, submitted)
        while True:
            while position + 1 < len(steps) and steps[position + 1].start <= now:
                position += 1
            while running and running[0][0] <= now:
                used -= heappop(running)[1]
            if used + weight <= steps[position].capacity:
                break
            coming = [steps[position + 1].start] if position + 1 < len(steps) else []
            if running:
                coming.append(running[0][0])
            if not coming:
                return runs
            now = min(coming)
        used += weight
        heappush(running, (now + duration, weight))
        runs.append(Run(submitted, now, now + duration, weight))
    return runs


def peak_of(intervals: Iterable[tuple[int, int, Exact]], period: tuple[int, int]) -> tuple[Exact, int | None]:
    """The most weight at once among intervals `[start, end)` within a period, and when it was first reached."""
    marks: list[tuple[int, int, Exact]] = []
    for start, end, weight in intervals:
        if start < period[1] and period[0] < end:
            marks.append((max(start, period[0]), 1, weight))
            marks.append((end, 0, -weight))
    used: Exact = 0
    peak: Exact = 0
    at: int | None = None
    for when, _, weight in sorted(marks):
        used += weight
        if used > peak:
            peak, at = used, when
    return exact(peak), at


class LimitHistory:
    """One limit over an account's whole time; a bill shows the part of its period."""

    def __init__(
        self,
        limit: tree.Limit,
        extensions: list[BoundExtension],
        tasks: Iterable[BoundRecord],
        calendar: Calendar,
    ) -> None:
        self.limit = limit
        self._extensions = extensions
        self._calendar = calendar
        self._steps = capacity_steps(limit.default, extensions)
        self._demand = sorted((nanoseconds(t.start), int(t.lasted * NANOSECONDS), limit.unit.scale) for t in tasks)
        self._runs = simulate(self._demand, self._steps)

    def during(self, period: Period) -> LimitTrace:
        """What the limit did in a period. Tasks belong to the period in which they were submitted."""
        bounds = (nanoseconds(period.start), nanoseconds(period.end))
        mine = [r for r in self._runs if bounds[0] <= r.submitted < bounds[1]]
        wanted = ((at, at + lasts, weight) for at, lasts, weight in self._demand)
        peak, peak_at = peak_of(wanted, bounds)
        running, _ = peak_of(((r.started, r.ended, r.weight) for r in self._runs), bounds)
        waits = [r.started - r.submitted for r in mine if r.started > r.submitted]
        # Tasks start in the order in which they were submitted, so those that never do are the last ones.
        stuck = sum(1 for at, _, _ in self._demand[len(self._runs) :] if bounds[0] <= at < bounds[1])
        return LimitTrace(
            self.limit,
            self._shown_steps(period),
            sum(1 for at, _, _ in self._demand if bounds[0] <= at < bounds[1]),
            peak,
            instant_of(peak_at) if peak_at is not None else None,
            running,
            len(waits),
            ratio(sum(waits), NANOSECONDS),
            ratio(max(waits, default=0), NANOSECONDS),
            self._remedies(period) if waits or stuck else (),
            stuck,
        )

    def _shown_steps(self, period: Period) -> tuple[CapacityStep, ...]:
        starts = sorted(
            {period.start}
            | {e.start for e in self._extensions if period.start < e.start < period.end}
            | {e.end for e in self._extensions if period.start < e.end < period.end}
        )
        steps = []
        for start, end in zip(starts, [*starts[1:], period.end], strict=True):
            active = [e for e in self._extensions if e.start <= start < e.end]
            capacity = exact(self.limit.default + sum(e.amount for e in active))
            steps.append(CapacityStep(start, end, capacity, tuple(e.extension.id for e in active)))
        return tuple(steps)

    def _remedies(self, period: Period) -> tuple[Remedy, ...]:
        """For each offer the least of it with which no task of the period would have waited, cheapest first."""
        short = _shortages(self._demand, self._runs, self._steps, period)
        found = []
        for offer in self.limit.offers:
            terms: list[tuple[Instant, Exact]] = []
            covered_to = period.start
            for start, _ in short:
                if start < covered_to:
                    continue
                begin = max(self._calendar.instant(self._calendar.date_of(start)), covered_to)
                if self._calendar.add(begin, offer.duration) <= start:
                    begin = start  # a term that is shorter than a day
                covered_to = self._calendar.add(begin, offer.duration)
                excess = max(missing for at, missing in short if begin <= at < covered_to)
                terms.append((begin, exact(-(-excess // offer.amount) * offer.amount)))
            cost = summed(ratio(amount, offer.amount) * offer.price for _, amount in terms)
            found.append(Remedy(offer, tuple(terms), cost))
        return tuple(sorted(found, key=lambda r: (r.cost, r.offer.term)))


def _shortages(
    demand: list[tuple[int, int, Exact]], runs: list[Run], steps: list[Step], period: Period
) -> list[tuple[Instant, Exact]]:
    """When tasks of a period, run without waiting, would find no room as they are submitted, and how much is missing.

    Tasks of earlier periods take the room that they took.
    """
    first, last = nanoseconds(period.start), nanoseconds(period.end)
    mine = [(at, at + lasts, weight) for at, lasts, weight in demand if first <= at < last]
    before = [(run.started, run.ended, run.weight) for run in runs if run.submitted < first < run.ended]
    changes: dict[int, Exact] = defaultdict(int)
    for start, end, weight in (*mine, *before):
        changes[start] += weight
        changes[end] -= weight
    for previous, step in itertools.pairwise(steps):
        changes[step.start] -= step.capacity - previous.capacity
    submitted = {start for start, _, _ in mine}
    excess = -steps[0].capacity
    found = []
    for when in sorted(changes):
        excess += changes[when]
        if excess > 0 and when in submitted:
            found.append((instant_of(when), exact(excess)))
    return found


def limit_histories(account: Account) -> list[LimitHistory]:
    """What each limit of a price list did over an account's time."""
    return [
        LimitHistory(
            limit,
            [e for e in account.bought.extensions if e.limit is limit],
            [t for t in account.tasks if t.record.meter == limit.meter],
            account.calendar,
        )
        for limit in account.tariff.limits.values()
    ]
