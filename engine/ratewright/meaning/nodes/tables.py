"""Tables as they are looked up in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from ratewright.meaning.nodes.node import Expression, Node, Value
from ratewright.meaning.nodes.prices import Bound


class Rest(Enum):
    """In the place of a key: every value that no row names there."""

    ELSE = "else"

    def __str__(self) -> str:
        return self.value


TableKey = tuple[Value | Rest, ...]
"""What leads to a cell, in the order of `by`."""


class Cell(Node, frozen=True):
    """A value of a table; None where it is not sold."""

    value: Expression | None


class LookupRow(Node, frozen=True):
    """The cells of a range by their other keys; `bound` is None in a table without ranges."""

    bound: Bound | None
    cells: Mapping[TableKey, Cell]


class LookupColumn(Node, frozen=True):
    """A table as it is looked up in: by a range if `ranged`, then by the other keys. `by` names them all.

    `column` is the column that is read, where the table names several.
    """

    name: str
    by: tuple[str, ...]
    ranged: bool
    column: str
    rows: tuple[LookupRow, ...]
