"""In which of a list's currencies a figure stands: what a contract says in one leaves the list's in the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from ratewright.contracts.figures import text_of
from ratewright.contracts.places import fields_of
from ratewright.syntax import nodes as s

_WORD = re.compile(r"\w+")


class Currency(Struct, frozen=True):
    """The currency of an account among the `known` ones of its list."""

    code: str
    known: frozenset[str]

    def has(self, figure: s.Node) -> bool:
        """Whether a figure has an amount in it, by what its own words say."""
        return self.code in _said_in(figure, self.known)

    def text(self, figure: s.Node) -> str:
        """A figure as it is written: of amounts in several currencies the one in this."""
        inside = figure.terms[0].expression if isinstance(figure, s.Price) and len(figure.terms) == 1 else figure
        if isinstance(inside, s.AnyOf) and inside.span == figure.span:
            own = [part for part in inside.parts if self.has(part)]
            if len(own) == 1:
                return text_of(own[0])
        return text_of(figure)


def _said_in(node: s.Node, known: frozenset[str]) -> frozenset[str]:
    """The currencies in which a node has an amount: all where it says none."""
    if isinstance(node, s.Quantity):
        return known.intersection(_WORD.findall(node.unit.text)) or known
    parts = [_said_in(part, known) for part in _parts(node)]
    if isinstance(node, s.AnyOf):
        return frozenset().union(*parts)
    return known.intersection(*parts)


def _parts(node: s.Node) -> Iterator[s.Node]:
    """The nodes directly below a node."""
    waiting = [getattr(node, name) for name in fields_of(type(node))]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, tuple):
            waiting += item
        elif isinstance(item, s.Node):
            yield item
