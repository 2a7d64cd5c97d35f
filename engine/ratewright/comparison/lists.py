"""The versions of price lists that a bill is made by, where two sides have others."""

from __future__ import annotations

from collections.abc import Sequence

from whenever import Date

from ratewright.plan.plan import Plan
from ratewright.values.calendar import Calendar, Period

_Held = tuple[Plan, Date | None, Date | None]


def lists_differ(one: Sequence[Plan], other: Sequence[Plan], window: Period, calendar: Calendar) -> bool:
    """Whether other versions hold in a window, or for other days of it."""
    return _in_window(one, window, calendar) != _in_window(other, window, calendar)


def _in_window(plans: Sequence[Plan], window: Period, calendar: Calendar) -> list[tuple[int, Date, Date]]:
    first, last = calendar.date_of(window.start), calendar.date_of(window.end)
    return [
        (id(plan.lines), max(start or first, first), min(end or last, last))
        for plan, start, end in _days(plans)
        if (start is None or start < last) and (end is None or end > first)
    ]


def same_rules(one: Sequence[Plan], other: Sequence[Plan]) -> bool:
    """Whether two sides have versions of one list that was read once."""
    return not {id(plan.lines) for plan in one}.isdisjoint(id(plan.lines) for plan in other)


def _days(plans: Sequence[Plan]) -> list[_Held]:
    return [(plan, plan.tariff.effective, plan.tariff.until) for plan in plans]


def lists_of(
    chosen: tuple[Plan, ...], held: tuple[Plan, ...], window: Period, calendar: Calendar, *, same_rules: bool
) -> tuple[Plan, ...]:
    """The versions in turn: those of what came before until the window, then the chosen ones.

    Where the rules are others altogether, the chosen ones hold for what came before as well.
    """
    if chosen is held or not same_rules or not lists_differ(chosen, held, window, calendar):
        return chosen if not same_rules else held
    cut = calendar.date_of(window.start)
    before = [_limited(plan, start, cut if end is None else min(end, cut)) for plan, start, end in _days(held)
              if start is None or start < cut]  # fmt: skip
    after = [_limited(plan, cut if start is None else max(start, cut), end) for plan, start, end in _days(chosen)
             if end is None or end > cut]  # fmt: skip
    return (*before, *after)


def _limited(plan: Plan, start: Date | None, end: Date | None) -> Plan:
    return plan.in_time(plan.tariff.in_time(start, end))
