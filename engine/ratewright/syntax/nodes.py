"""The syntax tree: what a rule file says, before any name has a meaning. Every node knows its place."""

from __future__ import annotations

from msgspec import Struct

from ratewright.diagnostics import Span
from ratewright.values.calendar import Moment
from ratewright.values.exact import Exact
from ratewright.values.rounding import Way


class Node(Struct, frozen=True):
    span: Span


class Name(Node, frozen=True):
    """A word as written; whatever it stands for."""

    text: str


# ---------------------------------------------------------------- expressions


class Number(Node, frozen=True):
    value: Exact


class Quantity(Node, frozen=True):
    """A number with its unit: `10 GB`, `550 USD`, `1 year`."""

    value: Exact
    unit: Name


class Percent(Node, frozen=True):
    value: Exact


class Text(Node, frozen=True):
    text: str


class Time(Node, frozen=True):
    """A month, a date or a date with time. `month` marks `2026-03`, which stands for the whole month."""

    moment: Moment
    month: bool = False


class Flag(Node, frozen=True):
    on: bool


class Ref(Node, frozen=True):
    name: Name


class Attribute(Node, frozen=True):
    name: Name
    attribute: Name


class Call(Node, frozen=True):
    function: Name
    arguments: tuple[Expression, ...]


class Lookup(Node, frozen=True):
    """`table[key, …]`, or one column of it: `table[key].column`."""

    table: Name
    keys: tuple[Expression, ...]
    column: Name | None = None


class EachOf(Node, frozen=True):
    """What a series has one value for: periods (`5 minutes`) or a name that records carry (`instance`)."""

    count: Exact
    unit: Name


class Selection(Node, frozen=True):
    """`x each day where c since activation`; at least one of the three parts is there."""

    operand: Expression
    each: EachOf | None
    condition: Expression | None
    since: Expression | None


class Group(Node, frozen=True):
    """A parenthesis; kept, since it says where a product ends."""

    inner: Expression


class Negative(Node, frozen=True):
    operand: Expression


class Sum(Node, frozen=True):
    """Terms with `+` or `-` before each; the first has `+`."""

    terms: tuple[tuple[str, Expression], ...]


class Product(Node, frozen=True):
    """Factors with `*` or `/` before each; the first has `*`."""

    factors: tuple[tuple[str, Expression], ...]


class PercentOf(Node, frozen=True):
    percent: Percent
    operand: Expression


class Comparison(Node, frozen=True):
    operator: str
    left: Expression
    right: Expression


class AllOf(Node, frozen=True):
    parts: tuple[Expression, ...]


class AnyOf(Node, frozen=True):
    parts: tuple[Expression, ...]


class Negated(Node, frozen=True):
    operand: Expression


class Choose(Node, frozen=True):
    condition: Expression
    yes: Expression
    no: Expression


class Rounded(Node, frozen=True):
    way: Way
    operand: Expression
    step: Expression | None


class Edge(Node, frozen=True):
    """`start of …` or `end of …` a period."""

    end: bool
    operand: Expression


Expression = (
    Number
    | Quantity
    | Percent
    | Text
    | Time
    | Flag
    | Ref
    | Attribute
    | Call
    | Lookup
    | Selection
    | Group
    | Negative
    | Sum
    | Product
    | PercentOf
    | Comparison
    | AllOf
    | AnyOf
    | Negated
    | Choose
    | Rounded
    | Edge
)

# ---------------------------------------------------------------- parts of statements


class Length(Node, frozen=True):
    """A written duration: `7 days`, `1 year`."""

    value: Exact
    unit: Name


class UnitName(Node, frozen=True):
    """Units multiplied and divided: `MJ / m3`."""

    factors: tuple[tuple[str, Name], ...]


class Kind(Node, frozen=True):
    """What a setting or field holds: `text`, `number`, `date`, `choice` or `unit`; the last two say which."""

    kind: str
    choices: tuple[Name, ...] = ()
    unit: UnitName | None = None


