"""What the parser expected, in a price owner's words."""

from __future__ import annotations

from collections.abc import Iterable

DECLARATIONS = (
    "tariff",
    "contract",
    "unit",
    "setting",
    "table",
    "define",
    "meter",
    "grant",
    "package",
    "charge",
    "discount",
    "tax",
    "deduct",
    "limit",
    "example",
)
"""The words that a declaration starts with, at the beginning of a line."""

_BLOCKS = {
    "a tariff": "currency timezone source rounding bytes",
    "a tariff or a contract": "effective changes",
    "a contract": "list for replace scale drop factors",
    "a meter": "field reads where measure corrections",
    "a grant": "issued size",
    "a package": "sizes sold refund pause",
    "a grant or a package": "covers valid draws renews rolls overdraws scope",
    "a charge": "every once billed rate volume graduated amount minimum maximum reached flat invoiced",
    "a meter, a pool or a charge": "define",
    "a grant, a package or a charge": "when prorated",
    "a charge or a limit": "on",
    "a charge, a grant, a package or a limit": "say",
    "a meter, a discount or a tax": "by",
    "a meter or a discount": "spread",
    "a tax": "included",
    "a limit": "default shared extend",
    "an example": "set given buy use withdraw expect",
    "a declaration": "cite",
}
STATEMENTS = {word: block for block, words in _BLOCKS.items() for word in words.split()}
"""The words that a statement starts with, and the blocks that it stands in."""

_NAMES = {
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": 'a text in "quotes"',
    "DATE": "a date",
    "MONTH": "a month",
    "DATETIME": "a date with time",
    "_NL": "the end of the line",
    "$END": "the end of the line",  # declarations are read one by one
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


_VALUE = {"END", "OFF", "ON", "ROUND", "START", "DATE", "DATETIME", "MONTH", "NAME", "NUMBER", "STRING", "IF"}
_MOMENT = {"DATE", "DATETIME", "MONTH"}


def in_a_block(expected: Iterable[str]) -> bool:
    """Whether a statement of a block could stand here."""
    return {"CITE", "RBRACE"} <= set(expected)


def in_a_row(expected: Iterable[str]) -> bool:
    """Whether a row of a table could begin here."""
    return {"BELOW", "BEYOND", "RBRACE"} <= set(expected)


def in_cells(expected: Iterable[str]) -> bool:
    """Whether one more cell of a row could stand here."""
    terminals = set(expected)
    return {"NOT", "NAME", "NUMBER", "_NL"} <= terminals and "BELOW" not in terminals


def expectation(expected: Iterable[str], spelling: dict[str, str], block: str = "") -> str:
    """`a name, a number or `if`` for what could have stood here; operators only where nothing else could.

    `block` is the word of the declaration that this is in.
    """
    terminals = set(expected)
    if set(DECLARATIONS) <= {spelling.get(t) for t in terminals}:
        return "a declaration"
    if in_a_block(terminals) and block:
        return f"a statement of {'an' if block[0] in 'ae' else 'a'} {block} or `}}`"
    if in_a_row(terminals):
        return "a row or `}`"
    if in_cells(terminals):
        return "a cell or the end of the line"
    shown = []
    if {"NAME", "NUMBER", "ROUND"} <= terminals:
        shown.append("a value")
        terminals -= {*_VALUE, "NOT"} if "IF" in terminals else _VALUE
    elif terminals >= _MOMENT:
        shown += ["a date", "a month"]
        terminals -= _MOMENT
    shown += sorted({_NAMES[t] for t in terminals if t in _NAMES and t not in _OPERATORS})
    shown = [f"`{w}`" for w in keywords(terminals, spelling)] + shown
    if not shown:
        shown = sorted({_NAMES.get(t, f"`{spelling.get(t, t)}`") for t in terminals})
    if len(shown) > _MOST:
        return f"{', '.join(shown[:_MOST])}, …"
    return listed(shown, "or")


_MOST = 14


def listed(items: list[str], last: str) -> str:
    """`a, b or c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
