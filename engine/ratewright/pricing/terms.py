"""What a price comes to for a quantity: a sum of terms."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from fractions import Fraction

from msgspec import Struct

from ratewright.values.exact import Exact, exact, summed


class Kind(Enum):
    """What a term is multiplied by."""

    UNIT = "unit"
    BLOCK = "block"
    ONCE = "once"


class Term(Struct, frozen=True, gc=False):
    """`price` for each unit of the quantity, for each started `block` of it, or once."""

    kind: Kind
    price: Exact
    block: Exact = 1


class TermAmount(Struct, frozen=True, gc=False):
    """What one term comes to; `blocks` are those started, None for other terms."""

    term: Term
    blocks: int | None
    amount: Exact


Price = tuple[Term, ...]


def priced(term: Term, quantity: Exact, side: int = 0) -> TermAmount:
    """One term for a quantity. A block is started by anything above it: at its end, just above is one more."""
    if term.kind is Kind.UNIT:
        return TermAmount(term, None, exact(term.price * quantity))
    if term.kind is Kind.BLOCK:
        blocks = started(quantity, term.block, side)
        return TermAmount(term, blocks, exact(term.price * blocks))
    return TermAmount(term, None, term.price)


def started(quantity: Exact, block: Exact, side: int = 0) -> int:
    """How many blocks a quantity has started; `side` as in `bounds`."""
    if side > 0:
        return int(Fraction(quantity) // block) + 1
    return int(-(-Fraction(quantity) // block))


def total(amounts: Iterable[TermAmount]) -> Exact:
    """What terms come to together."""
    return summed(made.amount for made in amounts)


def slope(price: Price) -> Exact:
    """How much one unit more costs where no block begins."""
    return summed(term.price for term in price if term.kind is Kind.UNIT)
