"""The nodes of the evaluation tree. Every node is immutable and knows where the rule file says it.

Figures inside are exact numbers in base units (`values.units`); units and texts are kept beside them for
the explanation.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar

from msgspec import Struct
from whenever import Date, Instant

from ratewright.diagnostics import Source, Span
from ratewright.meaning.types import Type
from ratewright.syntax import nodes as syntax
from ratewright.values.calendar import Cadence, Duration
from ratewright.values.exact import Exact
from ratewright.values.rounding import Way
from ratewright.values.units import Unit

Value = Exact | str | bool | Instant


class Node(Struct, frozen=True, dict=True):
    """A node. Beside its fields it may keep what was worked out from it alone, as the function of a formula: that is
    no part of it, is not compared, and is left behind when it is copied or pickled."""

    span: Span


# ---------------------------------------------------------------- expressions


class Expression(Node, frozen=True):
    type: Type


class Figure(Struct, frozen=True):
    """A figure as its author wrote it: the number with its decimals, and the unit under the name that it was given.

    The number is empty where the unit stands alone."""

    number: str
    unit: Unit


class Constant(Expression, frozen=True):
    """A value as it stands. `written` is how its author wrote it, where its own place does not say all of it: a
    figure under a column with a unit, or behind a name. `figure` is the one figure with a unit that it is written
    as, None for one that was worked out; `named` marks one that is made of named formulas."""

    value: Value
    written: str = ""
    figure: Figure | None = None
    named: bool = False


class Given(Expression, frozen=True):
    """A value that the evaluation brings, found by its key. Subclasses say what it is."""

    name: str
    prefix: ClassVar[str] = ""

    @property
    def key(self) -> str:
        return f"{self.prefix}:{self.name}"


class SettingValue(Given, frozen=True):
    prefix: ClassVar[str] = "setting"


class FieldValue(Given, frozen=True):
    prefix: ClassVar[str] = "field"


class RecordFact(Given, frozen=True):
    """`quantity`, `times`, `at` or `lasted` of a record."""

    prefix: ClassVar[str] = "record"


class MeterLeft(Given, frozen=True):
    """What is left of a meter after `deduct`: the meaning of its name in `on`."""

    prefix: ClassVar[str] = "left"


class Measured(Given, frozen=True):
    """What was measured: the meaning of a meter's name everywhere else."""

    prefix: ClassVar[str] = "measured"


class LineAmount(Given, frozen=True):
    """The amount of a charge, package or limit: what its lines add up to."""

    prefix: ClassVar[str] = "line"


class LineLeft(Given, frozen=True):
    """What is left of a line, or of a sum of lines, after `deduct`: the meaning of its name in `on`."""

    prefix: ClassVar[str] = "line_left"


class SumOfLines(Given, frozen=True):
    """`charges`, `subtotal`, `total` or `due`."""

    prefix: ClassVar[str] = "sum"


class KeyValue(Given, frozen=True):
    """What a meter is kept apart by: the region, the product, … of the line at hand."""

    prefix: ClassVar[str] = "key"


class TagValue(Given, frozen=True):
    """What the usage at hand is marked with, for the pools that pay for it."""

    prefix: ClassVar[str] = "tag"


class StepValue(Given, frozen=True):
    """A step of a meter in an expectation; the name is `meter.step`."""

    prefix: ClassVar[str] = "step"


class LineQuantity(Given, frozen=True):
    prefix: ClassVar[str] = "line_quantity"


class LineExact(Given, frozen=True):
    """The amount before rounding."""

    prefix: ClassVar[str] = "line_exact"


class ChargeQuantity(Given, frozen=True):
    """`quantity` in a charge: the result of its `on`."""

    prefix: ClassVar[str] = "charge"


class PeriodFact(Given, frozen=True):
    """`days` or `length` of the period at hand, or its `start` and `end`."""

    prefix: ClassVar[str] = "period"


class LotFact(Given, frozen=True):
    """What is known of a lot when it is refunded or placed: `paid`, `purchase`, `unused`, …"""

    prefix: ClassVar[str] = "lot"


class Outcome(Given, frozen=True):
    """A figure of a finished bill, for expectations: `total`, `drawn(p1)`, `peak(concurrency)`, …"""

    prefix: ClassVar[str] = "outcome"


