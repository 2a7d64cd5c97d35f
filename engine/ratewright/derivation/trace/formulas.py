"""What a formula read, its arithmetic, and the answer of a condition."""

from __future__ import annotations

from msgspec import Struct

from ratewright.derivation.value_texts import ValueText
from ratewright.diagnostics import Span


class Reading(Struct, frozen=True, gc=False):
    """A value that a formula read: its name in the rule file, and the value as a reader sees it.

    `how` is the arithmetic of a named formula, or which cell of a table was reached by which keys.
    """

    name: str
    told: str | ValueText
    how: Arithmetic | None = None

    @property
    def text(self) -> str:
        return str(self.told)


Told = tuple[str, str, tuple[Reading, ...], Span | None, str]


class Arithmetic:
    """A formula as written, `filled` with the values that it read, and those values.

    `span` is where it is written; of a value looked up the cell, where there is one. `price` is what a price has come
    to, in the unit that its author wrote; empty for anything else. Two are equal where they tell the same.
    """

    __slots__ = ("_told",)

    def __init__(
        self, text: str, filled: str, readings: tuple[Reading, ...], span: Span | None, price: str = ""
    ) -> None:
        self._told: Told | None = (text, filled, readings, span, price)

    def _tell(self) -> Told:
        """The text, filled, readings, span and price. A formula that was worked out makes them when first asked."""
        assert self._told is not None
        return self._told

    @property
    def text(self) -> str:
        return self._tell()[0]

    @property
    def filled(self) -> str:
        return self._tell()[1]

    @property
    def readings(self) -> tuple[Reading, ...]:
        return self._tell()[2]

    @property
    def span(self) -> Span | None:
        return self._tell()[3]

    @property
    def price(self) -> str:
        return self._tell()[4]

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Arithmetic) and self._tell() == other._tell())

    def __hash__(self) -> int:
        return hash(self._tell())

    def __reduce__(self) -> tuple[object, ...]:
        return Arithmetic, self._tell()

    def __repr__(self) -> str:
        return f"Arithmetic(text={self.text!r}, filled={self.filled!r}, readings={self.readings!r})"


class ConditionTrace(Struct, frozen=True, gc=False):
    """A `when` that was asked: the condition as written with what it read, and the answer."""

    how: Arithmetic
    holds: bool
    span: Span

    @property
    def text(self) -> str:
        return self.span.text

    @property
    def readings(self) -> tuple[Reading, ...]:
        return self.how.readings
