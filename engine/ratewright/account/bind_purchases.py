"""Purchases, grants, balances and requests → lots and what happens to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct
from whenever import Instant

from ratewright.account.bind_balances import Held, bind_balances
from ratewright.account.bind_grants import bind_grants, grant_sizes
from ratewright.account.binder import Binder
from ratewright.account.issuing import Issuer, row_of
from ratewright.account.lot_attributes import bind_attributes
from ratewright.account.setting_timeline import Settings
from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as tree
from ratewright.pricing.spread import spread_evenly
from ratewright.quota.cycles import Renewing
from ratewright.quota.holdings import Holdings
from ratewright.quota.lots import Attributes, Lot
from ratewright.refusal import RatingError
from ratewright.usage.model import Extension, Place, Purchase, Request
from ratewright.values.calendar import Duration
from ratewright.values.exact import Exact, exact, ratio
from ratewright.values.lot_names import LotName
from ratewright.values.rounding import round_to
from ratewright.values.units import currency_unit, quantity_text


class BoundPurchase(Struct, frozen=True):
    """Lots bought together, on one line of the bill; `cost` is what they come to, `billed` that amount as the line
    has it, rounded."""

    purchase: Purchase
    pool: tree.Pool
    row: tree.SizeRow
    at: Instant
    lots: tuple[Lot | Renewing, ...]
    cost: Exact
    billed: Exact


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
    lots: tuple[Lot | Renewing, ...]
    pause: bool
    place: Place


@dataclass
class Bought:
    """Everything that an account holds or asks for beside its usage."""

    holdings: Holdings = field(default_factory=Holdings)
    purchases: list[BoundPurchase] = field(default_factory=list)
    extensions: list[BoundExtension] = field(default_factory=list)
    requests: list[BoundRequest] = field(default_factory=list)


def bind_purchases(binder: Binder, settings: Settings) -> Bought:
    """Bind all of it; problems are reported in the binder."""
    bought = Bought()
    issuer = Issuer(binder, settings)
    for purchase in binder.usage.purchases:
        try:
            _bind_purchase(purchase, binder, issuer, bought)
        except RatingError as error:
            binder.problems.found.extend(error.diagnostics)
    held = Held(binder, issuer, bought.holdings)
    issuer.sizes = grant_sizes(binder)
    bind_balances(binder, held)
    bind_grants(binder, issuer, held)
    for extension in binder.usage.extensions:
        _bind_extension(extension, binder, bought)
    for requests, pause in ((binder.usage.refunds, False), (binder.usage.pauses, True)):
        for request in requests:
            _bind_request(request, pause, binder, bought)
    _check_ids(binder, bought)
    bought.purchases.sort(key=lambda p: (p.at, p.purchase.id))
    bought.extensions.sort(key=lambda e: (e.start, e.extension.id))
    bought.requests.sort(key=lambda r: (r.at, r.asked, r.pause))
    count = sum(1 for _ in bought.holdings.every())
    if count > binder.limits.lots:
        binder.problems.add(
            "A602",
            f"the account has {count:,} lots; the limit is {binder.limits.lots:,}",
            binder.place,
            "raise it with --max-lots",
        )
    return bought


def _bind_purchase(purchase: Purchase, binder: Binder, issuer: Issuer, bought: Bought) -> None:
    packages = {p.name: p for p in binder.tariff.pools.values() if p.kind is tree.PoolKind.PACKAGE}
    pool = packages.get(purchase.package)
    if pool is None:
        binder.known("package", purchase.package, packages, purchase.place, "A105")
        return
    row = _bought_row(purchase, pool, binder)
    attributes = bind_attributes(pool, purchase.attributes, purchase.place, binder)
    if row is None or attributes is None:
        return
    held = sum(1 for _ in bought.holdings.every())
    if purchase.count < 1 or held + purchase.count > binder.limits.lots:
        binder.problems.add(
            "A602", f"{purchase.count:,} lots in one purchase", purchase.place, "write a count from 1 on"
        )
        return
    at = binder.instant(purchase.at, purchase.place)
    if binder.activated is not None and at < binder.activated:
        binder.problems.add("A201", "this purchase is from before the account was activated", purchase.place)
    cost, rule = _cost(purchase, row, binder), binder.tariff.rounding
    billed = cost if rule.way is None or rule.per_bill else round_to(cost, rule.step, rule.way)
    sale = _Sale(purchase, pool, row, at, attributes, billed)
    lots = tuple(_lots(sale, binder, issuer))
    for lot in lots:
        bought.holdings.add(lot)
    bought.purchases.append(BoundPurchase(purchase, pool, row, at, lots, cost, billed))


class _Sale(Struct, frozen=True):
    """A purchase whose parts are understood; `paid` is what was paid for all its lots."""

    purchase: Purchase
    pool: tree.Pool
    row: tree.SizeRow
    at: Instant
    attributes: Attributes
    paid: Exact


def _lots(sale: _Sale, binder: Binder, issuer: Issuer) -> Iterator[Lot | Renewing]:
    """The lots of a purchase. One from before the opening holds nothing but what balances say."""
    purchase, pool, at, size = sale.purchase, sale.pool, sale.at, sale.row.size
    starts, expires = issuer.validity(pool, at)
    opening = binder.opening if binder.opening is not None and at < binder.opening else None
    held = 0 if opening is not None else size
    shares = _shares(sale.paid, purchase.count, binder.tariff.rounding)
    for number, paid in enumerate(shares, start=1):
        lot = Lot(
            name=LotName(purchase.id, number if purchase.count > 1 else 0),
            pool=pool,
            size=size,
            remaining=held,
            starts=starts,
            expires=expires,
            purchased=at,
            purchase=purchase.id,
            paid=paid,
            listed=sale.row.price,
            attributes=sale.attributes,
        )
        yield lot if pool.renews is None else issuer.renewing(lot, opening)


def _shares(paid: Exact, count: int, rule: tree.RoundingRule) -> list[Exact]:
    """What was paid for each lot of a purchase, so that what is given back for all of them adds up to it: in whole
    steps of the declared rounding; exact where nothing is rounded."""
    return [ratio(paid, count)] * count if rule.way is None else spread_evenly(paid, count, rule.step)


def _bought_row(purchase: Purchase, pool: tree.Pool, binder: Binder) -> tree.SizeRow | None:
    size, problem, help = binder.amounts.figure(purchase.size, pool.unit)
    if problem:
        binder.problems.add("A105", f"the size {problem}", purchase.place, help)
        return None
    unit = binder.tariff.units.get(purchase.size.unit or "", pool.unit)
    row = row_of(pool, size, unit)
    if row is None:
        binder.problems.add(
            "A105",
            f"{pool.title} is not sold in {quantity_text(size, pool.unit)}",
            purchase.place,
            f"it is sold in {', '.join(_sold(pool))}",
        )
    return row


def _sold(pool: tree.Pool) -> Iterator[str]:
    """The sizes on sale, as a list of them reads."""
    yield from (quantity_text(row.size, row.unit) for row in pool.sizes)
    before: tree.SizeRange | None = None
    for row in pool.ranges:
        limit = before.bound.limit if before is not None and before.price is None else None
        start = f"from {limit.span.text} on" if limit is not None else ""
        bound = row.bound.span.text if row.bound.limit is not None else ("" if start else "beyond that")
        if row.price is not None:
            yield f"any size {', '.join(part for part in (start, bound) if part)}"
        before = row


def _cost(purchase: Purchase, row: tree.SizeRow, binder: Binder) -> Exact:
    if purchase.paid is None:
        return exact(row.price * purchase.count)
    paid, problem, help = binder.amounts.figure(purchase.paid, currency_unit(binder.tariff.currency))
    if problem:
        binder.problems.add("A105", f"what was paid {problem}", purchase.place, help)
    return paid


def _check_ids(binder: Binder, bought: Bought) -> None:
    """Bills, balances and requests call a lot by its id: no two lots may share one."""
    holders = Counter(lot.id for lot in bought.holdings.every())
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
    held = [lot for lot in bought.holdings.every() if lot.purchased is not None]
    lots = tuple(lot for lot in held if request.purchase in (lot.purchase, lot.id))
    what = "pause" if pause else "refund"
    if not lots:
        names = sorted({n for lot in held for n in (lot.id, lot.purchase or lot.id)})
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
    going_on = tuple(lot for lot in lots if binder.opening is None or not lot.ended_by(binder.opening))
    bought.requests.append(BoundRequest(request.purchase, at, first.pool, going_on or lots, pause, request.place))
