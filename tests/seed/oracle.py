"""The price page of Tencent HY Image Global, worked out by hand: the figures that the engine must agree with.

Nothing of ratewright is used here. Times are local times of the vendor (UTC+8, no daylight saving), money
is a whole number of cents, and what happens is gone through call by call. Sentences of the page stand
beside what they became.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

PRICES = {1_000: 7_500, 10_000: 55_000, 100_000: 450_000, 1_000_000: 3_000_000, 10_000_000: 20_000_000}
"""Size of a package → cents."""

DAILY, MONTHLY = 20_000, 400_000
"""Cents for one more concurrent task, by day and by month."""


def unit_price(pics: int) -> int:
    """Cents for each picture of a month: "these API calls will be billed according to the unit price of the tier"."""
    if pics < 10_000:
        return 8
    if pics < 100_000:
        return 6
    if pics < 1_000_000:
        return 5
    return 4


def months_later(moment: datetime, months: int) -> datetime:
    """The same local time `months` later, on the last day of a month that is too short."""
    number = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(number, 12)
    for day in range(moment.day, 0, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError


@dataclass
class Call:
    """Pictures asked for at one time."""

    at: datetime
    pics: int
    failed: bool = False
    console: bool = False
    subaccount: str | None = None


@dataclass
class Bought:
    id: str
    size: int
    count: int
    at: datetime


@dataclass
class Wish:
    """A refund or a pause of a purchase or of one of its packages."""

    name: str
    at: datetime


@dataclass
class Extra:
    """`tasks` more concurrent tasks for `terms` days or months."""

    id: str
    tasks: int
    term: str
    terms: int
    start: datetime

    @property
    def end(self) -> datetime:
        if self.term == "day":
            return self.start + timedelta(days=self.terms)
        return months_later(self.start, self.terms)

    @property
    def cents(self) -> int:
        return self.tasks * self.terms * (DAILY if self.term == "day" else MONTHLY)


@dataclass
class Customer:
    """What an account did. `postpaid` are the instants at which the switch was set, and how."""

    activated: datetime
    free: int = 0
    bought: list[Bought] = field(default_factory=list)
    refunds: list[Wish] = field(default_factory=list)
    pauses: list[Wish] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)
    postpaid: list[tuple[datetime, bool]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)


@dataclass
class Lot:
    """One package, or the free one."""

    name: str
    purchase: str
    number: int
    size: int
    at: datetime
    expires: datetime
    cents: int = 0
    used: int = 0
    given_back: bool = False

    def pays_at(self, moment: datetime) -> bool:
        """ "Resource packages can only deduct the API calls generated after purchase." """
        return not self.given_back and self.at <= moment < self.expires and self.used < self.size


@dataclass
class Month:
    """What the bill of a month must say."""

    made: int = 0
    failed: int = 0
    postpaid: int = 0
    unserved: int = 0
    drawn: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    purchases: list[int] = field(default_factory=list)
    extensions: list[int] = field(default_factory=list)
    refunds: list[tuple[str, int]] = field(default_factory=list)
    refused: list[tuple[str, str, int]] = field(default_factory=list)
    """The purchase, the reason, and how many packages it was refused for."""
    left: dict[str, int] = field(default_factory=dict)

    @property
    def usage_cents(self) -> int:
        return self.postpaid * unit_price(self.postpaid)

    @property
    def cents(self) -> int:
        given_back = sum(cents for _, cents in self.refunds)
        return self.usage_cents + sum(self.purchases) + sum(self.extensions) - given_back


def reckon(customer: Customer, first: tuple[int, int], last: tuple[int, int]) -> dict[tuple[int, int], Month]:
    """The months from `first` to `last`, both (year, month)."""
    found: dict[tuple[int, int], Month] = defaultdict(Month)
    free = Lot("free_quota", "", 0, customer.free, customer.activated, months_later(customer.activated, 12))
    lots = [
        Lot(
            b.id if b.count == 1 else f"{b.id}#{number}",
            b.id,
            number,
            b.size,
            b.at,
            months_later(b.at, 12),
            PRICES[b.size],
        )
        for b in customer.bought
        for number in range(1, b.count + 1)
    ]
    for b in sorted(customer.bought, key=lambda b: (b.at, b.id)):
        found[_month(b.at)].purchases.append(PRICES[b.size] * b.count)
    for extra in sorted(customer.extras, key=lambda e: (e.start, e.id)):
        found[_month(extra.start)].extensions.append(extra.cents)
    # What happens at one instant: the switch is set, refunds are asked for, then calls are made.
    doings: list[tuple[datetime, int, object]] = [(at, 0, on) for at, on in customer.postpaid]
    doings += [(wish.at, 1, wish) for wish in sorted(customer.refunds, key=lambda w: w.name)]
    doings += [(call.at, 2, call) for call in customer.calls]
    ends = _ends(first, last)
    doings += [(end, -1, month) for month, end in ends]
    postpaid = False  # "the postpaid service is not automatically enabled"
    for at, _, doing in sorted(doings, key=lambda d: d[:2]):
        match doing:
            case bool():
                postpaid = doing
            case Wish():
                _give_back(doing, lots, found[_month(at)])
            case Call():
                _make(doing, free, lots, postpaid, found[_month(at)])
            case month:
                found[month].left = {  # type: ignore[index]
                    lot.name: lot.size - lot.used
                    for lot in ([free] if customer.free else []) + lots
                    if lot.at < at < lot.expires and not lot.given_back
                }
    return found


def _month(at: datetime) -> tuple[int, int]:
    return at.year, at.month


def _ends(first: tuple[int, int], last: tuple[int, int]) -> list[tuple[tuple[int, int], datetime]]:
    found = []
    start = datetime(*first, 1)
    while _month(start) <= last:
        found.append((_month(start), months_later(start, 1)))
        start = months_later(start, 1)
    return found


def _make(call: Call, free: Lot, lots: list[Lot], postpaid: bool, month: Month) -> None:
    """ "The deduction sequence is: free resource package > prepaid resource package > postpaid." """
    if call.failed:  # "Failed API calls are not charged."
        month.failed += call.pics
        return
    month.made += call.pics
    rest = call.pics
    soonest = sorted(lots, key=lambda lot: (lot.expires, lot.at, lot.purchase, lot.number))
    for lot in [free, *soonest]:
        if rest and lot.pays_at(call.at):
            part = min(rest, lot.size - lot.used)
            lot.used += part
            month.drawn[lot.name] += part
            rest -= part
    if postpaid:
        month.postpaid += rest
    else:
        month.unserved += rest


def _give_back(wish: Wish, lots: list[Lot], month: Month) -> None:
    """ "If the prepaid resource package is unused, you can refund it within 7 days." """
    cents = 0
    refused: dict[str, int] = defaultdict(int)
    for lot in lots:
        if wish.name not in (lot.name, lot.purchase):
            continue
        if lot.given_back:
            refused["already"] += 1
        elif wish.at > lot.at + timedelta(days=7):
            refused["late"] += 1
        elif lot.used:
            refused["used"] += 1
        else:
            lot.given_back = True
            cents += lot.cents
    if cents:
        month.refunds.append((wish.name, cents))
    month.refused += [(wish.name, reason, count) for reason, count in refused.items()]


# ---------------------------------------------------------------- concurrency, second by second


@dataclass
class Queueing:
    """What became of tasks that run at most `capacity(second)` at a time."""

    peak: int
    running: int
    waits: list[int]
    """The waiting of each task that waited, in seconds."""


def queue(tasks: list[tuple[int, int]], capacity: dict[int, int], default: int) -> Queueing:
    """Tasks of (submitted, duration), in whole seconds; `capacity` holds what the capacity is from a second on.

    "at most m submitted tasks can be processed simultaneously at a time, and the next task can only be
    processed after the previous task is completed"
    """
    waiting = sorted(tasks)
    running: list[int] = []
    most = peak = 0
    waits = []
    m = default
    now = min(submitted for submitted, _ in tasks)
    while waiting:
        m = next((capacity[s] for s in sorted(capacity, reverse=True) if s <= now), default)
        running = [end for end in running if end > now]
        while waiting and waiting[0][0] <= now and len(running) < m:
            submitted, duration = waiting.pop(0)
            running.append(now + duration)
            if now > submitted:
                waits.append(now - submitted)
        most = max(most, len(running))
        now += 1
    seconds = {s for submitted, _ in tasks for s in [submitted]}
    for second in seconds:
        peak = max(peak, sum(a <= second < a + d for a, d in tasks))
    return Queueing(peak, most, waits)
