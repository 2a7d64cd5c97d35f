"""Formulas of a list in several currencies, as an account in one of them reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ratewright.values.writing import writing

_IN_CURRENCY = re.compile(r"([0-9][0-9,.]*) currency\b")
_PER = r"(?:/(?:[0-9][0-9,]* )?\w+)*"


class OwnAmounts:
    """Takes out of a text what is for accounts in other currencies."""

    def __init__(self, currency: str, currencies: Sequence[str]) -> None:
        self._currency = currency
        self._several = len(currencies) > 1
        codes = rf"(?:{'|'.join(map(re.escape, currencies))})"
        one = rf"(?:[0-9][0-9,.]* {codes}|{codes} [0-9][0-9,.]*){_PER}"  # other languages may have the code before
        self._amount = re.compile(one)
        several = rf"{one}(?: or {one})+"
        self._alternatives = re.compile(rf"(?<!\w)(?<!\w )\({several}\)|{several}")  # with parentheses of their own
        self._own = re.compile(rf"[0-9][0-9,.]* {re.escape(currency)}\b|{re.escape(currency)} ")

    def of(self, text: str) -> str:
        """The text with one amount where the list has one for each currency: `1.05 EUR` of `1.15 USD or 1.05 EUR`."""
        return self._alternatives.sub(self._chosen, text) if self._several else text

    def named(self, text: str) -> str:
        """The same where the figures of the account stand: `0 currency` is `0 EUR`."""
        return _IN_CURRENCY.sub(self._amount_of, self.of(text)) if self._several else text

    def _amount_of(self, found: re.Match[str]) -> str:
        return writing().money(found[1], self._currency)

    def _chosen(self, found: re.Match[str]) -> str:
        amounts = self._amount.findall(found[0])
        return next((amount for amount in amounts if self._own.match(amount)), found[0])
