"""How a tree looks when it is printed: its layout, its parentheses, and words that mean themselves at their place."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from ratewright.printing import rows as printing_rows
from ratewright.printing.equality import same
from ratewright.printing.expression_text import VALUE_WORDS, expression_text
from ratewright.printing.rule_file import print_rules
from ratewright.syntax import nodes as n
from ratewright.values.rounding import Way
from tests.printing.reading_back import must_read, name, rebuilt, without_groups, words_as_texts
from tests.syntax.strategies import PLACE, WORDS
from tests.syntax.trees import expression, nodes, read

# ---------------------------------------------------------------- how it looks


LOOKS = """\
tariff demo "Demo" {
  currency   USD
  timezone   "UTC"
  effective  from 2026-01-01 until 2027-01-01
  bytes      by 1024
  changes split the period
}

unit call, calls
unit user
unit GBs = GB * second

setting plan one of free, pro = free
setting fee "the fee" in USD/GB = 0.50 USD/GB

setting billing_day number {
  cite "On the day of your choice."
}

table terms by plan {
            fee          included
  standard  399    USD      500 users
  premium    99.90 USD   10,000 users
}

table price by quantity, region in USD/GB {
                    EU       US
  below     10 GB    0.050   0.10 USD
  up to  2,000 GB    0.045   1%   + 10 USD
  beyond            12       not sold
}

define peak = highest(samples, 5) each 5 minutes where kind == good since activation

meter traffic "the traffic" in GB

meter top {
  field    inbound, outbound in Mbps = 0 Mbps
  define   sample = max(inbound, outbound)
  define   daily  = highest(sample) each day
  measure  mean(highest(daily, 5)) in Mbps
}

charge fee {
  on       traffic
  every    month on day billing_day
  volume by region in USD/call {
    below  10 calls   0.20
    beyond            0.05
  }
  flat at zero usage
}

