"""The sources that pay for usage before any charge does: the lots of the pools, rank by rank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ratewright.rating.bind_records import Piece
from ratewright.rating.lots import Lot, LotQueue, PartlyCoveredError
from ratewright.rating.problems import RatingError, stop
from ratewright.rating.tally import MeterTally
from ratewright.rating.timeline import ConditionCache, Settings
from ratewright.rating.undecided import place_of, refuse_change
from ratewright.tree import nodes as tree
from ratewright.values.calendar import Calendar, moment_text
from ratewright.values.exact import Exact, exact


class Sources:
    """The lots of an account, in one queue for each rank of pools."""

    def __init__(self, tariff: tree.Tariff, calendar: Calendar, settings: Settings, lots: Iterable[Lot]) -> None:
        self._tariff = tariff
        self._calendar = calendar
        self._settings = settings
        by_pool: dict[str, list[Lot]] = defaultdict(list)
        for lot in lots:
            by_pool[lot.pool.name].append(lot)
        self._queues: dict[tuple[str, ...], LotQueue] = {}
        for deduction in tariff.deductions.values():
            for rank in deduction.pools:
                members = [lot for name in rank for lot in by_pool[name]]
                self._queues.setdefault(rank, LotQueue(members, tariff.pools[rank[0]].draws))
        self._conditions = {
            pool.name: ConditionCache(pool.when, settings) for pool in tariff.pools.values() if pool.when is not None
        }

    def draw(self, piece: Piece, rank: tuple[str, ...], left: Exact, tally: MeterTally) -> Exact:
        """Pay for `left` of a piece from the lots of a rank. Returns what they leave.

        Raises RatingError where it cannot be decided what a lot pays for.
        """
        frozen = self._frozen(piece, rank, tally) if self._conditions else frozenset()
        try:
            taken = self._queues[rank].take(left, piece.start, piece.end, frozen)
        except PartlyCoveredError as error:
            raise self._spans_lot(piece, error) from error
        for lot, drawn in taken:
            left = left - drawn
            tally.covered[lot.pool.name] += drawn
        return exact(left)

    def _frozen(self, piece: Piece, rank: tuple[str, ...], tally: MeterTally) -> frozenset[str]:
        found = set()
        for name in rank:
            condition = self._conditions.get(name)
            if condition is None:
                continue
            pool = self._tariff.pools[name]
            assert pool.when is not None
            refuse_change(piece, pool.when, self._settings)
            answer = condition.at(piece.start)
            if not answer.holds:
                found.add(name)
                tally.frozen[name] = answer
        return frozenset(found)

    def _spans_lot(self, piece: Piece, error: PartlyCoveredError) -> RatingError:
        lot, when = error.lot, moment_text(error.instant, self._calendar)
        what = "starts" if error.starts else ("was given back" if lot.refunded_at else "expires")
        return stop(
            "A301",
            f"lot `{lot.id}` of {lot.pool.title} {what} on {when}, inside this total: "
            "how much of it the lot may cover is not known",
            place_of(piece),
            f"split the total at {when}, or give the records themselves",
            ("the rule", lot.pool.validity.span),
        )
