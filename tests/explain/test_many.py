"""Many lines, lots and results: the normal length gives their sum and the first of them, the full length all."""

import pytest

from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Document, Row, Section
from ratewright.explain.render import FORMATS, render
from ratewright.rating.bill import Bill
from tests.explain.bills import rated
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


def test_the_first_of_them_stand_in_a_table_of_their_own(bill: Bill) -> None:
    part = section(document(bill, "normal"), "records", "call_fee")

    assert part.title == "calls, line by line"
    assert [note.text for note in part.notes] == [
        "40 lines, of which the sum stands above",
        "only the first 5 are listed; the full length lists them all",
    ]
    assert [row for row in told(part.rows) if row[0] == "charge"] == [
        ("charge", "calls, EU, 2026-03-01", "0.10 USD"),
        ("charge", "calls, US, 2026-03-01", "1.00 USD"),
        ("charge", "calls, EU, 2026-03-02", "0.20 USD"),
        ("charge", "calls, US, 2026-03-02", "1.00 USD"),
        ("charge", "calls, EU, 2026-03-03", "0.30 USD"),
    ]


@pytest.mark.parametrize(("name", "lines"), [("call_fee", 40), ("order_fee", 20)])
def test_the_full_length_lists_them_all(bill: Bill, name: str, lines: int) -> None:
    rows = section(document(bill, "full"), "records", name).rows

    assert sum(row.kind == "charge" for row in rows) == lines
    assert sum(row.money.amount for row in rows) == sum(
        line.amount for line in bill.lines if name in (line.source, getattr(line.why, "target", None))
    )


def test_each_record_has_a_table_of_its_own(bill: Bill) -> None:
    part = section(document(bill, "normal"), "records", "order_fee")

    assert part.title == "orders, record by record"
    assert part.rows[0].label == "orders, 2026-03-01 12:00"


def test_the_short_length_has_one_row_for_them(bill: Bill) -> None:
    (part,) = document(bill, "short").sections

    assert told(part.rows)[:2] == [
        ("charge", "calls, 40 lines", "41.00 USD"),
        ("payment", "credit, 29 lines", "-20.00 USD"),
    ]


def test_a_line_tells_its_own_result(bill: Bill) -> None:
    first, second, *_ = section(document(bill, "normal"), "meter", "visitors").rows

    assert first.notes[0].text == "1 user from 1 record: u1"
    assert second.notes[0].text == "1 user from 1 record: u2"


@pytest.mark.parametrize("detail", ["short", "normal", "full"])
def test_no_figure_is_made_up(bill: Bill, detail) -> None:
    assert numbers(render(bill, "text", detail)) - Figures(bill).found == set()


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
    rows = section(document(rated(TWINS, "twins.tariff", PAIR, (2026, 3))[0], "normal"), "records", "time_fee").rows

    assert [(row.kind, row.money.text) for row in rows] == [
        ("charge", "1.00 USD"),
        ("payment", "-1.00 USD"),
        ("charge", "2.00 USD"),
        ("payment", "-2.00 USD"),
    ]
    measured = [[note.text for note in row.notes if "integral" in note.text] for row in rows if row.kind == "charge"]
    formula = "“integral(times * 0.10 USD/minute)”"
    assert measured == [[f"{amount} USD from 1 record: {formula}"] for amount in ("1.00", "2.00")]


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
