"""A case in which usage is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.reference.account import Record
from tests.reference.cases import Case, Declaration
from tests.reference.random_lines import WINDOWS


def with_corrections(case: Case, random: Random) -> Case:
    """The case, where a meter adds up quantities: some of them are taken back."""
    read = {each.removeprefix("reads ") for part in case.declarations for each in part.statements}
    quotas = {
        name: part for part in case.declarations for name in [part.head.split()[-1]] if part.head.startswith("grant")
    }
    made = {}
    for part in case.declarations:
        name = part.head.split()[-1]
        plain = part.head.startswith("meter ") and any(
            each.startswith("measure sum(quantity) in") for each in part.statements
        )
        if plain and name not in read and not any("spread" in each for each in part.statements):
            made[name] = f"corrections {random.choice(('down to 0', 'below 0'))}"
    if not made:
        return case
    parts = [_able(part, made, quotas, random) for part in case.declarations]
    records = [*case.account.records]
    for record in case.account.records:
        if record.meter in made and record.form != "state" and record.end is None and random.random() < 0.5:
            records.append(_back(record, random))
    account = replace(case.account, records=tuple(records))
    return replace(case, declarations=tuple(parts), account=account)


def _able(part: Declaration, made: dict[str, str], quotas: dict[str, Declaration], random: Random) -> Declaration:
    """A part that takes usage back; quotas that overdraw, and orders, mostly cannot."""
    word, _, name = part.head.partition(" ")
    if word == "meter" and name in made:
        return replace(part, statements=(*part.statements, made[name]))
    if random.random() < 0.05:
        return part
    if word == "deduct" and " in order of " in part.head and name.split()[0] in made:
        before, _, after = part.head.partition(" in order of ")
        return replace(part, head=f"{before} from {after.partition(' from ')[2]}")
    if word in ("grant", "package"):
        return replace(part, statements=tuple(each for each in part.statements if not each.startswith("overdraws")))
    charged = word == "charge" and any(f"on {meter}" in each for each in part.statements for meter in made)
    if charged:
        every = tuple("every month" if each in WINDOWS else each for each in part.statements)
        return replace(part, statements=tuple(each for each in every if not each.startswith("billed")))
    return part


def _back(record: Record, random: Random) -> Record:
    """Some of a record, or more, taken back some time later."""
    number, _, unit = record.quantity.partition(" ")
    most = int(number) if random.random() < 0.8 else int(number) + 5
    later = timedelta(hours=random.choice((0, 1, random.randint(1, 300))), seconds=random.randint(1, 3599))
    return replace(record, start=record.start + later, quantity=f"-{random.randint(1, max(most, 1))} {unit}")
