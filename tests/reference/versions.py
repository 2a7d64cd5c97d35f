"""What holds for an account in turn: the versions of a price list, and contracts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from ratewright.syntax import nodes as n
from tests.reference.clock import FIRST, LAST
from tests.reference.contracts import Contract, Declarations, Delta, read_contract, under
from tests.reference.problems import Refused
from tests.reference.rules import Rules, statement


def read_list(texts: tuple[str, ...], account: str | None = None, contracts: tuple[str, ...] = ()) -> Rules:
    """A price list of one version or more, for an account in a currency, under contracts; the later ones have other
    figures and nothing else. `then` of each is the one that follows it."""
    listed = [Rules(text, account) for text in texts]
    agreed = [read_contract(text) for text in contracts]
    changes = [each.effective()[0] or FIRST for each in listed[1:]]
    splits = any(statement(each.tariff, n.Splits) for each in listed)
    clock = listed[0].clock

    def begins(day: date | None) -> datetime | None:
        return None if day is None else clock.instant(datetime(day.year, day.month, day.day))

    edges = {at for one in agreed for at in (begins(one.since), begins(one.until)) if at is not None}
    made: list[tuple[datetime, Rules, object]] = []
    listed_from = listed[0].effective()[0] or FIRST
    for start in sorted({FIRST, *changes, *(at for at in edges if at > listed_from)}):
        held = [one for one in agreed if _holds(begins(one.since), begins(one.until), max(start, listed_from))]
        number = sum(change <= start for change in changes)
        for one in held:
            if one.pinned is not None:
                number = sum(change <= (begins(one.pinned) or FIRST) for change in changes)
        if not made or made[-1][2] != (number, held):
            others = [one for one in agreed if one not in held]
            made.append((start, _under(listed[number], texts[number], account, held, others), (number, held)))
    for (_, one, _), (start, other, _) in pairwise(made):
        one.then, one.change = other, start
        said = any(contract.splits for contract in agreed if start in (begins(contract.since), begins(contract.until)))
        one.splits = splits or said
        inside = one.splits and clock.around("month", start).start != start
        if inside and any(one.is_filled(pool) for pool in one.pools):
            raise Refused("a change that splits a cycle that usage fills")
    made[0][1].contracts = bool(agreed)
    return made[0][1]


def _holds(since: datetime | None, until: datetime | None, at: datetime) -> bool:
    return (since or FIRST) <= at < (until or LAST)


def _under(
    rules: Rules, text: str, account: str | None, contracts: Sequence[Contract], others: Sequence[Contract]
) -> Rules:
    """A list under the contracts that hold; what `others` declare is known, and absent."""

    def delta(declarations: Declarations) -> Delta:
        return under(declarations, contracts, others, rules.codes, rules.currency)

    made = Rules(text, account, delta)
    made.listed = Rules(text, account) if contracts else None
    return made
