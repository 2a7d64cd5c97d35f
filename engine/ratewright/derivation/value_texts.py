"""Values as a reader sees them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from msgspec import Struct
from whenever import Instant

from ratewright.meaning.types import Kind, Type
from ratewright.values.calendar import Calendar, moment_text
from ratewright.values.exact import grouped
from ratewright.values.money import amount_text, minor_digits
from ratewright.values.units import SECOND, Unit, quantity_text
from ratewright.values.writing import writing


class ValueText(Struct, frozen=True):
    """A value that was read before anybody asked for its text, which is made when it is told."""

    value: object
    type: Type
    unit: Unit | None
    calendar: Calendar

    def __str__(self) -> str:
        return value_text(self.value, self.type, self.unit, self.calendar)


class LateText:
    """The text of a value that is made when it is told, each time as it is written then."""

    __slots__ = ("_made",)

    def __init__(self, made: Callable[[], str]) -> None:
        self._made = made

    def __str__(self) -> str:
        return self._made()

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __reduce__(self) -> tuple[object, ...]:
        return str, (str(self),)


def value_text(value: object, type_: Type, unit: Unit | None, calendar: Calendar) -> str:
    """A value in words: `on`, `pro`, `9,950 pics`, `796.00 USD`, `2026-03-01`; `never` for what has no end."""
    if isinstance(value, str):
        return value
    if value.__class__ is not int:  # by far the most common beside texts
        if isinstance(value, bool):
            return writing().value("on" if value else "off")
        if isinstance(value, Instant):
            return writing().value("never") if value == Instant.MAX else moment_text(value, calendar)
    if not isinstance(value, int | Fraction):
        raise TypeError(type(value).__name__)
    if unit is not None:
        return quantity_text(value, unit)
    if type_.kind is Kind.FIGURE and len(type_.dimension) == 1 and type_.dimension[0][1] == 1:
        base = type_.dimension[0][0]
        if minor_digits(base) is not None:
            return amount_text(value, base)
        plural = "seconds" if type_.dimension == SECOND else base
        return writing().quantity(grouped(value), plural)
    return grouped(value)
