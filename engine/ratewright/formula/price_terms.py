"""A term of a price as it is written, with its figure: as numbers."""

from __future__ import annotations

from ratewright.meaning import nodes as n
from ratewright.pricing.terms import Kind, Term
from ratewright.values.exact import Exact

_KINDS = {n.UnitPrice: Kind.UNIT, n.BlockPrice: Kind.BLOCK, n.FlatAmount: Kind.ONCE}


def term_of(node: n.PriceTerm, figure: Exact) -> Term:
    """The term whose formula has come to a figure."""
    return Term(_KINDS[type(node)], node.sign * figure, node.block if isinstance(node, n.BlockPrice) else 1)
