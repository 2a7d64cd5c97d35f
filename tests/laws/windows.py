"""Windows from a first use are what a meter is kept apart by, where data name the window of each record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from ratewright.values.exact import Exact
from tests.laws.billing import bills, data_of
from tests.laws.law import Law
from tests.reference.account import Account, Record
from tests.reference.cases import Case, Draft
from tests.reference.clock import Clock, Length
from tests.reference.random_cases import ZONES

_LENGTHS = {
    "60 minutes": Length(exact=timedelta(minutes=60)),
    "5 hours": Length(exact=timedelta(hours=5)),
    "day": Length(days=1),
    "3 days": Length(days=3),
    "month": Length(months=1),
}


_MONTHS = tuple(f"2026-{month:02}" for month in range(2, 13))


def _drafted(seed: int) -> Case:
    """Passages of cars, close to one another, and a charge for each window of them."""
    draft = Draft(Random(f"windows {seed}"))
    clock = Clock(draft.pick(*ZONES))
    length = draft.pick(*_LENGTHS)
    draft.add('tariff random "Random"', "currency USD", f'timezone "{clock.zone.key}"', "rounding none")
    draft.add("unit pic, pics", bare=True)
    draft.add("meter m", "field car text", "field window text", "measure sum(quantity) in pics")
    measure = draft.pick("sum(quantity)", "highest(quantity)", "count() * 1 pic", "mean(quantity)", "last(quantity)")
    where = draft.pick("", "", "where quantity > 1 pics")
    draft.add("meter passed", "reads m", where, "by car", f"measure {measure} in pics")
    prices = ("rate 2 USD/pic", "amount 3 USD", "graduated { up to 3 pics  2 USD/pic;  beyond  1 USD/pic + 1 USD }")
    least = draft.pick("", "minimum 5 USD", "maximum 4 USD")
    draft.add("charge fee", "on passed", f"every {length} from first use", draft.pick(*prices), least)
    step = max(clock.add(datetime(2026, 3, 1), _LENGTHS[length]) - datetime(2026, 3, 1), timedelta(hours=1)) / 4
    start = clock.month("2026-02").start + timedelta(hours=draft.number(0, 20 * 24))
    counted = sorted(
        (start + step * draft.number(0, 16), draft.pick("a", "b"), draft.number(1, 5))
        for _ in range(draft.number(1, 9))
    )
    ends: dict[str, datetime] = {}
    records = []
    for at, car, number in counted:
        if at >= ends.get(car, datetime.min) and (not where or number > 1):
            ends[car] = clock.add(at, _LENGTHS[length])
        named = str(ends.get(car, ""))
        records.append(Record("m", "event", at, f"{number} pics", None, (("car", car), ("window", named))))
    draft.random.shuffle(records)
    return Case(tuple(draft.parts), Account(None, (), tuple(records)), _MONTHS)


def _amounts(case: Case) -> list[tuple[str, Exact]]:
    found = bills(case.text(), data_of(case), *case.months)
    return sorted((dict(line.key)["car"], line.exact) for bill in found for line in bill.lines)


def _by_name(case: Case, random: Random) -> str | None:
    """The same list, for which the data say which window a record is in."""
    there = _amounts(case)
    named = [replace(part, statements=tuple(_named(each) for each in part.statements)) for part in case.declarations]
    other = _amounts(replace(case, declarations=tuple(named)))
    return f"from first use: {there}\nby name: {other}" if there != other else None


def _named(statement: str) -> str:
    if statement.startswith("every "):
        return "every year"
    return "by car, window" if statement == "by car" else statement


LAWS = (
    Law("windows by name", "a window is what records have in common for which data name one", _by_name, _drafted),
)  # fmt: skip
