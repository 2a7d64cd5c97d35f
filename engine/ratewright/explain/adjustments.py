"""What changes a bill beside its charges, as sections: discounts, taxes, what pools of money pay, corrections."""

from __future__ import annotations

from ratewright.explain.document import Detail, Row, Section
from ratewright.explain.environment import phrase, sentences
from ratewright.explain.lines import charge_row, correction_row, payment_row
from ratewright.explain.phrases import Phrases
from ratewright.rating import trace
from ratewright.rating.bill import Bill, LineKind


def correction_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """Lines of earlier bills that come to another amount now."""
    rows = [
        correction_row(line, line.why, say, detail)
        for line in bill.lines
        if isinstance(line.why, trace.CorrectionTrace)
    ]
    return _section("corrections", "Corrections of earlier bills", rows)


def away_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """Lines that a condition kept away; for the full length only."""
    if detail != "full":
        return []
    rows = [
        Row(
            "away",
            away.charge.name,
            ", ".join(part for part in (say.title(away.charge), say.key(away.key)) if part),
            None,
            phrase("away", "row", away, say),
            None,
            tuple(sentences("why", "away", "normal", away, say)),
            away,
        )
        for away in bill.away
    ]
    return _section("away", "What did not apply", rows)


def adjustment_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """Discounts, what was paid of the subtotal, taxes, what was paid of the total: as they follow on one another."""
    return [
        *_section("discounts", "Discounts", _priced(bill, LineKind.DISCOUNT, say, detail)),
        *_section("payments", "Paid of the subtotal", _paid(bill, "subtotal", say, detail)),
        *_section("taxes", "Taxes", _priced(bill, LineKind.TAX, say, detail)),
        *_section("payments", "Paid of the total", _paid(bill, "total", say, detail)),
    ]


def _priced(bill: Bill, kind: LineKind, say: Phrases, detail: Detail) -> list[Row]:
    return [
        charge_row(line, line.why, None, say, detail)
        for line in bill.lines
        if line.kind is kind and isinstance(line.why, trace.ChargeTrace)
    ]


def _paid(bill: Bill, target: str, say: Phrases, detail: Detail) -> list[Row]:
    return [
        payment_row(line, line.why, say, detail)
        for line in bill.lines
        if isinstance(line.why, trace.PaymentTrace) and line.why.target == target
    ]


def _section(kind: str, title: str, rows: list[Row]) -> list[Section]:
    return [Section(kind, "", title, rows=tuple(rows))] if rows else []
