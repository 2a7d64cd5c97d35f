"""What the lines of a bill add up to: charges, subtotal, total, and what is left to pay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Line, LineKind
from ratewright.rating.rounding import of_bill, told
from ratewright.values.exact import Exact, exact, summed

_CHARGES = (
    LineKind.CHARGE,
    LineKind.PURCHASE,
    LineKind.EXTENSION,
    LineKind.REFUND,
    LineKind.PAYMENT,
)


class Totals(Struct, frozen=True):
    """The sums of a bill; see `bill.Bill`."""

    charges: Exact
    subtotal: Exact
    exact_total: Exact
    total: Exact
    due: Exact
    rounding: trace.RoundingTrace
    corrections: Exact


def totals(lines: Sequence[Line], tariff: tree.Tariff) -> Totals:
    """The sums of lines, of which those that pools paid of a sum come off behind it.

    Corrections of earlier bills, their taxes among them, belong to the total and to no sum before it; those of
    what was paid of a total come off behind it too. They are differences of what was rounded, so where bills are
    rounded only the rest is.
    """
    charges = _sum(line for line in lines if line.kind in _CHARGES and not _pays_a_sum(line))
    discounts = _sum(line for line in lines if line.kind is LineKind.DISCOUNT)
    owed = _sum(line for line in lines if line.kind is not LineKind.CORRECTION and not _pays(line, "total"))
    paid = _sum(line for line in lines if _pays(line, "total"))
    corrections = _sum(line for line in lines if line.kind is LineKind.CORRECTION and not _pays(line, "total"))
    rounding = of_bill(tariff.rounding)
    rounded = rounding.of(owed)
    total = exact(rounded + corrections)
    due = exact(total + paid)
    how = told(rounding, owed, rounded, tariff.rounding)
    return Totals(charges, exact(charges + discounts), exact(owed + corrections), total, due, how, corrections)


def _sum(lines: Iterable[Line]) -> Exact:
    return summed(line.amount for line in lines)


def _pays(line: Line, target: str) -> bool:
    return (isinstance(line.why, trace.PaymentTrace) and line.why.target == target) or (
        isinstance(line.why, trace.CorrectionTrace) and line.why.pays == target
    )


def _pays_a_sum(line: Line) -> bool:
    return _pays(line, "subtotal") or _pays(line, "total")
