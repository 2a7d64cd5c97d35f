"""Discounts that are spread over the lines they are on: the share of each, which taxes on it see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import floor

from ratewright.syntax import nodes as n
from tests.reference.clock import Span
from tests.reference.counted import Key
from tests.reference.lines import TAXES, LineRules
from tests.reference.order import named
from tests.reference.problems import Refused
from tests.reference.rules import statement

Whose = tuple[str, Key, Span]


@dataclass(frozen=True)
class Part:
    """What a discount is spread over: a line, or what was bought, with what is left of it."""

    whose: Whose
    left: Fraction


class Spreading:
    """The shares of one account."""

    def __init__(self, lines: dict[str, LineRules], cent: Fraction) -> None:
        self.lines = lines
        self.cent = cent  # the smallest unit of the currency
        self.shares: dict[str, dict[Whose, Fraction]] = defaultdict(lambda: defaultdict(Fraction))

    def check(self) -> None:
        """Refuse taxes that would see a share too late, or twice."""
        for name, line in self.lines.items():
            if not self.is_spread(line):
                continue
            if line.cadence is None or line.alone or line.on is None:
                raise Refused("a discount that cannot be spread")
            for tax in (each for each in self.lines.values() if each.kind in TAXES):
                own = tax.names_in(tax.on) if tax.on else []
                if set(own) & set(self._over(line)):
                    if name in own:
                        raise Refused("a share that is taken off twice")
                    if (tax.cadence, tax.counted_from) != (line.cadence, line.counted_from):
                        raise Refused("a tax of other periods than those of a spread discount")

    def is_spread(self, line: LineRules) -> bool:
        return statement(line.declaration, n.SpreadBy) is not None

    def _over(self, line: LineRules) -> list[str]:
        return sorted(name for name in named(self.lines, line, line.on) if self.lines[name].kind == "charge")

    def spread(self, amount: Fraction, parts: list[Part]) -> None:
        """Note the share of each part, in whole cents: the cents that are left go to those of which most was cut."""
        whole = sum((part.left for part in parts), Fraction(0))
        if whole <= 0:
            return
        ordered = sorted(parts, key=lambda p: (p.whose[0], p.whose[2].end, p.whose[2].start, p.whose[1]))
        exact = [amount * part.left / whole for part in ordered]
        shares = [floor(share / self.cent) * self.cent for share in exact]
        rest = amount - sum(shares)
        for index in sorted(range(len(shares)), key=lambda index: shares[index] - exact[index]):
            given = min(self.cent, rest)
            if given <= 0:
                break
            shares[index] += given
            rest -= given
        for part, share in zip(ordered, shares, strict=True):
            self.shares[part.whose[0]][part.whose] += share

    def share_of(self, name: str, after: datetime, until: datetime, key: Key) -> Fraction:
        """What is taken off a line in a period, of a key as far as both have one."""
        return sum(
            (
                share
                for (_, own, span), share in self.shares[name].items()
                if after < span.end <= until and all(dict(own).get(part, value) == value for part, value in key)
            ),
            Fraction(0),
        )
