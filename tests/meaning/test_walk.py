"""Walking goes by the fields of the nodes: no kind of node is forgotten, and nothing is changed by accident."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any

import pytest

from ratewright.diagnostics import Source, Span
from ratewright.meaning import nodes as n
from ratewright.meaning.types import PLAIN_NUMBER
from ratewright.meaning.walk import children, expressions_in, nodes_in, parts, sums_of_records, with_children
from ratewright.values.units import PLAIN
from tests.rating.accounts import tariff
from tests.resolve.formulas import resolve

SOURCE = Source("x", "x")
SPAN = Span(SOURCE, 0, 1)


def _kinds(kind: type) -> Iterator[type[n.Expression]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _kinds(sub)


KINDS = [*_kinds(n.Expression)]


class _Maker:
    """Makes nodes with something in each field that may hold an expression, and counts what was put in."""

    def __init__(self) -> None:
        self.made: list[n.Expression] = []

    def leaf(self) -> n.Expression:
        self.made.append(n.Constant(SPAN, PLAIN_NUMBER, len(self.made)))
        return self.made[-1]

    def value(self, hint: Any) -> Any:
        """Something of a type; None where it holds no expression."""
        if hint is n.Expression:
            return self.leaf()
        arguments = typing.get_args(hint)
        if typing.get_origin(hint) in (typing.Union, UnionType):
            return next((made for a in arguments if (made := self.value(a)) is not None), None)
        if typing.get_origin(hint) is tuple:
            if arguments[-1] is ...:
                return (self.value(arguments[0]), self.value(arguments[0]))
            return tuple(self.value(a) for a in arguments)
        if typing.get_origin(hint) is Mapping:
            return {("a",): self.value(arguments[1]), ("b",): self.value(arguments[1])}
        if isinstance(hint, type) and issubclass(hint, n.Node) and hint is not n.PriceTerm:
            return self.node(hint)
        return self.node(n.FlatAmount) if hint is n.PriceTerm else None

    def node(self, kind: type[n.Node]) -> Any:
        hints = typing.get_type_hints(kind)
        fixed = {"span": SPAN, "type": PLAIN_NUMBER, "unit": PLAIN}
        return kind(**{f: fixed[f] if f in fixed else self.value(hints[f]) for f in kind.__struct_fields__})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_children_are_all_that_stands_in_a_node(kind: type[n.Expression]) -> None:
    maker = _Maker()
    node = maker.node(kind)
    assert {id(child) for child in children(node)} == {id(made) for made in maker.made}
    assert len(children(node)) == len(maker.made)
    assert with_children(node, lambda child: child) is node
    changed = with_children(node, lambda child: n.Negative(SPAN, PLAIN_NUMBER, child))
    assert [child.operand for child in children(changed)] == list(children(node))  # type: ignore[attr-defined]
    assert changed is not node or not maker.made


def test_the_order_is_that_of_the_text() -> None:
    made, _ = resolve("if plan == pro then round up (x * 2 + y) else max(z, 1)")
    assert [part.span.text for part in parts(made)] == [
        "if plan == pro then round up (x * 2 + y) else max(z, 1)",
        "plan == pro",
        "plan",
        "pro",
        "round up (x * 2 + y)",
        "x * 2 + y",
        "x * 2",
        "x",
        "2",
        "y",
        "max(z, 1)",
        "z",
        "1",
    ]


def _lookup() -> n.Lookup:
    key, limit, cell = (n.Constant(SPAN, PLAIN_NUMBER, value) for value in (1, 2, 3))
    bound = n.Bound(SPAN, n.BoundKind.BELOW, limit, PLAIN)
    row = n.LookupRow(SPAN, bound, {(): n.Cell(SPAN, cell)})
    return n.Lookup(SPAN, PLAIN_NUMBER, n.LookupColumn(SPAN, "t", ("x",), True, "", (row,)), (key,))


def test_keys_come_before_the_table_that_they_ask() -> None:
    assert [child.value for child in children(_lookup())] == [1, 2, 3]  # type: ignore[attr-defined]


def test_a_changed_cell_leaves_the_rest_of_its_table() -> None:
    lookup = _lookup()
    changed = with_children(lookup, lambda c: replaced if c.value == 3 else c)  # type: ignore[attr-defined]
    assert isinstance(changed, n.Lookup)
    assert changed.keys is lookup.keys
    assert changed.table.rows[0].bound is lookup.table.rows[0].bound
    assert changed.table.rows[0].cells[()].value is replaced


replaced = n.Constant(SPAN, PLAIN_NUMBER, 4)


def test_nodes_of_a_kind_and_the_outermost_expressions() -> None:
    lookup = _lookup()
    assert [bound.limit.value for bound in nodes_in(lookup, n.Bound)] == [2]  # type: ignore[union-attr]
    assert list(nodes_in(n.Negative(SPAN, PLAIN_NUMBER, lookup), n.Bound)) == []
    assert list(expressions_in((lookup, {"a": lookup.keys[0]}))) == [lookup, lookup.keys[0]]


@pytest.mark.parametrize(
    ("measure", "sums"),
    [
        ("sum(quantity)", 1),
        ("max(sum(quantity), highest(quantity))", 1),
        ("highest(quantity)", 0),
        ("highest(sum(quantity) each day)", 0),
        ("sum(highest(quantity) each day)", 0),
        ("sum(quantity) + highest(sum(quantity) each status)", 1),
    ],
)
def test_a_sum_inside_a_series_is_none_of_the_period(measure: str, sums: int) -> None:
    rules = tariff(
        f"meter m {{ field status text = a; measure {measure} in calls }}\n"
        "charge fee { on m; every month; rate 1 USD/call }"
    )
    assert len(list(sums_of_records(rules.meters["m"].measure))) == sums
