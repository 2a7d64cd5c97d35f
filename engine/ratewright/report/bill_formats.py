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
from ratewright.report.booking_rows import FIGURES, booking_rows, columns_of


def bill_json(result: Bill | Statement) -> str:
    """The bill or statement as JSON text, ending in a line end."""
    model = bill_model(result) if isinstance(result, Bill) else statement_model(result)
    return model.model_dump_json(indent=2, by_alias=True, exclude_none=True) + "\n"


def bill_csv(*results: Bill | Statement) -> str:
    """The lines of bills as CSV, and the rounding of a bill: the amounts of each add up to what is due.

    Text that a spreadsheet would run as a formula is made text.
    """
    rows = list(booking_rows(bill for one in results for bill in ((one,) if isinstance(one, Bill) else one.bills)))
    columns = columns_of(rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(harmless, columns))
    for row in rows:
        cells = ((name, row.get(name, "")) for name in columns)
        writer.writerow(text if name in FIGURES else harmless(text) for name, text in cells)
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
