"""What to write instead of what cannot stand here: words and signs of other systems, and slips."""

from __future__ import annotations

import re

from ratewright.diagnostics import did_you_mean
from ratewright.syntax.slip import Slip
from ratewright.syntax.words import DECLARATIONS, STATEMENTS, listed

_ROWS = "rows have upper bounds only: `below`, `up to`, and `beyond` for the rest"

# Words of other billing systems, and what they are called here.
_FOREIGN = {
    "tiered": "write `volume` (the whole quantity at the row it reaches) or `graduated` (each slice at its own row)",
    "tiers": "write `volume { … }` or `graduated { … }`",
    "price": "write `rate 0.08 USD/pic`, or rows in `volume { … }` or `graduated { … }`",
    "unit_amount": "write `rate 0.08 USD/pic`",
    "flat_amount": "a flat amount stands in its row: `up to 100 calls  50 USD`",
    "up_to": "write `up to 100 calls  0.01 USD/call`",
    "charge_model": "write the form itself: `rate`, `volume`, `graduated` or `amount`",
    "aggregation": "write `measure sum(quantity) in pics`",
    "otherwise": "write `beyond` for the rest",
}
_FOREIGN_DECLARATIONS = {
    "plan": "an account's plan is a setting: `setting plan one of free, pro = free`",
    "product": "a price list is a `tariff`; what is sold is a `charge` or a `package`",
    "metric": "write `meter`",
    "quota": "write `grant` for what is given, `package` for what is bought",
    "//": "a comment starts with `#`",
    "/": "a comment starts with `#`",
    "/*": "a comment starts with `#`",
}
_ENDLESS = ("inf", "infinity", "unlimited", "infinite", "max", "null", "∞")
_SIGNS = {
    "&&": "write `and`",
    "||": "write `or`",
    "!": "write `not`",
    "^": "there are no powers: multiply, `2 * 2 * 2`",
    "//": "a comment starts with `#`",
    "'": 'a text stands in straight double quotes: "…"',
    "\u2018": 'a text stands in straight double quotes: "…"',
    "“": 'a text stands in straight double quotes: "…"',
    "„": 'a text stands in straight double quotes: "…"',
    "«": 'a text stands in straight double quotes: "…"',
    "$": "write the currency's code behind the figure: `5 USD`",
    "€": "write the currency's code behind the figure: `5 EUR`",
    "£": "write the currency's code behind the figure: `5 GBP`",
    "¥": "write the currency's code behind the figure: `5 CNY`",
    "?": "write `if … then … else …`",
}
_RUNS_ON = re.compile(r"[0-9]\w*|hour|day|week|month|quarter|year", re.ASCII)  # `below10`, `everymonth`
_OPERATORS = {"*", "/", "+", "-", "×"}
_BOUND = re.compile(r"\s*(?:below|up\s+to|next)\s+[0-9]")
_COMPARISONS = {"==", "!=", "<", "<=", ">", ">=", "≤", "≥"}


def remedy(slip: Slip) -> str:
    """What to write instead; nothing where the message says it all."""
    if slip.line_ends:
        return _line_end(slip)
    return _word(slip) or _sign(slip) or _place(slip)


def _line_end(slip: Slip) -> str:
    rest = slip.source.text[slip.start :].lstrip()
    if rest.startswith("{") and "LBRACE" in slip.expected:
        return "`{` stands on the same line"
    if slip.keywords == ["else"]:
        return "an `if` says what holds otherwise: `if … then … else …`"
    if {"NAME", "NUMBER"} <= slip.expected:
        return "a statement stands on one line; a line may break inside parentheses"
    return ""


