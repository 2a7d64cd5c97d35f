"""The figures of a case that a contract may name, each with its place in the text and another figure for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ratewright.contracts.places import at, figures, rows
from ratewright.contracts.targets import NOT_CHANGED
from ratewright.diagnostics import Source
from ratewright.syntax import nodes as s
from ratewright.syntax.parser import parse_rules
from tests.laws.law import ask_that
from tests.reference.cases import Case

_NUMBER = re.compile(r"(?<![\w.,-])[0-9]+(?:\.[0-9]+)?(?![\w.]|[,-][0-9])")


@dataclass(frozen=True)
class Target:
    """`part` is how a contract names a figure of the declaration `name`; `node` is where the list has it."""

    part: str
    name: str
    node: s.Node

    @property
    def words(self) -> str:
        """The figure as it may stand behind `with`."""
        return _in_parentheses(self.node, self.node.span.text)

    def other(self, factor: int) -> str:
        """The same with its first number times a factor."""
        text = self.node.span.text
        ask_that(_NUMBER.search(text))
        made = _NUMBER.sub(lambda found: _times(found[0], Decimal(factor)), text, count=1)
        return _in_parentheses(self.node, made)

    def halved(self) -> str:
        """The same by half, where each of its terms is a figure with its unit."""
        terms = self.node.terms if isinstance(self.node, s.Price) else ()
        figures = [term.expression for term in terms] or [self.node]
        ask_that(all(isinstance(figure, s.Quantity) for figure in figures))
        text, start = self.node.span.text, self.node.span.start
        for figure in reversed(figures):
            begin, end = figure.span.start - start, figure.span.end - start
            half = _NUMBER.sub(lambda found: _times(found[0], Decimal("0.5")), text[begin:end], count=1)
            text = text[:begin] + half + text[end:]
        return text

    def in_place(self, case: Case, words: str) -> str:
        """The text of the case with other words for the figure."""
        text, span = case.text(), self.node.span
        return text[: span.start] + words + text[span.end :]


def targets(case: Case) -> list[Target]:
    """All figures of a case that can be named: by a statement, a row, a cell, or the name of a formula."""
    file, _ = parse_rules(Source("t.tariff", case.text()))
    found = [target for number in range(len(file.declarations)) for target in _of(file, ("declarations", number))]
    named = Counter((target.part, isinstance(target.node, s.Bound)) for target in found)
    found = [t for t in found if named[t.part, isinstance(t.node, s.Bound)] == 1]  # of two rows `next 25` none is named
    ask_that(found)
    return found


def _of(file: s.File, place: tuple[str | int, ...]) -> Iterator[Target]:
    declaration = at(file, place)
    name = declaration.name.text
    if isinstance(declaration, s.Define):
        yield Target(name, name, declaration.expression)
    if not isinstance(declaration, s.Charge | s.Pool | s.Table):
        return
    for statement in declaration.statements:
        own = list(figures(statement, ()))
        alone = [type(x) for x in declaration.statements].count(type(statement)) == 1
        lasts = isinstance(statement, s.Valid) and statement.length is not None
        if not isinstance(statement, (*NOT_CHANGED, s.Define)) and len(own) == 1 and alone and not lasts:
            yield Target(f"{statement.word} of {name}", name, at(statement, own[0]))
    every = [at(file, row) for row in rows(declaration, place)]
    header = every[0].items if isinstance(declaration, s.Table) and len({len(x.items) for x in every}) > 1 else ()
    keyed = isinstance(declaration, s.Table)
    across = keyed and header and len(declaration.by) > 1 and all(len(x.items) == len(header) + 1 for x in every[1:])
    for row in every[1:] if header else every:
        if across and isinstance(row.items[0], s.Bound):
            for cell, key in zip(row.items[1:], header, strict=True):
                yield Target(f"{name}[{row.items[0].span.text}, {key.span.text}]", name, cell)
        else:
            yield from _of_row(row, name, header, keyed=keyed)


def _of_row(row: s.Row | s.SizeRow, name: str, header: tuple[s.Node, ...], *, keyed: bool) -> Iterator[Target]:
    first, *cells = row.items if isinstance(row, s.Row) else (row.size, row.price)
    bound = isinstance(first, s.Bound | s.Quantity | s.Rest) and "(" not in first.span.text
    if bound and not header and len(cells) == 1 and cells[0] is not None:
        yield Target(f"{first.span.text} of {name}", name, cells[0])
        if isinstance(first, s.Bound) and first.limit is not None:
            yield Target(f"{first.span.text} of {name}", name, first)
    elif keyed and not bound:
        for cell, column in zip(cells, header or (None,), strict=True):
            part = f"{name}[{first.span.text}]"
            yield Target(part if column is None else f"{part}.{column.span.text}", name, cell)


def _in_parentheses(node: s.Node, text: str) -> str:
    return text if isinstance(node, s.Price | s.Quantity | s.Number | s.Bound) else f"({text})"


def _times(number: str, factor: Decimal) -> str:
    return f"{(Decimal(number) * factor).normalize():f}"
