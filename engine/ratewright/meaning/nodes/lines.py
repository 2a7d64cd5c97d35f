"""The lines of a bill: charges, discounts and taxes."""

from __future__ import annotations

from enum import Enum

from ratewright.meaning.nodes.node import Expression, Node
from ratewright.meaning.nodes.prices import IncludedRate, PriceForm
from ratewright.meaning.nodes.sentences import Sentence
from ratewright.values.calendar import Cadence
from ratewright.values.exact import Exact
from ratewright.values.rounding import Way
from ratewright.values.units import Unit


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

    __hash__ = object.__hash__  # each is one object; the hash of Enum is a function in Python, asked for every line

    CHARGE = "charge"
    DISCOUNT = "discount"
    TAX = "tax"


class Anchor(Node, frozen=True):
    """From where the periods of a cadence are counted: a day of the month, or an instant."""

    day: Expression | None
    start: Expression | None


class BlockMaximum(Node, frozen=True):
    """The most that each block of a quantity costs: `size` in base units, `unit` as written."""

    limit: Expression
    size: Exact
    unit: Unit


class PeriodMaximum(Node, frozen=True):
    """The most that the lines of a charge come to whose periods begin in one of the longer ones of `every`."""

    limit: Expression
    every: Cadence


class Charge(Node, frozen=True):
    """A line of the bill. `on` is None for a charge on no usage; `unit` is the unit of its quantity.

    `by` are the tags by which its meters, or the lines it is on, are kept apart: it has a line for each. `billed` is
    how often what is owed so far is billed within a period; `in_advance` marks a line that is billed when its period
    begins. `prorated` is the share of a period; `by_day` marks the share of days on which `when` holds,
    `minimum_by_day` that of the minimum alone. `follows` marks a discount or a tax with the periods of the lines it is
    on; `spreads` a discount of which each of these lines takes a share that taxes on it see. `maximum` is for one
    line, `of_blocks` for each block of its quantity, `of_periods` for all lines that begin in a longer period.
    `sentence` is what it says of itself.
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
    in_advance: bool = False
    minimum_by_day: bool = False
    of_blocks: BlockMaximum | None = None
    of_periods: PeriodMaximum | None = None
    spreads: bool = False
    sentence: Sentence | None = None

    @property
    def most(self) -> Expression | None:
        """The maximum of a line: its own, or that of all that begin in a longer period."""
        return self.of_periods.limit if self.of_periods is not None else self.maximum

    @property
    def at_once(self) -> bool:
        """Whether it is priced at one instant, so that nothing that happens inside a period matters to it."""
        return self.every.once or self.in_advance

    @property
    def by_each_day(self) -> bool:
        """Whether `when` is asked for each day of the period, and not once for all of it."""
        return not self.in_advance and (self.by_day or (self.minimum_by_day and bool(self.meters)))

    @property
    def included(self) -> bool:
        """Whether it is a tax that the price holds already: told, and in no sum."""
        return isinstance(self.form, IncludedRate)
