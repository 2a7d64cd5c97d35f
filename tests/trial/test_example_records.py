"""What the statements of an example mean as usage: measured values, purchases with a scope, settings."""

from __future__ import annotations

from fractions import Fraction

import pytest
from whenever import Date

from ratewright.trial.inputs import example_usage
from ratewright.usage.model import Amount, Form
from ratewright.values.calendar import calendar_of
from tests.trial.trials import CALLS, HEAD, listed, records, refused

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
