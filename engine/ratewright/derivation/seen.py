"""What was seen while a formula was worked out: the observer whose sight becomes a derivation."""

from __future__ import annotations

from typing import Any

from ratewright.formula.observer import Many, Observer, Taken
from ratewright.meaning import nodes as tree


class Seen(Observer):
    """Keeps the value of each node that was passed, the branches turned to, the cells reached, and what was taken.

    It speaks of the nodes of one formula, which must live as long as it does.
    """

    __slots__ = ("_beside", "_values")

    def __init__(self) -> None:
        self._values: dict[int, Any] = {}
        self._beside: dict[Any, Any] = {}

    def passed(self, node: tree.Expression, value: Any) -> None:
        self._values[id(node)] = value

    def turned(self, node: tree.Expression, part: tree.Expression) -> None:
        self._beside[id(node), id(part)] = True

    def reached(self, node: tree.Lookup, cell: tree.Cell) -> None:
        self._beside[id(node)] = cell

    def took(self, node: tree.Aggregate, taken: Taken) -> None:
        self._beside[id(node)] = taken

    def knows(self, node: tree.Expression) -> bool:
        """Whether a node was passed."""
        return id(node) in self._values

    def value(self, node: tree.Expression) -> Any:
        """What a node that was passed came to."""
        return self._values[id(node)]

    def branch(self, node: tree.Choose) -> tree.Expression:
        """The branch that a choice turned to."""
        return node.yes if (id(node), id(node.yes)) in self._beside else node.no

    def asked(self, node: tree.AllOf | tree.AnyOf) -> tuple[tree.Expression, ...]:
        """The members of `and` or `or` that were asked, until one decided."""
        return tuple(member for member in node.parts if (id(node), id(member)) in self._beside)

    def cell(self, node: tree.Lookup) -> tree.Cell:
        """The cell that a lookup reached."""
        found: tree.Cell = self._beside[id(node)]
        return found

    def taken(self, node: tree.Aggregate) -> Taken | None:
        """What an aggregation took of its members, where it told."""
        found: Taken | None = self._beside.get(id(node))
        return found

    def series(self, node: tree.Expression) -> Many:
        """The values of a series, with what each is of."""
        found = self._values[id(node)]
        return found if isinstance(found, Many) else Many(found)
