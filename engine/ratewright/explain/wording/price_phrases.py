"""Prices and tiers as the reader of one bill sees them: a part of what the words templates call `say`."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from fractions import Fraction

from ratewright.derivation.trace import Arithmetic, GraduatedTrace, TermTrace, TierTrace, VolumeTrace
from ratewright.explain.wording.word_templates import wording
from ratewright.meaning import nodes as tree
from ratewright.values.exact import Exact, exact
from ratewright.values.readable import number_text
from ratewright.values.units import Unit
from ratewright.values.writing import writing

_SAYS_UNIT = re.compile(r"[^\d.,\s]")
_WORD = re.compile(r"[A-Za-z_]\w*")
_NAME = re.compile(r"[^\W\d]\w*")
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
        named = _NAME.findall(self.price(term, unit).partition("/")[2])
        own = {name for each in unit.names() for name in (each, writing().unit(each))}
        return (self.quantity if own.isdisjoint(named) else self.number)(term.quantity, unit)

    def price(self, term: TermTrace, unit: Unit) -> str:
        """The price as written, or its value where a formula or a bare number is written: `0.08 USD/pic`."""
        written = self._literally(term.term)
        return written or term.shown or self._value(term.term, term.price, unit)

    def tier_price(self, tier: TierTrace, unit: Unit) -> str:
        """The price of a tier, whether it was reached or not: `0.08 USD/pic + 1 USD`, `not sold`."""
        if tier.terms:
            return self.prices(tier.terms, unit)
        written = [(term, self._written(term, unit)) for term in tier.tier.price.terms]
        return self._signed(written) if written else wording("tier", "not_sold")

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
        return self._in_figures(self.formula(term.span.text))

    def _literally(self, term: tree.PriceTerm) -> str:
        """A price that the rule file writes as a figure with its unit, as it is written there; else nothing."""
        if not isinstance(term.expression, tree.Constant):
            return ""
        behind = term.expression.written  # the figure of a name, or of a cell under a column with a unit
        text = behind if isinstance(term, tree.UnitPrice) and behind else term.span.text
        names_only_units = all(word in self.tariff.units or word in _SAID for word in _WORD.findall(text))
        return self._in_figures(self.joined(text)) if _SAYS_UNIT.search(text) and names_only_units else ""

    def _in_figures(self, text: str) -> str:
        """A price of the rule file, as this language writes its figures."""
        price, per, block = text.partition(" per started ")
        write = writing().figures
        return wording("term", "per_started", write(price), write(block)) if per else write(price)

    def _value(self, rule: tree.PriceTerm, price: Exact, unit: Unit) -> str:
        if isinstance(rule, tree.UnitPrice):
            if unit.singular == self.currency:
                return self.percentage(price)
            return f"{self._per(price * unit.scale)}/{writing().unit(unit.singular)}"
        if isinstance(rule, tree.BlockPrice):
            return wording("term", "per_started", self._per(price), self.quantity(rule.block, rule.unit))
        return self.money(price)

    def _per(self, price: Exact) -> str:
        return writing().money(number_text(exact(price)), self.currency)

    def size_price(self, row: tree.SizeRow) -> str:
        """What one unit of a size costs that is sold at the price of its range, as written: `0.04 USD/GB`."""
        assert row.within is not None
        assert row.within.price is not None
        written = _LAST_PRICE.search(row.within.span.text)
        unit = self.tariff.units.get(written[2]) if written is not None else None
        if written is None or unit is None or Fraction(written[1].replace(",", "")) != row.within.price * unit.scale:
            return f"{self._per(row.within.price * row.unit.scale)}/{writing().unit(row.unit.singular)}"
        return writing().figures(f"{written[1]} {self.currency}/{written[2]}")

    def is_money(self, unit: Unit) -> bool:
        """Whether a price is for an amount of money, and not for usage."""
        return unit.singular == self.currency

    def range(self, tiers: tuple[TierTrace, ...], tier: TierTrace, unit: Unit, picked_by: Exact | None = None) -> str:
        """A tier's two ends as a price page prints them: `10,000 ≤ usage < 100,000`.

        `picked_by` is the quantity that reached it, where it is not the one that is priced.
        """
        by = tier.slice if picked_by is None else picked_by
        inside = tier.lower_inside or (tier.reached and by == 0)
        above = "≤" if inside else "<"
        what = wording("tier", "amount" if self.is_money(unit) else "usage")
        position = next(n for n, t in enumerate(tiers) if t is tier)
        lower = self._end(tier.lower, tiers[position - 1].tier.bound.unit if position else tier.tier.bound.unit, unit)
        below_0 = tier.reached and by < 0  # what is below 0 is all in the first tier
        if tier.upper is None:
            return wording("tier", "any", what) if below_0 else f"{what} {'≥' if inside else '>'} {lower}"
        rest = f"{what} {'≤' if tier.upper_inside else '<'} {self._end(tier.upper, tier.tier.bound.unit, unit)}"
        return rest if below_0 else f"{lower} {above} {rest}"

    def _end(self, value: Exact, written: Unit, unit: Unit) -> str:
        return self.number(value, written if written.dimension == unit.dimension else unit) if value else "0"

    def percentage(self, share: Exact) -> str:
        """A share of an amount: `19%`."""
        return writing().percent(number_text(exact(share * 100)))

    def tiered(self, price: object) -> bool:
        """Whether the price depends on the quantity that picks its tier."""
        return isinstance(price, VolumeTrace | GraduatedTrace)

    def bounds(self, price: VolumeTrace | GraduatedTrace) -> list[tuple[TierTrace, Arithmetic]]:
        """The tiers whose upper bound is a formula, with its arithmetic."""
        return [(tier, tier.bound) for tier in price.tiers if tier.bound is not None and tier.upper is not None]
