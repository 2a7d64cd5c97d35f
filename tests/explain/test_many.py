"""Many lines, lots and results: the normal length gives their sum and the first of them, the full length all."""

from fractions import Fraction

import pytest

from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Document, Row, Section, Table, cell_text
from ratewright.explain.machine.json_form import to_data
from ratewright.explain.render import FORMATS, render
from ratewright.rating.bill import Bill
from tests.explain.bills import rated
from tests.explain.tables import of_rows
from tests.explain.test_meaning import Figures, numbers

RULES = """tariff many "Many" { currency USD;  timezone "UTC" }
unit call, calls
unit user, users
meter calls_made "Calls" { field region one of EU, US;  measure sum(quantity) in calls;  by region }
meter visitors { field user text;  measure unique(user) in users }
meter orders "Orders" in calls
grant credit "credit" { covers call_fee;  size 1 USD;  renews every day }
charge call_fee "calls" { on calls_made;  every day;  rate 0.10 USD/call }
charge visitor_fee "visitors" { on visitors;  every day;  rate 0 USD/user }
charge order_fee "orders" { on orders;  every record;  rate 0.50 USD/call }
deduct call_fee from credit
"""
DAYS = range(1, 21)
ACCOUNT = "account: many\nusage:\n" + "".join(
    f"  - {{meter: calls_made, at: 2026-03-{day:02d}T10:00:00Z, quantity: {day}, region: EU}}\n"
    f"  - {{meter: calls_made, at: 2026-03-{day:02d}T11:00:00Z, quantity: 10, region: US}}\n"
    f"  - {{meter: visitors, at: 2026-03-{day:02d}T10:00:00Z, quantity: 1, user: u{day}}}\n"
    f"  - {{meter: orders, at: 2026-03-{day:02d}T12:00:00Z, quantity: 2}}\n"
    for day in DAYS
)


@pytest.fixture(scope="module")
def bill() -> Bill:
    return rated(RULES, "many.tariff", ACCOUNT, (2026, 3))[0]


def document(bill: Bill, detail) -> Document:
    made = assemble(bill, detail)
    assert isinstance(made, Document)
    return made


def section(made: Document, kind: str, name: str) -> Section:
    return next(s for s in made.sections if (s.kind, s.name) == (kind, name))


def told(rows: tuple[Row, ...]) -> list[tuple[str, str, str]]:
    return [(row.kind, row.label, row.money.text) for row in rows]


def test_many_lines_of_one_charge_are_told_as_their_sum(bill: Bill) -> None:
    rows = section(document(bill, "normal"), "meter", "calls_made").rows

    # 1 to 20 calls and 20 times 10, at 0.10; of each day the first dollar is paid
    assert told(rows) == [("charge", "calls", "41.00 USD"), ("payment", "credit", "-20.00 USD")]
    assert (rows[0].quantity.text, rows[0].how) == ("410 calls", "40 lines")


def test_lines_of_one_reason_are_a_table(bill: Bill) -> None:
    part = section(document(bill, "normal"), "records", "call_fee")
    table, paid = part.tables

    assert (part.title, [note.text for note in part.notes]) == (
        "calls, line by line",
        ["40 lines, of which the sum stands above"],
    )
    assert [note.text for note in table.reasons] == ["‹quantity› × 0.10 USD/call = ‹amount›"]
    assert [note.text for note in table.notes] == [
        "amounts from 0.10 USD to 2.00 USD, on average 1.025 USD",
        "34 more lines with 364 calls and 36.40 USD in all; the full length lists them all",
    ]
    assert table.heads == ("day", "region", "quantity", "amount")
    assert cells(table) == [  # the first five, of which one is the smallest, and the largest
        ("2026-03-01", "EU", "1 call", "0.10 USD"),
        ("2026-03-01", "US", "10 calls", "1.00 USD"),
        ("2026-03-02", "EU", "2 calls", "0.20 USD"),
        ("2026-03-02", "US", "10 calls", "1.00 USD"),
        ("2026-03-03", "EU", "3 calls", "0.30 USD"),
        ("2026-03-20", "EU", "20 calls", "2.00 USD"),
    ]
    assert tuple(map(cell_text, table.foot)) == ("40 lines", "", "410 calls", "41.00 USD")
    assert (paid.title, cell_text(paid.foot[0]), cell_text(paid.foot[-1])) == ("credit", "29 payments", "-20.00 USD")


