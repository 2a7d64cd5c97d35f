"""The largest charges and the taxes of several bills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ratewright.derivation import trace
from ratewright.explain.document import Cell, Figure, Money, Section, Table, without_empty_columns
from ratewright.explain.rows.charge_rows import may_be_added
from ratewright.explain.rows.line_rows import named_line
from ratewright.explain.sections.sum_rows import tax_rate
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import phrase
from ratewright.rating.assembly.totals import in_sum
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.values.exact import Exact, exact, summed

_LARGEST = 5
_LESS = {LineKind.REFUND: "given_back", LineKind.PAYMENT: "paid_of_lines"}
"""What comes off charges, as one row each."""


def largest_charges(bills: Sequence[Bill], say: Phrases) -> list[Section]:
    """The declarations that cost most, the others together, what was given back and paid of lines, and their sum;
    nothing where only one cost anything."""
    found: dict[tuple[LineKind, str], list[Line]] = {}
    less: dict[LineKind, list[Line]] = {}
    for bill in bills:
        for line in bill.lines:
            if line.kind in _LESS and in_sum(line, "charges"):
                less.setdefault(line.kind, []).append(line)
            elif in_sum(line, "charges"):
                found.setdefault((line.kind, line.source), []).append(line)
    groups = sorted(filter(_amount_of, found.values()), key=_amount_of, reverse=True)
    if len(groups) < 2:
        return []
    shown = groups if len(groups) == _LARGEST + 1 else groups[:_LARGEST]
    rows: list[tuple[Cell, ...]] = [
        (named_line(say.label_of(lines[-1]), lines[-1].kind), _quantity(lines, say), _money(_amount_of(lines), say))
        for lines in shown
    ]
    rest = groups[len(shown) :]
    if rest:
        others = phrase("summary", "others", len(rest), say)
        rows.append((others, None, _money(summed(map(_amount_of, rest)), say)))
    rows += [(phrase("summary", _LESS[kind], say), None, _money(_amount_of(of), say)) for kind, of in less.items()]
    every = [*found.values(), *less.values()]
    foot = (phrase("summary", "all_charges", say), None, _money(summed(map(_amount_of, every)), say))
    heads = tuple(phrase("summary", name, say) for name in ("charge", "quantity", "amount"))
    table = without_empty_columns(Table("charges", "", heads, tuple(rows), foot))
    return [Section("summary", "charges", phrase("summary", "largest", say), tables=(table,))]


def _amount_of(lines: Sequence[Line]) -> Exact:
    return summed(line.amount for line in lines)


def _quantity(lines: Sequence[Line], say: Phrases) -> Figure | None:
    """How much it was in all, where parts of one whole may be added: neither peaks nor levels."""
    unit = lines[0].unit
    if any(line.unit != unit or not _added(line, say) for line in lines):
        return None
    used = summed(line.quantity for line in lines)
    return Figure(used, unit, say.quantity(used, unit)) if used else None


def _added(line: Line, say: Phrases) -> bool:
    return isinstance(line.why, trace.ChargeTrace) and may_be_added(line.why.charge, say)


def _money(amount: Exact, say: Phrases) -> Money:
    return Money(amount, amount, say.amount(amount))


class _Tax(NamedTuple):
    """A tax at one rate: charged, inside the prices, or in corrections of earlier bills."""

    label: str
    rate: Exact | None
    inside: bool
    corrects: bool


def span_taxes(bills: Sequence[Bill], say: Phrases) -> list[Section]:
    """Each tax at each of its rates: what it is on, and what it comes to."""
    found: dict[_Tax, list[Line]] = {}
    for bill in bills:
        for line in bill.lines:
            corrects = line.why.corrects if isinstance(line.why, trace.CorrectionTrace) else ""
            kind = corrects or line.kind.value
            if kind in (LineKind.TAX.value, LineKind.INCLUDED.value):
                inside = kind == LineKind.INCLUDED.value
                tax = _Tax(say.label_of(line), tax_rate(line), inside, bool(corrects))
                found.setdefault(tax, []).append(line)
    if not found:
        return []
    heads = tuple(phrase("summary", name, say) for name in ("one_tax", "rate", "base", "amount"))
    rows = [_tax_row(tax, lines, say) for tax, lines in found.items()]
    amounts = exact(summed(line.amount for lines in found.values() for line in lines))
    foot = (phrase("summary", "sum_of_taxes", say), None, None, _money(amounts, say)) if len(rows) > 1 else ()
    table = Table("taxes", "", heads, tuple(rows), foot)
    return [Section("summary", "taxes", phrase("summary", "all_taxes", say), tables=(without_empty_columns(table),))]


def _tax_row(tax: _Tax, lines: Sequence[Line], say: Phrases) -> tuple[Cell, ...]:
    label = phrase("summary", "inside", tax.label, say) if tax.inside else tax.label
    label = phrase("summary", "corrected", label, say) if tax.corrects else label
    base: Cell = None
    if all(line.unit.singular == say.currency for line in lines):
        base = _money(summed(line.quantity for line in lines), say)
    rate = "" if tax.rate is None else say.percentage(tax.rate)
    return label, rate, base, _money(_amount_of(lines), say)
