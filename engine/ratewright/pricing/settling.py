"""What becomes of a price before it is billed: the share of the period, the least and the most, and the rounding."""

from __future__ import annotations

from msgspec import Struct

from ratewright.values.exact import Exact, exact, ratio
from ratewright.values.rounding import Way, round_to


class Rounding(Struct, frozen=True, gc=False):
    """To whole steps, one way; not at all where `way` is None."""

    way: Way | None
    step: Exact

    def of(self, amount: Exact) -> Exact:
        """The amount rounded."""
        return amount if self.way is None else round_to(amount, self.step, self.way)


class Settled(Struct, frozen=True, gc=False):
    """An amount after each step: scaled, its share, then at least `minimum`, then at most `maximum`, then rounded."""

    scaled: Exact
    shared: Exact
    raised: Exact
    lowered: Exact
    rounded: Exact


def settle(
    amount: Exact,
    rounding: Rounding,
    *,
    factor: Exact | None = None,
    share: Exact | None = None,
    minimum: Exact | None = None,
    maximum: Exact | None = None,
) -> Settled:
    """The steps in their order; those that are None leave the amount as it is. A maximum below the minimum wins."""
    scaled = amount if factor is None else exact(amount * factor)
    shared = scaled if share is None else exact(scaled * share)
    raised = shared if minimum is None else max(shared, minimum)
    lowered = raised if maximum is None else min(raised, maximum)
    return Settled(scaled, shared, raised, lowered, rounding.of(lowered))


def share_of_days(days: int, of: int) -> Exact:
    """The share of a period that some of its days are; nothing of one without days."""
    return ratio(days, of) if of else 0