def cells(table: Table) -> list[tuple[str, ...]]:
    return [tuple(map(cell_text, row)) for row in table.rows]


@pytest.mark.parametrize(("name", "lines"), [("call_fee", 40), ("order_fee", 20)])
def test_the_full_length_has_them_all_in_tables(bill: Bill, name: str, lines: int) -> None:
    part = section(document(bill, "full"), "records", name)

    assert not part.rows
    assert sum(len(table.rows) for table in part.tables if not table.title) == lines
    assert sum(row[-1].amount for table in part.tables for row in table.rows) == sum(
        line.amount for line in bill.lines if name in (line.source, getattr(line.why, "target", None))
    )


@pytest.mark.parametrize(("detail", "lines"), [("normal", 31), ("full", 40)])
def test_data_have_each_line_with_its_figures(bill: Bill, detail, lines: int) -> None:
    (part,) = (s for s in to_data(document(bill, detail))["sections"] if s["name"] == "call_fee")

    assert sum(row["kind"] == "charge" for row in part["rows"]) == lines
    assert all(row["figures"]["price"]["form"] == "rate" for row in part["rows"] if row["kind"] == "charge")
    assert part["rows"][0]["how"] == "1 × 0.10 USD/call = 0.10 USD"


def test_each_record_has_a_row_with_its_time(bill: Bill) -> None:
    part = section(document(bill, "normal"), "records", "order_fee")
    (table,) = part.tables

    assert part.title == "orders, record by record"
    assert cells(table) == [  # all are alike
        ("2026-03-01 12:00", "2 calls", "1.00 USD"),
        ("2026-03-20 12:00", "2 calls", "1.00 USD"),
    ]
    assert table.notes[-1].text == "18 more lines with 36 calls and 18.00 USD in all; the full length lists them all"


def test_the_short_length_has_one_row_for_them(bill: Bill) -> None:
    (part,) = document(bill, "short").sections

    assert told(part.rows)[:2] == [
        ("charge", "calls, 40 lines", "41.00 USD"),
        ("payment", "credit, 29 lines", "-20.00 USD"),
    ]


def test_a_line_tells_its_own_result(bill: Bill) -> None:
    (table,) = section(document(bill, "full"), "records", "visitor_fee").tables
    told = list(of_rows(table))

    assert "1 user from 1 record: “unique(user)”: u1" in told[0]
    assert "1 user from 1 record: “unique(user)”: u2" in told[1]


@pytest.mark.parametrize("detail", ["short", "normal", "full"])
def test_no_figure_is_made_up(bill: Bill, detail) -> None:
    sums = {Fraction(cell) for cell in ("1.025", "0.689655", "364", "36.4", "16.7")}
    assert numbers(render(bill, "text", detail)) - Figures(bill).found - sums == set()


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_has_the_sums(bill: Bill, format) -> None:
    text = render(bill, format, "normal")

    assert all(amount in text for amount in ("41.00 USD", "-20.00 USD", "20.00 USD"))


TWINS = """tariff twins { currency USD;  timezone "UTC" }
unit call, calls
meter made in calls
meter held "Time" { reads made;  measure integral(times * 0.10 USD/minute) in USD }
charge time_fee "time" { on held;  every record;  rate 100% }
package credit "credit" { covers time_fee;  sizes { 5 USD 1 USD };  valid 1 year from purchase }
deduct time_fee from credit
"""
TWIN = "{meter: made, at: 2026-03-02T10:00:00Z, lasts: 10 minutes, quantity"
PAID = "purchases: [{id: p, package: credit, size: 5 USD, at: 2026-03-01T00:00:00Z}]\n"
PAIR = f"account: twins\n{PAID}usage:\n  - {TWIN}: 1, id: a}}\n  - {TWIN}: 2, id: b}}\n"


