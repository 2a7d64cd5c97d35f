"""What changes a bill beside its charges, as sections: discounts, taxes, what pools of money pay, corrections."""

from __future__ import annotations

from ratewright.derivation import trace
from ratewright.explain.document import Detail, Row, Section
from ratewright.explain.rows.line_rows import (
    changes,
    charge_row,
    label_of,
    money,
    payment_row,
    price_notes,
    price_row,
    quantity_of,
    rule_notes,
)
from ratewright.explain.rows.row_tables import grouped
from ratewright.explain.wording.names_in_place import of_charge, of_line
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.time_phrases import beside
from ratewright.explain.wording.word_templates import marked, phrase, sentences
from ratewright.rating.bill import Bill, Line, LineKind

_LATE_SHOWN = 5


def correction_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """Lines of earlier bills that come to another amount now, below the records that came late."""
    found = [(line, why) for line, why in _corrected(bill) if why.pays != "total"]
    late = bill.late
    if not late:
        return []
    shown = len(late) if detail == "full" else _LATE_SHOWN
    with marked():
        rows = [_correction_row(line, why, say, detail) for line, why in found]
    notes = sentences("why", "late_record", "normal", late, shown, bool(_corrected(bill)), say)
    title = phrase("section", "corrections")
    return [grouped(Section("corrections", "", title, rows=tuple(rows), notes=tuple(notes)), say, detail)]


def _corrected(bill: Bill) -> list[tuple[Line, trace.CorrectionTrace]]:
    return [(line, line.why) for line in bill.lines if isinstance(line.why, trace.CorrectionTrace)]


def _correction_row(line: Line, why: trace.CorrectionTrace, say: Phrases, detail: Detail) -> Row:
    """A line of an earlier bill, worked out again with usage that was reported late."""
    made = why.why
    say = say if made is None else of_line(made, say)
    price = "" if made is None else price_row(made.price, say)
    notes = sentences("why", "correction", "normal", why, price, say)
    if made is not None:
        notes += price_notes(made, say)
        if made.contract is not None:
            notes += sentences("why", "contract", "scaled", made.contract, say)
        for found in changes(made, say):
            notes += found
    if why.contract is not None:
        notes += sentences("why", "contract", "normal", why.contract, say)
    if detail == "full":
        notes += rule_notes(line.cite, line.rule, say)
    return Row(
        "correction",
        line.source,
        label_of(line, say),
        quantity_of(line, say),
        phrase("correction", "row", why, say),
        money(line.amount, line.exact, say),
        tuple(notes),
        line,
    )


def away_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """Lines that a condition kept away; for the full length only."""
    if detail != "full":
        return []
    with marked():
        rows = [
            Row(
                "away",
                away.charge.name,
                beside(say.title(away.charge), say.key(away.key)),
                None,
                phrase("away", "row", away, say),
                None,
                tuple(sentences("why", "away", "normal", away, of_charge(away.charge, say))),
                away,
            )
            for away in bill.away
        ]
    return _section(say, detail, "away", phrase("section", "away"), rows)


def adjustment_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """Discounts, what was paid of the subtotal, taxes, what was paid of the total: as they follow on one another."""
    with marked():
        discounts, taxes, included = (
            _priced(bill, kind, say, detail) for kind in (LineKind.DISCOUNT, LineKind.TAX, LineKind.INCLUDED)
        )
        paid, paid_of_total = (_paid(bill, target, say, detail) for target in ("subtotal", "total"))
    return [
        *_section(say, detail, "discounts", phrase("section", "discounts"), discounts),
        *_section(say, detail, "payments", phrase("section", "paid_of_subtotal"), paid, "subtotal"),
        *_section(say, detail, "taxes", phrase("section", "taxes"), taxes),
        *_section(say, detail, "included", phrase("section", "included"), included),
        *_section(say, detail, "payments", phrase("section", "paid_of_total"), paid_of_total, "total"),
    ]


def _priced(bill: Bill, kind: LineKind, say: Phrases, detail: Detail) -> list[Row]:
    return [
        charge_row(line, line.why, say, detail)
        for line in bill.lines
        if line.kind is kind and isinstance(line.why, trace.ChargeTrace)
    ]


def paid_of(bill: Bill, target: str) -> list[tuple[Line, trace.PaymentTrace]]:
    """What pools of money paid of a sum of the bill."""
    found = ((line, line.why) for line in bill.lines if isinstance(line.why, trace.PaymentTrace))
    return [(line, why) for line, why in found if why.target == target]


def _paid(bill: Bill, target: str, say: Phrases, detail: Detail) -> list[Row]:
    rows = [payment_row(line, why, say, detail) for line, why in paid_of(bill, target)]
    late = [(line, why) for line, why in _corrected(bill) if target == why.pays == "total"]
    return rows + [_correction_row(line, why, say, detail) for line, why in late]


def _section(say: Phrases, detail: Detail, kind: str, title: str, rows: list[Row], name: str = "") -> list[Section]:
    return [grouped(Section(kind, name, title, rows=tuple(rows)), say, detail)] if rows else []
