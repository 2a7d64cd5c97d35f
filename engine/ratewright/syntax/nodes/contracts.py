"""The statements of contracts: whose they are, and what differs from the list that they name."""

from __future__ import annotations

from ratewright.syntax.nodes.declarations import Declaration
from ratewright.syntax.nodes.expressions import Lookup, Number, Percent, Quantity, Time
from ratewright.syntax.nodes.node import Name, Node
from ratewright.syntax.nodes.parts import Bound, Price, Rest
from ratewright.syntax.nodes.statements import Statement


class Contract(Declaration, frozen=True):
    """What differs from a price list. The other declarations of its file are added to that list."""


class Base(Statement, frozen=True):
    """`list NAME`, followed, or pinned to the version that held on `day`."""

    name: Name
    day: Time | None

    @property
    def word(self) -> str:
        return "list"


class Holders(Statement, frozen=True):
    """`for acme, "acme eu"`: the accounts whose contract it is."""

    accounts: tuple[Name, ...]

    @property
    def word(self) -> str:
        return "for"


class Target(Node, frozen=True):
    """What a contract speaks of: `part` of the declaration `name`, the whole of it, or a cell of a table.

    `part` is the word of a statement or the name of a step, the bound or the size of a row, `else`, or the
    keys of a cell; `row` is the bound before those: `price[up to 10, a]`.
    """

    name: Name
    part: Name | Bound | Quantity | Rest | Lookup | None
    row: Bound | None = None


class Replace(Statement, frozen=True):
    target: Target
    part: Bound | Price


class Scale(Statement, frozen=True):
    target: Target
    factor: Number | Percent


class Drop(Statement, frozen=True):
    name: Name


class Factors(Statement, frozen=True):
    """How factors that meet act together: `way` is `compound`, `add` or `largest`."""

    way: Name
