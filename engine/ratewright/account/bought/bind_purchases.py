"""Purchases of packages → lots, and what was paid for each."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from whenever import Instant

from ratewright.account.binder import Binder
from ratewright.account.bought.bought import BoundPurchase
from ratewright.account.bought.issuing import Issuer, row_of
from ratewright.account.bought.lot_attributes import bind_attributes
from ratewright.meaning import nodes as tree
from ratewright.pricing.spread import spread_evenly
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import Attributes, Lot
from ratewright.usage.model import Purchase
from ratewright.values.calendar import moment_text
from ratewright.values.exact import Exact, exact, ratio
from ratewright.values.lot_names import LotName
from ratewright.values.rounding import round_to
from ratewright.values.units import currency_unit, quantity_text


def bind_purchase(purchase: Purchase, binder: Binder, issuer: Issuer) -> BoundPurchase | None:
    """One purchase; None where there is a problem, which is reported.

    Raises RatingError where the rules of the package cannot be worked out.
    """
    pool = binder.tariff.pools.get(purchase.package)
    if pool is None or pool.kind is not tree.PoolKind.PACKAGE:
        contract = binder.tariff.contract
        drop = contract.dropped(purchase.package) if contract is not None else None
        if drop is not None:
            message = f"the contract drops the package `{purchase.package}`: {drop.contract} ({drop.span.place})"
            binder.problems.add("A105", message, purchase.place, "take the purchase out, or let the contract keep it")
            return None
        packages = [p.name for p in binder.tariff.pools.values() if p.kind is tree.PoolKind.PACKAGE]
        binder.known("package", purchase.package, packages, purchase.place, "A105")
        return None
    row = _bought_row(purchase, pool, binder)
    attributes = bind_attributes(pool, purchase.attributes, purchase.place, binder)
    if row is None or attributes is None:
        return None
    if purchase.count < 1:
        binder.problems.add("A105", f"a purchase of {purchase.count:,} lots", purchase.place, "write a count from 1 on")
        return None
    at = binder.instant(purchase.at, purchase.place)
    _check_on_sale(purchase, pool, at, binder)
    if binder.activated is not None and at < binder.activated:
        binder.problems.add("A201", "this purchase is from before the account was activated", purchase.place)
    cost, rule = _cost(purchase, row, binder), binder.tariff.rounding
    billed = cost if rule.way is None or rule.per_bill else round_to(cost, rule.step, rule.way)
    sale = _Sale(purchase, pool, row, at, attributes, billed)
    return BoundPurchase(purchase, pool, row, at, tuple(_lots(sale, binder, issuer)), cost, billed)


def _check_on_sale(purchase: Purchase, pool: tree.Pool, at: Instant, binder: Binder) -> None:
    """Report a purchase of what was not sold then; what was bought before an opening is settled."""
    settled = binder.opening is not None and at < binder.opening
    if pool.on_sale is None or pool.on_sale.holds(at) or settled:
        return
    late = pool.on_sale.until is not None and at >= pool.on_sale.until
    limit = pool.on_sale.until if late else pool.on_sale.start
    assert limit is not None
    when, bought = moment_text(limit, binder.calendar), moment_text(at, binder.calendar)
    binder.problems.add(
        "A105",
        f"{pool.title} was sold {'until' if late else 'from'} {when}, and {purchase.id} was bought on {bought}",
        purchase.place,
        "correct the time of the purchase, or let the list sell it then",
    )


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
            f"{pool.title} is not sold in {quantity_text(size, pool.unit)}{binder.for_currency}",
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
