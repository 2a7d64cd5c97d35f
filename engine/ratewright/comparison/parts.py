"""The parts of which the difference of two bills is made, and what is known of each."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from ratewright.comparison.inputs import Input
from ratewright.comparison.side import Side
from ratewright.derivation import trace
from ratewright.diagnostics import Diagnostic
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.values.exact import Exact, exact


class Aspect(Enum):
    """What of a line is another."""

    USED = "used"
    """How much was used, at the price before."""
    QUOTA = "quota"
    """How much of it quotas paid, at the price before."""
    UNSERVED = "unserved"
    """How much of it nothing paid for, at the price before."""
    QUANTITY = "quantity"
    """How much the line is for, at the price before."""
    ROW = "row"
    """Which row was reached, for the quantity now."""
    PRICE = "price"
    """The price, for the quantity now."""
    SLICE = "slice"
    """How much fell into one row, or what that row asks."""
    AMOUNT = "amount"
    """The amount as a whole."""
    REST = "rest"
    """What bounds, the share of the period and earlier bills of its parts make of it."""
    ROUNDING = "rounding"
    """What roundings of lines and of bills come to."""


class Group(Struct, frozen=True):
    """The lines of a bill that are told as one: those of a declaration and a key. `of` is what is corrected or paid."""

    kind: LineKind
    source: str
    key: tuple[tuple[str, str], ...] = ()
    of: str = ""


class State(Struct, frozen=True):
    """A group in one bill: its lines, what they are for, and their price where they have one in common.

    `amount` is exact, before what `rest` adds. `used`, `covered` and `unserved` are what was used of its meter, what
    quotas paid for, and what nothing did, where that is known. `tier` is the row that sets the price; of a graduated
    price `tiers` has what falls into each row.
    """

    lines: tuple[Line, ...] = ()
    quantity: Exact = 0
    amount: Exact = 0
    rest: Exact = 0
    billed: Exact = 0
    price: trace.TermTrace | None = None
    tier: trace.TierTrace | None = None
    tiers: tuple[tuple[trace.TierTrace, Exact, Exact], ...] = ()
    used: Exact | None = None
    covered: Exact = 0
    unserved: Exact = 0

    @property
    def rounded(self) -> Exact:
        """What the roundings of its lines come to."""
        return exact(self.billed - self.amount - self.rest)


class Change(Struct, frozen=True):
    """How a group is another in a bill that is made with one input more. `bills` are the two."""

    group: Group
    aspect: Aspect
    was: State
    now: State
    bills: tuple[Bill, Bill]
    slice: int = 0
    by: Exact = 0
    """How much more is used, covered, billed for; or what the price now is for."""


Of = tuple[tuple[Input, ...], Group | None, Aspect, int]
"""What makes two parts of two orders the same part."""


class Part(Struct, frozen=True):
    """What one thing adds to the difference: `amount` of it, `exact` before it was brought to whole steps.

    `least` and `most` are what it comes to in some order of exchange; where they differ, `change` is that of one order.
    Of roundings there is no `change`.
    """

    inputs: tuple[Input, ...]
    aspect: Aspect
    change: Change | None
    amount: Exact
    exact: Exact
    least: Exact
    most: Exact


class Joined(Struct, frozen=True):
    """Inputs that had to be exchanged together, and why: the finding of a bill that would have been between them."""

    inputs: tuple[Input, ...]
    why: Diagnostic


class Comparison(Struct, frozen=True):
    """The difference of two bills and its parts, which add up to it; `rounding` among them.

    `was` and `now` are the bills of both sides. `joined` are the inputs that could not be told apart, `idle` those
    that differ and change nothing. `orders` says how many orders of exchange the parts are the mean of, `step` to what
    each is rounded.
    """

    sides: tuple[Side, Side]
    was: tuple[Bill, ...]
    now: tuple[Bill, ...]
    parts: tuple[Part, ...]
    joined: tuple[Joined, ...]
    idle: tuple[Input, ...]
    method: str
    orders: int
    due_was: Exact
    due_now: Exact
    step: Exact

    @property
    def account(self) -> str:
        return self.sides[1].usage.account

    @property
    def difference(self) -> Exact:
        """What is due more now; below 0 where it is less."""
        return exact(self.due_now - self.due_was)
