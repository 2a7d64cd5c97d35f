"""Laws 4 and 8: a record of 0 is a record, and a record may come in parts, or be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from random import Random

from msgspec.structs import replace as with_fields
from whenever import Instant

from ratewright.rating.bill import Bill
from tests.laws.billing import RefusedError, bills, data_of, priced, unlike_bills
from tests.laws.law import Law, ask_that
from tests.reference.account import Record
from tests.reference.cases import Case, Declaration

_ADDS_UP = re.compile(
    r"measure (min\()?sum\((quantity|quantity \* size|quantity \* extra|if size > 2 then quantity else quantity / 3)\)"
)
"""Measures to which a record gives the same in parts."""

_MAY = "corrections down to 0"
_SOON = timedelta(microseconds=1)
_LEAST = 7
_AT_ZERO = re.compile(r"minimum |flat at zero|on (max|round)|every (record|reading)")


def _of_nothing(case: Case, random: Random) -> str | None:
    """A case with one more record of 0."""
    record = _chosen(case, random)
    lines = [part for part in case.declarations if part.head.startswith("charge ")]
    ask_that(not any(_AT_ZERO.search(statement) for part in lines for statement in part.statements))
    there = bills(case.text(), data_of(case), *case.months)
    return _unlike_with(case, there, [*case.account.records, _emptied(record)])


def _at_zero(case: Case, random: Random) -> str | None:
    """A line with a minimum, in a month with one record of 0 and no other."""
    record = _chosen(case, random)
    charges = [part for part in case.declarations if f"on {record.meter}" in part.statements]
    ask_that(charges)
    own = [part for part in case.declarations if part.head == f"meter {record.meter}"]
    ask_that(not any(each.startswith("where ") for part in own for each in part.statements))  # may leave it out
    charge = random.choice(charges)
    price = next(each for each in charge.statements if each.startswith(("rate ", "volume ", "graduated ", "amount ")))
    ask_that("days(period)" not in price)
    statements = (f"on {record.meter}", "every month", price, f"minimum {_LEAST} USD", "rounding none")
    parts = tuple(Declaration(charge.head, statements) if part is charge else part for part in case.declarations)
    other = _with(replace(case, declarations=parts), [_emptied(record)])
    name = charge.head.split()[1]
    found = [
        (line.exact, line.key)
        for bill in bills(other.text(), data_of(other), *case.months)
        for line in bill.lines
        if line.source == name and line.period is not None and line.period.start <= _at(record) < line.period.end
    ]
    keys = {key for _, key in found}
    if len(found) != 1 or found[0][0] < _LEAST:
        return f"{name}, with a minimum of {_LEAST} USD, has {found} {keys} for a record of 0"
    return None


def _in_parts(case: Case, random: Random) -> str | None:
    """A case with one record in two parts."""
    record = _chosen(case, random)
    number, _, unit = record.quantity.partition(" ")
    less = Fraction(number) * random.choice((0, 1, 2, 3)) / 8
    parts = [replace(record, quantity=f"{part} {unit}") for part in map(_text, (less, Fraction(number) - less))]
    there = bills(case.text(), data_of(case), *case.months)
    return _unlike_with(case, there, [*(each for each in case.account.records if each is not record), *parts])


def _taken_back(case: Case, random: Random) -> str | None:
    """A case with meters that say `corrections`, and usage that is taken back at once, from wherever it went."""
    plain = {
        p.head for p in case.declarations if any(each.startswith("measure sum(quantity) in") for each in p.statements)
    }
    record = _chosen(case, random, lambda r: r.form == "event" and r.end is None and f"meter {r.meter}" in plain)
    heads = {f"meter {name}" for name in priced(case.text()).plan.meters[record.meter].readers}
    parts = [replace(p, statements=(*p.statements, _MAY)) if p.head in heads else p for p in case.declarations]
    other = replace(case, declarations=tuple(parts))
    there = bills(case.text(), data_of(case), *case.months)
    priced(other.text())
    unit = record.quantity.partition(" ")[2]
    whole = random.choice((random.randint(1, 90), 1_000))
    used = replace(record, start=record.start + _SOON, quantity=f"{whole} {unit}")
    part = random.randint(0, whole)
    back = [
        replace(used, start=used.start + _SOON, quantity=f"-{each} {unit}") for each in (part, whole - part) if each
    ]
    return _unlike_with(other, there, [*case.account.records, used, *back])


def _chosen(case: Case, random: Random, fits: Callable[[Record], bool] = lambda r: r.form != "state") -> Record:
    """An event or a total, or what else `fits`, of which all meters that measure it add up a formula of its
    quantity, and which no line prices alone."""
    records = [record for record in case.account.records if fits(record)]
    ask_that(records)
    record = random.choice(records)
    plan = priced(case.text()).plan
    readers = plan.meters[record.meter].readers
    meters = [part for part in case.declarations if part.head in {f"meter {name}" for name in readers}]
    ask_that(all(any(_ADDS_UP.match(each) for each in part.statements) for part in meters))
    ask_that(not any(each.startswith("where ") and "quantity" in each for part in meters for each in part.statements))
    ask_that(not any(plan.lines[line].charge.every.alone for name in readers for line in plan.meters[name].lines))
    return record


def _unlike_with(case: Case, there: list[Bill], records: list[Record]) -> str | None:
    """How bills by some records differ, but in which records came late."""
    other = _with(case, records)
    try:
        made = bills(other.text(), data_of(other), *other.months)
        return unlike_bills(*([with_fields(bill, late=()) for bill in each] for each in (there, made)))
    except RefusedError as error:
        return f"refused: {error}"


def _with(case: Case, records: list[Record]) -> Case:
    return replace(case, account=replace(case.account, records=tuple(records)))


def _emptied(record: Record) -> Record:
    return replace(record, quantity=f"0 {record.quantity.partition(' ')[2]}")


def _at(record: Record) -> Instant:
    return Instant(f"{record.start.isoformat()}Z")


def _text(eighths: Fraction) -> str:
    """A number of eighths in decimals."""
    whole, thousandths = divmod(int(eighths * 1000), 1000)
    return f"{whole}.{thousandths:03}"


LAWS = (
    Law("nothing changes nothing", "a record of 0 changes no line that asks for no quantity of 0", _of_nothing),
    Law("a record of 0", "a record of 0 brings the lines that ask for a quantity of 0", _at_zero),
    Law("usage taken back", "usage that is taken back at once changes nothing, whatever paid for it", _taken_back),
    Law("a record in parts", "a record of a plain sum may come in parts", _in_parts),
)
