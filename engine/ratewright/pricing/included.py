"""What of an amount is a share that it holds already."""

from __future__ import annotations

from ratewright.values.exact import Exact, ratio


def included(amount: Exact, rate: Exact) -> Exact:
    """What of an amount is a tax that is inside it: of 119 at a rate of 19%, 19. `rate` is 0 or more."""
    return ratio(amount * rate, 1 + rate)
