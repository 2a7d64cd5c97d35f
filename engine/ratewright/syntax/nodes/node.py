"""What every node is, and names."""

from __future__ import annotations

from msgspec import Struct

from ratewright.diagnostics import Span


class Node(Struct, frozen=True):
    span: Span


class Name(Node, frozen=True):
    """A word as written; whatever it stands for."""

    text: str
