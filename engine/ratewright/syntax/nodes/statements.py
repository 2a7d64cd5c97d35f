"""The statements of blocks: each is one line, or a line with its rows."""

from __future__ import annotations

from ratewright.syntax.nodes.expressions import EachOf, Expression, Number, Quantity, Text, Time
from ratewright.syntax.nodes.node import Name, Node
from ratewright.syntax.nodes.parts import Cadence, Covered, Kind, Length, Price, Row, SizeRow, UnitName
from ratewright.syntax.nodes.sentences import Sentence, SentenceIn
from ratewright.values.exact import Exact
from ratewright.values.rounding import Way


class Statement(Node, frozen=True):
    """One statement of a block. `word` is the keyword it starts with."""

    @property
    def word(self) -> str:
        return type(self).__name__.lower()


class Currency(Statement, frozen=True):
    codes: tuple[Name, ...]


class Timezone(Statement, frozen=True):
    name: Text


class Effective(Statement, frozen=True):
    start: Time
    until: Time | None


class SourceText(Statement, frozen=True):
    text: Text

    @property
    def word(self) -> str:
        return "source"


class Bytes(Statement, frozen=True):
    by: Exact


class Rounding(Statement, frozen=True):
    """`way` is None for `rounding none`. `steps` are in one currency each; none for the smallest unit of each."""

    way: Way | None
    steps: tuple[Quantity, ...] = ()
    per: Name | None = None


class Cite(Statement, frozen=True):
    text: Text


class Field(Statement, frozen=True):
    names: tuple[Name, ...]
    kind: Kind
    default: Expression | None


class Splits(Statement, frozen=True):
    """`changes split the period`."""

    @property
    def word(self) -> str:
        return "changes"


class Reads(Statement, frozen=True):
    meter: Name


class By(Statement, frozen=True):
    names: tuple[Name, ...]


class SpreadEvenly(Statement, frozen=True):
    """`spread evenly`."""


class Where(Statement, frozen=True):
    condition: Expression


class Measure(Statement, frozen=True):
    expression: Expression
    unit: UnitName


class Corrections(Statement, frozen=True):
    """`corrections down to 0`, or `corrections below 0`."""

    bound: Number
    below: bool


class Covers(Statement, frozen=True):
    covered: tuple[Covered, ...]


class Issued(Statement, frozen=True):
    pass


class Size(Statement, frozen=True):
    """`amount` is None for `size per account`."""

    amount: Expression | None


class Sizes(Statement, frozen=True):
    rows: tuple[SizeRow, ...]


class Sold(Statement, frozen=True):
    """`sold [from INSTANT] [until INSTANT]`."""

    start: Time | None
    until: Time | None


class Valid(Statement, frozen=True):
    """`valid LENGTH [from START]`, `valid from START until END`, or `valid until END`."""

    length: Length | None = None
    start: Expression | None = None
    until: Expression | None = None


class Renews(Statement, frozen=True):
    cadence: Cadence


class ByDay(Statement, frozen=True):
    """`prorated by day`, of a quota that renews."""

    @property
    def word(self) -> str:
        return "prorated"


class Rolls(Statement, frozen=True):
    """`rolls over [for LENGTH | until end of PERIOD] [up to AMOUNT]`."""

    length: Length | None
    most: Quantity | None
    until: Name | None = None


class Overdraws(Statement, frozen=True):
    """`overdraws [up to AMOUNT]`."""

    most: Quantity | None


class ScopeOf(Statement, frozen=True):
    names: tuple[Name, ...]

    @property
    def word(self) -> str:
        return "scope"


class DrawRule(Node, frozen=True):
    words: tuple[str, str]


class Draws(Statement, frozen=True):
    rules: tuple[DrawRule, ...]


class Refund(Statement, frozen=True):
    """A refund rule: `form` is `never`, `full` or `formula`."""

    form: str
    formula: Expression | None = None
    within: Length | None = None
    condition: Expression | None = None


class Pause(Statement, frozen=True):
    pass


class When(Statement, frozen=True):
    condition: Expression


class On(Statement, frozen=True):
    expression: Expression


class Included(Statement, frozen=True):
    pass


class SpreadBy(Statement, frozen=True):
    """`spread by amount`."""

    @property
    def word(self) -> str:
        return "spread by amount"


class Every(Statement, frozen=True):
    cadence: Cadence


class Once(Statement, frozen=True):
    """`once on INSTANT`, in place of `every`."""

    instant: Expression


class Billed(Statement, frozen=True):
    """`billed every PERIOD`; `cadence` is None for `billed in advance`."""

    cadence: Cadence | None


class Rate(Statement, frozen=True):
    price: Price


class Tiers(Statement, frozen=True):
    """The rows of `volume` or `graduated`: written here, with a column for each key of `by`, or those of a table."""

    rows: tuple[Row, ...]
    by: tuple[Name, ...] = ()
    unit: UnitName | None = None
    table: Expression | None = None


class Volume(Tiers, frozen=True):
    """`cheapest`: a later row holds where its least quantity costs less."""

    cheapest: bool = False


class Graduated(Tiers, frozen=True):
    pass


class AmountForm(Statement, frozen=True):
    expression: Expression

    @property
    def word(self) -> str:
        return "amount"


class Minimum(Statement, frozen=True):
    """`minimum AMOUNT`, of which `prorated by day` leaves a share."""

    expression: Expression
    by_day: bool = False


class Maximum(Statement, frozen=True):
    """`maximum 14 USD`; of each `block` of the quantity, `each 24 hours`, or of all lines of a `period`, `each day`."""

    expression: Expression
    block: EachOf | None = None
    period: EachOf | None = None


class Prorated(Statement, frozen=True):
    """`prorated by day`, or by any ratio."""

    ratio: Expression


class Reached(Statement, frozen=True):
    quantity: Expression


class ZeroUsage(Statement, frozen=True):
    @property
    def word(self) -> str:
        return "flat at zero usage"


class Invoiced(Statement, frozen=True):
    first: Exact
    last: Exact


class Say(Statement, frozen=True):
    """A sentence in the language of the file, and in others."""

    sentence: Sentence
    others: tuple[SentenceIn, ...] = ()


class LimitOn(Statement, frozen=True):
    meter: Name

    @property
    def word(self) -> str:
        return "on"


class Default(Statement, frozen=True):
    amount: Quantity


class Extend(Statement, frozen=True):
    """`prices` are for one `term`: one amount, or one for each currency."""

    amount: Quantity
    prices: tuple[Quantity, ...]
    term: Name


class Shared(Statement, frozen=True):
    pass
