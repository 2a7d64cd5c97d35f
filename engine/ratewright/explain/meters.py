"""What was used, as sections: a meter with what paid for it, what prices the rest, what nothing covered."""

from __future__ import annotations

from ratewright.explain.document import Detail, Figure, Row, Section
from ratewright.explain.environment import phrase, sentences
from ratewright.explain.lines import charge_row, money, rule_notes
from ratewright.explain.phrases import Phrases
from ratewright.rating import trace
from ratewright.rating.bill import Bill, Line, LineKind

_LOTS_SHOWN = 10


def meter_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """A section for each meter that has something to tell, and one for charges on several meters or none."""
    known = {m.meter.name for m in bill.meters}
    own: dict[str, list[tuple[Line, trace.ChargeTrace]]] = {}
    others: list[Row] = []
    for line in bill.lines:
        why = line.why
        if line.kind is LineKind.CHARGE and isinstance(why, trace.ChargeTrace):
            if len(why.charge.meters) == 1 and why.charge.meters[0] in known:
                own.setdefault(why.charge.meters[0], []).append((line, why))
            else:
                others.append(charge_row(bill, line, why, None, say, detail))
    sections = [
        _meter_section(bill, meter, own.get(meter.meter.name, []), say, detail)
        for meter in bill.meters
        if detail == "full" or meter.measured or meter.excluded or meter.meter.name in own
    ]
    if others:
        sections.append(Section("charges", "", "Other charges", rows=tuple(others)))
    return sections


def _meter_section(
    bill: Bill,
    meter: trace.MeterTrace,
    lines: list[tuple[Line, trace.ChargeTrace]],
    say: Phrases,
    detail: Detail,
) -> Section:
    rows = [_source_row(source, say, detail) for source in meter.sources]
    rows += [charge_row(bill, line, why, meter, say, detail) for line, why in lines]
    rows += [unserved_row(unserved, say, detail) for unserved in meter.unserved]
    notes = sentences("why", "meter", "normal", meter, say)
    if detail == "full":
        for excluded in meter.excluded:
            notes += sentences("more", "excluded", "full", excluded, meter.meter.unit, say)
        notes += sentences("more", "meter", "full", meter, say)
        if not (meter.excluded and meter.meter.cite):
            notes += sentences("quote", "rule", "quote", meter.meter.cite, say)
        notes += sentences("rule", "rule", "place", meter.meter.span, say)
    return Section(
        "meter",
        meter.meter.name,
        say.title(meter.meter),
        Figure(meter.measured, meter.meter.unit, say.quantity(meter.measured, meter.meter.unit)),
        phrase("meter", "remark", meter, say),
        tuple(rows),
        tuple(notes),
        meter,
    )


def _source_row(source: trace.SourceTrace, say: Phrases, detail: Detail) -> Row:
    unit = source.pool.unit
    notes = sentences("why", "source", "normal", source, say)
    if detail == "full":
        for lot in source.lots:
            notes += sentences("more", "lot", "full", lot, unit, say)
        notes += sentences("more", "source", "full", source, say)
        if source.condition is not None:
            notes += sentences("more", "condition", "full", source.condition, say)
        notes += rule_notes(source.pool.cite, source.pool.span, say)
    elif len(source.lots) > 1:
        told = [lot for lot in source.lots if lot.drawn or lot.remaining or lot.lapsed or lot.refunded]
        for lot in told[:_LOTS_SHOWN]:
            notes += sentences("why", "lot", "normal", lot, unit, say)
        if len(told) > _LOTS_SHOWN:
            notes += sentences("why", "source", "more", len(told) - _LOTS_SHOWN, say)
    return Row(
        "source",
        source.pool.name,
        say.title(source.pool),
        Figure(source.covered, unit, say.quantity(source.covered, unit)),
        phrase("source", "row", source, say),
        money(0, 0, say),
        tuple(notes),
        source,
    )


def unserved_row(unserved: trace.UnservedTrace, say: Phrases, detail: Detail) -> Row:
    """Usage that nothing covered and nothing charged."""
    unit = unserved.meter.unit
    notes = sentences("why", "unserved", "normal", unserved, say)
    if detail == "full":
        notes += sentences("more", "unserved", "full", unserved, say)
    return Row(
        "unserved",
        unserved.meter.name,
        "not covered",
        Figure(unserved.quantity, unit, say.quantity(unserved.quantity, unit)),
        phrase("unserved", "row", unserved, say),
        money(0, 0, say),
        tuple(notes),
        unserved,
    )
