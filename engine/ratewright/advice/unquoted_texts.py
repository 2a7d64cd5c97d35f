"""Texts without the quotes that they need: they hold more than letters, digits and `_`, or are words of formulas."""

from __future__ import annotations

import re

from ratewright.advice.parse_stop import Slip

_SIGNS = r".:/@+&~-"
_WORD_BEFORE = re.compile(rf"(?<!\S)[\w{_SIGNS}]*\w\Z", re.ASCII)
_WORD_AFTER = re.compile(rf"[{_SIGNS}][\w{_SIGNS}]*\w", re.ASCII)
_DIFFERENCE = re.compile(r"(?<!\S)[A-Za-z]\w*(?:-\w+)+\Z", re.ASCII)
_FIGURE = re.compile(r"(?<!\S)[0-9][0-9.,]*\s+\Z", re.ASCII)
_CHOICES = re.compile(r"\b(?:setting|field)\s+(\w+)\b[^;{}]*\bone\s+of\b[^=;{}]*\Z", re.ASCII)
_BEHIND_WORDS = frozenset(("OF", "DOWN", "HALF", "UP"))
_VALUE = re.compile(r"(?:\bset\s+\w+|\b(?:with|,)\s+\w+|=)\s+\S*\Z", re.ASCII)


def for_a_text(slip: Slip) -> str:
    """`"eu-west.1"` for what is written like that, or `"end"` for a choice; empty for anything else."""
    return _with_a_sign(slip) or _word_of_formulas(slip)


def _word_of_formulas(slip: Slip) -> str:
    """For `plan == start`, where `start of …` is read."""
    word = slip.word_before
    if word not in ("end", "round", "start") or not slip.expected <= _BEHIND_WORDS:
        return ""
    itself = f"`{word}` always means itself in a formula"
    if re.search(rf"[=!]=\s*{word}\s*\Z", slip.line_before):
        return f'{itself}: a choice called like it stands in quotes, `"{word}"`'
    return f"{itself}: give what is called so another name" if slip.text != "(" else ""


def _with_a_sign(slip: Slip) -> str:
    """For a key, a cell or a value."""
    difference = _DIFFERENCE.search(slip.line_before) if slip.in_rows and slip.line_ends else None
    if difference is not None:
        return in_quotes(difference.group(), "-")
    before, after = _WORD_BEFORE.search(slip.line_before), _WORD_AFTER.match(slip.line_after)
    if before is None or after is None or _FIGURE.search(slip.line_before[: before.start()]):
        return ""
    sign, text = after.group()[0], before.group() + after.group()
    choices = _CHOICES.search(slip.line_before)
    if choices is not None:
        word = "field" if slip.block == "meter" else "setting"
        return f"a choice is a name; where one holds `{sign}`, let it be any text: `{word} {choices.group(1)} text`"
    if not (slip.in_rows or _VALUE.search(slip.line_before)):
        return ""
    named = re.search(r"[A-Za-z]", before.group()) or re.match(r"[^\w.][A-Za-z]", after.group())
    return in_quotes(text, sign) if named else ""


def in_quotes(text: str, sign: str) -> str:
    """The remedy for a text that is read as something else for one of its signs."""
    return f'a text with `{sign}` stands in quotes: `"{text}"`'
