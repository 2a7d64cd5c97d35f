"""A case with a limit on one of its meters, tasks that take their time, and now and then extensions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tests.reference.account import Extension, Record
from tests.reference.cases import MONTHS, Case, Declaration
from tests.reference.random_lasting import lasting

_OFFERS = ("1 task for 3 USD/day", "2 tasks for 0.5 USD/hour", "1 task for 20 USD/month")


def with_limits(case: Case, random: Random) -> Case:
    """The case, where a meter has events: some of them last, many of them at the same time."""
    case = lasting(case, random, measured=random.random() < 0.3)
    meters = sorted({record.meter for record in case.account.records if record.form == "event" and record.end})
    if not meters:
        return case
    meter = random.choice(meters)
    offers = random.sample(_OFFERS, random.randint(0, 3))
    said = (f"on {meter}", f"default {random.randint(0, 2)} tasks", *(f"extend {offer}" for offer in offers))
    parts = (
        Declaration("unit task, tasks", bare=True),
        Declaration("limit at_once", (*said, "shared by account and subaccounts")),
    )
    records = _crowded(case.account.records, meter, random)
    starts = [record.start for record in records]
    bought = [
        _extension(f"x{number}", offer, starts, random) for number, offer in enumerate(offers) if random.random() < 0.6
    ]
    account = replace(case.account, records=records, extensions=tuple(bought))
    return replace(case, declarations=(*case.declarations, *parts), account=account)


def _extension(name: str, offer: str, starts: list[datetime], random: Random) -> Extension:
    """Some terms of an offer, from the beginning of a task or a little before."""
    amount, _, term = offer.partition(" for ")
    at = max(random.choice(starts) - timedelta(minutes=random.choice((0, 7))), min(starts))
    return Extension(name, "at_once", amount, term.split("/")[1], at, random.randint(1, 3))


def _crowded(records: tuple[Record, ...], meter: str, random: Random) -> tuple[Record, ...]:
    """The records, those of a meter often soon after one another; no two at one instant."""
    taken = {record.start for record in records}
    made: list[Record] = []
    for record in records:
        others = [each for each in made if each.meter == meter and each.end]
        if record.meter == meter and record.end and others and random.random() < 0.7:
            start = random.choice(others).start + timedelta(
                minutes=random.randint(0, 60), seconds=random.randint(1, 59)
            )
            if start not in taken and f"{start:%Y-%m}" <= MONTHS[-1]:
                taken.add(start)
                made.append(replace(record, start=start, end=start + (record.end - record.start)))
                continue
        made.append(record)
    return tuple(made)
