"""What an example says was used or measured → records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whenever import Date

from ratewright.meaning import nodes as tree
from ratewright.resolve.example_repeats import repeated
from ratewright.resolve.example_tables import uses_of
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s
from ratewright.usage.model import Amount, Fields, Form, Place, Record
from ratewright.values.calendar import Calendar, Moment
from ratewright.values.exact import plain, ratio

_SUBACCOUNT = "subaccount"
Attributes = tuple[tuple[s.Name, s.Expression], ...]
Times = Iterator[tuple[Form, Moment, Moment | None]]


def records_of(statements: Sequence[s.Statement], tariff: tree.Tariff, calendar: Calendar) -> Iterator[Record]:
    """The records of all statements, in their order."""
    for statement in statements:
        if isinstance(statement, s.GivenMeasured):
            yield _measured(statement)
        else:
            for use in uses_in([statement], tariff):
                yield from _used(use, calendar)


def uses_in(statements: Sequence[s.Statement], tariff: tree.Tariff) -> Iterator[s.Use]:
    """The statements that say what was used, a row of a table being one."""
    for statement in statements:
        if isinstance(statement, s.Use):
            yield statement
        elif isinstance(statement, s.UseTable):
            yield from uses_of(statement, tariff.meters[statement.meter.text], Report())


def literal(value: s.Expression) -> str | Amount:
    """A value as usage gives it: text, or an amount."""
    match value:
        case s.Text(text=text):
            return text
        case s.Flag(on=on):
            return "on" if on else "off"
        case s.Number(value=number):
            return Amount(number)
        case s.Quantity(value=number, unit=unit):
            return Amount(number, unit.text or None)
        case s.Percent(value=number):
            return Amount(ratio(number, 100))
    return value.span.text


def text_of(value: s.Expression) -> str:
    """A value as text, for what is always one."""
    written = literal(value)
    return written if isinstance(written, str) else plain(written.number)


def fields_of(attributes: Attributes) -> Fields:
    """What stands behind `with`."""
    return {name.text: literal(value) for name, value in attributes}


def _measured(given: s.GivenMeasured) -> Record:
    form, start, end = next(_times(given))
    return Record(
        id=_id(given, 1),
        source="example",
        meter=given.meter.text,
        form=form,
        start=start,
        end=end,
        quantity=Amount(given.amount.value, given.amount.unit.text),
        place=place(given),
        fields=fields_of(given.attributes),
        measured=True,
    )


def _used(use: s.Use, calendar: Calendar) -> Iterator[Record]:
    at, quantity = place(use), Amount(use.signed, use.quantity.unit.text or None)
    fields = fields_of(tuple((n, v) for n, v in use.attributes if n.text != _SUBACCOUNT))
    subaccount = next((text_of(value) for name, value in use.attributes if name.text == _SUBACCOUNT), None)
    lasts = Amount(use.lasting.value, use.lasting.unit.text) if use.lasting else None
    times = _repeated(use, calendar) if use.each is not None else _times(use)
    for number, (form, start, end) in enumerate(times, start=1):
        yield Record(
            id=_id(use, number),
            source="example",
            meter=use.meter.text,
            form=form,
            start=start,
            end=end,
            quantity=quantity,
            place=at,
            fields=fields,
            subaccount=subaccount,
            lasts=lasts,
        )


def place(statement: s.Statement) -> Place:
    """The line of a statement."""
    return Place(statement.span.source, statement.span.line)


def _id(statement: s.Statement, number: int) -> str:
    return f"{statement.span.line}:{statement.span.column}.{number}"


def _times(use: s.Use | s.GivenMeasured) -> Times:
    """A state, the total of a day, a month or a year, or an event."""
    start = use.start.moment
    if use.form == "from":
        assert use.end is not None
        yield Form.STATE, start, use.end.moment
    elif isinstance(start, Date) and use.form != "at":
        months = 12 if use.start.year else int(use.start.month)
        yield Form.TOTAL, start, start.add(months=months) if months else start.add(days=1)
    else:
        yield Form.EVENT, start, None


def _repeated(use: s.Use, calendar: Calendar) -> Times:
    for start, end in repeated(use, calendar):
        yield (Form.EVENT if end is None else Form.TOTAL), start, end
