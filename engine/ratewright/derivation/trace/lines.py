"""How a line of the bill came about: what was priced, taken off, spread, paid, corrected or kept away."""

from __future__ import annotations

from msgspec import Struct
from whenever import Instant

from ratewright.derivation.trace.contracts import ContractTrace
from ratewright.derivation.trace.formulas import Arithmetic, ConditionTrace
from ratewright.derivation.trace.prices import BoundTrace, NextRowTrace, PriceTrace, ProrationTrace, RoundingTrace
from ratewright.derivation.trace.sentences import SentenceTrace
from ratewright.meaning import nodes as tree
from ratewright.usage.model import Record
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact
from ratewright.values.units import Unit


class ChargeTrace(Struct, frozen=True, gc=False):
    """How a charge, a discount or a tax came to its amount.

    `period` is the one that is priced; where a part of it is billed, `billed_before` is what earlier bills
    hold of it. `used` is what was used of the meter that it prices, in that period and for that key, before anything
    covered it, where its rows go by what is left. `on` is the arithmetic of a quantity that is more than what is left
    of one meter. `spread` says what part of a discount each line takes that it is on; `less` what shares of discounts
    the lines are less that a tax is on. `next_row` is told where it is decided what more usage would cost. `record` is
    the one that is priced alone. `sentence` is what the line says of itself. A `condition` that does not hold kept the
    line away: it is told for what the list alone asks of it.
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
    next_row: NextRowTrace | None = None
    used: Exact | None = None
    contract: ContractTrace | None = None
    less: tuple[LessTrace, ...] = ()
    record: Record | None = None
    sentence: SentenceTrace | None = None

    @property
    def kept_away(self) -> bool:
        """Whether it is not billed, for its condition does not hold."""
        return self.condition is not None and not self.condition.holds


class NothingTrace(Struct, frozen=True, gc=False):
    """Usage that a line was given for a period and key, and that comes to nothing: there is no line.

    `given` is how much of each meter; `on` the arithmetic of the quantity, where that made nothing of it, or `share`
    the share of the period.
    """

    charge: tree.Charge
    period: Period
    key: tuple[tuple[str, str], ...]
    given: tuple[tuple[str, Exact], ...]
    on: Arithmetic | None
    share: ProrationTrace | None


class AwayTrace(Struct, frozen=True, gc=False):
    """A line whose `when` kept it away: for a period and key, or for each record (`period` is then None)."""

    charge: tree.Charge
    period: Period | None
    key: tuple[tuple[str, str], ...]
    condition: ConditionTrace


class ShareTrace(Struct, frozen=True, gc=False):
    """What part of a discount one line takes: `share` of it, for the `amount` that was left of the line.

    `period` is that of the line, or the instant of a purchase.
    """

    source: str
    key: tuple[tuple[str, str], ...]
    period: Period
    amount: Exact
    share: Exact


class LessTrace(Struct, frozen=True, gc=False):
    """What a line that a tax is on is less, since a discount is spread over it."""

    line: tree.Charge
    discount: tree.Charge
    share: Exact


class LateRecord(Struct, frozen=True, gc=False):
    """Usage that became known at `reported` only: a record of a meter, from when to when it is, and its quantity.

    `fields` are those that are words.
    """

    id: str | None
    meter: str
    of: Period
    reported: Instant
    quantity: Exact
    unit: Unit
    fields: tuple[tuple[str, str], ...] = ()


class CorrectionTrace(Struct, frozen=True, gc=False):
    """A line of an earlier bill, worked out again with usage that was reported late.

    `period` is that of the line, or of the bill in which it stood; `corrects` the kind of line. `billed` is what the
    earlier bills hold of it, `owed` what it comes to now, and `why` how. `late` are the records that this bill heard
    of, `own` those of the line's period and of what it prices; others may matter to it as well. `pays` is the target
    of a line of what a pool paid. For usage that changes no amount `corrects` is `usage`, and `meter` is of which.
    `contract` tells what the list alone would correct, where a contract makes a difference.
    """

    period: Period
    corrects: str
    billed: Exact
    owed: Exact
    late: tuple[LateRecord, ...]
    own: tuple[LateRecord, ...]
    why: ChargeTrace | None = None
    pays: str = ""
    meter: str = ""
    contract: ContractTrace | None = None


class PaymentTrace(Struct, frozen=True, gc=False):
    """What lots of a pool of money paid: of a line, or of the `subtotal` or `total` of the bill, named by `target`.

    `before` is what was left to pay; `lots` are the lots drawn from and how much, and `left` is what each
    of them held after that. `record` is that of a line that prices one alone.
    """

    pool: tree.Pool
    target: str
    before: Exact
    lots: tuple[tuple[str, Exact], ...]
    amount: Exact
    left: tuple[Exact, ...] = ()
    record: Record | None = None
