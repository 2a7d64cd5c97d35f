"""Drawing: usage in order of time, each piece paid for by the sources of its meter in their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field
from whenever import Instant

from ratewright.diagnostics import Span
from ratewright.rating.bind_records import Piece
from ratewright.rating.lots import Lot, LotQueue, PartlyCoveredError
from ratewright.rating.problems import RatingError, stop
from ratewright.rating.timeline import ConditionCache, Settings
from ratewright.rating.trace import ConditionTrace
from ratewright.tree import nodes as tree
from ratewright.tree.types import Kind
from ratewright.tree.walk import given_in, parts
from ratewright.values.calendar import Calendar, Period, moment_text
from ratewright.values.exact import Exact, exact
from ratewright.values.units import quantity_text

_COMPARED = (tree.Constant, tree.Given)

Blocked = tuple[tuple[str, ConditionTrace], ...]
Kept = tuple[str, ConditionTrace, Exact]
"""A charge, the condition that kept it away, and the quantity that it was given."""


class MeterTally(Struct):
    """What became of one meter's usage in the period of a bill."""

    measured: Exact = 0
    records: int = 0
    subaccounts: dict[str, Exact] = field(default_factory=lambda: defaultdict(int))
    covered: dict[str, Exact] = field(default_factory=lambda: defaultdict(int))
    passed: Exact = 0
    charged: dict[str, Exact] = field(default_factory=lambda: defaultdict(int))
    unserved: dict[Blocked, Exact] = field(default_factory=lambda: defaultdict(int))
    frozen: dict[str, ConditionTrace] = field(default_factory=dict)


def chains(tariff: tree.Tariff) -> dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]]:
    """For each meter the ranks of pools and the charges behind them."""
    found = {}
    for name in tariff.meters:
        deduction = tariff.deductions.get(name)
        if deduction is not None:
            found[name] = (deduction.pools, deduction.charges)
        else:
            found[name] = ((), tuple(c.name for c in tariff.charges.values() if name in c.meters))
    return found


def asked_by_record(charge: tree.Charge) -> bool:
    """Whether a charge's `when` is asked for each record: it reads settings and the instant only."""
    return charge.when is not None and all(
        isinstance(g, tree.SettingValue) or (isinstance(g, tree.RecordFact) and g.name == "at")
        for g in given_in(charge.when)
    )


