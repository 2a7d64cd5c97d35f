"""Printed trees read as the same trees, whatever they say."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratewright.printing.equality import same
from ratewright.printing.rule_file import print_rules
from ratewright.resources import rules_dir
from ratewright.syntax import nodes as n
from tests.printing.reading_back import must_read, rebuilt, without_groups, words_as_texts
from tests.syntax.rule_files import DECLARATIONS, FILES, STATEMENTS
from tests.syntax.strategies import WORDS
from tests.syntax.trees import CORPUS, nodes, read_file

WRITTEN = [*CORPUS, *sorted(rules_dir().rglob("*.tariff"))]


# ---------------------------------------------------------------- there and back


def must_return(file: n.File) -> None:
    text = print_rules(file)
    again = must_read(text)
    assert same(again, file), text
    assert print_rules(again) == text


@given(FILES)
def test_a_printed_file_reads_as_the_same_file(file):
    must_return(file)


@pytest.mark.parametrize("kind", DECLARATIONS)
@given(data=st.data())
def test_a_printed_declaration_reads_as_the_same_declaration(kind, data):
    must_return(n.File((data.draw(DECLARATIONS[kind]),)))


@given(FILES)
def test_a_tree_without_parentheses_reads_as_itself_but_for_parentheses(file):
    """As a program makes it: `Product` of a `Sum` and a number, without a `Group` between them."""
    bare = without_groups(file)
    text = print_rules(bare)
    again = must_read(text)
    assert same(words_as_texts(without_groups(again)), words_as_texts(bare)), text
    assert print_rules(again) == text


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_a_written_file_is_printed_as_the_same_file(path):
    file, problems = read_file(path)
    if problems:
        pytest.skip("does not parse")
    must_return(file)


# ---------------------------------------------------------------- the strategies reach everything

KINDS = {
    kind
    for _, kind in inspect.getmembers(n, inspect.isclass)
    if issubclass(kind, n.Node) and kind not in (n.Node, n.Statement, n.Declaration, n.Tiers)
}


def test_the_strategies_reach_every_kind_of_node():
    parts = (*STATEMENTS, *DECLARATIONS.values())
    reached = {kind for part in parts for kind in kinds_in(part)}
    assert KINDS - reached == set()


def kinds_in(part: st.SearchStrategy) -> set[type]:
    """The kinds of nodes in some of what a strategy makes."""
    found: set[type] = set()

    @settings(max_examples=5, derandomize=True, database=None)
    @given(part)
    def look(made):
        found.update(type(node) for node in nodes(made))

    look()
    return found


def test_the_strategies_use_every_word():
    assert len(WORDS) > 100
    assert {"tariff", "volume", "beyond", "if", "cite", "subaccounts"} <= set(WORDS)


# ---------------------------------------------------------------- whether trees say the same


def test_places_make_no_difference():
    one, two = must_read("unit a, b\nunit c"), must_read("\n\nunit a , b  # d\n\nunit c")
    assert one != two
    assert same(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("unit a", "unit b"),
        ("unit a", "unit a\nunit b"),
        ("define a = 1", 'define a = "1"'),
        ("define a = b", 'define a = "b"'),
        ("define a = b + c", "define a = (b + c)"),
        ("define a = 1 MB", "define a = 1 MB / MB"),
        ("define a = 2026-03", "define a = 2026-03-01"),
        ("charge c { volume t }", "charge c { graduated t }"),
        ("charge c { every month }", "charge c { every month on day 1 }"),
        ("charge c { every month on day 1 }", "charge c { every month on day a }"),
        ("grant c { }", "package c { }"),
    ],
)
def test_trees_that_differ(one, two):
    assert not same(must_read(one), must_read(two))


@given(FILES)
def test_every_file_says_the_same_as_itself(file):
    assert same(file, words_as_texts(file)) == (not any(isinstance(node, n.Ref) for node in nodes(file)))
    assert same(file, rebuilt(file, lambda part: part))
