"""Law 5: a state or a total is divided exactly, or accepted because all its instants give the same, or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from ratewright.values.exact import Exact
from tests.laws.billing import RefusedError, bills, data_of
from tests.laws.law import Law, ask_that
from tests.reference.account import Account, Record
from tests.reference.cases import Case, Declaration, Draft
from tests.reference.clock import Clock
from tests.reference.random_cases import ZONES

_HOUR = timedelta(hours=1)
_TIMES = (
    "time(at) >= 8 hours and time(at) < 20 hours",
    "not (time(at) >= 6 hours)",
    "weekday(at) == saturday or weekday(at) == sunday",
    "at >= 2026-03-05 12:00",
    "start of month(at) == 2026-03-01",
    "at - start of month(at) < 36 hours",
    "days(start of month(at), at) < 3",
    "end of day(at) > 2026-03-12 and pro",
    "at + 6 hours >= 2026-03-20",
    "start of week(at) + 2 days <= at",
)
"""Conditions that turn at full hours of local time only."""

_WHOLE = ("sum", "highest", "lowest", "mean", "first", "last", "percentile")


def _drafted(seed: int, measures: Callable[[Draft], str], step: timedelta, across: bool = False) -> Case:
    """A list with one meter that asks for the time, and states and totals that begin and end at multiples of `step`
    behind full hours, each within a month; but in a level, where some run on into the next."""
    draft = Draft(Random(f"stretches {seed}"))
    clock = Clock(draft.pick(*ZONES))
    draft.add('tariff random "Random"', "currency USD", f'timezone "{clock.zone.key}"', "rounding none")
    draft.add("setting pro = off", bare=True)
    draft.add("unit pic, pics", bare=True)
    where = draft.pick("", "", f"where {draft.pick(*_TIMES)}")
    draft.add("meter m", "field size number = 1", where, f"measure {measures(draft)} in pics")
    draft.add("charge fee", "on m", draft.pick("every month", "every month", "every week"), "rate 1 USD/pic")
    records = []
    for _ in range(draft.number(1, 3)):
        month = clock.month(draft.pick("2026-02", "2026-03"))
        start = month.start + timedelta(hours=draft.number(0, 26 * 24)) + step * draft.number(0, 1)
        end = min(start + timedelta(hours=draft.pick(1, 3, 10, 30, 100)) + step * draft.number(0, 1), month.end)
        if across and draft.maybe(0.4):
            start, end = month.end - _HOUR * draft.number(1, 60), month.end + _HOUR * draft.number(1, 60)
        fields = (("size", str(draft.number(1, 3))),) if draft.maybe(0.5) else ()
        records.append(Record("m", "state", start, f"{draft.number(1, 9)} pics", end, fields))
    changes = (("pro", clock.month("2026-03").start, "on"),) if draft.maybe(0.5) else ()
    return Case(tuple(draft.parts), Account(None, changes, tuple(records)), ("2026-02", "2026-03"))


def _value(draft: Draft) -> str:
    asked = draft.pick(*_TIMES)
    return draft.pick(f"quantity * (if {asked} then 2 else 1)", f"(if {asked} then quantity else quantity / 3)",
                      f"(quantity where {asked})", "quantity")  # fmt: skip


def _of_instants(draft: Draft) -> str:
    function, value = draft.pick(*_WHOLE), _value(draft)
    if value.startswith("(quantity where"):
        value = value[1:-1]
    return f"percentile({value}, 50)" if function == "percentile" else f"{function}({value})"


def _of_levels(draft: Draft) -> str:
    value = _value(draft)
    if value.startswith("(quantity where"):
        value = value[1:-1]
    parts = f"sum(integral({value}) / 1 hour each {draft.pick('day', 'week', 'hour')})"
    at_once = draft.pick("sum(quantity)", "highest(quantity * size)", "count() * 1 pic") + " each instant"
    level = draft.pick(f"highest({at_once})", f"lowest({at_once} or 0)", f"integral({at_once}) / 1 hour",
                       f"sum(highest({at_once}) each {draft.pick('day', 'week', 'hour')})")  # fmt: skip
    return draft.pick(f"integral({value}) / length(period)", f"integral({value}) / 1 hour", parts, level)


def _amounts(case: Case) -> list[tuple[str, Exact]]:
    """The lines of a case by their periods."""
    made = bills(case.text(), data_of(case), *case.months)
    return sorted((str(line.period), line.exact) for bill in made for line in bill.lines if line.exact)


def _with(case: Case, records: list[Record]) -> Case:
    return replace(case, account=replace(case.account, records=tuple(records)))


def _all_the_same(case: Case, random: Random) -> str | None:
    """What is accepted whole is worth what it is worth at each of its instants."""
    before = _amounts(case)
    number = random.randrange(len(case.account.records))
    record = case.account.records[number]
    assert record.end is not None
    seconds = int((record.end - record.start).total_seconds())
    within = [random.randrange(seconds) for _ in range(3)]
    for at in (0, seconds - 1, *within):
        instant = replace(record, form="event", start=record.start + timedelta(seconds=at), end=None)
        others = [instant if n == number else each for n, each in enumerate(case.account.records)]
        if _crosses(case, record) or (len(others) > 1 and _goes_by_order(case)):
            continue  # it counts in two weeks, or its time decides
        try:
            after = _amounts(_with(case, others))
        except RefusedError as error:
            return f"at {instant.start}: refused: {error}"
        if before != after:
            return f"whole: {before}\nat {instant.start}: {after}"
    return None


def _goes_by_order(case: Case) -> bool:
    return any(word in case.text() for word in ("first(", "last("))


def _crosses(case: Case, record: Record) -> bool:
    assert record.end is not None
    zone = next(each for each in case.declarations[0].statements if each.startswith("timezone")).split('"')[1]
    return "every week" in case.text() and Clock(zone).around("week", record.start).end < record.end


def _divided(case: Case, random: Random) -> str | None:
    """A level over time is what its parts come to, wherever it is cut: here at each full hour, and somewhere."""
    before = _amounts(case)
    cut = [part for record in case.account.records for part in _hours(record, random)]
    try:
        after = _amounts(_with(case, cut))
    except RefusedError as error:
        return f"in hours: refused: {error}"
    return f"whole: {before}\nin hours: {after}" if before != after else None


def _hours(record: Record, random: Random) -> list[Record]:
    assert record.end is not None
    ends: list[datetime] = [record.start.replace(minute=0, second=0) + _HOUR]
    while ends[-1] < record.end:
        ends.append(ends[-1] + _HOUR)
    ends.append(record.start + timedelta(seconds=random.randrange(int((record.end - record.start).total_seconds()))))
    inside = sorted({end for end in ends if record.start < end < record.end})
    starts = [record.start, *inside]
    return [replace(record, start=a, end=b) for a, b in zip(starts, [*inside, record.end], strict=True)]


def _of_its_end(case: Case, random: Random) -> str | None:
    """A line that prices each record takes a state whole, when it ends."""
    ask_that(any(record.end for record in case.account.records))
    before = sorted(amount for _, amount in _amounts(case))
    ends = [replace(each, form="event", start=_last(each), end=None) for each in case.account.records]
    after = sorted(amount for _, amount in _amounts(_with(case, ends)))
    return f"states: {before}\nat their ends: {after}" if before != after else None


def _last(record: Record) -> datetime:
    """The last second of a record that holds until its end."""
    return (record.end or record.start) - timedelta(seconds=1)


def _priced_alone(seed: int) -> Case:
    """States that a line prices one by one, by when they are."""
    case = _drafted(seed, lambda draft: "sum(quantity)", timedelta(seconds=61))
    random = Random(f"alone {seed}")
    meter = Declaration("meter m", ("field size number = 1", "measure sum(quantity) in pics"))
    asked = random.choice(_TIMES).replace(" and pro", "")
    price = random.choice(
        (f"rate (if {asked} then 2 USD/pic else 1 USD/pic)", f"amount (if {asked} then 2 USD else 1 USD)")
    )
    when = random.choice(((), (), (f"when quantity > 2 pics and ({asked})",)))
    fee = Declaration("charge fee", ("on m", "every record", *when, price))
    parts = tuple({"meter m": meter, "charge fee": fee}.get(part.head, part) for part in case.declarations)
    account = replace(case.account, settings=())
    records = tuple(r for r in account.records if r.end is not None and (r.end.day, r.end.hour) > (2, 0))
    return replace(case, declarations=parts, account=replace(account, records=records))


def _spread(seed: int) -> Case:
    """States that are spread evenly over their time, at times with a quota that is filled each day."""
    case = _drafted(seed, _of_spread, timedelta(seconds=17), across=True)
    random = Random(f"spread {seed}")
    parts = [
        replace(part, statements=("spread evenly", *part.statements)) if part.head == "meter m" else part
        for part in case.declarations
    ]
    plain = any("measure sum" in statement for part in parts for statement in part.statements)
    if plain and random.random() < 0.5:
        parts.append(Declaration("grant q", ("covers m", "size 0.5 pics", f"renews {random.choice(_RENEWED)}")))
        parts.append(Declaration("deduct m from q > fee", bare=True))
    return replace(case, declarations=tuple(parts))


_RENEWED = ("every day", "every hour", "every month")


def _of_spread(draft: Draft) -> str:
    asked = draft.pick(*_TIMES)
    value = draft.pick("quantity", f"quantity * (if {asked} then 2 else 1)", f"quantity where {asked}", "quantity / 3")
    return draft.pick(f"sum({value})", f"sum({value})", f"highest(sum({value}) each {draft.pick('day', 'hour')})")


def _in_halves(case: Case, random: Random) -> str | None:
    """A record that is spread evenly is what its halves come to."""
    before = _amounts(case)
    cut = [half for record in case.account.records for half in _halves(record)]
    try:
        after = _amounts(_with(case, cut))
    except RefusedError as error:
        return f"in halves: refused: {error}"
    return f"whole: {before}\nin halves: {after}" if before != after else None


def _halves(record: Record) -> list[Record]:
    assert record.end is not None
    number, unit = record.quantity.split()
    middle = record.start + (record.end - record.start) / 2
    half = f"{float(number) / 2} {unit}"
    return [replace(record, end=middle, quantity=half), replace(record, start=middle, quantity=half)]


LAWS = (
    Law("all instants the same", "what is accepted whole is worth what it is at each of its instants", _all_the_same,
        lambda seed: _drafted(seed, _of_instants, timedelta(seconds=61))),
    Law("levels divided", "a level over time is what its parts come to", _divided,
        lambda seed: _drafted(seed, _of_levels, timedelta(seconds=17), across=True)),
    Law("spread evenly", "a record that is spread over its time is what its halves come to", _in_halves, _spread),
    Law("records when they end", "a line that prices each record takes a state whole, when it ends", _of_its_end,
        _priced_alone),
)  # fmt: skip
