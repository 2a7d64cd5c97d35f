"""Walking expressions: what stands below a node, what an expression reads, what a price form asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ratewright.meaning import nodes as n


class Identity:
    """A node compared by identity, for caches: hashing a deep tree at each call would cost more than it saves."""

    __slots__ = ("node",)

    def __init__(self, node: Any) -> None:
        self.node = node

    def __hash__(self) -> int:
        return id(self.node)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and other.node is self.node


def children(node: n.Expression) -> tuple[n.Expression, ...]:  # noqa: PLR0911 — one case for each kind of node
    """The expressions directly below a node, in the order of the text."""
    match node:
        case n.Constant() | n.Given():
            return ()
        case n.Negative(operand=operand) | n.Negated(operand=operand) | n.Rounded(operand=operand):
            return (operand,)
        case n.Sum(terms=pairs) | n.Product(factors=pairs):
            return tuple(term for _, term in pairs)
        case n.Comparison(left=left, right=right) | n.Elapsed(start=left, end=right):
            return (left, right)
        case n.AllOf(parts=members) | n.AnyOf(parts=members) | n.Extreme(operands=members):
            return members
        case n.Choose(condition=condition, yes=yes, no=no):
            return (condition, yes, no)
        case n.Later(instant=instant) | n.EdgeOf(instant=instant) | n.TimeOfDay(instant=instant):
            return (instant,)
        case n.Weekday(instant=instant):
            return (instant,)
        case n.DaysBetween(start=left, end=right):
            return (left, right)
        case n.Defined(expression=expression):
            return (expression,)
        case n.Lookup(table=table, keys=keys):
            return (*keys, *_cells(table))
        case n.RowsOf(columns=columns, keys=keys):
            return (*keys, *(e for tiers in columns.values() for e in tier_expressions(tiers)))
        case n.Aggregate(operand=operand, condition=condition, rank=rank):
            return tuple(e for e in (operand, condition, rank) if e is not None)
        case n.Series(operand=operand, key=key, condition=condition, since=since):
            return tuple(e for e in (operand, key, condition, since) if e is not None)
    return ()


def _cells(table: n.LookupColumn) -> tuple[n.Expression, ...]:
    """The bounds and cells of a table."""
    limits = [row.bound.limit for row in table.rows if row.bound is not None and row.bound.limit is not None]
    cells = [cell.value for row in table.rows for cell in row.cells.values() if cell.value is not None]
    return (*limits, *cells)


def tier_expressions(tiers: tuple[n.Tier, ...]) -> tuple[n.Expression, ...]:
    """The bounds and prices of tiers."""
    limits = [t.bound.limit for t in tiers if t.bound.limit is not None]
    return (*limits, *(term.expression for t in tiers for term in t.price.terms))


def of_the_period(node: n.Expression) -> Iterator[n.Expression]:
    """The node and what stands below it, without what is asked of each record."""
    yield node
    match node:
        case n.Aggregate(operand=operand, rank=rank):
            inside = [
                e for e in (operand if operand is not None and operand.type.many else None, rank) if e is not None
            ]
        case n.Series(cadence=None, key=None, since=since):
            inside = [since] if since is not None else []
        case n.Series(operand=operand, condition=condition, since=since):
            inside = [e for e in (operand, condition, since) if e is not None]
        case _:
            inside = list(children(node))
    for child in inside:
        yield from of_the_period(child)


def sums_of_records(measure: n.Expression) -> Iterator[n.Aggregate]:
    """The sums over the records of a period in a measure; not those over parts of it, such as each of its days."""
    inside: set[int] = set()
    for part in parts(measure):
        if isinstance(part, n.Series):
            inside.update(id(p) for p in parts(part))
        elif isinstance(part, n.Aggregate) and part.aggregation is n.Aggregation.SUM and id(part) not in inside:
            yield from (part,) if part.operand is not None and not part.operand.type.many else ()


def parts(node: n.Expression) -> Iterator[n.Expression]:
    """The node and everything below it, in the order of the text."""
    yield node
    for child in children(node):
        yield from parts(child)


def given_in(node: n.Expression) -> tuple[n.Given, ...]:
    """What the expression reads, each once, in the order of the text."""
    beside = node.__dict__
    known: tuple[n.Given, ...] | None = beside.get("given")
    if known is None:
        found: dict[str, n.Given] = {}
        for part in parts(node):
            if isinstance(part, n.Given):
                found.setdefault(part.key, part)
        known = beside["given"] = tuple(found.values())
    return known


def form_expressions(form: n.PriceForm) -> tuple[n.Expression, ...]:
    """The expressions of a price form: bounds and prices, or the formula."""
    match form:
        case n.Amount(expression=expression):
            return (expression,)
        case n.Rate(price=price):
            return tuple(term.expression for term in price.terms)
        case n.Volume(tiers=tiers, rows=rows) | n.Graduated(tiers=tiers, rows=rows):
            return (*(() if rows is None else (rows,)), *tier_expressions(tiers))


def reading_expressions(form: n.PriceForm) -> tuple[n.Expression, ...]:
    """Those of a price form's expressions that read anything; prices and bounds are mostly fixed."""
    beside = form.__dict__
    known: tuple[n.Expression, ...] | None = beside.get("reading")
    if known is None:
        known = beside["reading"] = tuple(e for e in form_expressions(form) if given_in(e))
    return known


def charge_expressions(charge: n.Charge) -> tuple[n.Expression, ...]:
    """Every expression of a charge."""
    anchors = (charge.anchor.day, charge.anchor.start) if charge.anchor is not None else ()
    own = (charge.on, charge.when, charge.minimum, charge.maximum, charge.prorated, charge.reached, *anchors)
    return (*(e for e in own if e is not None), *form_expressions(charge.form))
