"""Reductions of prices, bounds and rows → their nodes."""

from __future__ import annotations

from typing import Any

from lark import Token
from msgspec.structs import replace

from ratewright.syntax import nodes as n
from ratewright.syntax.building.expressions import Expressions
from ratewright.syntax.building.places import Part


class Rows(Expressions):
    """Builds prices, and the rows of tables and tiers."""

    def started(self, parts: list[Part]) -> n.Quantity:
        return self._quantity(parts[2], parts[3])

    def price_term(self, parts: list[Part]) -> n.PriceTerm:
        return n.PriceTerm(self._span(parts), parts[0], parts[1] if len(parts) > 1 else None)

    def not_sold(self, parts: list[Part]) -> n.Price:
        return n.Price(self._span(parts), ())

    def price(self, parts: list[Part]) -> n.Price:
        if isinstance(parts[0], n.Price):
            return parts[0]
        first, *rest = parts
        later = (replace(term, taken_off=sign.value == "-") for sign, term in zip(rest[::2], rest[1::2], strict=True))
        return n.Price(self._span(parts), (first, *later))

    def bound(self, parts: list[Part]) -> n.Bound:
        at = 2 if parts[0].value == "up" else 1
        kind = "up to" if at == 2 else parts[0].value
        if len(parts) > at + 1:
            limit: n.Expression = self._quantity(parts[at], parts[at + 1])
        else:
            limit = self.number([parts[at]])
        return n.Bound(self._span(parts), kind, limit)

    def bound_formula(self, parts: list[Part]) -> n.Bound:
        kind = "up to" if parts[0].value == "up" else parts[0].value
        return n.Bound(self._span(parts), kind, parts[-2] if isinstance(parts[-1], Token) else parts[-1])

    def last_bound(self, parts: list[Part]) -> n.Bound:
        return n.Bound(self._span(parts), "beyond", None)

    def price_by_currency(self, parts: list[Part]) -> n.Price:
        span, amounts = self._span(parts), tuple(part for part in parts if not isinstance(part, Token))
        return n.Price(span, (n.PriceTerm(span, n.AnyOf(span, amounts), None),))

    def keys(self, parts: list[Part]) -> n.Keys | n.Price:
        """Names, texts and days are keys that share a row; anything else is an amount for each currency."""
        keys = [_key(term) for term in parts]
        if all(key is not None for key in keys):
            return n.Keys(self._span(parts), tuple(key for key in keys if key is not None))
        blocks = [term.block for term in parts if term.block is not None]
        if blocks:
            self._problem(
                "R221",
                "a price by blocks stands once for all currencies",
                "write `(75 USD or 70 EUR) per started 1,000 pics`",
                blocks[:1],
            )
        return self.price_by_currency([term.expression for term in parts])

    def rest_of_keys(self, parts: list[Part]) -> n.Rest:
        return n.Rest(self._span(parts))

    def cell(self, parts: list[Part]) -> n.Price:
        return self.price(parts)

    def row(self, parts: list[Part]) -> n.Row:
        if len(parts) > self._limits.terms:
            self._problem(
                "R105",
                f"{len(parts):,} terms in one row; the limit is {self._limits.terms:,}",
                "split the row",
                parts[:1],
            )
        return n.Row(self._span(parts), tuple(parts))

    def _rows(self, parts: list[Part], kind: type) -> tuple[Any, ...]:
        rows = self._of(parts, kind)
        if len(rows) > self._limits.tier_rows:
            self._problem(
                "R105",
                f"{len(rows):,} rows in one table; the limit is {self._limits.tier_rows:,}",
                "split the table",
                parts[:1],
            )
        return tuple(rows)


def _key(term: n.PriceTerm) -> n.Name | n.Text | n.Time | None:
    """The name, text or day that a term is, where it is no more than that."""
    match term:
        case n.PriceTerm(expression=n.Ref(name=name), block=None):
            return name
        case n.PriceTerm(expression=n.Text() | n.Time() as key, block=None):
            return key
        case n.PriceTerm(expression=n.Flag(span=span), block=None):
            return n.Name(span, span.text)
    return None
