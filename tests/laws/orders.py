"""Law 2: only orders that the reference names mean something."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from random import Random
from typing import Any

from tests.laws.billing import (
    Data,
    RefusedError,
    bills,
    data_of,
    figures,
    in_order,
    tried,
    unlike,
    unlike_bills,
)
from tests.laws.law import Law
from tests.reference.cases import Case, Declaration

_FREE = ("charge", "discount", "tax", "grant", "package")
"""Blocks whose statements may stand in any order, but for the rules of refunds among each other."""

_LETTERS = "cdft"
_NAME = re.compile(rf"\b[{_LETTERS}]\d+\b")
"""What the random cases call their lines."""


def _declarations(case: Case, random: Random) -> str | None:
    """Declarations, and statements in the blocks of lines and quotas."""
    data = data_of(case)
    mixed = [_mixed(part, random) for part in case.declarations]
    random.shuffle(mixed)
    other = replace(case, declarations=tuple(mixed)).text()
    try:
        there = bills(case.text(), data, *case.months)
    except RefusedError as error:
        back = tried(other, data, *case.months)
        return None if back is None else f"billed in another order, else refused: {error}"
    try:
        return unlike_bills(there, bills(other, data, *case.months))
    except RefusedError as error:
        return f"{other}\nrefused in this order: {error}"


def _mixed(part: Declaration, random: Random) -> Declaration:
    if part.head.split()[0] not in _FREE:
        return part
    rules = [each for each in part.statements if each.startswith("refund ")]
    statements = random.sample(part.statements, len(part.statements))
    placed = iter(rules)
    return replace(part, statements=tuple(next(placed) if s.startswith("refund ") else s for s in statements))


def _data(case: Case, random: Random) -> str | None:
    """Records, purchases, requests, sizes, and the keys of each."""
    data = data_of(case)
    other = _mixed_data(data, random)
    try:
        there = bills(case.text(), data, *case.months)
    except RefusedError as error:
        return None if tried(case.text(), other, *case.months) is None else f"billed in another order, else {error}"
    try:
        return unlike_bills(there, bills(case.text(), other, *case.months))
    except RefusedError as error:
        return f"{other}\nrefused in this order: {error}"


def _mixed_data(data: Data, random: Random) -> Data:
    mixed = {name: _shuffled(part, random) if isinstance(part, list) else part for name, part in data.items()}
    if "settings" in mixed:
        mixed["settings"] = _keys(mixed["settings"], random)
    return _keys(mixed, random)


def _shuffled(parts: list[Any], random: Random) -> list[Any]:
    return [_keys(p, random) if isinstance(p, dict) else p for p in random.sample(parts, len(parts))]


def _keys(part: Data, random: Random) -> Data:
    """The same with its keys in another order."""
    return {name: part[name] for name in random.sample(list(part), len(part))}


def _names(case: Case, random: Random) -> str | None:
    """Lines under other names, which come in another order: but where the reference goes by names, in the same."""
    letters = random.sample("uvxy", len(_LETTERS))
    by_names = any(map(_ordered_by_names, case.declarations))
    if by_names:
        letters.sort()

    def renamed(text: str) -> str:
        return _NAME.sub(lambda found: letters[_LETTERS.index(found[0][0])] + found[0][1:], text)

    there = bills(case.text(), data_of(case), *case.months)
    parts = [replace(p, head=renamed(p.head), statements=tuple(map(renamed, p.statements))) for p in case.declarations]
    back = bills(replace(case, declarations=tuple(parts)).text(), data_of(case), *case.months)
    for one, other in zip(map(figures, there), map(figures, back), strict=True):
        for line in [] if by_names else [*one["lines"], *other["lines"]]:
            line.pop("spread", None)  # told of each discount: what is left over is the first's of equals
        for part in ("lines", "unserved", "balances"):
            found = unlike(in_order(json.loads(renamed(json.dumps(one[part])))), other[part])
            if found:
                return f"{part}\n{found}"
    return None


def _ordered_by_names(part: Declaration) -> bool:
    """Whether a quota pays for several lines, or a discount gives what is left over to the first of equals."""
    covered = [each for each in part.statements if each.startswith("covers ")]
    return "spread by amount" in part.statements or any(len(_NAME.findall(each)) > 1 for each in covered)


LAWS = (
    Law("order of declarations", "the order of declarations and of statements decides nothing", _declarations),
    Law("order of data", "the order of records, purchases, requests and keys decides nothing", _data),
    Law("names", "what lines are called decides nothing but where the reference goes by names", _names),
)
