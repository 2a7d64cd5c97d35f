"""Which rows of a price list are used by its examples: prices, tables, sizes, refund rules, conditions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ratewright.derivation import trace
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import parts
from ratewright.rating.bill import Bill


class Row(NamedTuple):
    """A row that examples should reach; `kind` is what a reader calls it."""

    kind: str
    span: Span


def rows_of(tariff: tree.Tariff) -> list[Row]:
    """The rows of a price list, in the order of the file, also those in one of its currencies only."""
    found = dict.fromkeys(row for own in tariff.by_currency for row in _rows(own))
    return sorted(found, key=lambda row: row.span.start)


def _rows(tariff: tree.Tariff) -> Iterator[Row]:
    yield from (Row("table row", span) for span in tariff.rows)
    yield from _in_lines(tariff)
    yield from _in_pools(tariff)
    yield from (Row("extension", offer.span) for limit in tariff.limits.values() for offer in limit.offers)
    yield from (Row("condition", where.span) for meter in tariff.meters.values() for where in meter.where)


def _in_lines(tariff: tree.Tariff) -> Iterator[Row]:
    tables = [(span.start, span.end) for span in tariff.rows]
    for charge in tariff.charges.values():
        if charge.when is not None:
            yield Row("condition", charge.when.span)
        match charge.form:
            case tree.Volume() | tree.Graduated():
                rows = [tier.span for tiers in _tiers(charge.form) for tier in tiers]
                own = [r for r in rows if not any(start <= r.start and r.end <= end for start, end in tables)]
                yield from (Row("tier", span) for span in dict.fromkeys(own))
            case _:
                yield Row("price", charge.form.span)


def _in_pools(tariff: tree.Tariff) -> Iterator[Row]:
    for pool in tariff.pools.values():
        yield from (Row("size", size.span) for size in pool.sizes)
        yield from (Row("size", size.span) for size in pool.ranges if size.price is not None)
        yield from (Row("refund rule", rule.span) for rule in pool.refunds)
        if pool.when is not None:
            yield Row("condition", pool.when.span)


def _tiers(form: tree.Volume | tree.Graduated) -> Iterator[tuple[tree.Tier, ...]]:
    """The tiers of a form: fixed ones, or those of each key."""
    if form.rows is None:
        yield form.tiers
        return
    for part in parts(form.rows):
        if isinstance(part, tree.RowsOf):
            yield from part.columns.values()


def unreached(rows: Iterable[Row], reached: Iterable[Span]) -> list[Row]:
    """The rows in which nothing lies that was reached."""
    places = sorted({(span.start, span.end) for span in reached})
    starts = [start for start, _ in places]
    found = []
    for row in rows:
        inside = places[bisect_left(starts, row.span.start) : bisect_left(starts, row.span.end)]
        if not any(end <= row.span.end for _, end in inside):
            found.append(row)
    return found


# ---------------------------------------------------------------- what bills tell of


def reached_by(bills: Iterable[Bill]) -> frozenset[Span]:
    """The places of the rows, cells and rules that made the bills what they are.

    A condition is reached by what was billed or paid under it; a `where` by a record that it left out.
    """
    found: set[Span] = set()
    for bill in bills:
        found |= bill.reached
        for line in bill.lines:
            found.update(_of_why(line.why))
        for refusal in bill.refusals:
            found.update(_of_why(refusal))
        for meter in bill.meters:
            found.update(excluded.where.span for excluded in meter.excluded)
            found.update(s.pool.when.span for s in meter.sources if s.covered and s.pool.when is not None)
    return frozenset(found)


def _of_why(why: object) -> Iterator[Span]:
    match why:
        case trace.ChargeTrace(charge=charge, price=price):
            if charge.when is not None:
                yield charge.when.span
            for _, inside in trace.prices_in(price):
                yield from _of_price(inside)
        case trace.PurchaseTrace(row=row):
            yield row.span
            if row.within is not None:
                yield row.within.span
        case trace.ExtensionTrace(offer=offer):
            yield offer.span
        case trace.RefundTrace(tried=tried):
            decides = [t for t in tried if t.failed is None or t.rule.form is tree.RefundForm.NEVER]
            yield from (t.rule.span for t in decides)
        case trace.PaymentTrace(pool=pool) if pool.when is not None:
            yield pool.when.span


def _of_price(price: trace.PriceTrace) -> Iterator[Span]:
    match price:
        case trace.VolumeTrace(tiers=tiers) | trace.GraduatedTrace(tiers=tiers):
            yield from (tier.tier.span for tier in tiers if tier.reached)
        case trace.RateTrace(rule=rule) | trace.FormulaTrace(rule=rule) | trace.IncludedTrace(rule=rule):
            yield rule.span
