"""What the statements of an example mean as usage: tables, steps, measured values, purchases with a scope."""

from __future__ import annotations

from fractions import Fraction

import pytest
from whenever import Date, Instant, PlainDateTime

from ratewright.trial.inputs import example_usage
from ratewright.usage.model import Amount, Form
from ratewright.values.calendar import calendar_of
from tests.trial.trials import HEAD, listed, records, refused

TRAFFIC = """\
meter traffic {
  field    kind one of LEB, upstream = LEB
  field    region text = EU
  field    speed in Mbps = 0 Mbps
  field    active text = "on"
  measure  sum(quantity) in GB
}
charge fee { on traffic;  every month;  rate 1 USD/GB }
"""
CALLS = "meter made in calls\ncharge fee { on made;  every month;  rate 1 USD/call }\n"


# ---------------------------------------------------------------- tables


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


# ---------------------------------------------------------------- steps


def instants(*statements: str, head: str = HEAD) -> list[str]:
    found = records(CALLS, *statements, head=head)
    calendar = calendar_of("UTC" if "UTC" in head else "Europe/Berlin")
    return [calendar.instant(r.start).format_iso() for r in found]


def test_steps_of_a_day_are_events_at_their_starts() -> None:
    found = records(CALLS, "use 2 calls of made each 5 minutes on 2024-06-01")
    assert len(found) == 288
    assert {r.form for r in found} == {Form.EVENT}
    assert {r.quantity for r in found} == {Amount(2, "calls")}
    starts = [r.start for r in found]
    assert starts[:2] == [Instant.from_utc(2024, 6, 1), Instant.from_utc(2024, 6, 1, 0, 5)]
    assert starts[-1] == Instant.from_utc(2024, 6, 1, 23, 55)
    assert len({r.id for r in found}) == 288


def test_steps_of_a_month() -> None:
    assert len(records(CALLS, "use 1 call of made each 4 hours in 2024-02")) == 6 * 29
    days = records(CALLS, "use 1 call of made each day in 2024-02")
    assert [(days[0].form, days[0].start, days[-1].end)] == [
        (Form.TOTAL, Instant.from_utc(2024, 2, 1), Instant.from_utc(2024, 3, 1))
    ]
    assert len(days) == 29
    assert len(records(CALLS, "use 1 call of made each month in 2024-02")) == 1


def test_both_ends_are_included() -> None:
    assert instants("use 1 call of made each 2 hours from 2024-06-01 10:00 to 2024-06-01 14:00") == [
        "2024-06-01T10:00:00Z",
        "2024-06-01T12:00:00Z",
        "2024-06-01T14:00:00Z",
    ]
    assert len(instants("use 1 call of made each hour from 2024-06-01 to 2024-06-02")) == 48
    assert len(instants("use 1 call of made each 30 minutes from 2024-06-01 23:00 to 2024-06-02")) == 2 + 48
    assert len(instants("use 1 call of made each month from 2024-01 to 2024-12")) == 12
    assert len(instants("use 1 call of made each 4 months from 2024-01 to 2024-12")) == 3
    assert len(instants("use 1 call of made each quarter from 2024-01 to 2024-12")) == 4
    assert len(instants("use 1 call of made each year from 2024-01 to 2025-12")) == 2
    assert len(instants("use 1 call of made each week from 2024-06-03 to 2024-06-16")) == 2


def test_steps_from_an_instant_are_counted_from_it() -> None:
    assert instants("use 1 call of made each 7 hours from 2024-06-01 10:30 to 2024-06-02 10:00") == [
        "2024-06-01T10:30:00Z",
        "2024-06-01T17:30:00Z",
        "2024-06-02T00:30:00Z",
        "2024-06-02T07:30:00Z",
    ]


def test_a_day_on_which_the_clocks_change_has_its_own_number_of_steps() -> None:
    berlin = HEAD.replace("UTC", "Europe/Berlin")
    assert len(instants("use 1 call of made each hour on 2026-03-29", head=berlin)) == 23
    assert len(instants("use 1 call of made each hour on 2026-10-25", head=berlin)) == 25
    two_days = instants("use 1 call of made each 6 hours from 2026-03-29 to 2026-03-30", head=berlin)
    assert two_days == [
        "2026-03-28T23:00:00Z",
        "2026-03-29T05:00:00Z",
        "2026-03-29T11:00:00Z",
        "2026-03-29T17:00:00Z",
        "2026-03-29T22:00:00Z",
        "2026-03-30T04:00:00Z",
        "2026-03-30T10:00:00Z",
        "2026-03-30T16:00:00Z",
    ], "the second day begins a step, though the one before it lasts five hours"


