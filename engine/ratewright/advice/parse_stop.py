"""Where the parser could not go on: what it met, and what could have stood there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ratewright.advice.words import keywords
from ratewright.diagnostics import Diagnostic, Source, Span

_BRACE = re.compile(r"[{}]")
_HAS_ROWS = re.compile(r"\b(?:table|volume|graduated|sizes|use)\b")
_ENOUGH = 500  # characters of a line that a remedy may look at: some of its expressions try every word
_FIRST_WORD = re.compile(r"[a-z]+")
_LAST_WORD = re.compile(r"([A-Za-z_]\w*)\W*$")


@dataclass(frozen=True)
class Slip:
    """What the parser met: `text` at `start`, where one of `expected` should stand. `begin` is the declaration's."""

    source: Source
    begin: int
    start: int
    text: str
    expected: frozenset[str]
    words: dict[str, str] = field(repr=False)

    @property
    def line_before(self) -> str:
        """The line up to here; of a very long one its end."""
        begin = self.source.text.rfind("\n", 0, self.start) + 1
        return self.source.text[max(begin, self.start - _ENOUGH) : self.start]

    @property
    def begin_text(self) -> str:
        """The declaration up to here."""
        return self.source.text[self.begin : self.start]

    @property
    def line_after(self) -> str:
        """The line from here on; of a very long one its beginning."""
        return self.source.text[self.start : self.start + _ENOUGH].split("\n")[0]

    @property
    def word_before(self) -> str:
        """The word that stands before this one on the line, if one does."""
        found = _LAST_WORD.search(self.line_before)
        return found.group(1) if found else ""

    @property
    def block(self) -> str:
        """The word that the declaration starts with."""
        found = _FIRST_WORD.match(self.begin_text)
        return found.group() if found else ""

    @property
    def in_rows(self) -> bool:
        """Whether this is in the rows of a table."""
        depth = 0
        for brace in reversed([*_BRACE.finditer(self.source.text, self.begin, self.start)]):
            depth += 1 if brace.group() == "{" else -1
            if depth > 0:
                head = self.source.text[max(self.begin, brace.start() - _ENOUGH) : brace.start()]
                return bool(_HAS_ROWS.search(re.split(r"[{};\n]", head)[-1]))
        return False

    @property
    def line_ends(self) -> bool:
        return self.text.startswith(("\n", "\r", ";", "#")) or not self.text

    @property
    def keywords(self) -> list[str]:
        """The keywords that could stand here."""
        return keywords(self.expected, self.words)

    def span(self, length: int | None = None) -> Span:
        width = 1 if self.line_ends else len(self.text)
        return Span(self.source, self.start, self.start + (length or width))

    def finding(self, code: str, message: str, help: str, length: int | None = None) -> Diagnostic:
        return Diagnostic(code, message, self.span(length), help)
