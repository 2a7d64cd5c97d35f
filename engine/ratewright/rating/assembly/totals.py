"""What the lines of a bill add up to: charges, subtotal, total, and what is left to pay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.meaning.sums import DUE, PAID_SUMS, SUMS, is_part
from ratewright.rating.bill import Line, LineKind
from ratewright.rating.rounding import of_bill, told
from ratewright.values.exact import Exact, exact, summed

_WORDS = {LineKind.DISCOUNT: tree.LineWord.DISCOUNT, LineKind.TAX: tree.LineWord.TAX}
"""Which word a kind of line stands for; what is bought, given back or paid of a line belongs to the charges."""


def in_sum(line: Line, name: str) -> bool:
    """Whether a line of a bill is among those that a sum of it adds up, one of `SUMS` or `due`.

    What pools paid of a sum comes off behind it. Corrections of earlier bills, their taxes among them, belong to the
    total and to no sum before it; those of what was paid of a total come off behind it too.
    """
    if name == DUE:
        return True
    of = _paid_sum(line)
    if of == "total":
        return False
    if of == "subtotal" or line.kind is LineKind.CORRECTION:
        return name == "total"
    return is_part(_WORDS.get(line.kind, tree.LineWord.CHARGE), name)


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
    """The sums of lines. Corrections are differences of what was rounded: where bills are rounded, only the rest is."""
    charges, subtotal, whole, due = (_sum(line for line in lines if in_sum(line, name)) for name in (*SUMS, DUE))
    corrections = _sum(line for line in lines if line.kind is LineKind.CORRECTION and in_sum(line, "total"))
    owed = exact(whole - corrections)
    rounding = of_bill(tariff.rounding)
    rounded = rounding.of(owed)
    total = exact(rounded + corrections)
    how = told(rounding, owed, rounded, tariff.rounding)
    return Totals(charges, subtotal, whole, total, exact(total + due - whole), how, corrections)


def _sum(lines: Iterable[Line]) -> Exact:
    return summed(line.amount for line in lines)


def _paid_sum(line: Line) -> str:
    """The sum of which a line says what was paid, be it as a correction; empty for every other line."""
    if isinstance(line.why, trace.PaymentTrace):
        of = line.why.target
    else:
        of = line.why.pays if isinstance(line.why, trace.CorrectionTrace) else ""
    return of if of in PAID_SUMS else ""
