"""How something repeats: `month`, `4 months`, `month on day 15`, `month from activation`, `record`."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.advice.foreign_words import PERIODS
from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as n
from ratewright.meaning.types import INSTANT, PLAIN_NUMBER
from ratewright.resolve.context import Context
from ratewright.resolve.findings import Report
from ratewright.resolve.scope import Maker, Scope
from ratewright.resolve.written_units import is_too_long
from ratewright.syntax import nodes as s
from ratewright.values.calendar import MONTHLY, Cadence, PeriodUnit
from ratewright.values.durations import DAY_SECONDS, MONTHS_IN, OF_A_DAY, ONCE, PERIOD_WORDS, SECONDS_IN

_ALONE = {unit.value: (unit, 1) for unit in PeriodUnit if unit.alone}
_LONGEST_DAY = 31
_ADVERBS = {
    **PERIODS,
    "annum": "year",
    "once": "once on activation",
    "event": "record",
    "transaction": "record",
    "call": "record",
    "second": "minute",
    "window": "60 minutes from first use",
    "session": "record`, or `60 minutes from first use",
}
_CALENDAR = "hour, day, week, month, quarter or year"


def is_period(word: str) -> bool:
    """Whether a word names a stretch of the calendar: `day`, `5 minutes`."""
    return word in PERIOD_WORDS


def resolve_cadence(
    node: s.Cadence | s.EachOf,
    context: Context,
    names: Mapping[str, Maker] | None = None,
    *,
    alone: bool = False,
    windows: bool = False,
) -> tuple[Cadence, n.Anchor | None]:
    """A cadence, and what it is anchored at where only the account's data tell.

    `names` are those that an anchor may use; `alone` allows `record` and `reading`, `windows` those from a first use.
    """
    report = context.report
    known = PERIOD_WORDS.get(node.unit.text) or (_ALONE.get(node.unit.text) if alone else None)
    if known is None:
        more = ", or `record` or `reading`" if alone else ""
        help = _ADVERBS.get(node.unit.text) or did_you_mean(
            node.unit.text, [u.value for u in PeriodUnit if alone or not u.alone]
        )
        help = f"write `{help}`" if node.unit.text in _ADVERBS else help or f"write {_CALENDAR}{more}"
        report.error("R219", f"`{node.unit.text}` is no period", node.unit.span, help)
        return MONTHLY, None
    unit, months = known
    count = node.count * months
    if not isinstance(count, int) or count < 1 or (count > 1 and unit.alone):
        report.error(
            "R219",
            "a period is a whole number of hours, days, weeks, months or years",
            node.span,
            f"write `every {unit.value}`",
        )
        return Cadence(unit), None
    if not unit.alone and is_too_long(Cadence(unit, count).step, node.span, report):
        return Cadence(unit), None
    anchored = isinstance(node, s.Cadence) and (node.start is not None or node.first_use)
    if not anchored and not _repeats(unit, count):
        of_a_day = unit in OF_A_DAY
        why = "do not fill a day" if of_a_day else "do not say from when they are counted"
        help = "write a number that fills 24 hours: `5 minutes`, `6 hours`" if of_a_day else f"write `{unit.value}`"
        if not of_a_day:
            help += ", or a number of months or years"
        if isinstance(node, s.Cadence):
            help += ", `… from activation` or `… from first use`" if windows else ", or `… from activation`"
        report.error("R219", f"periods of `{node.span.text}` {why}", node.span, help)
        return Cadence(unit), None
    if isinstance(node, s.EachOf):
        return Cadence(unit, count), None
    if node.first_use:
        return _window(node, unit, count, report, allowed=windows), None
    return _anchored(node, unit, count, context, names or {})


def resolve_once(node: s.Once, context: Context, names: Mapping[str, Maker]) -> tuple[Cadence, n.Anchor]:
    """The one period of a line that is billed once, and the instant whose day it is. The instant may use `names`."""
    scope = Scope("in `once on`", names)
    instant = context.typed(node.instant, scope, INSTANT, "the instant on whose day a line is billed once")
    return ONCE, n.Anchor(node.instant.span, None, instant)


def _repeats(unit: PeriodUnit, count: int) -> bool:
    """Whether periods of the calendar need no more to be counted."""
    if unit in OF_A_DAY:
        return DAY_SECONDS % (count * SECONDS_IN[unit]) == 0
    return count == 1 or unit in MONTHS_IN


def _window(node: s.Cadence, unit: PeriodUnit, count: int, report: Report, *, allowed: bool) -> Cadence:
    """A window from a first use; another cadence where there can be none (reported)."""
    if unit.alone:
        report.error("R219", f"a {unit.value} has its own time", node.span, f"write `every {unit.value}`")
        return Cadence(unit)
    if not allowed:
        report.error(
            "R219",
            "windows begin with the first use of a charge's meter, and only the `every` of a charge has them",
            node.span,
            "write a period of the calendar, `every day`, or one that is counted from an instant: `… from activation`",
        )
        return Cadence(unit)
    return Cadence(unit, count, first_use=True)


def _anchored(
    node: s.Cadence, unit: PeriodUnit, count: int, context: Context, names: Mapping[str, Maker]
) -> tuple[Cadence, n.Anchor | None]:
    report = context.report
    scope = Scope("where a period is anchored", names)
    if node.start is not None:
        if unit.alone:
            report.error("R219", f"a {unit.value} has its own time", node.span, f"write `every {unit.value}`")
            return Cadence(unit), None
        start = context.typed(node.start, scope, INSTANT, "the instant from which periods are counted")
        return Cadence(unit, count), n.Anchor(node.start.span, None, start)
    day = node.day
    if day is None:
        return Cadence(unit, count), None
    of_months = unit in MONTHS_IN
    if isinstance(day, s.Name) and of_months:
        made = context.typed(s.Ref(day.span, day), scope, PLAIN_NUMBER, "a day of the month")
        return Cadence(unit, count), n.Anchor(day.span, made, None)
    if not of_months or not isinstance(day, int) or not 1 <= day <= _LONGEST_DAY:
        report.error(
            "R219",
            "`on day` names a day of the month, 1 to 31, for months or years",
            node.span,
            "write `every month on day 15`",
        )
        return Cadence(unit, count), None
    return Cadence(unit, count, day), None
