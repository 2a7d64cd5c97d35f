"""Lines of what was bought and given back: packages, extensions of limits, refunds."""

from __future__ import annotations

from ratewright.account.bought.bought import BoundExtension, BoundPurchase
from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.quota.lot_traces import attribute_texts
from ratewright.rating.bill import Line, LineKind
from ratewright.rating.paying.bought_by_list import by_list
from ratewright.rating.rounding import rounded
from ratewright.values.calendar import calendar_of
from ratewright.values.exact import exact, summed
from ratewright.values.units import Unit


def purchase_line(bound: BoundPurchase, tariff: tree.Tariff) -> Line:
    """The line of a package bought."""
    pool, row, count = bound.pool, bound.row, bound.purchase.count
    first = bound.lots[0]
    rounding = rounded(bound.cost, tariff.rounding)
    why = trace.PurchaseTrace(
        pool,
        row,
        bound.purchase.id,
        count,
        bound.at,
        first.starts or bound.at,
        first.expires,
        summed(lot.listed for lot in bound.lots),
        rounding,
        attribute_texts(first, calendar_of(tariff.timezone)),
        by_list(bound, tariff),
    )
    return Line(
        LineKind.PURCHASE,
        pool.name,
        pool.title,
        exact(row.size * count),
        row.unit,
        bound.cost,
        bound.billed,
        bound.at,
        None,
        row.span,
        pool.cite,
        why,
    )


def extension_line(bound: BoundExtension, tariff: tree.Tariff) -> Line:
    """The line of a limit's extension."""
    limit, offer = bound.limit, bound.offer
    rounding = rounded(bound.cost, tariff.rounding)
    why = trace.ExtensionTrace(
        limit,
        offer,
        bound.extension.id,
        bound.amount,
        bound.extension.terms,
        bound.start,
        bound.end,
        rounding,
    )
    return Line(
        LineKind.EXTENSION,
        limit.name,
        limit.title,
        bound.amount,
        limit.unit,
        bound.cost,
        rounding.after,
        bound.start,
        None,
        offer.span,
        limit.cite,
        why,
    )


def refund_line(decided: trace.RefundTrace) -> Line:
    """The line of money given back for what was left: a negative amount."""
    pool = decided.pool
    rule = decided.tried[-1].rule.span
    before = decided.rounding.before if decided.rounding is not None else decided.amount
    unit: Unit = pool.unit
    return Line(
        LineKind.REFUND,
        pool.name,
        pool.title,
        decided.returned,
        unit,
        exact(-before),
        exact(-decided.amount),
        decided.request,
        None,
        rule,
        pool.cite,
        decided,
    )
