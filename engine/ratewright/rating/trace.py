"""Why a figure is what it is: the derivation that rating records as it goes.

One node type per kind of step. A node holds the figures that were read and compared, in base units, with
the tree nodes that gave the rule; words are the explanation's business.
"""

from __future__ import annotations

from msgspec import Struct
from whenever import Instant

from ratewright.diagnostics import Span
from ratewright.tree import nodes as tree
from ratewright.usage.model import Place
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact
from ratewright.values.rounding import Way
from ratewright.values.units import Dimension, Unit

# ---------------------------------------------------------------- formulas


class Reading(Struct, frozen=True):
    """A value that a formula read: its name in the rule file, and the value as a reader sees it.

    `how` is the arithmetic of a named formula, or which cell of a table was reached by which keys.
    """

    name: str
    text: str
    how: Arithmetic | None = None


class Arithmetic(Struct, frozen=True):
    """A formula as written, `filled` with the values that it read, and those values.

    `span` is where it is written; of a value looked up the cell, where there is one.
    """

    text: str
    filled: str
    readings: tuple[Reading, ...]
    span: Span | None


# ---------------------------------------------------------------- prices


class TermTrace(Struct, frozen=True):
    """One term of a price at work.

    `price` is the term's value: money per base unit, money, or money per block. `blocks` counts started
    blocks, None for other terms. `text` is the price as the rule file writes it; `how` its arithmetic where
    that is a formula.
    """

    term: tree.PriceTerm
    text: str
    price: Exact
    quantity: Exact
    blocks: int | None
    amount: Exact
    how: Arithmetic | None = None


class RateTrace(Struct, frozen=True):
    """One price for the whole quantity."""

    rule: tree.Rate
    quantity: Exact
    unit: Unit
    terms: tuple[TermTrace, ...]
    amount: Exact


class TierTrace(Struct, frozen=True):
    """A tier and how the quantity compares with it.

    The tier runs from `lower` to `upper` (None: no end). `lower_inside` and `upper_inside` say whether
    the bounds themselves belong to it. `reached` marks the tier whose price holds (volume) or in which
    `slice` of the quantity falls (graduated). `short_by` is how much more usage would reach the tier,
    None once it is reached or passed; `amount_there` is the whole price at that quantity, None where it
    is not sold. `bound` is the arithmetic of an upper bound that is a formula.
    """

    tier: tree.Tier
    lower: Exact
    lower_inside: bool
    upper: Exact | None
    upper_inside: bool
    price_text: str
    reached: bool
    slice: Exact
    terms: tuple[TermTrace, ...]
    amount: Exact
    short_by: Exact | None
    amount_there: Exact | None
    bound: Arithmetic | None = None


class VolumeTrace(Struct, frozen=True):
    """The whole quantity at the price of the tier it reaches, or that another quantity, `picked_by`, reaches.

    `picked_how` is the arithmetic of that quantity, `rows` what chose the tiers where they are not fixed.
    """

    rule: tree.Volume
    quantity: Exact
    unit: Unit
    tiers: tuple[TierTrace, ...]
    amount: Exact
    picked_by: Exact | None = None
    picked_how: Arithmetic | None = None
    rows: Arithmetic | None = None

    @property
    def reached(self) -> TierTrace:
        return next(t for t in self.tiers if t.reached)


class GraduatedTrace(Struct, frozen=True):
    """Each slice at the price of its own tier. `rows` is what chose the tiers where they are not fixed."""

    rule: tree.Graduated
    quantity: Exact
    unit: Unit
    tiers: tuple[TierTrace, ...]
    amount: Exact
    rows: Arithmetic | None = None


class FormulaTrace(Struct, frozen=True):
    """A formula in money."""

    rule: tree.Amount
    how: Arithmetic
    amount: Exact


class UnusedTrace(Struct, frozen=True):
    """Nothing was used, so nothing was looked up."""

    unit: Unit


AppliedTrace = RateTrace | VolumeTrace | GraduatedTrace | FormulaTrace
PriceTrace = AppliedTrace | UnusedTrace


class BoundTrace(Struct, frozen=True):
    """A `minimum` or `maximum` that was asked; `applied` if it changed the amount from `before`."""

    largest: bool
    limit: Exact
    before: Exact
    applied: bool
    span: Span
    how: Arithmetic | None = None


class RoundingTrace(Struct, frozen=True):
    """A declared rounding. `way` is None where the rules say `none`, or round only the bill."""

    way: Way | None
    step: Exact
    before: Exact
    after: Exact
    span: Span | None


class ConditionTrace(Struct, frozen=True):
    """A `when` that was asked: the condition as written, what it read, and the answer."""

    text: str
    readings: tuple[Reading, ...]
    holds: bool
    span: Span


class ProrationTrace(Struct, frozen=True):
    """The share of a period: `days` of `of` days, or a formula, whose arithmetic is `how`."""

    span: Span | None
    days: int | None
    of: int | None
    ratio: Exact
    before: Exact
    after: Exact
    how: Arithmetic | None = None


