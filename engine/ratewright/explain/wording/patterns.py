"""What sentences of several rows have in common: the words of their templates, around values that differ or do not.

Sentences come with the marks of `word_templates.marked`, so that words and values are known from one another and never
guessed. Who puts the texts of a row in for the names in a pattern has the sentence of that row again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from ratewright.explain.document import Note, NoteKind, Row
from ratewright.explain.wording.word_templates import MARK

Shape = tuple[tuple[str, tuple[str, ...]], ...]
Texts = tuple[str, ...]
"""A text of each row."""


class Told(NamedTuple):
    """A sentence in pieces: what its template says stands at even places, what the row puts in at odd ones."""

    kind: NoteKind
    pieces: tuple[str, ...]


def told_of(row: Row) -> tuple[Told, ...]:
    """All that a row says: its arithmetic, then its reasons."""
    how = (Note("why", row.how),) if row.how else ()
    return told_in((*how, *row.notes))


def told_in(notes: Sequence[Note]) -> tuple[Told, ...]:
    """Sentences that were made inside `marked`, in pieces."""
    return tuple(Told(note.kind, tuple(note.text.split(MARK))) for note in notes)


def shape_of(told: Sequence[Told]) -> Shape:
    """What rows share that have the same reasons but for their values: the words of their templates."""
    return tuple((each.kind, each.pieces[::2]) for each in told)


def named(head: str) -> str:
    """What stands in a sentence for the value of a column."""
    return f"‹{head}›"


class Pattern:
    """The sentences of rows of one shape, with `‹head›` for what differs.

    `named` has for each name its ways of writing: of each the texts of all rows, as `9,950 pics` and `9,950`. What
    differs and has no name is in `own`, under letters. `used` are the names that the sentences have.
    """

    def __init__(self, rows: Sequence[Sequence[Told]], names: Mapping[str, Sequence[Texts]]) -> None:
        self.own: dict[Texts, str] = {}
        self.used: dict[str, None] = {}
        self._ways = {
            texts: head for head, ways in reversed(list(names.items())) for texts in ways if len(set(texts)) > 1
        }
        self._taken = frozenset(names)
        self.notes = tuple(
            Note(first.kind, "".join(self._piece(texts) for texts in zip(*(r[n].pieces for r in rows), strict=True)))
            for n, first in enumerate(rows[0])
        )

    def _piece(self, texts: Texts) -> str:
        if len(set(texts)) == 1:
            return texts[0]
        head = self._ways.get(texts)
        if head is not None:
            return self._use(head)
        return self._inside(texts) or self._use(self.own.setdefault(texts, self._letter()))

    def _use(self, head: str) -> str:
        self.used[head] = None
        return named(head)

    def _letter(self) -> str:
        free = (letters for letters in _letters() if letters not in self._taken)
        return next(letters for n, letters in enumerate(free) if n == len(self.own))

    def _inside(self, texts: Texts) -> str | None:
        """A text in which only named values differ: `round up (‹used›) to 1 minute`. None where more does."""
        for ways in (list(self._ways), list(reversed(self._ways))):  # two may be written alike in the first row
            parts = _split(texts[0], ways)
            if len(parts) > 1 and all(_joined(parts, n) == text for n, text in enumerate(texts)):
                return "".join(p if isinstance(p, str) else self._use(self._ways[p]) for p in parts)
        return None


def _letters() -> Iterator[str]:
    for count in range(1, 9):
        for each in product("abcdefghijklmnopqrstuvwxyz", repeat=count):
            yield "".join(each)


def _joined(parts: Sequence[str | Texts], row: int) -> str:
    return "".join(part if isinstance(part, str) else part[row] for part in parts)


def _split(text: str, ways: Sequence[Texts]) -> list[str | Texts]:
    """The text of the first row, with the ways for what some of them write in it, the longest first."""
    found: dict[str, Texts] = {}
    for way in ways:
        if way[0]:
            found.setdefault(way[0], way)
    written = sorted(found, key=len, reverse=True)
    parts: list[str | Texts] = []
    start = at = 0
    while at < len(text):
        here = next((each for each in written if text.startswith(each, at) and _apart(text, at, at + len(each))), None)
        if here is None:
            at += 1
            continue
        parts += [text[start:at], found[here]]
        start = at = at + len(here)
    return [*parts, text[start:]]


def _apart(text: str, start: int, end: int) -> bool:
    """Whether neither a word nor a figure goes on beyond the part of a text."""
    before, after, then = text[start - 1 : start], text[end : end + 1], text[end + 1 : end + 2]
    goes_on = after.isalnum() or after in ("_", "…") or (after in (".", ",") and then.isdigit())
    return not (before.isalnum() or before in ("-", "_", ".", ",") or goes_on)
