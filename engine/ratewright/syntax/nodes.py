"""The syntax tree: what a rule file says, before any name has a meaning. Every node knows its place."""

from __future__ import annotations

from dataclasses import dataclass

from ratewright.diagnostics import Span
from ratewright.values.calendar import Moment
from ratewright.values.exact import Exact
from ratewright.values.rounding import Way


@dataclass(frozen=True, slots=True)
class Node:
    span: Span


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A word as written; whatever it stands for."""

    text: str


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: Exact


@dataclass(frozen=True, slots=True)
class Quantity(Node):
    """A number with its unit: `10 GB`, `550 USD`, `1 year`."""

    value: Exact
    unit: Name


@dataclass(frozen=True, slots=True)
class Percent(Node):
    value: Exact


@dataclass(frozen=True, slots=True)
class Text(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Time(Node):
    """A month, a date or a date with time. `month` marks `2026-03`, which stands for the whole month."""

    moment: Moment
    month: bool = False


@dataclass(frozen=True, slots=True)
class Flag(Node):
    on: bool


@dataclass(frozen=True, slots=True)
class Ref(Node):
    name: Name


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    name: Name
    attribute: Name


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: Name
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    table: Name
    keys: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Group(Node):
    """A parenthesis; kept, since it says where a product ends."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class Negative(Node):
    operand: Expression


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Terms with `+` or `-` before each; the first has `+`."""

    terms: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Factors with `*` or `/` before each; the first has `*`."""

    factors: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class PercentOf(Node):
    percent: Percent
    operand: Expression


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class AllOf(Node):
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Node):
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Negated(Node):
    operand: Expression


@dataclass(frozen=True, slots=True)
class Choose(Node):
    condition: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class Rounded(Node):
    way: Way
    operand: Expression
    step: Expression | None


@dataclass(frozen=True, slots=True)
class Edge(Node):
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


@dataclass(frozen=True, slots=True)
class Length(Node):
    """A written duration: `7 days`, `1 year`."""

    value: Exact
    unit: Name


@dataclass(frozen=True, slots=True)
class UnitName(Node):
    """Units multiplied and divided: `MJ / m3`."""

    factors: tuple[tuple[str, Name], ...]


@dataclass(frozen=True, slots=True)
class Kind(Node):
    """What a setting or field holds: `text`, `number`, `date`, `choice` or `unit`; the last two say which."""

    kind: str
    choices: tuple[Name, ...] = ()
    unit: UnitName | None = None


@dataclass(frozen=True, slots=True)
class PriceTerm(Node):
    """One term of a price; `block` where it is `per started` block."""

    expression: Expression
    block: Quantity | None


@dataclass(frozen=True, slots=True)
class Price(Node):
    """A sum of terms, or none at all where the row is `not sold`."""

    terms: tuple[PriceTerm, ...]


@dataclass(frozen=True, slots=True)
class Bound(Node):
    """`kind` is `below`, `up to`, `next` or `beyond`; only `beyond` has no limit."""

    kind: str
    limit: Expression | None


@dataclass(frozen=True, slots=True)
class Tier(Node):
    bound: Bound
    price: Price


@dataclass(frozen=True, slots=True)
class SizeRow(Node):
    size: Quantity
    price: Expression


# ---------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """One statement of a block. `word` is the keyword it starts with."""

    @property
    def word(self) -> str:
        return type(self).__name__.lower()


@dataclass(frozen=True, slots=True)
class Currency(Statement):
    code: Name


@dataclass(frozen=True, slots=True)
class Timezone(Statement):
    name: Text


@dataclass(frozen=True, slots=True)
class Effective(Statement):
    start: Time
    until: Time | None


@dataclass(frozen=True, slots=True)
class SourceText(Statement):
    text: Text

    @property
    def word(self) -> str:
        return "source"


@dataclass(frozen=True, slots=True)
class Bytes(Statement):
    by: Exact


@dataclass(frozen=True, slots=True)
class Rounding(Statement):
    """`way` is None for `rounding none`."""

    way: Way | None
    step: Quantity | None = None
    per: Name | None = None


@dataclass(frozen=True, slots=True)
class Cite(Statement):
    text: Text


@dataclass(frozen=True, slots=True)
class Field(Statement):
    names: tuple[Name, ...]
    kind: Kind
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Where(Statement):
    condition: Expression


@dataclass(frozen=True, slots=True)
class Measure(Statement):
    expression: Expression
    unit: UnitName


@dataclass(frozen=True, slots=True)
class Covers(Statement):
    meters: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Issued(Statement):
    pass


@dataclass(frozen=True, slots=True)
class Size(Statement):
    """`amount` is None for `size per account`."""

    amount: Expression | None


@dataclass(frozen=True, slots=True)
class Sizes(Statement):
    rows: tuple[SizeRow, ...]


@dataclass(frozen=True, slots=True)
class Valid(Statement):
    """`valid LENGTH [from START]`, `valid from START until END`, or `valid until END`."""

    length: Length | None = None
    start: Expression | None = None
    until: Expression | None = None


