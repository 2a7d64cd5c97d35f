"""The parser: a rule file's text to its syntax tree, with every syntax error it holds.

The file is parsed whole. If that fails it is cut into its declarations, each is parsed alone, and each
broken one gives its own diagnostic.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from ratewright.diagnostics import Diagnostic, Source, Span
from ratewright.limits import DEFAULT, Limits
from ratewright.syntax import nodes as n
from ratewright.syntax.build import Builder
from ratewright.syntax.explain import explain_unexpected
from ratewright.syntax.lexing import NestingError
from ratewright.syntax.recover import declaration_chunks
from ratewright.syntax.tables import make_parser


class _Parser:
    """Lark with the builder it feeds."""

    def __init__(self, limits: Limits) -> None:
        self.builder = Builder(limits)
        self.lark: Lark = make_parser(self.builder, limits)
        self.spelling: dict[str, str] = {
            t.name: t.pattern.value for t in self.lark.terminals if t.pattern.type == "str"
        }


@cache
def _parser(limits: Limits) -> _Parser:
    return _Parser(limits)


# Other line ends, control characters and what turns the reading direction: text that does not read as it runs.
_HOSTILE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TEXT_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*')


def parse_rules(source: Source, limits: Limits = DEFAULT) -> tuple[n.File, list[Diagnostic]]:
    """Read a rule file. Returns the declarations that could be read, and every syntax error."""
    refused = _refuse_text(source, limits)
    if refused:
        return n.File(()), refused
    parser = _parser(limits)
    tree, problems = _attempt(parser, source, source.text, 0, "file", limits)
    if tree is not None:
        return tree, problems
    declarations: list[n.Declaration] = []
    diagnostics: list[Diagnostic] = []
    for start, end in declaration_chunks(source.text):
        declaration, problems = _attempt(parser, source, source.text[start:end], start, "declaration", limits)
        diagnostics += problems
        if declaration is not None:
            declarations.append(declaration)
    return n.File(tuple(declarations)), diagnostics


def parse_expression(source: Source, limits: Limits = DEFAULT) -> tuple[n.Expression | None, list[Diagnostic]]:
    """Read one expression, as a fixture's expectations hold them."""
    refused = _refuse_text(source, limits)
    if refused:
        return None, refused
    return _attempt(_parser(limits), source, source.text, 0, "expr", limits)


def _attempt(
    parser: _Parser, source: Source, text: str, offset: int, start: str, limits: Limits
) -> tuple[Any, list[Diagnostic]]:
    parser.builder.begin(source, offset)
    try:
        tree = parser.lark.parse(text, start=start)
    except NestingError as error:
        return None, [*parser.builder.problems, _too_deep(error.token, source, offset, limits)]
    except (UnexpectedToken, UnexpectedCharacters, UnexpectedEOF, UnexpectedInput) as error:
        problem = explain_unexpected(error, source, offset, len(text), parser.spelling)
        return None, [*parser.builder.problems, problem]
    return tree, list(parser.builder.problems)


def _too_deep(token: Token, source: Source, offset: int, limits: Limits) -> Diagnostic:
    start = (token.start_pos or 0) + offset
    return Diagnostic(
        "R105",
        f"nested deeper than {limits.nesting} levels",
        Span(source, start, start + len(token)),
        "split the formula into parts of their own",
    )


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
    return [
        Diagnostic(
            "R106",
            f"the character U+{ord(match.group()):04X} is not allowed here: "
            "it cannot be seen, or changes how the line reads",
            Span(source, match.start(), match.end()),
            "delete it",
        )
        for match in _hostile(source.text)
    ]


def _hostile(text: str) -> list[re.Match[str]]:
    matches = list(_HOSTILE.finditer(text))
    if not matches:
        return []
    inside = [(m.start(), m.end()) for m in _TEXT_OR_COMMENT.finditer(text)]
    return [m for m in matches if not any(a <= m.start() < b for a, b in inside)][:20]
