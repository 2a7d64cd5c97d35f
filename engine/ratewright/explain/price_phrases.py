"""Prices and tiers as the reader of one bill sees them: a part of what the words templates call `say`."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from fractions import Fraction

from ratewright.derivation.trace import Arithmetic, GraduatedTrace, TermTrace, TierTrace, VolumeTrace
from ratewright.meaning import nodes as tree
from ratewright.values.exact import Exact, exact
from ratewright.values.readable import number_text
from ratewright.values.units import Unit

_SAYS_UNIT = re.compile(r"[^\d.,\s]")
_WORD = re.compile(r"[A-Za-z_]\w*")
_LAST_PRICE = re.compile(r"(\d[\d.,]*)\s*[A-Z]{3}\s*/\s*(\w+)\s*$")
_SAID = ("per", "started", "of")


class Prices(ABC):
    """How prices are written; figures are the business of `phrases.Phrases`."""

    __slots__ = ()
    currency: str
    tariff: tree.Tariff

    @abstractmethod
    def money(self, amount: Exact) -> str:
        """`1,650.00 USD`."""

    @abstractmethod
    def quantity(self, value: Exact, unit: Unit) -> str:
        """`9,950 pics`."""

    @abstractmethod
    def number(self, value: Exact, unit: Unit) -> str:
        """A figure in base units; of things that are counted only how many."""

    @abstractmethod
    def joined(self, text: str) -> str:
        """The text on one line."""

    @abstractmethod
    def formula(self, text: str) -> str:
        """A formula as the rule file has it, on one line and without comments."""

    def per_unit(self, term: TermTrace) -> bool:
        """Whether the term is a price for each unit of the quantity."""
        return isinstance(term.term, tree.UnitPrice)

    def times(self, term: TermTrace, unit: Unit) -> str:
        """What a price for each unit is multiplied with: only how many where the price names that unit itself."""
        named = _WORD.findall(self.price(term, unit).partition("/")[2])
        return (self.number if unit.singular in named or unit.plural in named else self.quantity)(term.quantity, unit)

    def price(self, term: TermTrace, unit: Unit) -> str:
        """The price as written, or its value where a formula or a bare number is written: `0.08 USD/pic`."""
        written = self._literally(term.term)
        return written or term.shown or self._value(term.term, term.price, unit)

    def tier_price(self, tier: TierTrace, unit: Unit) -> str:
        """The price of a tier, whether it was reached or not: `0.08 USD/pic + 1 USD`, `not sold`."""
        if tier.terms:
            return self.prices(tier.terms, unit)
        return self._signed([(term, self._written(term, unit)) for term in tier.tier.price.terms]) or "not sold"

    def prices(self, terms: tuple[TermTrace, ...], unit: Unit) -> str:
        """The price that terms make: `0.08 USD/pic + 1 USD`."""
        return self._signed([(term.term, self.price(term, unit)) for term in terms])

    def _signed(self, terms: list[tuple[tree.PriceTerm, str]]) -> str:
        """The texts of terms with their signs between them."""
        return "".join(f"{self.sign(term) if number else ''}{text}" for number, (term, text) in enumerate(terms))

    def sign(self, term: tree.PriceTerm) -> str:
        """What stands before a term that is not the first."""
        return " - " if term.sign < 0 else " + "

    def _written(self, term: tree.PriceTerm, unit: Unit) -> str:
        value = term.expression
        if isinstance(value, tree.Constant):
            return self._literally(term) or self._value(term, value.value, unit)  # type: ignore[arg-type]
        return self.formula(term.span.text)

    def _literally(self, term: tree.PriceTerm) -> str:
        """A price that the rule file writes as a figure with its unit, as it is written there; else nothing."""
        if not isinstance(term.expression, tree.Constant):
            return ""
        behind = term.expression.written  # the figure of a name, or of a cell under a column with a unit
        text = behind if isinstance(term, tree.UnitPrice) and behind else term.span.text
        names_only_units = all(word in self.tariff.units or word in _SAID for word in _WORD.findall(text))
        return self.joined(text) if _SAYS_UNIT.search(text) and names_only_units else ""

    def _value(self, rule: tree.PriceTerm, price: Exact, unit: Unit) -> str:
        if isinstance(rule, tree.UnitPrice):
            if unit.singular == self.currency:
                return f"{number_text(exact(price * 100))}%"
            return f"{self._per(price * unit.scale)}/{unit.singular}"
        if isinstance(rule, tree.BlockPrice):
            return f"{self._per(price)} per started {self.quantity(rule.block, rule.unit)}"
        return self.money(price)

    def _per(self, price: Exact) -> str:
        return f"{number_text(exact(price))} {self.currency}"

    def size_price(self, row: tree.SizeRow) -> str:
        """What one unit of a size costs that is sold at the price of its range, as written: `0.04 USD/GB`."""
        assert row.within is not None
        assert row.within.price is not None
        written = _LAST_PRICE.search(row.within.span.text)
        unit = self.tariff.units.get(written[2]) if written is not None else None
        if written is None or unit is None or Fraction(written[1].replace(",", "")) != row.within.price * unit.scale:
            return f"{self._per(row.within.price * row.unit.scale)}/{row.unit.singular}"
        return f"{written[1]} {self.currency}/{written[2]}"

    def what(self, unit: Unit) -> str:
        """What a price is for: usage, or an amount of money."""
        return "amount" if unit.singular == self.currency else "usage"

    def range(self, tiers: tuple[TierTrace, ...], tier: TierTrace, unit: Unit, picked_by: Exact | None = None) -> str:
        """A tier's two ends as a price page prints them: `10,000 ≤ usage < 100,000`.

        `picked_by` is the quantity that reached it, where it is not the one that is priced.
        """
        by = tier.slice if picked_by is None else picked_by
        inside = tier.lower_inside or (tier.reached and by == 0)
        above = "≤" if inside else "<"
        what = self.what(unit)
        position = next(n for n, t in enumerate(tiers) if t is tier)
        lower = self._end(tier.lower, tiers[position - 1].tier.bound.unit if position else tier.tier.bound.unit, unit)
        below_0 = tier.reached and by < 0  # what is below 0 is all in the first tier
        if tier.upper is None:
            return f"any {what}" if below_0 else f"{what} {'≥' if inside else '>'} {lower}"
        rest = f"{what} {'≤' if tier.upper_inside else '<'} {self._end(tier.upper, tier.tier.bound.unit, unit)}"
        return rest if below_0 else f"{lower} {above} {rest}"

    def _end(self, value: Exact, written: Unit, unit: Unit) -> str:
        return self.number(value, written if written.dimension == unit.dimension else unit) if value else "0"

    def percentage(self, share: Exact) -> str:
        """A share of an amount: `19%`."""
        return f"{number_text(exact(share * 100))}%"

    def is_on(self, line: tree.Charge) -> str:
        """What a line does to what it is on: `charged on`."""
        if line.included:
            return "a tax inside"
        return {"charge": "charged on", "discount": "taken off", "tax": "a tax on"}[line.word.value]

    def tiered(self, price: object) -> bool:
        """Whether the price depends on the quantity that picks its tier."""
        return isinstance(price, VolumeTrace | GraduatedTrace)

    def bounds(self, price: VolumeTrace | GraduatedTrace) -> list[tuple[TierTrace, Arithmetic]]:
        """The tiers whose upper bound is a formula, with its arithmetic."""
        return [(tier, tier.bound) for tier in price.tiers if tier.bound is not None and tier.upper is not None]
