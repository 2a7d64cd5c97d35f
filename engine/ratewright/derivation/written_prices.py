"""Prices as their author wrote them: in the unit, and with the decimals, of the rule file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ratewright.diagnostics import Span
from ratewright.formula.interpreter import REACHED, evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import Identity, children
from ratewright.values.exact import exact
from ratewright.values.units import Dimension, Unit

Values = Mapping[str, Any]
_FIGURE = re.compile(r"([\d.,]*\d)\s*([A-Za-z_](?:[\w\s*/]|\d[.,](?=\d))*)")
_WORD = re.compile(r"[A-Za-z_]\w*")


class AsWritten:
    """Reads how the prices of one price list are written: figures of money for each of something."""

    def __init__(self, tariff: tree.Tariff) -> None:
        self._currency = tariff.currency
        self._units = tariff.units
        self._known: dict[Identity, Unit | None] = {}

    def is_price(self, dimension: Dimension) -> bool:
        """Whether figures of a dimension are prices, and no plain amounts of money."""
        return len(dimension) > 1 and dict(dimension).get(self._currency) == 1

    def text(self, node: tree.Expression, values: Values) -> str:
        """`0.20 GBP/kWh`: the price as it is written, where the expression has come to just that; else nothing."""
        found = _come_to(node, values) if self.is_price(node.type.dimension) else None
        parts = _parts(found, self._units) if found is not None else None
        return " ".join(parts) if parts is not None else ""

    def unit(self, node: tree.Expression) -> Unit | None:
        """The unit in which the first price of its kind within an expression is written."""
        if not self.is_price(node.type.dimension):
            return None
        holder = Identity(node)
        if holder not in self._known:
            units = (self._of_constant(part) for part in _named_in(node) if isinstance(part, tree.Constant))
            alike = (unit for unit in units if unit is not None and unit.dimension == node.type.dimension)
            self._known[holder] = next(alike, None)
        return self._known[holder]

    def _of_constant(self, node: tree.Constant) -> Unit | None:
        parts = _parts(node, self._units)
        if parts is None or not self.is_price(node.type.dimension):
            return None
        number, name = parts
        written = Fraction(number.replace(",", ""))
        if written == 0 or isinstance(node.value, bool) or not isinstance(node.value, int | Fraction):
            return None
        return Unit(name, name, exact(node.value / written), node.type.dimension)


def _named_in(node: tree.Expression) -> Iterator[tree.Expression]:
    """The node and what it is made of; of a table the cells before the keys, which are no prices."""
    yield node
    for child in reversed(children(node)) if isinstance(node, tree.Lookup) else children(node):
        yield from _named_in(child)


def _come_to(node: tree.Expression, values: Values) -> tree.Constant | None:
    """The figure of the rule file that an expression has come to, if it is one as it stands."""
    match node:
        case tree.Constant():
            return node
        case tree.Defined(expression=inner):
            return _come_to(inner, values)
        case tree.Choose(condition=condition, yes=yes, no=no):
            return _come_to(yes if evaluate(condition, values) else no, values)
        case tree.Lookup(table=table):
            reached: set[Span] = set()
            evaluate(node, {**values, REACHED: reached})
            cells = cells_of(table)
            found = [cells[span] for span in reached if span in cells]
            value = found[0].value if len(found) == 1 else None
            return _come_to(value, values) if value is not None else None
    return None


def cells_of(table: tree.LookupColumn) -> Mapping[Span, tree.Cell]:
    """The cells of a column by where they are written."""
    return _cells_of(Identity(table))


@lru_cache(maxsize=1024)
def _cells_of(table: Identity) -> dict[Span, tree.Cell]:
    return {cell.span: cell for row in table.node.rows for cell in row.cells.values()}


def _parts(node: tree.Constant, units: Mapping[str, Unit]) -> tuple[str, str] | None:
    """The number and the unit of a constant that is written as one figure."""
    found = _FIGURE.fullmatch((node.written or node.span.text).strip())
    if found is None:
        return None
    if not all(word in units for word in _WORD.findall(found[2])):
        return None
    return found[1], " ".join(found[2].split())
