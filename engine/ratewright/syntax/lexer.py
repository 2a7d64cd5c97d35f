"""The lexer: one expression for all tokens, and a look at the parser's state for keywords only.

Lark's own contextual lexer compiles an expression for each set of tokens that some state accepts, which
costs 50 ms at each start; here only words need the state. A word is a keyword where the state accepts
that keyword, and a name everywhere else, so that `size` can be a field and `below` a choice. `first` is one in front
of `use` only: a period may be counted `from first`, which is then a setting.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from lark import Token
from lark.exceptions import UnexpectedCharacters
from lark.lexer import Lexer, TerminalDef

_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_LEADS_TO = {"first": re.compile(r"[ \t\r]+use(?!\w)", re.ASCII)}
"""Words that are keywords only in front of another one."""


class KeywordLexer(Lexer):
    """Takes the place of Lark's `ContextualLexer`; made by Lark, from the grammar's terminals and states."""

    def __init__(self, conf: Any, states: dict[int, Collection[str]], always_accept: Collection[str] = ()) -> None:
        self._accepts = {state: frozenset(accepted) for state, accepted in states.items()}
        self._ignored = frozenset(conf.ignore)
        self._keywords = {t.pattern.value: t.name for t in conf.terminals if _is_keyword(t)}
        others = [t for t in conf.terminals if not _is_keyword(t)]
        others.sort(key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))
        pattern = "|".join(f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in others)
        self._match = re.compile(pattern, conf.g_regex_flags).match

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Token]:
        """The tokens of a text, one by one: the parser moves between them. Raises lark's UnexpectedCharacters."""
        text: str = lexer_state.text.text
        position, end = lexer_state.text.start, lexer_state.text.end
        keywords, ignored, match, accepts = self._keywords, self._ignored, self._match, self._accepts
        while position < end:
            found = match(text, position, end)
            if found is None:
                allowed = set(accepts[parser_state.position])
                raise UnexpectedCharacters(  # type: ignore[no-untyped-call]
                    text, position, 1, 1, allowed=allowed, state=parser_state
                )
            start, position = position, found.end()
            kind = found.lastgroup
            if kind in ignored:
                continue
            value = found.group()
            if kind == "NAME" and value in keywords:
                accepted = accepts[parser_state.position]
                leads_to = _LEADS_TO.get(value)
                meant = leads_to is None or leads_to.match(text, position) is not None
                if (keywords[value] in accepted and meant) or "NAME" not in accepted:
                    kind = keywords[value]
            token = Token(kind or "", value, start, end_pos=position)
            lexer_state.last_token = token
            yield token


def _is_keyword(terminal: TerminalDef) -> bool:
    return terminal.pattern.type == "str" and _WORD.fullmatch(terminal.pattern.value) is not None