class PriceTerm(Node, frozen=True):
    """One term of a price; `block` where it is `per started` block."""

    expression: Expression
    block: Quantity | None


class Price(Node, frozen=True):
    """A sum of terms, or none at all where the row is `not sold`."""

    terms: tuple[PriceTerm, ...]


class Bound(Node, frozen=True):
    """`kind` is `below`, `up to`, `next` or `beyond`; only `beyond` has no limit."""

    kind: str
    limit: Expression | None


class Keys(Node, frozen=True):
    """Two names or more that share a row: `japan or korea`; a Text where it stands in quotes."""

    names: tuple[Name | Text, ...]


class Row(Node, frozen=True):
    """A line of a table: its bound or keys, and its cells. Which is which follows from how many there are."""

    items: tuple[Bound | Keys | Price | Number, ...]


class Cadence(Node, frozen=True):
    """How something repeats: `month`, `4 months`, `month on day 15`, `month from purchase`."""

    count: Exact
    unit: Name
    day: Exact | Name | None
    start: Expression | None


class Covered(Node, frozen=True):
    """A meter or line that a pool pays for; `ratio` is how much of the pool one unit of it takes."""

    name: Name
    ratio: Expression | None


class SizeRow(Node, frozen=True):
    """A size on sale and its price; with a bound instead of a size any size within it, and a price by the unit, or
    None where it is not sold."""

    size: Quantity | Bound
    price: Expression | None


# ---------------------------------------------------------------- statements


class Statement(Node, frozen=True):
    """One statement of a block. `word` is the keyword it starts with."""

    @property
    def word(self) -> str:
        return type(self).__name__.lower()


class Currency(Statement, frozen=True):
    code: Name


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
    """`way` is None for `rounding none`."""

    way: Way | None
    step: Quantity | None = None
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


class Where(Statement, frozen=True):
    condition: Expression


class Measure(Statement, frozen=True):
    expression: Expression
    unit: UnitName


class Covers(Statement, frozen=True):
    covered: tuple[Covered, ...]


class Issued(Statement, frozen=True):
    pass


class Size(Statement, frozen=True):
    """`amount` is None for `size per account`."""

    amount: Expression | None


class Sizes(Statement, frozen=True):
    rows: tuple[SizeRow, ...]


class Valid(Statement, frozen=True):
    """`valid LENGTH [from START]`, `valid from START until END`, or `valid until END`."""

    length: Length | None = None
    start: Expression | None = None
    until: Expression | None = None


class Renews(Statement, frozen=True):
    cadence: Cadence


class Rolls(Statement, frozen=True):
    """`rolls over [for LENGTH] [up to AMOUNT]`."""

    length: Length | None
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


class Every(Statement, frozen=True):
    cadence: Cadence


class Billed(Statement, frozen=True):
    cadence: Cadence


class Rate(Statement, frozen=True):
    price: Price


class Tiers(Statement, frozen=True):
    """The rows of `volume` or `graduated`: written here, with a column for each key of `by`, or those of a table."""

    rows: tuple[Row, ...]
    by: tuple[Name, ...] = ()
    unit: UnitName | None = None
    table: Expression | None = None


class Volume(Tiers, frozen=True):
    pass


class Graduated(Tiers, frozen=True):
    pass


class AmountForm(Statement, frozen=True):
    expression: Expression

    @property
    def word(self) -> str:
        return "amount"


class Minimum(Statement, frozen=True):
    expression: Expression


class Maximum(Statement, frozen=True):
    expression: Expression


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


class LimitOn(Statement, frozen=True):
    meter: Name

    @property
    def word(self) -> str:
        return "on"


class Default(Statement, frozen=True):
    amount: Quantity


class Extend(Statement, frozen=True):
    amount: Quantity
    price: Quantity
    term: Name


class Shared(Statement, frozen=True):
    pass


# ---------------------------------------------------------------- statements of examples


class Set(Statement, frozen=True):
    setting: Name
    value: Expression
    start: Time | None


