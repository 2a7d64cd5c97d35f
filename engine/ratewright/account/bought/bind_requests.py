"""Refunds and pauses that an account asks for → the lots they speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ratewright.account.binder import Binder
from ratewright.account.bought.bought import BoundRequest
from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as tree
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import Lot
from ratewright.usage.model import Request, Usage

Named = Mapping[str, Sequence[Lot | Renewing]]
"""What was bought, by the names that a request may use: those of purchases and of single lots."""


def lots_by_name(usage: Usage, lots: Iterable[Lot | Renewing]) -> Named:
    """What was bought, where anything is asked of it."""
    named: dict[str, list[Lot | Renewing]] = defaultdict(list)
    for lot in lots if usage.refunds or usage.pauses or usage.asked_later else ():
        if lot.pool.kind is tree.PoolKind.PACKAGE:
            for name in {lot.id, lot.purchase or lot.id}:
                named[name].append(lot)
    return named


def asked_later(usage: Usage, named: Named) -> tuple[Lot | Renewing, ...]:
    """The lots of which requests speak that come when another version holds, each once."""
    found = {lot.id: lot for name in sorted(usage.asked_later) for lot in named.get(name, ())}
    return tuple(found.values())


def bind_requests(binder: Binder, named: Named) -> Iterator[BoundRequest]:
    """All requests; problems are reported in the binder."""
    for requests, pause in ((binder.usage.refunds, False), (binder.usage.pauses, True)):
        for request in requests:
            bound = _bind_request(request, pause, binder, named)
            if bound is not None:
                yield bound


def _bind_request(request: Request, pause: bool, binder: Binder, named: Named) -> BoundRequest | None:
    lots = tuple(named.get(request.purchase, ()))
    what = "pause" if pause else "refund"
    if not lots:
        binder.problems.add(
            "A206",
            f"a {what} of `{request.purchase}`, which was never bought",
            request.place,
            did_you_mean(request.purchase, sorted(named)) or "name a purchase by its id",
        )
        return None
    at = binder.instant(request.at, request.place)
    first = lots[0]
    if first.purchased is None:
        binder.problems.add(
            "A107",
            f"the balance does not say when `{request.purchase}` was bought, and a {what} is asked for",
            request.place,
            "add it to the balance: `purchased: 2026-02-01T09:00:00+08:00`",
        )
        return None
    if at < first.purchased:
        binder.problems.add(
            "A206", f"the {what} of `{request.purchase}` is asked for before it was bought", request.place
        )
        return None
    if binder.opening is not None and at < binder.opening:
        return None  # settled before the opening
    gone = {balance.lot for balance in binder.usage.gone}
    going_on = tuple(
        lot
        for lot in sorted(lots, key=lambda lot: lot.name)
        if binder.opening is None or lot.id in gone or not lot.ended_by(binder.opening)
    )
    return BoundRequest(request.purchase, at, first.pool, going_on or lots, pause, request.place)
