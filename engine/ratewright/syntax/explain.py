"""A parse error in the words of somebody who writes prices: what stands here, what could, what to do."""

from __future__ import annotations

import re
import unicodedata

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ratewright.diagnostics import Diagnostic, Source, Span
from ratewright.syntax.hints import remedy
from ratewright.syntax.slip import Slip
from ratewright.syntax.words import expectation

_EXPONENT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)[eE]([+-]?[0-9]+)(?!\w)", re.ASCII)
_GLUED = re.compile(r"[0-9][0-9.,]*[A-Za-z_]\w*", re.ASCII)
_NUMBER_LIKE = re.compile(r"\.?[0-9][0-9.,]*", re.ASCII)
_MISREAD = re.compile(r"(?<!\w)(?:([0-9]+(?:_[0-9]+)+)|([0-9]+)[eE]([0-9]+)|0[xob][0-9A-Fa-f]+)[ \t]*$", re.ASCII)
_WORD = re.compile(r"[^\s{}()\[\],;#\"]+")
_LETTERS = re.compile(r"\w+")
_LETTERS_BEFORE = re.compile(r"\w+$")
_ROW = re.compile(r"[ \t]*(?:below|up\s+to|next|beyond)\b[^;\n]*$")
_SIZE_ROW = re.compile(r"[ \t]*[0-9][0-9,.]*[ \t]+\w+[ \t]*$", re.ASCII)
_BRACKETS = re.compile(r'"(?:[^"\\\n]|\\.)*"?|#[^\n]*|[{}()\[\]]')
_BLANK = re.compile(r"(?:[\s;]|#[^\n]*)*")
_BEHIND_A_DECLARATION = {"$END", "LBRACE"}  # it is whole: what is wrong stands on a line behind it
_PAIRS = {"{": "}", "(": ")", "[": "]"}
_LONGEST_EXPONENT = 18


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
                start, text = blank.end(), source.text[blank.end()]
        start, text = _whole_word(source.text, start, text, offset)
    elif isinstance(error, UnexpectedCharacters):
        start = (getattr(error, "pos_in_stream", None) or 0) + offset
        match = _WORD.match(source.text, start)
        text = match.group() if match else source.text[start : start + 1]
        start, text = _whole_word(source.text, start, text, offset)
    else:
        return _too_early(source, offset, offset + length, expected, spelling)
    slip = Slip(source, offset, start, text, expected, spelling)
    return _number(slip) or _characters(slip) or _row(slip) or _unexpected(slip)


def _expected(error: UnexpectedInput) -> frozenset[str]:
    """The terminals that could stand here; the automaton itself knows them best."""
    parser = getattr(error, "interactive_parser", None)
    found = parser.accepts() if parser is not None else None
    return frozenset(found or getattr(error, "expected", None) or getattr(error, "allowed", None) or ())


def _whole_word(text: str, start: int, word: str, begin: int) -> tuple[int, str]:
    """A word that the lexer had begun to read, from its first letter: `up_to`, `prix_élevé`."""
    letters = _LETTERS.match(word)
    if letters is None:
        return start, word
    before = _LETTERS_BEFORE.search(text[begin:start])
    return (begin + before.start(), before.group() + letters.group()) if before else (start, word)


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


def _number(slip: Slip) -> Diagnostic | None:
    """Numbers as other languages and other countries write them."""
    text, start = slip.source.text, slip.start
    exponent = _EXPONENT.match(text, start)
    if exponent and ("NUMBER" in slip.expected or "." in exponent.group()):
        written = _written_out(exponent.group(1), int(exponent.group(2)))
        help = f"write the number out{written}"
        return slip.finding("R103", f"`{exponent.group()}`: a number has no exponent", help, len(exponent.group()))
    glued = _GLUED.match(text, start)
    if glued and ("NUMBER" in slip.expected or not glued.group().isalnum()):
        word = glued.group()
        figure = re.match(r"[0-9.,]+", word)
        number = figure.group() if figure else ""
        return slip.finding(
            "R103",
            f"`{word}`: a number stands apart from its unit",
            f"write `{number} {word[len(number) :]}`",
            len(word),
        )
    like = _NUMBER_LIKE.match(text, start)
    if like and _is_odd(like.group()) and ("NUMBER" in slip.expected or slip.text[0] != "."):
        return slip.finding("R103", *_odd_number(like.group()), len(like.group()))
    misread = None if slip.line_ends else _MISREAD.search(slip.line_before)
    return _name_for_a_number(slip, misread) if misread else None


def _name_for_a_number(slip: Slip, misread: re.Match[str]) -> Diagnostic:
    """What stands before was meant as a number and is a name."""
    word, (underscored, mantissa, exponent) = misread.group().strip(), misread.groups()
    rule, help = "a number has decimal digits", "write it with the digits 0 to 9"
    if underscored:
        rule, help = "commas group three digits", f"write `{int(word):,}`"
    elif mantissa:
        rule, help = "a number has no exponent", f"write the number out{_written_out(mantissa, int(exponent))}"
    at = slip.start - len(misread.group())
    return Diagnostic("R103", f"`{word}` is a name and no number: {rule}", Span(slip.source, at, at + len(word)), help)


def _is_odd(number: str) -> bool:
    return not re.fullmatch(r"([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?,?", number)


def _odd_number(number: str) -> tuple[str, str]:
    if re.fullmatch(r"\.[0-9]+", number):
        return f"`{number}` is not a number: it has no digit before its point", f"write `0{number}`"
    if re.fullmatch(r"[0-9,]+\.", number):
        return f"`{number}` is not a number: it has no digit behind its point", f"write `{number[:-1]}`"
    if number.count(".") > 1:
        return (
            f"`{number}` is not a number: it has two points",
            "a point stands before the decimals, commas group three digits",
        )
    help = "write 1,000 or 1000; put a space behind a comma that separates"
    if re.fullmatch(r"0,[0-9]+|[0-9]+,[0-9]{1,2}", number):
        help = f"write `{number.replace(',', '.')}` if the comma begins the decimals"
    return f"`{number}` is not a number: commas group three digits", help


def _written_out(mantissa: str, exponent: int) -> str:
    """`: 100,000`, if the number is one that people write."""
    digits = mantissa.replace(",", "")
    decimals = len(digits.partition(".")[2])
    if not decimals <= exponent <= _LONGEST_EXPONENT:
        return ""
    return f": {int(digits.replace('.', '')) * 10 ** (exponent - decimals):,}"


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
    """A row that ends before its price."""
    if not (slip.line_ends or slip.text == "}") or not {"NAME", "NUMBER"} <= slip.expected:
        return None
    row = re.split(r"[{;]", slip.line_before)[-1]
    bound, size = _ROW.match(row), _SIZE_ROW.match(row)
    if bound is None and size is None:
        return None
    written = row.strip()
    return slip.finding(
        "R101",
        f"the row `{written}` has no price",
        f"write its price: `{written}  75 USD`" if size else f"write its price, or `{written}  not sold`",
    )


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
