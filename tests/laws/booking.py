"""Law 15: a table for booking adds up. Its figures are decimals, and the rows of each bill are what is due."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from decimal import Decimal, localcontext
from fractions import Fraction
from random import Random

from ratewright.rating.bill import Bill, LineKind
from ratewright.rating.walk import statement
from ratewright.report.bill_formats import bill_csv
from ratewright.values.exact import decimals_of
from ratewright.values.units import in_unit
from tests.laws.billing import bills, data_of
from tests.laws.law import Law
from tests.reference.cases import Case

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
FIGURES = ("quantity", "so_far", "unit_price", "tax_rate", "amount", "included_amount", "list_amount")
DATES = ("bill_start", "bill_end")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SIX_MORE = 6
"""How many decimals amounts that do not end have behind those of their currency."""


def unlike_its_bills(made: list[Bill]) -> str | None:
    """How the table of bills disagrees with them; None where it does not."""
    text = bill_csv(statement(made) if len(made) > 1 else made[0])
    rows = list(csv.DictReader(io.StringIO(text)))
    return _no_decimals(rows) or _other_sums(rows, made) or _other_figures(rows, made)


def _no_decimals(rows: list[dict[str, str]]) -> str | None:
    for row in rows:
        amounts = [row[name] for name in ("amount", "included_amount", "list_amount") if row[name]]
        if any(len(each.partition(".")[2]) < 2 for each in amounts):
            return f"an amount without the decimals of its currency: {row}"
        for name in FIGURES:
            if row[name] and not DECIMAL.fullmatch(row[name]):
                return f"{name} is {row[name]}: {row}"
        if not row["amount"] or not all(DATE.fullmatch(row[name]) for name in DATES):
            return f"no amount or no date: {row}"
    return None


def _other_sums(rows: list[dict[str, str]], made: list[Bill]) -> str | None:
    """Added up as a spreadsheet does, in decimals."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with localcontext(prec=200):
        for row in rows:
            sums[row["bill"]] += Decimal(row["amount"])
    for bill in made:
        (name,) = {row["bill"] for row in rows if _is_of(row, bill)} or {""}
        added = Fraction(sums.get(name, Decimal(0)))
        close = Fraction(1, 10**SIX_MORE) if decimals_of(bill.due) is None else 0
        if abs(added - bill.due) > close:
            return f"{bill.period}: rows come to {added}, due is {bill.due}"
    return None


def _is_of(row: dict[str, str], bill: Bill) -> bool:
    return row["bill_start"] == bill.calendar.date_of(bill.period.start).format_iso()


def _other_figures(rows: list[dict[str, str]], made: list[Bill]) -> str | None:
    """What a row says of its line: the ratio where decimals are not all of it, and the price that makes the amount."""
    for bill in made:
        for row, line in zip([row for row in rows if _is_of(row, bill)], bill.lines, strict=False):
            if row["exact_amount"]:
                told = Fraction(row["exact_amount"].removeprefix("ratio "))
                if told != line.amount or abs(told - Fraction(row["amount"])) >= Fraction(1, 10**SIX_MORE):
                    return f"{row['amount']} for {line.amount}: {row}"
            elif Fraction(row["amount"]) != line.amount and not row["included_amount"]:
                return f"{row['amount']} for {line.amount}: {row}"
            used = Fraction(row["exact_quantity"].removeprefix("ratio ") or row["quantity"] or 0)
            if used != in_unit(line.quantity, line.unit) and line.kind is not LineKind.CORRECTION:
                return f"{used} for {line.quantity}: {row}"
            if not row["quantity"] and row["unit"]:
                return f"no quantity: {row}"
            product = Fraction(row["quantity"] or 0) * Fraction(row["unit_price"] or 0)
            ends = decimals_of(line.exact) is not None and not row["exact_quantity"]
            if row["unit_price"] and ends and abs(product - line.exact) > abs(Fraction(line.exact)) / 10**12:
                return f"{product} for {line.exact}: {row}"
    return None


def _adds_up(case: Case, random: Random) -> str | None:
    return unlike_its_bills(bills(case.text(), data_of(case), *case.months))


LAWS = (Law("booked rows", "the rows of a bill are decimals that add up to what is due", _adds_up),)
