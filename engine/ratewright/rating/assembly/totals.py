"""What the lines of a bill add up to: charges, subtotal, total, and what is left to pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.meaning.sums import DUE, PAID_SUMS, SUMS, is_part
from ratewright.meaning.walk import kept
from ratewright.rating.bill import Line, LineKind
from ratewright.rating.rounding import of_bill, told
from ratewright.values.exact import Exact, exact, summed

_WORDS = {LineKind.DISCOUNT: tree.LineWord.DISCOUNT, LineKind.TAX: tree.LineWord.TAX}
"""Which word a kind of line stands for; what is bought, given back or paid of a line belongs to the charges."""


_Group = tuple[LineKind, str]
"""What decides to which sums a line belongs: its kind, and the sum of which it says what was paid."""


def in_sum(line: Line, name: str) -> bool:
    """Whether a line of a bill is among those that a sum of it adds up, one of `SUMS` or `due`."""
    return _in_sum(_group(line), name)


def _group(line: Line) -> _Group:
    corrects = line.why.corrects if isinstance(line.why, trace.CorrectionTrace) else ""
    return LineKind.INCLUDED if corrects == LineKind.INCLUDED.value else line.kind, _paid_sum(line)


def _in_sum(group: _Group, name: str) -> bool:
    """Whether the lines of a group are in a sum.

    What pools paid of a sum comes off behind it. Corrections of earlier bills, their taxes among them, belong to the
    total and to no sum before it; those of what was paid of a total come off behind it too.
    """
    kind, of = group
    if kind is LineKind.INCLUDED:
        return False  # a tax that is inside, and the correction of one, are told and not owed
    if name == DUE:
        return True
    if of == "total":
        return False
    if of == "subtotal" or kind is LineKind.CORRECTION:
        return name == "total"
    return is_part(_WORDS.get(kind, tree.LineWord.CHARGE), name)


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
    return _totals(lines, tariff) if lines else kept(tariff, "totals_of_nothing", lambda: _totals((), tariff))


def _totals(lines: Sequence[Line], tariff: tree.Tariff) -> Totals:
    amounts: dict[_Group, list[Exact]] = defaultdict(list)
    for line in lines:
        amounts[_group(line)].append(line.amount)
    sums = {group: summed(of) for group, of in amounts.items()}
    charges, subtotal, whole, due = (
        summed(amount for group, amount in sums.items() if _in_sum(group, name)) for name in (*SUMS, DUE)
    )
    corrections = summed(
        amount for group, amount in sums.items() if group[0] is LineKind.CORRECTION and _in_sum(group, "total")
    )
    owed = exact(whole - corrections)
    rounding = of_bill(tariff.rounding)
    rounded = rounding.of(owed)
    total = exact(rounded + corrections)
    how = told(rounding, owed, rounded, tariff.rounding)
    return Totals(charges, subtotal, whole, total, exact(total + due - whole), how, corrections)


def _paid_sum(line: Line) -> str:
    """The sum of which a line says what was paid, be it as a correction; empty for every other line."""
    if isinstance(line.why, trace.PaymentTrace):
        of = line.why.target
    else:
        of = line.why.pays if isinstance(line.why, trace.CorrectionTrace) else ""
    return of if of in PAID_SUMS else ""
