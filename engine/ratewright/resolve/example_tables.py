"""`use m on … { table }` in an example: each row as the `use` statement that it stands for."""

from __future__ import annotations

from collections.abc import Mapping

from whenever import Date

from ratewright.meaning import nodes as n
from ratewright.resolve.findings import Report
from ratewright.resolve.table_layout import only_value
from ratewright.syntax import nodes as s

TIMES = ("at", "in", "from", "to")
_TIME_HELP = "give the rows a column `at`, `in`, or `from` and `to`, or write `use … on 2026-03-02 {`"


def uses_of(table: s.UseTable, meter: n.Meter, report: Report) -> list[s.Use]:
    """The statements that the rows stand for; nothing where the table has no shape, as `report` then says."""
    if not table.rows:
        report.error("R211", "there are no rows", table.span, "begin with a line of names: fields and `quantity`")
        return []
    header = _header(table, report)
    if header is None or not _check_header(header, table, meter, report):
        return []
    if len(table.rows) == 1:
        report.error("R211", "there are no rows below the names", table.rows[0].span, "write a row for each record")
    return [use for row in table.rows[1:] if (use := _use(row, header, table, meter, report)) is not None]


def _header(table: s.UseTable, report: Report) -> list[s.Name] | None:
    """The names of the columns."""
    names: list[s.Name] = []
    for item in table.rows[0].items:
        value = only_value(item)
        if isinstance(value, s.Ref):
            names.append(value.name)
        elif isinstance(value, s.Text):
            names.append(s.Name(value.span, value.text))
        else:
            said = item.span.text
            on = "a column of days is called `in`, one of instants `at`"
            help = on if said == "on" else "begin with the names of fields and `quantity`"
            report.error("R221", f"the first line names the columns, and `{said}` is no name", item.span, help)
            return None
    return names


def _check_header(header: list[s.Name], table: s.UseTable, meter: n.Meter, report: Report) -> bool:
    """Whether the columns say how much and when, each once; whether they are fields is asked of each row."""
    before = len(report.diagnostics)
    columns: dict[str, s.Name] = {}
    for name in header:
        first = columns.setdefault(name.text, name)
        if first is not name:
            where = (("the first", first.span),)
            report.error("R204", f"the column `{name.text}` stands twice", name.span, "keep one", where)
        if name.text == "times" and all(field.name != "times" for field in meter.fields):
            help = "write `quantity`: in formulas `times` is the same as a plain number"
            report.error("R201", "`times` is no column of records", name.span, help)
    _check_time(columns, table, report)
    events = "at" in columns or (table.start is not None and not isinstance(table.start.moment, Date))
    if "quantity" not in columns and not (events and meter.unit.counted):
        report.error("R203", "the rows do not say how much", table.rows[0].span, "add a column `quantity`")
    return len(report.diagnostics) == before


def _check_time(columns: Mapping[str, s.Name], table: s.UseTable, report: Report) -> None:
    times = [columns[word] for word in TIMES if word in columns]
    words = {name.text for name in times}
    if table.form and times:
        report.error(
            "R204", "the rows have times, and the statement says one too", times[0].span, "keep one of the two"
        )
    elif not table.form and not times:
        report.error("R203", "the table says no time for its rows", table.rows[0].span, _TIME_HELP)
    elif times and words not in ({"at"}, {"in"}, {"from", "to"}):
        help = "`at` is an event, `in` a total, `from` and `to` a state"
        report.error("R203", "the columns of times do not go together", times[-1].span, help)


