"""A comparison for machines: the document with its exact figures. `comparison_schema` describes it."""

from __future__ import annotations

from typing import Any

from ratewright.comparison.parts import Aspect, Change, Comparison, Part, State
from ratewright.comparison.side import Side
from ratewright.explain.document import Detail, Document, Row, Section
from ratewright.explain.machine.exact_values import in_, key, stretch
from ratewright.explain.machine.json_form import (
    Data,
    money_data,
    notes_data,
    quantity_data,
    quoted_data,
    rule_data,
    tariff_data,
)
from ratewright.explain.wording.phrases import Phrases
from ratewright.rating.bill import Bill
from ratewright.values.exact import Exact, plain
from ratewright.values.money import amount_plain
from ratewright.values.writing import writing

SCHEMA = "ratewright/comparison/1"


def comparison_data(document: Document, comparison: Comparison) -> Data:
    """The document as dicts, lists, strings and None."""
    was, now = comparison.sides
    currency = now.currency
    return {
        "schema": SCHEMA,
        "detail": document.detail,
        "language": writing().language,
        "title": document.title,
        "heading": list(document.heading),
        "account": now.usage.account,
        "currency": currency,
        "method": comparison.method,
        "orders": str(comparison.orders),
        "was": _side(was, comparison.was, comparison.due_was),
        "now": _side(now, comparison.now, comparison.due_now),
        "sections": [_section(section, currency, document.detail) for section in document.sections],
        "idle": [each.value for each in comparison.idle],
        "notes": notes_data(document.notes),
        "sums": [_sum(row, currency) for row in document.sums],
        **({"rules": quoted_data(document.rules)} if document.detail == "full" else {}),
    }


def _side(side: Side, bills: tuple[Bill, ...], due: Exact) -> Data:
    say = Phrases(side.plans[0].tariff, side.calendar, side.period)
    period = {"text": say.stretch(side.period.start, side.period.end), **stretch(side.period)}
    return {
        "period": period,
        "usage": side.usage.source.name,
        "tariffs": [tariff_data(bill.tariff) for bill in bills],
        "due": amount_plain(due, side.currency),
    }


def _section(section: Section, currency: str, detail: Detail) -> Data:
    return {
        "inputs": section.name.split("+") if section.name else [],
        "title": section.title,
        "remark": section.remark,
        "notes": notes_data(section.notes),
        "rows": [_row(row, currency, detail) for row in section.rows],
    }


def _row(row: Row, currency: str, detail: Detail) -> Data:
    part = row.node
    assert isinstance(part, Part)
    return {
        "aspect": part.aspect.value,
        "source": row.name,
        "label": row.label,
        "quantity": quantity_data(row.quantity),
        "how": row.how,
        "amount": money_data(row.money, currency),
        "least": plain(part.least),
        "most": plain(part.most),
        "notes": notes_data(row.notes),
        "figures": {} if part.change is None or part.least != part.most else _figures(part.change),
        **rule_data(row, detail),
    }


def _figures(change: Change) -> Data:
    """What stood in the two bills that a part was found between."""
    group = change.group
    line: Data = {"kind": group.kind.value, "key": key(group.key)}
    if group.of:
        line["of"] = group.of
    if change.aspect is Aspect.SLICE:
        line["row"] = str(change.slice + 1)
    return {"line": line, "was": _state(change.was), "now": _state(change.now)}


def _state(state: State) -> Data:
    found: dict[str, Any] = {"lines": str(len(state.lines)), "amount": plain(state.amount)}
    if state.lines:
        unit = state.lines[0].unit
        found |= {"quantity": in_(state.quantity, unit), "unit": unit.singular, "billed": plain(state.billed)}
        if state.rest:
            found["rest"] = plain(state.rest)
        if state.price is not None:
            found["price"] = plain(state.price.price * unit.scale)
        if state.used is not None:
            found |= {"used": in_(state.used, unit), "covered": in_(state.covered, unit)}
    return found


def _sum(row: Row, currency: str) -> Data:
    money = money_data(row.money, currency)
    assert money is not None
    return {"name": row.name, "label": row.label, **money}
