"""What messages say to write is the language: every piece of it in backticks reads."""

from __future__ import annotations

import re

import pytest

from ratewright.advice import foreign_signs as signs
from ratewright.advice import foreign_words as foreign
from ratewright.advice import forms
from ratewright.advice.foreign_functions import FUNCTIONS, UNITS, VALUES
from ratewright.advice.words import DECLARATIONS, STATEMENTS
from ratewright.diagnostics import Source
from ratewright.syntax.parser import parse_expression
from tests.syntax.trees import HEADER, read

QUOTED = re.compile(r"`([^`]+)`")
BLOCKS = ("charge a", "meter a", "grant a", "package a", "limit a", 'example "e"', "tariff a")


def reads(text: str) -> bool:
    """Whether a piece reads somewhere: as a declaration, a statement, a row, a series, a formula, or a part of one."""
    whole = re.sub(r"; …|(?<={) … (?=})", "", text).replace("…", "x")
    if re.fullmatch(r"[a-z]+(?: [a-z]+)*|[^\w\s]+|\w+\( \)|round \w+(?: \w+)?(?: \( x \))?", whole):
        return True  # words or signs of the language by name
    if not read(HEADER + whole + "\n")[1]:
        return True
    if any(not read(f"{HEADER}{block} {{\n{whole}\n}}\n")[1] for block in BLOCKS):
        return True
    opened = whole.removesuffix("{").strip() + " { }" if whole.endswith("{") else whole
    if not read(HEADER + opened + "\n")[1]:
        return True
    rows = (f"charge fee {{ volume {{\n{whole}\n}} }}", f"package p {{ sizes {{\n{whole}\n}} }}")
    if any(not read(f"{HEADER}{row}\n")[1] for row in rows):
        return True
    places = ("define x = {}", "charge c {{ rate 1 USD {} }}", "meter m {{ measure {} in calls }}")
    if any(not read(HEADER + place.format(whole) + "\n")[1] for place in places):
        return True
    made, problems = parse_expression(Source("formula", whole))
    return made is not None and not problems


def pieces() -> list[str]:
    tables = [*foreign.STATEMENTS.values(), foreign.ANYWHERE, foreign.DECLARATIONS, foreign.TIER_MODES, foreign.KEYS]
    tables += [foreign.DRAWN]
    tables += [FUNCTIONS, VALUES, UNITS, signs._SIGNS, signs._WORDS, signs._BEHIND]
    helps = {help.format(currency="USD", word="user") for table in tables for help in _written(table)}
    return sorted({piece for help in helps for piece in QUOTED.findall(help)})


def _written(table: object) -> list[str]:
    assert isinstance(table, dict)
    return [help.replace("{ ", "{{ ").replace(" }", " }}").replace("{`", "{{`") for help in table.values()]


@pytest.mark.parametrize("piece", pieces())
def test_what_a_remedy_says_reads(piece):
    assert reads(piece), piece


@pytest.mark.parametrize("word", forms.DECLARED)
def test_each_declaration_has_a_form_that_reads(word):
    text = forms.DECLARED[word]
    assert text.startswith(f"{word} ")
    assert not read((HEADER if word != "tariff" else "") + text + "\n")[1]


STATED = [(block, word) for block, statements in forms.STATED.items() for word in statements]


@pytest.mark.parametrize(("block", "word"), STATED)
def test_each_statement_has_a_form_that_reads(block, word):
    text = forms.STATED[block][word]
    assert text.startswith(word)
    head = 'example "e"' if block == "example" else f"{block} x"
    assert not read(f"{HEADER if block != 'tariff' else ''}{head} {{\n{text}\n}}\n")[1]


def test_every_declaration_and_statement_has_a_form():
    assert set(forms.DECLARED) == set(DECLARATIONS)
    assert set(STATEMENTS) - {"cite"} == {word for statements in forms.STATED.values() for word in statements}


def test_no_word_of_a_block_is_called_foreign_there():
    for block, words in foreign.STATEMENTS.items():
        assert not set(words) & set(forms.STATED[block]), block
    assert not set(foreign.DECLARATIONS) & set(DECLARATIONS)
