"""A bill or statement to its document: the one place that says what stands where, and for which length."""

from __future__ import annotations

from itertools import pairwise

from ratewright.explain.document import Collection, Detail, Document, Note, Row, Section
from ratewright.explain.rows.charge_rows import short_rows
from ratewright.explain.rows.line_rows import money
from ratewright.explain.rows.pool_rows import fund_sections
from ratewright.explain.sections.adjustment_sections import (
    adjustment_sections,
    away_sections,
    correction_sections,
    paid_of,
)
from ratewright.explain.sections.closing_sections import (
    balance_sections,
    limit_sections,
    purchase_sections,
    refund_sections,
    setting_sections,
)
from ratewright.explain.sections.meter_sections import lapsed, meter_sections, priced_elsewhere, unserved_row
from ratewright.explain.sections.section_sums import bill_id, section_sums
from ratewright.explain.sections.share_sections import share_sections
from ratewright.explain.sections.statement_summary import statement_summary
from ratewright.explain.sections.sum_rows import paid_of_all, sum_rows, to_pay
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.time_phrases import beside
from ratewright.explain.wording.word_templates import phrase, sentences
from ratewright.rating.bill import Bill, Statement


def assemble(result: Bill | Statement, detail: Detail) -> Document | Collection:
    """The explanation of a bill, or of a statement and each of its bills."""
    document = _document(result, detail) if isinstance(result, Bill) else _collection(result, detail)
    if detail != "full":
        return document
    from ratewright.explain.sections.rule_places import with_rules

    return with_rules(document, [result] if isinstance(result, Bill) else result.bills)


_AREAS = (
    meter_sections,
    limit_sections,
    purchase_sections,
    refund_sections,
    correction_sections,
    adjustment_sections,
    fund_sections,
    away_sections,
    setting_sections,
    balance_sections,
)


def _document(bill: Bill, detail: Detail) -> Document:
    left, in_full = bool(paid_of(bill, "subtotal")), detail == "full"
    say = Phrases(bill.tariff, bill.calendar, bill.period, subtotal_paid=left, in_full=in_full, bill=bill)
    if detail == "short":
        sections = [_short_section(bill, say), *share_sections(bill, say)]
    else:
        sections = [section for area in _AREAS for section in area(bill, say, detail)]
        sections += share_sections(bill, say)
    if not any(map(_says_something, sections)):
        more = detail == "short" and any(_says_something(x) for area in _AREAS for x in area(bill, say, "normal"))
        word = "no_line" if more else "empty"
        sections = [Section("nothing", "", "", notes=tuple(sentences("why", "bill", word, bill, say)))]
    sums = sum_rows(bill, say, detail)
    summed = section_sums(bill, sections, sums, say)
    return Document(
        phrase("bill", "title", bill, say),
        tuple(note.text for note in sentences("why", "bill", "heading", bill, say)),
        (*_fields(bill), *summed.sections),
        sums,
        tuple(sentences("more", "bill", "full", bill, say)) if detail == "full" else (),
        detail,
        bill,
        summed.summary,
    )


def _says_something(section: Section) -> bool:
    return bool(section.title or section.rows)


def _fields(bill: Bill) -> list[Section]:
    """What the account's data say of the bill itself, as they say it."""
    notes = tuple(Note("why", phrase("bill", "field", name, text)) for name, text in bill.fields)
    return [Section("fields", "", "", notes=notes)] if notes else []


def _short_section(bill: Bill, say: Phrases) -> Section:
    rows = short_rows(bill.lines, say)
    for unserved in bill.unserved:
        row = unserved_row(unserved, (), say, "short", priced_elsewhere(unserved.meter, bill))
        rows.append(row._replace(label=beside(say.title(unserved.meter), row.label), notes=()))
    return Section("lines", "", "", rows=tuple(rows))


def _documents(statement: Statement, detail: Detail) -> tuple[Document, ...]:
    """The bills, each with what changed against the last one of which there is something to tell; not in short."""
    documents = [
        _document(bill, detail)._replace(id=bill_id(bill), idle=len(statement.bills) > 1 and _is_idle(bill))
        for bill in statement.bills
    ]
    if detail != "short":
        from ratewright.explain.sections.change_notes import with_change

        told = [number for number, document in enumerate(documents) if not document.idle]
        for before, number in pairwise(told):
            bill = statement.bills[number]
            say = Phrases(bill.tariff, bill.calendar, bill.period)
            documents[number] = with_change(documents[number], statement.bills[before], bill, say)
    return tuple(documents)


def _is_idle(bill: Bill) -> bool:
    """Whether nothing is billed, nothing was refused, came late or lapsed, and no quota or limit had to do."""
    served = any(source.covered for meter in bill.meters for source in meter.sources)
    ran = any(limit.tasks for limit in bill.limits)
    other = bill.refusals or bill.late or bill.unserved or any(map(lapsed, bill.meters))
    return not (bill.lines or other or served or ran)


def _collection(statement: Statement, detail: Detail) -> Collection:
    say = Phrases(statement.tariff, statement.calendar, statement.period)
    total = Row(
        "sum",
        "total",
        phrase("foot", "total_of_all"),
        money=money(statement.total, statement.total, say),
        node=statement,
    )
    documents = _documents(statement, detail)
    paid = paid_of_all((document.sums for document in documents), say)
    told = sum(not document.idle for document in documents)
    return Collection(
        phrase("statement", "title", statement, say),
        tuple(note.text for note in sentences("why", "statement", "heading", statement, told, say)),
        documents,
        (total, *paid, *to_pay(statement.due, not paid and statement.due == statement.total, say)),
        detail,
        statement,
        statement_summary(statement, documents, say),
    )
