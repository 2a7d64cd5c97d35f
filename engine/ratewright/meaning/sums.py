"""The sums of a bill: what each adds up, said once for those who price lines, add bills up and tell of them."""

from __future__ import annotations

from ratewright.meaning.nodes import Charge, LineWord

_SUMMED = {
    "charges": (LineWord.CHARGE,),
    "subtotal": (LineWord.CHARGE, LineWord.DISCOUNT),
    "total": (LineWord.CHARGE, LineWord.DISCOUNT, LineWord.TAX),
}
SUMS = tuple(_SUMMED)
"""The sums that a line may name, each with all that the one before it has."""

DUE = "due"
"""What is left to pay of the total. No line is on it."""

PAID_SUMS = ("subtotal", "total")
"""The sums of which pools of money pay; what they pay comes off behind the sum."""


def is_in(charge: Charge, name: str) -> bool:
    """Whether a line is among those that the sum of a name adds up: a tax that is inside the price is in none."""
    return is_part(charge.word, name) and not charge.included


def is_part(word: LineWord, name: str) -> bool:
    """Whether lines of a word are among those that the sum of a name adds up."""
    return word in _SUMMED.get(name, ())