class GivenLeft(Statement, frozen=True):
    amount: Quantity
    pool: Name
    until: Time | None
    attributes: tuple[tuple[Name, Expression], ...] = ()

    @property
    def word(self) -> str:
        return "given"


class GivenSize(Statement, frozen=True):
    amount: Quantity
    pool: Name

    @property
    def word(self) -> str:
        return "given"


class GivenMeasured(Statement, frozen=True):
    """A measured value of a meter, instead of records."""

    amount: Quantity
    meter: Name
    attributes: tuple[tuple[Name, Expression], ...]
    form: str
    start: Time
    end: Time | None

    @property
    def word(self) -> str:
        return "given"


class Buy(Statement, frozen=True):
    count: Exact
    package: Name
    size: Quantity
    at: Time
    label: Name | None
    attributes: tuple[tuple[Name, Expression], ...] = ()


class ExtendBy(Statement, frozen=True):
    limit: Name
    amount: Quantity
    length: Length
    start: Time
    label: Name | None

    @property
    def word(self) -> str:
        return "extend"


class Use(Statement, frozen=True):
    """`each` is the period of `use … each 5 minutes from … to …`, whose ends are both included.

    `end` is None there where the records fill one day or month.
    """

    quantity: Quantity
    meter: Name
    attributes: tuple[tuple[Name, Expression], ...]
    form: str
    start: Time
    end: Time | None
    each: EachOf | None
    lasting: Length | None


class UseTable(Statement, frozen=True):
    """Records as a table: a header of fields, then one row a record. `form` is empty where the rows have the times."""

    meter: Name
    form: str
    start: Time | None
    end: Time | None
    rows: tuple[Row, ...]

    @property
    def word(self) -> str:
        return "use"


class RefundRequest(Statement, frozen=True):
    purchase: Name
    at: Time

    @property
    def word(self) -> str:
        return "refund"


class PauseRequest(Statement, frozen=True):
    purchase: Name
    at: Time

    @property
    def word(self) -> str:
        return "pause"


class Expect(Statement, frozen=True):
    """A condition on the bill. `printed` is what the source prints where it disagrees with its own numbers."""

    condition: Expression
    at: Time | None
    printed: Expression | None


class ExpectRefused(Statement, frozen=True):
    reason: Text

    @property
    def word(self) -> str:
        return "expect"


# ---------------------------------------------------------------- declarations


class Declaration(Node, frozen=True):
    """A block with a name. `word` is the keyword it starts with."""

    word: str
    name: Name
    title: Text | None
    statements: tuple[Statement, ...]


class Tariff(Declaration, frozen=True):
    pass


class UnitDeclaration(Declaration, frozen=True):
    plural: Name | None = None
    formula: Expression | None = None


class Setting(Declaration, frozen=True):
    kind: Kind | None = None
    default: Expression | None = None


class Table(Declaration, frozen=True):
    """A lookup. `by` names its keys, `unit` is what its bare numbers are in."""

    by: tuple[Name, ...] = ()
    unit: UnitName | None = None
    rows: tuple[Row, ...] = ()


class Define(Declaration, frozen=True):
    """A named formula: at the top, or a step inside a meter, a pool or a line."""

    expression: Expression | None = None


class Meter(Declaration, frozen=True):
    pass


class Pool(Declaration, frozen=True):
    pass


class Charge(Declaration, frozen=True):
    """A line of the bill: `word` is charge, discount or tax."""


class Deduct(Declaration, frozen=True):
    """`name` is the meter, line or sum; each rank holds the sources that share it.

    `order` says which usage is served first within a period.
    """

    ranks: tuple[tuple[Name, ...], ...] = ()
    order: tuple[Name, ...] = ()


class LimitDeclaration(Declaration, frozen=True):
    pass


class Example(Declaration, frozen=True):
    pass


class File(Struct, frozen=True):
    """A rule file that was read: its declarations in order, without those that were broken.

    `lost` are the names that the broken ones would have declared.
    """

    declarations: tuple[Declaration, ...]
    lost: frozenset[str] = frozenset()
    broken: bool = False
