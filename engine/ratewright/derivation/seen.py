"""What was seen while a formula was worked out: the observer whose sight becomes a derivation."""

from __future__ import annotations

from typing import Any

from ratewright.formula.observer import Many, Observer, Taken
from ratewright.meaning import nodes as tree
from ratewright.pricing.forms import Part

_CELL, _PLACE, _PARTS, _TAKEN = "cell", "place", "parts", "taken"


class Seen(dict[Any, Any], Observer):
    """Keeps the value of each node that was passed, the branches turned to, the cells reached, and what was taken.

    It speaks of the nodes of one formula, which must live as long as it does. It is a mapping itself, for there may be
    one for each record of a bill: values are under the identity of their node, what else was seen beside it.
    """

    __slots__ = ()

    def passed(self, node: tree.Expression, value: Any) -> None:
        self[id(node)] = value

    def turned(self, node: tree.Expression, part: tree.Expression) -> None:
        self[id(node), id(part)] = True

    def reached(self, node: tree.Lookup, cell: tree.Cell, place: tree.TableKey) -> None:
        self[id(node), _CELL] = cell
        self[id(node), _PLACE] = place

    def chose(self, node: tree.RowsOf, rows: tuple[tree.Tier, ...], place: tree.TableKey) -> None:
        self[id(node), _PLACE] = place

    def priced(self, node: tree.Priced, parts: tuple[Part, ...]) -> None:
        self[id(node), _PARTS] = parts

    def took(self, node: tree.Aggregate, taken: Taken) -> None:
        self[id(node), _TAKEN] = taken

    def knows(self, node: tree.Expression) -> bool:
        """Whether a node was passed."""
        return id(node) in self

    def value(self, node: tree.Expression) -> Any:
        """What a node that was passed came to."""
        return node.value if isinstance(node, tree.Constant) else self[id(node)]

    def branch(self, node: tree.Choose) -> tree.Expression:
        """The branch that a choice turned to."""
        return node.yes if (id(node), id(node.yes)) in self else node.no

    def asked(self, node: tree.AllOf | tree.AnyOf) -> tuple[tree.Expression, ...]:
        """The members of `and` or `or` that were asked, until one decided."""
        return tuple(member for member in node.parts if (id(node), id(member)) in self)

    def cell(self, node: tree.Lookup) -> tree.Cell:
        """The cell that a lookup reached."""
        found: tree.Cell = self[id(node), _CELL]
        return found

    def by_else(self, node: tree.Lookup | tree.RowsOf) -> tuple[bool, ...]:
        """For each key of a lookup whether no row names it, so that `else` holds it."""
        place: tree.TableKey = self[id(node), _PLACE]
        rest = tuple(part is tree.Rest.ELSE for part in place)
        return (False,) * (len(node.keys) - len(rest)) + rest

    def parts(self, node: tree.Priced) -> tuple[Part, ...]:
        """What each row came to that a quantity was priced at; none of a quantity of 0."""
        found: tuple[Part, ...] = self.get((id(node), _PARTS), ())
        return found

    def taken(self, node: tree.Aggregate) -> Taken | None:
        """What an aggregation took of its members, where it told."""
        found: Taken | None = self.get((id(node), _TAKEN))
        return found

    def series(self, node: tree.Expression) -> Many:
        """The values of a series, with what each is of."""
        found = self[id(node)]
        return found if isinstance(found, Many) else Many(found)