class Negative(Expression, frozen=True):
    operand: Expression


class Sum(Expression, frozen=True):
    """Terms with their sign, 1 or -1."""

    terms: tuple[tuple[int, Expression], ...]


class Product(Expression, frozen=True):
    """Factors; the flag marks a divisor."""

    factors: tuple[tuple[bool, Expression], ...]


class Comparison(Expression, frozen=True):
    operator: str
    left: Expression
    right: Expression


class AllOf(Expression, frozen=True):
    parts: tuple[Expression, ...]


class AnyOf(Expression, frozen=True):
    parts: tuple[Expression, ...]


class Negated(Expression, frozen=True):
    operand: Expression


class Choose(Expression, frozen=True):
    condition: Expression
    yes: Expression
    no: Expression


class Rounded(Expression, frozen=True):
    way: Way
    operand: Expression
    step: Exact


class Extreme(Expression, frozen=True):
    """`max(…)` or `min(…)` of two values or more."""

    largest: bool
    operands: tuple[Expression, ...]


class Later(Expression, frozen=True):
    """An instant and a calendar duration after it, or before it if `sign` is -1."""

    instant: Expression
    duration: Duration
    sign: int


class Elapsed(Expression, frozen=True):
    """The time from one instant to another, in seconds."""

    start: Expression
    end: Expression


class EdgeOf(Expression, frozen=True):
    """The start or end of the period of a cadence around an instant: `end of month(purchase)`."""

    cadence: Cadence
    instant: Expression
    end: bool


class TimeOfDay(Expression, frozen=True):
    """How much clock time has passed since midnight, in seconds."""

    instant: Expression


class Weekday(Expression, frozen=True):
    """The name of the local day."""

    instant: Expression


class DaysBetween(Expression, frozen=True):
    """How many local days lie from one date to another."""

    start: Expression
    end: Expression


class Defined(Expression, frozen=True):
    """A named formula where it is used."""

    name: str
    expression: Expression


class Lookup(Expression, frozen=True):
    """A value of a table. `table` is the looked-up column; `keys` are asked in the order of its `by`."""

    table: LookupColumn
    keys: tuple[Expression, ...]


class RowsOf(Expression, frozen=True):
    """The rows of a table as tiers: those of one column, which `keys` choose."""

    name: str
    columns: Mapping[tuple[Value, ...], tuple[Tier, ...]]
    keys: tuple[Expression, ...]


class Aggregation(Enum):
    """How many values become one, or a few."""

    SUM = "sum"
    COUNT = "count"
    HIGHEST = "highest"
    LOWEST = "lowest"
    MEAN = "mean"
    FIRST = "first"
    LAST = "last"
    UNIQUE = "unique"
    NTH_HIGHEST = "nth_highest"
    PERCENTILE = "percentile"
    INTEGRAL = "integral"


class Aggregate(Expression, frozen=True):
    """An aggregation over the records of a period, or over a series.

    `operand` is asked of each record for which `condition` holds, and None for `count()`; it is the series
    itself where its type is one. `rank` is the second argument: n, or a percentage; with it `highest`,
    `lowest`, `first` and `last` give a series.
    """

    aggregation: Aggregation
    operand: Expression | None
    condition: Expression | None = None
    rank: Expression | None = None


class Series(Expression, frozen=True):
    """Several values: `operand` asked of the records of each period or name that has some.

    `cadence` or `key` (asked of each record) say what there is one value for; without either `operand` is
    asked of each record. `since` looks back further than the period.
    """

    operand: Expression
    cadence: Cadence | None
    key: Expression | None
    condition: Expression | None
    since: Expression | None


# ---------------------------------------------------------------- values


class Setting(Node, frozen=True):
    """A value that the account brings. `default` is None where the account must bring it."""

    name: str
    title: str
    type: Type
    unit: Unit | None
    default: Value | None
    cite: str


class Field(Node, frozen=True):
    """What a record of a meter tells beside its quantity. `default` is None where it must tell it."""

    name: str
    type: Type
    unit: Unit | None
    default: Value | None


# ---------------------------------------------------------------- meters


