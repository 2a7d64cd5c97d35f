"""Every node knows its place: what stands there reads as the same node again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest

from ratewright.syntax import nodes as n
from tests.syntax.trees import CORPUS, HEADER, LISTS, expression, nodes, plain, read, read_file

EXPRESSIONS = get_args(n.Expression)


def literal(node: n.Node) -> bool:
    """A value taken literally: there a bare word is a text, a figure may be in a quotient of units, below 0, or a
    year."""
    if isinstance(node, n.Number | n.Percent | n.Quantity) and node.value < 0:
        return True
    word = isinstance(node, n.Text) and not node.span.text.startswith('"')
    return word or (isinstance(node, n.Time) and node.year) or (isinstance(node, n.Quantity) and "/" in node.unit.text)


def written(file: n.File) -> Iterator[n.Declaration]:
    """The declarations as they are written: `meter m in pics` stands for a formula that is not in the text."""
    return (d for d in file.declarations if not isinstance(d, n.Meter) or "{" in d.span.text)


@pytest.mark.parametrize("path", [*CORPUS, *LISTS], ids=lambda p: p.stem)
def test_the_text_of_an_expression_reads_as_the_same_expression(path):
    file, problems = read_file(path)
    assert not problems
    for declaration in written(file):
        for node in nodes(declaration):
            if isinstance(node, EXPRESSIONS) and not literal(node):
                again = expression(f"sum({node.span.text}\n)")  # in parentheses its lines may break
                assert isinstance(again, n.Call)
                assert plain(again.arguments) == plain((node,)), node.span.text


@pytest.mark.parametrize("path", [*CORPUS, *LISTS], ids=lambda p: p.stem)
def test_the_text_of_a_declaration_reads_as_the_same_declaration(path):
    for declaration in read_file(path)[0].declarations:
        again, problems = read(declaration.span.text)
        assert not problems
        assert plain(again.declarations) == (plain(declaration),)
        assert declaration.span.line == declaration.span.source.text[: declaration.span.start].count("\n") + 1


@pytest.mark.parametrize("path", [*CORPUS, *LISTS], ids=lambda p: p.stem)
def test_a_node_lies_inside_the_node_that_holds_it(path):
    file, _ = read_file(path)
    for outer in nodes(tuple(written(file))):
        for inner in nodes(tuple(getattr(outer, f) for f in outer.__struct_fields__ if f != "span")):
            assert outer.span.start <= inner.span.start <= inner.span.end <= outer.span.end, outer.span.text


@pytest.mark.parametrize("path", [*CORPUS, *LISTS], ids=lambda p: p.stem)
def test_the_text_of_a_name_is_the_name(path):
    file, _ = read_file(path)
    for node in nodes(tuple(written(file))):
        if isinstance(node, n.Name) and not node.span.text.startswith('"'):
            assert "".join(node.span.text.split()) == node.text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "kind", "line", "column", "there"),
    [
        ("charge c {\n  amount -3 USD\n}", n.Negative, 3, 10, "-3 USD"),
        ("charge c {\n  when not on\n}", n.Negated, 3, 8, "not on"),
        ("charge c {\n  amount if on then 1 else 2\n}", n.Choose, 3, 10, "if on then 1 else 2"),
        ("charge c { amount 12% of (a\n + b) }", n.PercentOf, 2, 19, "12% of (a\n + b)"),
        ("charge c { amount (a\n + b) }", n.Sum, 2, 20, "a\n + b"),
        ("charge c {\r\n  amount a.b * 2\r\n}", n.Attribute, 3, 10, "a.b"),
        ("charge c { volume { below 10 GB  3 USD + 1% } }", n.Row, 2, 21, "below 10 GB  3 USD + 1%"),
        ("charge c { volume { below 10 GB  3 USD + 1% } }", n.Price, 2, 34, "3 USD + 1%"),
        ("charge c { volume { beyond not sold } }", n.Price, 2, 28, "not sold"),
        ("charge c { every 2 months on day 3 }", n.Every, 2, 12, "every 2 months on day 3"),
        ("package p { refund in full within 7 days of purchase if a }", n.Length, 2, 35, "7 days"),
        (
            'example "e" { use 1 a of m with b c in 2026-03 lasting 3 days }',
            n.Use,
            2,
            15,
            "use 1 a of m with b c in 2026-03 lasting 3 days",
        ),
        ("deduct m from a, b > c", n.Deduct, 2, 1, "deduct m from a, b > c"),
        ("charge c { amount start of day(x) }", n.Edge, 2, 19, "start of day(x)"),
        ("charge c { amount round up (x) to 1 GB }", n.Rounded, 2, 19, "round up (x) to 1 GB"),
        ('unit pic { cite "a" }', n.Cite, 2, 10, '{ cite "a" }'),
    ],
)
def test_places(text, kind, line, column, there):
    file, problems = read(HEADER + text)
    assert not problems
    node = next(x for x in nodes(file.declarations[1]) if isinstance(x, kind))
    assert (node.span.line, node.span.column, node.span.text) == (line, column, there)


def test_places_of_a_broken_file_are_those_of_the_file():
    """Declarations are read one by one then, and their nodes still stand where the file has them."""
    text = HEADER + "meter broken {\n  measure\n}\n\nmeter whole {\n  measure sum(quantity) in GB\n}\n"
    file, problems = read(text)
    assert [(p.span.line, p.span.column) for p in problems] == [(3, 10)]
    measure = next(x for x in nodes(file) if isinstance(x, n.Measure))
    assert (measure.span.line, measure.span.column, measure.span.text) == (7, 3, "measure sum(quantity) in GB")
