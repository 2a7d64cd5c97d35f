"""What was used, as sections: a meter with what paid for it, what prices the rest, what nothing covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ratewright.derivation import trace
from ratewright.explain.document import Detail, Figure, Note, Row, Section
from ratewright.explain.rows.charge_rows import ChargeLines
from ratewright.explain.rows.line_rows import money
from ratewright.explain.rows.measure_notes import Results, further_measures
from ratewright.explain.rows.pool_rows import source_row
from ratewright.explain.rows.row_tables import tabled
from ratewright.explain.wording.names_in_place import of_line_on, of_meter
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import marked, phrase, sentences
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in, said
from ratewright.plan.meter_plans import records_of
from ratewright.rating.bill import Bill, LineKind
from ratewright.values.exact import Exact, exact

_PERIODS_SHOWN = 5
_IDLE_SHOWN = 12


def meter_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """A section for each meter that has something to tell, and one for charges on several meters or none."""
    lines = ChargeLines(bill.lines, say, detail)
    own: dict[str, list[str]] = {}
    others: list[str] = []
    for name, on in meters_of(bill).items():
        (own.setdefault(on, []) if on else others).append(name)
    sections: list[Section] = []
    for meter in bill.meters:
        names = own.get(meter.meter.name, [])
        if meter.group:  # told once for each period that lines ask: with the lines of that period
            names = [charge.name for charge in meter.group if charge.name in names]
        if detail == "full" or meter.measured or meter.excluded or names or lapsed(meter):
            results = Results(meter)
            sections.append(_meter_section(results, names, bill, lines, say, detail))
            sections += [section for name in names for section in lines.apart(name, results)]
    rows = [row for name in others for row in lines.rows(name, None)]
    if rows:
        sections.append(Section("charges", "", phrase("section", "charges"), rows=tuple(rows)))
    sections += [section for name in others for section in lines.apart(name, None)]
    return sections + (_idle(bill, sections, say) if detail != "full" else [])


def _idle(bill: Bill, sections: Sequence[Section], say: Phrases) -> list[Section]:
    """What there is nothing to tell of, in a line each: pools of which nothing was held, and meters that nothing used.

    Pools are those of meters that were used; what reads another meter's records is not used itself.
    """
    told = {section.name for section in sections if section.kind == "meter"}
    sources = [source for meter in bill.meters if meter.meter.name in told for source in meter.sources]
    none = [say.title(source.pool) for source in sources if not source.lots]
    unused = [say.title(m.meter) for m in bill.meters if m.meter.name not in told and not m.meter.reads]
    notes = sentences("why", "idle", "pools", list(dict.fromkeys(none)), _IDLE_SHOWN, say)
    notes += sentences("why", "idle", "meters", list(dict.fromkeys(unused)), _IDLE_SHOWN, say)
    return [Section("idle", "", "", notes=tuple(notes))] if notes and told else []


def lapsed(meter: trace.MeterTrace) -> bool:
    """Whether something that was paid for lapsed in the period, which is told though nothing was used."""
    return any(lot.lapsed and lot.purchased is not None for source in meter.sources for lot in source.lots)


def meters_of(bill: Bill) -> dict[str, str]:
    """The charges that have lines, each with the meter in whose section it stands; nothing for other charges."""
    known = {m.meter.name for m in bill.meters}
    on = {name: why.charge.meters for name, why in _charges(bill).items()}
    return {name: meters[0] if len(meters) == 1 and meters[0] in known else "" for name, meters in on.items()}


def _charges(bill: Bill) -> dict[str, trace.ChargeTrace]:
    """The charges that have lines, each with the trace of its first."""
    found: dict[str, trace.ChargeTrace] = {}
    for line in bill.lines:
        if line.kind is LineKind.CHARGE and isinstance(line.why, trace.ChargeTrace):
            found.setdefault(line.source, line.why)
    return found


def _meter_section(
    results: Results, names: list[str], bill: Bill, lines: ChargeLines, say: Phrases, detail: Detail
) -> Section:
    meter = results.meter
    own = of_meter(meter.meter, say)
    early = meter.meter.each is not None and lines.reach_back(names)
    held = [source_row(source, say, detail) for source in meter.sources if detail == "full" or source.lots]
    rows = [row for row, _ in held]
    none = [source_row(source, say, detail)[0] for source in meter.sources if detail != "full" and not source.lots]
    rows += [row for name in names for row in lines.rows(name, results)]
    readers = [charge.name for charge in meter.read_by]
    elsewhere = priced_elsewhere(meter.meter, bill)
    with marked():
        unserved = [unserved_row(each, meter.sources, say, detail, elsewhere) for each in meter.unserved]
    left = tabled(unserved, say, detail, added=lambda row: meter.meter.each is not None)
    rows += left.rows
    notes = sentences("why", "meter", "normal", meter, own)
    for made in meter.made:
        notes += sentences("why", "made", "normal", made, meter.meter, own)
    nothing, counted = _nothing(meter.meter, bill, say, detail)
    notes += nothing
    for name, quantity in meter.charged:
        waits = exact(quantity - counted.get(name, 0))
        if name not in lines and waits:
            notes += sentences("why", "meter", "waiting", say.tariff.charges[name], waits, meter, say)
    if readers:
        notes += sentences("why", "unserved", "read", readers, say)
    further, tables = further_measures(meter, lines.measures(names, results), own, detail)
    notes += further
    if detail == "full":
        for excluded in meter.excluded:
            notes += sentences("more", "excluded", "full", excluded, own)
        notes += sentences("more", "meter", "full", meter, early, own)
        if not (meter.excluded and meter.meter.cite):
            notes += sentences("quote", "rule", "quote", meter.meter.cite, say)
        notes += sentences("rule", "rule", "place", meter.meter.span, say)
    measured = None if early else _measured(meter, say)
    return Section(
        "meter",
        meter.meter.name,
        say.title(meter.meter),
        measured,
        phrase("meter", "remark", meter, own),
        tuple(rows),
        tuple(notes),
        meter,
        _used(measured, meter, say),
        (*(table for _, of_lots in held for table in of_lots), *left.tables, *tables),
        (*none, *left.members),
    )


def _used(measured: Figure | None, meter: trace.MeterTrace, say: Phrases) -> str:
    """How much was used; or measured, and how often; money that goes through a meter is neither."""
    if measured is None:
        return ""
    money = meter.meter.unit.singular == say.currency
    what = "counted" if money else "used"
    return phrase("meter", "used", measured.text, what if say.plain_sum(meter.meter) else "", meter.group[:1], say)


def _nothing(meter: tree.Meter, bill: Bill, say: Phrases, detail: Detail) -> tuple[list[Note], dict[str, Exact]]:
    """The usage of lines that comes to nothing, period by period, and how much of it each line has in all."""
    notes: list[Note] = []
    counted: dict[str, Exact] = {}
    shown: Counter[str] = Counter()
    for made in bill.nothing:
        given = {name: quantity for name, quantity in made.given if quantity}
        if meter.name not in given:
            continue
        name, quantity = made.charge.name, given[meter.name]
        counted[name] = exact(counted.get(name, 0) + quantity)
        if next((n for n in made.charge.meters if n in given), meter.name) != meter.name:
            continue  # its arithmetic has all meters, and is told with the first
        shown[name] += 1
        if detail == "full" or shown[name] <= _PERIODS_SHOWN:
            own = of_line_on(made.charge, say)
            notes += sentences("why", "nothing", "normal", made, quantity, meter.unit, own)
    for name, count in shown.items():
        if detail != "full" and count > _PERIODS_SHOWN:
            notes += sentences("why", "nothing", "more", count - _PERIODS_SHOWN, say.tariff.charges[name], say)
    return notes, counted


def _measured(meter: trace.MeterTrace, say: Phrases) -> Figure | None:
    """What was measured in all; nothing where several peaks or levels would have to be added up."""
    if meter.meter.each is None and max(len(meter.measures), len(meter.keys)) > 1:
        return None
    return Figure(meter.measured, meter.meter.unit, say.quantity(meter.measured, meter.meter.unit))


def priced_elsewhere(meter: tree.Meter, bill: Bill) -> tuple[str, ...]:
    """The lines of a bill that price the same records by another meter: all of them, for that leaves out no others,
    and no condition keeps the line away from some."""
    counted = [said(where.condition) for where in meter.where]
    charges = (line.why.charge for line in bill.lines if isinstance(line.why, trace.ChargeTrace) and line.quantity)
    return tuple(
        dict.fromkeys(
            charge.name
            for charge in charges
            for other in (bill.tariff.meters[name] for name in charge.meters)
            if other.name != meter.name and records_of(other) == records_of(meter)
            if all(said(where.condition) in counted for where in other.where) and _prices_all(charge, bill)
        )
    )


def _prices_all(charge: tree.Charge, bill: Bill) -> bool:
    """Whether a line that is on the bill is there for all that its meters have: it has no condition, or one that hangs
    on settings alone, and these stay as they are."""
    if charge.when is None:
        return True
    changing = {setting.name for setting, values in bill.settings if len(values) > 1}
    asked = given_in(charge.when)
    return all(isinstance(each, tree.SettingValue) and each.name not in changing for each in asked)


def unserved_row(
    unserved: trace.UnservedTrace,
    sources: Sequence[trace.SourceTrace],
    say: Phrases,
    detail: Detail,
    elsewhere: Sequence[str] = (),
) -> Row:
    """Usage that nothing covered and nothing charged; `sources` are the pools of its meter, `elsewhere` the lines that
    price the same records by another one."""
    unit = unserved.meter.unit
    notes = sentences("why", "unserved", "elsewhere", elsewhere, say) if elsewhere else []
    notes += sentences("why", "unserved", "normal", unserved, () if elsewhere else sources, say)
    if detail == "full":
        notes += sentences("more", "unserved", "full", unserved, say)
    return Row(
        "unserved",
        unserved.meter.name,
        phrase("unserved", "label", bool(elsewhere), say),
        Figure(unserved.quantity, unit, say.quantity(unserved.quantity, unit)),
        phrase("unserved", "row", unserved, say),
        money(0, 0, say),
        tuple(notes),
        unserved,
        seen=not elsewhere,
    )
