"""Between lexer and parser: line ends inside brackets are dropped, and nesting is limited."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Token

from ratewright.limits import Limits

_OPENING = {"LPAR", "LSQB"}
_CLOSING = {"RPAR", "RSQB"}
_STATEMENT_ENDS = {"_NL", "LBRACE", "RBRACE"}
_OPERANDS = {"NUMBER", "PERCENT"}

# Operators; those of one kind make one level of the tree, however many operands they join.
_CHAINS = {
    **dict.fromkeys(("+", "-"), 1),
    **dict.fromkeys(("*", "/", "×"), 2),
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "≤", "≥"), 4),
    "and": 8,
    "or": 16,
}
_VALUE_ENDS = {"NUMBER", "NAME", "STRING", "PERCENT", "DATE", "MONTH", "DATETIME", "ON", "OFF", *_CLOSING}


class FormulaSizeError(Exception):
    """A formula is nested deeper, or has more terms, than the limit; `token` is where that shows."""

    def __init__(self, token: Token, message: str, help: str) -> None:
        super().__init__(message)
        self.token = token
        self.message = message
        self.help = help


class _Level:
    """What nests inside one pair of brackets, up to the last comma."""

    __slots__ = ("chains", "counts", "ifs", "inner", "longest", "prefixes", "siblings")

    def __init__(self) -> None:
        self.siblings = 0
        self.begin()

    def begin(self) -> None:
        self.chains = self.ifs = self.prefixes = self.longest = self.inner = 0
        self.counts: dict[int, int] = {}

    def joined(self, chain: int) -> int:
        """How many terms one chain of operators joins, with one more operator of it; those that bind closer end."""
        self.counts = {kind: count for kind, count in self.counts.items() if kind >= chain}
        count = self.counts[chain] = self.counts.get(chain, 1) + 1
        return count

    def height(self) -> int:
        here = self.chains.bit_count() + self.ifs + max(self.longest, self.prefixes) + self.inner
        return max(here, self.siblings)


class LineEnds:
    """Lark's `postlex`: passes tokens one by one, so that the contextual lexer never sees a stale state.

    Nesting is the height of the tree that the tokens make: later stages walk it recursively. Brackets count,
    and so does what nests without one (`not not …`, `- - …`, `if … else if …`, `10% of 5% of …`), and a
    chain of operators inside each bracket.
    """

    always_accept = ("_NL",)

    def __init__(self, limits: Limits) -> None:
        self._nesting = limits.nesting
        self._terms = limits.terms

    def process(self, tokens: Iterator[Token]) -> Iterator[Token]:
        limit = self._nesting
        levels = [_Level()]
        before = ""
        for token in tokens:
            kind = token.type
            if kind == "_NL" and len(levels) > 1:
                continue
            if self._height(token, before, levels) > limit:
                message = f"nested deeper than {limit} levels"
                raise FormulaSizeError(token, message, "split the formula into parts of their own")
            before = kind
            yield token

    def _height(self, token: Token, before: str, levels: list[_Level]) -> int:
        """Take one more token into account; returns the height so far where it may have grown."""
        kind, level = token.type, levels[-1]
        if kind in _OPENING:
            levels.append(_Level())
            return len(levels) - 1
        if kind in _CLOSING:
            return self._close(levels)
        if kind in _STATEMENT_ENDS:
            height = levels[0].height()
            levels[:] = [_Level()]
            return height
        if kind in ("NOT", "OF") or (kind == "MINUS" and before not in _VALUE_ENDS):
            level.prefixes += 1
        elif kind in _OPERANDS:
            return 0  # `10% of 5% of …`: the chain of prefixes goes on
        elif kind == "IF":
            level.ifs += 1
        elif kind == "COMMA":
            level.siblings = level.height()
            level.begin()
        else:
            level.longest = max(level.longest, level.prefixes)
            level.prefixes = 0
            chain = _CHAINS.get(token.value, 0)
            level.chains |= chain
            if chain and level.joined(chain) > self._terms:
                message = f"more than {self._terms:,} terms in one expression, the limit"
                raise FormulaSizeError(token, message, "split the expression")
            return 0
        return level.prefixes + level.ifs

    def _close(self, levels: list[_Level]) -> int:
        if len(levels) == 1:
            return 0
        height = 1 + levels.pop().height()
        outer = levels[-1]
        outer.inner = max(outer.inner, height)
        outer.longest = max(outer.longest, outer.prefixes)
        outer.prefixes = 0
        return height
