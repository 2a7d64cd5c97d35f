"""The places of all that a line used while it was worked out: of its formulas, and of what these came by.

Only what was passed is a place: of tiers those that are reached with the bounds around them, of a table the cell, of
`if … then … else …` the branch that was taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ratewright.derivation import trace
from ratewright.derivation.seen import Seen
from ratewright.derivation.worked import Worked
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import children, parts, places_of

AppliedBounds = frozenset[bool | None]
"""Bounds that made a difference: of the line, the `largest` as in their traces, and None for the most of a block."""


def applied_bounds(bounds: Sequence[trace.BoundTrace], price: trace.PriceTrace | None) -> AppliedBounds:
    """The bounds of a line that made a difference."""
    blocks = price.blocks if isinstance(price, trace.BlocksTrace) else ()
    of_blocks: list[None] = [None for block in blocks if block.bound.applied][:1]
    return frozenset([*(bound.largest for bound in bounds if bound.applied), *of_blocks])


def used_places(why: trace.ChargeTrace, by_list: AppliedBounds) -> Iterator[Span]:
    """The places that a line used, of which some may come several times. A bound that made no difference is none,
    unless it is among those that did `by_list`."""
    charge = why.charge
    yield charge.span
    for how in (why.condition.how if why.condition is not None else None, why.on):
        yield from _of(None, how)
    yield from _of(charge.prorated, why.share.how if why.share is not None else None)
    mattered = {*by_list, *applied_bounds(why.bounds, why.price)}
    for bound in why.bounds:
        if bound.largest not in mattered:
            continue
        yield from _of(charge.most if bound.largest else charge.minimum, bound.how)
        yield from _of(charge.prorated, bound.share.how if bound.share is not None else None)
    if isinstance(why.price, trace.BlocksTrace) and None in mattered:
        for block in why.price.blocks:
            yield from _of(why.price.rule.limit, block.bound.how)
    for _, price in trace.prices_in(why.price):
        yield from _of_price(price, charge)


def _of(written: tree.Expression | None, how: trace.Arithmetic | None) -> Iterator[Span]:
    """The places of a formula: those that were passed; all of one that has no arithmetic, for it has no choice."""
    if isinstance(how, Worked):
        yield from _passed(how.expression, how.seen)
    elif isinstance(written, tree.RowsOf):
        for key in written.keys:
            yield from _all(key)
    elif written is not None:
        yield from _all(written)


def _all(node: tree.Expression) -> Iterator[Span]:
    for part in parts(node):
        yield part.span
        yield from places_of(part)


# ---------------------------------------------------------------- prices


def _of_price(price: trace.PriceTrace, charge: tree.Charge) -> Iterator[Span]:
    match price:
        case trace.RateTrace(terms=terms):
            yield from _of_terms(terms)
        case trace.FormulaTrace(rule=rule, how=how) | trace.IncludedTrace(rule=rule, how=how):
            yield from _of(rule.expression, how)
        case trace.VolumeTrace():
            yield from _of(price.rule.rows, price.rows)
            if price.picked_by is not None:
                yield from _of(charge.reached, price.picked_how)
            asked = [tier for tier in price.tiers if tier.reached] + [offer.tier for offer in price.others]
            yield from _of_tiers(price.tiers, asked)
        case trace.GraduatedTrace():
            yield from _of(price.rule.rows, price.rows)
            yield from _of_tiers(price.tiers, [tier for tier in price.tiers if tier.reached])


def _of_terms(terms: Sequence[trace.TermTrace]) -> Iterator[Span]:
    for term in terms:
        yield term.term.span
        yield from _of(term.term.expression, term.how)


def _of_tiers(tiers: Sequence[trace.TierTrace], asked: Sequence[trace.TierTrace]) -> Iterator[Span]:
    """Tiers that were asked for their price, each with the bounds between which it lies."""
    for tier in asked:
        yield tier.tier.price.span
        yield from _of_terms(tier.terms)
        for row in tiers:
            if row.tier is tier.tier or (row.upper == tier.lower and tier.lower):
                yield row.tier.bound.span
                yield from _of(row.tier.bound.limit, row.bound)


# ---------------------------------------------------------------- formulas


def _passed(node: tree.Expression, seen: Seen) -> Iterator[Span]:
    """The places of the parts of a formula that were passed."""
    yield node.span
    match node:
        case tree.Constant():
            yield from node.places
        case tree.Choose():
            yield from _passed(node.condition, seen)
            yield from _passed(seen.branch(node), seen)
        case tree.AllOf() | tree.AnyOf():
            for member in seen.asked(node):
                yield from _passed(member, seen)
        case tree.Lookup():
            yield from _of_lookup(node, seen)
        case tree.RowsOf():
            for key in node.keys:
                yield from _passed(key, seen)
        case tree.Priced():
            yield from _of_priced(node, seen)
        case tree.Aggregate() | tree.Series():
            yield from _all(node)
        case _:
            for child in children(node):
                yield from _passed(child, seen)


def _of_lookup(node: tree.Lookup, seen: Seen) -> Iterator[Span]:
    """The cell that was reached, with the bounds of its row where it has some."""
    for key in node.keys:
        yield from _passed(key, seen)
    cell = seen.cell(node)
    yield cell.span
    if cell.value is not None:
        yield from _passed(cell.value, seen)
    rows = node.table.rows if node.table.ranged else ()
    place = next((n for n, row in enumerate(rows) if any(cell is other for other in row.cells.values())), 0)
    for row in rows[max(place - 1, 0) : place + 1]:
        yield from _of_bound(row.bound, seen)


def _of_priced(node: tree.Priced, seen: Seen) -> Iterator[Span]:
    """The rows that a quantity came to, with the bounds around them."""
    yield from _passed(node.quantity, seen)
    yield from _passed(node.rows, seen)
    tiers: Sequence[tree.Tier] = seen.value(node.rows)
    for part in seen.parts(node):
        yield tiers[part.row].price.span
        for term in tiers[part.row].price.terms:
            yield term.span
            yield from _passed(term.expression, seen)
        for tier in tiers[max(part.row - 1, 0) : part.row + 1]:
            yield from _of_bound(tier.bound, seen)


def _of_bound(bound: tree.Bound | None, seen: Seen) -> Iterator[Span]:
    if bound is not None:
        yield bound.span
        if bound.limit is not None:
            yield from _passed(bound.limit, seen)
