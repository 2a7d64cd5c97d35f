"""What statements are made of: lengths, units, prices, rows."""

from __future__ import annotations

from ratewright.syntax.nodes.expressions import Expression, Number, Quantity, Text, Time
from ratewright.syntax.nodes.node import Name, Node
from ratewright.values.exact import Exact


class Length(Node, frozen=True):
    """A written duration: `7 days`, `1 year`."""

    value: Exact
    unit: Name


class UnitName(Node, frozen=True):
    """Units multiplied and divided: `MJ / m3`; each with how many of it, above 1 in prices only: `USD/1,000 events`."""

    factors: tuple[tuple[str, Exact, Name], ...]


class Kind(Node, frozen=True):
    """What a setting or field holds: `text`, `number`, `date`, `choice` or `unit`; the last two say which.

    `below` is the bound below which a figure may go, which is 0; None where it may not.
    """

    kind: str
    choices: tuple[Name, ...] = ()
    unit: UnitName | None = None
    below: Number | None = None


class PriceTerm(Node, frozen=True):
    """One term of a price; `block` where it is `per started` block, `taken_off` where it stands behind a `-`."""

    expression: Expression
    block: Quantity | None
    taken_off: bool = False


class Price(Node, frozen=True):
    """A sum of terms, or none at all where the row is `not sold`."""

    terms: tuple[PriceTerm, ...]


class Bound(Node, frozen=True):
    """`kind` is `below`, `up to`, `next` or `beyond`; only `beyond` has no limit."""

    kind: str
    limit: Expression | None


class Keys(Node, frozen=True):
    """Two keys or more that share a row: `japan or korea`; a Text where one stands in quotes, a Time for a day."""

    names: tuple[Name | Text | Time, ...]


class Rest(Node, frozen=True):
    """`else`: every key that no row names."""


class Row(Node, frozen=True):
    """A line of a table: its bound or keys, and its cells. Which is which follows from how many there are."""

    items: tuple[Bound | Keys | Rest | Price | Number, ...]


class Cadence(Node, frozen=True):
    """How something repeats: `month`, `4 months`, `month on day 15`, `month from purchase`, `day from first use`."""

    count: Exact
    unit: Name
    day: Exact | Name | None
    start: Expression | None
    first_use: bool = False


class Covered(Node, frozen=True):
    """A meter or line that a pool pays for; `ratio` is how much of the pool one unit of it takes."""

    name: Name
    ratio: Expression | None


class SizeRow(Node, frozen=True):
    """A size on sale and its price; with a bound instead of a size any size within it, and a price by the unit, or
    None where it is not sold."""

    size: Quantity | Bound
    price: Expression | None
