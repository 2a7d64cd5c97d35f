"""Text in columns: how wide it is on a terminal, and where a long line breaks."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

# Beyond these, a character may take no column or two. Two ranges: an expression of many takes 5 ms to compile.
_ODD = re.compile("[^\x00-\u02ff\u2000-\u2e7f]")


def width_of(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii() or _ODD.search(text) is None:
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


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
    line, taken = "", 0
    for word in _words(text, width):
        needed = width_of(word)
        if line and taken + 1 + needed > width:
            lines.append(line)
            line, taken = word, needed
        elif line:
            line, taken = f"{line} {word}", taken + 1 + needed
        else:
            line, taken = word, needed
    lines.append(line)
    return lines


def _words(text: str, width: int) -> list[str]:
    words: list[str] = []
    for word in text.split(" "):
        rest = word
        while width_of(rest) > width:
            end = next(n for n in range(len(rest), 0, -1) if width_of(rest[:n]) <= max(width, 2))
            words.append(rest[:end])
            rest = rest[end:]
        words.append(rest)
    return words
