"""Prices, the bounds of their rows, and the forms in which a quantity comes to an amount."""

from __future__ import annotations

from enum import Enum

from ratewright.meaning.nodes.node import Expression, Node
from ratewright.values.exact import Exact
from ratewright.values.units import Unit


class PriceTerm(Node, frozen=True):
    """One term of a price; its `sign` is -1 where it is taken off, else 1. Subclasses say which kind."""

    expression: Expression
    sign: int


class UnitPrice(PriceTerm, frozen=True):
    """Money per unit of the quantity, or a share of it where the quantity is money."""


class FlatAmount(PriceTerm, frozen=True):
    """Money, once."""


class BlockPrice(PriceTerm, frozen=True):
    """Money for each started block; `block` in base units, `unit` as written."""

    block: Exact
    unit: Unit


class Price(Node, frozen=True):
    """A sum of terms; none where the row is not sold."""

    terms: tuple[PriceTerm, ...]


class BoundKind(Enum):
    """Whether a bound is inside its tier; the value is how a rule file writes it."""

    BELOW = "below"
    UP_TO = "up to"
    BEYOND = "beyond"


class Bound(Node, frozen=True):
    """A tier's upper bound. `limit` is None for the last tier; `unit` is how it is written."""

    kind: BoundKind
    limit: Expression | None
    unit: Unit

    @property
    def inside(self) -> bool:
        """Whether the bound itself is in its tier."""
        return self.kind is BoundKind.UP_TO


class Tier(Node, frozen=True):
    bound: Bound
    price: Price


class Rate(Node, frozen=True):
    """One price for the whole quantity."""

    price: Price


class Volume(Node, frozen=True):
    """The whole quantity at the price of the tier it reaches. `rows` choose the tiers where they are not fixed.

    If `cheapest`, it is charged as the least quantity of a later tier where that costs less.
    """

    tiers: tuple[Tier, ...]
    rows: Expression | None = None
    cheapest: bool = False


class Graduated(Node, frozen=True):
    """Each slice of the quantity at the price of its own tier. `rows` choose the tiers where they are not fixed."""

    tiers: tuple[Tier, ...]
    rows: Expression | None = None


class Amount(Node, frozen=True):
    """A formula in money."""

    expression: Expression


class IncludedRate(Node, frozen=True):
    """A share that the quantity holds already: of 119 at 19%, 19. Nothing is added."""

    expression: Expression


PriceForm = Rate | Volume | Graduated | Amount | IncludedRate
