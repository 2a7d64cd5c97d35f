"""Figures that a contract puts in place of the list's: another kind of node, or the same times a factor."""

from __future__ import annotations

from typing import TypeVar

from msgspec.structs import replace

from ratewright.diagnostics import Source, Span
from ratewright.printing.expression_text import Level, expression_text
from ratewright.printing.parts import price_text
from ratewright.syntax import nodes as s
from ratewright.syntax.parser import parse_price
from ratewright.values.exact import Exact, exact

F = TypeVar("F", bound=s.Node)


def text_of(node: s.Node) -> str:
    """A figure as it is written, in one line; of a declaration its first words."""
    text = " ".join(node.span.text.split())
    return text if not isinstance(node, s.Declaration) else text.partition("{")[0].strip()


def as_formula(price: s.Price) -> s.Expression | None:
    """A price as a formula; None where it is none: `not sold`, or by the block."""
    if not price.terms or any(term.block is not None for term in price.terms):
        return None
    if len(price.terms) == 1:
        return price.terms[0].expression
    return s.Sum(price.span, tuple(("+", term.expression) for term in price.terms))


def scaled(figure: s.Node, factor: Exact, said: Span) -> s.Node | None:
    """A figure times a factor that is `said` somewhere: read from the text that says it, at that place.

    So whatever tells of it by its words has words that are right. None where the figure has more decimals than can be
    written.
    """
    product = _times(figure, factor)
    text = price_text(product) if isinstance(product, s.Price) else _as_term(product)
    before = "\n" * (said.line - 1)
    price, problems = parse_price(Source(said.source.name, before + text), len(before))
    if price is None or problems:
        return None
    if isinstance(figure, s.Price):
        return price
    formula = as_formula(price)
    assert formula is not None
    return formula


def _as_term(figure: s.Node) -> str:
    assert isinstance(figure, s.Expression)
    return expression_text(figure, Level.PRODUCT)


def _times(figure: F, factor: Exact) -> F | s.Product | s.AnyOf:
    match figure:
        case s.Price(terms=terms):
            return replace(figure, terms=tuple(replace(t, expression=_times(t.expression, factor)) for t in terms))
        case s.Number(value=value) | s.Quantity(value=value):
            return replace(figure, value=exact(value * factor))
        case s.Product(factors=(("*", s.Quantity() as first), *rest)):
            return replace(figure, factors=(("*", _times(first, factor)), *rest))
        case s.AnyOf(parts=parts) | s.Group(inner=s.AnyOf(parts=parts)):  # an amount in each currency
            return s.AnyOf(figure.span, tuple(_times(part, factor) for part in parts))
    assert isinstance(figure, s.Expression)
    whole = figure if isinstance(figure, s.Group | s.Call) else s.Group(figure.span, figure)
    return s.Product(figure.span, (("*", whole), ("*", s.Number(figure.span, factor))))
