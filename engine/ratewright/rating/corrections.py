"""Late usage: what was reported after its period was billed is corrected by the next bill.

A record with `reported` is known from that instant on. The bill of a period holds what is known before the
period ends; the bills behind it work the earlier periods out again and bill the difference, line by line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec.structs import replace as with_fields
from whenever import Instant

from ratewright.derivation import trace
from ratewright.diagnostics import Diagnostic
from ratewright.formula.interpreter import EvaluationError
from ratewright.limits import DEFAULT, Limits
from ratewright.plan.plan import Plan
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.rating.totals import totals
from ratewright.rating.versions import cut_at_changes, rate_history
from ratewright.refusal import RatingError
from ratewright.usage.model import Place, Record, Usage
from ratewright.values.calendar import Cadence, Calendar, CalendarError, Period, PeriodUnit, calendar_of
from ratewright.values.exact import Exact, exact
from ratewright.values.units import currency_unit

_Of = tuple[str, LineKind, tuple[tuple[str, str], ...], Period | None, Instant | None, str]
"""What makes two lines of two workings the same line."""


def rate_account(
    versions: Sequence[Plan], usage: Usage, periods: Sequence[Period], limits: Limits = DEFAULT
) -> tuple[list[Bill], list[Diagnostic]]:
    """The bills of an account for consecutive periods, by the plans of a price list's versions, with corrections.

    No bill is returned where there is a problem; the diagnostics then say which.
    """
    try:
        if not periods or not any(record.reported is not None for record in usage.records):
            return rate_history(versions, usage, periods, limits)
        return _corrected(versions, usage, cut_at_changes(versions, usage, periods), limits), []
    except RatingError as error:
        return [], list(error.diagnostics)
    except EvaluationError as error:  # of a formula that is asked in passing, such as a `when`
        return [], [error.diagnostic]
    except CalendarError as error:  # met where no rule and no line of the data is to blame alone
        place = Place(usage.source, usage.line)
        return [], [Diagnostic("A205", f"account `{usage.account}`: {error}", place.span, error.help)]


def _corrected(versions: Sequence[Plan], usage: Usage, periods: Sequence[Period], limits: Limits) -> list[Bill]:
    calendar = calendar_of(versions[0].tariff.timezone)
    earlier = list(_earlier(usage, periods, calendar))
    bills: list[Bill] = []
    before = _rated(versions, _known(usage, earlier[-1].end, calendar), earlier, limits) if earlier else []
    for number, period in enumerate(periods):
        so_far = [*earlier, *periods[: number + 1]]
        now = _rated(versions, _known(usage, period.end, calendar), so_far, limits)
        own = [bill for bill in now if bill.period.start >= period.start]
        past = [bill for bill in now if bill.period.start < period.start]
        late = tuple(_late(r, calendar) for r in usage.records if _reported_in(r, period, calendar))
        corrections = [*_differences(before, past, late, own[0]), *_rounding_differences(before, past, late)]
        bills += [_with(own[0], corrections), *own[1:]]
        before = now
    return bills


def _earlier(usage: Usage, periods: Sequence[Period], calendar: Calendar) -> Iterator[Period]:
    """The periods that were billed before the first one asked for: as long as that one, a month or a day."""
    first = periods[0]
    day = calendar.period_of(first.start, Cadence(PeriodUnit.DAY))
    cadence = Cadence(PeriodUnit.DAY if day == first else PeriodUnit.MONTH)
    starts = [calendar.instant(record.start) for record in usage.records if record.reported is not None]
    if usage.opening is not None:
        starts = [max(start, calendar.instant(usage.opening)) for start in starts]
    if starts and min(starts) < first.start:
        yield from calendar.periods(cadence, min(starts), first.start)


def _known(usage: Usage, instant: Instant, calendar: Calendar) -> Usage:
    """The account's data without what was reported from an instant on."""
    known = tuple(r for r in usage.records if r.reported is None or calendar.instant(r.reported) < instant)
    return replace(usage, records=known)


def _reported_in(record: Record, period: Period, calendar: Calendar) -> bool:
    if record.reported is None or calendar.instant(record.start) >= period.start:
        return False
    return calendar.instant(record.reported) in period


def _late(record: Record, calendar: Calendar) -> trace.LateRecord:
    assert record.reported is not None
    start = calendar.instant(record.start)
    end = start if record.end is None else calendar.instant(record.end)
    return trace.LateRecord(record.meter, Period(start, end), calendar.instant(record.reported))


def _rated(versions: Sequence[Plan], usage: Usage, periods: Sequence[Period], limits: Limits) -> list[Bill]:
    bills, problems = rate_history(versions, usage, periods, limits)
    if problems:
        raise RatingError(problems)
    return bills


def _differences(
    before: list[Bill], after: list[Bill], late: tuple[trace.LateRecord, ...], bill: Bill
) -> Iterator[Line]:
    """A line for each that comes to another amount than was billed, in the order of the lines now."""
    billed, owed = _amounts(before), _amounts(after)
    lines = {_of(line): line for one in (*before, *after) for line in one.lines}
    for of, line in lines.items():
        was, now = billed.get(of, 0), owed.get(of, 0)
        if was != now:
            derived = line.why if isinstance(line.why, trace.ChargeTrace) and of in owed else None
            why = trace.CorrectionTrace(line.period or bill.period, was, now, late, derived, _target(line))
            difference = exact(now - was)
            yield with_fields(line, kind=LineKind.CORRECTION, exact=difference, amount=difference, why=why)


def _rounding_differences(before: list[Bill], after: list[Bill], late: tuple[trace.LateRecord, ...]) -> Iterator[Line]:
    """A line for each earlier bill whose total is rounded by another amount now, where bills are rounded."""
    billed = {bill.period: exact(bill.total - bill.exact_total) for bill in before}
    for bill in after:
        was, now = billed.get(bill.period, 0), exact(bill.total - bill.exact_total)
        if was != now:
            yield Line(
                LineKind.CORRECTION,
                "rounding",
                "rounding",
                exact(now - was),
                currency_unit(bill.tariff.currency),
                exact(now - was),
                exact(now - was),
                None,
                bill.period,
                bill.tariff.rounding.span,
                "",
                trace.CorrectionTrace(bill.period, was, now, late),
            )


def _amounts(bills: list[Bill]) -> dict[_Of, Exact]:
    found: dict[_Of, Exact] = defaultdict(int)
    for bill in bills:
        for line in bill.lines:
            found[_of(line)] = exact(found[_of(line)] + line.amount)
    return found


def _of(line: Line) -> _Of:
    return line.source, line.kind, line.key, line.period, line.at, _target(line)


def _target(line: Line) -> str:
    """What a line of a pool of money pays for."""
    return line.why.target if isinstance(line.why, trace.PaymentTrace) else ""


def _with(bill: Bill, corrections: list[Line]) -> Bill:
    if not corrections:
        return bill
    lines = (*bill.lines, *corrections)
    added = totals(lines, bill.tariff)
    return with_fields(
        bill,
        lines=lines,
        charges=added.charges,
        subtotal=added.subtotal,
        corrections=added.corrections,
        exact_total=added.exact_total,
        total=added.total,
        due=added.due,
        rounding=added.rounding,
    )
