"""What a bill prints is true: equations hold, what is shown adds up, and all formats say the same."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from html import unescape

import pytest
from hypothesis import given, settings

from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Document
from ratewright.explain.render import render
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill
from ratewright.report.bill_formats import bill_csv, bill_json
from ratewright.values.rounding import Way, round_to
from tests.explain.bills import all_bills
from tests.explain.equations import equations
from tests.rating.accounts import bills
from tests.rating.random_accounts import FIRST as BEGIN
from tests.rating.random_accounts import LAST as END
from tests.rating.random_accounts import markets_with_accounts
from tests.rating.random_tariffs import FIRST, LAST, cases

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
ROUNDED = re.compile(r"(\S+) USD exactly, rounded ([a-z ]+) to (\S+) USD: (\S+) USD$")
SO_FAR = re.compile(
    r"(\S+) USD for .* so far, and (\S+) USD were billed before: (?:(\S+) USD (more|less)|nothing more)$"
)


def said(bill: Bill) -> Iterator[str]:
    """Every line of the explanation of a bill at full length."""
    document = assemble(bill, "full")
    assert isinstance(document, Document)
    for section in document.sections:
        yield section.remark
        yield from (note.text for note in section.notes)
        for row in section.rows:
            yield row.how
            yield from (note.text for note in row.notes)
    for row in document.sums:
        yield from (note.text for note in row.notes)


def check_equations(bill: Bill) -> int:
    count = 0
    for text in said(bill):
        for equation in equations(text, bill.tariff.units, bill.tariff.currency):
            assert equation.holds, equation
            count += 1
        if rounded := ROUNDED.search(text):
            before, way, step, after = rounded.groups()
            exact = Fraction(before.rstrip("…").replace(",", ""))
            if not before.endswith("…"):
                assert round_to(exact, number(step), Way(way)) == number(after), text
        if so_far := SO_FAR.search(text):
            now, before, difference, sign = so_far.groups()
            assert number(now) - number(before) == number(difference or "0") * (-1 if sign == "less" else 1), text
    return count


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def check_sums(bill: Bill) -> None:
    """Covered, priced and not covered come to what is used, as it is printed; where all is priced in this bill."""
    told = json.loads(render(bill, "json", "full"))
    traces = {meter.meter.name: meter for meter in bill.meters}
    for section in told["sections"]:
        if section["kind"] != "meter" or section["quantity"] is None:
            continue
        made = traces[section["name"]]
        if not isinstance(made.meter.each, tree.RecordFact) or any(s.unit != made.meter.unit for s in made.sources):
            continue
        priced: dict[str, Fraction] = defaultdict(Fraction)
        taken = Fraction(0)
        for row in section["rows"]:
            if row["kind"] in ("source", "unserved"):
                taken += Fraction(row["quantity"]["value"])
            elif row["kind"] == "charge" and row["quantity"] is not None:
                priced[row["name"]] += Fraction(row["quantity"]["value"])
        for name, quantity in priced.items():
            lines = [line for line in bill.lines if line.source == name and line.period is not None]
            inside = all(bill.period.start <= line.period.start for line in lines if line.period is not None)
            charge = bill.tariff.charges[name]
            if inside and isinstance(charge.on, tree.MeterLeft) and charge.when is None:
                waiting = dict(made.charged).get(name, 0) - sum(line.quantity for line in lines)
                assert taken + quantity + Fraction(waiting) / made.meter.unit.scale == Fraction(
                    section["quantity"]["value"]
                )


def check_formats(bill: Bill) -> None:
    told = json.loads(render(bill, "json"))
    machine = json.loads(bill_json(bill))
    rows = list(csv.DictReader(io.StringIO(bill_csv(bill))))
    lines = [row for row in rows if row["kind"] != "rounding"]
    assert [(row["quantity"], row["so_far"], row["amount"]) for row in lines] == [
        (line["quantity"], line.get("so_far", ""), line["amount"]) for line in machine["lines"]
    ]
    assert {row["name"]: row["value"] for row in told["sums"]}.items() >= {"total": machine["total"]}.items()
    full = json.loads(render(bill, "json", "full"))
    shown = sorted(
        (row["name"], row["amount"]["value"])
        for section in full["sections"]
        for row in section["rows"]
        if row["kind"] in ("charge", "discount", "tax", "payment", "correction", "extension", "purchase")
        and row["figures"]
    )
    billed = [line for line in machine["lines"] if line["kind"] != "refund"]
    assert shown == sorted((line["source"], line["amount"]) for line in billed)
    assert figures(render(bill, "text", width=100_000)) == figures(markdown(render(bill, "markdown")))
    assert figures(render(bill, "text", width=100_000)) == figures(html(render(bill, "html")))


def figures(text: str) -> set[str]:
    """The numbers of a page; a layout may say a label twice."""
    return set(NUMBER.findall(text))


def markdown(text: str) -> str:
    return re.sub(r"\\([^\w\s])", r"\1", text)


def html(page: str) -> str:
    body = page.partition("<body>")[2] or page
    body = re.sub(r'<p class="due">.*?</p>', "", body)  # the last sum again
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?time>", "", body)))


@pytest.mark.parametrize("name", all_bills())
def test_what_the_examples_print_is_true(name: str) -> None:
    bill = all_bills()[name]
    check_equations(bill)
    check_sums(bill)
    check_formats(bill)


def test_equations_are_found() -> None:
    assert sum(check_equations(bill) for bill in all_bills().values()) >= 80


@given(cases())
@settings(max_examples=40, deadline=None)
def test_what_random_lists_print_is_true(case) -> None:
    for bill in bills(case.rules, case.usage, FIRST, LAST):
        check_equations(bill)
        check_sums(bill)


@given(cases())
@settings(max_examples=15, deadline=None)
def test_all_formats_of_random_lists_say_the_same(case) -> None:
    check_formats(bills(case.rules, case.usage, FIRST, LAST)[1])


@given(markets_with_accounts())
@settings(max_examples=40, deadline=None)
def test_what_random_accounts_are_told_is_true(drawn) -> None:
    market, usage = drawn
    for bill in bills(market.rules, usage, BEGIN, END):
        check_equations(bill)
        check_sums(bill)
