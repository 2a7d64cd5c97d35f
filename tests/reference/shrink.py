"""Smaller cases that differ in the same way: parts are left out for as long as the difference stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.reference.cases import Case


def shrink(case: Case, differs: Callable[[Case], bool]) -> Case:
    """The smallest case that is found by leaving out one part after the other."""
    again = True
    while again:
        again = False
        for smaller in _smaller(case):
            if differs(smaller):
                case, again = smaller, True
                break
    return case


def _smaller(case: Case) -> Iterator[Case]:
    account = case.account
    for index in range(len(case.later)):
        yield replace(case, later=case.later[:index] + case.later[index + 1 :])
    yield from _less_agreed(case)
    if len(case.months) > 1:
        yield replace(case, months=case.months[:-1])
    for name in (
        "records",
        "purchases",
        "refunds",
        "pauses",
        "results",
        "withdrawals",
        "balances",
        "settings",
        "sizes",
    ):
        parts = getattr(account, name)
        for index in range(len(parts)):
            yield replace(case, account=replace(account, **{name: parts[:index] + parts[index + 1 :]}))
    for index, part in enumerate(case.declarations):
        if index:
            yield replace(case, declarations=case.declarations[:index] + case.declarations[index + 1 :])
        for place in range(len(part.statements)):
            fewer = replace(part, statements=part.statements[:place] + part.statements[place + 1 :])
            yield replace(case, declarations=(*case.declarations[:index], fewer, *case.declarations[index + 1 :]))
    for index, record in enumerate(account.records):
        for place in range(len(record.fields)):
            bare = replace(record, fields=record.fields[:place] + record.fields[place + 1 :])
            records = (*account.records[:index], bare, *account.records[index + 1 :])
            yield replace(case, account=replace(account, records=records))
    yield from _simpler_deducts(case)


def _less_agreed(case: Case) -> Iterator[Case]:
    """With a contract less, or what it says or adds."""
    for index, contract in enumerate(case.contracts):
        before, after = case.contracts[:index], case.contracts[index + 1 :]
        yield replace(case, contracts=before + after)
        for number, part in enumerate(contract):
            if number:
                yield replace(case, contracts=(*before, contract[:number] + contract[number + 1 :], *after))
            for place in range(len(part.statements)):
                fewer = replace(part, statements=part.statements[:place] + part.statements[place + 1 :])
                made = (*contract[:number], fewer, *contract[number + 1 :])
                yield replace(case, contracts=(*before, made, *after))


def _simpler_deducts(case: Case) -> Iterator[Case]:
    for index, part in enumerate(case.declarations):
        if part.head.startswith("deduct ") and " > " in part.head:
            names, _, chain = part.head.partition(" from ")
            ranks = chain.split(" > ")
            for place in range(len(ranks)):
                head = f"{names} from {' > '.join(ranks[:place] + ranks[place + 1 :])}"
                dropped = {f"grant {ranks[place]}", f"package {ranks[place]}", f"charge {ranks[place]}"}
                rest = [
                    replace(part, head=head) if i == index else each
                    for i, each in enumerate(case.declarations)
                    if each.head not in dropped
                ]
                yield replace(case, declarations=tuple(rest))
    for part in case.declarations:
        word, _, name = part.head.partition(" ")
        if word in ("grant", "package", "charge", "meter"):
            rest = [
                each
                for each in case.declarations
                if each is not part and not (each.head.startswith("deduct ") and name in each.head)
            ]
            yield replace(case, declarations=tuple(rest))
