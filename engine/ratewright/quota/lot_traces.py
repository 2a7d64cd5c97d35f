"""What became of lots in the period of a bill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whenever import Instant

from ratewright.derivation import trace
from ratewright.derivation.value_texts import value_text
from ratewright.quota.cycles import Renewing
from ratewright.quota.holdings import Drawn
from ratewright.quota.lots import Lapses, Lot, draw_key, lost_by
from ratewright.values.calendar import Calendar, Period
from ratewright.values.exact import exact
from ratewright.values.lot_names import LotName


def lot_traces(
    lots: Iterable[Lot], period: Period, drawn: Drawn, lapses: Lapses, calendar: Calendar
) -> tuple[trace.LotTrace, ...]:
    """What became in a period of the lots that it concerns, in the order of drawing."""
    known = list(lots)
    concerned = [lot for lot in known if _concerns(lot, period, drawn, lapses)]
    concerned += _last_cycles(known, concerned, period, lapses)
    if len(concerned) > 1:
        concerned.sort(key=lambda lot: draw_key(lot, lot.pool.draws))
    return tuple(_lot_trace(lot, period, drawn, lapses, calendar) for lot in concerned)


def _concerns(lot: Lot, period: Period, drawn: Drawn, lapses: Lapses) -> bool:
    """Whether the lot had begun by the period's end, and was not over before it with nothing left."""
    if drawn.since(lot):
        return True
    if not lot.bought_by(period.end):
        return False
    if lot.is_part:
        return _cycle_concerns(lot, period, lapses)
    if not lot.begun_by(period.end):
        return False
    met_late = bool(lot.attributes) and lot.purchased is None  # given by usage that came when it was over
    return not lot.ended_by(period.start) or (lot.remaining > 0 and lot.refunded_at is None and not met_late)


def _last_cycles(lots: Sequence[Lot], concerned: Sequence[Lot], period: Period, lapses: Lapses) -> Iterable[Lot]:
    """Of lots that renew, and of which nothing else is told, the last cycle that ended within the period."""
    told = {lot.name.whole for lot in concerned}
    untold = [lot for lot in lots if lot.is_part and lot.name.whole not in told]
    last: dict[LotName, Lot] = {}
    for lot in sorted(untold, key=lambda lot: (lot.starts or Instant.MIN, not lot.name.rolled)):
        begun = lot.size and lot.begun_by(period.end.subtract(nanoseconds=1))
        if begun and lot.bought_by(period.end) and not lost_by(lot, period.start, lapses):
            last[lot.name.whole] = lot
    return last.values()


def _cycle_concerns(lot: Lot, period: Period, lapses: Lapses) -> bool:
    """Whether a cycle that was not drawn is told of: the one at the end of the period, those of which something was
    given back, withdrawn, overdrawn or paid back, and all where what is left may roll over. The others had their
    size, and lost it."""
    last = period.end.subtract(nanoseconds=1)
    if not lot.size or not lot.begun_by(last) or lost_by(lot, period.start, lapses):
        return False
    withdrawn = any(each.at in period for each in lot.withdrawals)
    moved = lot.refunded or withdrawn or lot.overdrawn or lot.repaid
    return lot.pool.rolls is not None or bool(moved) or not lot.ended_by(last)


def _lot_trace(lot: Lot, period: Period, drawn: Drawn, lapses: Lapses, calendar: Calendar) -> trace.LotTrace:
    over, lost = lot.ended_by(period.end), lapses(lot)
    waits = over and not lost_by(lot, period.end, lapses)
    lapsed_now = over and not waits and lost is not None and (lost > period.start or _bought_in(lot, period))
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
        str(lot.name.whole),
        tuple(each for each in lot.withdrawals if each.at in period),
        exact(lot.withdrawn_before + sum(each.quantity for each in lot.withdrawals if each.at < period.start)),
        lot.overdrawn,
        lot.repaid,
        lot.followed,
        lot.filled,
        lot.remaining if waits else 0,
        lost if waits else None,
        (lot.cut.days, lot.cut.of, lot.cut.whole) if lot.cut is not None else None,
        (lot.begins, lot.ends) if _drawn_by_validity(lot) else None,
    )


def _drawn_by_validity(lot: Lot) -> bool:
    """Whether the turn of a cycle follows from the validity of the lot that it is of."""
    return lot.is_part and any(rule.by_start or rule.by_end for rule in lot.pool.draws)


def _bought_in(lot: Lot, period: Period) -> bool:
    """Whether a lot was bought in the period, be it that its validity had ended by then."""
    return lot.purchased is not None and lot.purchased in period


def attribute_texts(lot: Lot | Renewing, calendar: Calendar) -> tuple[tuple[str, str], ...]:
    """What a lot pays for only, as a reader sees it."""
    known = {s.name: s for s in lot.pool.scope}
    return tuple(
        (name, value_text(value, known[name].type, known[name].unit, calendar)) for name, value in lot.attributes
    )
