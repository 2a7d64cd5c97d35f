"""A case whose list has a second version from some day on: with other prices, and other sizes of what it gives."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from tests.reference.cases import Case, Declaration

_AMOUNT = re.compile(r"(?<![\w.,])([0-9][0-9,.]*)(?= USD| [0-9]+%|%)")
_LAST = re.compile(r"(?<= )[0-9][0-9.]*$")
_GIVEN = re.compile(r"(?<=^size )[0-9]+")
RUNS_ON = re.compile(r"(every|each) (week|quarter|year|2 months|month on|month from)")
"""What is billed for periods that do not begin with each month."""


def in_versions(case: Case, random: Random) -> Case:
    """The case with a later version; where its day is no first of a month, or something runs on over it, it splits
    the periods."""
    month = random.choice(case.months[1:])
    splits = random.random() < 0.6 or bool(RUNS_ON.search(case.text()))
    day = f"{month}-{random.randint(2, 28):02}" if splits and random.random() < 0.7 else f"{month}-01"
    later = [made for part in case.declarations[1:] if (made := _changed(part, random)) != part]
    return replace(case, change=day, later=tuple(later), splits=splits)


def _changed(part: Declaration, random: Random) -> Declaration:
    word = part.head.partition(" ")[0]
    if random.random() < 0.3:
        return part
    return replace(part, statements=tuple(_statement(word, each, part, random) for each in part.statements))


def _statement(word: str, text: str, part: Declaration, random: Random) -> str:
    def other(found: re.Match[str]) -> str:
        return str(int(float(found[0].replace(",", ""))) + random.randint(1, 9))

    if word in ("charge", "discount", "tax") and text.startswith(("rate", "amount", "volume", "graduated", "minimum")):
        return _AMOUNT.sub(other, text)
    if word == "table" and part.head.startswith(("table price_of", "table steps", "table tiers")):
        return _LAST.sub(other, text)
    if word == "table" and part.head.startswith("table plan_fee"):
        return _AMOUNT.sub(other, text)
    if word == "package" and text.startswith("sizes") and part.head.startswith("package q"):
        return _AMOUNT.sub(other, text)
    if (
        word == "grant"
        and any(each.startswith("renews") for each in part.statements)
        and "scope region" not in part.statements
    ):
        return _GIVEN.sub(other, text)
    return text
