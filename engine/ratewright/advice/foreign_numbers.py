"""Numbers as other languages and other countries write them, and how they are written here."""

from __future__ import annotations

import re

from ratewright.advice.foreign_dates import DOTTED_DAY
from ratewright.advice.parse_stop import Slip
from ratewright.diagnostics import Diagnostic, Span

_EXPONENT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)[eE]([+-]?[0-9]+)(?!\w)", re.ASCII)
_BEGUN_EXPONENT = re.compile(r"(?<![\w.,])([0-9][0-9.,]*[eE])$", re.ASCII)
_GLUED = re.compile(r"[0-9][0-9.,]*[A-Za-z_]\w*", re.ASCII)
_NUMBER_LIKE = re.compile(r"\.?[0-9][0-9.,]*", re.ASCII)
_MISREAD = re.compile(r"(?<!\w)(?:([0-9]+(?:_[0-9]+)+)|([0-9]+)[eE]([0-9]+)|0[xob][0-9A-Fa-f]+)[ \t]*$", re.ASCII)
_LONGEST_EXPONENT = 18


def for_a_number(slip: Slip) -> Diagnostic | None:
    """Numbers as other languages and other countries write them."""
    return _exponent(slip) or _glued(slip) or _odd(slip)


def _exponent(slip: Slip) -> Diagnostic | None:
    text, start = slip.source.text, slip.start
    begun = _BEGUN_EXPONENT.search(slip.line_before)
    if begun and re.match(r"[+-][0-9]", slip.line_after):
        digits = re.match(r"[+-][0-9]+", slip.line_after)
        written = f"{begun.group(1)}{digits.group() if digits else ''}"
        at = start - len(begun.group(1))
        return Diagnostic(
            "R103",
            f"`{written}`: a number has no exponent",
            Span(slip.source, at, at + len(written)),
            "write the number out",
        )
    exponent = _EXPONENT.match(text, start)
    if exponent and ("NUMBER" in slip.expected or "." in exponent.group()):
        written = _written_out(exponent.group(1), int(exponent.group(2)))
        help = f"write the number out{written}"
        return slip.finding("R103", f"`{exponent.group()}`: a number has no exponent", help, len(exponent.group()))
    return None


def _glued(slip: Slip) -> Diagnostic | None:
    """`10GB`, `10k`."""
    glued = _GLUED.match(slip.source.text, slip.start)
    if glued and ("NUMBER" in slip.expected or not glued.group().isalnum()):
        word = glued.group()
        figure = re.match(r"[0-9.,]+", word)
        number = figure.group() if figure else ""
        unit = word[len(number) :]
        many = written_in_full(number, unit)
        return slip.finding(
            "R103",
            f"`{word}`: a number {'is written out' if many else 'stands apart from its unit'}",
            f"write `{many or f'{number} {unit}'}`",
            len(word),
        )
    return None


def _odd(slip: Slip) -> Diagnostic | None:
    """Digits that make no number; and what was read as a name before."""
    like = _NUMBER_LIKE.match(slip.source.text, slip.start)
    if DOTTED_DAY.match(slip.source.text, slip.start):
        return None
    if like and _is_odd(like.group()) and ("NUMBER" in slip.expected or slip.text[0] != "."):
        if slip.expected <= {"DATE", "DATETIME", "MONTH"}:
            return slip.finding("R101", f"`{like.group()}` is no date", "a date is written `2026-01-31`", len(like[0]))
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
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(\.[0-9]{3}){2,}", number):
        swapped = number.translate(str.maketrans(".,", ",."))
        return (
            f"`{number}` is not a number: commas group three digits, a point begins the decimals",
            f"write `{swapped}`",
        )
    if number.count(".") > 1:
        return (
            f"`{number}` is not a number: it has two points",
            "a point stands before the decimals, commas group three digits",
        )
    help = "write 1,000 or 1000; put a space behind a comma that separates"
    if re.fullmatch(r"0,[0-9]+|[0-9]+,[0-9]{1,2}", number):
        help = f"write `{number.replace(',', '.')}` if the comma begins the decimals"
    return f"`{number}` is not a number: commas group three digits", help


_MANY = {"k": 3, "K": 3, "tsd": 3, "M": 6, "mn": 6, "mio": 6, "mln": 6, "bn": 9, "bln": 9}


def written_in_full(number: str, suffix: str) -> str:
    """`10,000` for 10 and `k`; empty where the suffix is none that people write for a thousand or a million."""
    return _written_out(number, _MANY[suffix]).removeprefix(": ") if suffix in _MANY else ""


def _written_out(mantissa: str, exponent: int) -> str:
    """`: 100,000`, if the number is one that people write."""
    digits = mantissa.replace(",", "")
    decimals = len(digits.partition(".")[2])
    if not decimals <= exponent <= _LONGEST_EXPONENT:
        return ""
    return f": {int(digits.replace('.', '')) * 10 ** (exponent - decimals):,}"
