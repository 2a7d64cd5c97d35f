"""Everything that an account holds to draw from, and what is told of it in a bill: lots, cycles, balances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Struct
from whenever import Instant

from ratewright.rating import trace
from ratewright.rating.allotments import Allotments
from ratewright.rating.bill import Balance
from ratewright.rating.cycles import Renewing
from ratewright.rating.lots import Lot, draw_key
from ratewright.rating.values import value_text
from ratewright.values.calendar import Calendar, Period
from ratewright.values.exact import Exact, exact


class ConservationError(AssertionError):
    """The engine lost or invented a quantity: an error of its own, never of its input."""


@dataclass
class Holdings:
    """Lots that are drawn once, lots that renew, and grants that are given by what usage needs them."""

    lots: list[Lot] = field(default_factory=list)
    renewing: list[Renewing] = field(default_factory=list)
    allotments: list[Allotments] = field(default_factory=list)

    def add(self, one: Lot | Renewing) -> None:
        """Take up a lot."""
        if isinstance(one, Renewing):
            self.renewing.append(one)
        else:
            self.lots.append(one)

    def every(self) -> Iterator[Lot | Renewing]:
        """All of them, one that renews as one."""
        yield from self.lots
        yield from self.renewing
        for allotments in self.allotments:
            yield from allotments.made

    def __iter__(self) -> Iterator[Lot]:
        """Every lot there is so far, a cycle being one."""
        for one in self.every():
            if isinstance(one, Renewing):
                yield from one.made
            else:
                yield one

    def settle(self, end: Instant) -> None:
        """Make what the end of a bill's period needs: the cycle that ends there or runs on, and what rolled over."""
        before = end.subtract(nanoseconds=1)
        for one in self.every():
            if not isinstance(one, Renewing) or (one.purchased is not None and one.purchased >= end):
                continue
            one.reach(before)
            one.reach(end)
            if one.starts is not None and one.starts > end and one.purchased is not None:
                one.cycle(one.starts)

    def check(self) -> None:
        """Nothing may be lost of any lot, and nothing made."""
        for lot in self:
            gone = exact(lot.drawn_now + lot.refunded + lot.rolled)
            if exact(lot.opened) != exact(gone + lot.remaining) or lot.remaining < 0:
                raise ConservationError(
                    f"lot {lot.id}: opened {lot.opened}, drawn {lot.drawn_now}, refunded {lot.refunded}, "
                    f"rolled over {lot.rolled}, left {lot.remaining}"
                )


class Drawn(Struct, frozen=True):
    """What had been drawn from each lot when a period began."""

    before: Mapping[str, Exact]

    def since(self, lot: Lot) -> Exact:
        """What was drawn from a lot since then."""
        return exact(lot.drawn - self.earlier(lot))

    def earlier(self, lot: Lot) -> Exact:
        return self.before.get(lot.id, lot.drawn_before)


def drawn_so_far(holdings: Iterable[Lot]) -> Drawn:
    """The state of all lots, to compare with when the period has ended."""
    return Drawn({lot.id: lot.drawn for lot in holdings})


def lot_traces(lots: Iterable[Lot], period: Period, drawn: Drawn, calendar: Calendar) -> tuple[trace.LotTrace, ...]:
    """What became in a period of the lots that it concerns, in the order of drawing."""
    concerned = [lot for lot in lots if _concerns(lot, period, drawn)]
    ordered = sorted(concerned, key=lambda lot: draw_key(lot, lot.pool.draws))
    return tuple(_lot_trace(lot, period, drawn, calendar) for lot in ordered)


def _concerns(lot: Lot, period: Period, drawn: Drawn) -> bool:
    """Whether the lot had begun by the period's end, and was not over before it with nothing left."""
    if drawn.since(lot):
        return True
    if lot.whole:
        return _cycle_concerns(lot, period)
    if not lot.begun_by(period.end) or (lot.purchased is not None and lot.purchased >= period.end):
        return False
    met_late = bool(lot.attributes) and lot.purchased is None  # given by usage that came when it was over
    return not lot.ended_by(period.start) or (lot.remaining > 0 and lot.refunded_at is None and not met_late)


