"""What holds under contracts, for `check`: each stretch of time with its figures, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, zip_longest
from textwrap import wrap
from typing import Any, NamedTuple

from msgspec.structs import replace

from ratewright.checks.split_periods import billed_in_both_parts
from ratewright.contracts import codes
from ratewright.contracts.contract import Contract
from ratewright.contracts.drift import drifted
from ratewright.contracts.effective import Value, values
from ratewright.contracts.stretches import Agreed, held, of_each_account
from ratewright.diagnostics import Diagnostic
from ratewright.meaning.nodes import Tariff
from ratewright.rating.versions import switches
from ratewright.refusal import RatingError

_WIDEST = 44
"""What is longer goes on in the next line of its column."""


class Holding(NamedTuple):
    """The figures of a list under contracts, from a day until a day."""

    tariff: str
    contracts: tuple[str, ...]
    start: str | None
    until: str | None
    values: list[Value]


def against(contracts: Sequence[Contract], lists: Iterable[Sequence[Tariff]]) -> tuple[list[Holding], list[Diagnostic]]:
    """What holds under the contracts of each list, given in its versions, and what is wrong or may be."""
    found: list[Holding] = []
    problems: list[Diagnostic] = []
    by_name = {versions[0].name: versions for versions in lists}
    for contract in contracts:
        if contract.list.text not in by_name:
            known = ", ".join(f"`{name}`" for name in list(by_name)[:10])
            message = f"there is no list `{contract.list.text}` among the files"
            problems.append(Diagnostic(codes.OTHER_LIST, message, contract.list.span, f"there is {known}"))
    for name, versions in by_name.items():
        own = [contract for contract in contracts if contract.list.text == name]
        for together in of_each_account(own) if own else ():
            try:
                found += _holding(together, versions, problems)
            except RatingError as error:
                problems += [d for d in error.diagnostics if d not in problems]
    return found, problems


def _holding(contracts: Sequence[Contract], versions: Sequence[Tariff], problems: list[Diagnostic]) -> list[Holding]:
    agreed = Agreed(versions, contracts)
    made = agreed.stretches(contracts)
    problems += [d for d in drifted(made) if d not in problems]
    switches(made)
    problems += [d for d in _billed_twice(made) if d not in problems]
    return [
        Holding(version.name, tuple(c.name for c in active), _day(start), _day(until), values(version, active))
        for start, until, version, active in held(agreed.versions, contracts)
        if active
    ]


def _billed_twice(made: Sequence[Tariff]) -> Iterator[Diagnostic]:
    """The notes on what is whole on both sides of each day on which contracts, or versions, split a period."""
    for before, after in pairwise(made):
        for own in before.by_currency if before.splits or after.splits else ():
            dropped = {
                name for one in (own, after) if one.contract for name in own.charges if one.contract.dropped(name)
            }
            kept = {name: charge for name, charge in own.charges.items() if name not in dropped}
            yield from billed_in_both_parts(replace(own, splits=True, charges=kept))


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def effective_text(one: Holding) -> str:
    """A table of the figures: what each is called, the list's, what holds, and where that is said."""
    since = f" from {one.start}" if one.start else ""
    until = f" until {one.until}" if one.until else ""
    rows = [("", "by the list", "what holds", "said at")]
    for value in one.values:
        places = ", ".join(place.place for place in value.places)
        same = value.listed == value.effective
        rows.append((value.name, value.listed or "-", "the same" if same else value.effective or "not charged", places))
    folded = [[wrap(cell, _WIDEST, break_long_words=False) or [""] for cell in row] for row in rows]
    widths = [max(len(part) for row in folded for part in row[column]) for column in range(3)]
    lines = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(parts, widths, strict=False)), parts[3]])
        for row in folded
        for parts in zip_longest(*row, fillvalue="")
    ]
    head = f"{one.tariff} under {', '.join(one.contracts)}{since}{until}"
    return "\n".join([head, *(f"  {line}".rstrip() for line in lines), ""])


def effective_data(one: Holding) -> dict[str, Any]:
    """The same for machines."""
    return {
        "tariff": one.tariff,
        "contracts": list(one.contracts),
        "from": one.start,
        "until": one.until,
        "values": [
            {
                "name": value.name,
                "list": value.listed,
                "effective": value.effective,
                "rules": [{"file": place.source.name, "line": place.line} for place in value.places],
            }
            for value in one.values
        ],
    }
