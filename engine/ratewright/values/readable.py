"""Numbers for readers: exact where that is short, and otherwise cut, which `…` shows."""

from __future__ import annotations

from ratewright.values.exact import Exact, decimals_of, grouped
from ratewright.values.writing import writing

MOST_DECIMALS = 12
"""How many decimals a reader is shown before they are cut."""

_DIGITS_KEPT = 6


def number_text(value: Exact, least_decimals: int = 0) -> str:
    """The number for readers: exact, or cut and ended with `…` where its decimals are endless or many."""
    if value.__class__ is int:
        return writing().number(f"{value:,}.{'0' * least_decimals}" if least_decimals else f"{value:,}")
    needed = decimals_of(value)
    if needed is not None and needed <= MOST_DECIMALS:
        return grouped(value, least_decimals)
    leading_zeros = max(0, len(str(value.denominator)) - len(str(abs(value.numerator))))
    decimals = _DIGITS_KEPT + leading_zeros
    scaled = abs(value.numerator) * 10**decimals // value.denominator
    whole, rest = divmod(scaled, 10**decimals)
    return writing().number(f"{'-' if value < 0 else ''}{whole:,}.{rest:0{decimals}d}…")


def is_cut(value: Exact) -> bool:
    """Whether `number_text` cuts the number's decimals."""
    needed = decimals_of(value)
    return needed is None or needed > MOST_DECIMALS
