"""The usage of an example: whose records they are, whether their fields fit, and when they happen."""

from __future__ import annotations

from collections.abc import Mapping

from whenever import Date

from ratewright.advice.forms import RECORDED_ELSEWHERE
from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as n
from ratewright.meaning.types import Kind, Type, figure
from ratewright.resolve.example_repeats import check_each
from ratewright.resolve.example_tables import uses_of
from ratewright.resolve.name_space import unknown
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.units import Unit

Attributes = tuple[tuple[s.Name, s.Expression], ...]
Declared = Mapping[str, tuple[Type, Unit | None]]
"""What may stand behind `with`: names with the type of their value, and its unit."""


_LAST_HOUR = 23


def check_use(use: s.Use, tariff: n.Tariff, expressions: Expressions, *, complete: bool) -> None:
    """Report what is wrong with records that an example gives; `complete` ones say every field that they must."""
    meter = recorded_meter(use.meter, tariff, expressions)
    if meter is not None:
        _check_record(use, meter, expressions)
    if meter is not None and complete:
        _check_said(use.attributes, _fields(meter), use, expressions)


def _fields(meter: n.Meter) -> dict[str, bool]:
    """What a record of a meter may say, and whether it must."""
    return {"subaccount": False} | {field.name: field.default is None for field in meter.fields}


def _check_said(given: Attributes, declared: Mapping[str, bool], use: s.Node, expressions: Expressions) -> None:
    """Report the first name that an example leaves out and must say; not where another may be meant for it."""
    names = {name.text for name, _ in given}
    missing = next((name for name, needed in declared.items() if needed and name not in names), None)
    if missing is not None and names <= declared.keys():
        table, measured = isinstance(use, s.UseTable), isinstance(use, s.GivenMeasured)
        help = f"add a column `{missing}`" if table else f"say it behind the meter: `with {missing} …`"
        help += "" if measured else ", or give the field a default in the meter"
        expressions.report.error("R203", f"`{missing}` is not said here, and must be", use.span, help)


def _check_record(use: s.Use, meter: n.Meter, expressions: Expressions) -> None:
    check_unit(use.quantity, meter.recorded or meter.unit, use.meter, expressions, f"; {RECORDED_ELSEWHERE}")
    fields = {f.name: (f.type, f.unit) for f in meter.fields}
    attributes = tuple(
        (name, value) for name, value in use.attributes if name.text != "subaccount" or name.text in fields
    )
    what = f"meter `{meter.name}` has no field"
    check_attributes(attributes, fields, what, "declare it in the meter: `field {} text`", "field", expressions)
    _check_in(use.form, use.start, expressions)
    if use.each is not None:
        check_each(use, use.each, expressions)


def check_table(table: s.UseTable, tariff: n.Tariff, expressions: Expressions, *, complete: bool) -> None:
    """Report what is wrong with records that an example gives as a table."""
    meter = recorded_meter(table.meter, tariff, expressions)
    if meter is None:
        return
    uses = uses_of(table, meter, expressions.report)
    for use in uses:
        _check_record(use, meter, expressions)
    if uses and complete:
        _check_said(uses[0].attributes, _fields(meter), table, expressions)


def check_measured(given: s.GivenMeasured, tariff: n.Tariff, expressions: Expressions, *, complete: bool) -> None:
    """Report what is wrong with a measured value."""
    meter = tariff.meters.get(given.meter.text)
    if meter is None:
        unknown("meter", given.meter, tariff.meters, expressions.report)
        return
    check_unit(given.amount, meter.unit, given.meter, expressions)
    tags = {name: (meter.tag(name).type, meter.tag(name).unit) for name in meter.by}
    what = f"meter `{meter.name}` is not kept apart by"
    check_attributes(given.attributes, tags, what, "write `by {}` in the meter", "field", expressions)
    if complete:
        _check_said(given.attributes, dict.fromkeys(meter.by, True), given, expressions)
    _check_in(given.form, given.start, expressions)


def _check_in(form: str, start: s.Time, expressions: Expressions) -> None:
    if form == "in" and not isinstance(start.moment, Date):
        text = start.span.text
        hour, minute = text[11:13], text[13:16]
        later = f"{text[:11]}{int(hour) + 1:02}{minute}" if int(hour) < _LAST_HOUR else "…"
        help = f"write `in {text[:7]}`, `on {text}` for one instant, or `from {text} to {later}` for an hour"
        expressions.report.error("R219", "`in` takes a month or a day", start.span, help)


def recorded_meter(name: s.Name, tariff: n.Tariff, expressions: Expressions) -> n.Meter | None:
    """The meter whose records are given; None where there is none, or it has no records of its own (reported)."""
    meter = tariff.meters.get(name.text)
    if meter is None:
        unknown("meter", name, tariff.meters, expressions.report)
        return None
    if meter.reads:
        expressions.report.error(
            "R201",
            f"meter `{meter.name}` has no records of its own: it reads those of `{meter.reads}`",
            name.span,
            f"give the records of `{meter.reads}`, or the result: `given … of {meter.name}`",
        )
        return None
    return meter


def check_attributes(
    attributes: Attributes, declared: Declared, unknown_: str, remedy: str, word: str, expressions: Expressions
) -> None:
    """Report what stands behind `with` and is unknown, given twice, or of another type."""
    seen: dict[str, s.Name] = {}
    for name, value in attributes:
        first = seen.setdefault(name.text, name)
        if first is not name:
            where = (("the first", first.span),)
            expressions.report.error("R204", f"`{name.text}` is given twice", name.span, "keep one", where)
        known = declared.get(name.text)
        if known is None:
            help = did_you_mean(name.text, list(declared)) or remedy.format(name.text)
            expressions.report.error("R201", f"{unknown_} `{name.text}`", name.span, help)
        elif known[0].kind is not Kind.UNKNOWN:
            expressions.literal(value, *known, f"{word} `{name.text}`")


def check_unit(amount: s.Quantity, unit: Unit, of: s.Name, expressions: Expressions, or_else: str = "") -> None:
    """An amount of a meter, a pool or a limit is in a unit of its kind; `or_else` ends the remedy where it is not."""
    written = expressions.written.unit(amount.unit) if amount.unit.text else unit
    if written is not None and written.dimension != unit.dimension:
        found = expressions.written.phrase(figure(written.dimension))
        expressions.report.error(
            "R205",
            f"`{of.text}` is in {unit.plural}, and `{amount.span.text}` is {found}",
            amount.span,
            f"write it in {unit.plural}{or_else}",
        )
