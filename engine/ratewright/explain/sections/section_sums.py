"""What a bill begins with: what each of its sections comes to, as far as it is to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ratewright.derivation import trace
from ratewright.explain.document import Cell, Link, Row, Section, Table, without_empty_columns
from ratewright.explain.rows.line_rows import money
from ratewright.explain.sections.meter_sections import meters_of
from ratewright.explain.sections.sum_rows import ladder
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import phrase
from ratewright.meaning.sums import DUE
from ratewright.rating.assembly.totals import in_sum
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.values.exact import Exact, exact

_FEW = 3
"""So many sections are seen at a glance."""

_Place = tuple[str, str]
"""The kind and the name of a section."""

_OWN = {
    LineKind.PURCHASE: "purchases",
    LineKind.REFUND: "refunds",
    LineKind.EXTENSION: "limits",
    LineKind.DISCOUNT: "discounts",
    LineKind.TAX: "taxes",
    LineKind.CORRECTION: "corrections",
}


class Summed(NamedTuple):
    """What stands before the sections of a bill, and these, with ids where a link leads to them."""

    summary: tuple[Section, ...]
    sections: tuple[Section, ...]


def section_sums(bill: Bill, sections: Sequence[Section], sums: Sequence[Row], say: Phrases) -> Summed:
    """A section with a row for each of the others that has lines to pay; nothing where there are only a few of them.
    With the rounding of the bill they add up to what is due."""
    if len({(section.kind, section.name) for section in sections}) <= _FEW:
        return Summed((), tuple(sections))
    amounts: dict[_Place, Exact] = {}
    meters = meters_of(bill)
    for line in bill.lines:
        if in_sum(line, DUE):
            place = _place(line, meters)
            amounts[place] = exact(amounts.get(place, 0) + line.amount)
    told: dict[_Place, list[Section]] = {}
    for section in sections:
        if (section.kind, section.name) in amounts:
            told.setdefault((section.kind, section.name), []).append(section)
    if len(told) <= _FEW or len(told) < len(amounts):
        return Summed((), tuple(sections))
    ids = {id(members[0]): "-".join(filter(None, (bill_id(bill), *place))) for place, members in told.items()}
    rows: list[tuple[Cell, ...]] = []
    for place, members in told.items():
        used = members[0].quantity if len(members) == 1 else None
        link = Link(members[0].title, ids[id(members[0])])
        rows.append((link, used, money(amounts[place], amounts[place], say)))
    foot = ladder(sums)
    rows += [(step.label, None, step.money) for step in foot.steps if step.kind == "rounding"]
    heads = tuple(phrase("summary", name, say) for name in ("part", "used", "amount"))
    table = Table("sections", "", heads, tuple(rows), (foot.due.label, None, foot.due.money))
    first = Section("summary", "sections", phrase("summary", "title", say), tables=(without_empty_columns(table),))
    return Summed((first,), tuple(section._replace(id=ids.get(id(section), "")) for section in sections))


def bill_id(bill: Bill) -> str:
    """What a bill is called in links: `bill-2026-03-01`, the day on which its period begins."""
    return f"bill-{bill.calendar.date_of(bill.period.start)}"


def _place(line: Line, meters: dict[str, str]) -> _Place:
    """The section in which a line stands."""
    why = line.why
    pays = why.target if isinstance(why, trace.PaymentTrace) else ""
    if isinstance(why, trace.CorrectionTrace) and why.pays == "total":
        pays = why.pays
    if pays in ("subtotal", "total"):
        return "payments", pays
    if line.kind in _OWN:
        return _OWN[line.kind], ""
    meter = meters.get(pays or line.source, "")
    return ("meter", meter) if meter else ("charges", "")
