"""The foot of a bill: what its lines add up to, from the charges to what is due."""

from __future__ import annotations

from ratewright.explain.document import Detail, Note, Row
from ratewright.explain.environment import sentences
from ratewright.explain.lines import money
from ratewright.explain.phrases import Phrases
from ratewright.rating.bill import Bill
from ratewright.values.exact import Exact


def sum_rows(bill: Bill, say: Phrases, detail: Detail) -> tuple[Row, ...]:
    """The sums that differ from the one behind them; the total is always there, and what is to be paid stands last."""
    rows = []
    if bill.charges != bill.subtotal:
        rows.append(_row("charges", bill.charges, say))
    if bill.subtotal != bill.exact_total:
        rows.append(_row("subtotal", bill.subtotal, say))
    rows.append(total_row(bill, say, detail))
    if bill.due != bill.total:
        rows.append(_row("due", bill.due, say))
    return tuple(rows)


def total_row(bill: Bill, say: Phrases, detail: Detail) -> Row:
    """The total, and how it was rounded where the rules round the bill."""
    notes: list[Note] = []
    if detail != "short":
        notes += sentences("why", "rounding", "normal", bill.rounding, say)
    if detail == "full":
        notes += sentences("more", "rounding", "full", bill.rounding, say)
    return Row("sum", "total", "total", money=money(bill.total, bill.exact_total, say), notes=tuple(notes), node=bill)


def _row(name: str, amount: Exact, say: Phrases) -> Row:
    return Row("sum", name, name, money=money(amount, amount, say))
