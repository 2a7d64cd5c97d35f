"""Types of expressions: what a value is, before any value exists."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from ratewright.values.units import MONTH, NUMBER, SECOND, Dimension, dimension_text


class Kind(Enum):
    """The kinds of value an expression can have."""

    FIGURE = "figure"
    TEXT = "text"
    FLAG = "flag"
    INSTANT = "date"
    PERIOD = "period"
    ROWS = "rows"
    UNKNOWN = "unknown"


class Type(Struct, frozen=True):
    """A kind; for a figure its dimension, for a text its choices if only some are possible.

    `many` marks a series: several values of the kind, as one for each day.
    """

    kind: Kind
    dimension: Dimension = ()
    choices: tuple[str, ...] = ()
    many: bool = False

    def __str__(self) -> str:
        if self.many:
            return "a series of values"
        if self.kind is Kind.FIGURE:
            return dimension_text(self.dimension)
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        return {
            Kind.TEXT: "a text",
            Kind.FLAG: "on or off",
            Kind.INSTANT: "a date",
            Kind.PERIOD: "a period",
            Kind.ROWS: "the rows of a table",
            Kind.UNKNOWN: "unknown",
        }[self.kind]

    @property
    def is_number(self) -> bool:
        return self.kind is Kind.FIGURE and self.dimension == NUMBER and not self.many

    def series(self) -> Type:
        """The type of several values of this one."""
        return Type(self.kind, self.dimension, self.choices, many=True)

    def single(self) -> Type:
        """The type of one value of a series."""
        return Type(self.kind, self.dimension, self.choices)


TEXT = Type(Kind.TEXT)
FLAG = Type(Kind.FLAG)
INSTANT = Type(Kind.INSTANT)
PERIOD = Type(Kind.PERIOD)
ROWS = Type(Kind.ROWS)
UNKNOWN = Type(Kind.UNKNOWN)
PLAIN_NUMBER = Type(Kind.FIGURE, NUMBER)
DURATION = Type(Kind.FIGURE, SECOND)
MONTHS = Type(Kind.FIGURE, MONTH)


def figure(dimension: Dimension) -> Type:
    """The type of figures of a dimension."""
    return Type(Kind.FIGURE, dimension)


def fits(type_: Type, wanted: Type) -> bool:
    """Whether a value of one type may stand where another is wanted; an unknown one was reported already."""
    if wanted.kind is Kind.UNKNOWN or type_.kind is Kind.UNKNOWN:
        return True
    return type_.kind is wanted.kind and type_.dimension == wanted.dimension
