"""The explanation for machines: the same document as JSON, with the trace's figures as exact strings.

A figure is a string of digits, or a ratio `1/3` where its decimals do not end, in the `unit` beside it;
an amount is in the document's currency; an instant is in UTC. `json_schema.explanation_schema` describes it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ratewright.explain.document import (
    Cell,
    Collection,
    Detail,
    Document,
    Figure,
    Link,
    Money,
    Note,
    Quoted,
    Row,
    Section,
    Table,
)
from ratewright.explain.machine.exact_values import instant
from ratewright.explain.machine.row_figures import figures
from ratewright.explain.wording.phrases import Phrases
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill, Statement
from ratewright.values.exact import plain
from ratewright.values.money import amount_plain
from ratewright.values.units import in_unit
from ratewright.values.writing import ENGLISH, writing, written_as

SCHEMA = "ratewright/explanation/1"
_MEMBERS = 31

Data = dict[str, Any]


def json_text(data: Data) -> str:
    """The data as JSON text that ends in a line end; hidden characters are written as `\\u202e`."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return _BEYOND_ASCII.sub(_seen, text) + "\n"


_BEYOND_ASCII = re.compile(r"[^\x00-\x7e]")


def _seen(match: re.Match[str]) -> str:
    character = match.group()
    return character if character.isprintable() else json.dumps(character)[1:-1]


def to_data(document: Document | Collection) -> Data:
    """The document as dicts, lists, strings, flags and None."""
    node = document.node
    assert isinstance(node, Bill | Statement)
    data: Data = {"schema": SCHEMA, "kind": "bill" if isinstance(node, Bill) else "statement"}
    data |= _whole(node, document.title, document.heading, document.detail)
    if isinstance(document, Collection):
        data["summary"] = _sections(document.summary, node, document.detail)
        data["bills"] = [_bill(bill) for bill in document.documents]
    elif isinstance(node, Bill):
        data |= _bill_parts(document, node)
    data["total"] = _total(document)
    data["sums"] = _sums(document)
    if document.detail == "full":
        data["rules"] = quoted_data(document.rules)
    return data


def quoted_data(rules: tuple[Quoted, ...]) -> list[Data]:
    """The lines of rule files that are told of."""
    return [
        {"file": quoted.file, "lines": [{"line": line.number, "text": line.text} for line in quoted.lines]}
        for quoted in rules
    ]


def rule_data(part: Row | Section, detail: Detail) -> Data:
    """Where the rule of a row or section stands, for the full length."""
    if detail != "full":
        return {}
    return {"rule": None if part.rule is None else {"file": part.rule.file, "line": part.rule.line}}


def _bill(document: Document) -> Data:
    bill = document.node
    assert isinstance(bill, Bill)
    period = {"id": document.id, "title": document.title, "period": _period(bill)}
    return {**period, **_bill_parts(document, bill), "total": _total(document), "sums": _sums(document)}


def _whole(node: Bill | Statement, title: str, heading: tuple[str, ...], detail: Detail) -> Data:
    tariff = node.tariff
    return {
        "detail": detail,
        "language": writing().language,
        "title": title,
        "heading": list(heading),
        "account": node.account,
        "fields": dict((node if isinstance(node, Bill) else node.bills[0]).fields),
        "currency": tariff.currency,
        "period": _period(node),
        "tariff": tariff_data(tariff),
    }


def tariff_data(tariff: tree.Tariff) -> Data:
    """The price list."""
    return {
        "name": tariff.name,
        "title": tariff.title,
        "file": tariff.file.name,
        "effective": str(tariff.effective) if tariff.effective else None,
        "until": str(tariff.until) if tariff.until else None,
        "timezone": tariff.timezone,
        "source": tariff.source_text,
    }


def _period(node: Bill | Statement) -> Data:
    say = Phrases(node.tariff, node.calendar, node.period)
    start, end = node.period.start, node.period.end
    return {"text": say.stretch(start, end), "start": instant(start), "end": instant(end)}


