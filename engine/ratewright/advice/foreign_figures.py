"""Units, prices and steps into which a number or a formula was written, and how they are written here."""

from __future__ import annotations

import re

from ratewright.advice.parse_stop import Slip

_UNIT_BEGUN = re.compile(r"\bin\s+\Z", re.ASCII)
_NUMBER_AND_UNIT = re.compile(r"(?P<number>[0-9][0-9.,]*)\s*(?P<unit>[A-Za-z]\w*)", re.ASCII)
_ROUNDED = re.compile(r"\bround\s+(?P<way>up|down|half\s+(?:up|down|even))\b.*\)\s*to\s+\Z", re.ASCII)
_RECKONED = re.compile(
    r"(?:(?<=\s)|\A)(?P<formula>[0-9][0-9.,]*\s+\w+\s*/\s*[A-Za-z]\w*\s*[*/×]\s*[0-9][0-9.,]*)\s*\Z", re.ASCII
)


def for_a_figure(slip: Slip) -> str:
    """How what is reckoned is written in a unit, a price or a step, which take figures as they are."""
    return _number_in_a_unit(slip) or _step_with_a_name(slip) or _reckoned_in_a_cell(slip)


def _number_in_a_unit(slip: Slip) -> str:
    """`in 1,000 ops`: a quantity is in a unit, and only prices are for a number of things."""
    begun = _UNIT_BEGUN.search(slip.line_before)
    found = _NUMBER_AND_UNIT.match(slip.line_after)
    if begun is None or found is None or "NAME" not in slip.expected:
        return ""
    return f"a unit has no number: write `in {found.group('unit')}`"


def _step_with_a_name(slip: Slip) -> str:
    """`round up (x) to step`: what it is rounded to is written out."""
    rounded = _ROUNDED.search(slip.line_before)
    if rounded is None or "NUMBER" not in slip.expected:
        return ""
    figure = re.match(r"\(\s*([0-9][0-9.,]*(?:\s+\w+)?)\s*\)", slip.line_after, re.ASCII)
    if figure:
        return f"write it without parentheses: `to {figure.group(1)}`"
    step = re.match(r"[A-Za-z]\w*(?!\w|\s*[\[(.])", slip.line_after, re.ASCII)
    way, name = rounded.group("way"), step.group() if step else "(…)"
    return f"`to` takes a figure such as `100 calls`; for any other step: `round {way} (x / {name}) * {name}`"


def _reckoned_in_a_cell(slip: Slip) -> str:
    """`10 USD/item / 30`, where a cell takes a number for one more unit."""
    if not (slip.in_rows and slip.line_ends and "NAME" in slip.expected):
        return ""
    found = _RECKONED.search(slip.line_before)
    return f"a formula in a cell stands in parentheses: `({found.group('formula')})`" if found else ""
