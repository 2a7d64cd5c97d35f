"""Formulas: figures, arithmetic, comparisons, choices, times, and what is looked up."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ratewright.diagnostics import Span
from ratewright.meaning.nodes.node import Expression, Value
from ratewright.meaning.nodes.prices import Tier
from ratewright.meaning.nodes.tables import LookupColumn, TableKey
from ratewright.values.calendar import Cadence, Duration
from ratewright.values.exact import Exact
from ratewright.values.rounding import Way
from ratewright.values.units import Unit


class Figure(Struct, frozen=True):
    """A figure as its author wrote it: the number with its decimals, and the unit under the name that it was given.

    The number is empty where the unit stands alone, and where a percentage is made of others."""

    number: str
    unit: Unit


class Constant(Expression, frozen=True):
    """A value as it stands. `written` is how its author wrote it, where its own place does not say all of it: a
    figure under a column with a unit, or behind a name. `figure` is the one figure with a unit that it is written
    as, None for one that was worked out; `named` marks one that is made of named formulas, and `currency`. `places` are
    those of the figures that it was worked out of."""

    value: Value
    written: str = ""
    figure: Figure | None = None
    named: bool = False
    places: tuple[Span, ...] = ()


class Negative(Expression, frozen=True):
    operand: Expression


class Sum(Expression, frozen=True):
    """Terms with their sign, 1 or -1."""

    terms: tuple[tuple[int, Expression], ...]


class Product(Expression, frozen=True):
    """Factors; the flag marks a divisor."""

    factors: tuple[tuple[bool, Expression], ...]


class Comparison(Expression, frozen=True):
    operator: str
    left: Expression
    right: Expression


class AllOf(Expression, frozen=True):
    parts: tuple[Expression, ...]


class AnyOf(Expression, frozen=True):
    parts: tuple[Expression, ...]


class Negated(Expression, frozen=True):
    operand: Expression


class Choose(Expression, frozen=True):
    condition: Expression
    yes: Expression
    no: Expression


class Rounded(Expression, frozen=True):
    way: Way
    operand: Expression
    step: Exact


class Extreme(Expression, frozen=True):
    """`max(…)` or `min(…)` of two values or more."""

    largest: bool
    operands: tuple[Expression, ...]


class Later(Expression, frozen=True):
    """An instant and a calendar duration after it, or before it if `sign` is -1."""

    instant: Expression
    duration: Duration
    sign: int


class Elapsed(Expression, frozen=True):
    """The time from one instant to another, in seconds."""

    start: Expression
    end: Expression


class EdgeOf(Expression, frozen=True):
    """The start or end of the period of a cadence around an instant: `end of month(purchase)`."""

    cadence: Cadence
    instant: Expression
    end: bool


class TimeOfDay(Expression, frozen=True):
    """How much clock time has passed since midnight, in seconds."""

    instant: Expression


class NameOf(Expression, frozen=True):
    """The name of the local day of the week, or of the month, around an instant: `weekday(at)`, `month(at)`."""

    cadence: Cadence
    instant: Expression


class DaysBetween(Expression, frozen=True):
    """How many local days lie from one date to another."""

    start: Expression
    end: Expression


class Defined(Expression, frozen=True):
    """A named formula where it is used."""

    name: str
    expression: Expression


class Lookup(Expression, frozen=True):
    """A value of a table. `table` is the looked-up column; `keys` are asked in the order of its `by`."""

    table: LookupColumn
    keys: tuple[Expression, ...]


class RowsOf(Expression, frozen=True):
    """The rows of a table as tiers: those of one column, which `keys` choose."""

    name: str
    columns: Mapping[TableKey, tuple[Tier, ...]]
    keys: tuple[Expression, ...]


class Priced(Expression, frozen=True):
    """What a quantity comes to at the rows of a table, as a line of that form would have it: in slices if `graduated`,
    else as a whole. `rows` choose the tiers."""

    rows: Expression
    quantity: Expression
    graduated: bool


class NoPrice(Expression, frozen=True):
    """An amount that is not in the account's currency, and so has no value.

    Its `type` is that of an amount in `currency`, the account's: formulas around it are typed as if there were one.
    """

    currency: str
