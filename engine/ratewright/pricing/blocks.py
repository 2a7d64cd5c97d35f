"""A quantity cut into blocks, each of which is priced alone."""

from __future__ import annotations

from msgspec import Struct

from ratewright.values.exact import Exact, exact


class Blocks(Struct, frozen=True, gc=False):
    """As many blocks as `count`, each of the same `quantity`."""

    count: int
    quantity: Exact


def cut(quantity: Exact, size: Exact) -> tuple[Blocks, ...]:
    """The whole blocks of a quantity, and the one of what is left; what is not above 0 is one block."""
    if quantity <= 0:
        return (Blocks(1, quantity),)
    count = int(quantity // size)
    rest = exact(quantity - count * size)
    return tuple(blocks for blocks in (Blocks(count, size), Blocks(1, rest)) if blocks.count and blocks.quantity)