example "all" {
  set      plan pro
  use traffic on 2026-03-02 {
    region  quantity
    EU       1.5 GB
    US      10   GB
  }
  expect   on 2026-03-02 10:00Z fee == 1.60 USD, printed 2 USD
}
"""


def test_how_it_looks():
    assert print_rules(must_read(LOOKS)) == LOOKS


def test_a_file_without_declarations_is_empty():
    assert print_rules(n.File(())) == ""


def ref(text: str) -> n.Ref:
    return n.Ref(PLACE, name(text))


def number(value: int | Fraction) -> n.Number:
    return n.Number(PLACE, value)


def total(*terms: n.Expression) -> n.Sum:
    return n.Sum(PLACE, tuple(("+", term) for term in terms))


def product(*factors: n.Expression) -> n.Product:
    return n.Product(PLACE, tuple(("*", factor) for factor in factors))


AB, CHOICE = total(ref("a"), ref("b")), n.Choose(PLACE, ref("a"), ref("b"), ref("c"))


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (product(AB, ref("c")), "(a + b) * c"),
        (total(product(ref("a"), ref("b")), ref("c")), "a * b + c"),
        (total(ref("c"), AB), "c + (a + b)"),
        (n.Negative(PLACE, AB), "-(a + b)"),
        (n.Negative(PLACE, n.Negative(PLACE, ref("a"))), "--a"),
        (n.PercentOf(PLACE, n.Percent(PLACE, 12), AB), "12% of (a + b)"),
        (n.Edge(PLACE, True, AB), "end of (a + b)"),
        (n.Comparison(PLACE, "<", n.Comparison(PLACE, "<", ref("a"), ref("b")), ref("c")), "(a < b) < c"),
        (n.Negated(PLACE, n.AllOf(PLACE, (ref("a"), ref("b")))), "not (a and b)"),
        (n.AllOf(PLACE, (n.AnyOf(PLACE, (ref("a"), ref("b"))), ref("c"))), "(a or b) and c"),
        (n.AnyOf(PLACE, (n.AllOf(PLACE, (ref("a"), ref("b"))), ref("c"))), "a and b or c"),
        (n.Choose(PLACE, CHOICE, CHOICE, CHOICE), "if {0} then {0} else {0}".format("if a then b else c")),
        (total(CHOICE, ref("d")), "(if a then b else c) + d"),
        (n.Group(PLACE, n.Group(PLACE, ref("a"))), "((a))"),
        (n.Rounded(PLACE, Way.HALF_UP, AB, None), "round half up (a + b)"),
    ],
)
def test_parentheses_stand_where_the_text_needs_them(made, text):
    assert expression_text(made) == text
    assert same(without_groups(expression(text)), without_groups(made))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0.08 USD / pic", "0.08 USD/pic"),
        ("1.4 USD/1000 calls", "1.40 USD/1,000 calls"),
        ("0.00016 USD / GB / month", "0.00016 USD/GB/month"),
        ("1.5 JPY", "1.5 JPY"),
        ("1.5 BHD", "1.500 BHD"),
        ("0.024 USD/GB / 30", "0.024 USD/GB / 30"),
        ("a/b", "a / b"),
        ("a × b", "a * b"),
        ("a ≤ b", "a <= b"),
        ('"a \\"b\\" \\\\ c"', '"a \\"b\\" \\\\ c"'),
        ("2026-03-02T10:00:00", "2026-03-02 10:00"),
        ("2026-03-02T10:00:30+08:00", "2026-03-02 02:00:30Z"),
        ("count(x each 1 day)", "count(x each day)"),
    ],
)
def test_figures_signs_and_times_have_one_form(text, written):
    assert expression_text(expression(text)) == written


@pytest.mark.parametrize("value", [-1, Fraction(1, 3), Fraction(-1, 2)])
def test_a_figure_that_no_text_stands_for(value):
    with pytest.raises(ValueError, match="cannot be written"):
        expression_text(number(value))


def test_a_text_of_several_lines():
    with pytest.raises(ValueError, match="cannot be written"):
        expression_text(n.Text(PLACE, "a\nb"))


# ---------------------------------------------------------------- words that mean themselves at their place


def lost_in(place: str) -> set[str]:
    """The words that cannot be read there as a name."""
    return {word for word in WORDS if not any(names_it(node, word) for node in nodes(read(place.format(w=word))[0]))}


def names_it(node: n.Node, word: str) -> bool:
    return isinstance(node, n.Ref) and node.name.text == word


@pytest.mark.parametrize(
    ("place", "lost"),
    [
        ("unit x = 3 * {w}", VALUE_WORDS),
        ("unit x = {w} * 3", VALUE_WORDS),
        ("charge c {{ on {w} }}", VALUE_WORDS | {"not", "if"}),
        ("charge c {{ on a and {w} }}", VALUE_WORDS | {"not"}),
        ("charge c {{ rate {w} }}", VALUE_WORDS | {"not"}),
        ("charge c {{ volume {w} }}", {"by", "cheapest", "in"}),
        ("package p {{ size {w} }}", VALUE_WORDS | {"per", "not", "if"}),
        ("package p {{ refund {w} }}", VALUE_WORDS | {"in", "never"}),
        ("package p {{ sizes {{ 10 GB {w} }} }}", VALUE_WORDS | {"not"}),
        ("package p {{ sizes {{ below 2026-01-01 {w} }} }}", VALUE_WORDS | {"not"}),
        ('example "e" {{ expect {w} == 3 }}', VALUE_WORDS | {"not", "if", "in", "refused"}),
        ('example "e" {{ expect on 2026-01-01 {w} == 3 }}', VALUE_WORDS | {"not", "if"}),
        ("table t by a {{ {w} 5 }}", printing_rows.AT_THE_START),
        ("table t by a {{ a {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ("table t by a {{ 5 GB {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ("table t by a {{ a or b {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ("table t by a {{ below 5 GB {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ("table t by a {{ a[3].b {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ("table t by a {{ a per started 3 GB {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ("table t by a {{ a[3] {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ("table t by a {{ 3% {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ('table t by a {{ "b" {w} 5 }}', printing_rows.BEHIND_A_CELL),
        ("table t by a {{ below 2026-01-01 {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ("table t by a {{ 2026-01-01 {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ("table t by a {{ 2026-01-01 or 2026-01-02 {w} 5 }}", printing_rows.BEHIND_A_CELL),
        ("table t by a {{ not sold {w} 5 }}", printing_rows.IN_ROWS),
        ("table t by a {{ beyond {w} 5 }}", printing_rows.IN_ROWS),
        ("table t by a {{ below (5) {w} 5 }}", printing_rows.IN_ROWS),
        ("table t by a {{ a * {w} 5 }}", printing_rows.IN_A_CELL),
        ("table t by a {{ a + {w} 5 }}", printing_rows.IN_A_CELL),
    ],
)
def test_the_printer_knows_which_words_are_lost(place, lost):
    assert lost_in(place) == lost


@pytest.mark.parametrize("word", sorted(VALUE_WORDS | {"not", "if"}))
def test_a_word_that_formulas_read_otherwise_stands_in_quotes(word):
    made = n.File((n.Charge(PLACE, "charge", name("c"), None, (n.On(PLACE, ref(word)),)),))
    assert same(words_as_texts(must_read(print_rules(made))), words_as_texts(made))


@pytest.mark.parametrize("word", sorted(printing_rows.AT_THE_START | printing_rows.BEHIND_A_CELL))
@pytest.mark.parametrize("at", [0, 1])
def test_a_word_that_rows_read_otherwise_stands_in_quotes(word, at):
    cells = [n.Price(PLACE, (n.PriceTerm(PLACE, ref(text), None),)) for text in ("a", "b")]
    cells[at] = n.Price(PLACE, (n.PriceTerm(PLACE, ref(word), None),))
    row = n.Row(PLACE, tuple(cells))
    made = n.File((n.Table(PLACE, "table", name("t"), None, (), (name("k"),), None, (row,)),))
    assert same(words_as_texts(must_read(print_rules(made))), words_as_texts(made))


def test_a_key_that_is_called_cite():
    row = must_read('table t by a { "cite" "x" }').declarations[0].rows[0]
    (key,) = (node for node in nodes(row) if isinstance(node, n.Text) and node.text == "cite")
    bare = replaced(row, key, ref("cite"))
    text = print_rules(n.File((n.Table(PLACE, "table", name("t"), None, (), (name("a"),), None, (bare,)),)))
    assert text == 'table t by a {\n  "cite"  "x"\n}\n'


def replaced(node: Any, old: n.Node, new: n.Node) -> Any:
    return new if node is old else rebuilt(node, lambda part: replaced(part, old, new))


def test_a_sentence_in_a_table_stands_behind_its_rows():
    assert print_rules(must_read('table t by a { cite "x"; b 3 }')) == 'table t by a {\n  b  3\n  cite "x"\n}\n'


@pytest.mark.parametrize("place", ["table t by at {{ {0}  5 }}", "package p {{ sizes {{ {0}  5 }} }}"])
@pytest.mark.parametrize("bound", ["below 2026-01-01", "up to 2026-01", "below (a + 1 day)", "next (5)"])
def test_a_bound_is_the_value_behind_its_words(place, bound):
    """Of `below 2026-01-01` the date, and not a word."""
    (found,) = (node for node in nodes(must_read(place.format(bound))) if isinstance(node, n.Bound))
    limit = bound.removeprefix(found.kind).strip()
    assert same(without_groups(found.limit), without_groups(expression(limit)))
