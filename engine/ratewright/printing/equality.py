"""Whether two syntax trees say the same, wherever they were written."""

from __future__ import annotations

from msgspec import Struct


def same(a: object, b: object) -> bool:
    """Compare two nodes, tuples of nodes or files, without their places.

    Nodes of different classes differ, and so do trees of which only one has a parenthesis.
    """
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, Struct) and isinstance(b, Struct):
        parts = (name for name in a.__struct_fields__ if name != "span")
        return type(a) is type(b) and all(same(getattr(a, name), getattr(b, name)) for name in parts)
    return a == b
