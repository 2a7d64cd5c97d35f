"""How lots are filled by what meters measure: known only once a cycle has ended."""

from __future__ import annotations

from collections.abc import Callable

from whenever import Instant

from ratewright.derivation.worked import Worked
from ratewright.meaning.nodes import Pool
from ratewright.quota.lots import Attributes
from ratewright.values.calendar import Period


class Filling:
    """What the walk through an account's time tells its lots: what is known by `now`, and how to measure the size of
    a cycle that has ended by then, for the usage of some attributes."""

    def __init__(self) -> None:
        self.now = Instant.MIN
        self.size: Callable[[Pool, Period, Attributes], Worked] = _unknown


def _unknown(pool: Pool, period: Period, attributes: Attributes) -> Worked:
    raise AssertionError(f"{pool.name} is asked before the walk begins")
