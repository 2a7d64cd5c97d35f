"""Price forms as values of numbers, and what each comes to for a quantity.

- `Rate`: one price for the whole quantity.
- `Volume`: the whole quantity at the price of the row that it is in; if `cheapest`, the least quantity of a later row
  where that costs less.
- `Graduated`: each slice of the quantity at the price of its own row. A row is entered by a quantity that is in it
  or has gone past it, and what it charges once is due from then on, also while its slice is still 0.
"""

from __future__ import annotations

from msgspec import Struct

from ratewright.pricing.bounds import Range, row_of, within
from ratewright.pricing.terms import Price, TermAmount, priced, total
from ratewright.values.exact import Exact, exact, summed


class Rate(Struct, frozen=True, gc=False):
    """One price; None where nothing is sold."""

    price: Price | None


class Volume(Struct, frozen=True, gc=False):
    """A price for each row; None where the row is not sold."""

    rows: tuple[Range, ...]
    prices: tuple[Price | None, ...]
    cheapest: bool = False


class Graduated(Struct, frozen=True, gc=False):
    """A price for each row; None where the row is not sold."""

    rows: tuple[Range, ...]
    prices: tuple[Price | None, ...]


Form = Rate | Volume | Graduated


class NotSoldError(ValueError):
    """A quantity that comes to a row without a price; `row` is its place."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row} is not sold")
        self.row = row


class Slice(Struct, frozen=True, gc=False):
    """A row that a quantity came to, by its place, and how much is priced there."""

    row: int
    quantity: Exact


class Part(Struct, frozen=True, gc=False):
    """A slice with what each term of its price comes to."""

    row: int
    quantity: Exact
    terms: tuple[TermAmount, ...]

    @property
    def amount(self) -> Exact:
        return total(self.terms)


def volume_slice(rows: tuple[Range, ...], quantity: Exact, picks: Exact | None = None, side: int = 0) -> Slice:
    """The row of a volume price: the one that the quantity is in, or that another quantity, `picks`, is in."""
    return Slice(row_of(rows, quantity if picks is None else picks, side), quantity)


def offers(form: Volume, quantity: Exact) -> tuple[Part, ...]:
    """What a quantity may be charged as: itself in its own row, and the least quantity of each later row that holds
    any and is sold. Raises NotSoldError where its own row is not sold."""
    own = row_of(form.rows, quantity, 0)
    found = []
    for place, (row, price) in enumerate(zip(form.rows, form.prices, strict=True)):
        if place < own or (place > own and (row.empty or price is None)):
            continue
        if price is None:
            raise NotSoldError(own)
        charged = quantity if place == own else row.lower
        found.append(Part(place, charged, tuple(priced(term, charged) for term in price)))
    return tuple(found)


def cheapest(offered: tuple[Part, ...]) -> Part:
    """The offer that costs least; of equal ones the first."""
    return min(offered, key=lambda part: part.amount)


def graduated_slices(rows: tuple[Range, ...], quantity: Exact, side: int = 0) -> tuple[Slice, ...]:
    """The rows that a quantity has entered, with the slice that falls into each. One below 0 is all in the first."""
    if quantity < 0:
        return (Slice(0, quantity),)
    found = []
    for place, row in enumerate(rows):
        if quantity < row.lower:
            break
        if row.entered(quantity, side):
            top = quantity if row.upper is None else min(quantity, row.upper)
            found.append(Slice(place, exact(top - row.lower)))
    return tuple(found)


def slices(form: Form, quantity: Exact, picks: Exact | None = None, side: int = 0) -> tuple[Slice, ...]:
    """What of a quantity is priced where."""
    if isinstance(form, Rate):
        return (Slice(0, quantity),)
    if isinstance(form, Volume):
        return (volume_slice(form.rows, quantity, picks, side),)
    return graduated_slices(form.rows, quantity, side)


def parts(form: Form, quantity: Exact, picks: Exact | None = None, side: int = 0) -> tuple[Part, ...]:
    """What a quantity costs, row by row. Raises NotSoldError for the first row without a price."""
    if isinstance(form, Volume) and form.cheapest:
        return (cheapest(offers(form, quantity)),)
    prices = (form.price,) if isinstance(form, Rate) else form.prices
    made = []
    for of in slices(form, quantity, picks, side):
        price = prices[of.row]
        if price is None:
            raise NotSoldError(of.row)
        beside = side if _ends_in(form, of.row, quantity, side) else 0
        made.append(Part(of.row, of.quantity, tuple(priced(term, of.quantity, beside) for term in price)))
    return tuple(made)


def amount(form: Form, quantity: Exact, picks: Exact | None = None, side: int = 0) -> Exact:
    """What a quantity costs. Raises NotSoldError."""
    return summed(part.amount for part in parts(form, quantity, picks, side))


def _ends_in(form: Form, row: int, quantity: Exact, side: int) -> bool:
    """Whether the quantity itself is in a row that it came to, and has not gone past it."""
    if not isinstance(form, Graduated):
        return True
    of = form.rows[row]
    return within(quantity, of.upper, of.upper_inside, side)
