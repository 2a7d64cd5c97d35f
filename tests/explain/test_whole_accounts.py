"""Whole accounts as their customers, bookkeepers and auditors get them: in each form whole, and adding up."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from ratewright.comparison.compare import compare
from ratewright.explain.render import Detail, render
from ratewright.explain.text.text_columns import width_of
from ratewright.rating.bill import Bill, Statement
from ratewright.report.bill_formats import bill_csv
from tests.explain.spreadsheet import LIBRE_OFFICE, opened
from tests.explain.test_formats import rows_of
from tests.explain.test_truth import check_formats, check_told
from tests.explain.whole_accounts import NAMES, account, account_bills, sides
from tests.laws.booking import unlike_its_bills


def written(result: Bill | Statement, detail: Detail, width: int) -> str:
    return render(result, "text", detail, width=width)


@pytest.mark.parametrize(("detail", "width"), [("short", 80), ("normal", 80), ("full", 80), ("normal", 140)])
@pytest.mark.parametrize("name", NAMES)
def test_lines_of_text_are_as_wide_as_asked(name: str, detail: Detail, width: int) -> None:
    lines = written(account(name), detail, width).splitlines()
    assert [line for line in lines if width_of(line) > width] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_amount_is_whole(name: str) -> None:
    """An amount is never cut, nor parted from its currency, at the width of a terminal."""
    data = json.loads(render(account(name), "json", "full"))
    text = written(account(name), "full", 80)
    amounts = {row["amount"]["text"] for row in rows_of(data) if row["amount"]}
    assert amounts
    assert [amount for amount in amounts if amount not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_is_true(name: str) -> None:
    for bill in account_bills(name):
        check_told(bill)


@pytest.mark.parametrize("name", NAMES)
def test_each_form_has_the_same_figures(name: str) -> None:
    for bill in account_bills(name):
        check_formats(bill)


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_add_up_to_what_is_due_in_a_spreadsheet(name: str) -> None:
    assert unlike_its_bills(list(account_bills(name))) is None


OPENED = ("a year of a cloud", "a month in samples", "great amounts", "thirds of a dollar")
TYPES = {
    "float": ("quantity", "so_far", "unit_price", "tax_rate", "amount", "included_amount", "list_amount"),
    "date": ("bill_start", "bill_end", "period_start", "period_end", "at"),
    "string": ("account", "bill", "kind", "corrects", "source", "label", "unit", "currency", "exact_amount", "rule"),
}


@pytest.mark.skipif(LIBRE_OFFICE is None, reason="needs LibreOffice: apt-get install libreoffice-calc")
def test_a_spreadsheet_reads_figures_as_figures_and_adds_them_up(tmp_path: Path) -> None:
    """Days are days, no ratio is a date, no name is a formula, and a pivot by `bill` has what is due."""
    made = {name: [bill for bill in account_bills(name) if bill.lines] for name in OPENED}
    found = opened({name: bill_csv(account(name)) for name in OPENED}, tmp_path)
    for name, bills in made.items():
        rows = found[name]
        for kind, columns in TYPES.items():
            assert {row[column][0] for row in rows for column in columns if column in row} <= {kind, ""}
        sums: dict[str, float] = {}
        for row in rows:
            assert (row["amount"][0], row["bill"][0]) == ("float", "string")
            sums[row["bill"][1]] = sums.get(row["bill"][1], 0) + float(row["amount"][1])
        assert len(sums) == len(bills)
        assert list(sums.values()) == pytest.approx([float(bill.due) for bill in bills], abs=1e-7)
    assert {row["account"][1] for row in found["great amounts"]} == {'\'=HYPERLINK("http://x","a")'}


@pytest.mark.parametrize("name", [name for name in NAMES if len(account_bills(name)) > 1])
def test_what_changed_from_bill_to_bill_adds_up(name: str) -> None:
    for was, now in pairwise(sides(name)[:4]):
        found = compare(was, now)
        assert sum(part.amount for part in found.parts) == found.due_now - found.due_was
