"""Signs and words between values, as spreadsheets, databases and programs write them, and how they are written here."""

from __future__ import annotations

import re
from collections.abc import Callable

from ratewright.advice import foreign_words as foreign
from ratewright.advice.foreign_functions import FUNCTIONS
from ratewright.advice.parse_stop import Slip

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
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₹": "INR"}
_COMPARISONS = {"==", "!=", "<", "<=", ">", ">=", "≤", "≥"}
_BETWEEN = "compare twice: `quantity >= 1 call and quantity <= 5 calls`"
_EACH = "compare with each: `plan == free or plan == pro`"
_WHERE = 'write the condition behind the value: `sum(quantity where region == "EU")`'
_WORDS = {
    "between": _BETWEEN,
    "in": _EACH,
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
_MANY_WORDS = frozenset("k m bn thousand million billion tsd mio mln 1k 1m thousands millions".split())
_MANY_BEFORE = re.compile(r"[0-9/]\s*\w*\s*$", re.ASCII)
_THOUSANDS = re.compile(r"(?<![\w.,])([0-9]{1,3})\s+$", re.ASCII)
_VALUE_BEFORE = re.compile(r"\b(amount|minimum|maximum|size)\s+([0-9][^;{}]*?)\s*$", re.ASCII)
_CONDITION = re.compile(r"\b(?:where|when|if|and|or|not)\b")
_BEHIND = {
    "where": "say what is selected: `sum(quantity where kind == a)`",
    "case": _IF,
    "distinct": "write `unique({word})`",
    "if": _IF,
    "select": "write the formula alone: `sum(quantity)`",
}
"""Words that read as names, so that the text behind them cannot be read."""


def for_a_sign(slip: Slip) -> str:
    """How a sign, or a word that joins values, is written here; empty where nothing is known."""
    return next((found for rule in _RULES if (found := rule(slip))), "")


def _comment(slip: Slip) -> str:
    before = slip.line_before
    if re.search(r"--\s*(?:\w+\s+)*$", before):
        return "a comment starts with `#`"
    if slip.line_after.startswith(("//", "/*")) and not slip.expected & {"SLASH", "STAR"}:
        return "a comment starts with `#`"
    if slip.text == "/" and before.endswith("/"):
        return "a comment starts with `#`; a quotient without its remainder is `round down (a / b)`"
    return ""


def _behind_a_word(slip: Slip) -> str:
    """Where the word before is read as a name, a unit or a start of something else."""
    before = slip.word_before.lower()
    if slip.text == "of" and before == "percent":
        return "write `12% of …`"
    if before == "started" and "PER" in slip.expected:
        return "write `2 USD per started 1,000 calls`"
    if before in _MANY_WORDS and _MANY_BEFORE.search(slip.line_before) and re.fullmatch(r"\w+", slip.text):
        return "write the number with its digits: `1,000`, `1,000,000`"
    spaced = _THOUSANDS.search(slip.line_before)
    if spaced and re.fullmatch(r"[0-9]{3}", slip.text):
        return f"a number has no spaces: `{spaced.group(1)},{slip.text}`"
    if before == "if" and re.search(r"\brate\s+if\s*$", slip.line_before):
        return "behind `rate` a choice stands in parentheses: `rate (if … then … else …)`"
    value = _VALUE_BEFORE.search(slip.line_before) if slip.text == "if" else None
    if value:
        return f"the condition stands before the value: `{value.group(1)} if … then {value.group(2)} else …`"
    if before in _BEHIND and re.fullmatch(r"[\w\"']+", slip.text):
        return _BEHIND[before].format(word=slip.text)
    return ""


def _selected(slip: Slip) -> str:
    """`each` and `where` behind an aggregation instead of inside it."""
    if slip.block != "meter" or slip.text not in ("each", "where", "since") or "in" not in slip.keywords:
        return ""
    if slip.text == "each":
        return "one value for each day is a series: aggregate it, `mean(sum(quantity) each day) in calls`"
    return f"write it inside the parentheses: `sum(quantity {slip.text} …)`"


def _joined(slip: Slip) -> str:
    """Words between two values."""
    word = slip.text.lower()
    if word == "then" and "COMMA" in slip.expected:
        return "write `, then`"
    if word.endswith("day") and slip.keywords == ["day"]:
        return "a week from another day on is counted from a date: `every week from 2026-01-07`"
    if word == "if" and slip.expected & {"AND", "RPAR"}:
        return _IF
    if word == "is" and "AND" in slip.expected:
        return _is(slip)
    if word == "in" and _CONDITION.search(slip.line_before):
        return _EACH
    if word in ("each", "apiece") and "PER" in slip.expected:
        return "a price by the unit is `2 USD/call`"
    if not slip.expected & {"AND", "PLUS", "THEN", "ELSE"} or slip.text in slip.keywords:
        return ""
    if word in ("and", "or"):
        return f"write `{word}`: the words of the language are in small letters"
    return _WORDS.get(word, "")


def _is(slip: Slip) -> str:
    """`is` and `is not`, with a value or with nothing."""
    found = re.match(r"is\s+(not\s+)?(\w*)", slip.line_after, re.ASCII | re.IGNORECASE)
    nothing = found.group(2).lower() if found else ""
    operator = "!=" if found and found.group(1) else "=="
    if nothing == "none":
        return f"write `{operator} none` where that is a choice; what has no default always has a value"
    if nothing in ("null", "empty"):
        return (
            'a field without a default always has a value; for the others write the default: `field region text = "EU"`'
        )
    return f"write `{operator}`"


def _of_a_period(slip: Slip) -> str:
    """What a figure is for, and how far a measure looks back."""
    word = slip.text.lower()
    if word[:1].isdigit() and re.search(r"\bincluded\s+$", slip.line_before):
        return "a free part is a row, `up to 100 calls  0 USD/call`, or a `grant` that is drawn first"
    if word == "per" and "rounding" in slip.line_before:
        return "a line is rounded alone: delete `per …`; `per bill` stands in the tariff"
    limit = re.search(r"\b(minimum|maximum|amount)\b[^;{}]*$", slip.line_before) if word == "per" else None
    if limit and limit.group(1) == "maximum" and re.match(r"per\s+(?:started\s+)?\d", slip.line_after):
        return "the most for each block of the quantity is `maximum 14 USD each 24 hours`"
    if limit and limit.group(1) == "maximum":
        return "the most for a time is `maximum 60 USD each day`; without `each` it is for the period that `every` says"
    if limit:
        return f"the {limit.group(1)} is for the period that `every` says: delete `per …`"
    if word == "per" and slip.block in ("grant", "package"):
        return "write `size 100 calls`, and on a line of its own `renews every month`"
    if word in ("in", "for", "over") and re.match(rf"{word}\s+(?:the\s+)?(?:last|past|previous)\b", slip.line_after):
        return "records of earlier periods are looked back at: `since (start of period - 11 months)`"
    if word == "where" and re.search(r"\bsince\b[^()]*$", slip.line_before):
        return "`where` stands before `since`: `quantity where … since activation`"
    return ""


def _separated(slip: Slip) -> str:
    """What stands between the values of a function, and between the parts of a choice."""
    before = slip.line_before
    inside = re.search(r"(\w+)\s*\([^()]*$", before)
    if inside and re.search(r";\s*$", before):
        return FUNCTIONS.get(inside.group(1).lower(), "the values of a function stand apart by `,`")
    chosen = slip.text == "," and inside is not None and inside.group(1) == "if"
    then = slip.text in ("{", ":") and "THEN" in slip.expected
    return _IF if chosen or then or (slip.text == ":" and "?" in before) else ""


def _compared(slip: Slip) -> str:
    text, before, after = slip.text, slip.line_before, slip.line_after
    operators = {slip.words.get(t, "") for t in slip.expected}
    if after.startswith(("=>", "=<")) and "==" in operators:
        return f"write `{'>=' if after.startswith('=>') else '<='}`"
    if text == "=" and before.endswith(("==", "!=")):
        return f"write `{before[-2:]}`"
    if text == "=" and "==" in operators:
        return "to compare write `==`"
    if text == "==" and "EQUAL" in slip.expected:
        return "write `=`"
    if text == ">" and before.endswith("<"):
        return "write `!=`"
    if text in _COMPARISONS and {"AND", "OR"} <= slip.expected:
        return "compare twice: `a < b and b < c`"
    return ""


def _assigned(slip: Slip) -> str:
    """Signs that other systems write between a name and its value."""
    text, after = slip.text, slip.line_after
    if text in ("<", "-") and slip.begin_text.startswith("deduct"):
        return "the order is written from the first to the last: `a > b > c`"
    if text == ">" and slip.line_before.endswith("-"):
        return "write it without `->`"
    if after.startswith(("->", "=>", "→")):
        return f"write it without `{after[: 1 if after[0] == '→' else 2]}`"
    if text == "(" and slip.block == "define" and "EQUAL" in slip.expected:
        return "a formula takes no values of its own: the names in it are read where it is used"
    if text == "=" and "LBRACE" in slip.expected:
        return ""
    if text in ("=", ":", ":="):
        return foreign.KEYS.get(slip.word_before.lower(), f"write it without `{text}`")
    return ""


def _brackets(slip: Slip) -> str:
    text = slip.text
    if text == "}" and not slip.expected - {"$END", "_NL"}:
        return "there is a `}` too many"
    if text == ")" and "RPAR" not in slip.expected:
        opened = slip.begin_text.count("(") > slip.begin_text.count(")")
        return "something is missing before `)`" if opened else "there is a `)` too many"
    if text == "(" and slip.keywords == ["down", "half", "up"]:
        return "say the way: `round up ( … )`, `round down`, `round half up`, `round half down` or `round half even`"
    if text == "(" and "_NL" in slip.expected:
        return foreign.KEYS.get(slip.word_before.lower(), "to multiply write `*`")
    if text == "%" and slip.expected & {"STAR", "SLASH"}:
        return _WORDS["mod"]
    if text == "*" and slip.line_before.endswith("*"):
        return _SIGNS["^"]
    if text == "*" and re.search(r"\bcount\s*\($", slip.line_before, re.IGNORECASE):
        return "write `count()`"
    return ""


def _other(slip: Slip) -> str:
    if re.match(r"\$[A-Z]+\$?[0-9]", slip.line_after):
        return "a figure has a name here, and no cell: `define free_part = 100 calls`"
    if slip.text == "-" and "NUMBER" in slip.expected and slip.expected <= {"NAME", "NUMBER"}:
        return "write a number without a sign"
    code = _CURRENCIES.get(slip.text[0], "")
    if code:
        named = slip.word_before == "currency" and slip.block == "tariff"
        return f"write `currency {code}`" if named else f"write the currency's code behind the figure: `5 {code}`"
    return _SIGNS.get(slip.text) or _SIGNS.get(slip.text[0], "")


_RULES: tuple[Callable[[Slip], str], ...] = (
    _comment,
    _behind_a_word,
    _selected,
    _of_a_period,
    _joined,
    _separated,
    _compared,
    _assigned,
    _brackets,
    _other,
)
"""What is looked at, in this order."""
