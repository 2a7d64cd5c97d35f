"""What the rows of a table in an example mean as records."""

from __future__ import annotations

from fractions import Fraction

import pytest
from whenever import Date, Instant, PlainDateTime

from ratewright.usage.model import Amount, Form
from tests.trial.trials import CALLS, TRAFFIC, records, refused


def test_the_rows_of_a_table_are_records() -> None:
    found = records(
        TRAFFIC,
        "use traffic on 2022-12-02 {",
        "  kind      region     quantity    speed",
        "  LEB       mainland   100 GB      10 Mbps",
        '  upstream  "US West"  0.5 GB      20 Mbps',
        "}",
    )
    assert [(r.form, r.start, r.end, r.quantity, dict(r.fields)) for r in found] == [
        (
            Form.TOTAL,
            Date(2022, 12, 2),
            Date(2022, 12, 3),
            Amount(100, "GB"),
            {"kind": "LEB", "region": "mainland", "speed": Amount(10, "Mbps")},
        ),
        (
            Form.TOTAL,
            Date(2022, 12, 2),
            Date(2022, 12, 3),
            Amount(Fraction(1, 2), "GB"),
            {"kind": "upstream", "region": "US West", "speed": Amount(20, "Mbps")},
        ),
    ]
    assert [r.place.line for r in found] == [15, 16]
    assert len({r.id for r in found}) == 2


@pytest.mark.parametrize(
    ("columns", "row", "form", "start", "end"),
    [
        ("at", "2022-12-02 10:00", Form.EVENT, PlainDateTime(2022, 12, 2, 10), None),
        ("at", "2022-12-02T10:00:00+08:00", Form.EVENT, Instant.from_utc(2022, 12, 2, 2), None),
        ("at", "2022-12-02", Form.EVENT, Date(2022, 12, 2), None),
        ("in", "2022-12", Form.TOTAL, Date(2022, 12, 1), Date(2023, 1, 1)),
        ("in", "2022-12-02", Form.TOTAL, Date(2022, 12, 2), Date(2022, 12, 3)),
        (
            "to from",
            "2022-12-04 2022-12-02 12:00",
            Form.STATE,
            PlainDateTime(2022, 12, 2, 12),
            Date(2022, 12, 4),
        ),
    ],
)
def test_a_row_may_have_its_own_time(columns: str, row: str, form: Form, start: object, end: object) -> None:
    (record,) = records(TRAFFIC, "use traffic {", f"  quantity {columns}", f"  5 GB {row}", "}")
    assert (record.form, record.start, record.end) == (form, start, end)


def test_columns_of_records_that_are_no_fields() -> None:
    rules = (
        "meter made in calls\nlimit busy { on made;  default 1 call;  shared by account and subaccounts }\n"
        "charge fee { on made;  every month;  rate 1 USD/call }\n"
    )
    first, second = records(
        rules,
        "use made {",
        "  at                  quantity   lasting      subaccount",
        '  2022-12-02 10:00:00        1   40 seconds   "team a"',
        "  2022-12-02 10:00:30        1   2 minutes    b",
        "}",
    )
    assert (first.lasts, first.subaccount, dict(first.fields)) == (Amount(40, "seconds"), "team a", {})
    assert (second.lasts, second.subaccount) == (Amount(2, "minutes"), "b")


def test_an_event_without_a_quantity_counts_one() -> None:
    found = records(CALLS, "use made {", "  at", "  2022-12-02 10:00", "  2022-12-02 11:00", "}")
    assert [r.quantity for r in found] == [Amount(1, "call"), Amount(1, "call")]


def test_rows_may_stand_on_one_line() -> None:
    found = records(TRAFFIC, "use traffic in 2022-12 { region quantity; EU 1 GB; US 2 GB }")
    assert [(r.fields["region"], r.quantity.number) for r in found] == [("EU", 1), ("US", 2)]


def test_words_that_mean_something_elsewhere_are_names_in_a_table() -> None:
    words = ("size", "every", "by", "total", "from_", "use", "expect", "cite", "set", "rate", "lasting_")
    fields = "".join(f"  field {word} text\n" for word in words)
    rules = f"meter made {{\n{fields}  measure sum(quantity) in calls\n}}\n"
    rules += "charge fee { on made;  every month;  rate 1 USD/call }\n"
    header = " ".join(f'"{w}"' if w in ("cite",) else w for w in words)
    (record,) = records(rules, "use made on 2022-12-02 {", f"  {header} quantity", f"  {' '.join(words)} 1 call", "}")
    assert dict(record.fields) == {word: word for word in words}


