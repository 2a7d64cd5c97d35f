"""Errors as data: a code, a severity, a place in the text, a message and its remedy.

Every stage returns diagnostics; only the command line prints them, through `draw`. Messages are lower
case without a full stop, the user's own words stand in backticks, and the remedy stands apart in `help`.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar

from msgspec import Struct

from ratewright.limits import DEFAULT


class Severity(Enum):
    """How much a diagnostic weighs. Errors stop the work; warnings and notes do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class CodeTable(dict[str, tuple[str, str]]):
    """The codes of a folder, each with its title and one sentence that explains it."""

    def has(self, code: str, title: str, explanation: str) -> str:
        """Note a code, which is given back for its constant."""
        self[code] = (title, explanation)
        return code


@dataclass(frozen=True)
class Source:
    """A text with the name its reader knows it by. Lines and columns are counted from 1."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        position = find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = find("\n", position + 1)
        return starts

    def line_of(self, offset: int) -> int:
        """The number of the line that holds the character at `offset`."""
        return bisect_right(self._line_starts, offset)

    def column_of(self, offset: int) -> int:
        """The column of the character at `offset`, counted in characters."""
        return offset - self._line_starts[self.line_of(offset) - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` without its line end; empty if there is none."""
        if not 1 <= number <= len(self._line_starts):
            return ""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end].rstrip("\r")


class Span(Struct, frozen=True):
    """A stretch of a source, `[start, end)` in characters."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.source.line_of(self.start)

    @property
    def column(self) -> int:
        return self.source.column_of(self.start)

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def place(self) -> str:
        """`file:line`, as a reader would look it up."""
        return f"{self.source.name}:{self.line}"


def line_span(source: Source, line: int) -> Span:
    """The span of a whole line, for readers that know only the line."""
    start = source._line_starts[line - 1] if 1 <= line <= len(source._line_starts) else 0
    return Span(source, start, start + len(source.line(line)))


class Diagnostic(Struct, frozen=True):
    """One finding. `span` is None only where no text is at hand, as for a file that cannot be read."""

    code: str
    message: str
    span: Span | None = None
    help: str = ""
    severity: Severity = Severity.ERROR
    related: tuple[tuple[str, Span], ...] = ()
    file: str = ""

    @property
    def place(self) -> str:
        if self.span is None:
            return self.file
        return f"{self.span.source.name}:{self.span.line}:{self.span.column}"


class RatewrightError(Exception):
    """Raised by the Python API when input cannot be used; carries the diagnostics, errors first."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("\n".join(draw(d) for d in self.diagnostics[: DEFAULT.diagnostics]))


def errors_in(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Only those that stop the work."""
    return tuple(d for d in diagnostics if d.severity is Severity.ERROR)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """By file and place, so that a reader walks the file once and two runs print the same."""
    return sorted(diagnostics, key=_place_key)


def _place_key(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
    span = diagnostic.span
    return (
        span.source.name if span else diagnostic.file,
        span.start if span else -1,
        diagnostic.code,
        diagnostic.message,
    )


def visible(text: str) -> str:
    """The text with control and bidirectional characters made visible as `<U+202E>`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() and unicodedata.category(c) != "Cf" else f"<U+{ord(c):04X}>" for c in text)


_WIDEST_QUOTE = 160


def draw(diagnostic: Diagnostic, paint: Painter | None = None) -> str:
    """The diagnostic as a reader sees it: message, place, quoted line with caret, remedy."""
    paint = paint or Painter()
    head = paint.severity(diagnostic.severity, f"{diagnostic.severity.value}[{diagnostic.code}]")
    lines = [f"{head}: {visible(diagnostic.message)}"]
    if diagnostic.span is not None:
        lines += _quote(diagnostic.span, paint)
    elif diagnostic.file:
        lines.append(f"  --> {visible(diagnostic.file)}")
    for note, span in diagnostic.related:
        lines += [f"  {visible(note)}:", *_quote(span, paint)]
    if diagnostic.help:
        lines.append(f"  {paint.strong('help')}: {visible(diagnostic.help)}")
    return "\n".join(lines)


def _quote(span: Span, paint: Painter) -> list[str]:
    source, line, column = span.source, span.line, span.column
    text = source.line(line).expandtabs(1)
    length = max(1, min(span.end, span.start + len(text) - column + 1) - span.start)
    first = max(0, column - 1 - _WIDEST_QUOTE // 2) if len(text) > _WIDEST_QUOTE else 0
    shown = text[first : first + _WIDEST_QUOTE]
    before = visible(shown[: column - 1 - first])
    marked = visible(shown[column - 1 - first : column - 1 - first + length])
    gutter = " " * len(str(line))
    return [
        f"{gutter} --> {visible(source.name)}:{line}:{column}",
        f"{gutter} |",
        f"{line} | {'…' if first else ''}{visible(shown)}",
        f"{gutter} | {' ' * (len(before) + bool(first))}{paint.caret('^' * max(1, len(marked)))}",
    ]


class Painter:
    """Colours for a terminal; this one adds none."""

    def severity(self, severity: Severity, text: str) -> str:
        return text

    def caret(self, text: str) -> str:
        return text

    def strong(self, text: str) -> str:
        return text


class AnsiPainter(Painter):
    """Colours by ANSI codes."""

    _CODES: ClassVar = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}

    def severity(self, severity: Severity, text: str) -> str:
        return f"\x1b[{self._CODES[severity]}m{text}\x1b[0m"

    def caret(self, text: str) -> str:
        return f"\x1b[1;31m{text}\x1b[0m"

    def strong(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m"


def as_data(diagnostic: Diagnostic) -> dict[str, Any]:
    """The diagnostic for machines; the shape is described in docs/diagnostics.md."""
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": span.source.name if span else diagnostic.file,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.source.line_of(max(span.start, span.end - 1)) if span else None,
        "quote": span.source.line(span.line) if span else None,
        "related": [{"message": m, "file": s.source.name, "line": s.line} for m, s in diagnostic.related],
    }


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """`did you mean `x`?` for the closest known name, or nothing."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else ""