class ChargeTrace(Struct, frozen=True):
    """How a charge, a discount or a tax came to its amount.

    `period` is the one that is priced; where a part of it is billed, `billed_before` is what earlier bills
    hold of it. `on` is the arithmetic of a quantity that is more than what is left of one meter. `spread`
    says what part of a discount each line takes that it is on.
    """

    charge: tree.Charge
    quantity: Exact
    price: PriceTrace
    bounds: tuple[BoundTrace, ...]
    rounding: RoundingTrace
    condition: ConditionTrace | None
    share: ProrationTrace | None = None
    billed_before: Exact | None = None
    period: Period | None = None
    on: Arithmetic | None = None
    spread: tuple[ShareTrace, ...] = ()


class AwayTrace(Struct, frozen=True):
    """A line whose `when` kept it away: for a period and key, or for each record (`period` is then None)."""

    charge: tree.Charge
    period: Period | None
    key: tuple[tuple[str, str], ...]
    condition: ConditionTrace


class ShareTrace(Struct, frozen=True):
    """What part of a discount one line takes: `share` of it, for the `amount` that was left of the line.

    `period` is that of the line, or the instant of a purchase.
    """

    source: str
    key: tuple[tuple[str, str], ...]
    period: Period
    amount: Exact
    share: Exact


class CorrectionTrace(Struct, frozen=True):
    """A line of an earlier bill, worked out again with usage that was reported late.

    `billed` is what the earlier bills hold of it, `owed` what it comes to now, and `why` how.
    """

    period: Period
    billed: Exact
    owed: Exact
    records: int
    why: ChargeTrace | None = None


class PaymentTrace(Struct, frozen=True):
    """What lots of a pool of money paid: of a line, or of the `subtotal` or `total` of the bill, named by `target`.

    `before` is what was left to pay; `lots` are the lots drawn from and how much, and `left` is what each
    of them held after that.
    """

    pool: tree.Pool
    target: str
    before: Exact
    lots: tuple[tuple[str, Exact], ...]
    amount: Exact
    left: tuple[Exact, ...] = ()


# ---------------------------------------------------------------- bought, given back, asked for


class PurchaseTrace(Struct, frozen=True):
    """A package bought: `count` lots of `row`. `attributes` say what they pay for only."""

    pool: tree.Pool
    row: tree.SizeRow
    purchase: str
    count: int
    at: Instant
    starts: Instant
    expires: Instant | None
    amount: Exact
    attributes: tuple[tuple[str, str], ...] = ()


class ExtensionTrace(Struct, frozen=True):
    """More capacity bought: `amount` in base units, for `terms` terms of `offer`."""

    limit: tree.Limit
    offer: tree.Offer
    purchase: str
    amount: Exact
    terms: int
    start: Instant
    end: Instant
    cost: Exact


class RuleTried(Struct, frozen=True):
    """A refund rule that was asked for a lot, and why it did not fit (`late`, `condition`, `never`), or None.

    `readings` are what its condition read.
    """

    rule: tree.RefundRule
    failed: str | None
    deadline: Instant | None
    readings: tuple[Reading, ...] = ()


class RefundTrace(Struct, frozen=True):
    """What became of a request to give back lots of one purchase.

    `lots` are those decided alike; `tried` holds the rules in order, the last one deciding. Refused where
    `granted` is False, and `amount` is then 0. `rounding` is None for a refusal; `how` is the arithmetic of
    what is given back of one lot, where a formula says it.
    """

    pool: tree.Pool
    purchase: str
    purchased: Instant
    request: Instant
    lots: tuple[str, ...]
    size: Exact
    drawn: Exact
    paid: Exact
    tried: tuple[RuleTried, ...]
    granted: bool
    already: bool
    amount: Exact
    rounding: RoundingTrace | None
    place: Place
    how: Arithmetic | None = None


class PauseTrace(Struct, frozen=True):
    """A request to put a package on hold, which is always refused; `rule` is the rule that says so, if any."""

    pool: tree.Pool
    purchase: str
    request: Instant
    rule: Span | None
    place: Place


# ---------------------------------------------------------------- usage and pools


class Excluded(Struct, frozen=True):
    """Records that a `where` left out: how many, their quantity, and the values that they had."""

    where: tree.Where
    text: str
    readings: tuple[Reading, ...]
    records: int
    quantity: Exact


