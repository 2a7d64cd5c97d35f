"""Collecting what is wrong while a tree is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ratewright.diagnostics import Diagnostic, Severity, Span, did_you_mean
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as n

_MOST_NAMES = 500
"""Among how many names a close one is looked for."""


class Report:
    """The diagnostics of one file so far.

    `lost` are names whose declaration could not be read: what is wrong with them was said there, and
    nothing complains of missing them. `declared` are all names with the word of their declaration.
    """

    def __init__(self, lost: Iterable[str] = (), declared: Mapping[str, str] | None = None) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.lost = set(lost)
        self._said: set[tuple[str, str, int]] = set()
        self.declared = declared or {}

    @property
    def full(self) -> bool:
        """Whether there are as many diagnostics as are shown."""
        return len(self.diagnostics) >= DEFAULT.diagnostics

    def close(self, word: str, known: Sequence[str]) -> str:
        """`did you mean `x`?`, as long as somebody may read so far: to look costs time, and known names are many."""
        return "" if self.full else did_you_mean(word, known[:_MOST_NAMES])

    def padded(self, text: str, span: Span, code: str, what: str) -> None:
        """Report a text that begins or ends with blank space: what data say is read without, so it is never equal."""
        if text != text.strip():
            message = f"{what} `{text}` begins or ends with a space, and what data say is read without"
            self.error(code, message, span, f'write "{text.strip()}"')

    def missing_price(self, what: str, price: n.NoPrice) -> None:
        """Note a price that the list does not have in one of its currencies: what it is for is not sold there."""
        message = f"{what} has no price in {price.currency}, and is not sold in it"
        help = f"if it is sold, write `{price.span.text} or … {price.type}`"
        self._add(Diagnostic("C112", message, price.span, help, Severity.NOTE))

    def error(
        self, code: str, message: str, span: Span, help: str = "", related: tuple[tuple[str, Span], ...] = ()
    ) -> None:
        """Report what is wrong."""
        self._add(Diagnostic(code, message, span, help, Severity.ERROR, related))

    def _add(self, found: Diagnostic) -> None:
        said = (found.code, found.message, found.span.start if found.span is not None else 0)
        if said not in self._said:  # a formula is read wherever it is used
            self._said.add(said)
            self.diagnostics.append(found)
