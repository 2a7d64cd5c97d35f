"""The tariff block: currency, timezone, validity, source, rounding."""

from __future__ import annotations

from dataclasses import dataclass

from whenever import Date

from ratewright.diagnostics import Span, did_you_mean
from ratewright.meaning import nodes as n
from ratewright.resolve.blocks import Block
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s
from ratewright.values.calendar import Calendar, CalendarError, calendar_of
from ratewright.values.exact import exact
from ratewright.values.money import currency_codes, minor_digits, minor_unit
from ratewright.values.rounding import Way


@dataclass(frozen=True)
class Header:
    """What holds for the whole list."""

    span: Span
    name: str
    title: str
    currency: str
    calendar: Calendar
    effective: Date | None
    until: Date | None
    source_text: str
    rounding: n.RoundingRule
    bytes_by: int | None
    cite: str
    splits: bool


def resolve_header(declaration: s.Tariff, report: Report) -> Header:
    """The header of a rule file. What is missing or wrong is reported, and a stand-in taken."""
    block = Block(declaration, report)
    currency = _currency(block)
    effective, until = effective_days(block)
    source = block.one(s.SourceText)
    return Header(
        declaration.span,
        declaration.name.text,
        block.title(),
        currency,
        _calendar(block),
        effective,
        until,
        source.text.text if source else "",
        _rounding(block, currency),
        _bytes(block),
        block.cite(),
        block.one(s.Splits) is not None,
    )


def _currency(block: Block) -> str:
    statement = block.need(s.Currency, "write `currency USD`: amounts need one")
    if statement is None:
        return "USD"
    code = statement.code.text
    if minor_digits(code) is None:
        known = currency_codes()
        close = next((c for c in known if len(code) > 1 and c.startswith(code.upper())), "")
        help = f"did you mean `{close}`?" if close else did_you_mean(code.upper(), known)
        help = help or "write a code of ISO 4217, such as USD or EUR"
        block.report.error("R209", f"there is no currency `{code}`", statement.code.span, help)
        return "USD"
    return code


def _calendar(block: Block) -> Calendar:
    statement = block.need(
        s.Timezone,
        'write `timezone "UTC"` or the vendor\'s: it decides in which month a call at midnight falls',
    )
    if statement is None:
        return calendar_of("UTC")
    try:
        return calendar_of(statement.name.text)
    except CalendarError as error:
        block.report.error("R209", str(error), statement.name.span, error.help)
        return calendar_of("UTC")


def effective_days(block: Block) -> tuple[Date | None, Date | None]:
    """From which day until which day a list or a contract holds; None for no end."""
    statement = block.one(s.Effective)
    if statement is None:
        return None, None
    start, until = statement.start.moment, statement.until.moment if statement.until else None
    assert isinstance(start, Date)
    assert until is None or isinstance(until, Date)
    times = [t for t in (statement.start, statement.until) if t is not None]
    as_written = all(t.span.text == str(t.moment) for t in times)  # no stand-in for a date that does not exist
    if until is not None and until <= start and as_written:
        block.report.error(
            "R218",
            "`until` is not after `from`",
            statement.span,
            "the day of `until` is the first on which it no longer holds",
        )
    return start, until


def _bytes(block: Block) -> int | None:
    statement = block.one(s.Bytes)
    if statement is None:
        return None
    if statement.by not in (1000, 1024):
        block.report.error(
            "R219", "bytes go by 1000 or by 1024", statement.span, "write `bytes by 1000` or `bytes by 1024`"
        )
        return 1000
    return int(statement.by)


def _rounding(block: Block, currency: str) -> n.RoundingRule:
    statement = block.one(s.Rounding)
    if statement is None:
        return n.RoundingRule(block.declaration.span, Way.HALF_UP, minor_unit(currency), per_bill=False, stated=False)
    return rounding_rule(statement, currency, block.report)


def rounding_rule(statement: s.Rounding, currency: str, report: Report) -> n.RoundingRule:
    """A `rounding` statement, whose step must be money."""
    if statement.way is None or statement.step is None:
        return n.RoundingRule(statement.span, None, 1, per_bill=False)
    step = statement.step
    if step.unit.text != currency:
        report.error(
            "R205",
            f"amounts are in {currency}, and the step is in `{step.unit.text}`",
            step.span,
            f"write `to 0.01 {currency}`",
        )
    if step.value <= 0:
        report.error("R219", "a rounding step must be more than 0", step.span, f"write `to 0.01 {currency}`")
    per = statement.per
    if per is not None and per.text not in ("line", "bill"):
        report.error(
            "R219",
            f"rounding is per line or per bill, not per `{per.text}`",
            per.span,
            "write `per line` or `per bill`",
        )
    return n.RoundingRule(
        statement.span,
        statement.way,
        max(exact(step.value), 0) or 1,
        per_bill=per is not None and per.text == "bill",
    )
