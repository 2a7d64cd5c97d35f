"""Prices as their author wrote them: in the unit, and with the decimals, of the rule file."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.derivation.seen import Seen
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import Identity, children
from ratewright.values.units import Dimension, Unit
from ratewright.values.writing import writing


class AsWritten:
    """Reads how the prices of one price list are written: figures of money for each of something."""

    def __init__(self, tariff: tree.Tariff) -> None:
        self._currency = tariff.currency
        self._known: dict[Identity, Unit | None] = {}

    def is_price(self, dimension: Dimension) -> bool:
        """Whether figures of a dimension are prices, and no plain amounts of money."""
        return len(dimension) > 1 and dict(dimension).get(self._currency) == 1

    def text(self, node: tree.Expression, seen: Seen) -> str:
        """`0.20 GBP/kWh`: the price as it is written, where the expression has come to just that; else nothing."""
        found = _come_to(node, seen) if self.is_price(node.type.dimension) else None
        figure = found.figure if found is not None else None
        written = f"{figure.number} {figure.unit.singular}" if figure is not None and figure.number else ""
        return writing().figures(written)

    def unit(self, node: tree.Expression) -> Unit | None:
        """The unit in which the first price of its kind within an expression is written."""
        if not self.is_price(node.type.dimension):
            return None
        holder = Identity(node)
        if holder not in self._known:
            figures = (part.figure for part in _named_in(node) if isinstance(part, tree.Constant))
            units = (figure.unit for figure in figures if figure is not None and figure.number)
            alike = (unit for unit in units if unit.dimension == node.type.dimension)
            self._known[holder] = next(alike, None)
        return self._known[holder]


def _named_in(node: tree.Expression) -> Iterator[tree.Expression]:
    """The node and what it is made of; of a table the cells before the keys, which are no prices."""
    yield node
    for child in reversed(children(node)) if isinstance(node, tree.Lookup) else children(node):
        yield from _named_in(child)


def _come_to(node: tree.Expression, seen: Seen) -> tree.Constant | None:
    """The figure of the rule file that an expression has come to, if it is one as it stands."""
    match node:
        case tree.Constant():
            return node
        case tree.Defined(expression=inner):
            return _come_to(inner, seen)
        case tree.Choose():
            return _come_to(seen.branch(node), seen)
        case tree.Lookup():
            value = seen.cell(node).value
            return _come_to(value, seen) if value is not None else None
    return None