class Tag(Node, frozen=True):
    """Something that each record of a meter is marked with: a field, or a formula on the record."""

    name: str
    type: Type
    unit: Unit | None
    expression: Expression


class Step(Node, frozen=True):
    """A named formula of a meter that has one value for each period."""

    name: str
    type: Type
    expression: Expression


class Where(Node, frozen=True):
    """A condition that a record must meet to count."""

    condition: Expression


class Meter(Node, frozen=True):
    """How records become a quantity, in `unit`.

    `each` is the quantity that one record adds where the measure is a plain sum of those; None where
    the measure speaks of the records of a whole period (a peak, a mean). `reads` names the meter whose
    records they are, and `recorded` is the unit of those records. `by` are the names of `tags` by which
    usage is kept apart.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    where: tuple[Where, ...]
    measure: Expression
    each: Expression | None
    unit: Unit
    cite: str
    reads: str = ""
    by: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    steps: tuple[Step, ...] = ()
    recorded: Unit | None = None

    def tag(self, name: str) -> Tag:
        """The tag of a name."""
        return next(tag for tag in self.tags if tag.name == name)


# ---------------------------------------------------------------- tables


class Cell(Node, frozen=True):
    """A value of a table; None where it is not sold."""

    value: Expression | None


class LookupRow(Node, frozen=True):
    """The cells of a range by their other keys; `bound` is None in a table without ranges."""

    bound: Bound | None
    cells: Mapping[tuple[Value, ...], Cell]


class LookupColumn(Node, frozen=True):
    """A table as it is looked up in: by a range if `ranged`, then by the other keys. `by` names them all.

    `column` is the column that is read, where the table names several.
    """

    name: str
    by: tuple[str, ...]
    ranged: bool
    column: str
    rows: tuple[LookupRow, ...]


# ---------------------------------------------------------------- pools


class PoolKind(Enum):
    """Given or bought."""

    GRANT = "grant"
    PACKAGE = "package"


class SizeRange(Node, frozen=True):
    """Any size within a bound. `price` is money for each base unit, or money where `flat`; None if it is not sold."""

    bound: Bound
    price: Exact | None
    flat: bool


class SizeRow(Node, frozen=True):
    """A size on sale, in base units, and its price in the currency. `unit` is how the row writes it.

    `within` is the row of any size that it was made from for a purchase; None for a row of its own.
    """

    size: Exact
    unit: Unit
    price: Exact
    within: SizeRange | None = None


class DrawRule(Enum):
    """Which lot is drawn first; the value is how a rule file writes it."""

    SOONEST_EXPIRY = "soonest expiry"
    LATEST_EXPIRY = "latest expiry"
    OLDEST_PURCHASE = "oldest purchase"
    NEWEST_PURCHASE = "newest purchase"
    SMALLEST_REMAINING = "smallest remaining"
    LARGEST_REMAINING = "largest remaining"
    NARROWEST_SCOPE = "narrowest scope"
    WIDEST_SCOPE = "widest scope"

    @property
    def by_remaining(self) -> bool:
        """Whether a lot's place changes as it is drawn."""
        return self in (DrawRule.SMALLEST_REMAINING, DrawRule.LARGEST_REMAINING)


class Validity(Node, frozen=True):
    """From when until when a lot covers usage.

    `start` is asked with the lot's facts; None means its purchase or activation. One of `length` and
    `until` ends it; neither means it never ends.
    """

    start: Expression | None
    length: Duration | None
    until: Expression | None


class RefundForm(Enum):
    """What a refund rule gives back."""

    NEVER = "never"
    FULL = "full"
    FORMULA = "formula"


class RefundRule(Node, frozen=True):
    """One rule for giving money back; the first that fits decides."""

    form: RefundForm
    formula: Expression | None
    within: Duration | None
    condition: Expression | None


class Ratio(Node, frozen=True):
    """How much of a pool usage of one meter takes.

    `expression` times `scale` is how many base units of the pool one base unit of the meter takes; `tags`
    are what the expression asks of the usage.
    """

    expression: Expression
    scale: Exact
    tags: tuple[str, ...]


class ScopeName(Node, frozen=True):
    """Something that usage is marked with and that a lot may be bought for: a region, a class."""

    name: str
    type: Type
    unit: Unit | None


