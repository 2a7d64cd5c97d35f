"""Every formula of a price list, with its place: whose it is, what it says there, and how often it is asked.

This is the one list of where formulas stand. It goes by the fields of the nodes, and a test proves that every field
that may hold a formula has its place here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from msgspec import Struct

from ratewright.meaning import nodes as n
from ratewright.meaning.walk import fields_of, given_in, kept_with_node
from ratewright.values.calendar import PeriodUnit

Owner = n.Meter | n.Pool | n.Charge | n.Limit
"""What a formula belongs to: a declaration."""


class Role(Enum):
    """What a formula says in its declaration."""

    WHERE = "which records count"
    MEASURE = "how records become a quantity"
    EACH = "what one record adds to the quantity"
    TAG = "what a record is marked with"
    STEP = "a step of a meter"
    SIZE = "how much a lot holds"
    RATIO = "how much of a lot usage takes"
    START = "from when a lot is valid"
    UNTIL = "until when a lot is valid"
    RENEWAL = "from when the cycles of a lot are counted"
    REFUND = "what a refund gives back"
    REFUND_CONDITION = "whether a refund is given"
    WHEN = "when a line or a lot is there"
    ON = "what a line is on"
    PRICE = "a term of a price"
    BOUND = "the bound of a row"
    ROWS = "which rows hold"
    REACHED = "the quantity that picks a row"
    AMOUNT = "the amount of a line"
    MINIMUM = "the least that a line costs"
    MAXIMUM = "the most that a line costs"
    PRORATED = "the share of a period"
    ANCHOR = "from when periods are counted"
    SHOWN = "what a sentence shows"


class Asked(Enum):
    """How often a formula is asked."""

    RECORD = "for each record"
    USAGE = "for usage that was measured, as what it is marked with says"
    PERIOD = "for each period of its line or meter, and each key"
    LOT = "for each lot"
    ACCOUNT = "once for an account"


class Formula(Struct, frozen=True):
    """A formula and its place. `name` says which of several: the tag, the step, the meter of a ratio."""

    expression: n.Expression
    owner: Owner
    role: Role
    asked: Asked
    name: str = ""


PLACES: Mapping[tuple[type[n.Node], str], tuple[Role, Asked]] = {
    (n.Where, "condition"): (Role.WHERE, Asked.RECORD),
    (n.Meter, "measure"): (Role.MEASURE, Asked.PERIOD),
    (n.Meter, "each"): (Role.EACH, Asked.RECORD),
    (n.Tag, "expression"): (Role.TAG, Asked.RECORD),
    (n.Step, "expression"): (Role.STEP, Asked.PERIOD),
    (n.Pool, "size"): (Role.SIZE, Asked.LOT),
    (n.Pool, "when"): (Role.WHEN, Asked.USAGE),
    (n.Ratio, "expression"): (Role.RATIO, Asked.USAGE),
    (n.Validity, "start"): (Role.START, Asked.LOT),
    (n.Validity, "until"): (Role.UNTIL, Asked.LOT),
    (n.RefundRule, "formula"): (Role.REFUND, Asked.LOT),
    (n.RefundRule, "condition"): (Role.REFUND_CONDITION, Asked.LOT),
    (n.Charge, "on"): (Role.ON, Asked.PERIOD),
    (n.Charge, "when"): (Role.WHEN, Asked.PERIOD),
    (n.Charge, "minimum"): (Role.MINIMUM, Asked.PERIOD),
    (n.Charge, "maximum"): (Role.MAXIMUM, Asked.PERIOD),
    (n.BlockMaximum, "limit"): (Role.MAXIMUM, Asked.PERIOD),
    (n.PeriodMaximum, "limit"): (Role.MAXIMUM, Asked.PERIOD),
    (n.Charge, "prorated"): (Role.PRORATED, Asked.PERIOD),
    (n.Charge, "reached"): (Role.REACHED, Asked.PERIOD),
    (n.Amount, "expression"): (Role.AMOUNT, Asked.PERIOD),
    (n.IncludedRate, "expression"): (Role.PRICE, Asked.PERIOD),
    (n.PriceTerm, "expression"): (Role.PRICE, Asked.PERIOD),
    (n.Bound, "limit"): (Role.BOUND, Asked.PERIOD),
    (n.Volume, "rows"): (Role.ROWS, Asked.PERIOD),
    (n.Graduated, "rows"): (Role.ROWS, Asked.PERIOD),
    (n.Anchor, "day"): (Role.ANCHOR, Asked.ACCOUNT),
    (n.Anchor, "start"): (Role.ANCHOR, Asked.ACCOUNT),
    (n.Shown, "expression"): (Role.SHOWN, Asked.PERIOD),
}
"""What a formula says, and how often it is asked, by the node and the field in which it stands."""


def formulas_of(tariff: n.Tariff) -> Iterator[Formula]:
    """Every formula of a price list outside its examples, in the order of the declarations of each kind.

    The cells, bounds and prices of tables are parts of the formulas that ask them.
    """
    for name in fields_of(n.Tariff):
        declared = getattr(tariff, name)
        for owner in declared.values() if isinstance(declared, Mapping) else ():
            if isinstance(owner, n.Node):
                yield from formulas_in(owner)  # type: ignore[arg-type]


@kept_with_node
def formulas_in(owner: Owner) -> Iterator[Formula]:
    """Every formula of a declaration, in the order of its fields."""
    yield from _within(owner, owner, "")


@kept_with_node
def charge_expressions(charge: n.Charge) -> Iterator[n.Expression]:
    """Every expression that a line comes from: not those that its sentence shows, which move no figure."""
    return (formula.expression for formula in formulas_in(charge) if formula.role is not Role.SHOWN)


def read_by(tariff: n.Tariff) -> Iterator[tuple[Formula, n.Given]]:
    """What each formula of a price list reads, each value once."""
    for formula in formulas_of(tariff):
        for given in given_in(formula.expression):
            yield formula, given


def _within(node: n.Node, owner: Owner, name: str) -> Iterator[Formula]:
    for field in fields_of(type(node)):
        value = getattr(node, field)
        if not value or isinstance(value, str):
            continue
        if isinstance(value, n.Expression):
            yield Formula(value, owner, *_place(node, field, owner), name)
            continue
        for key, item in _items(value):
            own = item.name if isinstance(item, n.Tag | n.Step) else key
            yield from _within(item, owner, own or name)


def _items(value: object) -> Iterator[tuple[str, n.Node]]:
    """The nodes in a field, with the name under which each stands."""
    if isinstance(value, n.Node):
        yield "", value
    elif isinstance(value, tuple):
        yield from (("", item) for item in value if isinstance(item, n.Node))
    elif isinstance(value, Mapping):
        yield from ((str(key), item) for key, item in value.items() if isinstance(item, n.Node))


def _place(node: n.Node, field: str, owner: Owner) -> tuple[Role, Asked]:
    role, asked = next(PLACES[kind, field] for kind in type(node).__mro__ if (kind, field) in PLACES)
    if isinstance(owner, n.Pool) and isinstance(node, n.Anchor | n.Bound):
        return Role.RENEWAL if isinstance(node, n.Anchor) else role, Asked.LOT
    if isinstance(owner, n.Charge) and owner.every.unit is PeriodUnit.RECORD and asked is Asked.PERIOD:
        return role, Asked.RECORD
    return role, asked
