"""How a price form came to its amount, and what bounds, shares and roundings made of it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ratewright.derivation.trace.formulas import Arithmetic
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact
from ratewright.values.rounding import Way
from ratewright.values.units import Unit


class TermTrace(Struct, frozen=True, gc=False):
    """One term of a price at work.

    `price` is the term's value: money per base unit, money, or money per block. `blocks` counts started
    blocks, None for other terms. `text` is the price as the rule file writes it; `how` its arithmetic where
    that is a formula, and `shown` then its value in the unit that the formula's prices are written in (empty
    where they say none).
    """

    term: tree.PriceTerm
    text: str
    price: Exact
    quantity: Exact
    blocks: int | None
    amount: Exact
    how: Arithmetic | None = None

    @property
    def shown(self) -> str:
        return self.how.price if self.how is not None else ""


class RateTrace(Struct, frozen=True, gc=False):
    """One price for the whole quantity."""

    rule: tree.Rate
    quantity: Exact
    unit: Unit
    terms: tuple[TermTrace, ...]
    amount: Exact


class TierTrace(Struct, frozen=True, gc=False):
    """A tier and how the quantity compares with it.

    The tier runs from `lower` to `upper` (None: no end). `lower_inside` and `upper_inside` say whether
    the bounds themselves belong to it. `reached` marks the tier whose price holds (volume) or in which
    `slice` of the quantity falls (graduated). `short_by` is how much is missing to the tier's beginning, None
    once it is reached or passed. `bound` is the arithmetic of an upper bound that is a formula.
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
    bound: Arithmetic | None = None


class OfferTrace(Struct, frozen=True, gc=False):
    """What a quantity could have been charged as instead: `quantity` at a tier, for `amount`."""

    tier: TierTrace
    quantity: Exact
    amount: Exact


class VolumeTrace(Struct, frozen=True, gc=False):
    """The whole quantity at the price of the tier it reaches, or that another quantity, `picked_by`, reaches.

    `picked_how` is the arithmetic of that quantity, `rows` what chose the tiers where they are not fixed. Of a
    `cheapest` one `charged_as` is the quantity that is priced, and `others` what it could have been instead.
    """

    rule: tree.Volume
    quantity: Exact
    unit: Unit
    tiers: tuple[TierTrace, ...]
    amount: Exact
    picked_by: Exact | None = None
    picked_how: Arithmetic | None = None
    rows: Arithmetic | None = None
    charged_as: Exact | None = None
    others: tuple[OfferTrace, ...] = ()

    @property
    def reached(self) -> TierTrace:
        return next(t for t in self.tiers if t.reached)


class NextRowTrace(Struct, frozen=True, gc=False):
    """What a line would be if more were used, so that it reached another row of its price.

    `more` of the meter, in its `unit`, would reach it; where `exactly` is off, anything above that would. The line
    would then be `amount`, or where `just_over` is on a little more, as little as one likes; it is `now`. `tier` is the
    row as it would be reached.
    """

    tier: TierTrace
    unit: Unit
    more: Exact
    exactly: bool
    amount: Exact
    now: Exact
    just_over: bool

    @property
    def less(self) -> bool:
        """Whether the line would fall."""
        return self.amount < self.now

    @property
    def rises(self) -> bool:
        """Whether the line would cost more than it does."""
        return self.amount > self.now


class GraduatedTrace(Struct, frozen=True, gc=False):
    """Each slice at the price of its own tier. `rows` is what chose the tiers where they are not fixed."""

    rule: tree.Graduated
    quantity: Exact
    unit: Unit
    tiers: tuple[TierTrace, ...]
    amount: Exact
    rows: Arithmetic | None = None


class FormulaTrace(Struct, frozen=True, gc=False):
    """A formula in money."""

    rule: tree.Amount
    how: Arithmetic
    amount: Exact


class UnusedTrace(Struct, frozen=True, gc=False):
    """Nothing was used, so nothing was looked up."""

    unit: Unit


class IncludedTrace(Struct, frozen=True, gc=False):
    """A tax that the quantity holds already: `rate` of the `gross` rate, which is with the price itself, 119%."""

    rule: tree.IncludedRate
    quantity: Exact
    unit: Unit
    rate: Exact
    gross: Exact
    amount: Exact
    how: Arithmetic | None


class BlockTrace(Struct, frozen=True, gc=False):
    """`count` blocks of one `quantity`: the `price` of each and its `bound`, what each `costs`, and all of them."""

    count: int
    quantity: Exact
    price: RateTrace | VolumeTrace | GraduatedTrace | FormulaTrace | IncludedTrace
    bound: BoundTrace
    costs: Exact
    amount: Exact


class BlocksTrace(Struct, frozen=True, gc=False):
    """A quantity cut into blocks that are priced one by one, each up to the most that it costs."""

    rule: tree.BlockMaximum
    quantity: Exact
    unit: Unit
    blocks: tuple[BlockTrace, ...]
    amount: Exact

    @property
    def as_one(self) -> bool:
        """Whether it costs what it would without being cut: one block, that is not lowered."""
        return len(self.blocks) == 1 and self.blocks[0].count == 1 and not self.blocks[0].bound.applied


AppliedTrace = RateTrace | VolumeTrace | GraduatedTrace | FormulaTrace | BlocksTrace | IncludedTrace


PriceTrace = AppliedTrace | UnusedTrace


def prices_in(price: PriceTrace) -> Iterator[tuple[int, PriceTrace]]:
    """The prices that a quantity was priced at, and how often: one, or that of each block."""
    if isinstance(price, BlocksTrace):
        yield from ((block.count, block.price) for block in price.blocks)
    else:
        yield 1, price


class WithinTrace(Struct, frozen=True, gc=False):
    """The `most` of all lines that begin in a longer `period`, what others were `billed` of it, and what is `left`."""

    period: Period
    most: Exact
    billed: Exact
    left: Exact


class BoundTrace(Struct, frozen=True, gc=False):
    """A `minimum` or `maximum` that was asked; `applied` if it changed the amount from `before`."""

    largest: bool
    limit: Exact
    before: Exact
    applied: bool
    span: Span
    how: Arithmetic | None = None
    share: ProrationTrace | None = None
    """What `prorated by day` made of it."""
    within: WithinTrace | None = None
    """Of which longer period it is what is left."""


class RoundingTrace(Struct, frozen=True, gc=False):
    """A declared rounding. `way` is None where the rules say `none`, or round only the bill."""

    way: Way | None
    step: Exact
    before: Exact
    after: Exact
    span: Span | None


class ProrationTrace(Struct, frozen=True, gc=False):
    """The share of a period: `days` of `of` days, or a formula, whose arithmetic is `how`."""

    span: Span | None
    days: int | None
    of: int | None
    ratio: Exact
    before: Exact
    after: Exact
    how: Arithmetic | None = None
