"""The tables of periods: each cell of the page is tried."""

from __future__ import annotations

import re

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Source, errors_in
from ratewright.values.calendar import PeriodUnit
from tests.docs.pages import page

HEAD = """
tariff parts { currency USD;  timezone "UTC" }
unit pic, pics
setting plan one of free, pro = pro
setting billing_day number = 15
setting begin date = 2026-03-02
table start_of by plan { free 2026-01-01;  pro 2026-02-01 }
"""
METER = "meter images { field instance text = a;  field born date = 2026-01-01;  measure sum(quantity) in pics }\n"
FEE = METER + "charge fee { on images;  every month;  rate 1 USD/pic }\n"
DRAWN = FEE + "deduct images from quota > fee\n"
GRANT = DRAWN + "grant quota { covers images;  size 1 pic; "
PACKAGE = DRAWN + "package quota { covers images;  sizes { 1 pic 1 USD }; "
PERIODS = {
    "`every`": METER + "charge fee { on images;  every ???;  rate 1 USD/pic }",
    "`billed every`": METER + "charge fee { on images;  every 20 years;  billed every ???;  rate 1 USD/pic }",
    "`renews every`": GRANT + "renews every ??? }",
    "`each` in a series": FEE + "meter seen { reads images;  measure highest(sum(quantity) each ???) in pics }",
    "`use … each`": FEE
    + 'example "steps" { use 1 pic of images each ??? from 2024-01-01 to LAST;  expect images > 0 pics }',
}
INSTANTS = {
    "`every … from`, `once on`": [
        METER + "charge fee { on images;  every month from ???;  rate 1 USD/pic }",
        METER + "charge fee { once on ???;  amount 1 USD }",
    ],
    "`renews …`, `valid … from`": [
        start + statement
        for start in (GRANT, PACKAGE)
        for statement in ("renews every month from ??? }", "valid 1 year from ??? }")
    ],
    "`since`": [
        FEE + "meter seen { reads images;  measure sum(quantity since ???) in pics }",
        FEE + "meter seen { reads images;  measure highest(sum(quantity) each day since ???) in pics }",
    ],
}
STANDS_FOR = {"a field, such as": "", "a field": "born", "a setting": "begin"}
"""What is tried for things that a row names by their kind."""


def cells(columns: dict[str, str] | dict[str, list[str]]) -> list[tuple[str, str, str]]:
    """Row, column and cell of a table of the page."""
    head = f"| | {' | '.join(columns)} |"
    _, found, table = page("docs/language.md").section("Periods").partition(f"{head}\n")
    assert found, f"no table has the head {head}"
    rows = [line.strip("| ").split(" | ") for line in table.partition("\n\n")[0].splitlines()[1:]]
    return [(row, *pair) for row, *cells in rows for pair in zip(columns, cells, strict=True)]


def named(row: str) -> list[str]:
    kind = next((kind for kind in STANDS_FOR if kind in row), "")
    return [name for name in (*re.findall(r"`([^`]+)`", row), STANDS_FOR.get(kind, "")) if name]


def stands(rules: str, word: str) -> bool:
    last = "2024-01-02" if "minute" in word or "hour" in word else "2026-12-31"
    _, diagnostics = check(Source("page.tariff", HEAD + rules.replace("???", word).replace("LAST", last)))
    return not errors_in(diagnostics)


@pytest.mark.parametrize(("row", "column", "cell"), cells(PERIODS))
def test_a_period_stands_where_the_page_says(row: str, column: str, cell: str) -> None:
    wanted = cell == "yes"
    assert {period: stands(PERIODS[column], period) for period in named(row)} == dict.fromkeys(named(row), wanted)


@pytest.mark.parametrize(("row", "column", "cell"), cells(INSTANTS))
def test_an_instant_stands_where_the_page_says(row: str, column: str, cell: str) -> None:
    for rules in INSTANTS[column]:
        wanted = cell == "yes" or (cell == "in a package" and rules.startswith(PACKAGE))
        assert {at: stands(rules, at) for at in named(row)} == dict.fromkeys(named(row), wanted), rules


def test_every_period_that_the_program_knows_is_in_the_table() -> None:
    rows = " ".join(row for row, *_ in cells(PERIODS))
    assert [unit.value for unit in PeriodUnit if f"`{unit.value}`" not in rows] == []
