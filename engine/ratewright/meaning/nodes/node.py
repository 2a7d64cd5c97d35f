"""What every node is, and what every formula is."""

from __future__ import annotations

from msgspec import Struct
from whenever import Instant

from ratewright.diagnostics import Span
from ratewright.meaning.types import Type
from ratewright.values.exact import Exact

Value = Exact | str | bool | Instant


class Node(Struct, frozen=True, dict=True):
    """A node. Beside its fields it may keep what was worked out from it alone, as the function of a formula: that is
    no part of it, is not compared, and is left behind when it is copied or pickled."""

    span: Span


class Expression(Node, frozen=True):
    type: Type
