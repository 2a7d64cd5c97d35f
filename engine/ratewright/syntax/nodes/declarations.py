"""Declarations, and the file that they make."""

from __future__ import annotations

from msgspec import Struct

from ratewright.syntax.nodes.expressions import Expression, Text
from ratewright.syntax.nodes.node import Name, Node
from ratewright.syntax.nodes.parts import Kind, Row, UnitName
from ratewright.syntax.nodes.statements import Statement


class Translation(Node, frozen=True):
    """A title in another language, by the name of that: `de "Foto-API"`."""

    language: str
    text: Text


class Title(Node, frozen=True):
    """What bills call something, in the language of the file and in others."""

    text: str
    others: tuple[Translation, ...] = ()


class Declaration(Node, frozen=True):
    """A block with a name. `word` is the keyword it starts with."""

    word: str
    name: Name
    title: Title | Text | None
    statements: tuple[Statement, ...]


class Tariff(Declaration, frozen=True):
    pass


class UnitDeclaration(Declaration, frozen=True):
    plural: Name | None = None
    formula: Expression | None = None


class Setting(Declaration, frozen=True):
    kind: Kind | None = None
    default: Expression | None = None


class Table(Declaration, frozen=True):
    """A lookup. `by` names its keys, `unit` is what its bare numbers are in."""

    by: tuple[Name, ...] = ()
    unit: UnitName | None = None
    rows: tuple[Row, ...] = ()


class Define(Declaration, frozen=True):
    """A named formula: at the top, or a step inside a meter, a pool or a line."""

    expression: Expression | None = None


class Meter(Declaration, frozen=True):
    pass


class Pool(Declaration, frozen=True):
    pass


class Charge(Declaration, frozen=True):
    """A line of the bill: `word` is charge, discount or tax."""


class Deduct(Declaration, frozen=True):
    """`name` is the meter, line or sum; each rank holds the sources that share it.

    `order` says which usage is served first within a period.
    """

    ranks: tuple[tuple[Name, ...], ...] = ()
    order: tuple[Name, ...] = ()


class LimitDeclaration(Declaration, frozen=True):
    pass


class Example(Declaration, frozen=True):
    pass


class File(Struct, frozen=True):
    """A rule file that was read: its declarations in order, without those that were broken.

    `lost` are the names that the broken ones would have declared.
    """

    declarations: tuple[Declaration, ...]
    lost: frozenset[str] = frozenset()
    broken: bool = False
