"""What lines ask of meters: the quantity of any period and of any keys, whoever pays for it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import accumulate
from operator import attrgetter

from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.pieces import BoundRecord, Piece
from ratewright.meaning import nodes as tree
from ratewright.plan.period_grid import Grid
from ratewright.plan.serving_meters import for_formulas
from ratewright.rating.drawing import Drawing
from ratewright.rating.whole_meters import WholeMeter
from ratewright.values.calendar import Cadence, Period, PeriodUnit
from ratewright.values.exact import Exact, exact

Key = tuple[tree.Value, ...]
_MONTHLY = Cadence(PeriodUnit.MONTH)


class _Records:
    """The records of one meter and key, to be cut by time: events by their instant, states by what they overlap."""

    def __init__(self, records: list[BoundRecord]) -> None:
        self.ordered = sorted(records, key=attrgetter("start"))
        self._events = [r for r in self.ordered if r.end is None]
        self._starts = [r.start for r in self._events]
        self._states = [r for r in self.ordered if r.end is not None]

    def begun_by(self, end: Instant) -> bool:
        return bool(self.ordered) and self.ordered[0].start < end

    def of(self, period: Period) -> list[BoundRecord]:
        first, last = bisect_left(self._starts, period.start), bisect_left(self._starts, period.end)
        states = [r for r in self._states if r.end is not None and period.overlaps(r.start, r.end)]
        found = self._events[first:last]
        return sorted([*found, *states], key=attrgetter("start")) if states else found


class Measurements:
    """Quantities by meter, period and keys. `pieces` are those that are drawn, set once they are known.

    Meters that only serve formulas (`on_demand`) are measured for the periods of the lines that name them,
    and what was asked is told in the drawing's tallies.
    """

    def __init__(self, account: Account, grid: Grid, drawing: Drawing) -> None:
        self.pieces: list[Piece] = []
        self._account = account
        self._grid = grid
        self._drawing = drawing
        tariff = account.tariff
        self.on_demand = frozenset(name for name in for_formulas(tariff) if tariff.meters[name].each is None)
        self._sums: dict[tuple[str, frozenset[tuple[str, tree.Value]]], tuple[list[Instant], list[Exact]]] = {}
        self._by_key: dict[str, dict[Key, list[Piece]]] = defaultdict(lambda: defaultdict(list))
        self._records: dict[tuple[str, Key], _Records] = {}
        self._known: dict[tuple[str, Key, Period], Exact] = {}
        self._wholes: dict[str, WholeMeter] = {}

    def measured(self, meter: str, period: Period, keys: Mapping[str, tree.Value]) -> Exact:
        """What a meter measures in a period, for those of its keys that are given. Raises RatingError."""
        declared = self._account.tariff.meters[meter]
        wanted = frozenset((name, value) for name, value in keys.items() if name in declared.by)
        if declared.each is None:
            return self._whole(declared, period, wanted)
        asked = (meter, wanted)
        if asked not in self._sums:
            mine = sorted(self._pieces_of(declared, wanted), key=attrgetter("start"))
            self._sums[asked] = ([p.start for p in mine], [0, *accumulate(p.amount for p in mine)])
        starts, sums = self._sums[asked]
        first, last = bisect_left(starts, period.start), bisect_left(starts, period.end)
        return exact(sums[last] - sums[first])

    def _pieces_of(self, meter: tree.Meter, wanted: frozenset[tuple[str, tree.Value]]) -> Iterable[Piece]:
        """The pieces of a meter that have some keys."""
        if not self._by_key:
            for piece in self.pieces:
                self._by_key[piece.meter][piece.key].append(piece)
        of_meter = self._by_key[meter.name]
        if len(wanted) == len(meter.by):
            named = dict(wanted)
            return of_meter.get(tuple(named[name] for name in meter.by), ())
        keys = [key for key in of_meter if wanted <= set(zip(meter.by, key, strict=True))]
        return [piece for key in keys for piece in of_meter[key]]

    def _whole(self, meter: tree.Meter, period: Period, wanted: frozenset[tuple[str, tree.Value]]) -> Exact:
        """Of a meter that speaks of all records of a period: its results, and those that were given."""
        total: Exact = 0
        self._of(meter).check_period(period)
        for name, key in self._account.counted.whole:
            if name == meter.name and wanted <= set(zip(meter.by, key, strict=True)):
                total += self._of_key(meter, key, period)
        for record in self._account.counted.given.get(meter.name, ()):
            if record.start in period and wanted <= set(zip(meter.by, record.key, strict=True)):
                total += record.amount
        return exact(total)

    def note(self, piece: Piece, period: Period) -> None:
        """Remember what a meter measured in a period, so that nobody measures it again."""
        self._known[piece.meter, piece.key, period] = piece.amount

    def _of(self, meter: tree.Meter) -> WholeMeter:
        if meter.name not in self._wholes:
            self._wholes[meter.name] = WholeMeter(meter, _MONTHLY, self._account, self._grid)
        return self._wholes[meter.name]

    def _is_given(self, meter: tree.Meter, key: Key, period: Period) -> bool:
        given = self._account.counted.given.get(meter.name, ())
        return any(piece.key == key and piece.start in period for piece in given)

    def _of_key(self, meter: tree.Meter, key: Key, period: Period) -> Exact:
        asked = (meter.name, key, period)
        if asked in self._known:
            return self._known[asked]
        account = self._account
        if (meter.name, key) not in self._records:
            self._records[meter.name, key] = _Records(account.counted.whole[meter.name, key])
        records = self._records[meter.name, key]
        members = records.of(period)
        amount: Exact = 0
        whole = self._of(meter)
        if members or (whole.looks_back and records.begun_by(period.end) and not self._is_given(meter, key, period)):
            piece = whole.piece_of(key, period, members, records.ordered, account.counted.reached)
            amount = piece.amount
            if meter.name in self.on_demand:
                self._drawing.note(piece)
        self._known[asked] = amount
        return amount
