"""Models → JSON and CSV text."""

from __future__ import annotations

import csv
import io
from typing import Any
from unicodedata import normalize

from pydantic import BaseModel

from ratewright.rating.bill import Bill, Statement
from ratewright.report import bill_schema as m
from ratewright.report.bill_model import bill_model, statement_model
from ratewright.values.exact import exact
from ratewright.values.money import amount_plain

_COLUMNS = (
    "account",
    "period_start",
    "period_end",
    "kind",
    "source",
    "label",
    "key",
    "at",
    "quantity",
    "so_far",
    "unit",
    "amount",
    "currency",
    "list_amount",
)


def bill_json(result: Bill | Statement) -> str:
    """The bill or statement as JSON text, ending in a line end."""
    model = bill_model(result) if isinstance(result, Bill) else statement_model(result)
    return model.model_dump_json(indent=2, by_alias=True, exclude_none=True) + "\n"


def bill_csv(result: Bill | Statement) -> str:
    """The lines of the bill or bills as CSV, and the rounding of a bill: their amounts add up to what is due.

    Text that a spreadsheet would run as a formula is made text.
    """
    bills = (result,) if isinstance(result, Bill) else result.bills
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for bill in bills:
        model = bill_model(bill)
        for line in model.lines:
            period = line.period or model.period
            key = "; ".join(f"{name}: {value}" for name, value in (line.key or {}).items())
            row = [model.account, period.start, period.end, line.kind, line.source, line.label, key, line.at or ""]
            quantities = [line.quantity, line.so_far or "", harmless(line.unit)]
            writer.writerow([*map(harmless, row), *quantities, line.amount, model.currency, line.list_amount or ""])
        rounded = exact(bill.total - bill.exact_total)
        if rounded:
            of = [model.account, model.period.start, model.period.end, *(["rounding"] * 3), "", ""]
            amount = amount_plain(rounded, model.currency)
            writer.writerow([*map(harmless, of), amount, "", model.currency, amount, model.currency, ""])
    return out.getvalue()


_FORMULA = frozenset("=+-@\t\r\n")


def harmless(cell: str) -> str:
    """A text cell that no spreadsheet takes for a formula; wide and small forms of its signs begin one too."""
    return f"'{cell}" if _FORMULA.intersection(normalize("NFKC", cell[:1])) else cell


def bill_schema() -> dict[str, Any]:
    """The JSON Schema of `bill --format json`: a bill, or a statement of bills."""
    schema = _Either.model_json_schema(by_alias=True, mode="serialization")
    found: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A bill, or a statement of several",
        **schema["properties"]["result"],
        "$defs": schema["$defs"],
    }
    return found


class _Either(BaseModel):
    result: m.BillModel | m.StatementModel
