"""Purchases, grants, balances and requests → lots and what happens to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from msgspec import Struct
from whenever import Instant

from ratewright.diagnostics import did_you_mean
from ratewright.rating.binder import Binder
from ratewright.rating.lots import Lot
from ratewright.tree import nodes as tree
from ratewright.tree.evaluate import CALENDAR, evaluate
from ratewright.usage.model import Balance, Extension, Place, Purchase, Request
from ratewright.values.calendar import Duration
from ratewright.values.exact import Exact, exact, ratio
from ratewright.values.units import currency_unit, quantity_text


class BoundPurchase(Struct, frozen=True):
    """Lots bought together, on one line of the bill."""

    purchase: Purchase
    pool: tree.Pool
    row: tree.SizeRow
    at: Instant
    lots: tuple[Lot, ...]


class BoundExtension(Struct, frozen=True):
    """Capacity bought for `[start, end)`."""

    extension: Extension
    limit: tree.Limit
    offer: tree.Offer
    amount: Exact
    start: Instant
    end: Instant
    cost: Exact


class BoundRequest(Struct, frozen=True):
    """A refund or a pause asked for. `asked` is the purchase or the single lot named."""

    asked: str
    at: Instant
    pool: tree.Pool
    lots: tuple[Lot, ...]
    pause: bool
    place: Place


@dataclass
class Bought:
    """Everything that an account holds or asks for beside its usage."""

    lots: list[Lot] = field(default_factory=list)
    purchases: list[BoundPurchase] = field(default_factory=list)
    extensions: list[BoundExtension] = field(default_factory=list)
    requests: list[BoundRequest] = field(default_factory=list)


def bind_purchases(binder: Binder) -> Bought:
    """Bind all of it; problems are reported in the binder."""
    bought = Bought()
    for purchase in binder.usage.purchases:
        _bind_purchase(purchase, binder, bought)
    _bind_balances(binder, bought)
    _bind_grants(binder, bought)
    for extension in binder.usage.extensions:
        _bind_extension(extension, binder, bought)
    for requests, pause in ((binder.usage.refunds, False), (binder.usage.pauses, True)):
        for request in requests:
            _bind_request(request, pause, binder, bought)
    _check_ids(binder, bought)
    bought.purchases.sort(key=lambda p: (p.at, p.purchase.id))
    bought.extensions.sort(key=lambda e: (e.start, e.extension.id))
    bought.requests.sort(key=lambda r: (r.at, r.asked, r.pause))
    if len(bought.lots) > binder.limits.lots:
        binder.problems.add(
            "A602",
            f"the account has {len(bought.lots):,} lots; the limit is {binder.limits.lots:,}",
            binder.place,
            "raise it with --max-lots",
        )
    return bought


def _validity(pool: tree.Pool, origin: Instant | None, binder: Binder) -> tuple[Instant | None, Instant | None]:
    """From when until when a lot covers usage."""
    rule = pool.validity
    name = "purchase" if pool.kind is tree.PoolKind.PACKAGE else "activation"
    values = {f"lot:{name}": origin, CALENDAR: binder.calendar}
    start = origin
    if rule.start is not None and (origin is not None or isinstance(rule.start, tree.Constant)):
        start = evaluate(rule.start, values)
    if rule.until is not None and (origin is not None or isinstance(rule.until, tree.Constant)):
        return start, evaluate(rule.until, values)
    if rule.length is not None and start is not None:
        return start, binder.calendar.add(start, rule.length)
    return start, None


def _bind_purchase(purchase: Purchase, binder: Binder, bought: Bought) -> None:
    packages = {p.name: p for p in binder.tariff.pools.values() if p.kind is tree.PoolKind.PACKAGE}
    pool = packages.get(purchase.package)
    if pool is None:
        binder.known("package", purchase.package, packages, purchase.place, "A105")
        return
    size, problem, help = binder.amounts.figure(purchase.size, pool.unit)
    if problem:
        binder.problems.add("A105", f"the size {problem}", purchase.place, help)
        return
    row = next((r for r in pool.sizes if r.size == size), None)
    if row is None:
        sold = ", ".join(quantity_text(r.size, r.unit) for r in pool.sizes)
        binder.problems.add(
            "A105",
            f"{pool.title} is not sold in {quantity_text(size, pool.unit)}",
            purchase.place,
            f"it is sold in {sold}",
        )
        return
    if purchase.count < 1 or len(bought.lots) + purchase.count > binder.limits.lots:
        binder.problems.add(
            "A602", f"{purchase.count:,} lots in one purchase", purchase.place, "write a count from 1 on"
        )
        return
    at = binder.instant(purchase.at, purchase.place)
    if binder.activated is not None and at < binder.activated:
        binder.problems.add("A201", "this purchase is from before the account was activated", purchase.place)
    starts, expires = _validity(pool, at, binder)
    settled = binder.opening is not None and at < binder.opening
    lots = []
    for number in range(1, purchase.count + 1):
        name = purchase.id if purchase.count == 1 else f"{purchase.id}#{number}"
        held = 0 if settled else row.size
        lots.append(
            Lot(
                name,
                (purchase.id, number),
                pool,
                purchase.id,
                row.size,
                held,
                held,
                starts,
                expires,
                at,
                row.price,
            )
        )
    bought.lots += lots
    bought.purchases.append(BoundPurchase(purchase, pool, row, at, tuple(lots)))


def _bind_balances(binder: Binder, bought: Bought) -> None:
    known = {lot.id: lot for lot in bought.lots}
    seen: set[str] = set()
    for number, balance in enumerate(binder.usage.balances, start=1):
        pool = binder.tariff.pools.get(balance.source)
        if pool is None:
            binder.known("grant or package", balance.source, binder.tariff.pools, balance.place, "A107")
            continue
        remaining, problem, help = binder.amounts.figure(balance.remaining, pool.unit)
        if problem:
            binder.problems.add("A107", f"the balance {problem}", balance.place, help)
            continue
        lot = known.get(balance.lot or "")
        if lot is None:
            lot = _balance_lot(balance, number, pool, remaining, binder)
            bought.lots.append(lot)
        elif lot.pool is not pool:
            binder.problems.add("A107", f"lot `{lot.id}` is of `{lot.pool.name}`, not of `{pool.name}`", balance.place)
        else:
            lot.opened = lot.remaining = remaining
            lot.drawn_before = exact(lot.size - remaining)
        if lot.id in seen:
            binder.problems.add("A107", f"two balances speak of lot `{lot.id}`", balance.place, "keep one")
        seen.add(lot.id)
        if remaining > lot.size:
            binder.problems.add(
                "A107",
                f"more is left of lot `{lot.id}` than it ever held ({quantity_text(lot.size, pool.unit)})",
                balance.place,
            )


def _balance_lot(balance: Balance, number: int, pool: tree.Pool, remaining: Exact, binder: Binder) -> Lot:
    """A lot that only the opening balances know of."""
    place = balance.place
    size = remaining
    if balance.size is not None:
        given, problem, help = binder.amounts.figure(balance.size, pool.unit)
        if problem:
            binder.problems.add("A107", f"the size {problem}", place, help)
        else:
            size = given
    paid: Exact = 0
    if balance.paid is not None:
        paid, problem, help = binder.amounts.figure(balance.paid, currency_unit(binder.tariff.currency))
        if problem:
            binder.problems.add("A107", f"what was paid {problem}", place, help)
    purchased = binder.instant(balance.purchased, place) if balance.purchased else None
    starts = binder.instant(balance.starts, place) if balance.starts else purchased
    expires = binder.instant(balance.expires, place) if balance.expires else None
    if expires is None:
        origin = purchased if pool.kind is tree.PoolKind.PACKAGE else binder.activated
        expires = _validity(pool, origin, binder)[1] if origin is not None else None
    name = balance.lot or (pool.name if pool.kind is tree.PoolKind.GRANT else f"{pool.name}-{number}")
    purchase, _, position = name.rpartition("#")
    if purchase and position.isdecimal() and pool.kind is tree.PoolKind.PACKAGE:  # one lot of several, as bills name it
        order, bought = (purchase, int(position)), purchase
    else:
        order, bought = (name, 1 if pool.kind is tree.PoolKind.PACKAGE else 0), None
    return Lot(name, order, pool, bought, size, remaining, remaining, starts, expires, purchased, paid)


def _bind_grants(binder: Binder, bought: Bought) -> None:
    sizes = {}
    grants = {p.name: p for p in binder.tariff.pools.values() if p.kind is tree.PoolKind.GRANT}
    for given in binder.usage.grants:
        pool = grants.get(given.grant)
        if pool is None:
            binder.known("grant", given.grant, grants, given.place, "A107")
            continue
        size, problem, help = binder.amounts.figure(given.size, pool.unit)
        if problem:
            binder.problems.add("A107", f"the size {problem}", given.place, help)
        elif pool.size is not None:
            binder.problems.add(
                "A107",
                f"the price list fixes the size of `{pool.name}`",
                given.place,
                "take it out, or write `size per account` in the rule file",
            )
        elif pool.name in sizes:
            binder.problems.add("A107", f"the size of `{pool.name}` is given twice", given.place, "keep one")
        sizes[pool.name] = size
    held = {lot.pool.name for lot in bought.lots}
    for pool in grants.values():
        size = evaluate(pool.size, {}) if pool.size is not None else sizes.get(pool.name, 0)
        if pool.name in held or not size:
            continue
        if binder.opening is not None and binder.activated is not None and binder.activated < binder.opening:
            continue  # settled: what is left of it would stand in the balances
        if binder.activated is None:
            binder.problems.add(
                "A107",
                f"{pool.title} is issued on activation, and the account's data do not say when that was",
                binder.place,
                "write `activated: 2026-01-05T09:00:00+08:00`; in an example `set activation 2026-01-05`",
            )
            continue
        starts, expires = _validity(pool, binder.activated, binder)
        bought.lots.append(Lot(pool.name, (pool.name, 0), pool, None, size, size, size, starts, expires, None, 0))


def _check_ids(binder: Binder, bought: Bought) -> None:
    """Bills, balances and requests call a lot by its id: no two lots may share one."""
    holders = Counter(lot.id for lot in bought.lots)
    for bound in bought.purchases:
        shared = next((lot.id for lot in bound.lots if holders[lot.id] > 1), None)
        if shared is not None:
            binder.problems.add(
                "A105", f"another lot is called `{shared}` too", bound.purchase.place, "give the purchase another id"
            )


def _bind_extension(extension: Extension, binder: Binder, bought: Bought) -> None:
    limit = binder.tariff.limits.get(extension.limit)
    place = extension.place
    if limit is None:
        binder.known("limit", extension.limit, binder.tariff.limits, place, "A106")
        return
    term = extension.term.removesuffix("s")
    offer = next((o for o in limit.offers if o.term == term), None)
    if offer is None:
        sold = ", ".join(f"`{o.term}`" for o in limit.offers) or "nothing"
        binder.problems.add("A106", f"{limit.title} is not extended by the {term}", place, f"it is sold by the {sold}")
        return
    amount, problem, help = binder.amounts.figure(extension.amount, limit.unit)
    if problem:
        binder.problems.add("A106", f"the extension {problem}", place, help)
        return
    units = ratio(amount, offer.amount)
    if not isinstance(units, int) or units < 1 or extension.terms < 1:
        binder.problems.add(
            "A106",
            f"{limit.title} is extended by whole {quantity_text(offer.amount, limit.unit)} and whole terms",
            place,
            "write whole numbers from 1 on",
        )
        return
    start = binder.instant(extension.start, place)
    total = offer.duration
    length = Duration(
        total.months * extension.terms, total.days * extension.terms, exact(total.seconds * extension.terms)
    )
    end = binder.calendar.add(start, length)
    cost = exact(offer.price * units * extension.terms)
    bought.extensions.append(BoundExtension(extension, limit, offer, amount, start, end, cost))


def _bind_request(request: Request, pause: bool, binder: Binder, bought: Bought) -> None:
    lots = tuple(lot for lot in bought.lots if request.purchase in (lot.purchase, lot.id) and lot.purchased is not None)
    what = "pause" if pause else "refund"
    if not lots:
        names = sorted({n for lot in bought.lots if lot.purchased for n in (lot.id, lot.purchase or lot.id)})
        binder.problems.add(
            "A206",
            f"a {what} of `{request.purchase}`, which was never bought",
            request.place,
            did_you_mean(request.purchase, names) or "name a purchase by its id",
        )
        return
    at = binder.instant(request.at, request.place)
    first = lots[0]
    if first.purchased is not None and at < first.purchased:
        binder.problems.add(
            "A206", f"the {what} of `{request.purchase}` is asked for before it was bought", request.place
        )
        return
    if binder.opening is not None and at < binder.opening:
        return  # settled before the opening
    bought.requests.append(BoundRequest(request.purchase, at, first.pool, lots, pause, request.place))
