"""A parse error in the words of somebody who writes prices: what stands here, what could, what to do."""

from __future__ import annotations

import re
from typing import Any

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ratewright.diagnostics import Diagnostic, Source, Span, did_you_mean
from ratewright.syntax.words import DECLARATIONS, expectation, keywords, listed

_GLUED = re.compile(r"[0-9][0-9.,]*[A-Za-z_]\w*", re.ASCII)
_BAD_GROUPS = re.compile(r"[0-9]+(?:,[0-9]*)+(?:\.[0-9]*)?", re.ASCII)
_WORD = re.compile(r"[^\s{}()\[\],;#\"]+")

# Words of other billing systems, and what they are called here.
_FOREIGN = {
    "tiered": "write `volume` (the whole quantity at the row it reaches) or `graduated` (each slice at its own row)",
    "tiers": "write `volume { … }` or `graduated { … }`",
    "price": "write `rate 0.08 USD/pic`, or rows in `volume { … }` or `graduated { … }`",
    "unit_amount": "write `rate 0.08 USD/pic`",
    "flat_amount": "a flat amount stands in its row: `up to 100 calls  50 USD`",
    "up_to": "write `up to 100 calls  0.01 USD/call`",
    "inf": "the last row is `beyond`",
    "charge_model": "write the form itself: `rate`, `volume`, `graduated` or `amount`",
    "aggregation": "write `measure sum(quantity) in pics`",
    "plan": "an account's plan is a setting: `setting plan one of free, pro = free`",
    "product": "a price list is a `tariff`; what is sold is a `charge` or a `package`",
    "metric": "write `meter`",
    "quota": "write `grant` for what is given, `package` for what is bought",
    "over": "write `beyond` for the rest, or `below` and `up to` with the bound",
    "above": "rows have upper bounds only: `below`, `up to`, and `beyond` for the rest",
    "from": "rows have upper bounds only: `below`, `up to`, and `beyond` for the rest",
    "otherwise": "write `beyond` for the rest",
}


def explain_unexpected(
    error: UnexpectedInput, source: Source, offset: int, length: int, spelling: dict[str, str]
) -> Diagnostic:
    """The diagnostic for what Lark could not read at this place."""
    if isinstance(error, UnexpectedToken):
        token: Token = error.token
        expected = set(error.accepts or error.expected)
        if token.type == "$END":
            return _too_early(source, offset + length, expected, spelling)
        start, text = (token.start_pos or 0) + offset, str(token)
    elif isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
        position: Any = error.pos_in_stream
        start = position + offset
        match = _WORD.match(source.text, start)
        text = match.group() if match else source.text[start : start + 1]
    else:
        return _too_early(source, offset + length, set(getattr(error, "expected", ())), spelling)
    return _unexpected(source, start, text, expected, spelling)


def _too_early(source: Source, end: int, expected: set[str], spelling: dict[str, str]) -> Diagnostic:
    before = len(source.text[:end].rstrip())
    missing = "`}`" if "RBRACE" in expected else expectation(expected, spelling)
    return Diagnostic(
        "R102",
        f"the text ends where {missing} is missing",
        Span(source, max(0, before - 1), before),
        "every `{` needs its `}`" if "RBRACE" in expected else f"add {missing}",
    )


def _unexpected(source: Source, start: int, text: str, expected: set[str], spelling: dict[str, str]) -> Diagnostic:
    glued = _GLUED.match(source.text, start)
    groups = _BAD_GROUPS.match(source.text, start)
    line_end = text.startswith(("\n", "\r", ";", "#")) or not text.strip()
    if glued and not glued.group().isalnum():
        figure = re.match(r"[0-9.,]+", glued.group())
        number = figure.group() if figure else ""
        return Diagnostic(
            "R103",
            f"`{glued.group()}`: a number stands apart from its unit",
            Span(source, start, glued.end()),
            f"write `{number} {glued.group()[len(number) :]}`",
        )
    if groups and "," in groups.group() and "NUMBER" in expected:
        return Diagnostic(
            "R103",
            f"`{groups.group()}` is not a number: commas group three digits",
            Span(source, start, groups.end()),
            "write 1,000 or 1000; put a space behind a comma that separates",
        )
    if text.startswith('"') and "STRING" in expected:
        return Diagnostic(
            "R102",
            "the text does not end on its line",
            Span(source, start, start + 1),
            'close it with `"`; inside a text write \\" for a quote and \\\\ for a backslash',
        )
    known = keywords(expected, spelling)
    starts_declaration = set(known) >= {"tariff", "meter", "charge"}
    what = "the line ends" if line_end else f"`{text}` cannot stand"
    help = _FOREIGN.get(text, "") or did_you_mean(text, known) if not line_end else ""
    if not help and starts_declaration:
        help = f"a declaration starts with {listed([f'`{w}`' for w in DECLARATIONS], 'or')}"
    where = expectation(expected, spelling)
    message = f"{what} here; expected {where}" if where else f"{what} here"
    width = 1 if line_end else max(1, len(text))
    return Diagnostic("R101", message, Span(source, start, start + width), help)
