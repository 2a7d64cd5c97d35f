"""What of an amount is a share that it holds already."""

from __future__ import annotations

from ratewright.values.exact import Exact, exact, ratio


def included(amount: Exact, rate: Exact) -> tuple[Exact, Exact]:
    """The rate with the price itself, and what of an amount is a tax that is inside it: at a rate of 19%, 119% and 19
    of 119. `rate` is 0 or more."""
    gross = exact(1 + rate)
    return gross, ratio(amount * rate, gross)
