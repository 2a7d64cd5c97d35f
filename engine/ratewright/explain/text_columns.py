"""Text in columns: how wide it is on a terminal, and where a long line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import combining, east_asian_width

# Beyond these, a character may take no column or two. Two ranges: an expression of many takes 5 ms to compile.
_ODD = re.compile("[^\x00-\u02ff\u2000-\u2e7f]")


def width_of(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii() or _ODD.search(text) is None:
        return len(text)
    return sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    return 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1


def left(text: str, width: int) -> str:
    """The text, filled up to `width` on its right."""
    return text + " " * (width - width_of(text))


def right(text: str, width: int) -> str:
    """The text, filled up to `width` on its left."""
    return " " * (width - width_of(text)) + text


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns; a word that is longer is cut."""
    if len(text) <= width and width_of(text) <= width:
        return [text]
    lines: list[str] = []
    line: list[str] = []
    taken = 0
    for word, needed in _words(text, width):
        if line and taken + 1 + needed > width:
            lines.append(" ".join(line))
            line = []
        if line:
            line.append(word)
            taken += 1 + needed
        else:
            line, taken = [word] if word else [], needed
    lines.append(" ".join(line))
    return lines


def _words(text: str, width: int) -> Iterator[tuple[str, int]]:
    """The words with the columns that each takes; a longer one in parts, each of as many columns as there are."""
    for word in text.split(" "):
        needed = width_of(word)
        if needed <= width:
            yield word, needed
        else:
            yield from _parts(word, max(width, 2))


def _parts(word: str, width: int) -> Iterator[tuple[str, int]]:
    """A word that is too long, cut. Each character is looked at once; a mark stays with what it marks."""
    start = taken = 0
    for position, character in enumerate(word):
        needed = _columns_of(character)
        if taken + needed > width:
            yield word[start:position], taken
            start, taken = position, 0
        taken += needed
    yield word[start:], taken
