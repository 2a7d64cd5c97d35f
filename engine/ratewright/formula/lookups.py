"""Tables at work: a cell by its keys, and the rows of a table as tiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

from whenever import Instant

from ratewright.formula.compiler import Compiler, function_of
from ratewright.formula.errors import key_text, missing_key, not_sold
from ratewright.formula.given import CALENDAR, OBSERVER, REACHED, Evaluator, Values
from ratewright.formula.price_terms import term_of
from ratewright.meaning import nodes as n
from ratewright.pricing import forms
from ratewright.pricing.bounds import ranges
from ratewright.pricing.terms import Price
from ratewright.values.calendar import moment_text
from ratewright.values.exact import summed

T = TypeVar("T")


class _Places(Generic[T]):
    """What stands in the rows of a table, by their keys; `else` is the place of what no row names."""

    __slots__ = ("_patterns", "found")

    def __init__(self, found: Mapping[n.TableKey, T]) -> None:
        self.found = found
        patterns = {tuple(part is n.Rest.ELSE for part in key) for key in found}
        self._patterns = sorted(pattern for pattern in patterns if any(pattern))

    def of(self, asked: tuple[n.Value, ...]) -> n.TableKey | None:
        """The keys of the row that holds what was asked; of two with `else` the one that names the first key."""
        if asked in self.found:
            return asked
        for pattern in self._patterns:
            key = tuple(n.Rest.ELSE if rest else value for rest, value in zip(pattern, asked, strict=True))
            if key in self.found:
                return key
        return None


def _told(keys: Iterable[n.Value], values: Values) -> list[n.Value]:
    """Keys as a message has them: of a day its local date."""
    return [moment_text(key, values[CALENDAR]) if isinstance(key, Instant) else key for key in keys]


@function_of.register
def _(node: n.Lookup, compile_: Compiler) -> Evaluator:
    table, span, observed = node.table, node.span, compile_.observed
    keys = [compile_(key) for key in node.keys]
    names = table.by[1:] if table.ranged else table.by
    rows = [
        (
            compile_.kept(row.bound.limit) if row.bound is not None and row.bound.limit is not None else None,
            row.bound is not None and row.bound.inside,
            _Places(row.cells),
        )
        for row in table.rows
    ]

    def lookup(values: Values) -> Any:
        asked = [key(values) for key in keys]
        _, _, cells = rows[0]
        if table.ranged:
            value = asked.pop(0)
            for limit, inside, row_cells in rows:
                top = limit(values) if limit is not None else None
                if top is None or value < top or (inside and value == top):
                    cells = row_cells
                    break
        place = cells.of(tuple(asked))
        if place is None:
            raise missing_key(table.name, names, _told(asked, values), span, cells.found)
        cell = cells.found[place]
        places = values.get(REACHED)
        if places is not None:
            places.add(cell.span)
        if observed:
            values[OBSERVER].reached(node, cell, place)
        if cell.value is None:
            of = key_text(names, _told(asked, values))
            raise not_sold(f"`{span.text}`{f' for {of}' if of else ''}", cell.span)
        return compile_.kept(cell.value)(values)

    return lookup


@function_of.register
def _(node: n.RowsOf, compile_: Compiler) -> Evaluator:
    keys = [compile_(key) for key in node.keys]
    names = [key.span.text for key in node.keys]
    columns, observed = _Places(node.columns), compile_.observed

    def rows(values: Values) -> Any:
        asked = tuple([k(values) for k in keys])
        place = columns.of(asked)
        if place is None:
            raise missing_key(node.name, names, _told(asked, values), node.span, node.columns)
        found = node.columns[place]
        if observed:
            values[OBSERVER].chose(node, found, place)
        return found

    return rows


@function_of.register
def _(node: n.Priced, compile_: Compiler) -> Evaluator:
    quantity_of, rows_of, observed = compile_(node.quantity), compile_(node.rows), compile_.observed
    form_of = forms.Graduated if node.graduated else forms.Volume

    def price(tier: n.Tier, values: Values) -> Price | None:
        terms = [term_of(term, compile_.kept(term.expression)(values)) for term in tier.price.terms]
        return tuple(terms) or None

    def priced(values: Values) -> Any:
        quantity, tiers = quantity_of(values), rows_of(values)
        if not quantity:
            return 0
        limits = [tier.bound.limit for tier in tiers]
        uppers = [None if limit is None else compile_.kept(limit)(values) for limit in limits]
        rows = ranges((upper, tier.bound.inside) for upper, tier in zip(uppers, tiers, strict=True))
        empty = form_of(rows, (None,) * len(rows))
        entered = {of.row: price(tiers[of.row], values) for of in forms.slices(empty, quantity)}
        try:
            made = forms.parts(form_of(rows, tuple(entered.get(place) for place in range(len(rows)))), quantity)
        except forms.NotSoldError as error:
            raise not_sold(f"`{node.span.text}`", tiers[error.row].price.span) from error
        places = values.get(REACHED)
        if places is not None:
            places.update(tiers[part.row].span for part in made)
        if observed:
            values[OBSERVER].priced(node, made)
        return summed(part.amount for part in made)

    return priced