class Drawing:
    """The state of drawing between pieces: queues of lots, and what each charge has been fed in each period."""

    def __init__(self, tariff: tree.Tariff, calendar: Calendar, settings: Settings, lots: Iterable[Lot]) -> None:
        self._tariff = tariff
        self._calendar = calendar
        self._settings = settings
        self._chains = chains(tariff)
        by_pool: dict[str, list[Lot]] = defaultdict(list)
        for lot in lots:
            by_pool[lot.pool.name].append(lot)
        self._queues: dict[tuple[str, ...], LotQueue] = {}
        for ranks, _ in self._chains.values():
            for rank in ranks:
                members = [lot for name in rank for lot in by_pool[name]]
                self._queues.setdefault(rank, LotQueue(members, tariff.pools[rank[0]].draws))
        self._conditions = {
            charge.name: ConditionCache(charge.when, settings)
            for charge in tariff.charges.values()
            if charge.when is not None and asked_by_record(charge)
        }
        self._pool_conditions = {
            pool.name: ConditionCache(pool.when, settings) for pool in tariff.pools.values() if pool.when is not None
        }
        self.fed: dict[tuple[str, Period], dict[str, Exact]] = defaultdict(lambda: defaultdict(int))
        self._feeding: dict[str, tuple[Period, dict[str, Exact]]] = {}
        self.tallies: dict[str, MeterTally] = {}
        self.begin_period()

    def begin_period(self) -> None:
        """Start the tallies of a new bill; lots and charges go on as they are."""
        self.tallies = {name: MeterTally() for name in self._tariff.meters}
        self._feeding.clear()

    def serve(self, piece: Piece) -> None:
        """Pay for one piece. Raises RatingError where it cannot be decided who pays."""
        tally = self.tallies[piece.meter]
        tally.measured = exact(tally.measured + piece.amount)
        tally.records += 1
        if piece.subaccount is not None:
            tally.subaccounts[piece.subaccount] += piece.amount
        ranks, charges = self._chains[piece.meter]
        left = piece.amount
        for rank in ranks:
            if left == 0:
                break
            left = self._draw(piece, rank, left, tally)
        if left:
            self._charge(piece, charges, left, tally)

    def _draw(self, piece: Piece, rank: tuple[str, ...], left: Exact, tally: MeterTally) -> Exact:
        frozen = self._frozen(piece, rank, tally) if self._pool_conditions else frozenset()
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
            condition = self._pool_conditions.get(name)
            if condition is None:
                continue
            pool = self._tariff.pools[name]
            assert pool.when is not None
            self._refuse_change(piece, pool.when)
            answer = condition.at(piece.start)
            if not answer.holds:
                found.add(name)
                tally.frozen[name] = answer
        return frozenset(found)

    def _charge(self, piece: Piece, charges: tuple[str, ...], left: Exact, tally: MeterTally) -> None:
        blocked: list[tuple[str, ConditionTrace]] = []
        served = False
        for name in charges:
            charge = self._tariff.charges[name]
            condition = self._conditions.get(name)
            if condition is not None:
                assert charge.when is not None
                self._refuse_change(piece, charge.when)
                answer = condition.at(piece.start)
                if not answer.holds:
                    blocked.append((name, answer))
                    continue
            current = self._feeding.get(name)
            if current is None or not current[0].start <= piece.start < current[0].end:
                period = self._calendar.period_of(piece.start, charge.every)
                current = self._feeding[name] = (period, self.fed[name, period])
            if piece.end is not None and piece.end > current[0].end:
                raise self._spans_period(piece, charge, current[0])
            current[1][piece.meter] += left
            tally.charged[name] += left
            served = True
        if served:
            tally.passed += left
        else:
            tally.unserved[tuple(blocked)] += left

    def take_back(
        self, kept: Mapping[tuple[str, Period], Sequence[Kept]], priced: Mapping[tuple[str, Period], Exact]
    ) -> None:
        """What charges were given whose condition, asked once for their period, does not hold: it is unserved,
        unless another charge prices it.

        Both mappings are by meter and charge period; `priced` is the most that one charge took there.
        """
        for (meter, _), away in kept.items():
            for name, _, quantity in away:
                self.tallies[meter].charged[name] -= quantity
        for (meter, period), away in kept.items():
            tally, charges = self.tallies[meter], self._tariff.charges
            every = charges[away[0][0]].every
            if any(quantity and charges[name].every != every for name, quantity in tally.charged.items()):
                continue  # a charge with other periods prices the same usage
            rest = exact(max(quantity for _, _, quantity in away) - priced.get((meter, period), 0))
            if rest > 0:
                tally.passed -= rest
                tally.unserved[tuple((name, why) for name, why, _ in away)] += rest

    def _refuse_change(self, piece: Piece, condition: tree.Expression) -> None:
        if piece.end is None:
            return
        change = self._settings.first_change(condition, piece.start, piece.end)
        if change is not None:
            setting, at = change
            why = f"{setting.title} changes on {moment_text(at, self._calendar)}, inside this total"
        elif self._asks_time_within(condition, piece.start, piece.end):
            why = f"`{condition.span.text}` asks for the time, and this total runs over more than one"
        else:
            return
        raise stop(
            "A302",
            f"{why}: how much of it came before is not known",
            _place(piece),
            "split the total at that time, or give the records themselves",
            ("the condition", condition.span),
        )

    def _asks_time_within(self, condition: tree.Expression, start: Instant, end: Instant) -> bool:
        """Whether a condition may hold for one part of `[start, end)` and not for another, by the time it asks for."""
        members = list(parts(condition))
        if not any(isinstance(p, tree.RecordFact) and p.name == "at" for p in members):
            return False
        if any(not isinstance(p, _COMPARED) and p.type.kind is Kind.INSTANT for p in members):
            return True  # a reckoned date, such as the start of the record's own day
        compared = [p for p in members if p.type.kind is Kind.INSTANT]
        instants: list[object] = [p.value for p in compared if isinstance(p, tree.Constant)]
        instants += [self._settings.timelines[p.name].at(start) for p in compared if isinstance(p, tree.SettingValue)]
        return any(isinstance(instant, Instant) and start < instant < end for instant in instants)

    def _spans_lot(self, piece: Piece, error: PartlyCoveredError) -> RatingError:
        lot, when = error.lot, moment_text(error.instant, self._calendar)
        what = "starts" if error.starts else ("was given back" if lot.refunded_at else "expires")
        return stop(
            "A301",
            f"lot `{lot.id}` of {lot.pool.title} {what} on {when}, inside this total: "
            "how much of it the lot may cover is not known",
            _place(piece),
            f"split the total at {when}, or give the records themselves",
            ("the rule", lot.pool.validity.span),
        )

    def _spans_period(self, piece: Piece, charge: tree.Charge, period: Period) -> RatingError:
        meter = self._tariff.meters[piece.meter]
        return stop(
            "A303",
            f"this total of {quantity_text(piece.amount, meter.unit)} runs past "
            f"{moment_text(period.end, self._calendar)}, where a period of {charge.title} ends ({charge.every})",
            _place(piece),
            f"give a total for each period: {charge.every}",
            ("the charge", charge.span),
        )


def _place(piece: Piece) -> Span | None:
    return piece.record.place.span if piece.record is not None else None


def total_meets(lot: Lot, at: Instant) -> bool:
    """Whether a total that drew from the lot runs past `at`, so that what it drew before is not known."""
    return lot.total_until is not None and lot.total_until > at
