"""Reductions of formulas → their nodes."""

from __future__ import annotations

from typing import Any

from lark import Token

from ratewright.syntax import nodes as n
from ratewright.syntax.building.places import Part, Places
from ratewright.values.rounding import Way

_SIGNS = {"×": "*", "≤": "<=", "≥": ">="}


class Expressions(Places):
    """Builds formulas."""

    def number(self, parts: list[Part]) -> n.Number:
        return n.Number(self._span(parts), self._value(parts[0]))

    def quantity(self, parts: list[Part]) -> n.Quantity:
        return self._quantity(parts[0], parts[1])

    def percent(self, parts: list[Part]) -> n.Percent:
        return n.Percent(self._span(parts), self._value(parts[0]))

    def percent_of(self, parts: list[Part]) -> n.PercentOf:
        return n.PercentOf(self._span(parts), self.percent(parts[:2]), parts[3])

    def text(self, parts: list[Part]) -> n.Text:
        return self._string(parts[0])

    def flag(self, parts: list[Part]) -> n.Flag:
        return n.Flag(self._span(parts), parts[0].value == "on")

    def ref(self, parts: list[Part]) -> n.Ref:
        return n.Ref(self._span(parts), parts[0])

    def attribute(self, parts: list[Part]) -> n.Attribute:
        return n.Attribute(self._span(parts), parts[0], parts[2])

    def call(self, parts: list[Part]) -> n.Call:
        return n.Call(self._span(parts), parts[0], tuple(p for p in parts[1:] if not isinstance(p, Token)))

    def lookup(self, parts: list[Part]) -> n.Lookup:
        column = self._after(parts, ".")
        keys = tuple(p for p in parts[1:] if not isinstance(p, Token))
        return n.Lookup(self._span(parts), parts[0], keys[:-1] if column else keys, column)

    def each_of(self, parts: list[Part]) -> n.EachOf:
        count = self._value(parts[0]) if isinstance(parts[0], Token) else 1
        return n.EachOf(self._span(parts), count, parts[-1])

    def selection(self, parts: list[Part]) -> n.Selection:
        each, condition, since = (self._after(parts, word) for word in ("each", "where", "since"))
        otherwise = self._after(parts, "or")
        zero = self.number([otherwise]) if otherwise is not None else None
        return n.Selection(self._span(parts), parts[0], each, condition, since, zero)

    def group(self, parts: list[Part]) -> n.Group:
        return n.Group(self._span(parts), parts[1])

    def minus(self, parts: list[Part]) -> n.Negative:
        return n.Negative(self._span(parts), parts[1])

    def _chain(self, parts: list[Part], first: str) -> tuple[tuple[str, Any], ...]:
        rest = ((_SIGNS.get(parts[i].value, parts[i].value), parts[i + 1]) for i in range(1, len(parts), 2))
        return ((first, parts[0]), *rest)

    def sum(self, parts: list[Part]) -> n.Sum:
        return n.Sum(self._span(parts), self._chain(parts, "+"))

    def product(self, parts: list[Part]) -> Any:
        if len(parts) == 1:
            return parts[0]
        return n.Product(self._span(parts), self._chain(parts, "*"))

    def comparison(self, parts: list[Part]) -> n.Comparison:
        operator = parts[1].value
        return n.Comparison(self._span(parts), _SIGNS.get(operator, operator), parts[0], parts[2])

    def all_of(self, parts: list[Part]) -> n.AllOf:
        return n.AllOf(self._span(parts), tuple(parts))

    def any_of(self, parts: list[Part]) -> n.AnyOf:
        return n.AnyOf(self._span(parts), tuple(parts))

    def negated(self, parts: list[Part]) -> n.Negated:
        return n.Negated(self._span(parts), parts[-1])

    def choose(self, parts: list[Part]) -> n.Choose:
        condition, yes, no = (p for p in parts if not isinstance(p, Token))
        return n.Choose(self._span(parts), condition, yes, no)

    def rounded(self, parts: list[Part]) -> n.Rounded:
        step: n.Expression | None = None
        at = self._word(parts, "to")
        if at >= 0:
            number = parts[at + 1]
            step = self._quantity(number, parts[at + 2]) if len(parts) > at + 2 else self.number([number])
        return n.Rounded(self._span(parts), Way(parts[1].text), parts[3], step)

    def edge(self, parts: list[Part]) -> n.Edge:
        return n.Edge(self._span(parts), parts[0].value == "end", parts[2])
