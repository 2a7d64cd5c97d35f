"""What stands on paper: a document with a place for each row, its reasons numbered for an appendix, what is carried.

In: a document. Out: a `Sheet`, which `templates/html/paper.html` lays out. The amounts that add up to what a bill comes
to are known by the places of their rows: whoever knows the page of each place knows the sum of the pages before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ratewright.explain.document import Collection, Document, Note, Quoted, Row, Section
from ratewright.values.exact import Exact, summed

_OF_WHAT_IS_DUE = frozenset(
    ("charge", "discount", "tax", "payment", "correction", "purchase", "refund", "extension", "part")
)
"""Kinds of rows whose amounts add up to what is due."""
_TOLD_AGAIN = frozenset(("records", "shares", "included"))
"""Kinds of sections that tell again what other sections have summed up, or what is inside other amounts."""


class Entry(NamedTuple):
    """A row: its place, and the number of its reasons in the appendix, 0 where it has none."""

    place: str
    row: Row
    reasons: int


class Part(NamedTuple):
    """A section with its rows, and the number of its own reasons."""

    section: Section
    entries: tuple[Entry, ...]
    reasons: int


class Leaf(NamedTuple):
    """A bill. `head` and `end` are the places of its title and of what is to be paid."""

    document: Document
    head: str
    end: str
    parts: tuple[Part, ...]
    sums: tuple[Entry, ...]
    amounts: tuple[tuple[str, Exact], ...]


class Reasons(NamedTuple):
    """Why a row is as it is, under its number."""

    number: int
    label: str
    notes: tuple[Note, ...]


class Sheet(NamedTuple):
    """All that is printed."""

    document: Document | Collection
    leaves: tuple[Leaf, ...]
    sums: tuple[Entry, ...]
    reasons: tuple[tuple[str, tuple[Reasons, ...]], ...]
    rules: tuple[Quoted, ...]


class _Appendix:
    """The reasons so far, by the bill in which they are first told. Those told again keep their number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, tuple[Note, ...]], int] = {}
        self._told: dict[str, list[Reasons]] = {}

    def number(self, of: str, label: str, notes: Sequence[Note]) -> int:
        """The number of reasons; 0 for none."""
        if not notes:
            return 0
        key = label, tuple(notes)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self._told.setdefault(of, []).append(Reasons(self._numbers[key], label, key[1]))
        return self._numbers[key]

    def told(self) -> tuple[tuple[str, tuple[Reasons, ...]], ...]:
        return tuple((of, tuple(reasons)) for of, reasons in self._told.items())


def sheet_of(document: Document | Collection) -> Sheet:
    """What is printed of a document."""
    appendix = _Appendix()
    bills = document.documents if isinstance(document, Collection) else (document,)
    leaves = tuple(_leaf(bill, number, appendix) for number, bill in enumerate(bills, start=1))
    sums = document.sums if isinstance(document, Collection) else ()
    entries = tuple(_entries(sums, "s", document.title, appendix))
    return Sheet(document, leaves, entries, appendix.told(), document.rules)


def _leaf(document: Document, number: int, appendix: _Appendix) -> Leaf:
    parts: list[Part] = []
    amounts: list[tuple[str, Exact]] = []
    for n, section in enumerate(document.sections, start=1):
        own = () if section.kind in ("fields", "nothing") else section.notes
        reasons = appendix.number(document.title, section.title, own)
        entries = tuple(_entries(section.rows, f"b{number}-{n}", document.title, appendix))
        parts.append(Part(section, entries, reasons))
        if section.kind not in _TOLD_AGAIN:
            amounts += [(each.place, each.row.money.amount) for each in entries if _counts(each.row) and each.row.money]
    sums = tuple(_entries(document.sums, f"b{number}-s", document.title, appendix))
    return Leaf(document, f"b{number}", sums[-1].place, tuple(parts), sums, tuple(amounts))


def _entries(rows: Sequence[Row], place: str, of: str, appendix: _Appendix) -> Iterator[Entry]:
    for n, row in enumerate(rows, start=1):
        yield Entry(f"{place}-{n}", row, appendix.number(of, row.label, row.notes))


def _counts(row: Row) -> bool:
    return row.kind in _OF_WHAT_IS_DUE


class Carried(NamedTuple):
    """What a page brings forward from those before, and what it carries to the next; None where no bill goes on."""

    brought: Exact | None
    carried: Exact | None


def carried(leaves: Sequence[Leaf], pages: Mapping[str, int], count: int) -> list[Carried]:
    """For each of `count` pages what is carried, where each place stands on one of `pages`, counted from 0."""
    onward: list[Exact | None] = [None] * count
    for leaf in leaves:
        last = pages[leaf.end]
        for page in range(pages[leaf.head], last):
            before = [amount for place, amount in leaf.amounts if pages[place] <= page]
            if before:
                onward[page] = summed(before)
    return [Carried(before, after) for before, after in zip([None, *onward], onward, strict=False)]
