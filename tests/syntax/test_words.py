"""Every word of the language is also a name, wherever a name can be meant."""

from __future__ import annotations

import re

import pytest

from ratewright.advice.words import DECLARATIONS, STATEMENTS
from ratewright.resources import grammar_file
from tests.syntax.strategies import BEHIND_A_LITERAL, BEHIND_A_NUMBER
from tests.syntax.trees import HEADER, read

GRAMMAR = re.sub(
    r"//[^\n]*",
    "",
    grammar_file()
    .read_text(encoding="utf-8")
    .split("// ---------------------------------------------------------------- words")[0],
)
WORDS = sorted(set(re.findall(r'"([a-z]+)"', GRAMMAR)))

# The words that a formula needs for itself, by what stands around the name.
ALONE = {"end", "if", "not", "round", "start"}  # where a formula or a condition begins
INNER = {"end", "round", "start"}  # behind `+`, `*` or `==`
CALLED = {"end", "if", "off", "on", "round", "start"}  # before `(`
LOOKED_UP = {"end", "if", "not", "off", "on", "round", "start"}  # before `[` or `.`
BEHIND_A_KEY = {"not", "or", "per"}  # `not sold`, another key, a price per number of things
BOUNDS = {"below", "beyond", "next", "up"}

PLACES = {
    # what is declared
    "tariff {w} {{ currency USD }}": set(),
    "unit {w}, a": set(),
    "unit a, {w}": set(),
    "setting {w} = on": set(),
    "meter {w} in a": set(),
    "grant {w} {{ covers m }}": set(),
    "package {w} {{ covers m }}": set(),
    "charge {w} {{ every month }}": set(),
    "limit {w} {{ on m }}": set(),
    'example "e" {{ buy 1 of a 3 b on 2026-01-01 as {w} }}': set(),
    # fields, choices, values
    "meter m {{ field {w} text }}": set(),
    "meter m {{ field a, {w} text = {w} }}": set(),
    "meter m {{ field a one of {w}, b = {w} }}": set(),
    "setting a one of b, {w} = {w}": set(),
    'example "e" {{ set a {w} }}': set(),
    'example "e" {{ set {w} on from 2026-01-01 }}': set(),
    'example "e" {{ use 1 a of m with b c, {w} {w} in 2026-01 }}': set(),
    # units and currencies
    "tariff a {{ currency {w} }}": set(),
    "setting a in {w}": set(),
    "setting a in b / {w}": set(),
    "meter m {{ measure sum(a) in {w} }}": set(),
    "charge c {{ volume {{ below 10 {w}  0.1 USD/a }} }}": {"not"},
    "charge c {{ volume {{ beyond 0.1 USD/{w} }} }}": set(),
    "charge c {{ rate 0.1 USD/{w} }}": INNER,
    "setting a = 3 {w}": BEHIND_A_LITERAL,  # which words may stand behind a value in an example
    'example "e" {{ use 1 {w} of m in 2026-01 }}': set(),
    # names of what is declared elsewhere
    "grant g {{ covers m, {w} }}": set(),
    "deduct {w} from a > b": set(),
    "deduct a from b, {w} > {w}": set(),
    "limit a {{ on {w} }}": set(),
    'example "e" {{ given 3 a left of {w} }}': set(),
    'example "e" {{ buy 1 of {w} 3 a on 2026-01-01 }}': set(),
    'example "e" {{ extend {w} by 1 a for 1 day from 2026-01-01 }}': set(),
    'example "e" {{ use 1 a of {w} in 2026-01 }}': set(),
    'example "e" {{ refund {w} on 2026-01-01 }}': set(),
    # keys and cells of tables
    "table t by a {{\n {w} 3\n }}": {"not", "up"},
    "table t by a, b {{\n a {w} 3\n }}": BEHIND_A_KEY,
    "table t by a, b {{\n else {w} 3\n }}": {"not"},
    "table t by a, b {{\n a or {w} b 3\n }}": set(),
    "table t by a, b {{\n 720 a {w} 3\n }}": BEHIND_A_KEY,
    "table t by a {{\n a {w}\n }}": BEHIND_A_KEY,
    "table t by a {{\n else {w}\n }}": {"not"},
    'table t by a {{\n "a" {w}\n }}': BEHIND_A_KEY,
    # formulas
    "charge c {{ on {w} }}": ALONE,
    "charge c {{ when {w} and a }}": ALONE,
    "charge c {{ when a and {w} }}": ALONE - {"if"},
    'meter m {{ where {w} == "a" }}': ALONE,
    "meter m {{ where a == {w} }}": INNER,
    "meter m {{ measure sum({w}) in a }}": ALONE,
    "charge c {{ amount {w} }}": ALONE,
    "charge c {{ amount 1 USD + {w} * 2 }}": INNER,
    "charge c {{ amount max(1, {w}) }}": ALONE,
    "charge c {{ amount {w}(3) }}": CALLED,
    "charge c {{ amount {w}[3] }}": LOOKED_UP,
    "charge c {{ amount {w}.a }}": LOOKED_UP,
    "charge c {{ amount a.{w} }}": set(),
    "charge c {{ amount 3 {w} }}": BEHIND_A_NUMBER,
    "charge c {{ rate {w} }}": ALONE - {"if"},
    'example "e" {{ expect {w} == 3 USD }}': ALONE | {"in", "refused"},
    'example "e" {{ expect drawn({w}) == 3 USD }}': ALONE,
    # what a contract changes
    "contract c {{ replace {w} with 3 USD }}": BOUNDS | {"else"},
    "contract c {{ replace {w} of a with 3 USD }}": BOUNDS - {"beyond"},
    "contract c {{ replace else of {w} with 3 USD }}": set(),
    "contract c {{ scale below 10 {w} of a by 0.9 }}": {"of"},
    "contract c {{ drop {w} }}": set(),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_word_is_a_name(place):
    lost = {word for word in WORDS if read(HEADER + place.format(w=word))[1]}
    assert lost == PLACES[place] & set(WORDS)


def test_there_are_words():
    assert {"tariff", "volume", "beyond", "if", "cite", "subaccounts"} <= set(WORDS)
    assert len(WORDS) > 100


def test_messages_know_every_statement():
    """`every` in a grant is answered with the block it belongs to; a new statement has to be told."""
    blocks = re.findall(r"^\?(\w+)_statement: ((?:.|\n)*?)\n(?=\S)", GRAMMAR, re.MULTILINE)
    assert {name for name, _ in blocks} == {"tariff", "contract", "meter", "pool", "charge", "limit", "example"}
    rules = {rule for _, rules in blocks for rule in re.findall(r"\w+", rules)}
    starts = {rule: re.search(rf'^!?{rule}:\s+"(\w+)"', GRAMMAR, re.MULTILINE) for rule in rules}
    assert {found.group(1) for found in starts.values() if found} == set(STATEMENTS)
    assert all(starts.values())


def test_messages_know_every_declaration():
    rules = re.search(r"^\?declaration: (.*)$", GRAMMAR, re.MULTILINE).group(1).split(" | ")
    starts = {word for rule in rules for word in re.findall(rf'^!?{rule}: "(\w+)"', GRAMMAR, re.MULTILINE)}
    assert set(DECLARATIONS) == starts | {"package", "discount", "tax"}  # pools and lines begin with several words
