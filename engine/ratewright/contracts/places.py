"""Places in a syntax tree: the way from the file down to a node, what stands there, and another thing put there.

All of it goes by the fields of the nodes, so that a new statement is a target without a line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_type_hints

from msgspec.structs import replace

from ratewright.syntax import nodes as s

Place = tuple[str | int, ...]
"""Names of fields, and positions where a field holds several: `("declarations", 3, "statements", 1, "price")`."""


def at(node: Any, place: Place) -> Any:
    """What stands at a place below a node."""
    for step in place:
        node = getattr(node, step) if isinstance(step, str) else node[step]
    return node


def put(node: Any, place: Place, new: object) -> Any:
    """The node with something else at a place below it; the rest is the same."""
    if not place:
        return new
    step, rest = place[0], place[1:]
    if isinstance(step, str):
        return replace(node, **{step: put(getattr(node, step), rest, new)})
    return (*node[:step], put(node[step], rest, new), *node[step + 1 :])


def figures(node: s.Node, place: Place) -> Iterator[Place]:
    """The fields of a declaration or a statement that hold a formula, an amount or a price."""
    for name in fields_of(type(node)):
        if isinstance(getattr(node, name), s.Expression | s.Price) and name not in ("title", "name"):
            yield (*place, name)


def rows(node: Any, place: Place) -> Iterator[Place]:
    """The rows below a declaration, wherever they stand."""
    if isinstance(node, tuple):
        for number, item in enumerate(node):
            yield from rows(item, (*place, number))
    elif isinstance(node, s.Row | s.SizeRow):
        yield place
    elif isinstance(node, s.Declaration | s.Statement):
        for name in fields_of(type(node)):
            yield from rows(getattr(node, name), (*place, name))


@cache
def fields_of(kind: type[s.Node]) -> tuple[str, ...]:
    """The fields of a kind of node but its place."""
    return tuple(name for name in kind.__struct_fields__ if name != "span")


def takes(node: object, place: Place, new: object) -> bool:
    """Whether a place below a node may hold something: whether its field is made for such."""
    *above, last = place
    if isinstance(last, int):
        return isinstance(new, s.Price | s.Bound)
    parent: s.Node = at(node, tuple(above))
    return isinstance(new, _hints(type(parent))[last])


@cache
def _hints(kind: type[s.Node]) -> dict[str, Any]:
    return get_type_hints(kind)
