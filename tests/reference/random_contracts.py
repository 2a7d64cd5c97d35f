"""A case under one contract or two: other figures, factors, lines less and more, for all of the time or some of it."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from tests.laws.contract_targets import Target, targets
from tests.laws.law import NotAskedError
from tests.reference.cases import MONTHS, Case, Declaration
from tests.reference.random_versions import RUNS_ON, in_versions

_FOR = ("", "", "for a", 'for a, "another one"', "for a, b, c")
_SCALED = re.compile(r"(minimum|maximum|rate|amount|size) of|below|up to|next|beyond|[0-9]")


def under_contracts(case: Case, random: Random) -> Case:
    """The case with contracts beside its list, which may have two versions."""
    if random.random() < 0.15:
        case = in_versions(case, random)
    try:
        named = targets(case)
    except NotAskedError:
        return case
    in_time = random.random() < 0.5
    compound = random.choice(("compound", "compound", "compound", "add", "largest"))
    made = []
    for number in range(random.choice((1, 1, 2))):
        said = _said(case, random, named)
        times = _times(case, random) if in_time else []
        added = () if random.random() < 0.6 else _added(case, random, number)
        if random.random() < 0.2:
            said += _dropped_quota(case, random)
        way = f"factors {compound}" if random.random() < 0.9 else ""
        holders = random.choice(_FOR)
        statements = ("list random", holders, *times, *said, way)
        head = Declaration(f"contract k{number}", tuple(each for each in statements if each))
        made.append((head, *added))
    return replace(case, contracts=tuple(made))


def _said(case: Case, random: Random, named: list[Target]) -> list[str]:
    lines = [
        part.head.split()[1] for part in case.declarations if part.head.split()[0] in ("charge", "discount", "tax")
    ]
    found: list[str] = []
    for _ in range(random.randint(1, 4)):
        target = random.choice(named)
        factor = random.choice(("80%", "50%", "1.5", "33%", "0.9"))
        kind = random.random()
        try:
            if kind < 0.4:
                found.append(f"replace {target.part} with {target.other(random.choice((2, 3)))}")
            elif kind < 0.6 and _SCALED.match(target.part):
                found.append(f"scale {target.part} by {factor}")
            elif lines and kind < 0.9:
                found.append(f"scale {random.choice(lines)} by {factor}")
            elif lines and kind < 0.95:
                found.append(f"drop {random.choice(lines)}")
            else:
                found.append(f"scale {random.choice(('price_of', 'steps', *_packages(case)))} by {factor}")
        except NotAskedError:
            continue
    return found


def _packages(case: Case) -> list[str]:
    return [part.head.split()[1] for part in case.declarations if part.head.startswith("package ")]


def _times(case: Case, random: Random) -> list[str]:
    """From when and until when: firsts of months, or days inside them where that splits the periods."""
    splits = random.random() < 0.5 or bool(RUNS_ON.search(case.text()))
    months = random.sample(MONTHS, 2)

    def day(month: str) -> str:
        return f"{month}-{random.randint(2, 28):02}" if splits and random.random() < 0.6 else f"{month}-01"

    first, last = sorted(day(month) for month in months)
    until = f" until {last}" if random.random() < 0.5 else ""
    return [f"effective from {first}{until}", "changes split the period" if splits else ""]


def _added(case: Case, random: Random, number: int) -> tuple[Declaration, ...]:
    """A fee, a discount of all charges, or a quota in front of those of a meter."""
    kind = random.random()
    if kind < 0.4:
        return (Declaration(f"charge kf{number}", ("every month", f"amount {random.randint(1, 9)} {_code(case)}")),)
    if kind < 0.6:
        return (Declaration(f"discount kd{number}", ("on charges", "every month", f"rate {random.randint(1, 9)}%")),)
    for part in case.declarations if not number else ():
        found = re.fullmatch(r"deduct (m[0-9]) from (.*)", part.head)
        meter = found and next(each for each in case.declarations if each.head == f"meter {found[1]}")
        if found and meter and meter.statements[-1].startswith("measure sum("):
            unit = meter.statements[-1].split()[-1]
            grant = (
                f"covers {found[1]}",
                f"size {random.randint(1, 30)} {unit}",
                random.choice(("", "renews every month")),
            )
            return (
                Declaration(f"grant kg{number}", tuple(each for each in grant if each)),
                Declaration(f"deduct {found[1]} from {_with_first(f'kg{number}', found[2], random)}", bare=True),
            )
    return ()


def _with_first(name: str, chain: str, random: Random) -> str:
    """A chain with one quota more, before all others or behind them."""
    ranks = chain.split(" > ")
    last = next((number for number, rank in enumerate(ranks) if rank.startswith(("c", "f"))), len(ranks))
    ranks.insert(random.choice((0, last)), name)
    return " > ".join(ranks)


def _code(case: Case) -> str:
    return next(each for each in case.declarations[0].statements if each.startswith("currency")).split()[-1]


def _dropped_quota(case: Case, random: Random) -> list[str]:
    """A grant less, or a package that nobody bought."""
    bought = {each.package for each in case.account.purchases}
    words = [part.head.split() for part in case.declarations if part.head.startswith(("grant q", "package q"))]
    names = [name for word, name in words if name not in bought]
    return [f"drop {random.choice(names)}"] if names else []
