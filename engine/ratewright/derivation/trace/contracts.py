"""What a contract made of a line."""

from __future__ import annotations

from msgspec import Struct

from ratewright.meaning import nodes as tree
from ratewright.values.exact import Exact


class ContractTrace(Struct, frozen=True, gc=False):
    """What a contract made of a line: `by_list` is what the list alone asks for the same usage.

    It is None where the list has no such line (`known` is then off), or no price for the quantity, or where it is
    `unclear`: it goes by something that is not worked out. `factor` took the price from `before` to `after`; `changes`
    are the statements that made the difference. `on` is what the list's line is on, where that is another amount.
    """

    known: bool
    by_list: Exact | None
    factor: Exact | None
    before: Exact
    after: Exact
    changes: tuple[tree.Change, ...]
    unclear: bool = False
    on: Exact | None = None

    @property
    def dropped(self) -> bool:
        """Whether the line is not charged."""
        return any(change.operation is tree.Operation.DROPPED for change in self.changes)
