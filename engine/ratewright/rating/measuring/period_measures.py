"""Meters whose measures speak of all records of a period: their results, each worked out once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.counted.pieces import BoundRecord
from ratewright.plan.period_grid import Grid
from ratewright.rating.measuring.keys import Key, Keys, fits, wanted_of
from ratewright.rating.measuring.whole_meter import Result, WholeMeter
from ratewright.rating.measuring.windows import Windows
from ratewright.usage.model import Record
from ratewright.values.calendar import Cadence, Period
from ratewright.values.exact import Exact, exact, summed


class PeriodMeasures:
    """The results of an account's meters, remembered by meter, key and period."""

    def __init__(self, account: Account, grid: Grid, windows: Windows) -> None:
        self._account = account
        self._grid = grid
        self._windows = windows
        self._plan = account.plan
        self._wholes: dict[str, WholeMeter] = {}
        self._results: dict[tuple[str, Key, Period], Result] = {}
        self._by_record: dict[str, dict[int, list[tuple[Key, BoundRecord]]]] = {}
        self.asked: list[tuple[str, Result]] = []
        """Results of meters that are measured on demand, each once, in the order in which they were asked for."""

    def every(self, name: str, cadence: Cadence, end: Instant) -> Iterator[Result]:
        """What a meter measures in each period of a cadence that starts before `end`. Raises RatingError."""
        whole = self._whole(name)
        opening = self._account.opening
        for key in whole.records:
            for period, members in whole.periods(key, cadence, end):
                if opening is not None and period.start < opening:
                    continue  # settled
                if not members and whole.is_given(key, period):
                    continue
                found = (
                    whole.result(key, period, members, alone=True)
                    if cadence.alone
                    else self._result(whole, key, period, members)
                )
                if found.records or found.amount:
                    yield found
        if whole.looks_back and not cadence.of_usage:
            self._check_known(whole, cadence, end)

    def of_period(self, name: str, period: Period, keys: Keys) -> Exact:
        """What a meter measures in a period. Raises RatingError."""
        whole = self._whole(name)
        wanted = wanted_of(whole.meter, keys)
        whole.check_known(period)
        total = sum(piece.amount for piece in whole.given(period) if fits(whole.meter, piece.key, wanted))
        for key, records in whole.records.items():
            if not fits(whole.meter, key, wanted):
                continue
            known = self._results.get((name, key, period))
            members = records.of(period) if known is None else []
            looks = whole.looks_back and bool(records.until(period.end)) and not whole.is_given(key, period)
            if known is not None or members or looks:
                total += self._result(whole, key, period, members).amount
        return exact(total)

    def of_record(self, name: str, record: Record, keys: Keys) -> Exact:
        """What a meter measures of one record alone. Raises RatingError."""
        whole = self._whole(name)
        wanted = wanted_of(whole.meter, keys)
        found = [(key, r) for key, r in self._bound(name).get(id(record), ()) if fits(whole.meter, key, wanted)]
        return summed(whole.result(key, Period(r.start, r.end or r.start), [r]).amount for key, r in found)

    def of_reading(self, name: str, reading: Period, keys: Keys) -> Exact:
        """What a meter measures of the readings of exactly one stretch. Raises RatingError."""
        whole = self._whole(name)
        wanted = wanted_of(whole.meter, keys)
        total: Exact = 0
        for key, records in whole.records.items():
            members = [r for r in records.of(reading) if (r.start, r.end) == (reading.start, reading.end)]
            if members and fits(whole.meter, key, wanted):
                total += whole.result(key, reading, members).amount
        return exact(total)

    def _whole(self, name: str) -> WholeMeter:
        if name not in self._wholes:
            self._wholes[name] = WholeMeter(self._plan.meters[name], self._account, self._grid, self._windows)
        return self._wholes[name]

    def _result(self, whole: WholeMeter, key: Key, period: Period, members: list[BoundRecord]) -> Result:
        asked = (whole.meter.name, key, period)
        found = self._results.get(asked)
        if found is None:
            found = self._results[asked] = whole.result(key, period, members)
            if self._plan.meters[whole.meter.name].on_demand:
                self.asked.append((whole.meter.name, found))
        return found

    def _check_known(self, whole: WholeMeter, cadence: Cadence, end: Instant) -> None:
        first = whole.looks_back.first_given()
        if first is not None:
            for period in self._grid.periods(cadence, first, end):
                whole.check_known(period)

    def _bound(self, name: str) -> dict[int, list[tuple[Key, BoundRecord]]]:
        """The records of a meter with their keys, by what each was read from."""
        if name not in self._by_record:
            found = self._by_record[name] = defaultdict(list)
            for key, records in self._whole(name).records.items():
                for bound in records.ordered:
                    found[id(bound.record)].append((key, bound))
        return self._by_record[name]
