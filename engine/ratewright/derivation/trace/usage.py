"""What became of usage: what was left out, what pools paid for, what nothing covered."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from whenever import Instant

from ratewright.derivation.trace.formulas import Arithmetic, ConditionTrace, Reading
from ratewright.derivation.trace.measures import MeasureTrace, StepTrace
from ratewright.meaning import nodes as tree
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact, summed
from ratewright.values.units import Unit


class MadeTrace(Struct, frozen=True, gc=False):
    """How one record came to the quantity that it adds to a meter: the formula of the record."""

    of: Period
    quantity: Exact
    how: Arithmetic


class Excluded(Struct, frozen=True, gc=False):
    """Records that a `where` left out: how many, their quantity in base units of `unit`, and the values they had:
    `made` is what the condition read, or how one was worked out.

    The unit is that of the records, which a meter that reads another one's may count in its own. `standing` marks
    states, of which quantities do not add up.
    """

    where: tree.Where
    text: str
    made: tuple[Reading, ...] | Arithmetic
    records: int
    quantity: Exact
    unit: Unit
    standing: bool = False

    @property
    def readings(self) -> tuple[Reading, ...]:
        return self.made.readings if isinstance(self.made, Arithmetic) else self.made


class WithdrawnTrace(Struct, frozen=True, gc=False):
    """What was taken back of a lot. It is `short` of what was asked for where usage that became known later had drawn
    on what was left."""

    at: Instant
    quantity: Exact
    reason: str
    short: Exact = 0


class LotTrace(Struct, frozen=True, gc=False):
    """A lot in the period of the bill; of a lot that renews, one of its cycles.

    `expires` is the end of its validity, even if it was given back earlier. `drawn` is what was drawn in
    the period, `before` what had been drawn earlier; `remaining` is what is left at the period's end.
    `lapsed` and `refunded` went unused in this period, `rolled` over into the next cycle. `refunded_at` is
    when it was given back. `attributes` say what it pays for only. `whole` is the name of the lot that a cycle is of.
    `withdrawals` were taken back of it in the period, `withdrawn_before` earlier. It gave `overdrawn` more than it
    held, and `repaid` what the cycle before had given so; it is `followed` by another cycle unless it is the last.
    `filled` is how usage came to its size.
    Of one that is over `waiting` may still be drawn, by earlier usage that is `settled` only then.
    Of a cycle that is cut, `cut` has the days that it is for, those of a whole one, and the size that this would have.
    `validity` is from when until when all its cycles are valid, where that decides which lot is drawn first.
    """

    lot: str
    purchase: str | None
    size: Exact
    before: Exact
    drawn: Exact
    remaining: Exact
    lapsed: Exact
    refunded: Exact
    purchased: Instant | None
    starts: Instant | None
    expires: Instant | None
    refunded_at: Instant | None
    rolled: Exact = 0
    attributes: tuple[tuple[str, str], ...] = ()
    whole: str = ""
    withdrawals: tuple[WithdrawnTrace, ...] = ()
    withdrawn_before: Exact = 0
    overdrawn: Exact = 0
    repaid: Exact = 0
    followed: bool = False
    filled: Arithmetic | None = None
    waiting: Exact = 0
    settled: Instant | None = None
    cut: tuple[int, int, Exact] | None = None
    validity: tuple[Instant | None, Instant | None] | None = None

    @property
    def withdrawn(self) -> Exact:
        """What was taken back of it in the period."""
        return summed(each.quantity for each in self.withdrawals)


def left_of(lots: Sequence[LotTrace], end: Instant) -> Exact:
    """What is left of lots at the end of the period, before what ends just then lapses or rolls over; below 0 what is
    overdrawn then."""
    left = summed(lot.waiting + lot.lapsed + lot.rolled if lot.expires == end else lot.remaining for lot in lots)
    open_ = (lot for lot in lots if lot.refunded_at is None and (lot.expires is None or lot.expires >= end))
    return exact(left - sum(lot.overdrawn for lot in open_))


class FundTrace(Struct, frozen=True, gc=False):
    """A pool of money: what became in the period of its lots."""

    pool: tree.Pool
    lots: tuple[LotTrace, ...]


class RatioTrace(Struct, frozen=True, gc=False):
    """Usage that a pool paid for at a ratio: `covered` of the meter took `taken` of the pool.

    `value` is what the ratio came to for it, as the rule file writes ratios.
    """

    rule: tree.Ratio
    value: Exact
    covered: Exact
    taken: Exact


class SourceTrace(Struct, frozen=True, gc=False):
    """A pool in a meter's deduct order: what it covered in the period, lot by lot in the order of drawing.

    `covered` is in the unit of the meter, `taken` in that of the pool; they differ where `ratios` do. `kept` is the
    usage that the pool's condition kept from it, by what the condition read.
    """

    pool: tree.Pool
    rank: int
    covered: Exact
    lots: tuple[LotTrace, ...]
    kept: tuple[tuple[ConditionTrace, Exact], ...]
    meter: tree.Meter
    taken: Exact
    ratios: tuple[RatioTrace, ...] = ()

    @property
    def unit(self) -> Unit:
        """The unit in which `covered` is shown: the pool's own, where both count the same."""
        same = self.pool.unit.dimension == self.meter.unit.dimension
        return self.pool.unit if same else self.meter.unit


class UnservedTrace(Struct, frozen=True, gc=False):
    """Usage that nothing covered, and the conditions that kept the charges away (none if there is no charge)."""

    meter: tree.Meter
    quantity: Exact
    conditions: tuple[tuple[tree.Charge, ConditionTrace], ...]


class AccountShare(Struct, frozen=True, gc=False):
    """What an account that shares a bill used of a meter, and its part of the lines that price it, less what pools paid
    of them."""

    meter: tree.Meter
    account: str
    quantity: Exact
    amount: Exact


class MeterTrace(Struct, frozen=True, gc=False):
    """A meter in the period: measured = covered by sources + passed on to charges + unserved.

    `charged` is what each charge was given of what was passed on; several charges may price the same rest.
    `measures` tell of meters that measure whole periods; `keys` how much was measured for each key; `made` how each
    record came to its quantity, where there are few. Where lines ask a meter for several periods, it is told once for
    each: for `group`, the charges of one such period. `deduction` has what of its order is in force. `read_by` are the
    lines that go by a meter of which nothing is billed. Where usage may be taken back, records `brought` so much, and
    those below 0 took so much back.
    """

    meter: tree.Meter
    deduction: tree.Deduction | None
    measured: Exact
    records: int
    excluded: tuple[Excluded, ...]
    subaccounts: tuple[tuple[str, Exact], ...]
    sources: tuple[SourceTrace, ...]
    charged: tuple[tuple[str, Exact], ...]
    unserved: tuple[UnservedTrace, ...]
    passed: Exact
    measures: tuple[MeasureTrace, ...] = ()
    keys: tuple[tuple[tuple[tuple[str, str], ...], Exact], ...] = ()
    made: tuple[MadeTrace, ...] = ()
    group: tuple[tree.Charge, ...] = ()
    read_by: tuple[tree.Charge, ...] = ()
    brought: Exact = 0
    taken_back: Exact = 0
    used_by: tuple[tuple[tuple[tuple[str, str], ...], tuple[tuple[str, Exact], ...]], ...] = ()
    """What each of `subaccounts` used, for each key."""

    @property
    def steps(self) -> tuple[StepTrace, ...]:
        """The named steps of all its measures."""
        return tuple(step for measure in self.measures for step in measure.steps)
