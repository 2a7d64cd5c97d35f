"""Comparisons and conditions that are made of figures and words, asked again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne

from ratewright.values.units import Unit
from tests.explain.equations import NoEquationError, value_of

COMPARED = re.compile(r"(?P<left>.+?) (?P<sign>==|!=|<=|>=|<|>) (?P<right>.+)")
SIGNS: dict[str, Callable[[object, object], bool]] = {"==": eq, "!=": ne, "<=": le, ">=": ge, "<": lt, ">": gt}
DATE = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?")
TIME = re.compile(r"time\(\d{4}-\d\d-\d\d(?: (\d\d):(\d\d)(?::(\d\d))?)?\)")
WORD = re.compile(r'\w+|"[^"]*"')


def truth(text: str, units: Mapping[str, Unit], currency: str) -> bool | None:
    """Whether a condition with figures put in holds: `400 calls > 1,000 calls`. None where it cannot be told."""
    text = text.strip()
    for word, decides in ((" or ", True), (" and ", False)):
        if len(parts := _split(text, word)) > 1:
            answers = [truth(part, units, currency) for part in parts]
            return decides if decides in answers else None if None in answers else not decides
    if text.startswith("not "):
        inner = truth(text[4:], units, currency)
        return None if inner is None else not inner
    if text.startswith("(") and text.endswith(")"):
        return truth(text[1:-1], units, currency)
    if text in ("on", "off"):
        return text == "on"
    found = COMPARED.fullmatch(text)
    return None if found is None else compared(found["left"], found["sign"], found["right"], units, currency)


def compared(left: str, sign: str, right: str, units: Mapping[str, Unit], currency: str) -> bool | None:
    left, right = (TIME.sub(lambda at: f"{_seconds(at)} seconds", side) for side in (left, right))
    if DATE.fullmatch(left) and DATE.fullmatch(right):
        return SIGNS[sign](left, right)
    try:
        one, other = value_of(left, units, currency), value_of(right, units, currency)
    except NoEquationError:
        words = WORD.fullmatch(left) and WORD.fullmatch(right) and sign in ("==", "!=")
        return SIGNS[sign](left.strip('"'), right.strip('"')) if words else None
    answers = {SIGNS[sign](a, b) for a in one for b in other}
    return answers.pop() if len(answers) == 1 else None


def _seconds(at: re.Match[str]) -> int:
    hours, minutes, seconds = (int(part or 0) for part in at.groups())
    return (hours * 60 + minutes) * 60 + seconds


def _split(text: str, word: str) -> list[str]:
    """The text at a word where that stands outside brackets."""
    depth, start, parts = 0, 0, []
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and text.startswith(word, at):
            parts.append(text[start:at])
            start = at + len(word)
    return [*parts, text[start:]]
