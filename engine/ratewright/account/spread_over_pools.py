"""Pieces of records that are spread evenly, divided where another quota may pay: where a lot begins or ends, and where
a condition or a ratio has another answer."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace
from whenever import Instant

from ratewright.account.bought.bought import Bought
from ratewright.account.counted.pieces import Piece, pieces_in_order
from ratewright.account.counted.spreading import edges, of_part, shares
from ratewright.account.settings.setting_timeline import Settings
from ratewright.account.settings.times_of_change import answers_change
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan
from ratewright.quota.cycles import Renewing
from ratewright.values.calendar import Calendar, Period
from ratewright.values.exact import exact


def spread_over_pools(pieces: list[Piece], plan: Plan, settings: Settings, bought: Bought) -> list[Piece]:
    """The pieces in order of time, those of meters that spread their records in parts. Raises RatingError."""
    if not plan.features.spreads:
        return pieces
    return pieces_in_order(part for piece in pieces for part in _parts(piece, plan, settings, bought))


def _parts(piece: Piece, plan: Plan, settings: Settings, bought: Bought) -> Iterator[Piece]:
    meter = plan.meters[piece.meter]
    if piece.end is None or not meter.meter.spread or meter.whole:  # what is given of a whole period is one quantity
        yield piece
        return
    stretch = Period(piece.start, piece.end)
    pools = frozenset(name for rank in meter.ranks for name in rank)
    cuts = set(_of_lots(stretch, pools, settings.calendar, bought))
    marks = {f"tag:{name}": value for name, value in piece.tags.items()}
    for expression in _asked(piece.meter, pools, plan):
        cuts.update(answers_change(expression, stretch, settings, marks))
    for start, end, share in shares(stretch, cuts):
        values = of_part(piece.values, start, end, share) if piece.values is not None else None
        yield replace(piece, start=start, end=end, amount=exact(piece.amount * share), values=values)


def _of_lots(stretch: Period, pools: frozenset[str], calendar: Calendar, bought: Bought) -> Iterator[Instant]:
    """The instants at which lots of some pools begin, end, are renewed or asked back."""
    for one in bought.holdings.every():
        if one.pool.name not in pools:
            continue
        yield from (at for at in (one.starts, one.expires) if at is not None)
        if isinstance(one, Renewing):
            yield from edges(stretch, (one.plan.cadence,), calendar)
    yield from (request.at for request in bought.requests if request.pool.name in pools)


def _asked(meter: str, pools: frozenset[str], plan: Plan) -> Iterator[tree.Expression]:
    """The conditions and ratios that are asked of each piece of a meter's usage."""
    for name in pools:
        pool = plan.tariff.pools[name]
        if pool.when is not None:
            yield pool.when
        if meter in pool.ratios:
            yield pool.ratios[meter].expression
    for name in plan.meters[meter].lines:
        line = plan.lines[name]
        if line.by_record and line.charge.when is not None:
            yield line.charge.when