def test_lines_of_two_records_of_the_same_times_have_each_its_own_reasons() -> None:
    """What was measured of each, and what was paid of it."""
    rows = section(document(rated(TWINS, "twins.tariff", PAIR, (2026, 3))[0], "normal"), "meter", "held").rows

    assert [(row.kind, row.money.text) for row in rows] == [
        ("charge", "1.00 USD"),
        ("payment", "-1.00 USD"),
        ("charge", "2.00 USD"),
        ("payment", "-2.00 USD"),
    ]
    measured = [[note.text for note in row.notes if "integral" in note.text] for row in rows if row.kind == "charge"]
    formula = "“integral(times * 0.10 USD/minute)”"
    assert measured == [[f"{amount} USD from 1 record: {formula}"] for amount in ("1.00", "2.00")]


ODD = """tariff odd { currency USD;  timezone "UTC";  rounding half up to 0.01 USD }
unit call, calls
meter made { field region text;  by region;  measure sum(quantity) in calls }
charge fee { on made;  every day;  minimum 1 USD;  volume { below 100 calls 0.105 USD/call;  beyond 0.10 USD/call } }
"""


def of_days(*quantities: int) -> Section:
    """The lines of days on which so much was used."""
    usage = "".join(
        f"  - {{meter: made, at: 2026-03-{day:02d}T10:00:00Z, quantity: {quantity}, region: EU}}\n"
        for day, quantity in enumerate(quantities, start=1)
    )
    made = document(rated(ODD, "odd.tariff", f"account: odd\nusage:\n{usage}", (2026, 3))[0], "normal")
    return next(part for kind in ("records", "meter") for part in made.sections if part.kind == kind)


@pytest.mark.parametrize(("count", "tables"), [(3, 0), (4, 1), (12, 1), (13, 1)])
def test_so_many_lines_of_one_reason_are_a_table(count: int, tables: int) -> None:
    part = of_days(*range(20, 20 + count))

    assert (len(part.tables), len(part.rows)) == (tables, 0 if tables else count)
    if tables:
        assert len(part.tables[0].rows) == (count if count <= 12 else 6)  # of more the first, and the largest


def test_a_line_with_a_reason_of_its_own_stays_a_row() -> None:
    part = of_days(20, 30, 2, 40, 50)
    (row,) = part.rows
    (table,) = part.tables

    assert "raised from 0.21 USD to 1.00 USD, the least that this line costs" in [note.text for note in row.notes]
    assert [line[0] for line in table.rows] == ["2026-03-01", "2026-03-02", "2026-03-04", "2026-03-05"]


def test_another_tier_is_told_in_a_column() -> None:
    (table,) = of_days(20, 30, 100, 40).tables

    assert table.reasons[1].text == (
        "‹price› because ‹quantity› is in the tier ‹tier› (volume: the whole quantity takes the price of its tier)"
    )
    assert cells(table)[1:3] == [
        ("2026-03-02", "30 calls", "0.105 USD/call", "0 < usage < 100", "3.15 USD"),
        ("2026-03-03", "100 calls", "0.10 USD/call", "usage ≥ 100", "10.00 USD"),
    ]


def test_rounding_is_told_of_all_lines_where_one_was_rounded() -> None:
    (table,) = of_days(20, 30, 21, 40).tables  # 21 × 0.105 USD = 2.205 USD

    assert "‹before rounding› exactly, rounded half up to 0.01 USD: ‹amount›" in [note.text for note in table.reasons]
    unrounded = table.heads.index("before rounding")
    assert [row[unrounded] for row in cells(table)] == ["2.10 USD", "3.15 USD", "2.205 USD", "4.20 USD"]


@pytest.mark.parametrize(("measure", "quantity"), [("sum(quantity)", "80 calls"), ("highest(quantity)", None)])
def test_peaks_of_many_days_are_not_added_up(measure: str, quantity: str | None) -> None:
    rules = RULES.replace("measure sum(quantity) in calls;  by region", f"measure {measure} in calls;  by region")
    account = "account: many\nusage:\n" + "".join(
        f"  - {{meter: calls_made, at: 2026-03-{day:02d}T10:00:00Z, quantity: 2, region: {region}}}\n"
        for day in DAYS
        for region in ("EU", "US")
    )
    made = document(rated(rules, "many.tariff", account, (2026, 3))[0], "normal")
    row = section(made, "meter", "calls_made").rows[0]

    assert (row.quantity.text if row.quantity else None, row.money.text) == (quantity, "8.00 USD")
