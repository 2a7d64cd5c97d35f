"""Every keyword serves as a name of one's own: a column, a key, a field, a choice, a tag.

Each is tried in a price list that bills by it. A price page names its columns and regions as it likes, and
nobody who writes it down knows the words of this language by heart.
"""

from __future__ import annotations

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Source, errors_in
from ratewright.trial.examples import run_examples
from ratewright.trial.results import Status
from tests.syntax.strategies import WORDS

FIRST_IN_A_ROW = {
    "below": "begins a bound",
    "beyond": "begins the last row",
    "next": "begins a bound",
    "up": "begins a bound: `up to`",
}
IN_A_ROW = {
    "else": "is the key of all that no row names",
    "not": "begins `not sold`",
    "on": "is a value",
    "off": "is a value",
}
JOINED = {
    "else": "joins no other keys",
}
BEHIND_A_NAME = {
    "or": "joins keys: `japan or korea`",
    "per": "goes on with a price: `per started`",
}
IN_FORMULAS = {
    "if": "begins a choice",
    "not": "negates",
    "on": "is a value",
    "off": "is a value",
    "round": "rounds",
    "start": "is the start of a period",
    "end": "is the end of a period",
}
AS_A_VALUE = {
    "on": "is a value",
    "off": "is a value",
}
"""The words that mean themselves at a place, and why. There they are names in quotes."""

OF_RECORDS = {
    **dict.fromkeys(("at", "from", "to", "in", "meter", "source"), "every record says this itself"),
    "lasting": "how long a record lasts, where records are rows",
    "activation": "is a setting of every account",
}
OF_FORMULAS = {
    "activation": "is a setting of every account",
    "at": "is the instant of a record",
    "period": "is the period at hand",
}
"""The words that are free for the parser and already mean something else: the message says so."""

LIST = """
tariff demo {{ currency USD; timezone "UTC" }}
unit call, calls
{body}
"""


def must_bill(body: str) -> None:
    """The price list has no error, and its examples hold."""
    tariff, found = check(Source("words.tariff", LIST.format(body=body)))
    assert errors_in(found) == ()
    assert tariff is not None
    assert tariff.examples
    for trial in run_examples(tariff):
        assert trial.status is Status.PASSED, (trial.outcomes, trial.problems)


def quoted_if(word: str, *places: dict[str, str]) -> str:
    """The word, in quotes where it is lost."""
    return f'"{word}"' if any(word in lost for lost in places) else word


every_word = pytest.mark.parametrize("word", WORDS)


@every_word
def test_a_column_of_a_table(word):
    first = quoted_if(word, FIRST_IN_A_ROW, IN_A_ROW)
    second = quoted_if(word, IN_A_ROW, BEHIND_A_NAME)
    must_bill(f"""
    setting plan one of small, large = large
    table one by plan {{
             {first}     other_column
      small  1 USD       2 USD
      large  3 USD       4 USD
    }}
    table two by plan {{
             other_column  {second}
      small  1 USD         2 USD
      large  3 USD         4 USD
    }}
    charge left_one {{ every month; amount one[plan].{word} }}
    charge right_one {{ every month; amount two[plan].{word} }}
    example "columns" {{
      set plan small from 2026-03-01
      expect in 2026-03 left_one == 1 USD
      expect in 2026-03 right_one == 2 USD
    }}
    """)


@every_word
def test_a_key_of_a_table(word):
    value = quoted_if(word, AS_A_VALUE)
    must_bill(f"""
    setting plan one of other_plan, third_plan, {word} = {value}
    table alone by plan {{
      {quoted_if(word, FIRST_IN_A_ROW, IN_A_ROW)}  3 USD
      other_plan or third_plan  1 USD
    }}
    table together by plan {{
      other_plan or {quoted_if(word, JOINED)}  3 USD
      third_plan            1 USD
    }}
    charge fee {{ every month; amount alone[plan] + together[plan] }}
    charge named {{ every month; amount alone["{word}"] }}
    example "keys" {{
      set plan {value} from 2026-03-01
      expect in 2026-03 fee == 6 USD
      expect in 2026-03 named == 3 USD
    }}
    """)


