"""What to write instead of what cannot stand here: words of other systems, slips of place and of signs."""

from __future__ import annotations

import re

from ratewright.advice import foreign_words as foreign
from ratewright.advice.foreign_currencies import for_a_currency
from ratewright.advice.foreign_dates import for_a_date
from ratewright.advice.foreign_figures import for_a_figure
from ratewright.advice.foreign_signs import for_a_sign
from ratewright.advice.foreign_terms import for_a_term
from ratewright.advice.foreign_times import for_a_time
from ratewright.advice.forms import form_of
from ratewright.advice.parse_stop import Slip
from ratewright.advice.unquoted_texts import for_a_text
from ratewright.advice.words import DECLARATIONS, STATEMENTS, in_a_block, in_a_row, in_cells, listed
from ratewright.diagnostics import did_you_mean

UPPER_BOUNDS = "rows have upper bounds only: `below`, `up to`, and `beyond` for the rest"
_UNLIMITED = "a size is a figure: write one that nobody reaches, `1,000,000 rides`"
_ENDLESS = ("inf", "infinity", "unlimited", "infinite", "max", "null", "none", "∞")
_RUNS_ON = re.compile(r"[0-9]\w*|hour|day|week|month|quarter|year", re.ASCII)  # `below10`, `everymonth`
_BOUND = re.compile(r"\s*(?:below|up\s+to|next)\s+[0-9][0-9,.]*(?:\s+\w+)?\s*$", re.ASCII)
_RANGE = re.compile(r"\s*(?:from\s+)?[0-9][0-9,.]*\s*(?:[A-Za-z]\w*)?\s*$", re.ASCII)
_VALUE_BEHIND = re.compile(r"\W*(\w+)")
_EACH = re.compile(r"\beach\s+((?:[0-9][0-9,]*\s+)?[A-Za-z]\w*)(?:\s+or(?:\s+[0-9.]+)?)?\s*$", re.ASCII)
_IN_LANGUAGES = re.compile(
    r"(?:\bsay|^\s*(?:tariff|setting|meter|grant|package|charge|discount|tax|limit)\s+\w+)"
    r'(?:\s+(?:[\w-]+\s+)?"(?:[^"\\]|\\.)*")+\s*\Z'
)
_LANGUAGE = re.compile(r'[a-z]{2,3}(?:-\w+)*\s+"')
_BEFORE_TEXT = re.compile(r"\bsay\s*\Z")
_DASHES = ("-", "–", "—", "−", "~", ".")
_MOMENTS = {"DATE", "DATETIME", "MONTH"}
_FILE_FORMATS = {
    "{": "a rule file is no JSON",
    "[": "a rule file is no JSON",
    "-": "a rule file is no YAML",
    "<": "a rule file is no XML",
    "=": "a rule file is no spreadsheet",
    "%": "a rule file is no program",
    "@": "a rule file is no program",
}
_KINDS = {
    **dict.fromkeys(("boolean", "bool", "flag"), "= off"),
    **dict.fromkeys(("enum", "choice"), "one of a, b"),
    **dict.fromkeys(("string", "str"), "text"),
    **dict.fromkeys(("integer", "int", "float", "decimal"), "number"),
    **dict.fromkeys(("datetime", "timestamp"), "date"),
}
_COMMENTS = ("//", "/", "/*", "--", "'")
_BEGIN = 'begin with `tariff my_prices "My prices" { currency USD; timezone "UTC" }`'


_OF_VALUES = (for_a_currency, for_a_term, for_a_date, for_a_time, for_a_text, for_a_figure)
"""What is looked at first, in this order: values and terms as they are written elsewhere."""


def remedy(slip: Slip) -> str:
    """What to write instead; nothing where the message says it all."""
    if slip.line_ends:
        return for_a_text(slip) or for_a_figure(slip) or _line_end(slip) or form_of(slip)
    found = next((found for rule in _OF_VALUES if (found := rule(slip))), "")
    found = found or _word(slip) or _in_a_row(slip) or for_a_sign(slip)
    return found or did_you_mean(slip.text, slip.keywords) or _place(slip) or form_of(slip)


