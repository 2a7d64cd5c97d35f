"""Cutting a broken file into its declarations, so that one error does not hide the next.

A declaration runs from a line that starts with its word, outside any block, to the next such line. Where
braces do not balance, every line that starts with such a word at column 1 begins a new one.
"""

from __future__ import annotations

import re

from ratewright.advice.words import DECLARATIONS

_START = re.compile(rf"^(?:{'|'.join(DECLARATIONS)})\b", re.MULTILINE)
_MARK = re.compile(rf'"[^"\\\n]*(?:\\.[^"\\\n]*)*+"?|#[^\n]*|[{{}}]|^(?:{"|".join(DECLARATIONS)})\b|^\S', re.MULTILINE)


def declaration_chunks(text: str) -> list[tuple[int, int]]:
    """`[start, end)` of each declaration, without the blank space behind it; stray text is a chunk too."""
    starts = _balanced_starts(text)
    if starts is None:
        starts = [m.start() for m in _START.finditer(text)]
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


def _balanced_starts(text: str) -> list[int] | None:
    """Where declarations start outside blocks; None if a brace is missing somewhere."""
    depth = 0
    starts: list[int] = []
    for mark in _MARK.finditer(text):
        token = mark.group()
        if token == "{":
            depth += 1
        elif token == "}":
            depth -= 1
            if depth < 0:
                return None
        elif token[0] not in '"#' and depth == 0:
            starts.append(mark.start())
    return starts if depth == 0 else None
