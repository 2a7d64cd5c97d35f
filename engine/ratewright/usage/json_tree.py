"""JSON text → tree. Numbers stay the text that was written, and every value knows its place.

The standard decoder gives no places and a YAML parser reads more than JSON, so the structure is read
here; strings are left to the standard library.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import TypeVar

from ratewright.diagnostics import Source, Span
from ratewright.limits import Limits
from ratewright.usage import codes
from ratewright.usage.document_tree import RECORD_LISTS, Entries, Listing, Mapping, Node, Scalar, put
from ratewright.usage.findings import Findings
from ratewright.usage.json_values import not_finite, scan_value
from ratewright.usage.problem import Problem

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z_.])")
_WORD = re.compile(r"-?[A-Za-z0-9_.+]+")
_HALF = re.compile("[\ud800-\udfff]")
_NOT_FINITE = frozenset(("NaN", "Infinity", "-Infinity"))


_PLAIN = frozenset((str, bool))
_List = TypeVar("_List", Listing, Entries)


class _AtError(Exception):
    def __init__(self, offset: int, problem: Problem) -> None:
        super().__init__(problem.message)
        self.offset = offset
        self.problem = problem


def read_json(source: Source, limits: Limits, findings: Findings) -> list[Node]:
    """The one document of a JSON text; none if it is empty or not well-formed. Adds errors to `findings`."""
    reader = _Reader(source, limits, findings)
    try:
        return reader.document()
    except _AtError as error:
        findings.add_problem(error.problem, Span(source, error.offset, error.offset + 1))
        return []


class _Reader:
    def __init__(self, source: Source, limits: Limits, findings: Findings) -> None:
        self._source = source
        self._text = source.text
        self._limits = limits
        self._findings = findings

    def document(self) -> list[Node]:
        start = self._skip(0)
        if start == len(self._text):
            return []
        node = self._value(start, 0)
        after = self._skip(node.end)
        if after < len(self._text):
            raise self._wrong(
                after, "there is text after the end of the document", "one account a file; remove the rest"
            )
        return [node]

    def _skip(self, offset: int) -> int:
        match = _SPACE.match(self._text, offset)
        return match.end() if match else offset

    def _wrong(self, offset: int, what: str, help: str = "") -> _AtError:
        return _AtError(offset, Problem(codes.BAD_JSON, f"this is not well-formed JSON: {what}", help))

    def _value(self, start: int, depth: int) -> Node:
        first = self._text[start : start + 1]
        if first in ("{", "["):
            self._require_depth(start, depth)
            return self._mapping(start, depth) if first == "{" else self._listing(start, depth, Listing(start))
        if first == '"':
            return self._string(start)
        if number := _NUMBER.match(self._text, start):
            return Scalar(number[0], start, number.end())
        return self._word(start)

    def _require_depth(self, start: int, depth: int) -> None:
        if depth >= self._limits.yaml_depth:
            message = f"lists and mappings are nested deeper than {self._limits.yaml_depth} levels"
            raise _AtError(start, Problem(codes.TOO_DEEP, message, "a fixture needs no more than four levels"))

    def _word(self, start: int) -> Scalar:
        match = _WORD.match(self._text, start)
        word = match[0] if match else self._text[start : start + 1]
        if word in ("true", "false", "null"):
            return Scalar("" if word == "null" else word, start, start + len(word), word == "null")
        if word in _NOT_FINITE:
            raise _AtError(start, not_finite(word))
        if not word:
            raise self._wrong(start, "the text ends where a value should stand")
        raise self._wrong(
            start,
            f"`{word}` is no value",
            'put text in double quotes, as in "acme"; numbers have no leading zero',
        )

    def _string(self, start: int) -> Scalar:
        try:
            text, end = scanstring(self._text, start + 1, True)
        except JSONDecodeError as error:
            what = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
            raise self._wrong(min(error.pos, len(self._text)), what, "close the quotes on the same line") from error
        if half := _HALF.search(text):
            # One half of a pair is no character: it could not even be written into a message.
            message = f"the hidden character U+{ord(half[0]):04X} may not stand in a fixture"
            raise _AtError(start, Problem(codes.HIDDEN_CHARACTER, message, "remove the character"))
        return Scalar(text.strip(), start, end)

    def _listing(self, start: int, depth: int, node: _List) -> _List:
        offset = self._skip(start + 1)
        if self._text.startswith("]", offset):
            node.end = offset + 1
            return node
        while True:
            offset = self._skip(self._item(offset, depth + 1, node))
            if self._text.startswith("]", offset):
                node.end = offset + 1
                return node
            offset = self._comma(offset, "]")

    def _item(self, start: int, depth: int, node: Listing | Entries) -> int:
        """Read an item into the list. Returns where it ends."""
        if isinstance(node, Entries):
            if (end := self._plain_record(start, depth, node)) is not None:
                return end
            entry = self._value(start, depth)
            node.add(entry)
            return entry.end
        item = self._value(start, depth)
        node.items.append(item)
        return item.end

    def _plain_record(self, start: int, depth: int, entries: Entries) -> int | None:
        """Take a record of single values, and say where it ends; None if anything about it has to be looked at."""
        try:
            pairs, end = scan_value(self._text, start)
        except (StopIteration, ValueError, RecursionError):
            return None
        # An escape may be half a character, so it is looked at.
        if type(pairs) is not tuple or depth >= self._limits.yaml_depth or self._text.find("\\", start, end) >= 0:
            return None
        keys = entries.keys(tuple([key for key, _ in pairs])) if pairs else None
        if keys is None:
            return None
        cells = [value for _, value in pairs]
        if not _PLAIN.issuperset(map(type, cells)):
            return None
        entries.add_row(keys, cells, start, end)
        return end

    def _again(self, start: int, end: int) -> Mapping:
        """The mapping of an entry once more, which was well-formed before."""
        node = _Reader(self._source, self._limits, Findings())._value(start, 0)
        return node if isinstance(node, Mapping) else Mapping(start, end)

    def _mapping(self, start: int, depth: int) -> Mapping:
        node = Mapping(start)
        offset = self._skip(start + 1)
        if self._text.startswith("}", offset):
            node.end = offset + 1
            return node
        while True:
            if not self._text.startswith('"', offset):
                raise self._wrong(offset, "a key in double quotes should stand here", 'as in "account": "acme"')
            key = self._string(offset)
            offset = self._skip(key.end)
            if not self._text.startswith(":", offset):
                raise self._wrong(offset, "a colon should stand after the key")
            value = self._member(key, self._skip(offset + 1), depth)
            put(node, key, value, self._source, self._findings)
            offset = self._skip(value.end)
            if self._text.startswith("}", offset):
                node.end = offset + 1
                return node
            offset = self._comma(offset, "}")

    def _member(self, key: Scalar, start: int, depth: int) -> Node:
        if depth == 0 and key.text in RECORD_LISTS and self._text.startswith("[", start):
            self._require_depth(start, depth + 1)
            return self._listing(start, depth + 1, Entries(start, self._again))
        return self._value(start, depth + 1)

    def _comma(self, offset: int, closing: str) -> int:
        if not self._text.startswith(",", offset):
            raise self._wrong(offset, f"a comma or `{closing}` should stand here")
        return self._skip(offset + 1)