@every_word
def test_a_key_in_the_header_of_a_table(word):
    second = quoted_if(word, IN_A_ROW, BEHIND_A_NAME)
    must_bill(f"""
    table price by size_of_it, area {{
             other_area  {second}
      small  1 USD       2 USD
    }}
    charge fee {{ every month; amount price["small", "{word}"] }}
    example "keys" {{ expect in 2026-03 fee == 2 USD }}
    """)


def without(words: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("word", [word for word in WORDS if word not in words])


@without(OF_RECORDS)
def test_a_field_of_a_meter(word):
    must_bill(f"""
    meter used {{
      field    {word} text = plain
      field    other_field, another_field text = plain
      by       {word}
      measure  sum(quantity) in calls
    }}
    charge fee {{ on used; every month; rate 2 USD/call; minimum 5 USD }}
    example "tags" {{
      use 1 call of used with {word} one, other_field two in 2026-03
      use 3 calls of used with other_field two, {word} three in 2026-03
      expect fee == 11 USD
    }}
    """)


@without({**OF_RECORDS, **OF_FORMULAS, **IN_FORMULAS})
def test_a_field_in_a_formula(word):
    must_bill(f"""
    meter used {{
      field    {word} text = plain
      where    {word} == "one" and "one" == {word}
      measure  sum(quantity) in calls
    }}
    charge fee {{ on used; every month; rate 2 USD/call }}
    example "tags" {{
      use 1 call of used with {word} one in 2026-03
      use 3 calls of used with {word} two in 2026-03
      expect fee == 2 USD
    }}
    """)


@without(OF_RECORDS)
def test_a_column_of_records(word):
    first = quoted_if(word, FIRST_IN_A_ROW, IN_A_ROW)
    second = quoted_if(word, IN_A_ROW, BEHIND_A_NAME)
    must_bill(f"""
    meter used {{
      field    {word} text
      measure  sum(quantity) in calls
      by       {word}
    }}
    charge fee {{ on used; every month; rate 2 USD/call; minimum 5 USD }}
    example "first" {{
      use used in 2026-03 {{
        {first}  quantity
        "one"    1 call
        "three"  3 calls
      }}
      expect fee == 11 USD
    }}
    example "second" {{
      use used in 2026-03 {{
        quantity  {second}
        1 call    "one"
        3 calls   "three"
      }}
      expect fee == 11 USD
    }}
    """)


@every_word
def test_a_choice_of_a_setting(word):
    value, bare = quoted_if(word, AS_A_VALUE), quoted_if(word, IN_FORMULAS, OF_FORMULAS)
    must_bill(f"""
    setting plan one of other_plan, {word} = {value}
    charge bare {{ every month; when plan == {bare} and {bare} == plan; amount 1 USD }}
    charge in_quotes {{ every month; when plan == "{word}"; amount 2 USD }}
    example "as declared" {{ expect in 2026-03 total == 3 USD }}
    example "set" {{ set plan {value} from 2026-03-01; expect in 2026-03 total == 3 USD }}
    example "set to the other" {{ set plan other_plan from 2026-03-01; expect in 2026-03 total == 0 USD }}
    """)


@every_word
def test_a_tag(word):
    value = quoted_if(word, AS_A_VALUE)
    must_bill(f"""
    meter used {{
      field    kind_of_call text
      where    kind_of_call == "{word}"
      measure  sum(quantity) in calls
    }}
    charge fee {{ on used; every month; rate 2 USD/call }}
    example "tags" {{
      use 1 call of used with kind_of_call "{word}" in 2026-03
      use 2 calls of used with kind_of_call {value} in 2026-03
      use 5 calls of used with kind_of_call other in 2026-03
      expect fee == 6 USD
    }}
    """)


@pytest.mark.parametrize("word", sorted(OF_RECORDS.keys() - {"lasting"}))
def test_a_field_that_every_record_has(word):
    meter = f"meter m {{ field {word} text; measure sum(quantity) in calls }}"
    _, found = check(Source("words.tariff", LIST.format(body=meter)))
    assert any("already" in problem.message for problem in found)


def test_the_lost_words_are_words():
    lost = (FIRST_IN_A_ROW, IN_A_ROW, BEHIND_A_NAME, IN_FORMULAS, AS_A_VALUE, OF_RECORDS, OF_FORMULAS)
    assert {word for words in lost for word in words} <= set(WORDS)