@pytest.mark.parametrize(
    ("code", "words", "help", "time"),
    [
        ("R219", "`fortnight` is no period", "`each week`", "each fortnight in 2024-06"),
        ("R219", "`reading` is no period", "`each day`", "each reading in 2024-06"),
        ("R219", "a step is a whole number", "`each hour`", "each 1.5 hours on 2024-06-01"),
        ("R219", "a step is a whole number", "`each day`", "each 0 days in 2024-06"),
        ("R219", "2 days do not say from when", "`each day`", "each 2 days in 2024-06"),
        ("R219", "`2024-06-01` is not filled by steps of `month`", "from", "each month on 2024-06-01"),
        ("R219", "`2024-06` is not filled by steps of `4 months`", "from", "each 4 months in 2024-06"),
        ("R219", "`2024-06` is not filled by steps of `week`", "from", "each week in 2024-06"),
        ("R219", "steps fill a day or a month", "from", "each 5 minutes on 2024-06-01 10:00"),
        (
            "R219",
            "`each day` gives totals, and `2024-06-01 10:00` is an instant",
            "`each 24 hours`",
            "each day from 2024-06-01 10:00 to 2024-06-03",
        ),
        ("R219", "this ends before it begins", "earlier", "each day from 2024-06-03 to 2024-06-02"),
        ("R219", "this ends before it begins", "earlier", "each hour from 2024-06-03 to 2024-06-02 10:00"),
        ("R105", "makes more than 200,000 records", "longer steps", "each minute from 2024-01 to 2024-12"),
        ("R104", "does not exist", "", "each hour from 2024-06-31 to 2024-07-02"),
        ("R104", "does not exist", "", "each hour from 2024-06-01 to 2024-06-31"),
    ],
)
def test_steps_that_cannot_be_taken(code: str, words: str, help: str, time: str) -> None:
    found = refused(f'{CALLS}example "e" {{\nuse 1 call of made {time}\nexpect total == 0 USD\n}}\n')
    assert [d.code for d in found] == [code], [d.message for d in found]
    assert words in found[0].message
    assert help in found[0].help


def test_the_most_records_that_steps_make() -> None:
    """A year of five minutes is far from the limit."""
    assert len(records(CALLS, "use 1 call of made each 5 minutes from 2024-01 to 2024-12")) == 366 * 288


# ---------------------------------------------------------------- whose records


READS = """\
meter invocations { field memory in MB;  measure sum(quantity) in calls }
meter compute { reads invocations;  measure sum(times * memory) in MB;  by memory }
charge fee { on compute;  every month;  rate 1 USD/MB }
charge fee_2 { on invocations;  every month;  rate 1 USD/call }
"""


def test_a_meter_that_reads_another_has_no_records() -> None:
    for use in ("use 5 MB of compute in 2024-06", "use compute in 2024-06 {\nquantity\n5 MB\n}"):
        found = refused(f'{READS}example "e" {{\n{use}\nexpect total == 0 USD\n}}\n')
        assert [d.code for d in found] == ["R201"]
        assert "`compute` has no records of its own: it reads those of `invocations`" in found[0].message
        assert "give the records of `invocations`, or the result: `given … of compute`" in found[0].help


def test_a_measured_value_is_of_the_meter_itself() -> None:
    rules = (
        "meter p95 { field pair text;  measure percentile(quantity, 95) in Mbps;  by pair }\n"
        "charge fee { on p95;  every month;  rate 1 USD/Mbps }\n"
    )
    (record,) = records(rules, 'given 120 Mbps of p95 with pair "A-B" in 2019-06')
    assert record.measured
    assert (record.form, record.start, record.end) == (Form.TOTAL, Date(2019, 6, 1), Date(2019, 7, 1))
    assert (record.quantity, dict(record.fields)) == (Amount(120, "Mbps"), {"pair": "A-B"})


@pytest.mark.parametrize(
    ("words", "help", "given"),
    [
        ("there is no meter `p9`", "declare", "given 5 Mbps of p9 in 2024-06"),
        ("`compute` is in MB, and `5 Mbps` is in bytes/second", "write it in MB", "given 5 Mbps of compute in 2024-06"),
        ("`compute` is not kept apart by `pair`", "write `by pair`", "given 5 MB of compute with pair A in 2024-06"),
        ("`memory` must be in bytes", "write", "given 5 MB of compute with memory big in 2024-06"),
        ("`memory` is given twice", "keep one", "given 5 MB of compute with memory 1 MB, memory 2 MB in 2024-06"),
        ("`in` takes a month or a day", "write `in 2024-06`", "given 5 MB of compute in 2024-06-01 10:00"),
    ],
)
def test_a_measured_value_that_cannot_be_taken(words: str, help: str, given: str) -> None:
    found = refused(f'{READS}example "e" {{\n{given}\nexpect total == 0 USD\n}}\n')
    assert any(words in d.message and help in d.help for d in found), [(d.message, d.help) for d in found]


