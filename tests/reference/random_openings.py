"""A case that begins with what is left: bills from a month on, with balances in place of what happened before."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tests.reference.account import Account, Balance, Purchase, Record
from tests.reference.cases import REGIONS, Case, Declaration
from tests.reference.clock import Clock
from tests.reference.random_versions import RUNS_ON

_SIZE = re.compile(r"size ([0-9]+) (\w+)")
_UNTOLD = re.compile(r" since |from first use|from activation|place\(")
"""What asks for usage from before an opening."""


def from_balances(case: Case, random: Random) -> Case:
    """The case from its second or third month on, with random balances of some of its quotas."""
    text = case.text()
    if (RUNS_ON.search(text) and random.random() < 0.9) or (_UNTOLD.search(text) and random.random() < 0.95):
        return case
    zone = next(each for each in case.declarations[0].statements if each.startswith("timezone")).split('"')[1]
    months = case.months[random.choice((1, 1, 2)) :]
    opening = Clock(zone).month(months[0]).start
    account, balances = case.account, []
    for part in case.declarations:
        if part.head.startswith(("grant ", "package ")):
            balances += _of_pool(part, account, opening, random)
    later = [each for each in account.purchases if each.at >= opening]
    told = {each.id for each in later} | {each.lot for each in balances}
    opened = replace(
        account,
        opening=opening,
        balances=tuple(balances),
        records=tuple(_from(each, opening) for each in account.records if _happens(each, opening, random)),
        results=tuple(each for each in account.results if each.month >= months[0]),
        purchases=tuple(later),
        extensions=tuple(each for each in account.extensions if each.at >= opening),
        withdrawals=tuple(
            each
            for each in account.withdrawals
            if each.at >= opening and (each.kind != "purchase" or each.source in told)
        ),
        refunds=tuple(each for each in account.refunds if each.at >= opening and each.purchase in told),
        pauses=tuple(each for each in account.pauses if each.at >= opening and each.purchase in told),
    )
    return replace(case, account=opened, months=months)


def _happens(record: Record, opening: datetime, random: Random) -> bool:
    """Whether a record is behind the opening, or holds across it."""
    across = record.form == "state" and record.end is not None and record.end > opening
    return record.start >= opening or across or random.random() < 0.005


def _from(record: Record, opening: datetime) -> Record:
    """What holds across an opening is given from then on."""
    return replace(record, start=max(record.start, opening)) if record.form == "state" else record


def _of_pool(part: Declaration, account: Account, opening: datetime, random: Random) -> list[Balance]:
    word, name = part.head.split()[:2]
    text = part.text()
    if word == "package":
        bought = [each for each in account.purchases if each.package == name and each.at < opening]
        return [_of_purchase(each, part, opening, random) for each in bought if random.random() < 0.8]
    if random.random() < 0.3 or "size m" in text or (account.activated or opening) >= opening:
        return []
    if re.search(r"when (pro|plan)", text) and random.random() < 0.9:
        return []
    size = dict(account.sizes).get(name) or ((found := _SIZE.search(text)) and f"{found[1]} {found[2]}")
    if not size:
        return []
    most, unit = int(size.split()[0]), size.split()[1]
    scopes = [(("region", region),) for region in random.sample(REGIONS, 2)] if "scope region" in text else [()]
    least = -5 if "overdraws" in text and random.random() < 0.3 else 0
    return [
        Balance(
            "grant",
            name,
            f"{random.randint(least, most + (random.random() < 0.02))} {unit}",
            size=size if random.random() < 0.4 else None,
            scope=scope,
        )
        for scope in scopes
    ]


def _of_purchase(bought: Purchase, part: Declaration, opening: datetime, random: Random) -> Balance:
    text, unit = part.text(), bought.size.split()[1]
    most = int(bought.size.split()[0])
    left = random.choice((most, random.randint(0, most), random.randint(0, most)))
    renews = "renews" in text
    dated = renews or "purchase" in text or random.random() < 0.8
    ends = opening + timedelta(hours=random.randint(1, 1500))
    withdrawn = random.randint(0, most - left) if random.random() < 0.1 else None
    told = random.random() < 0.7 or "refund" in text or renews
    return Balance(
        "package",
        bought.package,
        f"{left} {unit}",
        bought.id,
        bought.size if told else None,
        bought.at if dated else None,
        opening - timedelta(hours=random.randint(1, 700)) if not renews and random.random() < 0.2 else None,
        ends if not renews and random.random() < 0.4 else None,
        f"{random.randint(0, 40)} USD" if random.random() < 0.7 else None,
        f"{random.randint(0, 40)} USD" if random.random() < 0.3 else None,
        f"{random.randint(0, 20)} {unit}" if renews and random.random() < 0.6 else None,
        None if withdrawn is None else f"{withdrawn} {unit}",
        bought.scope,
    )
