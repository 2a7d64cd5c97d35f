"""The tariff block: currency, timezone, validity, source, rounding."""

from __future__ import annotations

from dataclasses import dataclass

from whenever import Date

from ratewright.advice.words import listed
from ratewright.diagnostics import Span, did_you_mean
from ratewright.limits import DEFAULT
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
    currencies: tuple[str, ...]
    calendar: Calendar
    effective: Date | None
    until: Date | None
    source_text: str
    rounding: n.RoundingRule
    bytes_by: int | None
    cite: str
    splits: bool


def resolve_header(declaration: s.Tariff, report: Report, currency: str | None = None) -> Header:
    """The header of a rule file, in one of its currencies: the first, where none is named.

    What is missing or wrong is reported, and a stand-in taken.
    """
    block = Block(declaration, report)
    currencies = _currencies(block)
    currency = currency or currencies[0]
    effective, until = effective_days(block)
    source = block.one(s.SourceText)
    return Header(
        declaration.span,
        declaration.name.text,
        block.title(),
        currency,
        currencies,
        _calendar(block),
        effective,
        until,
        source.text.text if source else "",
        _rounding(block, currency, currencies),
        _bytes(block),
        block.cite(),
        block.one(s.Splits) is not None,
    )


def _currencies(block: Block) -> tuple[str, ...]:
    """The currencies of the list, in its order; at least one."""
    statement = block.need(s.Currency, "write `currency USD`: amounts need one")
    found: dict[str, s.Name] = {}
    for code in statement.codes if statement is not None else ():
        if not _is_known(code, block.report):
            continue
        if code.text in found:
            first = (("the first", found[code.text].span),)
            block.report.error("R202", f"`{code.text}` is named twice", code.span, "keep one", first)
        found.setdefault(code.text, code)
    most = DEFAULT.currencies
    if len(found) > most:
        over = list(found.values())[most]
        message = f"{len(found):,} currencies; the limit is {most:,}"
        block.report.error("R105", message, over.span, "make a list of its own for the others")
    return tuple(found)[:most] or ("USD",)


def _is_known(code: s.Name, report: Report) -> bool:
    """Whether ISO 4217 knows the code (else reported)."""
    text = code.text
    if minor_digits(text) is not None:
        return True
    known = currency_codes()
    close = next((c for c in known if len(text) > 1 and c.startswith(text.upper())), "")
    help = f"did you mean `{close}`?" if close else did_you_mean(text.upper(), known)
    report.error(
        "R209", f"there is no currency `{text}`", code.span, help or "write a code of ISO 4217, such as USD or EUR"
    )
    return False


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


def _rounding(block: Block, currency: str, currencies: tuple[str, ...]) -> n.RoundingRule:
    statement = block.one(s.Rounding)
    if statement is None:
        return n.RoundingRule(block.declaration.span, Way.HALF_UP, minor_unit(currency), per_bill=False, stated=False)
    return rounding_rule(statement, currency, currencies, block.report)


def rounding_rule(statement: s.Rounding, currency: str, currencies: tuple[str, ...], report: Report) -> n.RoundingRule:
    """A `rounding` statement, in one currency of the list: its step must be money, and each currency has one."""
    if statement.way is None:
        return n.RoundingRule(statement.span, None, 1, per_bill=False)
    _check_steps(statement, currencies, report)
    step = next((step.value for step in statement.steps if step.unit.text == currency), minor_unit(currency))
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
        max(exact(step), 0) or 1,
        per_bill=per is not None and per.text == "bill",
    )


def _check_steps(statement: s.Rounding, currencies: tuple[str, ...], report: Report) -> None:
    """Report steps that are no money of the list, stand twice, or leave a currency out."""
    wanted = f"write `to {' or '.join(f'0.01 {code}' for code in currencies)}`"
    found: dict[str, s.Quantity] = {}
    for step in statement.steps:
        code = step.unit.text
        if code not in currencies:
            message = f"amounts are in {listed(list(currencies), 'and')}, and the step is in `{code}`"
            report.error("R205", message, step.span, wanted)
        elif code in found:
            first = (("the first", found[code].span),)
            report.error("R202", f"two steps are in {code}", step.span, "keep one", first)
        if step.value <= 0:
            report.error("R219", "a rounding step must be more than 0", step.span, f"write `to 0.01 {code}`")
        found[code] = step
    missing = [code for code in currencies if code not in found]
    if found and missing and found.keys() <= {*currencies}:
        report.error(
            "R205",
            f"the step is in {listed(list(found), 'and')} alone, and amounts are in {listed(missing, 'and')} too",
            statement.steps[-1].span,
            f"{wanted}, or no step: then the smallest unit of each holds",
        )
