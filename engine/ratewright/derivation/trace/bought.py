"""What was bought, given back and asked for."""

from __future__ import annotations

from msgspec import Struct
from whenever import Instant

from ratewright.derivation.trace.contracts import ContractTrace
from ratewright.derivation.trace.formulas import Arithmetic, Reading
from ratewright.derivation.trace.prices import RoundingTrace
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.usage.model import Place
from ratewright.values.exact import Exact


class PurchaseTrace(Struct, frozen=True, gc=False):
    """A package bought: `count` lots of `row`. `attributes` say what they pay for only.

    `listed` is what they cost by the price list; `rounding` has what was paid for them, before and after it. `contract`
    is told where one made the price another.
    """

    pool: tree.Pool
    row: tree.SizeRow
    purchase: str
    count: int
    at: Instant
    starts: Instant
    expires: Instant | None
    listed: Exact
    rounding: RoundingTrace
    attributes: tuple[tuple[str, str], ...] = ()
    contract: ContractTrace | None = None


class ExtensionTrace(Struct, frozen=True, gc=False):
    """More capacity bought: `amount` in base units, for `terms` terms of `offer`; `rounding` is that of its cost."""

    limit: tree.Limit
    offer: tree.Offer
    purchase: str
    amount: Exact
    terms: int
    start: Instant
    end: Instant
    rounding: RoundingTrace


class RuleTried(Struct, frozen=True, gc=False):
    """A refund rule that was asked for a lot, and why it did not fit (`late`, `condition`, `never`), or None.

    `asked` is its condition worked out, or None where there is none, or what it read differs.
    """

    rule: tree.RefundRule
    failed: str | None
    deadline: Instant | None
    asked: Arithmetic | None = None

    @property
    def readings(self) -> tuple[Reading, ...]:
        """What its condition read."""
        return () if self.asked is None else self.asked.readings


class RefundTrace(Struct, frozen=True, gc=False):
    """What became of a request to give back lots of one purchase.

    `lots` are those decided alike, `returned` is what was left of them and is given back; `tried` holds the rules
    in order, the last one deciding. Refused where `granted` is False, and `amount` is then 0. `rounding` is None for
    a refusal; `how` is the arithmetic of what is given back of one lot, where a formula says it.
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
    returned: Exact = 0


class PauseTrace(Struct, frozen=True, gc=False):
    """A request to put a package on hold, which is always refused; `rule` is the rule that says so, if any."""

    pool: tree.Pool
    purchase: str
    request: Instant
    rule: Span | None
    place: Place
