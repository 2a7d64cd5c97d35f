"""What the sentence of a line showed when the line was computed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ratewright.derivation.trace.formulas import Arithmetic
from ratewright.diagnostics import Diagnostic
from ratewright.meaning import nodes as tree
from ratewright.values.units import Unit


class ShownTrace(Struct, frozen=True, gc=False):
    """What a name in a sentence stood for. `unit` is the one that it was declared in, None where there is none."""

    shown: tree.Shown
    value: tree.Value
    unit: Unit | None
    how: Arithmetic


class NoValueTrace(Struct, frozen=True, gc=False):
    """Why a name in a sentence has no value, or none for the whole line: `scaled`, a contract changes the price behind
    its row; `unpriced`, no price was looked up; or the `finding` of its formula."""

    why: str
    finding: Diagnostic | None = None


class SentenceTrace(Struct, frozen=True, gc=False):
    """The sentence of a line with what it shows beside the figures of the line itself, by the names in it.

    `without` says of names why they have no value, or none for the whole line: where one stands in the sentence, it is
    not told. Its `sentence` may stand in several languages, each with names of its own.
    """

    sentence: tree.Sentence
    values: Mapping[str, ShownTrace]
    without: Mapping[str, NoValueTrace] = {}

    def untold(self, language: str) -> NoValueTrace | None:
        """Why the sentence cannot be told in a language; None where it can."""
        if not self.without:
            return None
        names = self.sentence.told_in(language).names
        return next((self.without[name] for name in names if name in self.without), None)
