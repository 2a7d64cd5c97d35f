"""What a contract made of a list: what it changed, and what its lines would be without it."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from ratewright.diagnostics import Span
from ratewright.meaning.nodes.lines import Charge
from ratewright.values.exact import Exact


class Operation(Enum):
    """What a contract does to a part of its list."""

    REPLACED = "replaced"
    SCALED = "scaled"
    DROPPED = "dropped"
    ADDED = "added"


class Change(Struct, frozen=True):
    """One statement of a contract, applied: `before` and `after` are the list's words and the contract's.

    `name` is the declaration that it is of, `span` its place, `contract` the title of the contract.
    """

    operation: Operation
    name: str
    before: str
    after: str
    span: Span
    contract: str


class Difference(Struct, frozen=True):
    """How a line differs from the list's, which is None where the contract added it.

    `factor` is what its price is multiplied by, None where the line itself is not scaled; `dropped` marks one that is
    not charged, and stands on the bill with nothing. `changes` are the statements that say so.
    """

    by_list: Charge | None
    factor: Exact | None
    changes: tuple[Change, ...]
    dropped: bool = False