def _use(row: s.Row, header: list[s.Name], table: s.UseTable, meter: n.Meter, report: Report) -> s.Use | None:
    if len(row.items) != len(header):
        few = "too few" if len(row.items) < len(header) else "too many"
        report.error(
            "R221",
            f"the row `{_in_one_line(row)}` has {few} cells: {len(row.items)} under {len(header)} names",
            row.span,
            (_below_0(row, meter) or _glued(row, meter) if few == "too few" else "")
            or "write a cell for each name of the first line",
        )
        return None
    cells: dict[str, s.Expression] = {}
    for name, item in zip(header, row.items, strict=True):
        value = literal(item)
        if value is None:
            help = "write a name, a text in quotes, a number with its unit, or a time"
            report.error("R221", f"`{item.span.text}` is no value of a record", item.span, help)
            return None
        cells[name.text] = value
    quantity = _quantity(cells.pop("quantity", None), row, meter, report)
    lasting = cells.pop("lasting", None)
    time = _time(cells, table, report)
    if lasting is not None and not isinstance(lasting, s.Quantity):
        report.error("R205", f"`{lasting.span.text}` is no duration", lasting.span, "write `40 seconds`")
        return None
    if quantity is None or time is None:
        return None
    form, start, end = time
    length = s.Length(lasting.span, lasting.value, lasting.unit) if lasting is not None else None
    attributes = tuple((name, cells[name.text]) for name in header if name.text in cells)
    return s.Use(row.span, quantity, table.meter, attributes, form, start, end, None, length)


def literal(item: s.Node) -> s.Expression | None:
    """The value that a cell stands for; a name is a text. None for what is no value."""
    value = only_value(item)
    match value:
        case s.Ref(name=name):
            return s.Text(value.span, name.text)
        case s.Text() | s.Quantity() | s.Percent() | s.Time() | s.Flag() | s.Number():
            return value
        case s.Product(factors=((_, s.Quantity() as first), *rest)):
            below = [part.name.text for sign, part in rest if sign == "/" and isinstance(part, s.Ref)]
            if len(below) == len(rest):
                unit = s.Name(value.span, "/".join([first.unit.text, *below]))
                return s.Quantity(value.span, first.value, unit)
    return None


def _in_one_line(node: s.Node) -> str:
    return " ".join(node.span.text.split())


def _below_0(row: s.Row, meter: n.Meter) -> str:
    """For a quantity below 0, whose sign was read as that of a difference."""
    if " -" not in _in_one_line(row):
        return ""
    return f"what takes usage back is a statement of its own: `use -200 {meter.unit.plural} of {meter.name} on …`"


def _glued(row: s.Row, meter: n.Meter) -> str:
    """For a name that was read as the unit of the number before it."""
    own = (meter.unit.singular, meter.unit.plural)
    quantities = [v for item in row.items if isinstance(v := only_value(item), s.Quantity)]
    found = next((quantity for quantity in quantities if quantity.unit.text not in own), None)
    if found is None:
        return ""
    word = found.unit.text
    return f'`{_in_one_line(found)}` is read as one cell; a name behind a bare number stands in quotes: "{word}"'


def _quantity(value: s.Expression | None, row: s.Row, meter: n.Meter, report: Report) -> s.Quantity | None:
    """How much; a bare number counts, where the meter's unit is counted."""
    unit = meter.recorded or meter.unit
    if value is None:
        return s.Quantity(row.span, 1, s.Name(row.span, unit.singular))
    if isinstance(value, s.Quantity):
        return value
    if isinstance(value, s.Number):
        if unit.counted or not unit.singular:
            return s.Quantity(value.span, value.value, s.Name(value.span, unit.singular))
        help = f"write `{value.span.text} {unit.plural}`"
        report.error("R217", f"the quantity `{value.span.text}` has no unit", value.span, help)
        return None
    help = f"write a number in {unit.plural}" if unit.plural else "write a number"
    report.error("R205", f"`{value.span.text}` is no quantity", value.span, help)
    return None


def _time(
    cells: dict[str, s.Expression], table: s.UseTable, report: Report
) -> tuple[str, s.Time, s.Time | None] | None:
    """When: that of the statement, or of the row, whose cells are taken out."""
    if table.form and table.start is not None:
        return table.form, table.start, table.end
    found: dict[str, s.Time] = {}
    for word in TIMES:
        value = cells.pop(word, None)
        if isinstance(value, s.Time):
            found[word] = value
        elif value is not None:
            report.error("R205", f"`{value.span.text}` is no time", value.span, "write 2026-03-02, or 2026-03-02 10:00")
            return None
    if "from" in found:
        return "from", found["from"], found["to"]
    word, start = next(iter(found.items()))
    if word == "at" and start.month:
        report.error("R205", f"`{start.span.text}` is a month, and `at` an instant", start.span, "write a column `in`")
        return None
    return word, start, None