class Renewal(Node, frozen=True):
    """How often a lot has its whole size again."""

    cadence: Cadence
    anchor: Anchor | None


class Rollover(Node, frozen=True):
    """For how long what is left of a cycle may still be drawn, and how much of it at most; None for no limit."""

    length: Duration | None
    most: Exact | None


class Pool(Node, frozen=True):
    """A quota that is given or bought in lots.

    `covers` are the meters whose usage it pays for, at the ratios of `ratios` where units of usage and of
    the pool are not the same; `pays` the lines, or `subtotal` or `total`, that a pool of money pays.
    Packages have `sizes` and `ranges`; grants `size`, or None where the account's data bring it. `issued`
    marks a grant that begins with the activation, which must then be known.
    """

    name: str
    title: str
    kind: PoolKind
    covers: tuple[str, ...]
    unit: Unit
    size: Expression | None
    sizes: tuple[SizeRow, ...]
    validity: Validity
    draws: tuple[DrawRule, ...]
    refunds: tuple[RefundRule, ...]
    pause: Span | None
    when: Expression | None
    cite: str
    ratios: Mapping[str, Ratio] = {}
    pays: tuple[str, ...] = ()
    ranges: tuple[SizeRange, ...] = ()
    issued: bool = False
    renews: Renewal | None = None
    rolls: Rollover | None = None
    scope: tuple[ScopeName, ...] = ()

    def asks(self, meter: str) -> frozenset[str]:
        """The tags of a meter's usage that decide whether and how the pool pays for it."""
        if meter not in self.covers:
            return frozenset()
        ratio = self.ratios.get(meter)
        return frozenset((*(s.name for s in self.scope), *(ratio.tags if ratio is not None else ())))


# ---------------------------------------------------------------- charges


class PriceTerm(Node, frozen=True):
    """One term of a price. Subclasses say which kind."""

    expression: Expression


class UnitPrice(PriceTerm, frozen=True):
    """Money per unit of the quantity, or a share of it where the quantity is money."""


class FlatAmount(PriceTerm, frozen=True):
    """Money, once."""


class BlockPrice(PriceTerm, frozen=True):
    """Money for each started block; `block` in base units, `unit` as written."""

    block: Exact
    unit: Unit


class Price(Node, frozen=True):
    """A sum of terms; none where the row is not sold."""

    terms: tuple[PriceTerm, ...]


class BoundKind(Enum):
    """Whether a bound is inside its tier; the value is how a rule file writes it."""

    BELOW = "below"
    UP_TO = "up to"
    BEYOND = "beyond"


class Bound(Node, frozen=True):
    """A tier's upper bound. `limit` is None for the last tier; `unit` is how it is written."""

    kind: BoundKind
    limit: Expression | None
    unit: Unit


class Tier(Node, frozen=True):
    bound: Bound
    price: Price


class Rate(Node, frozen=True):
    """One price for the whole quantity."""

    price: Price


class Volume(Node, frozen=True):
    """The whole quantity at the price of the tier it reaches. `rows` choose the tiers where they are not fixed."""

    tiers: tuple[Tier, ...]
    rows: Expression | None = None


class Graduated(Node, frozen=True):
    """Each slice of the quantity at the price of its own tier. `rows` choose the tiers where they are not fixed."""

    tiers: tuple[Tier, ...]
    rows: Expression | None = None


class Amount(Node, frozen=True):
    """A formula in money."""

    expression: Expression


PriceForm = Rate | Volume | Graduated | Amount


class RoundingRule(Node, frozen=True):
    """Where and how amounts are rounded. `way` is None for no rounding; `per_bill` rounds the total only.

    `stated` is off where the list names no rounding, and the smallest unit of its currency holds.
    """

    way: Way | None
    step: Exact
    per_bill: bool
    stated: bool = True


class Invoicing(Node, frozen=True):
    """The days of the next month on which a bill is issued."""

    first: int
    last: int


class LineWord(Enum):
    """What a line does to the bill; the value is how a rule file writes it."""

    CHARGE = "charge"
    DISCOUNT = "discount"
    TAX = "tax"


class Anchor(Node, frozen=True):
    """From where the periods of a cadence are counted: a day of the month, or an instant."""

    day: Expression | None
    start: Expression | None


