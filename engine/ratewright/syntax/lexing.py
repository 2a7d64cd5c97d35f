"""Between lexer and parser: line ends inside brackets are dropped, and nesting is limited."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Token

from ratewright.limits import Limits

_OPENING = {"LPAR", "LSQB"}
_CLOSING = {"RPAR", "RSQB"}
_PREFIXES = {"MINUS", "NOT"}
_NESTING_WORDS = {"IF", "OF"}
_STATEMENT_ENDS = {"_NL", "LBRACE", "RBRACE"}


class NestingError(Exception):
    """Brackets, `if`s or prefixes are nested deeper than the limit; `token` is the one too many."""

    def __init__(self, token: Token) -> None:
        super().__init__("nesting")
        self.token = token


class LineEnds:
    """Lark's `postlex`: passes tokens one by one, so that the contextual lexer never sees a stale state.

    Whatever nests without a bracket is counted too (`not not …`, `- - …`, `if … else if …`, `10% of 5% of …`):
    later stages walk the tree recursively and rely on its depth.
    """

    always_accept = ("_NL",)

    def __init__(self, limits: Limits) -> None:
        self._nesting = limits.nesting

    def process(self, tokens: Iterator[Token]) -> Iterator[Token]:
        depth = words = prefixes = 0
        for token in tokens:
            kind = token.type
            if kind == "_NL" and depth:
                continue
            if kind in _OPENING:
                depth += 1
            elif kind in _CLOSING:
                depth = max(0, depth - 1)
            elif kind in _NESTING_WORDS:
                words += 1
            elif kind in _STATEMENT_ENDS:
                words = 0
            prefixes = prefixes + 1 if kind in _PREFIXES else 0
            if depth > self._nesting or words > self._nesting or prefixes > self._nesting:
                raise NestingError(token)
            yield token
