"""The foot of a bill: what its lines add up to, from the charges to what is due, and what lines mean by those sums."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.derivation import trace
from ratewright.explain.adjustment_sections import paid_of
from ratewright.explain.document import Detail, Note, Row
from ratewright.explain.line_rows import lines_of, money
from ratewright.explain.phrases import Phrases
from ratewright.explain.word_templates import sentences
from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import charge_expressions
from ratewright.meaning.walk import given_in
from ratewright.rating.bill import Bill, LineKind
from ratewright.values.exact import Exact, exact, summed

_LABELS = {"left": "left of the subtotal", "corrections": "corrections of earlier bills"}


def sum_rows(bill: Bill, say: Phrases, detail: Detail) -> tuple[Row, ...]:
    """The sums that differ from the one behind them or that a line goes by, each to be had from the lines and the
    sums above it; the total is always there, and what is to be paid stands last."""
    rows = []
    named = set(_named(bill))
    if bill.charges != bill.subtotal or "charges" in named:
        rows.append(_row("charges", bill.charges, say))
    if bill.subtotal != bill.exact_total or "subtotal" in named:
        rows.append(_row("subtotal", bill.subtotal, say))
    paid = summed(line.amount for line, _ in paid_of(bill, "subtotal"))
    if paid:
        rows.append(_row("left", exact(bill.subtotal + paid), say))
    corrected = lines_of(bill, LineKind.CORRECTION)
    taxes = lines_of(bill, LineKind.TAX)
    if taxes and corrected:
        rows.append(_row("taxes", summed(line.amount for line in taxes), say))
    if corrected:
        rows.append(_row("corrections", bill.corrections, say))
    rows.append(total_row(bill, say, detail))
    if bill.due != bill.total:
        rows.append(_row("due", bill.due, say))
    return tuple(rows)


def total_row(bill: Bill, say: Phrases, detail: Detail) -> Row:
    """The total, and how it was rounded where the rules round the bill."""
    notes: list[Note] = []
    if detail != "short":
        notes += sentences("why", "rounding", "own" if bill.corrections else "normal", bill.rounding, say)
    if detail == "full":
        notes += sentences("more", "rounding", "full", bill.rounding, say)
    return Row("sum", "total", "total", money=money(bill.total, bill.exact_total, say), notes=tuple(notes), node=bill)


def _row(name: str, amount: Exact, say: Phrases) -> Row:
    return Row("sum", name, _LABELS.get(name, name), money=money(amount, amount, say))


def _named(bill: Bill) -> Iterator[str]:
    """The sums that the bill's lines go by."""
    charges = {line.source: line.why.charge for line in bill.lines if isinstance(line.why, trace.ChargeTrace)}
    for charge in charges.values():
        for expression in charge_expressions(charge):
            yield from (g.name for g in given_in(expression) if isinstance(g, tree.SumOfLines | tree.LineLeft))
