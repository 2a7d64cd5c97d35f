"""For the full length: the rule that made each figure, and the declarations that are told of, quoted once each.

In: a document that is told. Out: the same document, whose rows and sections know the place of their rule, whose notes
link the places that they name, with the quoted lines in `rules`. They come from the text that was read for the bill,
not from a file that may have changed since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from ratewright.diagnostics import Source, Span
from ratewright.explain.document import (
    Collection,
    Document,
    Link,
    Note,
    Quoted,
    QuotedLine,
    Row,
    RulePlace,
    Section,
    Table,
)
from ratewright.explain.wording.word_templates import clean
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill, Line

_OTHER = re.compile(r"[^a-z0-9.]+")
Told = TypeVar("Told", Row, Section)


def rule_of(row: Row | Section, tariff: tree.Tariff) -> Span | None:
    """Where the rule of a row stands: of a line its own, else the declaration of its name."""
    if isinstance(row.node, Line):
        return row.node.rule
    declared: tuple[dict[str, tree.Node], ...]
    declared = tariff.charges, tariff.pools, tariff.limits, tariff.settings, tariff.meters  # type: ignore[assignment]
    if row.kind in ("meter", "unserved", "share"):
        declared = declared[::-1]
    return next((kind[row.name].span for kind in declared if row.name in kind), None)


class _File:
    """A rule file or contract, and which of its lines are told of."""

    def __init__(self, source: Source, anchor: str, declared: Sequence[Span]) -> None:
        self.source = source
        self.anchor = anchor
        self.lines: set[int] = set()
        own = sorted((each for each in declared if each.source == source), key=lambda each: each.start)
        self._declared = [(each.line, source.line_of(max(each.end - 1, 0))) for each in own]  # first and last lines

    def place(self, line: int) -> RulePlace:
        """A line, which is then quoted with the declaration around it."""
        around = [(first, last) for first, last in self._declared if first <= line <= last]
        first, last = around[0] if around else (line, line)
        self.lines.update(range(first, last + 1))
        return RulePlace(clean(self.source.name), line, f"{self.anchor}-{line}")

    def quoted(self) -> Quoted:
        """The lines that are told of, in order."""
        return Quoted(
            clean(self.source.name),
            tuple(
                QuotedLine(number, clean(self.source.line(number).expandtabs(4)), f"{self.anchor}-{number}")
                for number in sorted(self.lines)
            ),
        )


class RuleFiles:
    """The files that bills were made by."""

    def __init__(self, bills: Iterable[Bill]) -> None:
        self._files: dict[int, _File] = {}
        self._anchors: set[str] = set()
        for bill in bills:
            under = bill.tariff.contract
            declared = bill.tariff.declared if under is None else (*under.by_list.declared, *under.declared)
            for source in (bill.tariff.file, *(change.span.source for change in (under.changes if under else ()))):
                self._file(source, declared)
        names = sorted({file.source.name for file in self._files.values()}, key=lambda name: (-len(name), name))
        self._named = re.compile(rf"(?<![\w./-])({'|'.join(map(re.escape, names))}):([0-9]+)\b")

    def _file(self, source: Source, declared: Sequence[Span] = ()) -> _File:
        known = self._files.get(id(source))
        if known is None:
            same = (f for f in self._files.values() if f.source == source)
            known = next(same, None) or _File(source, self._anchor(source.name), declared)
            self._files[id(source)] = known
        return known

    def _anchor(self, name: str) -> str:
        short = "rule-" + _OTHER.sub("-", name.lower().replace("\\", "/").rpartition("/")[2]).strip("-")
        anchor = short
        number = 1
        while anchor in self._anchors:
            number += 1
            anchor = f"{short}-{number}"
        self._anchors.add(anchor)
        return anchor

    def at(self, span: Span) -> RulePlace:
        """The place of a rule."""
        return self._file(span.source).place(span.line)

    def linked(self, notes: tuple[Note, ...]) -> tuple[Note, ...]:
        """Notes that link the places that they name."""
        return tuple(note._replace(links=self._links(note.text)) if ":" in note.text else note for note in notes)

    def _links(self, text: str) -> tuple[Link, ...]:
        found: dict[str, Link] = {}
        for place in self._named.finditer(text):
            file = next(f for f in self._files.values() if f.source.name == place[1])
            if 0 < int(place[2]) <= file.source.line_of(len(file.source.text)):
                found[place[0]] = Link(place[0], file.place(int(place[2])).id)
        return tuple(found.values())

    def quoted(self) -> tuple[Quoted, ...]:
        """What is told of in all of them."""
        return tuple(file.quoted() for file in dict.fromkeys(self._files.values()) if file.lines)


def with_rules(document: Document | Collection, bills: Sequence[Bill]) -> Document | Collection:
    """The document with the places of its rules and what stands there."""
    files = RuleFiles(bills)
    if isinstance(document, Document):
        return _of_bill(document, bills[0], files)._replace(rules=files.quoted())
    documents = tuple(_of_bill(each, bill, files) for each, bill in zip(document.documents, bills, strict=True))
    sums = tuple(row._replace(notes=files.linked(row.notes)) for row in document.sums)
    return document._replace(documents=documents, sums=sums, rules=files.quoted())


def _of_bill(document: Document, bill: Bill, files: RuleFiles) -> Document:
    tariff = bill.tariff

    def told(part: Told) -> Told:
        span = rule_of(part, tariff)
        return part._replace(rule=None if span is None else files.at(span), notes=files.linked(part.notes))

    def place(row: Row) -> RulePlace | None:
        span = rule_of(row, tariff)
        return None if span is None else files.at(span)

    def table(each: Table) -> Table:
        notes, reasons = files.linked(each.notes), files.linked(each.reasons)
        return each._replace(notes=notes, reasons=reasons, rules=tuple(map(place, each.of)))

    def section(part: Section) -> Section:
        return told(part)._replace(
            rows=tuple(map(told, part.rows)),
            members=tuple(map(told, part.members)),
            tables=tuple(map(table, part.tables)),
        )

    return document._replace(
        sections=tuple(map(section, document.sections)),
        sums=tuple(map(told, document.sums)),
        notes=files.linked(document.notes),
    )
