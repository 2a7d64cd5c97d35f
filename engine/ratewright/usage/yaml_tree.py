"""YAML text → tree, without letting YAML decide what a value means.

Built from the parser's events rather than from a loader: loaders turn `0.10` into a binary float, `on`
into a flag and `010` into 8, and resolve aliases before anyone can refuse them. Here every scalar stays
text, and anchors, aliases, tags and merge keys are errors. The stack is a list, so depth costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import yaml

from ratewright.diagnostics import Source, Span
from ratewright.limits import Limits
from ratewright.usage import codes
from ratewright.usage.document_tree import NULLS, RECORD_LISTS, Entries, Listing, Mapping, Node, Scalar, put, span_of
from ratewright.usage.entry_rows import Cell
from ratewright.usage.findings import Findings

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


def read_yaml(source: Source, limits: Limits, findings: Findings) -> list[Node]:
    """The documents of a YAML text, empty ones left out.

    Adds what is wrong to `findings`; after an error in the syntax, an alias or too deep nesting the list
    is empty, since the rest could not be judged.
    """
    if control := _CONTROL.search(source.text):
        findings.add(
            codes.HIDDEN_CHARACTER,
            f"the hidden character U+{ord(control[0]):04X} may not stand in a fixture",
            Span(source, control.start(), control.end()),
            "remove the character",
        )
        return []
    builder = _Builder(source, limits, findings)
    try:
        events = yaml.parse(source.text, Loader=_LOADER)
        for event in events:
            if type(event) is yaml.MappingStartEvent and builder.in_entries:
                builder.take_entry(event, events)
            else:
                builder.take(event)
            if builder.unusable:
                return []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = min(mark.index, len(source.text.rstrip())) if mark else 0
        if "nesting depth" in (error.problem or ""):  # PyYAML looks ahead, and gives up before its events come to us
            _add_too_deep(findings, source, offset, limits)
            return []
        findings.add(
            codes.BAD_YAML,
            f"this is not well-formed YAML: {error.problem or error.context or 'it cannot be read'}",
            Span(source, offset, offset),
            _yaml_help(source, offset),
        )
        return []
    return builder.documents


def _add_too_deep(findings: Findings, source: Source, offset: int, limits: Limits) -> None:
    findings.add(
        codes.TOO_DEEP,
        f"lists and mappings are nested deeper than {limits.yaml_depth} levels",
        Span(source, offset, offset + 1),
        "a fixture needs no more than four levels",
    )


def _yaml_help(source: Source, offset: int) -> str:
    line = source.line(source.line_of(offset))
    if line[: len(line) - len(line.lstrip())].count("\t"):
        return "indent with spaces: YAML allows no tabs there"
    return "check the indentation and brackets here and in the line above; quote text that holds `: ` or ` #`"


class _Builder:
    """The tree as the events of the parser bring it."""

    def __init__(self, source: Source, limits: Limits, findings: Findings) -> None:
        self.documents: list[Node] = []
        self.unusable = False
        self._source = source
        self._limits = limits
        self._findings = findings
        self._open: list[Listing | Mapping | Entries] = []
        self._keys: list[Scalar | None] = []
        self.in_entries = False
        """Whether what begins now is an entry of `usage` or `history`."""

    def take(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        match event:
            case yaml.ScalarEvent():
                self._refuse_marks(event)
                text = event.value.strip()
                null = not event.style and text in NULLS
                self._place(Scalar(text, start.index, end.index, null))
            case yaml.SequenceStartEvent():
                self._refuse_marks(event)
                self._enter(self._listing(start.index))
            case yaml.MappingStartEvent():
                self._refuse_marks(event)
                self._enter(Mapping(start.index))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._leave(end.index)
            case yaml.AliasEvent():
                self._findings.add(
                    codes.ALIAS,
                    f"`*{event.anchor}` stands for something written elsewhere",
                    self._span(event),
                    "write the value itself here",
                )
                self.unusable = True
            case yaml.DocumentStartEvent(tags=tags) if tags:
                self._findings.add(codes.TAG, "`%TAG` defines tags", self._span(event), "remove this line")

    def take_entry(self, start: Any, events: Iterator[Any]) -> None:
        """An entry that begins: taken at once where it is a plain record, and else event by event."""
        scalars: list[Any] = []
        end: Any = None
        for end in events:
            if type(end) is not yaml.ScalarEvent:
                break
            scalars.append(end)
        if type(end) is not yaml.MappingEndEvent or not self._take_plain(start, scalars, end):
            for event in (start, *scalars, end):
                if not self.unusable:
                    self.take(event)

    def _take_plain(self, start: Any, scalars: list[Any], end: Any) -> bool:
        """Take a record of single values without marks and with keys that nothing can be said against; else False."""
        entries = self._open[-1]
        if not isinstance(entries, Entries) or start.anchor is not None or start.tag is not None:
            return False
        written = tuple([key.value for key in scalars[::2]])
        keys = entries.keys(written)
        if keys is None or len(self._open) >= self._limits.yaml_depth:
            return False
        cells: list[Cell] = []
        for scalar in scalars[1::2]:
            text = scalar.value.strip()
            cells.append(None if text in NULLS and not scalar.style else text)
            if scalar.anchor is not None or scalar.tag is not None:
                return False
        if any(key.anchor is not None or key.tag is not None for key in scalars[::2]):
            return False
        entries.add_row(keys, cells, start.start_mark.index, end.end_mark.index)
        return True

    def _listing(self, start: int) -> Listing | Entries:
        key = self._keys[-1] if len(self._open) == 1 else None
        if key is None or key.text not in RECORD_LISTS:
            return Listing(start)
        return Entries(start, partial(_entry_again, self._source, self._limits))

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor is not None:
            self._findings.add(
                codes.ALIAS,
                f"`&{event.anchor}` is an anchor",
                self._span(event),
                "remove it; write each value in its place",
            )
        if event.tag is not None:
            self._findings.add(
                codes.TAG,
                f"`{event.tag.replace('tag:yaml.org,2002:', '!!')}` is a tag",
                self._span(event),
                "remove it; quote the value if it is text",
            )

    def _enter(self, node: Listing | Mapping | Entries) -> None:
        if len(self._open) >= self._limits.yaml_depth:
            _add_too_deep(self._findings, self._source, node.start, self._limits)
            self.unusable = True
            return
        if not self.in_entries:
            self._place(node)
        self._open.append(node)
        self._keys.append(None)
        self.in_entries = isinstance(node, Entries)

    def _leave(self, end: int) -> None:
        self._keys.pop()
        node = self._open.pop()
        node.end = end
        above = self._open[-1] if self._open else None
        self.in_entries = isinstance(above, Entries)
        if isinstance(above, Entries):
            above.add(node)

    def _place(self, node: Node) -> None:
        if not self._open:
            if not (isinstance(node, Scalar) and node.null):
                self.documents.append(node)
            return
        above = self._open[-1]
        if isinstance(above, Listing):
            above.items.append(node)
        elif isinstance(above, Entries):
            above.add(node)
        elif (key := self._keys[-1]) is not None:
            put(above, key, node, self._source, self._findings)
            self._keys[-1] = None
        else:
            self._keys[-1] = self._key(node)

    def _key(self, node: Node) -> Scalar:
        if not isinstance(node, Scalar) or node.null:
            self._findings.add(
                codes.WRONG_SHAPE,
                "a key is a word, not a list or a mapping or nothing",
                span_of(node, self._source),
                "write `key: value`",
            )
            self.unusable = True
            return Scalar("", node.start, node.start)
        if node.text == "<<":
            self._findings.add(
                codes.MERGE,
                "`<<` merges another mapping",
                span_of(node, self._source),
                "write the keys themselves here",
            )
            self.unusable = True
        return node

    def _span(self, event: Any) -> Span:
        return Span(self._source, event.start_mark.index, max(event.end_mark.index, event.start_mark.index + 1))


def _entry_again(source: Source, limits: Limits, start: int, end: int) -> Mapping:
    """The mapping between two places of a text that was read before, for the places of its values."""
    line = source.text.rfind("\n", 0, start) + 1
    # Blanks in front keep a mapping of several lines in its column.
    text = " " * (start - line) + source.text[start:end]
    builder = _Builder(Source(source.name, text), limits, Findings())
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError:
        builder.documents.clear()
    found = builder.documents[0] if builder.documents else None
    if not isinstance(found, Mapping):
        return Mapping(start, end)
    for node in found.values.values():
        node.start += line
        node.end += line
    return Mapping(start, end, found.keys, found.values)
