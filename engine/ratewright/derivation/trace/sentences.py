"""What the sentence of a line showed when the line was computed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ratewright.derivation.trace.formulas import Arithmetic
from ratewright.meaning import nodes as tree
from ratewright.values.units import Unit


class ShownTrace(Struct, frozen=True, gc=False):
    """What a name in a sentence stood for. `unit` is the one that it was declared in, None where there is none."""

    shown: tree.Shown
    value: tree.Value
    unit: Unit | None
    how: Arithmetic


class SentenceTrace(Struct, frozen=True, gc=False):
    """The sentence of a line with what it shows beside the figures of the line itself, by the names in it.

    `untold` is why it cannot be told, where something in it has no value, or none for the whole line.
    """

    sentence: tree.Sentence
    values: Mapping[str, ShownTrace]
    untold: str = ""
