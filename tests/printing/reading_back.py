"""Printed text, read again, and trees with other parts."""

from __future__ import annotations

from typing import Any

from ratewright.syntax import nodes as n
from tests.syntax.strategies import PLACE
from tests.syntax.trees import read


def must_read(text: str) -> n.File:
    file, problems = read(text)
    assert not problems, (problems[0].message, problems[0].span.line, text)
    return file


def without_groups(node: Any) -> Any:
    """The tree without its parentheses."""
    if isinstance(node, n.Group):
        return without_groups(node.inner)
    return rebuilt(node, without_groups)


def words_as_texts(node: Any) -> Any:
    """The tree with every bare name as a text: a name that is a keyword at its place is printed in quotes."""
    if isinstance(node, n.Ref):
        return n.Text(node.span, node.name.text)
    return rebuilt(node, words_as_texts)


def rebuilt(node: Any, change: Any) -> Any:
    if isinstance(node, tuple):
        return tuple(change(part) for part in node)
    if isinstance(node, n.Node | n.File):
        return type(node)(**{name: change(getattr(node, name)) for name in node.__struct_fields__})
    return node


def name(text: str) -> n.Name:
    return n.Name(PLACE, text)
