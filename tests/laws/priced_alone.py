"""Lines that price each record alone meet by record: whatever times each line takes it for, or records share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from ratewright.values.exact import Exact
from tests.laws.billing import bills, data_of
from tests.laws.law import Law, ask_that
from tests.reference.account import Account, Record
from tests.reference.cases import Case, Draft
from tests.reference.clock import Clock

_MINUTE = timedelta(minutes=1)
_LINES = "abcdef"


def _drafted(seed: int) -> Case:
    """Lines for each record on its number, on how long it lasted and on one another, and events that last."""
    draft = Draft(Random(f"priced alone {seed}"))
    clock = Clock("UTC")
    draft.add('tariff random "Random"', "currency USD", 'timezone "UTC"')
    draft.add("unit pic, pics", bare=True)
    draft.add("meter made", "measure sum(quantity) in pics")
    draft.add("meter most", "reads made", "measure highest(quantity) in pics")
    draft.add("meter held", "reads made", "measure integral(times * 0.10 USD/minute) in USD")
    draft.add("meter spent", "reads made", "measure integral(0.20 USD/minute) in USD")  # asks nothing of the record
    draft.add("meter tried", "reads made", "measure count() * 2 pics in pics")
    names = draft.random.sample(_LINES, draft.number(2, 5))
    for number, name in enumerate(names):
        _add_line(draft, name, names[:number])
    month_end = clock.month("2026-03").end
    begins = [month_end - draft.number(1, 40_000) * _MINUTE, month_end - draft.number(1, 60) * _MINUTE]
    records = tuple(
        Record("made", "event", start, f"{draft.number(1, 5)} pics", start + draft.pick(1, 10, 90) * _MINUTE)
        for start in (draft.pick(*begins) for _ in range(draft.number(1, 4)))
    )
    return Case(tuple(draft.parts), Account(None, (), records), ("2026-03", "2026-04"))


def _add_line(draft: Draft, name: str, others: list[str]) -> None:
    """A line on a meter, or on another line or a sum; it may name another."""
    meter, rate = draft.pick(
        ("made", "2 USD/pic"), ("most", "3 USD/pic"), ("held", "100%"), ("spent", "100%"), ("tried", "0.5 USD/pic")
    )
    prices = [f"rate {rate}", f"rate {rate}"]
    if others:
        other = draft.pick(*others)
        prices += [f"amount max({draft.number(1, 9)} USD - {other}, 0 USD)", f"amount 30% of {other}"]
    when = f"when {draft.pick(*others)} > {draft.number(0, 3)} USD" if others and draft.maybe(0.2) else ""
    word = draft.pick("charge", "charge", "charge", "charge on line", "discount", "tax") if others else "charge"
    if word == "charge":
        draft.add(f"charge {name}", f"on {meter}", "every record", draft.pick(*prices), when)
    elif word == "tax":
        draft.add(f"tax {name}", "on subtotal", "every record", "rate 20%")
    else:
        several = " + ".join(draft.random.sample(others, draft.number(1, len(others))))
        draft.add(f"{word.split()[0]} {name}", f"on {several}", "every record", "rate 10%", when)


def _amounts(case: Case, records: tuple[Record, ...]) -> list[tuple[str, Exact]]:
    """What each line comes to, in all months."""
    made = replace(case, account=replace(case.account, records=records))
    found = bills(made.text(), data_of(made), *made.months)
    return sorted((line.source, line.exact) for bill in found for line in bill.lines)


def _as_states(case: Case, random: Random) -> str | None:
    """Events that last, as states of the same times: then all lines have the same period of a record."""
    events = case.account.records
    there = _amounts(case, events)
    states = _amounts(case, tuple(replace(each, form="state") for each in events))
    return f"events: {there}\nstates: {states}" if there != states else None


def _apart(case: Case, random: Random) -> str | None:
    """Each record in an account of its own."""
    records = case.account.records
    ask_that(len(records) > 1)
    together = _amounts(case, records)
    apart = sorted(line for each in records for line in _amounts(case, (each,)))
    return f"together: {together}\napart: {apart}" if together != apart else None


LAWS = (
    Law("events that last", "lines of one record meet, though one takes its instant and one how long it lasted",
        _as_states, _drafted),
    Law("records of one time", "a record that is priced alone has the lines that it has without others", _apart,
        _drafted),
)  # fmt: skip
