"""The days that a share of a period counts, counted again: by the calendar, the activation and the settings told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from whenever import Instant

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill, Line
from ratewright.values.calendar import Calendar, Period, moment_text
from tests.explain.reason import Reason
from tests.explain.truth import truth

Values = Mapping[str, Sequence[tuple[Instant, str]]]
"""Settings by name: their values as bills tell them, each with since when."""


def counted_days(bills: Sequence[Bill], activated: Instant | None) -> Iterator[Reason]:
    """For each share of days: as many as there are, counting those on whose last instant the line holds."""
    values = _told(bills)
    for bill in bills:
        for line in bill.lines:
            why = line.why
            if isinstance(why, trace.ChargeTrace) and why.share is not None and why.share.days is not None:
                yield _counted(bill, line, why, values, activated)


def _told(bills: Sequence[Bill]) -> Values:
    found: dict[str, list[tuple[Instant, str]]] = {}
    for bill in bills:
        for setting, values in bill.settings:
            found.setdefault(setting.name, []).extend((at or bill.period.start, str(value)) for at, value in values)
    return found


def _counted(bill: Bill, line: Line, why: trace.ChargeTrace, values: Values, activated: Instant | None) -> Reason:
    assert why.period is not None and why.share is not None
    charge = bill.tariff.charges[line.source]
    whole = why.period if charge.anchor is not None else bill.calendar.period_of(why.period.start, charge.every)
    ends = list(_ends(whole, bill.calendar))
    known = min((since for each in values.values() for since, _ in each), default=Instant.MIN)
    held = [
        (activated is None or activated <= end) and _holds(charge, end, values, bill)
        for end in ends
        if why.period.start <= end < why.period.end
    ]
    sure = None not in held and (charge.when is None or known <= why.period.start)
    says = f"{why.share.days} of {why.share.of} days, by the calendar {held.count(True)} of {len(ends)}"
    same = (why.share.days, why.share.of) == (held.count(True), len(ends))
    return Reason("days", says, same if sure else None, f"{line.source}, {why.period}")


def _ends(period: Period, calendar: Calendar) -> Iterator[Instant]:
    """The last instants of the days of a period, by the local clock."""
    begins = calendar.local(period.start)
    for day in count(1):
        end = min(begins.add(days=day).to_instant(), period.end)
        yield end.subtract(nanoseconds=1)
        if end == period.end:
            return


def _holds(charge: tree.Charge, at: Instant, values: Values, bill: Bill) -> bool | None:
    """Whether the condition of a line holds, with the settings put in; None where it asks anything else."""
    if charge.when is None:
        return True
    asked = re.sub(r"(?<!\w)at(?!\w)", moment_text(at, bill.calendar), charge.when.span.text)
    for name, told in values.items():
        held = [text for since, text in told if since <= at]
        if held:
            asked = re.sub(rf"(?<!\w){name}(?!\w)", held[-1], asked)
    return truth(asked, bill.tariff.units, bill.tariff.currency)
