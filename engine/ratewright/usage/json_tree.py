"""JSON text → tree. Numbers stay the text that was written, and every value knows its place.

The standard decoder gives no places and a YAML parser reads more than JSON, so the structure is read
here; strings are left to the standard library.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

from ratewright.diagnostics import Source, Span
from ratewright.limits import Limits
from ratewright.usage import codes
from ratewright.usage.document_tree import Listing, Mapping, Node, Scalar, put
from ratewright.usage.findings import Findings
from ratewright.usage.problem import Problem

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z_.])")
_WORD = re.compile(r"-?[A-Za-z0-9_.+]+")
_HALF = re.compile("[\ud800-\udfff]")
_NOT_FINITE = frozenset(("NaN", "Infinity", "-Infinity"))


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


def not_finite(word: str) -> Problem:
    """The problem of `NaN` and its like, which some programs write into JSON."""
    return Problem(codes.NOT_FINITE, f"`{word}` is not a finite number", "write the figure, or leave the key out")


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
            if depth >= self._limits.yaml_depth:
                message = f"lists and mappings are nested deeper than {self._limits.yaml_depth} levels"
                raise _AtError(start, Problem(codes.TOO_DEEP, message, "a fixture needs no more than four levels"))
            return self._mapping(start, depth) if first == "{" else self._listing(start, depth)
        if first == '"':
            return self._string(start)
        if number := _NUMBER.match(self._text, start):
            return Scalar(number[0], start, number.end())
        return self._word(start)

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

    def _listing(self, start: int, depth: int) -> Listing:
        node = Listing(start)
        offset = self._skip(start + 1)
        if self._text.startswith("]", offset):
            node.end = offset + 1
            return node
        while True:
            item = self._value(offset, depth + 1)
            node.items.append(item)
            offset = self._skip(item.end)
            if self._text.startswith("]", offset):
                node.end = offset + 1
                return node
            offset = self._comma(offset, "]")

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
            value = self._value(self._skip(offset + 1), depth + 1)
            put(node, key, value, self._source, self._findings)
            offset = self._skip(value.end)
            if self._text.startswith("}", offset):
                node.end = offset + 1
                return node
            offset = self._comma(offset, "}")

    def _comma(self, offset: int, closing: str) -> int:
        if not self._text.startswith(",", offset):
            raise self._wrong(offset, f"a comma or `{closing}` should stand here")
        return self._skip(offset + 1)
