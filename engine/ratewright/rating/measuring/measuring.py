"""Measuring: what a meter comes to for a period and a key, or for one record alone.

The answer depends on the plan, the meter, the records, the period and the key, and on nothing else: whoever asks, and
in whatever order, is told the same. Answers are remembered, with how they came about.
"""

from __future__ import annotations

from collections.abc import Iterator

from whenever import Instant

from ratewright.account.binding import Account
from ratewright.plan.meter_plans import MeterPlan
from ratewright.plan.period_grid import Grid
from ratewright.rating.measuring.keys import Keys
from ratewright.rating.measuring.period_measures import PeriodMeasures
from ratewright.rating.measuring.plain_sums import PlainSums
from ratewright.rating.measuring.whole_meter import Result
from ratewright.rating.measuring.windows import Windows
from ratewright.usage.model import Record
from ratewright.values.calendar import Cadence, Period
from ratewright.values.exact import Exact


class Measuring:
    """What the meters of one account measure."""

    def __init__(self, account: Account, grid: Grid, windows: Windows) -> None:
        self._plan = account.plan
        self._sums = PlainSums(account)
        self._measures = PeriodMeasures(account, grid, windows)
        self._told = 0

    def results(self, meter: MeterPlan, cadence: Cadence, end: Instant) -> Iterator[Result]:
        """What a meter that speaks of whole periods measures in each period of a cadence that starts before `end`.

        Raises RatingError.
        """
        return self._measures.every(meter.meter.name, cadence, end)

    def of_period(self, name: str, period: Period, keys: Keys) -> Exact:
        """What a meter measures in a period, for those of its keys that are given. Raises RatingError."""
        return self._of(name).of_period(name, period, keys)

    def of_record(self, name: str, record: Record, keys: Keys) -> Exact:
        """What a meter measures of one record alone. Raises RatingError."""
        return self._of(name).of_record(name, record, keys)

    def of_reading(self, name: str, reading: Period, keys: Keys) -> Exact:
        """What a meter measures of the readings of exactly one stretch. Raises RatingError."""
        return self._of(name).of_reading(name, reading, keys)

    def asked_since(self) -> list[tuple[str, Result]]:
        """Results of meters that are measured on demand which were asked for since this was last called, each once."""
        found = self._measures.asked[self._told :]
        self._told += len(found)
        return found

    def _of(self, name: str) -> PlainSums | PeriodMeasures:
        return self._measures if self._plan.meters[name].whole else self._sums