@dataclass(frozen=True, slots=True)
class DrawRule(Node):
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Draws(Statement):
    rules: tuple[DrawRule, ...]


@dataclass(frozen=True, slots=True)
class Refund(Statement):
    """A refund rule: `form` is `never`, `full` or `formula`."""

    form: str
    formula: Expression | None = None
    within: Length | None = None
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Pause(Statement):
    pass


@dataclass(frozen=True, slots=True)
class When(Statement):
    condition: Expression


@dataclass(frozen=True, slots=True)
class On(Statement):
    expression: Expression


@dataclass(frozen=True, slots=True)
class Every(Statement):
    count: Exact
    unit: Name
    day: Exact | None


@dataclass(frozen=True, slots=True)
class Rate(Statement):
    price: Price


@dataclass(frozen=True, slots=True)
class Volume(Statement):
    rows: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Graduated(Statement):
    rows: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class AmountForm(Statement):
    expression: Expression

    @property
    def word(self) -> str:
        return "amount"


@dataclass(frozen=True, slots=True)
class Minimum(Statement):
    expression: Expression


@dataclass(frozen=True, slots=True)
class Maximum(Statement):
    expression: Expression


@dataclass(frozen=True, slots=True)
class ZeroUsage(Statement):
    @property
    def word(self) -> str:
        return "flat at zero usage"


@dataclass(frozen=True, slots=True)
class Invoiced(Statement):
    first: Exact
    last: Exact


@dataclass(frozen=True, slots=True)
class LimitOn(Statement):
    meter: Name

    @property
    def word(self) -> str:
        return "on"


@dataclass(frozen=True, slots=True)
class Default(Statement):
    amount: Quantity


@dataclass(frozen=True, slots=True)
class Extend(Statement):
    amount: Quantity
    price: Quantity
    term: Name


@dataclass(frozen=True, slots=True)
class Shared(Statement):
    pass


# ---------------------------------------------------------------- statements of examples


@dataclass(frozen=True, slots=True)
class Set(Statement):
    setting: Name
    value: Expression
    start: Time | None


@dataclass(frozen=True, slots=True)
class GivenLeft(Statement):
    amount: Quantity
    pool: Name
    until: Time | None

    @property
    def word(self) -> str:
        return "given"


@dataclass(frozen=True, slots=True)
class GivenSize(Statement):
    amount: Quantity
    pool: Name

    @property
    def word(self) -> str:
        return "given"


@dataclass(frozen=True, slots=True)
class Buy(Statement):
    count: Exact
    package: Name
    size: Quantity
    at: Time
    label: Name | None


@dataclass(frozen=True, slots=True)
class ExtendBy(Statement):
    limit: Name
    amount: Quantity
    length: Length
    start: Time
    label: Name | None

    @property
    def word(self) -> str:
        return "extend"


@dataclass(frozen=True, slots=True)
class Use(Statement):
    """`each` is the period word of `use … each month from … to …`, whose ends are both included."""

    quantity: Quantity
    meter: Name
    attributes: tuple[tuple[Name, Expression], ...]
    form: str
    start: Time
    end: Time | None
    each: Name | None
    lasting: Length | None


@dataclass(frozen=True, slots=True)
class RefundRequest(Statement):
    purchase: Name
    at: Time

    @property
    def word(self) -> str:
        return "refund"


@dataclass(frozen=True, slots=True)
class PauseRequest(Statement):
    purchase: Name
    at: Time

    @property
    def word(self) -> str:
        return "pause"


@dataclass(frozen=True, slots=True)
class Expect(Statement):
    """A condition on the bill. `printed` is what the source prints where it disagrees with its own numbers."""

    condition: Expression
    at: Time | None
    printed: Expression | None


@dataclass(frozen=True, slots=True)
class ExpectRefused(Statement):
    reason: Text

    @property
    def word(self) -> str:
        return "expect"


# ---------------------------------------------------------------- declarations


@dataclass(frozen=True, slots=True)
class Declaration(Node):
    """A block with a name. `word` is the keyword it starts with."""

    word: str
    name: Name
    title: Text | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Tariff(Declaration):
    pass


@dataclass(frozen=True, slots=True)
class UnitDeclaration(Declaration):
    plural: Name | None = None
    formula: Expression | None = None


@dataclass(frozen=True, slots=True)
class Setting(Declaration):
    kind: Kind | None = None
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Meter(Declaration):
    pass


@dataclass(frozen=True, slots=True)
class Pool(Declaration):
    pass


@dataclass(frozen=True, slots=True)
class Charge(Declaration):
    pass


@dataclass(frozen=True, slots=True)
class Deduct(Declaration):
    """`name` is the meter; each rank holds the sources that share it."""

    ranks: tuple[tuple[Name, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class LimitDeclaration(Declaration):
    pass


@dataclass(frozen=True, slots=True)
class Example(Declaration):
    pass


@dataclass(frozen=True, slots=True)
class File:
    """A rule file that was read: its declarations in order, without those that were broken."""

    declarations: tuple[Declaration, ...]


