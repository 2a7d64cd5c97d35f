"""Usage that is taken back: a record below 0 undoes what was served last before it, in the same period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.counted import Counted, Key
from tests.reference.lines import LineRules
from tests.reference.lots import Part
from tests.reference.pieces import Piece
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import Rules, statement
from tests.reference.values import Figure

Alike = tuple[str, Key, tuple[tuple[str, object], ...], datetime]
"""A meter, what it is kept apart by, what quotas and lines ask of a record, and when the period ends."""
_SHORT = ("minute", "hour", "day", "week")


@dataclass
class Served:
    """What was made of a record: what each part of a lot gave, and the piece that went on to the lines."""

    piece: Piece
    drawn: list[tuple[Part, Fraction, Fraction]]  # how much usage, at which ratio


class TakingBack:
    """What quotas gave an account, in the order in which it was served, and what found nothing to take back."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.served: dict[Alike, list[Served]] = defaultdict(list)
        self.owed: dict[Alike, list[tuple[Counted, Fraction]]] = defaultdict(list)

    def back(self, alike: Alike, one: Counted, quantity: Fraction) -> None:
        """Take a quantity back: what went on to charges before what quotas gave, the last first."""
        for served in reversed(self.served[alike]):
            taken = min(quantity, served.piece.left.number)
            served.piece.left = Figure(served.piece.left.number - taken, served.piece.left.dimension)
            quantity -= taken
            for index, (part, amount, ratio) in reversed(list(enumerate(served.drawn))):
                taken = min(quantity, amount)
                part.take(-taken * ratio)
                served.drawn[index] = (part, amount - taken, ratio)
                quantity -= taken
        self.owed[alike].append((one, quantity))

    def made_good(self, alike: Alike, quantity: Fraction) -> Fraction:
        """What is left of usage after it makes good what found nothing to take back."""
        for index, (one, owed) in enumerate(self.owed[alike]):
            taken = min(quantity, owed)
            self.owed[alike][index] = (one, owed - taken)
            quantity -= taken
        return quantity

    def left_below(self, end: datetime) -> Iterator[tuple[str, Counted, Fraction]]:
        """What is still below 0 when a period ends. Raises Refused where it may not be."""
        for (meter, _, _, until), owed in self.owed.items():
            for one, quantity in owed if until == end else ():
                if quantity:
                    self.refuse_below(meter)
                    yield meter, one, quantity

    def refuse_below(self, meter: str) -> None:
        """Raises Refused where a period of a meter may not come to less than 0."""
        found = statement(self.rules.meters[meter], n.Corrections)
        if found is None or not found.below:
            raise Refused("more is taken back than there was")

    def check(self, meter: str, lines: list[LineRules]) -> None:
        """Refuses what cannot take usage back."""
        found = statement(self.rules.meters[meter], n.Corrections)
        if found is None:
            return
        pools = [self.rules.pools[pool] for rank in self.rules.chain(meter) for pool in rank]
        if any(statement(pool, n.Overdraws) for pool in pools) or self.rules.waits(meter):
            raise Refused("usage that is taken back, of a quota that overdraws or usage fills, or in an order")
        if any(self.rules.chain(line.name) for line in lines):
            raise Refused("usage that is taken back, of a line that a quota of money pays")
        if found.below and not lines:
            raise Refused("below 0, and nothing prices it")
        if any(line.in_windows for line in lines) or (any(line.alone for line in lines) and not found.below):
            raise Refused("usage that is taken back, in windows, or record by record")
        if any(line.billed for line in lines):
            raise NotCovered("usage that is taken back of what is billed in parts")
        longer = any(
            line.cadence and line.cadence.unit not in _SHORT and line.cadence != lines[0].cadence for line in lines
        )
        if pools and (
            longer or any(line.alone or line.cadence != lines[0].cadence or _is_long(line) for line in lines)
        ):
            raise Refused("usage that is taken back, of quotas before charges of other periods")


def _is_long(line: LineRules) -> bool:
    """Whether the periods of a line are longer than a month."""
    cadence = line.cadence
    return cadence is not None and (
        cadence.unit in ("quarter", "year") or (cadence.unit == "month" and cadence.count > 1)
    )
