"""The lists that hold for an account in turn: its versions, under the contracts that hold for it at the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace as with_usage
from itertools import pairwise

from whenever import Date

from ratewright.contracts import codes
from ratewright.contracts.contract import Contract, read_contract
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan, plan_of
from ratewright.rating.versions import always, in_order, kept_on
from ratewright.refusal import RatingError, stop
from ratewright.usage.model import Place, Usage


class Agreed:
    """A price list in its versions with contracts: what holds for each account. Lists are made once and shared.

    `contracts` hold for the accounts that they name, or for all; an account's data may name others.
    """

    def __init__(
        self, versions: Sequence[tree.Tariff], contracts: Sequence[Contract], limits: Limits = DEFAULT
    ) -> None:
        self.versions = tuple(in_order(versions))
        self.contracts = tuple(contracts)
        self._limits = limits
        self._plans = [plan_of(version) for version in self.versions]
        self._made: dict[tuple[int, tuple[int, ...]], tree.Tariff] = {}
        self._read: dict[str, Contract] = {}
        for contract in contracts:
            self._refuse_other_list(contract)

    def _refuse_other_list(self, contract: Contract) -> None:
        name = self.versions[0].name
        if contract.list.text != name:
            raise stop(
                codes.OTHER_LIST,
                f"`{contract.name}` is a contract of the list `{contract.list.text}`, and this is `{name}`",
                contract.list.span,
                f"bill by that list, or write `list {name}`",
            )

    def _named_by(self, usage: Usage) -> Iterator[Contract]:
        """The contracts that an account's data name. Raises RatingError."""
        for file in usage.contracts:
            if file.path not in self._read:
                contract, problems = read_contract(file.path, self._limits, file.name)
                if contract is None:
                    raise RatingError(problems)
                self._refuse_other_list(contract)
                self._read[file.path] = contract
            contract = self._read[file.path]
            if contract.accounts and usage.account not in contract.accounts:
                raise stop(
                    codes.OTHER_ACCOUNT,
                    f"`{contract.name}` is a contract of {', '.join(contract.accounts)}, and not of `{usage.account}`",
                    file.place.span,
                    "name the account's own contract, or add it behind `for`",
                    ("the contract", contract.span),
                )
            yield contract

    def of(self, usage: Usage) -> tuple[list[Plan], Usage]:
        """The plans that hold for an account in turn, and its data without what they settle. Raises RatingError."""
        every = [c for c in self.contracts if not c.accounts or usage.account in c.accounts]
        every += self._named_by(usage)
        contracts = [c for n, c in enumerate(every) if not any(c.source == other.source for other in every[:n])]
        if not contracts:
            return self._plans, usage
        versions = self.versions
        if usage.version is not None:
            versions = (always(kept_on(versions, usage)),)
            pinned = next((c for c in contracts if c.pinned is not None), None)
            if pinned is not None:
                place = Place(usage.source, usage.line)
                raise stop(
                    codes.OTHER_ACCOUNT,
                    f"`{usage.account}` is kept on the list of {usage.version}, and `{pinned.name}` on that of "
                    f"{pinned.pinned}",
                    pinned.span,
                    "say it in one place",
                    ("the account", place.span),
                )
        plans = [plan_of(tariff) for tariff in self.stretches(contracts, versions)]
        return plans, with_usage(usage, version=None)

    def stretches(
        self, contracts: Sequence[Contract], versions: Sequence[tree.Tariff] | None = None
    ) -> list[tree.Tariff]:
        """The lists in turn, each with the days for which it holds. Raises RatingError."""
        versions = self.versions if versions is None else versions
        return [
            self._under(version, active).in_time(start, until)
            for start, until, version, active in held(versions, contracts)
        ]

    def _under(self, version: tree.Tariff, active: Sequence[Contract]) -> tree.Tariff:
        key = id(version), tuple(id(contract) for contract in active)
        if key not in self._made:
            from ratewright.contracts.under import under  # most accounts have no contract, and a bill starts fast

            self._made[key] = under(version, active, self._limits)
        return self._made[key]


Held = tuple[Date | None, Date | None, tree.Tariff, list[Contract]]
"""From which day until which day a version holds, under which contracts."""


def held(versions: Sequence[tree.Tariff], contracts: Sequence[Contract]) -> list[Held]:
    """What holds in turn: one after the other, each for as long as nothing changes. Raises RatingError."""
    ends = {day for x in versions for day in (x.effective, x.until)}
    ends |= {day for c in contracts for day in (c.start, c.until)}
    first, last = versions[0].effective, versions[-1].until
    days = sorted(d for d in ends if d is not None and (first is None or d > first) and (last is None or d < last))
    found: list[Held] = []
    for start, until in pairwise((first, *days, last)):
        active = [c for c in contracts if c.holds(start)]
        version = _pinned(versions, active) or _in_force(versions, start)
        goes_on = bool(found) and found[-1][2] is version and found[-1][3] == active
        begun = found.pop()[0] if goes_on else start  # a later version is none for contracts that are pinned
        found.append((begun, until, version, active))
    return found


def of_each_account(contracts: Sequence[Contract]) -> list[list[Contract]]:
    """The contracts that hold for the same account, for each that is named; all together where none is."""
    accounts = dict.fromkeys(account for contract in contracts for account in contract.accounts)
    sets = [[c for c in contracts if not c.accounts or account in c.accounts] for account in accounts]
    return [one for number, one in enumerate(sets) if one not in sets[:number]] or [list(contracts)]


def _in_force(versions: Sequence[tree.Tariff], day: Date | None) -> tree.Tariff:
    """The version that holds from a day on."""
    return next(v for v in reversed(versions) if v.effective is None or (day is not None and v.effective <= day))


def _pinned(versions: Sequence[tree.Tariff], active: Sequence[Contract]) -> tree.Tariff | None:
    """The version that the contracts are kept on, if one says so. Raises RatingError where two differ, or none held."""
    pinned = [contract for contract in active if contract.pinned is not None]
    if not pinned:
        return None
    day = pinned[0].pinned
    other = next((contract for contract in pinned if contract.pinned != day), None)
    if other is not None:
        message = f"`{pinned[0].name}` is kept on the list of {day}, and `{other.name}` on that of {other.pinned}"
        raise stop(codes.TIE, message, other.span, "let both name one day", ("the other", pinned[0].span))
    for version in versions:
        begun = version.effective is None or (day is not None and version.effective <= day)
        if begun and (version.until is None or (day is not None and day < version.until)):
            return version
    message = f"no version of `{versions[0].name}` held on {day}"
    raise stop(codes.OTHER_LIST, message, pinned[0].span, f"the first holds from {versions[0].effective}")
