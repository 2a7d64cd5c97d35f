"""What lines see of each other: amounts of lines and sums in a period, what quotas left of them, and shares of spread
discounts. Of what was billed; under contracts a second time of what the list alone asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.clock import Span
from tests.reference.counted import Key
from tests.reference.lines import SUMS, TAXES, Line, LineRules
from tests.reference.order import members, named
from tests.reference.spreading import Part, Spreading

if TYPE_CHECKING:
    from tests.reference.ledger import Ledger


class UnclearError(Exception):
    """An amount that nobody works out: the list's, where it goes by what the contract's line does not ask."""


def billed(line: Line) -> Fraction:
    """What a line comes to."""
    return line.amount


def asked_by_list(line: Line) -> Fraction:
    """What the list alone asks for a line: nothing for one that it does not have. Raises UnclearError."""
    if line.added:
        return Fraction(0)
    if line.listed is None:
        raise UnclearError(line.source)
    return line.listed


class Amounts:
    """Those of one ledger, by the figure of a line that counts."""

    def __init__(self, ledger: Ledger, figure: Callable[[Line], Fraction]) -> None:
        self.ledger = ledger
        self.figure = figure
        self.lines = ledger.lines
        self.spreading = Spreading(ledger.lines, ledger.rules.smallest)

    def of_line(self, name: str, span: Span, asking: LineRules, key: Key = ()) -> Fraction:
        """What was billed of a line in a period: what ended in it. What is taken off counts as it is called."""
        sign = -1 if self.lines[name].kind == "discount" else 1
        found = self._billed(name, span)
        return sum((sign * self.figure(each) for each in found if of_key(each.key, key)), Fraction(0))

    def left_of(self, name: str, span: Span, asking: LineRules, key: Key = ()) -> Fraction:
        """What its quotas left of a line or of the subtotal."""
        whole = self.of_sum(name, span, asking) if name == "subtotal" else self.of_line(name, span, asking, key)
        taxed = asking.kind in TAXES and name != "subtotal"
        share = self.spreading.share_of(name, span.start, span.end, key) if taxed else 0
        return whole - self.ledger.paid(name, span, key) - share

    def of_sum(self, total: str, span: Span, asking: LineRules) -> Fraction:
        """A sum as a line sees it."""
        amount = sum(map(self.figure, self.ledger.at_once(span)), Fraction(0))
        for name in members(self.lines, total, asking):
            if name != asking.name:
                sign = -1 if self.lines[name].kind == "discount" else 1
                amount += sign * self.of_line(name, span, asking) - self.ledger.paid(name, span)
        return amount - self.ledger.paid("subtotal", span) if total == "total" else amount

    def of_longer(self, line: LineRules, begins: datetime, key: Key, parts_of: Span) -> Fraction:
        """What was billed of a line for its other periods that begin in the one of its maximum; `parts_of` is its
        own."""
        if line.maximum is None or line.maximum.period is None:
            return Fraction(0)
        rules = self.ledger.rules
        whole = rules.clock.around(line.maximum.period.unit.text, begins)
        longer = next(part for part in rules.cut([whole]) if part.start <= begins < part.end)
        sign = -1 if line.kind == "discount" else 1
        return sum(
            (
                sign * self.figure(each)
                for each in self.ledger.everything()
                if each.source == line.name
                and each.key == key
                and longer.start <= each.span.start < longer.end
                and not (line.billed is not None and parts_of.start <= each.span.start < parts_of.end)
            ),
            Fraction(0),
        )

    def spread(self, line: LineRules, discount: Line) -> None:
        """Spread a discount over what it is on."""
        if line.on is None or not self.spreading.is_spread(line):
            return
        span, parts = discount.span, []
        for name in named(self.lines, line, line.on):
            if self.lines[name].kind == "charge":
                for each in self._billed(name, span):
                    if of_key(each.key, discount.key):
                        paid = self.ledger.paid_of(each)
                        parts.append(Part((name, each.key, each.span), self.figure(each) - paid))
        if set(line.names_in(line.on)) & set(SUMS):
            parts += [Part((each.source, (), each.span), self.figure(each)) for each in self.ledger.at_once(span)]
        self.spreading.spread(-self.figure(discount), parts)

    def _billed(self, name: str, span: Span) -> list[Line]:
        found = self.ledger.billed.of(name, span.start, span.end)
        return found + self.ledger.by_list_alone.of(name, span.start, span.end)


def of_key(own: Key, asked: Key) -> bool:
    """Whether a key is the same as another as far as both go."""
    return all(dict(own).get(name, value) == value for name, value in asked)