# ---------------------------------------------------------------- purchases and settings


PACK = """\
setting plan one of free, pro = free
setting since date
setting heat in MJ/m3 = 1 MJ/m3
setting fast = off
setting share = 5%
unit MJ
unit m3
meter traffic { field class text = A;  field region text = EU;  measure sum(quantity) in GB }
package pack { covers traffic;  scope class, region;  sizes { 10 GB 1 USD } }
charge fee {
  on traffic;  every month;  rate 1 USD/GB
  when plan == pro or fast or heat > share * 1 MJ/m3 or at < since
}
deduct traffic from pack > fee
"""


def usage(*statements: str):
    found = listed(f'{PACK}example "e" {{\n{chr(10).join(statements)}\nexpect total >= 0 USD\n}}\n')
    return example_usage(found.examples[0], found, calendar_of("UTC"))


def test_a_purchase_with_a_scope() -> None:
    given = usage('buy 2 of pack 10 GB with class "STANDARD", region EU on 2024-04-01 as p1')
    (purchase,) = given.purchases
    assert (purchase.id, purchase.count, dict(purchase.attributes)) == ("p1", 2, {"class": "STANDARD", "region": "EU"})
    assert purchase.paid is None


def test_settings_of_every_type() -> None:
    given = usage(
        "set plan pro from 2024-03-10",
        "set since 2024-05-01",
        "set heat 39.3 MJ/m3",
        "set fast on",
        "set share 12%",
        "set activation 2024-03-10",
        "use 1 GB of traffic in 2024-04",
    )
    assert [(s.setting, s.value, s.at) for s in given.settings] == [
        ("plan", "pro", Date(2024, 3, 10)),
        ("since", "2024-05-01", None),
        ("heat", Amount(Fraction(393, 10), "MJ/m3"), None),
        ("fast", "on", None),
        ("share", Amount(Fraction(12, 100)), None),
    ]
    assert given.activated == Date(2024, 3, 10)


@pytest.mark.parametrize(
    ("code", "words", "help", "statement"),
    [
        (
            "R201",
            "package `pack` is not scoped by `zone`",
            "write `scope zone` in the package",
            "buy 1 of pack 10 GB with zone EU on 2024-04-01",
        ),
        (
            "R204",
            "`class` is given twice",
            "keep one",
            "buy 1 of pack 10 GB with class A, class B on 2024-04-01",
        ),
        ("R219", "packages are bought whole", "whole number", "buy 1.5 of pack 10 GB on 2024-04-01"),
        ("R219", "packages are bought whole", "from 1 on", "buy 0 of pack 10 GB on 2024-04-01"),
        ("R202", "`pack` is a package, and so no name", "`as p1`", "buy 1 of pack 10 GB on 2024-04-01 as pack"),
        ("R205", "activation is a day or an instant", "2026-01-05", "set activation pro"),
        ("R205", "activation is a day or an instant", "2026-01-05", "set activation 2024-04"),
        (
            "R203",
            "activation holds from itself on",
            "write `set activation 2024-04-01`",
            "set activation 2024-04-01 from 2024-04-02",
        ),
        ("R204", "activation is set twice", "keep one", "set activation 2024-04-01\nset activation 2024-04-02"),
        ("R205", "setting `since` must be a date", "write a date", "set since soon"),
        ("R204", "`region` is given twice", "keep one", "use 1 GB of traffic with region A, region B in 2024-04"),
    ],
)
def test_what_an_example_cannot_say(code: str, words: str, help: str, statement: str) -> None:
    found = refused(f'{PACK}example "e" {{\n{statement}\nexpect total == 0 USD\n}}\n')
    assert [d.code for d in found] == [code], [d.message for d in found]
    assert words in found[0].message
    assert help in found[0].help


def test_a_time_that_the_clocks_skip_is_refused_where_it_stands() -> None:
    berlin = HEAD.replace("UTC", "Europe/Berlin")
    for use in (
        "use 1 call of made on 2026-03-29 02:30",
        "use made {\nat quantity\n2026-03-29 02:30 1 call\n}",
        "use 1 call of made each hour from 2026-03-29 02:30 to 2026-03-30",
        "use 1 call of made in 2026-03\nexpect on 2026-03-29 02:00 total == 0 USD",
    ):
        found = refused(f'{CALLS}example "e" {{\n{use}\nexpect total == 0 USD\n}}\n', head=berlin)
        assert [d.code for d in found] == ["R104"], use
        assert "does not exist in Europe/Berlin" in found[0].message
