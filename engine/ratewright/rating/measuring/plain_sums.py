"""Meters that add up what each record has: their sums, of a period or of one record alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import accumulate

from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.counted.pieces import Piece
from ratewright.rating.measuring.divided_stretches import divided
from ratewright.rating.measuring.keys import Keys, Wanted, fits, wanted_of
from ratewright.usage.model import Record
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact, summed


class _Sums:
    """Pieces of a plain sum in order of time, and what they add up to so far."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = pieces
        self._starts = [p.start for p in pieces]
        self._sums = [0, *accumulate(p.amount for p in pieces)]
        lasting = any(p.end is not None for p in pieces)
        self._ends = [Instant.MIN, *accumulate((p.end or p.start for p in pieces), max)] if lasting else None

    def of(self, period: Period) -> Exact:
        """The sum of what begins in a period."""
        first, last = self._within(period)
        return exact(self._sums[last] - self._sums[first])

    def cut_by(self, period: Period) -> Piece | None:
        """A piece of which only a part lies in the period."""
        if self._ends is None:
            return None
        first, last = self._within(period)
        for number, at in ((first, period.start), (last, period.end)):
            if self._ends[number] > at:
                return next(p for p in self._pieces[:number] if p.end is not None and p.end > at)
        return None

    def _within(self, period: Period) -> tuple[int, int]:
        return bisect_left(self._starts, period.start), bisect_left(self._starts, period.end)


class PlainSums:
    """The sums of an account's meters, remembered by what was asked."""

    def __init__(self, account: Account) -> None:
        self._calendar = account.calendar
        self._meters = account.tariff.meters
        self._counted = account.counted
        self._sums: dict[tuple[str, Wanted], _Sums] = {}
        self._by_record: dict[str, dict[int, list[Piece]]] = {}

    def of_period(self, name: str, period: Period, keys: Keys) -> Exact:
        """The sum of what begins in a period. Raises RatingError where the period cuts a piece."""
        meter = self._meters[name]
        asked = name, wanted_of(meter, keys)
        if asked not in self._sums:
            own = self._pieces[name]
            self._sums[asked] = _Sums([p for p in own if fits(meter, p.key, asked[1])] if asked[1] else own)
        sums = self._sums[asked]
        cut = sums.cut_by(period)
        if cut is not None:
            raise divided(meter, cut.record, cut.start, cut.end or cut.start, period, self._calendar)
        return sums.of(period)

    def of_record(self, name: str, record: Record, keys: Keys) -> Exact:
        """What one record has."""
        if name not in self._by_record:
            found = self._by_record[name] = defaultdict(list)
            for piece in self._pieces[name]:
                found[id(piece.record)].append(piece)
        return self._added(name, self._by_record[name].get(id(record), ()), keys)

    def of_reading(self, name: str, reading: Period, keys: Keys) -> Exact:
        """What the readings of exactly one stretch have."""
        stretch = reading.start, reading.end
        return self._added(name, (p for p in self._pieces[name] if (p.start, p.end) == stretch), keys)

    @cached_property
    def _pieces(self) -> Mapping[str, list[Piece]]:
        """The pieces of each meter in order of time."""
        found: dict[str, list[Piece]] = defaultdict(list)
        for piece in self._counted.pieces:
            found[piece.meter].append(piece)
        return found

    def _added(self, name: str, pieces: Iterable[Piece], keys: Keys) -> Exact:
        meter = self._meters[name]
        wanted = wanted_of(meter, keys)
        return summed(piece.amount for piece in pieces if fits(meter, piece.key, wanted))
