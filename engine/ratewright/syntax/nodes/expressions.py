"""Formulas as they are written."""

from __future__ import annotations

from ratewright.syntax.nodes.node import Name, Node
from ratewright.values.calendar import Moment
from ratewright.values.exact import Exact
from ratewright.values.rounding import Way


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
    """A month, a date or a date with time. `month` marks `2026-03`, which stands for the whole month, `year` the `2026`
    of records, which stands for the whole year."""

    moment: Moment
    month: bool = False
    year: bool = False


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
    """`x each day or 0 where c since activation`; at least one of `each`, `where` and `since` is there.

    `otherwise` is the value of what `each` names and has none; None where it is left out.
    """

    operand: Expression
    each: EachOf | None
    condition: Expression | None
    since: Expression | None
    otherwise: Number | None = None


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
