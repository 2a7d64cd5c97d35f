"""A price list as a whole: who pays first, limits, examples, and all that it declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace
from whenever import Date

from ratewright.diagnostics import Source, Span
from ratewright.meaning.nodes.differences import Change, Difference, Operation
from ratewright.meaning.nodes.lines import Charge, RoundingRule
from ratewright.meaning.nodes.meters import Meter, Setting
from ratewright.meaning.nodes.node import Expression, Node, Value
from ratewright.meaning.nodes.pools import Pool
from ratewright.meaning.nodes.sentences import Sentence
from ratewright.syntax import nodes as syntax
from ratewright.values.calendar import Duration
from ratewright.values.exact import Exact
from ratewright.values.units import Unit


class Target(Enum):
    """What is paid for: the usage of a meter, a line of the bill, or a sum of lines."""

    METER = "meter"
    LINE = "line"
    SUM = "sum"


class Deduction(Node, frozen=True):
    """In which order a meter's usage is paid for, or a line, or a sum of lines; `meter` is its name.

    `pools` are ranks of pool names; sources of one rank are drawn as one queue. `charges` price what
    is left; where there are none, the rest is unserved. `order` says which usage is served first within a
    period: tags, each with its values in their order.
    """

    meter: str
    pools: tuple[tuple[str, ...], ...]
    charges: tuple[str, ...]
    cite: str
    order: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    target: Target = Target.METER


class Offer(Node, frozen=True):
    """What extends a limit: `amount` more (base units) for `price` each `term`."""

    amount: Exact
    price: Exact
    term: str
    duration: Duration


class Limit(Node, frozen=True):
    """A capacity: how much may run at once, by default and with extensions."""

    name: str
    title: str
    meter: str
    unit: Unit
    default: Exact
    offers: tuple[Offer, ...]
    cite: str
    sentence: Sentence | None = None


class Expectation(Node, frozen=True):
    """A condition on the bill of an example; `at` names the billing period or day it speaks of."""

    condition: Expression
    at: syntax.Time | None
    printed: Expression | None


class Refusal(Node, frozen=True):
    """The expectation that the example is refused with a message that holds `text`."""

    text: str


class Example(Node, frozen=True):
    """Usage and what its bill must be. `inputs` stay as written: `trial` makes them an account's usage."""

    name: str
    inputs: tuple[syntax.Statement, ...]
    expectations: tuple[Expectation | Refusal, ...]
    cite: str


class NameUse(Node, frozen=True):
    """A formula, a table or a column of one, and whether anything uses it. `word` says which; `of` is the table."""

    word: str
    name: str
    of: str
    used: bool


class UnaskedKey(Node, frozen=True):
    """A key of a table's rows that no lookup asks for, and those that are asked for. The place is the row's key.

    `rest` marks an `else` that holds none of them.
    """

    table: str
    by: str
    key: str
    asked: tuple[str, ...]
    rest: bool = False


class Uses(Struct, frozen=True):
    """What uses what is named, as far as that can be told."""

    names: tuple[NameUse, ...] = ()
    unasked: tuple[UnaskedKey, ...] = ()


class UnderContract(Struct, frozen=True):
    """For a list that holds for some accounts for a while: the list as it stands, and how this one differs from it.

    `titles` are those of the contracts, none in a gap between them; `lines` the lines that differ, by name. `marks` are
    the places of the contracts' own words in the tree, each with the statements that put them there, and `declared`
    those of their declarations.
    """

    by_list: Tariff
    titles: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    lines: Mapping[str, Difference] = {}
    marks: tuple[tuple[Span, tuple[Change, ...]], ...] = ()
    declared: tuple[Span, ...] = ()

    def dropped(self, name: str) -> Change | None:
        """The statement that drops a declaration of the list."""
        drops = (change for change in self.changes if change.operation is Operation.DROPPED and change.name == name)
        return next(drops, None)


class Tariff(Node, frozen=True):
    """A price list: everything a rule file says, with every name found. `rows` are those of its tables, as written,
    and `declared` its declarations.

    `contract` is set where it holds for some accounts only: its times are then those of the contract.

    It is in one `currency`. A rule file in several `currencies` gives a list in each: this is that in the first, and
    `others` are the rest. `examples` are those of accounts in this one. `titles` has what things are called in other
    languages, by their names, the list itself by none.
    """

    name: str
    title: str
    currency: str
    timezone: str
    effective: Date | None
    until: Date | None
    source_text: str
    rounding: RoundingRule
    bytes_by: int | None
    units: Mapping[str, Unit]
    settings: Mapping[str, Setting]
    meters: Mapping[str, Meter]
    pools: Mapping[str, Pool]
    charges: Mapping[str, Charge]
    deductions: Mapping[str, Deduction]
    limits: Mapping[str, Limit]
    examples: tuple[Example, ...]
    file: Source
    cite: str = ""
    splits: bool = False
    rows: tuple[Span, ...] = ()
    uses: Uses = Uses()
    contract: UnderContract | None = None
    currencies: tuple[str, ...] = ()
    others: tuple[Tariff, ...] = ()
    titles: Mapping[str, Mapping[str, str]] = {}
    declared: tuple[Span, ...] = ()

    @property
    def by_currency(self) -> tuple[Tariff, ...]:
        """The list in each of its currencies, in the order of its file."""
        return (self, *self.others)

    def in_each_currency(self, change: Callable[[Tariff], Tariff]) -> Tariff:
        """The list with a change that is made in each of its currencies."""
        return replace(change(self), others=tuple(map(change, self.others)))

    def in_time(self, effective: Date | None, until: Date | None) -> Tariff:
        """The same list for other days."""
        return self.in_each_currency(lambda own: replace(own, effective=effective, until=until))
