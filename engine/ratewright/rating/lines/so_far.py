"""What was billed so far of a line that is billed in parts of its period."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from ratewright.rating.lines.by_list import ByList
from ratewright.rating.lines.line_outcome import Priced
from ratewright.values.exact import Exact, exact


class SoFar(Struct):
    """What a line was fed for a period and key, and what was billed of it; nothing where it is billed as a whole.

    `listed` is what the list alone asks of it, where a contract differs.
    """

    fed: dict[str, Exact] = field(default_factory=dict)
    quantity: Exact = 0
    exact: Exact = 0
    amount: Exact = 0
    listed: Exact = 0

    def feed(self, fed: Mapping[str, Exact]) -> None:
        """Add what each meter feeds now."""
        for meter, quantity in fed.items():
            self.fed[meter] = exact(self.fed.get(meter, 0) + quantity)

    def has(self, made: Priced) -> bool:
        """Whether all that a line comes to is billed."""
        return (made.amount, made.exact) == (self.amount, self.exact)

    def bill(self, made: Priced) -> None:
        """Note that all of it is billed now."""
        self.quantity, self.exact, self.amount = made.quantity, made.exact, made.amount

    def bill_by_list(self, asked: ByList | None) -> None:
        """Note that all that the list asks of it is told now."""
        self.listed = asked.alone or 0 if asked is not None else 0


NOTHING_BILLED = SoFar()


def less(all: Exact, billed: Exact) -> Exact:
    """What is left of a figure; nothing is reckoned where nothing was billed."""
    return exact(all - billed) if billed else all
