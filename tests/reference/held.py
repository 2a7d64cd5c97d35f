"""Openings: what the account's data tell of lots that were given or bought before."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tests.reference.account import Balance, Told, written_figure
from tests.reference.lots import Part
from tests.reference.problems import Refused
from tests.reference.values import Figure

Scope = tuple[tuple[str, str], ...]


class Held:
    """The balances of one account."""

    def __init__(self, told: Told) -> None:
        self.rules = told.rules
        self.opening = told.account.opening
        self._balances = told.account.balances
        names = [(each.source, each.lot, each.scope) for each in self._balances if each.kind == "grant"]
        lots = [each.lot for each in self._balances if each.kind == "package"]
        if len(set(names)) < len(names) or len(set(lots)) < len(lots):
            raise Refused("two balances of one lot")

    def of_grant(self, name: str, scope: Scope) -> Balance | None:
        """What is told of a grant, for some usage or all."""
        return next((each for each in self._balances if (each.source, each.scope) == (name, scope)), None)

    def scopes(self, name: str) -> list[Scope]:
        """For which usage something is told of a grant."""
        return [each.scope for each in self._balances if each.source == name]

    def packages(self) -> Iterator[Balance]:
        """What is told of what was bought."""
        return (each for each in self._balances if each.kind == "package")

    def remaining(self, told: Balance) -> Fraction:
        return written_figure(told.remaining, self.rules).number

    def withdrawn(self, told: Balance) -> Fraction:
        """What was taken back of a lot before."""
        return Fraction(0) if told.withdrawn is None else written_figure(told.withdrawn, self.rules).number

    def size(self, told: Balance) -> Figure:
        """How large a lot was when it was new; what is left and was withdrawn, where that is not said."""
        if told.size is not None:
            return written_figure(told.size, self.rules)
        dimension = written_figure(told.remaining, self.rules).dimension
        return Figure(max(self.remaining(told) + self.withdrawn(told), Fraction(0)), dimension)

    def open(self, part: Part, told: Balance) -> None:
        """Let a part of a lot hold what is told. Raises Refused where that is more than it ever held."""
        left = self.remaining(told)
        whole = part.remaining if told.size is None else self.size(told).number
        if left + self.withdrawn(told) > whole:
            raise Refused("more is left of a lot than it ever held")
        part.remaining, part.told = left, True
