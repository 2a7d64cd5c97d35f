"""Signs and words between values, as spreadsheets, databases and programs write them, and how they are written here."""

from __future__ import annotations

import re

from ratewright.syntax import foreign
from ratewright.syntax.slip import Slip

_TEXT = 'a text stands in straight double quotes: "…"'
_IF = "write `if … then … else …`"
_SIGNS = {
    "&&": "write `and`",
    "||": "write `or`",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`",
    "^": "there are no powers: multiply, `2 * 2 * 2`",
    "'": _TEXT,
    "\u2018": _TEXT,
    "\u2019": _TEXT,
    "“": _TEXT,
    "”": _TEXT,
    "„": _TEXT,
    "«": _TEXT,
    "`": "a name stands without quotes",
    "$": "write the currency's code behind the figure: `5 USD`",
    "€": "write the currency's code behind the figure: `5 EUR`",
    "£": "write the currency's code behind the figure: `5 GBP`",
    "¥": "write the currency's code behind the figure: `5 CNY`",
    "₹": "write the currency's code behind the figure: `5 INR`",
    "?": _IF,
    "–": "write `-`",
    "—": "write `-`",
    "−": "write `-`",
    "·": "write `*`",
    "÷": "write `/`",
    "≠": "write `!=`",
    "…": "it stands for something: write that out",
    "@": "a name has letters, digits and `_`",
    "~": "write `not`, or `-`",
    "\\": "it stands only in a text in quotes",
}
_COMPARISONS = {"==", "!=", "<", "<=", ">", ">=", "≤", "≥"}
_BETWEEN = "compare twice: `quantity >= 1 call and quantity <= 5 calls`"
_EACH = "compare with each: `plan == free or plan == pro`"
_WHERE = 'write the condition behind the value: `sum(quantity where region == "EU")`'
_WORDS = {
    "between": _BETWEEN,
    "in": _EACH,
    "is": "write `==`",
    "eq": "write `==`",
    "equals": "write `==`",
    "equal": "write `==`",
    "ne": "write `!=`",
    "gt": "write `>`",
    "ge": "write `>=`",
    "lt": "write `<`",
    "le": "write `<=`",
    "plus": "write `+`",
    "minus": "write `-`",
    "x": "write `*`",
    "div": "write `/`",
    "mod": "there is no remainder: `a - round down (a / b) * b`",
    "like": "texts are compared whole: `==` or `!=`",
    "contains": "texts are compared whole: `==` or `!=`",
    "matches": "texts are compared whole: `==` or `!=`",
    "elif": "write `else if`",
    "elsif": "write `else if`",
    "elseif": "write `else if`",
    "filter": _WHERE,
    "within": "write `percentile(quantity, 95)`: the nearest rank",
    "over": "write `by region` in the meter: what it names is kept apart",
    "group": "write `by region` in the meter: what it names is kept apart",
    "order": "records come in the order of time; the highest are `highest(quantity, 5)`",
    "having": "write `… each day where sum(quantity) > 5 calls`",
    "as": "a formula gets its name by `define`",
    "per": "a price by the unit is `2 USD/call`",
    "xor": "write `a != b`",
}
_BEHIND = {
    "case": _IF,
    "distinct": "write `unique(user)`",
    "if": _IF,
    "select": "write the formula alone: `sum(quantity)`",
}
"""Words that read as names, so that the text behind them cannot be read."""


def for_a_sign(slip: Slip) -> str:
    """How a sign, or a word that joins values, is written here; empty where nothing is known."""
    return _joined(slip) or _separated(slip) or _equality(slip) or _brackets(slip) or _other(slip)


def _joined(slip: Slip) -> str:
    """Words between two values."""
    word, before = slip.text.lower(), slip.word_before.lower()
    if before in _BEHIND and re.fullmatch(r"[\w\"']+", slip.text):
        return _BEHIND[before]
    if slip.text == "/" and slip.line_before.endswith("/"):
        return "a comment starts with `#`; a quotient without its remainder is `round down (a / b)`"
    joins = slip.expected & {"AND", "PLUS", "THEN", "ELSE"}
    if not joins:
        return ""
    if word == "when" and before == "case":
        return _IF
    if word in ("and", "or") and slip.text not in ("and", "or"):
        return f"write `{word}`: the words of the language are in small letters"
    return _WORDS.get(word, "") if slip.text not in slip.keywords else ""


def _separated(slip: Slip) -> str:
    """What stands between the values of a function."""
    before = slip.line_before
    inside = re.search(r"(\w+)\s*\([^()]*$", before)
    if inside and re.search(r";\s*$", before):
        return _IF if inside.group(1).lower() == "if" else "the values of a function stand apart by `,`"
    if slip.text == "," and inside and inside.group(1) == "if":
        return _IF
    if slip.text == "{" and "THEN" in slip.expected:
        return _IF
    if slip.text == ":" and "?" in before:
        return _IF
    return ""


def _equality(slip: Slip) -> str:
    text, before, after = slip.text, slip.line_before, slip.line_after
    operators = {slip.words.get(t, "") for t in slip.expected}
    if text in ("<", "-") and slip.begin_text.startswith("deduct"):
        return "the order is written from the first to the last: `a > b > c`"
    if after.startswith(("=>", "=<")) and "==" in operators:
        return f"write `{'>=' if after.startswith('=>') else '<='}`"
    if text == "=" and before.endswith(("==", "!=")):
        return f"write `{before[-2:]}`"
    if text == "=" and "==" in operators:
        return "to compare write `==`"
    if after.startswith(("->", "=>", "→")):
        return f"write it without `{after[: 1 if after[0] == '→' else 2]}`"
    if text in ("=", ":", ":="):
        return foreign.KEYS.get(slip.word_before.lower(), f"write it without `{text}`")
    if text == ">" and before.endswith("<"):
        return "write `!=`"
    if text == "*" and before.endswith("*"):
        return _SIGNS["^"]
    if text in _COMPARISONS and {"AND", "OR"} <= slip.expected:
        return "compare twice: `a < b and b < c`"
    return ""


def _brackets(slip: Slip) -> str:
    text = slip.text
    if text == "}" and not slip.expected - {"$END", "_NL"}:
        return "there is a `}` too many"
    if text == ")" and "RPAR" not in slip.expected:
        return "there is a `)` too many"
    if text == "(" and slip.keywords == ["down", "half", "up"]:
        return "say the way: `round up ( … )`, `round down`, `round half up` or `round half even`"
    if text == "(" and "_NL" in slip.expected:
        return foreign.KEYS.get(slip.word_before.lower(), "to multiply write `*`")
    if text == "%" and slip.expected & {"STAR", "SLASH"}:
        return _WORDS["mod"]
    return ""


def _other(slip: Slip) -> str:
    return _SIGNS.get(slip.text) or _SIGNS.get(slip.text[0], "")