def _line_end(slip: Slip) -> str:
    rest = slip.source.text[slip.start :].lstrip()
    if rest.startswith("{") and "LBRACE" in slip.expected:
        return "`{` stands on the same line"
    number = re.search(r"(?<![\w.,])([0-9][0-9.,]*)\s*$", slip.line_before)
    if number and "NAME" in slip.expected and "NUMBER" not in slip.expected:
        return f"write the unit of {number.group(1)} behind it"
    if slip.keywords == ["in"] and slip.block == "meter":
        return f"say the unit: `{slip.line_before.strip()} in calls`"
    if slip.word_before == "started":
        return "write of how many: `per started 1,000 calls`"
    if slip.keywords == ["else"]:
        return "an `if` says what holds otherwise: `if … then … else …`"
    if {"NAME", "NUMBER"} <= slip.expected:
        return "a statement stands on one line; a line may break inside parentheses"
    return ""


def _word(slip: Slip) -> str:
    """For a word: what it is called here, or where it belongs."""
    text, known = slip.text, slip.keywords
    behind_all = (
        slip.expected <= {"$END", "_NL", "LBRACE"}
        and slip.line_before.rstrip()[-1:] in ("", ";", "}")
        and text[0] not in "}{"
    )
    if set(known) >= {"tariff", "meter", "charge"} or behind_all:
        return _declaration(slip)
    if text in _ENDLESS and {"NUMBER", "LPAR"} <= slip.expected and "NAME" not in slip.expected:
        return _UNLIMITED if slip.block == "package" else "the last row is `beyond`"
    if text == "use" and re.search(r"\bvalid\b.*\bfrom\s+first\s*$", slip.line_before):
        return "a validity is known when the lot begins: `valid 2 years from purchase`"
    if in_a_row(slip.expected):
        return _row(slip)
    if in_a_block(slip.expected):
        return _statement(slip)
    if text.lower() in known and text not in known:
        return f"write `{text.lower()}`: the words of the language are in small letters"
    drawn = slip.expected & {"EXPIRY", "SOONEST"} or slip.expected >= {"PURCHASE", "START"}
    if drawn and text in foreign.DRAWN:
        return foreign.DRAWN[text]
    return _glued(text, known)


def _declaration(slip: Slip) -> str:
    text, word = slip.text, slip.text.lower()
    if re.match(r"[\w.$]+\s*:|\"\w+\"\s*:", slip.line_after):
        return f"a rule file is no {'JSON' if text.startswith(chr(34)) else 'YAML'}; {_BEGIN}"
    if text.startswith("}"):
        return "there is a `}` too many"
    if slip.line_after.startswith(_COMMENTS) and not slip.line_after.startswith("---"):
        return "a comment starts with `#`"
    if text[0] in _FILE_FORMATS:
        return f"{_FILE_FORMATS[text[0]]}; {_BEGIN}"
    if word in DECLARATIONS:
        return f"write `{word}`: the words of the language are in small letters"
    if word in foreign.DECLARATIONS:
        return foreign.DECLARATIONS[word]
    if text in STATEMENTS:
        return f"`{text}` stands inside the `{{ }}` of {STATEMENTS[text]}"
    if re.match(r"[\w.]+\s*=", slip.line_after):
        return f"write `define {text} = …` for a formula, `setting {text} = …` for what an account brings"
    declared = f"a declaration starts with {listed([f'`{w}`' for w in DECLARATIONS], 'or')}"
    return did_you_mean(text, list(DECLARATIONS)) or declared


def _row(slip: Slip) -> str:
    """At the beginning of a row."""
    if slip.text.startswith(("<", "≤", ">", "≥", "=")) or slip.text[0].isdigit():
        return UPPER_BOUNDS
    if slip.text.startswith(("{", "[", "(", "-")):
        return "a row is a line without brackets: its bound or keys, then its cells"
    if slip.text.startswith("|"):
        return "cells stand apart by spaces"
    return _UNLIMITED if slip.text in _ENDLESS and slip.block == "package" else ""


def _statement(slip: Slip) -> str:
    """At the beginning of a statement of a block."""
    text, known, word = slip.text, slip.keywords, slip.text.lower()
    if text in DECLARATIONS:
        return "a declaration stands outside every other; is a `}` missing above?"
    if word in known:
        return f"write `{word}`: the words of the language are in small letters"
    value = _VALUE_BEHIND.match(slip.line_after, len(text))
    found = _by_value(slip.block, word, value.group(1).lower() if value else "")
    found = found or foreign.STATEMENTS.get(slip.block, {}).get(word, "") or foreign.ANYWHERE.get(word, "")
    if found:
        return found
    if text in STATEMENTS:
        return f"`{text}` belongs to {STATEMENTS[text]}"
    if text.startswith(("//", "--", "/*")):
        return "a comment starts with `#`"
    if not text[0].isalpha():
        return ""
    has = listed([f"`{w}`" for w in known], "and")
    return _glued(text, known) or did_you_mean(text, known) or f"{_article(slip.block)} has {has}"


