"""What every node is built with: its place, its words and its numbers."""

from __future__ import annotations

from typing import Any

from lark import Token

from ratewright.diagnostics import Diagnostic, Source, Span
from ratewright.limits import Limits
from ratewright.syntax import nodes as n
from ratewright.values.exact import Exact, NumberError, parse_number
from ratewright.values.moments import MomentError, parse_moment

Part = Any


class Places:
    """The nodes of one parse: of the part of `source` that begins at `offset`."""

    def __init__(self, source: Source, offset: int, limits: Limits) -> None:
        self._source = source
        self._offset = offset
        self._limits = limits
        self.problems: list[Diagnostic] = []

    def _start(self, part: Part) -> int:
        if isinstance(part, Token):
            return (part.start_pos or 0) + self._offset
        start: int = part.span.start
        return start

    def _end(self, part: Part) -> int:
        if isinstance(part, Token):
            return (part.end_pos or 0) + self._offset
        end: int = part.span.end
        return end

    def _span(self, parts: list[Part]) -> Span:
        return Span(self._source, self._start(parts[0]), self._end(parts[-1]))

    def _problem(self, code: str, message: str, help: str, parts: list[Part]) -> None:
        self.problems.append(Diagnostic(code, message, self._span(parts), help))

    def _value(self, token: Token) -> Exact:
        try:
            return parse_number(token.value)
        except NumberError as error:
            self._problem("R103", str(error), error.help, [token])
            return 1

    def _of(self, parts: list[Part], kind: type | tuple[type, ...]) -> list[Any]:
        return [p for p in parts if isinstance(p, kind) and not isinstance(p, Token)]

    def _word(self, parts: list[Part], word: str) -> int:
        """The position of a keyword among the parts, or -1."""
        for index, part in enumerate(parts):
            if isinstance(part, Token) and part.value == word:
                return index
        return -1

    def _after(self, parts: list[Part], word: str) -> Any:
        """The part behind a keyword, or None if the keyword is not there."""
        index = self._word(parts, word)
        return parts[index + 1] if index >= 0 else None

    def name(self, parts: list[Part]) -> n.Name:
        return n.Name(self._span(parts), parts[0].value)

    def moment(self, parts: list[Part]) -> n.Time:
        token = parts[0]
        try:
            moment, month = parse_moment(token.value, self._limits)
        except MomentError as error:
            self._problem("R104", str(error), error.help, [token])
            moment, month = parse_moment("2000-01-01", self._limits)
        return n.Time(self._span(parts), moment, month)

    def way(self, parts: list[Part]) -> n.Name:
        return n.Name(self._span(parts), " ".join(p.value for p in parts))

    def _string(self, token: Token) -> n.Text:
        inner = token.value[1:-1]
        if "\\" in inner:
            inner = inner.replace('\\"', '"').replace("\\\\", "\\")
        return n.Text(self._span([token]), inner)

    def _text(self, parts: list[Part]) -> n.Text | None:
        for part in parts:
            if isinstance(part, Token) and part.type == "STRING":
                return self._string(part)
        return None

    def _quantity(self, number: Token, unit: n.Name) -> n.Quantity:
        return n.Quantity(self._span([number, unit]), self._value(number), unit)

    def _length(self, number: Token, unit: n.Name) -> n.Length:
        return n.Length(self._span([number, unit]), self._value(number), unit)
