"""Currencies: which exist, their minor units, and how an amount is written.

Codes and minor units are those of ISO 4217 (`values.currencies`); an amount is an exact number of the
major unit.
"""

from __future__ import annotations

from ratewright.values._currencies import MINOR_DIGITS
from ratewright.values.exact import Exact, grouped, plain, ratio
from ratewright.values.writing import writing


def minor_digits(code: str) -> int | None:
    """How many decimals the currency's minor unit has; None if ISO 4217 knows no such currency."""
    return MINOR_DIGITS.get(code)


def currency_codes() -> tuple[str, ...]:
    """Every code of ISO 4217, in order."""
    return tuple(MINOR_DIGITS)


def minor_unit(code: str) -> Exact:
    """The value of the currency's minor unit: 0.01 for USD, 1 for JPY, 0.001 for KWD."""
    return ratio(1, 10 ** (minor_digits(code) or 0))


def amount_text(amount: Exact, code: str) -> str:
    """For readers: `1,650.00 USD`; more decimals where the exact amount has them."""
    return writing().money(grouped(amount, minor_digits(code) or 0), code)


def amount_plain(amount: Exact, code: str) -> str:
    """For machines: `1650.00`."""
    return plain(amount, minor_digits(code) or 0)
