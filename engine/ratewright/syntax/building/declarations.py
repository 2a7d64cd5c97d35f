"""Reductions of declarations, and of the file that they make → their nodes."""

from __future__ import annotations

from typing import Any

from lark import Token

from ratewright.syntax import nodes as n
from ratewright.syntax.building.contracts import Contracts
from ratewright.syntax.building.places import Part


class Builder(Contracts):
    """The nodes of one parse: of the part of `source` that begins at `offset`."""

    def _block(self, kind: type, parts: list[Part]) -> Any:
        plain = isinstance(parts[2], Token) and parts[2].type == "STRING"  # of a contract
        title = self._string(parts[2]) if plain else self._title(parts)
        statements = tuple(self._of(parts, (n.Statement, n.Define)))
        return kind(self._span(parts), parts[0].value, parts[1], title, statements)

    def _title(self, parts: list[Part]) -> n.Title | None:
        return next(iter(self._of(parts, n.Title)), None)

    def title(self, parts: list[Part]) -> n.Title:
        return n.Title(self._span(parts), self._string(parts[0]).text, tuple(self._of(parts, n.Translation)))

    def translation(self, parts: list[Part]) -> n.Translation:
        *names, text = parts
        return n.Translation(self._span(parts), "-".join(name.value for name in names), self._string(text))

    def tariff(self, parts: list[Part]) -> n.Tariff:
        return self._block(n.Tariff, parts)  # type: ignore[no-any-return]

    def contract(self, parts: list[Part]) -> n.Contract:
        return self._block(n.Contract, parts)  # type: ignore[no-any-return]

    def table(self, parts: list[Part]) -> n.Table:
        """A row `cite "…"` is the sentence of the source, as in any block."""
        rows, cites = [], []
        for row in self._rows(parts, n.Row):
            cite = _cite_in(row)
            if cite is None:
                rows.append(row)
            else:
                cites.append(n.Cite(row.span, cite))
        units = self._of(parts, n.UnitName)
        by = tuple(self._of(parts, n.Name)[1:])
        unit = units[0] if units else None
        return n.Table(self._span(parts), "table", parts[1], self._text(parts), tuple(cites), by, unit, tuple(rows))

    def define(self, parts: list[Part]) -> n.Define:
        return n.Define(self._span(parts), "define", parts[1], None, (), parts[3])

    def meter(self, parts: list[Part]) -> n.Meter:
        return self._block(n.Meter, parts)  # type: ignore[no-any-return]

    def meter_short(self, parts: list[Part]) -> n.Meter:
        name, unit = parts[1], parts[-1]
        quantity = n.Ref(name.span, n.Name(name.span, "quantity"))
        total = n.Call(name.span, n.Name(name.span, "sum"), (quantity,))
        statements = (n.Measure(unit.span, total, unit),)
        return n.Meter(self._span(parts), "meter", name, self._title(parts), statements)

    def pool(self, parts: list[Part]) -> n.Pool:
        return self._block(n.Pool, parts)  # type: ignore[no-any-return]

    def charge(self, parts: list[Part]) -> n.Charge:
        return self._block(n.Charge, parts)  # type: ignore[no-any-return]

    def limit(self, parts: list[Part]) -> n.LimitDeclaration:
        return self._block(n.LimitDeclaration, parts)  # type: ignore[no-any-return]

    def example(self, parts: list[Part]) -> n.Example:
        title = self._string(parts[1])
        name = n.Name(title.span, title.text)
        return n.Example(self._span(parts), "example", name, title, tuple(self._of(parts, n.Statement)))

    def unit(self, parts: list[Part]) -> n.UnitDeclaration:
        names = self._of(parts, n.Name)
        plural = names[1] if len(names) > 1 else None
        cites = tuple(self._of(parts, n.Cite))
        return n.UnitDeclaration(self._span(parts), "unit", names[0], None, cites, plural)

    def unit_made(self, parts: list[Part]) -> n.UnitDeclaration:
        cites = tuple(self._of(parts, n.Cite))
        return n.UnitDeclaration(self._span(parts), "unit", parts[1], None, cites, None, parts[3])

    def setting(self, parts: list[Part]) -> n.Setting:
        kinds = self._of(parts, n.Kind)
        return n.Setting(
            self._span(parts),
            "setting",
            parts[1],
            self._title(parts),
            tuple(self._of(parts, n.Cite)),
            kinds[0] if kinds else None,
            self._after(parts, "="),
        )

    def in_order(self, parts: list[Part]) -> list[n.Name]:
        return self._of(parts, n.Name)

    def deduct_source(self, parts: list[Part]) -> tuple[n.Name, ...]:
        return tuple(self._of(parts, n.Name))

    def deduct(self, parts: list[Part]) -> n.Deduct:
        ranks = tuple(p for p in parts if isinstance(p, tuple))
        end = [parts[-1]] if isinstance(parts[-1], n.Cite) else [ranks[-1][-1]]
        cites = tuple(self._of(parts, n.Cite))
        order = tuple(next((p for p in parts if isinstance(p, list)), []))
        return n.Deduct(self._span([parts[0], *end]), "deduct", parts[1], None, cites, ranks, order)

    def file(self, parts: list[Part]) -> n.File:
        return n.File(tuple(parts))


def _cite_in(row: n.Row) -> n.Text | None:
    """The sentence, if the row is `cite "…"`."""
    if len(row.items) != 2:
        return None
    word, sentence = (_only_term(item) for item in row.items)
    cites = isinstance(word, n.Ref) and word.name.text == "cite"
    return sentence if cites and isinstance(sentence, n.Text) else None


def _only_term(item: n.Node) -> n.Expression | None:
    one = isinstance(item, n.Price) and len(item.terms) == 1 and item.terms[0].block is None
    return item.terms[0].expression if one else None  # type: ignore[attr-defined]


setattr(Builder, "with", Builder.with_)  # the rule's name is a word of Python