@pytest.mark.parametrize(
    ("code", "words", "help", "table"),
    [
        ("R211", "there are no rows", "begin with", "use traffic on 2022-12-02 {\n}"),
        ("R211", "no rows below the names", "a row for each", "use traffic on 2022-12-02 {\nquantity\n}"),
        (
            "R221",
            "`LEB` has too few cells: 1 under 2 names",
            "a cell for each name",
            "use traffic on 2022-12-02 {\nkind quantity\nLEB\n}",
        ),
        (
            "R221",
            "`LEB 1 GB EU` has too many cells: 3 under 2 names",
            "a cell for each name",
            "use traffic on 2022-12-02 {\nkind quantity\nLEB 1 GB EU\n}",
        ),
        (
            "R221",
            "`5 LEB 1 GB` has too few cells: 2 under 3 names",
            'a name behind a bare number stands in quotes: "LEB"',
            "use traffic on 2022-12-02 {\nspeed kind quantity\n5 LEB 1 GB\n}",
        ),
        (
            "R221",
            "the first line names the columns, and `1 GB` is no name",
            "begin with the names",
            "use traffic on 2022-12-02 {\nLEB 1 GB\nLEB 2 GB\n}",
        ),
        (
            "R221",
            "`EU or US` is no value",
            "a name, a text",
            "use traffic on 2022-12-02 {\nregion quantity\nEU or US 1 GB\n}",
        ),
        (
            "R221",
            "`not sold` is no value",
            "a name, a text",
            "use traffic on 2022-12-02 {\nregion quantity\nEU not sold\n}",
        ),
        (
            "R221",
            "`(1 GB + 1 GB)` is no value",
            "a number with its unit",
            "use traffic on 2022-12-02 {\nregion quantity\nEU (1 GB + 1 GB)\n}",
        ),
        (
            "R201",
            "`times` is no column of records",
            "write `quantity`",
            "use traffic on 2022-12-02 {\ntimes quantity\n1 1 GB\n}",
        ),
        (
            "R201",
            "meter `traffic` has no field `regions`",
            "did you mean `region`?",
            "use traffic on 2022-12-02 {\nregions quantity\nEU 1 GB\n}",
        ),
        (
            "R204",
            "the column `kind` stands twice",
            "keep one",
            "use traffic on 2022-12-02 {\nkind kind quantity\nLEB LEB 1 GB\n}",
        ),
        (
            "R204",
            "the rows have times, and the statement says one too",
            "keep one of the two",
            "use traffic on 2022-12-02 {\nat quantity\n2022-12-02 10:00 1 GB\n}",
        ),
        (
            "R203",
            "the table says no time for its rows",
            "a column `at`",
            "use traffic {\nkind quantity\nLEB 1 GB\n}",
        ),
        (
            "R203",
            "the columns of times do not go together",
            "`from` and `to` a state",
            "use traffic {\nfrom quantity\n2022-12-02 1 GB\n}",
        ),
        (
            "R203",
            "the columns of times do not go together",
            "`at` is an event",
            "use traffic {\nat in quantity\n2022-12-02 2022-12 1 GB\n}",
        ),
        ("R203", "the rows do not say how much", "`quantity`", "use traffic on 2022-12-02 {\nkind\nLEB\n}"),
        (
            "R217",
            "the quantity `5` has no unit",
            "write `5 GB`",
            "use traffic on 2022-12-02 {\nkind quantity\nLEB 5\n}",
        ),
        (
            "R205",
            "`traffic` is in GB, and `5 Mbps` is in bytes/second",
            "write it in GB",
            "use traffic on 2022-12-02 {\nkind quantity\nLEB 5 Mbps\n}",
        ),
        (
            "R205",
            "`many` is no quantity",
            "write a number in GB",
            "use traffic on 2022-12-02 {\nkind quantity\nLEB many\n}",
        ),
        (
            "R205",
            "field `kind` is one of LEB, upstream, not `EIP`",
            "",
            "use traffic on 2022-12-02 {\nkind quantity\nEIP 1 GB\n}",
        ),
        (
            "R205",
            "`soon` is no time",
            "write 2026-03-02",
            "use traffic {\nat quantity\nsoon 1 GB\n}",
        ),
        (
            "R205",
            "`2022-12` is a month, and `at` an instant",
            "a column `in`",
            "use traffic {\nat quantity\n2022-12 1 GB\n}",
        ),
        (
            "R219",
            "`in` takes a month or a day",
            "write `in 2022-12`",
            "use traffic {\nin quantity\n2022-12-02 10:00 1 GB\n}",
        ),
        (
            "R205",
            "`LEB` is no duration",
            "write `40 seconds`",
            "use traffic on 2022-12-02 {\nlasting quantity\nLEB 1 GB\n}",
        ),
        (
            "R201",
            "there is no meter `trafic`",
            "did you mean `traffic`?",
            "use trafic on 2022-12-02 {\nkind quantity\nLEB 1 GB\n}",
        ),
    ],
)
def test_a_table_that_cannot_be_read(code: str, words: str, help: str, table: str) -> None:
    found = refused(f'{TRAFFIC}example "e" {{\n{table}\nexpect total == 0 USD\n}}\n')
    assert [d.code for d in found] == [code], [d.message for d in found]
    assert words in found[0].message
    assert help in found[0].help


def test_every_wrong_row_is_named() -> None:
    found = refused(
        f'{TRAFFIC}example "e" {{\nuse traffic on 2022-12-02 {{\nkind quantity\nLEB\nLEB 1 GB\nEIP 2 GB\n}}\n'
        "expect total == 0 USD\n}\n"
    )
    assert [(d.code, d.span.line) for d in found if d.span] == [("R221", 14), ("R205", 16)]
