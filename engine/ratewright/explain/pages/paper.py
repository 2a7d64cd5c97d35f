"""What stands on paper: a document with a place for each row, its reasons numbered for an appendix, what is carried.

In: a document. Out: a `Sheet`, which `templates/html/paper.html` lays out. The amounts that add up to what a bill comes
to are known by the places of their rows: whoever knows the page of each place knows the sum of the pages before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ratewright.explain.document import Collection, Document, Note, Quoted, Row, Section
from ratewright.explain.wording.word_templates import layout_words
from ratewright.rating.bill import Bill
from ratewright.values.exact import Exact, exact, summed

_SAID = frozenset(("fields", "nothing", "idle"))
_TOLD_AGAIN = frozenset(("records", "shares", "included"))
"""Kinds of sections that tell again what other sections have summed up, or what is inside other amounts."""


class Entry(NamedTuple):
    """A row: its place, what it says of itself, and the number of its reasons in the appendix, 0 where it has none."""

    place: str
    row: Row
    said: tuple[Note, ...]
    reasons: int


class Part(NamedTuple):
    """A section with its rows, and the number of its own reasons. `end` is the place behind its tables, where the
    amounts of rows are carried that stand in these."""

    section: Section
    entries: tuple[Entry, ...]
    reasons: int
    end: str

    @property
    def titled(self) -> bool:
        """Whether there is something to stand above its rows."""
        return bool(self.section.title or self.section.quantity or self.section.remark or self.reasons)


class Block(NamedTuple):
    """Sections whose rows stand in one table of lines, and the section whose own tables follow it, if any."""

    lines: tuple[Part, ...]
    tables: Part | None


class Leaf(NamedTuple):
    """A bill. `head` and `end` are the places of its title and of what is to be paid.

    `amounts` add up to it; there are none, and nothing is carried, where its rows do not.
    """

    document: Document
    head: str
    end: str
    parts: tuple[Part, ...]
    sums: tuple[Entry, ...]
    amounts: tuple[tuple[str, Exact], ...]

    @property
    def said(self) -> tuple[Part, ...]:
        """The sections that are sentences only: they have no number."""
        return tuple(part for part in self.parts if part.section.kind in _SAID)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The sections that have rows or tables, in their order."""
        found: list[Block] = []
        lines: list[Part] = []
        for part in (part for part in self.parts if part.section.kind not in _SAID):
            if part.entries or not part.section.tables:
                lines.append(part)
            if part.section.tables:
                found.append(Block(tuple(lines), part))
                lines = []
        return (*found, Block(tuple(lines), None)) if lines else tuple(found)


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
    bills = tuple(bill for bill in bills if not bill.idle)
    leaves = tuple(_leaf(bill, number, appendix) for number, bill in enumerate(bills, start=1))
    sums = document.sums if isinstance(document, Collection) else ()
    entries = tuple(_entries(sums, "s", document.title, appendix))
    return Sheet(document, leaves, entries, appendix.told(), document.rules)


def _leaf(document: Document, number: int, appendix: _Appendix) -> Leaf:
    parts: list[Part] = []
    amounts: list[tuple[str, Exact]] = []
    for n, section in enumerate(document.sections, start=1):
        own = () if section.kind in _SAID else section.notes
        reasons = appendix.number(document.title, section.title, own)
        entries = tuple(_entries(section.rows, f"b{number}-{n}", document.title, appendix))
        parts.append(Part(section, entries, reasons, f"b{number}-{n}-end"))
        if section.kind not in _TOLD_AGAIN:
            amounts += [
                (each.place, each.row.money.amount)
                for each in entries
                if each.row.money is not None and each.row.kind != "included"
            ]
            in_tables = [row.money.amount for row in section.members if row.money is not None]
            amounts += [(parts[-1].end, summed(in_tables))] if section.tables and in_tables else []
    sums = tuple(_entries(document.sums, f"b{number}-s", document.title, appendix))
    known = summed(amount for _, amount in amounts) == _before_rounding(document.node)
    return Leaf(document, f"b{number}", sums[-1].place, tuple(parts), sums, tuple(amounts) if known else ())


def _before_rounding(node: object) -> Exact | None:
    """What the rows of a bill add up to: what is due, before the whole is rounded; of a comparison the difference."""
    if isinstance(node, Bill):
        return exact(node.due - node.total + node.exact_total)
    difference: Exact | None = getattr(node, "difference", None)
    return difference


def _entries(rows: Sequence[Row], place: str, of: str, appendix: _Appendix) -> Iterator[Entry]:
    for n, row in enumerate(rows, start=1):
        said = tuple(note for note in row.notes if note.kind == "said")
        reasons = [note for note in row.notes if note.kind != "said"]
        yield Entry(f"{place}-{n}", row, said, appendix.number(of, row.label, reasons))


class Widths(NamedTuple):
    """How wide the columns of figures are, in thousandths of the size of their letters."""

    quantity: int
    amount: int
    total: int


def widths_of(sheet: Sheet) -> Widths:
    """Columns as wide as their widest figure, the same on all pages; wider ones than `_WIDEST` take several lines."""
    entries = [entry for leaf in sheet.leaves for part in leaf.parts for entry in part.entries]
    sums = [entry for entries in (sheet.sums, *(leaf.sums for leaf in sheet.leaves)) for entry in entries]
    quantities = [entry.row.quantity.text for entry in entries if entry.row.quantity is not None]
    amounts = [entry.row.money.text for entry in entries if entry.row.money is not None]
    totals = [entry.row.money.text for entry in sums if entry.row.money is not None]
    words = layout_words()  # the heads
    return Widths(
        _widest([words["quantity"], *quantities]), _widest([words["amount"], *amounts]), _widest(totals) * 5 // 4
    )


_WIDEST = 15_000
_CAPITAL, _WIDE, _OTHER = 760, 1_050, 650
"""No letter of the fonts that are asked for is wider, but for a few (m, w, W) that others make up for."""


def _widest(texts: Sequence[str]) -> int:
    return min(max(map(_width, texts), default=0), _WIDEST) + _OTHER


def _width(text: str) -> int:
    return sum(_CAPITAL if c.isupper() else _WIDE if ord(c) > 0x2E7F else _OTHER for c in text)


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
