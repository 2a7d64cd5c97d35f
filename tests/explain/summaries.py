"""Whether what a bill or a statement begins with adds up, row by row and column by column, and to its bills."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction
from html import unescape

from ratewright.derivation import trace
from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Cell, Collection, Document, Link, Money, Row, Section, Table, cell_text
from ratewright.explain.pages.html_form import to_html
from ratewright.explain.text.markdown_form import to_markdown
from ratewright.explain.text.text_form import to_text
from ratewright.rating.bill import Bill, LineKind, Statement

TO_PAY = {"charge", "payment", "purchase", "refund", "extension", "discount", "tax", "correction"}
"""The kinds of rows that have what is to be paid."""


def forms(whole: Collection) -> list[str]:
    """The summary as text, Markdown and HTML, as their readers see it: without its bills."""
    alone = whole._replace(documents=())
    page = re.sub(r"<(style|title)>.*?</\1>", " ", to_html(alone), flags=re.DOTALL)
    page = re.sub(r"<text.*?</text>", " ", page)  # `Mar` and `2026` of the picture
    markdown = re.sub(r"\]\(#.*?\)", " ", re.sub(r"\\([^\w\s]|_)", r"\1", to_markdown(alone)))
    return [to_text(alone, False, 100_000), markdown, unescape(re.sub(r"<[^>]+>", " ", page.replace("time>", "")))]


def amount(cell: Cell) -> Fraction:
    """The amount in a cell; nothing where there is none."""
    assert cell is None or isinstance(cell, Money)
    return Fraction(0) if cell is None else Fraction(cell.amount)


def table(sections: tuple[Section, ...], name: str) -> Table | None:
    """The table of the summary that has this name."""
    return next((table for section in sections for table in section.tables if table.name == name), None)


def check_foot(told: Table, columns: range) -> None:
    """Each of the columns adds up to its foot."""
    for number in columns:
        assert sum(amount(row[number]) for row in told.rows) == amount(told.foot[number]), told.heads[number]


def check_statement(result: Statement) -> Collection:
    """The tables of a statement against one another and against its bills."""
    whole = assemble(result, "normal")
    assert isinstance(whole, Collection)
    assert len({document.id for document in whole.documents}) == len(result.bills)
    check_ladder(whole.sums, result)
    for bill, document in zip(result.bills, whole.documents, strict=True):
        check_bill(bill, document)
        if document.idle:
            assert (bill.due, bill.lines, bill.refusals) == (0, (), ())
    if len(result.bills) == 1:
        assert whole.summary == ()
        return whole
    bills = table(whole.summary, "bills")
    assert bills is not None
    check_rows(bills, result, whole)
    check_foot(bills, range(1, len(bills.heads)))
    assert amount(bills.foot[-1]) == result.due
    charges = table(whole.summary, "charges")
    made = sum(bill.charges for bill in result.bills)
    if len(bills.heads) > 2:
        assert amount(bills.foot[1]) == made
    if charges is not None:
        check_foot(charges, range(len(charges.heads) - 1, len(charges.heads)))
        assert amount(charges.foot[-1]) == made
    check_taxes(result, whole)
    return whole


def check_ladder(rows: tuple[Row, ...], result: Statement) -> None:
    """Each sum at the foot is the one above it with the steps between them."""
    sums = {row.name: amount(row.money) for row in rows if row.kind == "sum"}
    assert (sums["total"], sums.get("due", sums["total"])) == (result.total, result.due)
    at = sums["total"]
    for row in rows:
        if row.kind == "sum":
            assert amount(row.money) == at
        else:
            at += amount(row.money)


def check_rows(told: Table, result: Statement, whole: Collection) -> None:
    """Each row adds up to what is due of its bill; the bills of which there is nothing to tell are due nothing."""
    linked = {row[0].target: row for row in told.rows if hasattr(row[0], "target")}
    assert set(linked) == {document.id for document in whole.documents if not document.idle}
    for bill, document in zip(result.bills, whole.documents, strict=True):
        if not document.idle:
            assert amount(linked[document.id][-1]) == bill.due
    for row in (*told.rows, told.foot):
        if len(row) > 2:
            assert sum(map(amount, row[1:-1])) == amount(row[-1]), row


def check_taxes(result: Statement, whole: Collection) -> None:
    """All taxes are told: those of the bills, those inside prices, and those that were corrected."""
    kinds = {LineKind.TAX.value, LineKind.INCLUDED.value}
    lines = [line for bill in result.bills for line in bill.lines]
    corrected = [line for line in lines if isinstance(line.why, trace.CorrectionTrace) and line.why.corrects in kinds]
    taxes = table(whole.summary, "taxes")
    told = [] if taxes is None else [amount(row[-1]) for row in taxes.rows]
    assert sum(told) == sum(line.amount for line in lines if line.kind.value in kinds) + sum(
        line.amount for line in corrected
    )
    if taxes is not None and taxes.foot:
        assert amount(taxes.foot[-1]) == sum(told)


def check_bill(bill: Bill, document: Document) -> None:
    """The sum of each section is that of its rows, and all of them are what is due."""
    places: dict[str, Fraction] = defaultdict(Fraction)
    kinds = TO_PAY if any(line.kind is LineKind.REFUND for line in bill.lines) else TO_PAY - {"refund"}  # else refused
    found = set()
    for section in document.sections:
        for row in (*section.rows, *section.members):
            if section.kind != "records" and row.kind in kinds and row.money is not None and not _inside(row.node):
                places[section.title] += Fraction(row.money.amount)
                found.add((section.kind, section.name))
    told = table(document.summary, "sections")
    assert (told is not None) == (len(found) > 3)
    if told is None:
        return
    rows = {cell_text(row[0]): amount(row[-1]) for row in told.rows}
    ids = {section.id: section.title for section in document.sections if section.id}
    assert ids == {row[0].target: row[0].text for row in told.rows if isinstance(row[0], Link)}
    assert len(ids) == len(set(places))
    rounding = [rows.pop(row.label) for row in document.sums if row.kind == "rounding" and row.label in rows]
    assert rows == places
    assert sum(rounding) == bill.total - bill.exact_total
    assert sum(rows.values()) + sum(rounding) == amount(told.foot[-1]) == bill.due


def _inside(node: object) -> bool:
    """Whether a row corrects a tax that is inside the prices, and adds nothing."""
    why = getattr(node, "why", None)
    return isinstance(why, trace.CorrectionTrace) and why.corrects == LineKind.INCLUDED.value
