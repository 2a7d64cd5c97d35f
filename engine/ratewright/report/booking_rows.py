"""Bills → the rows of a table for booking: a row for each line, whose amounts add up to what is due.

Every figure is a decimal; where that is not all of it, its ratio stands in a column of its own. Days are days: of a
bill and of a period that are whole days the last one is told, not the first that no longer belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from whenever import Instant

from ratewright.derivation import trace
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.report.decimals import added_up, decimal, endless
from ratewright.report.line_prices import tax_rate, unit_price
from ratewright.values.calendar import MONTHS, Calendar, Period, period_text
from ratewright.values.exact import Exact, decimals_of, exact
from ratewright.values.money import amount_plain, minor_digits
from ratewright.values.units import in_unit

COLUMNS = (
    "account",
    "bill",
    "bill_start",
    "bill_end",
    "period_start",
    "start_time",
    "period_end",
    "end_time",
    "kind",
    "corrects",
    "source",
    "label",
    "at",
    "at_time",
    "quantity",
    "so_far",
    "unit",
    "unit_price",
    "tax_rate",
    "amount",
    "currency",
    "included_amount",
    "list_amount",
    "share_of",
    "share_quantity",
    "share_amount",
    "exact_quantity",
    "exact_amount",
    "rule",
)
"""Those of every table; behind them stands one for each thing that lines are kept apart by."""

FIGURES = frozenset(
    "quantity so_far unit_price tax_rate amount included_amount list_amount share_quantity share_amount".split()
)
"""Columns in which a sign stands for a number below 0."""

Row = dict[str, str]

_PLACES = 6
"""How many decimals an amount has behind those of its currency, where they do not end."""


def booking_rows(bills: Iterable[Bill]) -> Iterator[Row]:
    """The rows of bills; a column that is not there is empty."""
    for bill in bills:
        yield from _rows(bill)


def key_column(name: str) -> str:
    """The column of what lines are kept apart by."""
    return f"key_{name.replace(' ', '_')}"


def _rows(bill: Bill) -> Iterator[Row]:
    currency = bill.tariff.currency
    rounding = exact(bill.total - bill.exact_total)
    owed = [0 if _inside(line) else line.amount for line in bill.lines]
    amounts = added_up([*owed, rounding], (minor_digits(currency) or 0) + _PLACES)
    head = _head(bill)
    for line, was, amount in zip(bill.lines, owed, amounts, strict=False):
        yield {**head, **_line(line, bill), **_money(was, amount, currency)}
    if rounding:
        words = dict.fromkeys(("kind", "source", "label"), "rounding")
        yield {**head, **_days(bill.period, bill.calendar), **words, **_money(rounding, amounts[-1], currency)}
    for share in bill.shares:
        yield {**head, **_days(bill.period, bill.calendar), **_share(share, currency)}


def _inside(line: Line) -> bool:
    """Whether a line tells of a tax that stands in other lines already."""
    corrects = line.why.corrects if isinstance(line.why, trace.CorrectionTrace) else line.kind.value
    return corrects == LineKind.INCLUDED.value


def _head(bill: Bill) -> Row:
    calendar = bill.calendar
    return {
        "account": bill.account,
        "bill": f"{_name(bill.period, calendar)} of {bill.account}",
        "bill_start": calendar.date_of(bill.period.start).format_iso(),
        "bill_end": _last_day(bill.period, calendar),
        "currency": bill.tariff.currency,
    }


def _name(period: Period, calendar: Calendar) -> str:
    """`2026-03`; a day, a year, or its two ends."""
    text = period_text(period, calendar)
    month, _, year = text.partition(" ")
    return f"{year}-{MONTHS.index(month.lower()) + 1:02d}" if month.lower() in MONTHS else text


def _last_day(period: Period, calendar: Calendar) -> str:
    return calendar.date_of(max(period.start, period.end.subtract(nanoseconds=1))).format_iso()


def _days(period: Period, calendar: Calendar) -> Row:
    """The first and the last day of a period, and where it is not of whole days the times of the clock."""
    first, last = calendar.date_of(period.start).format_iso(), _last_day(period, calendar)
    days = {"period_start": first, "period_end": last}
    if all(end == calendar.instant(calendar.date_of(end)) for end in (period.start, period.end)):
        return days
    day, _, end = _clock(period.end, calendar).partition(" ")
    start = _clock(period.start, calendar).partition(" ")[2]
    return {**days, "start_time": start, "end_time": end if day == last else "24:00:00"}


def _share(share: trace.AccountShare, currency: str) -> Row:
    """What one of several accounts used, and its part of the lines: beside the amounts, which it is in already."""
    quantity = in_unit(share.quantity, share.meter.unit)
    return {
        "kind": "share",
        "source": share.meter.name,
        "label": share.meter.title,
        "unit": share.meter.unit.plural,
        "share_of": share.account,
        "share_quantity": decimal(quantity),
        "share_amount": _amount(share.amount, currency),
        "exact_quantity": endless(quantity),
        "rule": share.meter.span.place,
        **_money(0, 0, currency),
    }


def _at(instant: Instant | None, calendar: Calendar) -> Row:
    """The day and the time of the day."""
    if instant is None:
        return {}
    day, _, time = _clock(instant, calendar).partition(" ")
    return {"at": day, "at_time": time}


def _clock(instant: Instant, calendar: Calendar) -> str:
    """What the clocks show, as spreadsheets read it; with its offset where they show that twice."""
    local = calendar.local(instant)
    text = local.to_plain().format_iso(sep=" ")
    return text + (local.to_fixed_offset().format_iso()[-6:] if local.is_repeated() else "")


def _line(line: Line, bill: Bill) -> Row:
    quantity, currency = in_unit(line.quantity, line.unit), bill.tariff.currency
    price, rate, why = unit_price(line, currency), tax_rate(line), line.contract
    listed = why.by_list if why is not None else None
    return {
        **_days(line.period or bill.period, bill.calendar),
        "kind": line.kind.value,
        "corrects": line.why.corrects if isinstance(line.why, trace.CorrectionTrace) else "",
        "source": line.source,
        "label": line.label,
        **_at(line.at, bill.calendar),
        "quantity": decimal(quantity) if quantity or line.unit.plural else "",
        "so_far": _maybe(None if line.so_far is None else in_unit(line.so_far, line.unit)),
        "unit": line.unit.plural,
        "unit_price": _maybe(price),
        "tax_rate": _maybe(rate),
        "included_amount": _amount(line.amount, currency) if _inside(line) else "",
        "list_amount": "" if listed is None else _amount(listed, currency),
        "exact_quantity": endless(quantity),
        "rule": line.rule.place,
        **{key_column(name): text for name, text in line.key},
    }


def _money(was: Exact, amount: Exact, currency: str) -> Row:
    return {"amount": amount_plain(amount, currency), "exact_amount": endless(was)}


def _amount(amount: Exact, currency: str) -> str:
    """An amount beside that of the row, in its form: `5.00`."""
    return amount_plain(amount, currency) if decimals_of(amount) is not None else decimal(amount)


def _maybe(value: Exact | None) -> str:
    return "" if value is None else decimal(value)


def columns_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """The columns of a table: those of every one, and those of its keys in the order of their names."""
    return (*COLUMNS, *sorted({name for row in rows for name in row} - set(COLUMNS)))
