"""The appendix of quoted rules for a terminal: each line of a rule file behind its number, as far in as it is there."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.explain.document import Quoted, QuotedLine
from ratewright.explain.text.text_columns import right, wrapped

_LEAST = 16


def quoted_lines(rules: tuple[Quoted, ...], width: int) -> Iterator[str]:
    """The lines of the appendix, each at most `width` columns wide."""
    for n, quoted in enumerate(rules):
        yield from [""] if n else []
        yield from wrapped(quoted.file, width)
        numbers = len(str(quoted.lines[-1].number))
        for line in quoted.lines:
            yield from _line(line, numbers, width)


def _line(line: QuotedLine, numbers: int, width: int) -> Iterator[str]:
    text = line.text.lstrip(" ")
    inner = min(len(line.text) - len(text), max(width - numbers - 4 - _LEAST, 0))
    first, *rest = wrapped(text, width - numbers - 4 - inner)
    yield f"  {right(str(line.number), numbers)}  {' ' * inner}{first}".rstrip()
    if rest:
        inner = min(inner + 2, max(width - numbers - 4 - _LEAST, 0))
        for part in wrapped(" ".join(rest), width - numbers - 4 - inner):
            yield " " * (numbers + 4 + inner) + part
