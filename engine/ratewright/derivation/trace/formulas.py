"""What a formula read, its arithmetic, and the answer of a condition."""

from __future__ import annotations

from msgspec import Struct

from ratewright.diagnostics import Span


class Reading(Struct, frozen=True):
    """A value that a formula read: its name in the rule file, and the value as a reader sees it.

    `how` is the arithmetic of a named formula, or which cell of a table was reached by which keys.
    """

    name: str
    text: str
    how: Arithmetic | None = None


class Arithmetic(Struct, frozen=True):
    """A formula as written, `filled` with the values that it read, and those values.

    `span` is where it is written; of a value looked up the cell, where there is one.
    """

    text: str
    filled: str
    readings: tuple[Reading, ...]
    span: Span | None


class ConditionTrace(Struct, frozen=True):
    """A `when` that was asked: the condition as written, what it read, and the answer."""

    text: str
    readings: tuple[Reading, ...]
    holds: bool
    span: Span
