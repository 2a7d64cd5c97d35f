"""The text of a `say` → words and names: `{quantity}` is a figure, `{{` and `}}` are braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ratewright.diagnostics import Diagnostic, Span
from ratewright.syntax import nodes as n

_PIECES = re.compile(
    r"\{[ \t]*(?P<name>[0-9]*[A-Za-z_][0-9A-Za-z_]*)[ \t]*\}|(?P<brace>\{\{|\}\})|\\(?P<escaped>.)"
    r"|(?P<formula>\{[^{}]*\})|(?P<open>\{)|(?P<close>\})|(?P<words>[^{}\\]+)"
)
_A_NAME = "{quantity}"


def read_sentence(literal: Span) -> tuple[n.Sentence, list[Diagnostic]]:
    """The sentence of a text with its quotes, and what is wrong with its braces, each at its place."""
    parts: list[n.Words | n.Ref] = []
    problems: list[Diagnostic] = []
    words: list[tuple[Span, str]] = []
    for kind, place, text in _pieces(literal):
        if kind in ("words", "escaped", "brace"):
            words.append((place, text))
        elif kind == "name":
            parts += _joined(words)
            words = []
            parts.append(n.Ref(place, n.Name(place, text)))
        else:
            problems.append(_problem(kind, place))
    parts += _joined(words)
    if not any(isinstance(part, n.Ref) or part.text.strip() for part in parts):
        help = f'write what the line is for: `say "You used {_A_NAME}."`'
        problems += [] if problems else [Diagnostic("R203", "the sentence says nothing", literal, help)]
    return n.Sentence(literal, tuple(parts)), problems


def _pieces(literal: Span) -> Iterator[tuple[str, Span, str]]:
    """What stands between the quotes, piece by piece: what it is, its place, and what it stands for."""
    source, first = literal.source, literal.start + 1
    for match in _PIECES.finditer(source.text, first, literal.end - 1):
        kind = match.lastgroup
        assert kind is not None
        start, end = match.span(kind)
        text = match[kind]
        yield kind, Span(source, start, end), text[0] if kind == "brace" else text


def _joined(words: list[tuple[Span, str]]) -> list[n.Words | n.Ref]:
    """Words that follow on one another, as one; nothing for none."""
    if not words:
        return []
    first, last = words[0][0], words[-1][0]
    return [n.Words(Span(first.source, first.start, last.end), "".join(text for _, text in words))]


def _problem(kind: str, place: Span) -> Diagnostic:
    if kind == "open":
        help = f"write `{_A_NAME}` for a figure, and `{{{{` for a brace"
        return Diagnostic("R102", "`{` has no end in this sentence", place, help)
    if kind == "close":
        return Diagnostic("R101", "`}` closes nothing in this sentence", place, "write `}}` for a brace")
    inside = " ".join(re.sub(r"\\(.)", r"\1", place.text[1:-1]).split())
    if not inside:
        return Diagnostic("R101", "nothing stands in the braces", place, f"name a figure: `{_A_NAME}`")
    help = f"in a line give it a name, `define shown = {inside}`, and write `{{shown}}`"
    return Diagnostic("R101", f"only a name can stand in braces, and `{inside}` is none", place, help)
