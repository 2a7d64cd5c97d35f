"""Whole accounts as their customers, bookkeepers and auditors get them: in each form whole, and adding up."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from ratewright.comparison.compare import compare
from ratewright.explain.render import Detail, render
from ratewright.explain.text.text_columns import width_of
from ratewright.rating.bill import Bill, Statement
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
        check_formats(bill)


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_add_up_to_what_is_due_in_a_spreadsheet(name: str) -> None:
    assert unlike_its_bills(list(account_bills(name))) is None


@pytest.mark.parametrize("name", [name for name in NAMES if len(account_bills(name)) > 1])
def test_what_changed_from_bill_to_bill_adds_up(name: str) -> None:
    for was, now in pairwise(sides(name)[:4]):
        found = compare(was, now)
        assert sum(part.amount for part in found.parts) == found.due_now - found.due_was
