"""A parse error in the words of somebody who writes prices: what stands here, what could, what to do."""

from __future__ import annotations

import re
import unicodedata

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ratewright.advice.foreign_numbers import for_a_number
from ratewright.advice.parse_stop import Slip
from ratewright.advice.remedies import remedy
from ratewright.advice.words import expectation
from ratewright.diagnostics import Diagnostic, Source, Span

_WORD = re.compile(r"[^\s{}()\[\],;#\"]+")
_QUOTED = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*+"')
_LETTERS = re.compile(r"\w+")
_LETTERS_BEFORE = re.compile(r"\w+\Z")
_SIZE_ROW = re.compile(
    r"[ \t]*(?:(?:below|up[ \t]+to|next)[ \t]+)?[0-9][0-9,.]*[ \t]+\w+[ \t]*$|[ \t]*beyond[ \t]*$", re.ASCII
)
_BRACKETS = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*+"?|#[^\n]*|[{}()\[\]]')
_BLANK = re.compile(r"(?:[\s;]|#[^\n]*)*")
_BEHIND_A_DECLARATION = {"$END", "LBRACE"}  # it is whole: what is wrong stands on a line behind it
_LONGEST_WORD = 200
_PAIRS = {"{": "}", "(": ")", "[": "]"}


def explain_unexpected(
    error: UnexpectedInput, source: Source, offset: int, length: int, spelling: dict[str, str]
) -> Diagnostic:
    """The diagnostic for what Lark could not read at this place."""
    expected = _expected(error)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        token: Token = error.token
        start, text = (token.start_pos or 0) + offset, str(token)
        if token.type == "_NL" and expected <= _BEHIND_A_DECLARATION:
            blank = _BLANK.match(source.text, start)
            if blank is not None and blank.end() < len(source.text):
                start, text = blank.end(), _thing(source.text, blank.end())
        start, text = _whole_word(source.text, start, text, offset)
    elif isinstance(error, UnexpectedCharacters):
        start = (getattr(error, "pos_in_stream", None) or 0) + offset
        text = _thing(source.text, start)
        start, text = _whole_word(source.text, start, text, offset)
    else:
        return _too_early(source, offset, offset + length, expected, spelling)
    slip = Slip(source, offset, start, text, expected, spelling)
    return for_a_number(slip) or _characters(slip) or _row(slip) or _unexpected(slip)


def _expected(error: UnexpectedInput) -> frozenset[str]:
    """The terminals that could stand here; the automaton itself knows them best."""
    parser = getattr(error, "interactive_parser", None)
    found = parser.accepts() if parser is not None else None
    return frozenset(found or getattr(error, "expected", None) or getattr(error, "allowed", None) or ())


def _thing(text: str, start: int) -> str:
    """The word, the text in quotes or the sign that begins at `start`."""
    found = _QUOTED.match(text, start) or _WORD.match(text, start)
    return found.group() if found else text[start : start + 1]


def _whole_word(text: str, start: int, word: str, begin: int) -> tuple[int, str]:
    """A word that the lexer had begun to read, from its first letter: `up_to`, `prix_élevé`."""
    letters = _LETTERS.match(word)
    if letters is None:
        return start, word
    near = max(begin, start - _LONGEST_WORD)
    before = _LETTERS_BEFORE.search(text[near:start])
    return (near + before.start(), before.group() + letters.group()) if before else (start, word)


def _unclosed(source: Source, begin: int, end: int) -> tuple[str, Span] | None:
    """The innermost bracket of a declaration that is still open at `end`."""
    opened: list[re.Match[str]] = []
    for match in _BRACKETS.finditer(source.text, begin, end):
        if match.group() in _PAIRS:
            opened.append(match)
        elif match.group() in _PAIRS.values() and opened:
            opened.pop()
    return (opened[-1].group(), Span(source, opened[-1].start(), opened[-1].end())) if opened else None


def _too_early(source: Source, begin: int, end: int, expected: frozenset[str], spelling: dict[str, str]) -> Diagnostic:
    before = len(source.text[:end].rstrip())
    span = Span(source, max(0, before - 1), before)
    opened = _unclosed(source, begin, end)
    if opened is None:
        missing = expectation(expected, spelling)
        return Diagnostic("R102", f"the text ends where {missing} is missing", span, f"add {missing}")
    bracket, place = opened
    return Diagnostic(
        "R102",
        f"the text ends where `{_PAIRS[bracket]}` is missing",
        span,
        f"every `{bracket}` needs its `{_PAIRS[bracket]}`",
        related=(("opened here", place),),
    )


def _characters(slip: Slip) -> Diagnostic | None:
    """Characters that no word of the language has."""
    if slip.text.startswith('"') and ("STRING" in slip.expected or len(slip.text) == 1):
        return slip.finding(
            "R102",
            "the text does not end on its line",
            'close it with `"`; inside a text write \\" for a quote and \\\\ for a backslash',
            1,
        )
    odd = next((c for c in slip.text if not c.isascii()), "")
    if not odd or not odd.isalnum():
        return None
    if unicodedata.category(odd) == "Nd":
        digits = "".join(str(unicodedata.digit(c, c)) for c in slip.text)
        return slip.finding("R103", f"`{slip.text}` has digits of another script", f"write `{digits}`")
    return slip.finding(
        "R101",
        f"`{slip.text}` cannot stand here: a name has the letters A to Z and a to z, digits and `_`",
        "other letters may stand in a title or another text in quotes",
    )


def _row(slip: Slip) -> Diagnostic | None:
    """A size on sale that ends before its price."""
    if not (slip.line_ends or slip.text == "}") or not {"NAME", "NUMBER"} <= slip.expected:
        return None
    row = re.split(r"[{;]", slip.line_before)[-1]
    if not slip.in_rows or _SIZE_ROW.match(row) is None:
        return None
    written = row.strip()
    return slip.finding("R101", f"the row `{written}` has no price", f"write its price: `{written}  75 USD`")


def _unexpected(slip: Slip) -> Diagnostic:
    what = "the line ends" if slip.line_ends else f"`{slip.text}` cannot stand"
    where = expectation(slip.expected, slip.words, slip.block)
    message = f"{what} here; expected {where}" if where else f"{what} here"
    closing = {"RPAR": "(", "RSQB": "["}
    opened = _unclosed(slip.source, slip.begin, slip.start)
    if opened and opened[0] in {closing[t] for t in slip.expected & set(closing)}:
        bracket, place = opened
        help = remedy(slip) or f"close it with `{_PAIRS[bracket]}`"
        return Diagnostic("R101", message, slip.span(), help, related=(("opened here", place),))
    return slip.finding("R101", message, remedy(slip))