def _article(word: str) -> str:
    return f"{'an' if word[:1] in 'ae' else 'a'} {word}"


def _by_value(block: str, word: str, value: str) -> str:
    """For a word of another system whose value says what is meant: `aggregation_type: max`."""
    if block == "meter" and foreign.STATEMENTS["meter"].get(word, "").startswith("write `measure"):
        formula = foreign.AGGREGATIONS.get(value) or foreign.AGGREGATIONS.get(word)
        return f"write `measure {formula} in calls`" if formula else ""
    if block in ("charge", "discount", "tax") and word == "per" and value in foreign.PERIODS.values():
        return f"write `every {value}`"
    if block in ("charge", "discount", "tax") and word.endswith(("_mode", "model", "scheme", "_type", "type")):
        return foreign.TIER_MODES.get(value, "")
    return ""


def _glued(text: str, known: list[str]) -> str:
    glued = next((k for k in known if text.startswith(k) and _RUNS_ON.fullmatch(text, len(k))), "")
    return f"write `{glued} {text[len(glued) :]}`" if glued else ""


def _place(slip: Slip) -> str:
    """For something that could stand elsewhere, or in another form."""
    text, expected = slip.text, slip.expected
    each = _EACH.search(slip.line_before)
    if each and re.fullmatch(r"\w+", text) and ({"SINCE", "WHERE"} <= expected or expected == {"NUMBER"}):
        return f"write `each {each.group(1)} or 0` where those without a record count as 0"
    if text.startswith(("{", "[")) and expected <= {"$END", "_NL"}:
        return _unit_twice(slip) or f"there is a `{text[0]}` too many"
    if text == "]" and slip.line_before.endswith("["):
        return "name what it is looked up by: `prices[plan]`"
    if text == "[" and "LBRACE" in expected:
        return "rows and statements stand in `{ }`"
    if text[0] in "*/+-×" and slip.begin_text.startswith("setting"):
        return "a default is one value, and no formula"
    if re.fullmatch(r"\w+", text) and re.fullmatch(r"\w+\s+\w+\s+", slip.begin_text) and "LBRACE" in expected:
        return _two_words(slip)
    if re.fullmatch(r"[A-Za-z_]\w*", text) and {"NUMBER", "LPAR"} <= expected and "NAME" not in expected:
        return f"a bound that is a name or a formula stands in parentheses: `up to ({text})`"
    return _in_a_language(slip) or _form(slip)


def _unit_twice(slip: Slip) -> str:
    """For the block of a meter whose unit stands before it, where the short form has none."""
    short = re.match(r"meter\s+(\w+)\s.*\bin\s+(\w+(?:\s*[*/]\s*\w+)*)\s*\Z", slip.begin_text, re.DOTALL)
    if short is None or slip.text[0] != "{":
        return ""
    name, unit = short.groups()
    inside = f"`meter {name} {{ measure sum(quantity) in {unit} }}`"
    return f"delete `{{ … }}`, or let the measure say the unit: {inside}"


def _two_words(slip: Slip) -> str:
    """For a word behind the name of a declaration."""
    joined = "a name is one word; join its parts with `_`"
    name = slip.begin_text.split()[1]
    if slip.block == "meter" and " in " not in slip.line_after and "{" not in slip.line_after:
        return f"write `meter {name} in {slip.text}` if that is its unit; {joined}"
    if slip.block in ("discount", "tax") and slip.text[0].isdigit():
        on = "subtotal" if slip.block == "tax" else "charges"
        percent = f"{slip.text}%" if slip.line_after[len(slip.text) :].lstrip().startswith("%") else "10%"
        return f"write `{slip.block} {name} {{ on {on}; rate {percent} }}`"
    if slip.block == "unit":
        return f"write `unit {name}, {slip.text}` if that is the plural; {joined}"
    if slip.text in _KINDS:
        return _kind_of(f"setting {name}", slip.text)
    return joined


def _kind_of(declared: str, word: str) -> str:
    """For the kind of a setting or of a field, as programs call it, or the unit alone."""
    form = _KINDS.get(word, f"in {word}")
    return f"write `{declared} {form}`" + ("" if word in _KINDS else " if that is its unit")


