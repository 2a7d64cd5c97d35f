"""The text of a formula with the texts of its parts put in: `2 × 0.0748 USD/GB + 5.00 USD`."""

from __future__ import annotations

import re

from ratewright.diagnostics import Span
from ratewright.values.writing import writing

_COMMENT = re.compile(r"#[^\n]*")
_OPERATOR = re.compile(r"[×/*+]|\s-\s")
_WORD_BEFORE = re.compile(r"\w\s*$")


def filled(formula: Span, parts: list[tuple[Span, str]]) -> str:
    """A formula as written, with a text in place of each of its parts; parts written elsewhere are left out."""
    source, start, end = formula.source, formula.start, formula.end
    pieces: list[str] = []
    at = start
    for place, text in sorted(parts, key=lambda part: part[0].start):
        if place.source is not source or not at <= place.start <= place.end <= end:
            continue
        span = place if _OPERATOR.search(text) else _with_parentheses(place, at, end)
        pieces.append(_operators(source.text[at : span.start]))
        pieces.append(f"({text})" if text.startswith("-") and place != formula else text)
        at = span.end
    pieces.append(_operators(source.text[at:end]))
    return " ".join("".join(pieces).split())


def _with_parentheses(span: Span, start: int, end: int) -> Span:
    """A part of a formula with the parentheses around it alone, which its value does not need."""
    text = span.source.text
    before, after = text[start : span.start].rstrip(), text[span.end : end].lstrip()
    if not before.endswith("(") or not after.startswith(")") or _WORD_BEFORE.search(before[:-1]):
        return span
    wider = Span(span.source, start + len(before) - 1, end - len(after) + 1)
    return _with_parentheses(wider, start, end)


def _operators(text: str) -> str:
    """What stands between the parts, without comments."""
    if "\n" in text:
        text = _COMMENT.sub("", text)
    return writing().figures(text.replace("*", "×"))