class LotTrace(Struct, frozen=True):
    """A lot in the period of the bill; of a lot that renews, one of its cycles.

    `expires` is the end of its validity, even if it was given back earlier. `drawn` is what was drawn in
    the period, `before` what had been drawn earlier; `remaining` is what is left at the period's end.
    `lapsed` and `refunded` went unused in this period, `rolled` over into the next cycle. `refunded_at` is
    when it was given back. `attributes` say what it pays for only.
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


class FundTrace(Struct, frozen=True):
    """A pool of money: what became in the period of its lots."""

    pool: tree.Pool
    lots: tuple[LotTrace, ...]


class RatioTrace(Struct, frozen=True):
    """Usage that a pool paid for at a ratio: `covered` of the meter took `taken` of the pool.

    `value` is what the ratio came to for it, as the rule file writes ratios.
    """

    rule: tree.Ratio
    value: Exact
    covered: Exact
    taken: Exact


class SourceTrace(Struct, frozen=True):
    """A pool in a meter's deduct order: what it covered in the period, lot by lot in the order of drawing.

    `covered` is in the unit of the meter, `taken` in that of the pool; they differ where `ratios` do.
    """

    pool: tree.Pool
    rank: int
    covered: Exact
    lots: tuple[LotTrace, ...]
    condition: ConditionTrace | None
    meter: tree.Meter
    taken: Exact
    ratios: tuple[RatioTrace, ...] = ()

    @property
    def unit(self) -> Unit:
        """The unit in which `covered` is shown: the pool's own, where both count the same."""
        same = self.pool.unit.dimension == self.meter.unit.dimension
        return self.pool.unit if same else self.meter.unit


class UnservedTrace(Struct, frozen=True):
    """Usage that nothing covered, and the conditions that kept the charges away (none if there is no charge)."""

    meter: tree.Meter
    quantity: Exact
    conditions: tuple[tuple[tree.Charge, ConditionTrace], ...]


Label = Period | Instant | str
"""What a value of a series is of: a period, the instant of a record, or a name."""


class StepTrace(Struct, frozen=True):
    """A named step of a measure.

    `value` is a figure in base units, or None for a series, whose `values` come with what each is of.
    `text` is the formula as written, `dimension` what its figures are in, `how` the arithmetic of a value.
    """

    key: tuple[tuple[str, str], ...]
    name: str
    text: str
    dimension: Dimension
    value: Exact | None
    values: tuple[tuple[Label, Exact], ...] = ()
    how: Arithmetic | None = None


class SampleTrace(Struct, frozen=True):
    """Which of many values an aggregation took: the `rank`-th highest (or lowest) of `count`.

    `at` says when it was recorded, or what the value of a series is of.
    """

    aggregation: tree.Aggregation
    text: str
    dimension: Dimension
    count: int
    rank: int
    value: Exact
    at: Label | None


class SeveralTrace(Struct, frozen=True):
    """The values that `highest(x, 5)` and the like took of `count`, with what each is of."""

    aggregation: tree.Aggregation
    text: str
    dimension: Dimension
    count: int
    values: tuple[tuple[Label | None, Exact], ...]


class LevelsTrace(Struct, frozen=True):
    """The stretches over which `integral` added up a value: from when to when it was how much.

    Stretches that adjoin at one value are one. Of many only the first are kept; `more` counts the others.
    """

    text: str
    dimension: Dimension
    stretches: tuple[tuple[Period, Exact], ...]
    more: int
    value: Exact


class DistinctTrace(Struct, frozen=True):
    """The different values that `unique` counted. Of many only the first are kept; `more` counts the others."""

    text: str
    count: int
    values: tuple[str, ...]
    more: int


TakenTrace = SampleTrace | SeveralTrace | LevelsTrace | DistinctTrace


class MeasureTrace(Struct, frozen=True):
    """What a meter measured over one whole period, for one key, from how many records, and how.

    `samples` say what its aggregations took of the records; `how` is the arithmetic of what they gave, None
    where the measure is one aggregation.
    """

    key: tuple[tuple[str, str], ...]
    period: Period
    text: str
    records: int
    quantity: Exact
    steps: tuple[StepTrace, ...]
    samples: tuple[TakenTrace, ...]
    how: Arithmetic | None = None


class MeterTrace(Struct, frozen=True):
    """A meter in the period: measured = covered by sources + passed on to charges + unserved.

    `charged` is what each charge was given of what was passed on; several charges may price the same rest.
    `measures` tell of meters that measure whole periods; `keys` how much was measured for each key.
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

    @property
    def steps(self) -> tuple[StepTrace, ...]:
        """The named steps of all its measures."""
        return tuple(step for measure in self.measures for step in measure.steps)


# ---------------------------------------------------------------- limits


class CapacityStep(Struct, frozen=True):
    """The capacity from `start` to `end`, and the purchases that extend it then."""

    start: Instant
    end: Instant
    capacity: Exact
    extensions: tuple[str, ...]


class Remedy(Struct, frozen=True):
    """The least of one offer that would have removed the waiting: how many terms of how much, and its price."""

    offer: tree.Offer
    terms: tuple[tuple[Instant, Exact], ...]
    cost: Exact


class LimitTrace(Struct, frozen=True):
    """A limit in the period.

    `tasks` started in it; `peak` is the most that would have run at once without a limit, at `peak_at`;
    `running` the most that did; `stuck` never found room. `waited` tasks waited `waiting` seconds in all,
    `longest` at most.
    """

    limit: tree.Limit
    steps: tuple[CapacityStep, ...]
    tasks: int
    peak: Exact
    peak_at: Instant | None
    running: Exact
    waited: int
    waiting: Exact
    longest: Exact
    remedies: tuple[Remedy, ...]
    stuck: int
