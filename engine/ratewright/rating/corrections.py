"""Late usage: what was reported after its period was billed is corrected by the next bill.

A record with `reported` is known from that instant on. The bill of a period holds what is known before the
period ends; the bills behind it work the earlier periods out again and bill the difference, line by line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec import Struct
from msgspec.structs import replace as with_fields
from whenever import Instant

from ratewright.derivation import trace
from ratewright.diagnostics import Diagnostic, Span
from ratewright.formula.interpreter import EvaluationError
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan
from ratewright.rating.assembly.totals import totals
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.rating.currencies import in_currency_of
from ratewright.rating.versions import cut_at_changes, rate_history
from ratewright.refusal import RatingError
from ratewright.usage.model import Place, Record, Usage
from ratewright.values.calendar import DAILY, Cadence, Calendar, CalendarError, Period, PeriodUnit, calendar_of
from ratewright.values.exact import Exact, exact, summed
from ratewright.values.units import Unit, currency_unit

_Of = tuple[str, LineKind, tuple[tuple[str, str], ...], Period | None, Instant | None, str]
"""What makes two lines of two workings the same line."""


def rate_account(
    versions: Sequence[Plan], usage: Usage, periods: Sequence[Period], limits: Limits = DEFAULT
) -> tuple[list[Bill], list[Diagnostic]]:
    """The bills of an account for consecutive periods, by the plans of a price list's versions, with corrections.

    No bill is returned where there is a problem; the diagnostics then say which.
    """
    try:
        versions = in_currency_of(usage, versions)
        if not periods or not any(record.reported is not None for record in usage.records):
            bills, problems = rate_history(versions, usage, periods, limits)
        else:
            bills, problems = _corrected(versions, usage, cut_at_changes(versions, usage, periods), limits), []
        return [with_fields(bill, fields=usage.fields) for bill in bills] if usage.fields else bills, problems
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
        late = tuple(_late(r, own[0].tariff, calendar) for r in usage.records if _reported_in(r, period, calendar))
        corrections = [*_differences(before, past, late), *_rounding_differences(before, past, late)]
        corrections += _usage_differences(before, past, late)
        bills += [_with(own[0], corrections, late), *own[1:]]
        before = now
    return bills


def _earlier(usage: Usage, periods: Sequence[Period], calendar: Calendar) -> Iterator[Period]:
    """The periods that were billed before the first one asked for: as long as that one, a month or a day."""
    first = periods[0]
    day = calendar.period_of(first.start, DAILY)
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


def _late(record: Record, tariff: tree.Tariff, calendar: Calendar) -> trace.LateRecord:
    assert record.reported is not None
    start = calendar.instant(record.start)
    end = start if record.end is None else calendar.instant(record.end)
    meter = tariff.meters[record.meter]
    unit = tariff.units.get(record.quantity.unit or "", meter.recorded or meter.unit)
    quantity = exact(record.quantity.number * unit.scale)
    fields = tuple((name, value) for name, value in record.fields.items() if isinstance(value, str))
    reported = calendar.instant(record.reported)
    return trace.LateRecord(record.id, record.meter, Period(start, end), reported, quantity, unit, fields)


def _rated(versions: Sequence[Plan], usage: Usage, periods: Sequence[Period], limits: Limits) -> list[Bill]:
    bills, problems = rate_history(versions, usage, periods, limits)
    if problems:
        raise RatingError(problems)
    return bills


class _Sum(Struct):
    """What a line comes to over all bills that hold a part of it; `by_list` is what the list alone asks, None where
    that is not known."""

    amount: Exact = 0
    quantity: Exact = 0
    by_list: Exact | None = 0

    def add(self, line: Line) -> None:
        self.amount, self.quantity = exact(self.amount + line.amount), exact(self.quantity + line.quantity)
        more = line.by_list
        self.by_list = None if self.by_list is None or more is None else exact(self.by_list + more)


def _differences(before: list[Bill], after: list[Bill], late: tuple[trace.LateRecord, ...]) -> Iterator[Line]:
    """A line for each that comes to another amount or quantity than was billed, or does by the list alone, in the order
    of the lines now."""
    billed, owed = _sums(before), _sums(after)
    lines = {_of(line): (line, bill) for bill in (*before, *after) for line in bill.lines}
    told = {_of(line): line.contract for bill in (*before, *after) for line in bill.lines if line.contract is not None}
    for of, (line, bill) in lines.items():
        was, now = billed.get(of, _NONE), owed.get(of, _NONE)
        if was != now:
            derived = line.why if isinstance(line.why, trace.ChargeTrace) else None
            period = line.period or bill.period
            why = trace.CorrectionTrace(
                period,
                line.kind.value,
                was.amount,
                now.amount,
                late,
                _own(late, period, () if derived is None else derived.charge.meters, bill.tariff, line.key),
                derived if of in owed else None,
                _target(line),
                contract=_of_difference(told[of], was, now) if of in told else None,
            )
            amount, quantity = exact(now.amount - was.amount), exact(now.quantity - was.quantity)
            yield with_fields(
                line, kind=LineKind.CORRECTION, exact=amount, amount=amount, quantity=quantity, why=why, so_far=None
            )


_NONE = _Sum()


def _of_difference(under: trace.ContractTrace, was: _Sum, now: _Sum) -> trace.ContractTrace:
    """What a contract makes of a line that is corrected, with the difference that there is by the list."""
    if not under.known or was.by_list is None or now.by_list is None:
        return with_fields(under, by_list=None, on=None)
    return with_fields(under, by_list=exact(now.by_list - was.by_list), on=None)


def _own(
    late: tuple[trace.LateRecord, ...],
    period: Period,
    meters: Sequence[str],
    tariff: tree.Tariff,
    key: tuple[tuple[str, str], ...] = (),
) -> tuple[trace.LateRecord, ...]:
    """The late records of a period; of some meters, if any are named, and of a key, as far as their fields say it."""
    read = {tariff.meters[name].reads or name for name in meters}
    found = (record for record in late if (record.meter in read or not read) and _is_of(record, period))
    return tuple(r for r in found if all(dict(r.fields).get(n.replace(" ", "_"), text) == text for n, text in key))


def _is_of(record: trace.LateRecord, period: Period) -> bool:
    if period.start == period.end:
        return record.of.start == period.start
    return record.of.start in period or period.overlaps(record.of.start, record.of.end)


def _usage_differences(before: list[Bill], after: list[Bill], late: tuple[trace.LateRecord, ...]) -> Iterator[Line]:
    """A line of nothing for usage of an earlier period that a pool pays for now, or that nothing covers: no line of
    the earlier bill has it, and what is left is less."""
    covered = {of: quantity for bill in before for of, quantity, _ in _covered(bill)}
    for bill in after:
        for of, now, (unit, span, cite) in _covered(bill):
            source, meter, period = of
            difference = exact(now - covered.get(of, 0))
            if difference:
                own = _own(late, period, (meter,), bill.tariff)
                why = trace.CorrectionTrace(period, "usage", 0, 0, late, own, meter=meter)
                title = (bill.tariff.pools.get(source) or bill.tariff.meters[source]).title
                yield Line(LineKind.CORRECTION, source, title, difference, unit, 0, 0, None, period, span, cite, why)


def _covered(bill: Bill) -> Iterator[tuple[tuple[str, str, Period], Exact, tuple[Unit, Span, str]]]:
    """What each pool covered of each meter, and what nothing covered, by the name of the pool or of the meter."""
    for made in bill.meters:
        meter = made.meter
        for source in made.sources:
            pool = source.pool
            yield (pool.name, meter.name, bill.period), source.covered, (source.unit, pool.span, pool.cite)
        unserved = summed(one.quantity for one in made.unserved)
        yield (meter.name, meter.name, bill.period), unserved, (meter.unit, meter.span, meter.cite)


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
                trace.CorrectionTrace(
                    bill.period, "rounding", was, now, late, _own(late, bill.period, (), bill.tariff)
                ),
            )


def _sums(bills: list[Bill]) -> dict[_Of, _Sum]:
    found: dict[_Of, _Sum] = defaultdict(_Sum)
    for bill in bills:
        for line in bill.lines:
            found[_of(line)].add(line)
    return found


def _of(line: Line) -> _Of:
    return line.source, line.kind, line.key, line.period, line.at, _target(line)


def _target(line: Line) -> str:
    """What a line of a pool of money pays for."""
    return line.why.target if isinstance(line.why, trace.PaymentTrace) else ""


def _with(bill: Bill, corrections: list[Line], late: tuple[trace.LateRecord, ...]) -> Bill:
    if not late and not corrections:
        return bill
    lines = (*bill.lines, *corrections)
    added = totals(lines, bill.tariff)
    return with_fields(
        bill,
        lines=lines,
        late=late,
        charges=added.charges,
        subtotal=added.subtotal,
        corrections=added.corrections,
        exact_total=added.exact_total,
        total=added.total,
        due=added.due,
        rounding=added.rounding,
    )
