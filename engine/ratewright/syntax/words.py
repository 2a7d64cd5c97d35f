"""What the parser expected, in a price owner's words."""

from __future__ import annotations

from collections.abc import Iterable

DECLARATIONS = (
    "tariff",
    "unit",
    "setting",
    "meter",
    "grant",
    "package",
    "charge",
    "deduct",
    "limit",
    "example",
)
"""The words that a declaration starts with, at the beginning of a line."""

_NAMES = {
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": 'a text in "quotes"',
    "DATE": "a date",
    "MONTH": "a month",
    "DATETIME": "a date with time",
    "_NL": "the end of the line",
    "$END": "the end of the file",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "DOT": "`.`",
    "PERCENT": "`%`",
    "EQUAL": "`=`",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "STAR": "`*`",
    "SLASH": "`/`",
    "MORETHAN": "`>`",
}

_OPERATORS = {
    "PLUS",
    "MINUS",
    "STAR",
    "SLASH",
    "MORETHAN",
    "LESSTHAN",
    "PERCENT",
    "DOT",
    "LPAR",
    "LSQB",
    "COMMA",
}


def keywords(expected: Iterable[str], spelling: dict[str, str]) -> list[str]:
    """The keywords among the expected terminals, as they are written."""
    return sorted(spelling[t] for t in expected if spelling.get(t, "").isalpha())


def expectation(expected: Iterable[str], spelling: dict[str, str]) -> str:
    """`a name, a number or `if`` for what could have stood here; operators only where nothing else could."""
    terminals = set(expected)
    words = [f"`{w}`" for w in keywords(terminals, spelling)]
    names = sorted({_NAMES[t] for t in terminals if t in _NAMES and t not in _OPERATORS})
    shown = words + names or sorted({_NAMES.get(t, f"`{spelling.get(t, t)}`") for t in terminals})
    if len(shown) > _MOST:
        shown = [*shown[:_MOST], "…"]
    return listed(shown, "or")


_MOST = 14


def listed(items: list[str], last: str) -> str:
    """`a, b or c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
