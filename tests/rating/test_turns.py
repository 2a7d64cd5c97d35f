"""Whose turn it is: what ends earlier first, whenever it was added, and each once."""

from __future__ import annotations

from whenever import Instant

from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.plan.line_plans import LinePlan
from ratewright.plan.plan import plan_of
from ratewright.rating.lines.turns_of_lines import Turns
from ratewright.rating.serving.drawing import Fed
from ratewright.values.calendar import Period

LIST = """tariff t "T" { currency USD; timezone "UTC" }
unit call, calls
meter m { measure sum(quantity) in calls }
charge c { on m; every record; rate 1 USD/call }
"""


def _line() -> LinePlan:
    tariff, problems = check(Source("turns.tariff", LIST))
    assert tariff is not None, problems
    return plan_of(tariff).lines["c"]


def _of(day: int) -> Fed:
    at = Instant.from_utc(2026, 3, day)
    return ("c", Period(at, at), (), day)


def test_what_is_added_while_turns_are_taken_comes_in_its_own_place_and_once() -> None:
    line, turns = _line(), Turns()
    for day in (5, 1, 3, 1):
        turns.add(line, _of(day))

    taken = []
    for _, of in turns:
        taken.append(of[3])
        if of[3] == 1:
            for day in (4, 3, 2, 9):
                turns.add(line, _of(day))

    assert taken == [1, 2, 3, 4, 5, 9]
