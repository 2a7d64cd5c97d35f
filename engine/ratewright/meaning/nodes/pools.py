"""Pools: what is given or bought, for how long it holds, and what it pays for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from whenever import Instant

from ratewright.diagnostics import Span
from ratewright.meaning.nodes.lines import Anchor
from ratewright.meaning.nodes.node import Expression, Node
from ratewright.meaning.nodes.prices import Bound
from ratewright.meaning.nodes.sentences import Sentence
from ratewright.meaning.types import Type
from ratewright.values.calendar import Cadence, Duration
from ratewright.values.exact import Exact
from ratewright.values.units import Unit


class PoolKind(Enum):
    """Given or bought."""

    GRANT = "grant"
    PACKAGE = "package"


class SizeRange(Node, frozen=True):
    """Any size within a bound. `price` is money for each base unit, or money where `flat`; None if it is not sold.
    `places` are those of the price."""

    bound: Bound
    price: Exact | None
    flat: bool
    places: tuple[Span, ...] = ()


class SizeRow(Node, frozen=True):
    """A size on sale, in base units, and its price in the currency. `unit` is how the row writes it.

    `within` is the row of any size that it was made from for a purchase; None for a row of its own. `places` are those
    of the price, and of the bounds around it.
    """

    size: Exact
    unit: Unit
    price: Exact
    within: SizeRange | None = None
    places: tuple[Span, ...] = ()


class DrawRule(Enum):
    """Which lot is drawn first; the value is how a rule file writes it. The expiry is that of a cycle, the start and
    the end are those of all its cycles."""

    SOONEST_EXPIRY = "soonest expiry"
    LATEST_EXPIRY = "latest expiry"
    SOONEST_END = "soonest end"
    LATEST_END = "latest end"
    OLDEST_PURCHASE = "oldest purchase"
    NEWEST_PURCHASE = "newest purchase"
    OLDEST_START = "oldest start"
    NEWEST_START = "newest start"
    SMALLEST_REMAINING = "smallest remaining"
    LARGEST_REMAINING = "largest remaining"
    NARROWEST_SCOPE = "narrowest scope"
    WIDEST_SCOPE = "widest scope"

    @property
    def by_remaining(self) -> bool:
        """Whether a lot's place changes as it is drawn."""
        return self in (DrawRule.SMALLEST_REMAINING, DrawRule.LARGEST_REMAINING)

    @property
    def by_end(self) -> bool:
        """Whether it asks until when a lot is valid with all its cycles."""
        return self in (DrawRule.SOONEST_END, DrawRule.LATEST_END)

    @property
    def by_start(self) -> bool:
        """Whether it asks from when on a lot is valid with all its cycles."""
        return self in (DrawRule.OLDEST_START, DrawRule.NEWEST_START)


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


class OnSale(Node, frozen=True):
    """From when until when a package may be bought; None for always."""

    start: Instant | None
    until: Instant | None

    def holds(self, at: Instant) -> bool:
        """Whether one may be bought at an instant."""
        begun = self.start is None or self.start <= at
        return begun and (self.until is None or at < self.until)


class Renewal(Node, frozen=True):
    """How often a lot has its whole size again."""

    cadence: Cadence
    anchor: Anchor | None


class Rollover(Node, frozen=True):
    """For how long what is left of a cycle may still be drawn, or until the end of which period of the calendar, and
    how much of it at most; None for no limit."""

    length: Duration | None
    most: Exact | None
    until: Cadence | None = None


class Overdraft(Node, frozen=True):
    """A cycle that is used up goes on to pay, at the cost of the next one: for how much at most; None for no limit."""

    most: Exact | None


class Pool(Node, frozen=True):
    """A quota that is given or bought in lots.

    `covers` are the meters whose usage it pays for, at the ratios of `ratios` where units of usage and of
    the pool are not the same; `pays` the lines, or `subtotal` or `total`, that a pool of money pays.
    Packages have `sizes` and `ranges`, and sizes that are `unsold` in the currency; grants `size`, or None where the
    account's data bring it. A size that is `filled_by` meters is what they measure in each cycle, and known when that
    ends. `issued` marks a grant that begins with the activation, which must then be known. `by_day` marks one of which
    a cycle that is cut has the share of its days. `sentence` is what it says of itself where it pays.
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
    unsold: tuple[Exact, ...] = ()
    issued: bool = False
    renews: Renewal | None = None
    rolls: Rollover | None = None
    scope: tuple[ScopeName, ...] = ()
    by_day: bool = False
    on_sale: OnSale | None = None
    overdraws: Overdraft | None = None
    filled_by: tuple[str, ...] = ()
    sentence: Sentence | None = None

    def asks(self, meter: str) -> frozenset[str]:
        """The tags of a meter's usage that decide whether and how the pool pays for it."""
        if meter not in self.covers:
            return frozenset()
        ratio = self.ratios.get(meter)
        return frozenset((*(s.name for s in self.scope), *(ratio.tags if ratio is not None else ())))
