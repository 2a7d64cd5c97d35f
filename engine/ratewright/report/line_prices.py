"""What a line says in one figure of how it was priced: a price for each unit, or the rate of a tax."""

from __future__ import annotations

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Line, LineKind
from ratewright.values.exact import Exact, exact
from ratewright.values.units import currency_unit

_TAXES = (LineKind.TAX.value, LineKind.INCLUDED.value)


def unit_price(line: Line, currency: str) -> Exact | None:
    """The price of one `line.unit`, where the quantity times it is the exact amount; None elsewhere."""
    priced = _priced(line)
    if priced is None or _kind(line) != LineKind.CHARGE.value:
        return None
    price = _single(priced.price)
    share = line.unit.dimension == currency_unit(currency).dimension
    if price is None or share or exact(price * line.quantity) != line.exact:
        return None
    return exact(price * line.unit.scale)


def tax_rate(line: Line) -> Exact | None:
    """The rate of a tax that is one share of what it is on: 0.2 for 20%; None elsewhere."""
    priced = _priced(line)
    if priced is None or _kind(line) not in _TAXES:
        return None
    return priced.price.rate if isinstance(priced.price, trace.IncludedTrace) else _single(priced.price)


def _priced(line: Line) -> trace.ChargeTrace | None:
    why = line.why.why if isinstance(line.why, trace.CorrectionTrace) else line.why
    return why if isinstance(why, trace.ChargeTrace) else None


def _kind(line: Line) -> str:
    """The kind of a line; of a correction that of the line which it corrects."""
    return line.why.corrects if isinstance(line.why, trace.CorrectionTrace) else line.kind.value


def _single(price: trace.PriceTrace) -> Exact | None:
    """The one price of each unit of the whole quantity, in base units; None where there are several, or another."""
    match price:
        case trace.RateTrace():
            terms = price.terms
        case trace.VolumeTrace() if price.charged_as in (None, price.quantity):
            terms = price.reached.terms
        case _:
            return None
    one = terms[0] if len(terms) == 1 else None
    return one.price if one is not None and isinstance(one.term, tree.UnitPrice) else None