def _cycle_concerns(lot: Lot, period: Period) -> bool:
    """Whether a cycle that was not drawn is told of: the one at the end of the period, and those of which something
    rolled over or was given back. The others had their size, and lost it."""
    last = period.end.subtract(nanoseconds=1)
    if not lot.size or not lot.begun_by(last) or lot.ended_by(period.start):
        return False
    return lot.is_rolled or lot.rolled > 0 or lot.refunded > 0 or not lot.ended_by(last)


def _lot_trace(lot: Lot, period: Period, drawn: Drawn, calendar: Calendar) -> trace.LotTrace:
    over = lot.ended_by(period.end)
    lapsed_now = over and lot.expires is not None and lot.expires > period.start
    refunded_now = lot.refunded_at is not None and lot.refunded_at in period
    return trace.LotTrace(
        lot.id,
        lot.purchase,
        lot.size,
        drawn.earlier(lot),
        drawn.since(lot),
        0 if over else lot.remaining,
        lot.remaining if lapsed_now else 0,
        lot.refunded if refunded_now else 0,
        lot.purchased,
        lot.starts,
        lot.expires,
        lot.refunded_at,
        lot.rolled if lapsed_now else 0,
        attribute_texts(lot, calendar),
    )


def attribute_texts(lot: Lot | Renewing, calendar: Calendar) -> tuple[tuple[str, str], ...]:
    """What a lot pays for only, as a reader sees it."""
    known = {s.name: s for s in lot.pool.scope}
    return tuple(
        (name, value_text(value, known[name].type, known[name].unit, calendar)) for name, value in lot.attributes
    )


def balances(holdings: Holdings, period: Period, calendar: Calendar) -> tuple[Balance, ...]:
    """What is left at the end of a period, as the next opening takes it."""
    held = [lot for one in holdings.every() for lot in _held(one, period)]
    renewing = {one.id: one for one in holdings.every() if isinstance(one, Renewing)}
    listed: dict[str, Exact] = {}
    for lot in held:
        if lot.whole:
            listed[lot.whole] = exact(listed.get(lot.whole, 0) + lot.drawn)
    return tuple(
        Balance(
            lot.pool.name,
            lot.id,
            lot.remaining,
            lot.pool.unit,
            lot.size,
            lot.starts,
            lot.expires,
            lot.purchased,
            lot.paid if lot.purchased is not None else None,
            attribute_texts(lot, calendar),
            exact(renewing[lot.whole].drawn - listed[lot.whole]) if _tells_drawn(lot) else None,
        )
        for lot in sorted(held, key=lambda lot: (lot.pool.span.start, lot.order, lot.step))
    )


def _tells_drawn(lot: Lot) -> bool:
    """Whether a cycle's balance says what was drawn before it: a refund may ask."""
    return bool(lot.whole) and not lot.is_rolled and lot.purchased is not None


def _held(one: Lot | Renewing, period: Period) -> Iterator[Lot]:
    """The lots of one holding that go on after the period; one that renews goes on with its next cycle."""
    if one.purchased is not None and one.purchased >= period.end:
        return
    if isinstance(one, Lot):
        begun = one.purchased is not None or one.begun_by(period.end)
        if begun and not one.ended_by(period.end) and one.refunded_at is None:
            yield one
        return
    if one.refunded_at is not None:
        return
    present = one.cycle(period.end)
    for lot in one.made:
        future = present is None and one.purchased is not None and lot.starts == one.starts
        goes_on = lot is present or future or (lot.is_rolled and lot.begun_by(period.end))
        if goes_on and lot.size and not lot.ended_by(period.end):
            yield lot
