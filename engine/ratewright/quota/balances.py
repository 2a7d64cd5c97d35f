"""What is left of lots at the end of a period: the form that the next opening takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from whenever import Instant

from ratewright.meaning.nodes import PoolKind
from ratewright.quota.cycles import Renewing
from ratewright.quota.holdings import Holdings
from ratewright.quota.lot_traces import attribute_texts
from ratewright.quota.lots import Lot
from ratewright.values.calendar import Calendar, Period
from ratewright.values.exact import Exact, exact
from ratewright.values.lot_names import LotName
from ratewright.values.units import Unit


class Balance(Struct, frozen=True):
    """What is left of a lot at the end of the bill's period; the form that a next period starts from.

    Of a lot that renews it is what is left of a cycle, or of what rolled over out of one; `drawn` is what
    had been drawn of the lot before, where a refund may ask for it. `remaining` is below 0 where the cycle is
    overdrawn, `repaid` what it paid back of the one before. `withdrawn` was taken back of it. `attributes` say what it
    pays for only. `refunded` is when it was given back: no opening takes it then. Of what was bought and renews
    `valid_from` and `valid_until` are the validity of all its cycles. `list_price` is that of the list that sold it.
    """

    source: str
    lot: str
    remaining: Exact
    unit: Unit
    size: Exact
    starts: Instant | None
    expires: Instant | None
    purchased: Instant | None
    paid: Exact | None
    attributes: tuple[tuple[str, str], ...] = ()
    drawn: Exact | None = None
    withdrawn: Exact = 0
    repaid: Exact = 0
    refunded: Instant | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    list_price: Exact | None = None


def gone(lots: Iterable[Lot | Renewing], period: Period, calendar: Calendar) -> tuple[Balance, ...]:
    """What requests may still ask of lots that were over by the end of a period: expired, or given back."""
    return tuple(
        Balance(
            one.pool.name,
            one.id,
            one.remaining if isinstance(one, Lot) else 0,
            one.pool.unit,
            one.size,
            one.starts,
            one.expires,
            one.purchased,
            one.paid,
            attribute_texts(one, calendar),
            one.drawn,
            one.withdrawn if isinstance(one, Lot) else 0,
            refunded=one.refunded_at,
            list_price=one.listed,
        )
        for one in lots
        if one.ended_by(period.end)
    )


def balances(
    holdings: Holdings, period: Period, calendar: Calendar, is_there: Callable[[Lot], bool]
) -> tuple[Balance, ...]:
    """What is left at the end of a period of the lots that are there by then, as the next opening takes it."""
    held = [lot for one in holdings.every() for lot in _held(one, period) if is_there(lot)]
    if not held:
        return ()
    renewing = {one.name: one for one in holdings.every() if isinstance(one, Renewing)}
    listed: dict[LotName, Exact] = defaultdict(int)
    for lot in held:
        listed[lot.name.whole] += lot.drawn
    return tuple(
        Balance(
            lot.pool.name,
            lot.id,
            lot.left,
            lot.pool.unit,
            lot.size,
            lot.starts,
            lot.expires,
            lot.purchased,
            lot.paid if lot.purchased is not None else None,
            attribute_texts(lot, calendar),
            exact(renewing[lot.name.whole].drawn - listed[lot.name.whole]) if _tells_drawn(lot) else None,
            lot.withdrawn,
            lot.repaid,
            valid_from=lot.begins if _tells_validity(lot) else None,
            valid_until=lot.ends if _tells_validity(lot) else None,
            list_price=lot.listed if lot.purchased is not None else None,
        )
        for lot in sorted(held, key=lambda lot: (lot.pool.span.start, lot.place))
    )


def _tells_drawn(lot: Lot) -> bool:
    """Whether a cycle's balance says what was drawn before it: a refund may ask."""
    return lot.is_part and not lot.is_rolled and lot.purchased is not None


def _tells_validity(lot: Lot) -> bool:
    """Whether a balance says how long all cycles are valid; of what is given the list that holds says it."""
    return lot.is_part and lot.pool.kind is PoolKind.PACKAGE


def _held(one: Lot | Renewing, period: Period) -> Iterator[Lot]:
    """The lots of one holding that go on after the period; one that renews goes on with its next cycle."""
    if not one.bought_by(period.end):
        return
    if isinstance(one, Lot):
        begun = one.purchased is not None or one.begun_by(period.end)
        if begun and not one.ended_by(period.end) and one.refunded_at is None:
            yield one
        return
    if one.refunded_at is not None:
        return
    present = one.cycle(period.end)
    for lot in one.shown:
        future = present is None and one.purchased is not None and lot.starts == one.starts
        goes_on = lot is present or future or (lot.is_rolled and lot.begun_by(period.end))
        if goes_on and lot.size and not lot.ended_by(period.end):
            yield lot