class Charge(Node, frozen=True):
    """A line of the bill. `on` is None for a charge on no usage; `unit` is the unit of its quantity.

    `by` are the tags by which its meters are kept apart: it has a line for each. `billed` is how often what
    is owed so far is billed within a period. `prorated` is the share of a period; `by_day` marks the share
    of days on which `when` holds. `follows` marks a discount or a tax with the periods of the lines it is on.
    """

    name: str
    title: str
    on: Expression | None
    meters: tuple[str, ...]
    unit: Unit
    every: Cadence
    when: Expression | None
    form: PriceForm
    minimum: Expression | None
    maximum: Expression | None
    rounding: RoundingRule | None
    invoiced: Invoicing | None
    flat_at_zero: bool
    needs: tuple[str, ...]
    cite: str
    word: LineWord = LineWord.CHARGE
    by: tuple[str, ...] = ()
    billed: Cadence | None = None
    anchor: Anchor | None = None
    prorated: Expression | None = None
    by_day: bool = False
    reached: Expression | None = None
    follows: bool = False


# ---------------------------------------------------------------- order, limits, examples


class Target(Enum):
    """What is paid for: the usage of a meter, a line of the bill, or a sum of lines."""

    METER = "meter"
    LINE = "line"
    SUM = "sum"


class Deduction(Node, frozen=True):
    """In which order a meter's usage is paid for, or a line, or a sum of lines; `meter` is its name.

    `pools` are ranks of pool names; sources of one rank are drawn as one queue. `charges` price what
    is left; where there are none, the rest is unserved. `order` says which usage is served first within a
    period: tags, each with its values in their order.
    """

    meter: str
    pools: tuple[tuple[str, ...], ...]
    charges: tuple[str, ...]
    cite: str
    order: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    target: Target = Target.METER


class Offer(Node, frozen=True):
    """What extends a limit: `amount` more (base units) for `price` each `term`."""

    amount: Exact
    price: Exact
    term: str
    duration: Duration


class Limit(Node, frozen=True):
    """A capacity: how much may run at once, by default and with extensions."""

    name: str
    title: str
    meter: str
    unit: Unit
    default: Exact
    offers: tuple[Offer, ...]
    cite: str


class Expectation(Node, frozen=True):
    """A condition on the bill of an example; `at` names the billing period or day it speaks of."""

    condition: Expression
    at: syntax.Time | None
    printed: Expression | None


class Refusal(Node, frozen=True):
    """The expectation that the example is refused with a message that holds `text`."""

    text: str


class Example(Node, frozen=True):
    """Usage and what its bill must be. `inputs` stay as written: `trial` makes them an account's usage."""

    name: str
    inputs: tuple[syntax.Statement, ...]
    expectations: tuple[Expectation | Refusal, ...]
    cite: str


# ---------------------------------------------------------------- the whole


class NameUse(Node, frozen=True):
    """A formula, a table or a column of one, and whether anything uses it. `word` says which; `of` is the table."""

    word: str
    name: str
    of: str
    used: bool


class UnaskedKey(Node, frozen=True):
    """A key of a table's rows that no lookup asks for, and those that are asked for. The place is the row's key."""

    table: str
    by: str
    key: str
    asked: tuple[str, ...]


class Uses(Struct, frozen=True):
    """What uses what is named, as far as that can be told."""

    names: tuple[NameUse, ...] = ()
    unasked: tuple[UnaskedKey, ...] = ()


class Tariff(Node, frozen=True):
    """A price list: everything a rule file says, with every name found. `rows` are those of its tables, as written."""

    name: str
    title: str
    currency: str
    timezone: str
    effective: Date | None
    until: Date | None
    source_text: str
    rounding: RoundingRule
    bytes_by: int | None
    units: Mapping[str, Unit]
    settings: Mapping[str, Setting]
    meters: Mapping[str, Meter]
    pools: Mapping[str, Pool]
    charges: Mapping[str, Charge]
    deductions: Mapping[str, Deduction]
    limits: Mapping[str, Limit]
    examples: tuple[Example, ...]
    file: Source
    cite: str = ""
    splits: bool = False
    rows: tuple[Span, ...] = ()
    uses: Uses = Uses()
