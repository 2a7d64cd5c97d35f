"""Cutting a broken file into its declarations, so that one error does not hide the next.

A declaration runs from a line that starts with its word, outside any block, to the next such line. Where
braces do not balance, every line that starts with such a word at the margin begins a new one. The margin is where the
first declaration begins: a list may be indented as a whole.
"""

from __future__ import annotations

import re

from ratewright.advice.words import DECLARATIONS

_WORDS = "|".join(DECLARATIONS)
_FIRST = re.compile(rf"^([ \t]*)(?:{_WORDS})\b", re.MULTILINE)
_TEXT_COMMENT_OR_BRACE = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*+"?|#[^\n]*|[{}]'


def declaration_chunks(text: str) -> list[tuple[int, int]]:
    """`[start, end)` of each declaration, without the blank space behind it; stray text is a chunk too."""
    first_word = _FIRST.search(text)
    margin = first_word.group(1) if first_word is not None else ""
    starts = _balanced_starts(text, margin)
    if starts is None:
        starts = [m.start(1) for m in re.finditer(rf"^{margin}((?:{_WORDS})\b)", text, re.MULTILINE)]
    first = next((i for i, c in enumerate(text) if not c.isspace()), None)
    if first is not None and (not starts or first < starts[0]) and _has_content(text[first : _end(starts, text)]):
        starts.insert(0, first)
    ends = [*starts[1:], len(text)]
    return [(s, s + len(_trimmed(text[s:e]))) for s, e in zip(starts, ends, strict=True)]


_HEAD = re.compile(r"\s*[A-Za-z_]+\s+([0-9A-Za-z_]+)(?:\s*,\s*([0-9A-Za-z_]+))?", re.ASCII)


def declared_names(chunk: str) -> set[str]:
    """The names that a broken declaration would have declared, so that nothing complains of missing them."""
    head = _HEAD.match(chunk)
    return {name for name in head.groups() if name} if head else set()


def _end(starts: list[int], text: str) -> int:
    return starts[0] if starts else len(text)


def _has_content(text: str) -> bool:
    return any(line.split("#")[0].strip(" \t\r;") for line in text.split("\n"))


def _trimmed(chunk: str) -> str:
    """Without the blank and comment lines at its end, which belong to what follows."""
    lines = chunk.split("\n")
    while len(lines) > 1 and not lines[-1].split("#")[0].strip(" \t\r;"):
        lines.pop()
    return "\n".join(lines).rstrip(" \t\r;")


def _balanced_starts(text: str, margin: str) -> list[int] | None:
    """Where declarations start outside blocks; None if a brace is missing somewhere."""
    depth = 0
    starts: list[int] = []
    for mark in re.finditer(rf'{_TEXT_COMMENT_OR_BRACE}|^{margin}([^\s"#{{}}]\w*)', text, re.MULTILINE):
        token = mark.group(1) or mark.group()
        if token == "{":
            depth += 1
        elif token == "}":
            depth -= 1
            if depth < 0:
                return None
        elif token[0] not in '"#' and depth == 0:
            starts.append(mark.start(1))
    return starts if depth == 0 else None
