"""Several currencies, where they are written in another way than `0.08 USD/pic or 0.07 EUR/pic`."""

from __future__ import annotations

import re

from ratewright.advice.parse_stop import Slip

_MONEY = r"[0-9][0-9.,]*\s*[A-Z]{3}\b"
_STATED = re.compile(r"\bcurrency\s+([A-Z]{3}(?:\s*,\s*[A-Z]{3})*)\s*$")
_PRICED = re.compile(rf"{_MONEY}(?:\s*/\s*[\w,]+)*\s*$")
_STARTED = re.compile(r"\bper\s+started\s+[0-9.,]+\s*\w+\s*$")
_ANOTHER = re.compile(rf"(?:,|/|or|and|\|)\s*{_MONEY}")


def for_a_currency(slip: Slip) -> str:
    """What to write where a list names several currencies, or an amount in each."""
    before, after = slip.line_before, slip.line_after
    stated = _STATED.search(before)
    code = re.match(r"(?:or|and|/|\||\+)?\s*([A-Z]{3})\b", after)
    if stated and code:
        return f"currencies have commas between them: `currency {stated.group(1)}, {code.group(1)}`"
    if not _ANOTHER.match(after):
        return ""
    if _STARTED.search(before):
        return "blocks stand behind all currencies: `(75 USD or 70 EUR) per started 1,000 pics`"
    if not _PRICED.search(before):
        return ""
    if slip.text == "or":
        return "each term of a price has its currencies: `(0.08 USD/pic or 0.07 EUR/pic) + (1 USD or 2 EUR)`"
    return "the amount in another currency stands behind `or`: `0.08 USD/pic or 0.07 EUR/pic`"