def _in_a_language(slip: Slip) -> str:
    """For a second text without the name of its language, or a name in front of the first one."""
    if slip.text.startswith('"') and _IN_LANGUAGES.search(slip.line_before):
        return f"a second text is the same in another language: `de {slip.text}`"
    if _BEFORE_TEXT.search(slip.line_before) and _LANGUAGE.match(slip.line_after):
        return "the text in the language of the list comes first, without a name"
    return ""


def _form(slip: Slip) -> str:
    """For a value in a form that it does not have."""
    text, expected, before = slip.text, slip.expected, slip.line_before
    wants_name, wants_text = "NAME" in expected, "STRING" in expected
    if text.startswith('"') and wants_name and not wants_text:
        return f"write it without quotes: `{text.strip(chr(34))}`"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) and expected == {"DATE"}:
        return f"write the day: `{text}-01`"
    if text[0].isdigit() and expected <= _MOMENTS:
        return "a date is written `2026-01-31`" + (", a month `2026-01`" if "MONTH" in expected else "")
    field = re.search(r"\bfield\s+(\w+)\s+\Z", before)
    if field and re.fullmatch(r"[A-Za-z]\w*", text) and {"IN", "ONE"} <= expected:
        return _kind_of(f"field {field.group(1)}", text)
    if re.fullmatch(r"\w+", text) and expected == {"STRING"}:
        return f'write it in quotes: "{text}"'
    if text == "-" and re.search(r"[A-Za-z_]$", before) and not before.endswith(" ") and "MINUS" not in expected:
        return "a name has letters, digits and `_`, and no hyphen"
    if text[0].isdigit() and re.search(r"\b[A-Z]{3}\s*$", before):
        return f"the currency stands behind the figure: `{text} {before.strip()[-3:]}`"
    if "STARTED" in expected and slip.word_before == "per":
        return "a price by the unit is `2 USD/call` or `2 USD/1,000 calls`, one by the block `per started 1,000 calls`"
    if text == "," and "_NL" in expected:
        return "delete it, or name another behind it" if "COMMA" in expected else "delete it"
    if {"AND", "OR"} <= expected and re.fullmatch(r"[\w.,]+|\".*\"", text) and text not in slip.words.values():
        compared = slip.word_before and re.match(r"\s*expect\b", before)
        return f"an operator is missing before `{text}`: {'`==`' if compared else '`*`, `+` or `==`'}"
    ends = expected & {"_NL", "$END"}
    if ends and re.fullmatch(r"[A-Za-z]\w*", text) and text in {*slip.words.values()}:
        return "begin a new line, or write `;` before it"
    return ""


def _in_a_row(slip: Slip) -> str:
    """Among the cells of a row."""
    text, row = slip.text, re.split(r"[{;]", slip.line_before)[-1]
    glued = re.search(r"\b(below|next|up_?to)([0-9]{1,3})$", row)
    if text == "," and glued and slip.in_rows:
        word = "up to" if glued.group(1).startswith("up") else glued.group(1)
        return f"write `{word} {glued.group(2)}{slip.line_after.split()[0]}`"
    if slip.in_rows and "RPAR" in slip.expected and re.search(r"[A-Za-z_]\w*\s*\([^()]*$", row):
        return "a formula in a cell stands in parentheses, or gets a name by `define`"
    if text == "," and re.fullmatch(r"\s*[(\[]\s*[0-9.,]+\s*", row):
        return UPPER_BOUNDS
    if not in_cells(slip.expected):
        return ""
    if text[0] in "*/+-×" and _BOUND.match(row) and not slip.line_after.startswith(("->", "=>")):
        period = re.match(r"/\s*(?:hour|day|week|month|year)\b", slip.line_after)
        if period:
            return f"a bound is for the period of `every`: delete `{period.group()}`"
        return "a bound that is a formula stands in parentheses: `up to (2 * 300 pics)`"
    if text[0] in _DASHES and _RANGE.match(row):
        return UPPER_BOUNDS
    if text == ",":
        return "cells stand apart by spaces; keys that share a row are joined by `or`"
    if text.startswith(("|", "&")):
        return "cells stand apart by spaces"
    if text == "%" and _BOUND.match(row):
        return "a bound is a quantity, with its unit"
    found = for_a_sign(slip)
    if not found and text[0] in "*/+-×<>=(":
        return "a formula in a cell stands in parentheses, or gets a name by `define`"
    return found
