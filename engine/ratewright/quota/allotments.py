"""Grants with a scope: one lot for each value that an account's usage has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ratewright.meaning.nodes import Pool, Value
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import Attributes, Lot


class Allotments:
    """The lots of one grant by what they are given for, made when usage of such a kind is met.

    `issue` makes one, or nothing where none is given.
    """

    def __init__(self, pool: Pool, issue: Callable[[Attributes], Lot | Renewing | None]) -> None:
        self.pool = pool
        self.made: list[Lot | Renewing] = []
        self._issue = issue
        self._by: dict[Attributes, Lot | Renewing | None] = {}
        self._names = [s.name for s in pool.scope]

    def meet(self, tags: Mapping[str, Value]) -> None:
        """Give what usage that is marked so is entitled to."""
        self.of(tuple((name, tags[name]) for name in self._names if name in tags))

    def put(self, attributes: Attributes, one: Lot | Renewing) -> None:
        """Take up a lot that was given before."""
        self._by[attributes] = one
        self.made.append(one)

    def of(self, attributes: Attributes) -> Lot | Renewing | None:
        """The lot for one kind of usage; None where none is given."""
        if attributes not in self._by and len(attributes) == len(self._names):
            made = self._by[attributes] = self._issue(attributes)
            if made is not None:
                self.made.append(made)
        return self._by.get(attributes)