def _bill_parts(document: Document, bill: Bill) -> Data:
    invoiced = bill.invoiced
    return {
        "issued": {"first": str(invoiced[0]), "last": str(invoiced[1])} if invoiced else None,
        "tzdata": bill.tzdata,
        "made_from": _made_from(bill),
        "summary": _sections(document.summary, bill, document.detail),
        "sections": _sections(document.sections, bill, document.detail),
        "notes": notes_data(document.notes),
    }


def _made_from(bill: Bill) -> Data | None:
    made = bill.made_from
    if made is None:
        return None
    return {"engine": made.engine, "files": [{"file": name, "sha256": digest} for name, digest in made.files]}


def _sections(sections: tuple[Section, ...], node: Bill | Statement, detail: Detail) -> list[Data]:
    return [_section(section, node.tariff.currency, detail) for section in sections]


def _section(section: Section, currency: str, detail: Detail) -> Data:
    return {
        **({"id": section.id} if section.id else {}),
        "kind": section.kind,
        "name": section.name,
        "title": section.title,
        "quantity": quantity_data(section.quantity),
        "remark": section.remark,
        "notes": notes_data(section.notes),
        "rows": [_row(row, currency, detail) for row in _rows(section, detail)],
        "tables": [_table(table, currency) for table in section.tables],
        "figures": _figures(section.node) if detail != "short" and section.node is not None else {},
        **rule_data(section, detail),
    }


def _row(row: Row, currency: str, detail: Detail) -> Data:
    return {
        "kind": row.kind,
        "name": row.name,
        "label": row.label,
        "quantity": quantity_data(row.quantity),
        "how": row.how,
        "amount": money_data(row.money, currency),
        "notes": notes_data(row.notes),
        "figures": _figures(row.node) if detail != "short" and row.node is not None else {},
        **rule_data(row, detail),
    }


def _figures(node: object) -> Data:
    """The figures of a node; they are for machines, and the same in each language."""
    with written_as(ENGLISH):
        return figures(node)


def _rows(section: Section, detail: Detail) -> tuple[Row, ...]:
    """The rows of a section, and those that its tables stand for: of many only the first, unless all is asked for."""
    members = section.members if detail == "full" else section.members[:_MEMBERS]
    return (*section.rows, *members)


def _table(table: Table, currency: str) -> Data:
    return {
        "name": table.name,
        "title": table.title,
        "heads": list(table.heads),
        "rows": [[_cell(cell, currency) for cell in row] for row in table.rows],
        "foot": [_cell(cell, currency) for cell in table.foot],
        "notes": notes_data(table.notes),
        "reasons": notes_data(table.reasons),
    }


def _cell(cell: Cell, currency: str) -> Data | str | None:
    match cell:
        case Figure():
            return quantity_data(cell)
        case Money():
            return money_data(cell, currency)
        case Link():
            return cell._asdict()
    return cell


def _total(document: Document | Collection) -> Data:
    """The total; `sums` of a bill have it again, beside the others."""
    return _sum(next(row for row in document.sums if (row.kind, row.name) == ("sum", "total")), document.node)


def _sums(document: Document | Collection) -> list[Data]:
    return [
        {
            "kind": row.kind,
            "name": row.name,
            "label": row.label,
            "how": row.how,
            "quantity": quantity_data(row.quantity),
            **_sum(row, document.node),
            **rule_data(row, document.detail),
        }
        for row in document.sums
    ]


def _sum(row: Row, node: object) -> Data:
    assert row.money is not None and isinstance(node, Bill | Statement)
    money = money_data(row.money, node.tariff.currency)
    assert money is not None
    return {**money, "notes": notes_data(row.notes)}


def notes_data(notes: tuple[Note, ...]) -> list[Data]:
    """Reasons."""
    return [{"kind": note.kind, "text": note.text} for note in notes]


def quantity_data(figure: Figure | None) -> Data | None:
    """A quantity, in its unit."""
    if figure is None:
        return None
    return {
        "value": plain(in_unit(figure.value, figure.unit)),
        "unit": figure.unit.singular,
        "text": figure.text,
    }


def money_data(money: Money | None, currency: str) -> Data | None:
    """An amount."""
    if money is None:
        return None
    return {
        "value": amount_plain(money.amount, currency),
        "exact": plain(money.exact),
        "currency": currency,
        "text": money.text,
    }
