"""How large a written expression is."""

from __future__ import annotations

from ratewright.syntax import nodes as s


def extent_of(node: object) -> tuple[int, int]:
    """How deep an expression nests, and of how many parts it is."""
    if not isinstance(node, s.Node | tuple) or isinstance(node, s.Name):
        return 0, 0
    parts = node if isinstance(node, tuple) else [getattr(node, f) for f in node.__struct_fields__ if f != "span"]
    extents = [extent_of(part) for part in parts]
    own = 0 if isinstance(node, tuple) else 1
    return own + max((e[0] for e in extents), default=0), own + sum(e[1] for e in extents)
