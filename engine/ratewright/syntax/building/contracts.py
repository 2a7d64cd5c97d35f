"""Reductions of contracts → their nodes."""

from __future__ import annotations

from lark import Token
from msgspec.structs import replace

from ratewright.syntax import nodes as n
from ratewright.syntax.building.example_statements import ExampleStatements
from ratewright.syntax.building.places import Part


class Contracts(ExampleStatements):
    """Builds the statements of contracts."""

    def base(self, parts: list[Part]) -> n.Base:
        day = self.moment([parts[4]]) if len(parts) > 2 else None
        return n.Base(self._span(parts), self.name([parts[1]]), day)

    def holder(self, parts: list[Part]) -> n.Name:
        token = parts[0]
        return n.Name(self._span(parts), self._string(token).text if token.type == "STRING" else token.value)

    def holders(self, parts: list[Part]) -> n.Holders:
        return n.Holders(self._span(parts), tuple(self._of(parts, n.Name)))

    def target_whole(self, parts: list[Part]) -> n.Target:
        return n.Target(self._span(parts), parts[0], None)

    def target_part(self, parts: list[Part]) -> n.Target:
        return n.Target(self._span(parts), parts[2], parts[0])

    def target_cell(self, parts: list[Part]) -> n.Target:
        lookup = self.lookup([p for p in parts if not isinstance(p, n.Bound)])
        row = next(iter(self._of(parts, n.Bound)), None)
        return n.Target(self._span(parts), parts[0], replace(lookup, span=self._span(parts)), row)

    def replacement(self, parts: list[Part]) -> n.Replace:
        return n.Replace(self._span(parts), parts[1], parts[3])

    def scaling(self, parts: list[Part]) -> n.Scale:
        percent = isinstance(parts[-1], Token) and parts[-1].value == "%"
        return n.Scale(self._span(parts), parts[1], self.percent(parts[3:]) if percent else self.number(parts[3:]))

    def dropped(self, parts: list[Part]) -> n.Drop:
        return n.Drop(self._span(parts), self.name([parts[1]]))

    def factors(self, parts: list[Part]) -> n.Factors:
        return n.Factors(self._span(parts), self.name([parts[1]]))
