"""Text in columns: how wide it is on a terminal, and where a long line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import combining, east_asian_width

# Beyond these, a character may take no column or two. Two ranges: an expression of many takes 5 ms to compile.
_ODD = re.compile("[^\x00-\u02ff\u2000-\u2e7f]")

_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
_NUMBER = re.compile(r"[0-9…]$")
_UNIT = re.compile(r"[A-Z]{2,3}(?![A-Za-z])")
"""A currency, or a short unit like one."""
_CURRENCY = re.compile(r"[A-Z]{3}$")
_FIGURE = re.compile(r"-?[0-9]")

_OPENS = "（《〈「『【“‘("
_CLOSES = "，。、；：！？）》〉」』】”’),.;:!?…%"


@cache
def _breaks() -> re.Pattern[str]:
    """Where a line may break within a word. Compiled when a text that is not ASCII needs it: it takes 5 ms."""
    return re.compile(
        f"(?<=[{_WIDE}])(?<![{_OPENS}])(?![{_CLOSES}]|$)|(?<![{_OPENS}])(?=[{_WIDE}])(?![{_CLOSES}])(?!^)"
    )


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


def wrapped(text: str, width: int, rest: int | None = None) -> list[str]:
    """The text in lines of at most `width` columns, all but the first of at most `rest`; a longer word is cut.

    Lines break at spaces, but not inside an amount, and between characters of two columns, as Chinese is written: but
    not before a mark that closes, nor behind one that opens.
    """
    if len(text) <= width and width_of(text) <= width:
        return [text]
    room = width
    lines: list[str] = []
    line, taken = "", 0
    for piece, needed, space in _pieces(text, min(width, rest or width)):
        if line and taken + space + needed > room:
            lines.append(line)
            line, taken, room = "", 0, rest or width
        if line and space:
            line, taken = f"{line} ", taken + 1
        line, taken = line + piece, taken + needed
    lines.append(line)
    return lines


def _pieces(text: str, width: int) -> Iterator[tuple[str, int, int]]:
    """What a line is made of, with the columns that each takes and those of the space before it. What is wider than a
    line is in parts, each of as many columns as there are."""
    for number, word in enumerate(_words(text, width)):
        space = 1 if number else 0
        for unbroken in [word] if word.isascii() else _breaks().split(word):
            needed = width_of(unbroken)
            for part, columns in [(unbroken, needed)] if needed <= width else _parts(unbroken, max(width, 2)):
                yield part, columns, space
                space = 0


def _words(text: str, width: int) -> list[str]:
    """The words of a text; a number with its currency is one, unless it is wider than a line."""
    words: list[str] = []
    for word in text.split(" "):
        last = words[-1] if words else ""
        amount = (_UNIT.match(word) and _NUMBER.search(last)) or (_FIGURE.match(word) and _CURRENCY.search(last))
        if amount and width_of(last) + 1 + width_of(word) <= width:
            words[-1] = f"{last} {word}"
        else:
            words.append(word)
    return words


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
