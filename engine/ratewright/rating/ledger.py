"""What was priced, bought and paid so far: the lines and sums that other lines name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct
from whenever import Instant

from ratewright.tree import nodes as tree
from ratewright.tree.needs import lines_of
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact


class Entry(Struct, frozen=True):
    """An amount that was billed for a period and a key, or that a pool paid of it."""

    period: Period
    keys: Mapping[str, tree.Value]
    amount: Exact


class Ledger:
    """The amounts of an account by line, and what pools of money paid of lines and sums."""

    def __init__(self, tariff: tree.Tariff) -> None:
        self._tariff = tariff
        self._amounts: dict[str, list[Entry]] = defaultdict(list)
        self._paid: dict[str, list[Entry]] = defaultdict(list)
        self._bought: list[tuple[Instant, str, Exact]] = []

    def priced(self, charge: tree.Charge, period: Period, key: tuple[tree.Value, ...], amount: Exact) -> None:
        """Note an amount of a line; that of a discount is what it takes off."""
        self._amounts[charge.name].append(Entry(period, dict(zip(charge.by, key, strict=True)), amount))

    def paid(self, target: str, period: Period, keys: Mapping[str, tree.Value], amount: Exact) -> None:
        """Note what a pool paid of a line, of `subtotal` or of `total`."""
        self._paid[target].append(Entry(period, keys, amount))

    def bought(self, at: Instant, source: str, amount: Exact) -> None:
        """Note a purchase, an extension or, below 0, a refund: they are charges of the instant."""
        self._bought.append((at, source, amount))

    def bought_in(self, period: Period) -> Iterator[tuple[str, Entry]]:
        """What was bought or given back in a period, each with its name."""
        yield from ((source, Entry(Period(at, at), {}, amount)) for at, source, amount in self._bought if at in period)

    def left(self, name: str, period: Period, keys: Mapping[str, tree.Value]) -> Iterator[Entry]:
        """The amounts of a line within a period, each less what pools paid of it."""
        for entry in _within(self._amounts[name], period, keys):
            paid = sum(p.amount for p in self._paid[name] if p.period == entry.period and p.keys == entry.keys)
            yield Entry(entry.period, entry.keys, exact(entry.amount - paid))

    def value(self, node: tree.Given, asking: tree.Charge, period: Period, keys: Mapping[str, tree.Value]) -> Exact:
        """What a line means by the name of another line, or of a sum, in its own period and for its own key."""
        if node.name not in ("charges", "subtotal", "total"):
            amount = _sum(self._amounts[node.name], period, keys)
            return exact(amount - _sum(self._paid[node.name], period, keys)) if _left(node) else amount
        total: Exact = 0
        for name in lines_of(node.name, asking, self._tariff.charges):
            discount = self._tariff.charges[name].word is tree.LineWord.DISCOUNT
            amount = exact(_sum(self._amounts[name], period, {}) - _sum(self._paid[name], period, {}))
            total += -amount if discount else amount
        total += sum(amount for at, _, amount in self._bought if at in period)
        if node.name == "total" or (node.name == "subtotal" and _left(node)):
            total -= _sum(self._paid["subtotal"], period, {})
        return exact(total)


def _left(node: tree.Given) -> bool:
    return isinstance(node, tree.LineLeft)


def _sum(entries: list[Entry], period: Period, keys: Mapping[str, tree.Value]) -> Exact:
    """The amounts within a period, of the same key as far as both have one."""
    return exact(sum(e.amount for e in _within(entries, period, keys)))


def _within(entries: list[Entry], period: Period, keys: Mapping[str, tree.Value]) -> Iterator[Entry]:
    """The entries that are billed within a period: those whose own ends in it, however long that is."""
    for entry in entries:
        at = entry.period
        inside = period.start < at.end <= period.end if at.start < at.end else at.start in period
        if inside and all(entry.keys.get(name, value) == value for name, value in keys.items()):
            yield entry
