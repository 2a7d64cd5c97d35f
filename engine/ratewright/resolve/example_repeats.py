"""`use … each 5 minutes on 2024-06-01` in an example: records that repeat.

Minutes and hours make events at the start of each step; days, weeks, months and years make totals.
"""

from __future__ import annotations

from collections.abc import Iterator

from whenever import Date, Instant

from ratewright.limits import DEFAULT
from ratewright.resolve.typed_expressions import Expressions
from ratewright.resolve.written_units import is_too_long
from ratewright.syntax import nodes as s
from ratewright.values.calendar import Cadence, Calendar, CalendarError, PeriodUnit, seconds_between
from ratewright.values.durations import MONTHS_IN, OF_A_DAY, PERIOD_WORDS, SECONDS_IN
from ratewright.values.exact import Exact

_COUNTED = (*OF_A_DAY, *MONTHS_IN)
"""The units of which several need no word on from when they are counted."""
_PERIODS = "`each 5 minutes`, `each hour`, `each day`, `each week`, `each month` or `each year`"


def repeated(use: s.Use, calendar: Calendar) -> Iterator[tuple[Instant, Instant | None]]:
    """When each record begins, and when a total ends; of a statement that `check_each` found nothing wrong with.

    Steps are those of the calendar, so that each day begins one, unless the statement begins at an instant.
    """
    assert use.each is not None
    unit, factor = PERIOD_WORDS[use.each.unit.text]
    count = int(use.each.count) * factor
    first, end = _stretch(use, calendar)
    if unit not in OF_A_DAY:
        for period in calendar.periods(Cadence(unit, count), first, end):
            yield period.start, period.end
        return
    anchor = None if isinstance(use.start.moment, Date) else first
    for period in calendar.periods(Cadence(unit, count, anchor=anchor), first, end):
        yield period.start, None


def _stretch(use: s.Use, calendar: Calendar) -> tuple[Instant, Instant]:
    """From when until when, excluded. What is named last is still in it: a month, a day, or an instant."""
    first, last = calendar.instant(use.start.moment), use.end or use.start
    end = calendar.instant(last.moment)
    if isinstance(last.moment, Date):
        return first, calendar.period_of(end, Cadence(PeriodUnit.MONTH if last.month else PeriodUnit.DAY)).end
    return first, end.add(nanoseconds=1)


def check_each(use: s.Use, each: s.EachOf, expressions: Expressions) -> None:
    """Report what is wrong with the steps of a statement."""
    report, calendar = expressions.report, expressions.written.calendar
    known = PERIOD_WORDS.get(each.unit.text)
    if known is None:
        report.error("R219", f"`{each.unit.text}` is no period", each.unit.span, f"write {_PERIODS}")
        return
    unit, factor = known
    if isinstance(each.count, int) and is_too_long(Cadence(unit, each.count * factor).step, each.span, report):
        return
    problem = _count(each.count, unit) or _filling(use, unit, each.count * factor) or _instants(use, unit)
    if problem is not None:
        report.error("R219", problem[0], each.span, problem[1])
        return
    try:
        first, end = _stretch(use, calendar)
    except CalendarError:
        return  # said of the time itself
    if any(_no_date(time) for time in (use.start, use.end) if time is not None):
        return
    if end <= first:
        assert use.end is not None
        report.error("R219", "this ends before it begins", use.end.span, "write the earlier time first")
    elif unit in OF_A_DAY and seconds_between(first, end) > DEFAULT.example_records * SECONDS_IN[unit] * each.count:
        what = f"`{each.span.text}` makes more than {DEFAULT.example_records:,} records here"
        report.error("R105", what, each.span, "repeat for a shorter time, or in longer steps")


def _no_date(time: s.Time) -> bool:
    """Whether another day stands for one that does not exist, as was said of it."""
    return isinstance(time.moment, Date) and not time.span.text.startswith(f"{time.moment.year:04d}-")


def _count(count: Exact, unit: PeriodUnit) -> tuple[str, str] | None:
    if not isinstance(count, int) or count < 1:
        return "a step is a whole number of minutes, hours, days, weeks, months or years", f"write `each {unit.value}`"
    if count > 1 and unit not in _COUNTED:
        return f"{count} {unit.value}s do not say from when they are counted", f"write `each {unit.value}`"
    return None


def _filling(use: s.Use, unit: PeriodUnit, count: Exact) -> tuple[str, str] | None:
    """Without `from` and `to` the steps fill one day or one month."""
    if use.end is not None:
        return None
    if not isinstance(use.start.moment, Date):
        return "steps fill a day or a month", "write `on 2024-06-01`, `in 2024-06`, or `from … to …`"
    if unit in (*OF_A_DAY, PeriodUnit.DAY) or (unit is PeriodUnit.MONTH and count == 1 and use.start.month):
        return None
    step = "" if use.each is None else use.each.span.text
    return f"`{use.start.span.text}` is not filled by steps of `{step}`", "write `from … to …`, or a shorter step"


def _instants(use: s.Use, unit: PeriodUnit) -> tuple[str, str] | None:
    """Totals are of whole days, weeks, months and years."""
    for time in (use.start, use.end) if unit not in OF_A_DAY else ():
        if time is not None and not isinstance(time.moment, Date):
            why = f"`each {unit.value}` gives totals, and `{time.span.text}` is an instant"
            return why, "write days, or `each 24 hours` for events"
    return None
