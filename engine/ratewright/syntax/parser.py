"""The parser: a rule file's text to its syntax tree, with every syntax error it holds.

The file is parsed whole. If that fails it is cut into its declarations, each is parsed alone, and each
broken one gives its own diagnostic.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from ratewright.diagnostics import Diagnostic, Source, Span
from ratewright.limits import DEFAULT, Limits
from ratewright.syntax import nodes as n
from ratewright.syntax.building.declarations import Builder
from ratewright.syntax.building.places import Part
from ratewright.syntax.lexing import FormulaSizeError
from ratewright.syntax.parser_tables import make_parser
from ratewright.syntax.recover import declaration_chunks, declared_names

_building: ContextVar[Builder] = ContextVar("building")
"""The builder of the parse that goes on here: each thread and each task sees its own."""


class _Reductions:
    """What Lark calls at each reduction. It is made once, and hands the parts to the builder of the parse at hand."""

    def __getattr__(self, rule: str) -> Callable[[list[Part]], Any]:
        build = getattr(Builder, rule)  # where there is no such method, Lark learns so by the AttributeError
        return lambda parts: build(_building.get(), parts)


class _Parser:
    """Lark with its tables. Nothing in it changes, so that all threads share it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.lark: Lark = make_parser(_Reductions(), limits)
        self.spelling: dict[str, str] = {
            t.name: t.pattern.value for t in self.lark.terminals if t.pattern.type == "str"
        }


@lru_cache(maxsize=8)
def _parser(limits: Limits) -> _Parser:
    return _Parser(limits)


_MAY_BE_HOSTILE = re.compile(r"[^\t\n\x20-\x7e]")
_TEXT_OR_COMMENT = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*+"?|#[^\n]*')
_NOWHERE = frozenset(("Cc", "Cs", "Zl", "Zp"))  # other line ends, control characters, halves of characters
_NOT_IN_CODE = frozenset(("Cf", "Zs"))  # what is not seen, and what looks like a space
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # the direction of what follows
_MOST_HOSTILE = 20


def parse_rules(source: Source, limits: Limits = DEFAULT) -> tuple[n.File, list[Diagnostic]]:
    """Read a rule file. Returns the declarations that could be read, and every syntax error."""
    refused = _refuse_text(source, limits)
    if refused:
        return n.File((), broken=True), refused
    parser = _parser(limits)
    tree, problems = _attempt(parser, source, source.text, 0, "file")
    if tree is not None:
        return tree, problems
    declarations: list[n.Declaration] = []
    diagnostics: list[Diagnostic] = []
    lost: set[str] = set()
    for start, end in declaration_chunks(source.text):
        text = source.text[start:end]
        if len(diagnostics) >= limits.diagnostics:
            lost.update(declared_names(text))
            continue  # nobody reads on, and each broken line costs time
        declaration, problems = _attempt(parser, source, text, start, "declaration")
        diagnostics += problems
        if declaration is not None:
            declarations.append(declaration)
        else:
            lost.update(declared_names(text))
    return n.File(tuple(declarations), frozenset(lost), broken=True), diagnostics


def parse_expression(source: Source, limits: Limits = DEFAULT) -> tuple[n.Expression | None, list[Diagnostic]]:
    """Read one expression, as a fixture's expectations hold them."""
    refused = _refuse_text(source, limits)
    if refused:
        return None, refused
    return _attempt(_parser(limits), source, source.text, 0, "expr")


def parse_price(source: Source, start: int, limits: Limits = DEFAULT) -> tuple[n.Price | None, list[Diagnostic]]:
    """Read the price that a text ends with, from an offset on: what a contract makes of a figure."""
    return _attempt(_parser(limits), source, source.text[start:], start, "price")


def _attempt(parser: _Parser, source: Source, text: str, offset: int, start: str) -> tuple[Any, list[Diagnostic]]:
    builder = Builder(source, offset, parser.limits)
    before = _building.set(builder)
    try:
        tree = parser.lark.parse(text, start=start)
    except FormulaSizeError as error:
        return None, [*builder.problems, _too_large(error, source, offset)]
    except (UnexpectedToken, UnexpectedCharacters, UnexpectedEOF, UnexpectedInput) as error:
        from ratewright.advice.syntax_errors import explain_unexpected  # a file without mistakes needs none of it

        problem = explain_unexpected(error, source, offset, len(text), parser.spelling)
        return None, [*builder.problems, problem]
    finally:
        _building.reset(before)
    return tree, builder.problems


def _too_large(error: FormulaSizeError, source: Source, offset: int) -> Diagnostic:
    start = (error.token.start_pos or 0) + offset
    return Diagnostic("R105", error.message, Span(source, start, start + len(error.token)), error.help)


def _refuse_text(source: Source, limits: Limits) -> list[Diagnostic]:
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size > limits.rule_file_bytes:
        return [
            Diagnostic(
                "R105",
                f"the rule file has {size:,} bytes; the limit is {limits.rule_file_bytes:,}",
                Span(source, 0, 0),
                "raise it with --max-rule-bytes, or split the price list into files",
            )
        ]
    return [_hostile(source, at) for at in _hostile_places(source.text)]


def _hostile(source: Source, at: int) -> Diagnostic:
    character = source.text[at]
    space = unicodedata.category(character) == "Zs"
    why = "it looks like a space and is none" if space else "it cannot be seen or changes how the line reads"
    help = "write a plain space" if space else "delete it"
    if character == "\r":
        why, help = "it ends a line for some programs only", "save the file with line ends of one kind"
    return Diagnostic(
        "R106",
        f"the character U+{ord(character):04X} is not allowed here: {why}",
        Span(source, at, at + 1),
        help,
    )


def _hostile_places(text: str) -> list[int]:
    """Where characters stand that do not show what they do, the first few; one walk over the text."""
    if text.isascii() and text.isprintable():
        return []
    quoted = _TEXT_OR_COMMENT.finditer(text)
    stretch = next(quoted, None)
    found: list[int] = []
    for match in _MAY_BE_HOSTILE.finditer(text):
        at, character = match.start(), match.group()
        while stretch is not None and stretch.end() <= at:
            stretch = next(quoted, None)
        inside = stretch is not None and stretch.start() <= at
        category = unicodedata.category(character)
        if character == "\r" and text.startswith("\n", at + 1):
            continue
        if category in _NOWHERE or character in _TURNS or (category in _NOT_IN_CODE and not inside):
            found.append(at)
        if len(found) == _MOST_HOSTILE:
            break
    return found
