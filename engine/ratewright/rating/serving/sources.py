"""The sources that pay for usage before any charge does, and for lines and bills: the lots of pools, rank by rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from whenever import Instant

from ratewright.account.bought.bought import BoundWithdrawal
from ratewright.account.counted.pieces import Piece
from ratewright.account.counted.undecided_usage import place_of, refuse_change
from ratewright.account.settings.setting_timeline import ConditionCache, Settings
from ratewright.diagnostics import Span
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan
from ratewright.quota.allotments import Allotments
from ratewright.quota.cycles import Renewing
from ratewright.quota.holdings import Holdings
from ratewright.quota.lots import Lot, PartlyCoveredError
from ratewright.quota.needs import Need, Queue, Taken, UndecidedError
from ratewright.quota.queues import LotQueue
from ratewright.quota.scans import LotScan
from ratewright.rating.serving.closing_times import ClosingTimes, paid_by, reaching_back
from ratewright.rating.serving.ratios import Ratios
from ratewright.rating.serving.taking_back import Covered
from ratewright.rating.serving.tally import MeterTally
from ratewright.rating.serving.withdrawals import withdraw
from ratewright.refusal import RatingError, stop
from ratewright.values.calendar import Calendar, Period, moment_text, period_text
from ratewright.values.exact import Exact, exact

Rank = tuple[str, ...]
_NONE: frozenset[str] = frozenset()
_NO_KEYS: Mapping[str, tree.Value] = {}


class Sources:
    """The lots of an account, in one queue for each rank of pools."""

    def __init__(
        self, plan: Plan, calendar: Calendar, settings: Settings, holdings: Holdings, closing: ClosingTimes
    ) -> None:
        self._tariff = plan.tariff
        self._calendar = calendar
        self._settings = settings
        self._holdings = holdings
        self._lots, self._renewing = holdings.lots, holdings.renewing  # all, also what is over and left out later
        self._ranks = plan.ranks
        self._queues: dict[Rank, Queue] = {}
        self._closing = closing

    def _queue(self, rank: Rank) -> Queue:
        """The queue of a rank, from when usage first asks it."""
        found = self._queues.get(rank)
        if found is None:
            found = self._queues[rank] = (LotScan if self._ranks[rank] else LotQueue)(
                [lot for lot in self._lots if lot.pool.name in rank],
                self._tariff.pools[rank[0]].draws,
                [one for one in self._renewing if one.pool.name in rank],
                [one for one in self._holdings.allotments if one.pool.name in rank],
            )
        return found

    @cached_property
    def _allotments(self) -> Mapping[str, Sequence[Allotments]]:
        """The grants with a scope that pay for each meter or line."""
        by_pool = {allotments.pool.name: allotments for allotments in self._holdings.allotments}
        return {
            target: [by_pool[name] for rank in deduction.pools for name in rank if name in by_pool]
            for target, deduction in (self._tariff.deductions.items() if by_pool else ())
        }

    @cached_property
    def _conditions(self) -> Mapping[str, ConditionCache]:
        pools = self._tariff.pools.values()
        return {pool.name: ConditionCache(pool.when, self._settings) for pool in pools if pool.when is not None}

    @cached_property
    def _reaching_back(self) -> frozenset[Rank]:
        back = reaching_back([*self._lots, *self._renewing])
        return frozenset(rank for rank in self._ranks if not back.isdisjoint(rank))

    @cached_property
    def ratios(self) -> Ratios:
        """How much of each pool usage takes."""
        return Ratios(self._tariff, self._settings)

    def meet(self, covered: str, tags: Mapping[str, tree.Value]) -> None:
        """Give what usage of a meter, or a line, brings that is marked so: lots of grants with a scope, also where
        another source pays for all of it."""
        for allotments in self._allotments.get(covered, ()):
            allotments.meet(tags)

    def withdraw(self, asked: BoundWithdrawal) -> None:
        """Take back a part of some lots. Raises RatingError where that much is not left."""
        withdraw(asked, self._calendar)
        for rank, queue in self._queues.items():
            if asked.pool.name in rank:
                queue.reorder()

    def draw(
        self, piece: Piece, rank: Rank, left: Exact, tally: MeterTally, paid: list[Covered] | None = None
    ) -> Exact:
        """Pay for `left` of a piece from the lots of a rank. Returns what they leave, in the meter's own unit; what
        each lot gave is added to `paid`.

        Raises RatingError where it cannot be decided what a lot pays for.
        """
        frozen = self._frozen(piece, rank, left, tally) if self._conditions else _NONE
        queue = self._queues.get(rank) or self._queue(rank)
        if queue.empty:
            return left
        asked = self.ratios.of(piece, rank)
        closes = self._closing.of(piece) if rank in self._reaching_back else Instant.MAX
        need = Need(piece.start, piece.end, piece.tags, frozen, asked, closes)
        for given in self._take(rank, left, need, piece):
            left = left - given.covered
            name = given.lot.pool.name
            tally.covered[name] += given.covered
            tally.taken[name] += given.drawn
            value = None
            if asked is not None and piece.meter in given.lot.pool.ratios:
                value = self.ratios.written(given.lot.pool, piece)
                covered, taken = tally.ratios[name, value]
                tally.ratios[name, value] = (covered + given.covered, taken + given.drawn)
            if paid is not None:
                paid.append(Covered(given.lot, given.covered, given.drawn, value))
        left = exact(left)
        if type(left) is not int and left.denominator.bit_length() > DEFAULT.ratio_bits:
            raise self._outgrown(piece, rank)
        return left

    def put_back(self, paid: Covered, piece: Piece, tally: MeterTally) -> None:
        """Give back to a lot what usage took of it that a piece takes back. A lot that has ended does not open again:
        what goes back into it is gone."""
        lot, name, at = paid.lot, paid.lot.pool.name, piece.start
        ended = lot.ended_by(at)
        for one in self._holdings.every() if ended and lot.pool.rolls is not None else ():
            if isinstance(one, Renewing) and one.pool is lot.pool:
                one.reach(at)  # what it rolls over was decided when the cycle ended
        lot.draw(-paid.drawn, None)
        for rank, queue in self._queues.items() if not ended else ():
            if name in rank:
                queue.put_back(lot)
        self._holdings.drawn.note(lot, -paid.drawn)
        tally.covered[name] -= paid.quantity
        tally.taken[name] -= paid.drawn
        if paid.ratio is not None:
            covered, taken = tally.ratios[name, paid.ratio]
            tally.ratios[name, paid.ratio] = (covered - paid.quantity, taken - paid.drawn)

    def pay(
        self, target: str, amount: Exact, period: Period, keys: Mapping[str, tree.Value] = _NO_KEYS
    ) -> list[tuple[Lot, Exact]]:
        """Pay for an amount of a line or of a sum of lines: each lot drawn from and how much, in order.

        The lots are those that are valid just before the end of the `period` of what is paid, or at the instant of
        a record; `keys` are what a line is kept apart by. Raises RatingError.
        """
        at = period.end.subtract(nanoseconds=1) if period.start < period.end else period.start
        found: list[tuple[Lot, Exact]] = []
        for rank in self._tariff.deductions[target].pools:
            if amount == 0:
                break
            frozen = frozenset(
                name for name in rank if name in self._conditions and not self._conditions[name].at(at, keys).holds
            )
            for given in self._take(rank, amount, Need(at, None, keys, frozen, closes=paid_by(at)), None):
                found.append((given.lot, given.drawn))
                amount = exact(amount - given.drawn)
        return found

    def _take(self, rank: Rank, quantity: Exact, need: Need, piece: Piece | None) -> list[Taken]:
        try:
            taken = self._queue(rank).take(quantity, need)
        except PartlyCoveredError as error:
            raise self._spans_lot(piece, error) from error
        except UndecidedError as error:
            raise self._served_late(piece, error, need.start) from error
        for given in taken:
            self._holdings.drawn.note(given.lot, given.drawn)
        return taken

    def _frozen(self, piece: Piece, rank: Rank, left: Exact, tally: MeterTally) -> frozenset[str]:
        found = set()
        for name in rank:
            condition = self._conditions.get(name)
            if condition is None:
                continue
            pool = self._tariff.pools[name]
            assert pool.when is not None
            refuse_change(piece, pool.when, self._settings)
            answer = condition.at(piece.start, piece.tags)
            if not answer.holds:
                found.add(name)
                tally.kept[name, answer] += left
        return frozenset(found)

    def _spans_lot(self, piece: Piece | None, error: PartlyCoveredError) -> RatingError:
        lot, when = error.lot, moment_text(error.instant, self._calendar)
        what = "starts" if error.starts else ("was given back" if lot.refunded_at else "expires")
        if piece is not None and piece.measure is not None:
            period = period_text(piece.measure.period, self._calendar)
            return stop(
                "A301",
                f"lot `{lot.id}` of {lot.pool.title} {what} on {when}, inside {period}, of which `{piece.meter}` has "
                "one result: how much of it the lot may cover is not known",
                None,
                "let lots begin and end where the periods of the charge do: `valid 1 month from start of "
                "month(purchase)`, or another `every`",
                ("the rule", _rule_of(lot)),
            )
        return stop(
            "A301",
            f"lot `{lot.id}` of {lot.pool.title} {what} on {when}, inside this total: "
            "how much of it the lot may cover is not known",
            _place(piece),
            f"split the total at {when}, or give the records themselves",
            ("the rule", _rule_of(lot)),
        )

    def _served_late(self, piece: Piece | None, error: UndecidedError, start: Instant) -> RatingError:
        lot, when = error.lot, moment_text(error.decided, self._calendar)
        served = f"{'usage' if piece is not None else 'what is paid'} of {moment_text(start, self._calendar)}"
        return stop(
            "A306",
            f"lot `{lot.name.whole}` of {lot.pool.title} {error.how} on {when}, and {served} is settled only after "
            "that: how much was left by then is not known",
            _place(piece),
            "let the periods of the charge end where the cycles do"
            if error.how == "rolled over"
            else "ask for it where a period of the charge ends"
            + ("; a quota on the meter itself pays for each record when it happens" if piece is None else ""),
            ("the rule", _rule_of(lot)),
        )

    def _outgrown(self, piece: Piece, rank: Rank) -> RatingError:
        rules = [p.ratios[piece.meter] for name in rank if piece.meter in (p := self._tariff.pools[name]).ratios]
        return stop(
            "A601",
            f"what the lots leave of this usage needs more than {DEFAULT.ratio_bits:,} bits as an exact ratio",
            rules[0].span if rules else place_of(piece),
            "round the ratio: `round half up (…) to 0.0001`",
        )


def _place(piece: Piece | None) -> Span | None:
    return place_of(piece) if piece is not None else None


def _rule_of(lot: Lot) -> Span:
    return lot.pool.renews.span if lot.is_part and lot.pool.renews is not None else lot.pool.validity.span