def _word(slip: Slip) -> str:
    """For a word: what it is called here, or where it belongs."""
    text, known = slip.text, slip.keywords
    declares = set(known) >= {"tariff", "meter", "charge"}
    if declares:
        help = _FOREIGN_DECLARATIONS.get(text, "")
        if not help and text in STATEMENTS:
            help = f"`{text}` stands inside the `{{ }}` of {STATEMENTS[text]}"
        if not help and text.startswith("}"):
            help = "there is a `}` too many"
        return (
            help
            or did_you_mean(text, known)
            or f"a declaration starts with {listed([f'`{w}`' for w in DECLARATIONS], 'or')}"
        )
    if {"below", "beyond"} <= set(known) and (text in ("from", "over", "above", "<", "<=", "≤") or text[0].isdigit()):
        return _ROWS
    if text in _ENDLESS and slip.expected == {"NUMBER", "LPAR"}:
        return "the last row is `beyond`"
    if text in _FOREIGN and text not in known:
        return _FOREIGN[text]
    in_block = "cite" in known and "RBRACE" in slip.expected
    if in_block and text in DECLARATIONS:
        return "a declaration stands outside every other; is a `}` missing above?"
    if in_block and text in STATEMENTS:
        return f"`{text}` belongs to {STATEMENTS[text]}"
    glued = next((k for k in known if text.startswith(k) and _RUNS_ON.fullmatch(text, len(k))), "")
    return f"write `{glued} {text[len(glued) :]}`" if glued else did_you_mean(text, known)


def _sign(slip: Slip) -> str:
    """For a sign: how it is written here."""
    text, before = slip.text, slip.line_before
    operators = {slip.words.get(t, "") for t in slip.expected}
    if text in ("<", "-") and slip.begin_text.startswith("deduct"):
        return "the order is written from the first to the last: `a > b > c`"
    if text == "=" and "==" in operators:
        return "to compare write `==`"
    if text in ("=", ":", ":="):
        return f"write it without `{text}`"
    if text == ">" and before.endswith("<"):
        return "write `!=`"
    if text == "*" and before.endswith("*"):
        return _SIGNS["^"]
    if text in _COMPARISONS and {"AND", "OR"} <= slip.expected:
        return "compare twice: `a < b and b < c`"
    if text == "in" and {"and", "then"} & set(slip.keywords):
        return "compare with each: `plan == free or plan == pro`"
    if text == "}" and not slip.expected - {"$END", "_NL"}:
        return "there is a `}` too many"
    if text == ")" and "RPAR" not in slip.expected:
        return "there is a `)` too many"
    if text == "(" and slip.keywords == ["down", "half", "up"]:
        return "say the way: `round up ( … )`, `round down`, `round half up` or `round half even`"
    if text == "(" and "_NL" in slip.expected:
        return "to multiply write `*`"
    return _SIGNS.get(text) or _SIGNS.get(text[0], "")


def _place(slip: Slip) -> str:
    """For something that could stand elsewhere, or in another form."""
    text, expected, before = slip.text, slip.expected, slip.line_before
    if text in _OPERATORS and _BOUND.match(before):
        return "a bound that is a formula stands in parentheses: `up to (2 * 300 pics)`"
    if text in _OPERATORS and slip.begin_text.startswith("setting"):
        return "a default is one value, and no formula"
    if re.fullmatch(r"\w+", text) and re.fullmatch(r"\w+\s+\w+\s+", slip.begin_text) and "LBRACE" in expected:
        return "a name is one word; join its parts with `_`"
    wants_name, wants_text = "NAME" in expected, "STRING" in expected
    if text.startswith('"') and wants_name and not wants_text:
        return f"write it without quotes: `{text.strip(chr(34))}`"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) and expected == {"DATE"}:
        return f"write the day: `{text}-01`"
    if re.fullmatch(r"\w+", text) and expected == {"STRING"}:
        return f'write it in quotes: "{text}"'
    if text == "-" and re.search(r"[A-Za-z_]$", before) and not before.endswith(" ") and "MINUS" not in expected:
        return "a name has letters, digits and `_`, and no hyphen"
    if text[0].isdigit() and re.search(r"\b[A-Z]{3}\s*$", before):
        return f"the currency stands behind the figure: `{text} {before.strip()[-3:]}`"
    if text == "," and "_NL" in expected:
        return "delete it, or name another behind it" if "COMMA" in expected else "delete it"
    ends = expected & {"_NL", "$END"}
    if ends and re.fullmatch(r"[A-Za-z]\w*", text) and text in {*slip.words.values()}:
        return "begin a new line, or write `;` before it"
    return ""
