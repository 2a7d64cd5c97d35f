"""The statements of examples: what is given, bought and used, and what is expected."""

from __future__ import annotations

from ratewright.syntax.nodes.expressions import EachOf, Expression, Quantity, Text, Time
from ratewright.syntax.nodes.node import Name
from ratewright.syntax.nodes.parts import Length, Row
from ratewright.syntax.nodes.statements import Statement
from ratewright.values.exact import Exact


class Set(Statement, frozen=True):
    setting: Name
    value: Expression
    start: Time | None


class GivenLeft(Statement, frozen=True):
    """What is left of a lot; `below` 0 where it is overdrawn by the amount."""

    amount: Quantity
    pool: Name
    until: Time | None
    attributes: tuple[tuple[Name, Expression], ...] = ()
    below: bool = False

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

    `end` is None there where the records fill one day or month. `below` marks a quantity below 0, which takes usage
    back.
    """

    quantity: Quantity
    meter: Name
    attributes: tuple[tuple[Name, Expression], ...]
    form: str
    start: Time
    end: Time | None
    each: EachOf | None
    lasting: Length | None
    below: bool = False

    @property
    def signed(self) -> Exact:
        """The number of the quantity, below 0 where usage is taken back."""
        return -self.quantity.value if self.below else self.quantity.value


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


class Withdraw(Statement, frozen=True):
    """A part of what is left of a pool, or of what was bought, that is taken back without money."""

    amount: Quantity
    source: Name
    attributes: tuple[tuple[Name, Expression], ...]
    at: Time
    reason: Text | None


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
