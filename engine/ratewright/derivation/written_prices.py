"""Prices and percentages as their author wrote them: in the unit, and with the decimals, of the rule file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ratewright.derivation.seen import Seen
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind
from ratewright.meaning.walk import Identity, children
from ratewright.values.units import PERCENT, Dimension, Unit
from ratewright.values.writing import writing


class AsWritten:
    """Reads how the prices of one price list are written, figures of money for each of something, and its shares,
    which are plain numbers that are written as percentages."""

    def __init__(self, tariff: tree.Tariff) -> None:
        self._currency = tariff.currency
        self._settings = tariff.settings
        self._known: dict[Identity, Unit | None] = {}

    def is_price(self, dimension: Dimension) -> bool:
        """Whether figures of a dimension are prices, and no plain amounts of money."""
        return len(dimension) > 1 and dict(dimension).get(self._currency) == 1

    def text(self, node: tree.Expression, seen: Seen) -> str:
        """`0.20 GBP/kWh`, `50%`: the figure as it is written, where the expression has come to just that; else
        nothing."""
        asked = node.type.kind is Kind.FIGURE and (not node.type.dimension or self.is_price(node.type.dimension))
        found = _come_to(node, seen) if asked else None
        figure = found.figure if found is not None else None
        if figure is None or not figure.number:
            return ""
        between = "" if figure.unit == PERCENT else " "
        return writing().figures(f"{figure.number}{between}{figure.unit.singular}")

    def unit(self, node: tree.Expression) -> Unit | None:
        """The unit in which the first price of its kind within an expression is written; percent for a plain number
        that is made of percentages alone."""
        share = not node.type.dimension
        if not share and not self.is_price(node.type.dimension):
            return None
        holder = Identity(node)
        if holder not in self._known and share:
            self._known[holder] = PERCENT if self._is_share(node) else None
        if holder not in self._known:
            figures = (part.figure for part in _named_in(node) if isinstance(part, tree.Constant))
            units = (figure.unit for figure in figures if figure is not None and figure.number)
            alike = (unit for unit in units if unit.dimension == node.type.dimension)
            self._known[holder] = next(alike, None)
        return self._known[holder]

    def _is_share(self, node: tree.Expression) -> bool:
        """Whether every figure that an expression may come to, or is a sum of, is a percentage; 0 is one as it is."""
        return self._shares(node) == {True}

    def _shares(self, node: tree.Expression) -> set[bool]:
        match node:
            case tree.Constant(value=value, figure=figure):
                return {True} if figure is not None and figure.unit == PERCENT else set() if value == 0 else {False}
            case tree.SettingValue(name=name) if name in self._settings:
                return {self._settings[name].told_in == PERCENT}
            case tree.Defined(expression=inner) | tree.Negative(operand=inner) | tree.Rounded(operand=inner):
                return self._shares(inner)
            case tree.Choose(yes=yes, no=no):
                return self._shares(yes) | self._shares(no)
            case tree.Sum(terms=terms):
                return self._of_all(term for _, term in terms)
            case tree.Extreme(operands=operands):
                return self._of_all(operands)
            case tree.Lookup(table=table):
                cells = (cell.value for row in table.rows for cell in row.cells.values())
                return self._of_all(value for value in cells if value is not None)
        return {False}

    def _of_all(self, nodes: Iterable[tree.Expression]) -> set[bool]:
        return set().union(*map(self._shares, nodes))


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
