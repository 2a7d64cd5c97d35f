"""A case in which events take their time, and a meter asks how long."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.reference.account import Record
from tests.reference.cases import Case, Declaration, one

_ASKED = (
    "lasted / 1 minute * 1 {one}",
    "round up (lasted / 1 hour) * 1 {one}",
    "quantity * (lasted / 1 hour)",
    "if lasted > 40 minutes then quantity else 0 {unit}",
)


def with_lasted(case: Case, random: Random) -> Case:
    return lasting(case, random, measured=True)


def lasting(case: Case, random: Random, *, measured: bool) -> Case:
    """The case with events that last, of meters that add up; `measured`: one asks for how long."""
    forms = {record.meter: {"event"} for record in case.account.records}
    for record in case.account.records:
        forms[record.meter].add("total" if record.form != "event" or record.end else "event")
    named = [part.head.split()[1] for part in case.declarations if _adds_up(part)]
    meters = [name for name in named if forms.get(name) == {"event"}]
    if not meters:
        return case
    made = set(random.sample(meters, random.randint(1, len(meters))))
    records = tuple(_lasting(each, random) if each.meter in made else each for each in case.account.records)
    if any(each.meter in made and each.end is None for each in records):
        made = {name for name in made if all(each.end for each in records if each.meter == name)}
    asked = random.choice(sorted(made)) if made and measured else None
    parts = tuple(_asking(part, random) if part.head == f"meter {asked}" else part for part in case.declarations)
    return replace(case, declarations=parts, account=replace(case.account, records=records))


def _adds_up(part: Declaration) -> bool:
    return (
        part.head.startswith("meter ") and part.statements[-1].startswith("measure sum(") and "reads" not in part.text()
    )


def _lasting(record: Record, random: Random) -> Record:
    if random.random() < 0.03:
        return record
    minutes = random.choice((0, 1, 20, 60, random.randint(1, 3000)))
    return replace(record, end=record.start + timedelta(minutes=minutes))


def _asking(part: Declaration, random: Random) -> Declaration:
    """The meter with a measure that asks how long its records took."""
    unit = part.statements[-1].split()[-1]
    asked = random.choice(_ASKED).format(one=one(unit), unit=unit)
    where = ("where lasted < 40 hours",) if random.random() < 0.1 else ()
    rest = tuple(each for each in part.statements[:-1] if not re.match("spread", each))
    return replace(part, statements=(*rest, *where, f"measure sum({asked}) in {unit}"))
