"""What was priced, bought and paid so far: the lines and sums that other lines name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter

from msgspec import Struct
from whenever import Instant

from ratewright.meaning import nodes as tree
from ratewright.meaning.sums import SUMS
from ratewright.plan.plan import Plan
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact, summed


class _UnknownError(Exception):
    """What the list alone asks is not known."""


class Entry(Struct, frozen=True, gc=False):
    """An amount that was billed for a period and a key, or that a pool paid of it.

    `by_list` is what the list alone asks: the same where no contract makes it another, None where it is not known.
    `number` is that of the record, where records are priced alone; else 0. `whole` is the period that is billed, where
    that is not when it is owed: of a line that is billed in advance.
    """

    period: Period
    keys: Mapping[str, tree.Value]
    amount: Exact
    by_list: Exact | None
    number: int = 0
    whole: Period | None = None

    def owed(self, listed: bool) -> Exact:
        """The amount; that of the list alone where it is asked for. Raises _UnknownError."""
        if not listed:
            return self.amount
        if self.by_list is None:
            raise _UnknownError
        return self.by_list


class Asked(Struct, frozen=True, gc=False):
    """For what a line asks: what ends in its period, of its key; of its record, where it prices records alone."""

    period: Period
    keys: Mapping[str, tree.Value]
    number: int = 0


class _Entries:
    """The entries of one name in the order in which they came, found by when they end and by record."""

    def __init__(self) -> None:
        self._all: list[Entry] = []
        self._ends: list[tuple[Instant, int]] = []
        self._by_record: dict[int, list[Entry]] = defaultdict(list)

    def add(self, entry: Entry) -> None:
        insort(self._ends, (entry.period.end, len(self._all)))
        self._all.append(entry)
        if entry.number:
            self._by_record[entry.number].append(entry)

    def of(self, asked: Asked) -> Iterator[Entry]:
        """The entries that belong to what asks: of its record, or those whose own period ends in its period."""
        found = self._by_record.get(asked.number, []) if asked.number else self._ending(asked.period)
        return (entry for entry in found if _fits(entry.keys, asked.keys))

    def _ending(self, period: Period) -> Iterator[Entry]:
        first = bisect_left(self._ends, period.start, key=itemgetter(0))
        last = bisect_right(self._ends, period.end, key=itemgetter(0))
        found = (self._all[place] for place in sorted(place for _, place in self._ends[first:last]))
        return (entry for entry in found if _ends_in(entry.period, period))

    def total(self, asked: Asked, listed: bool = False) -> Exact:
        return summed(entry.owed(listed) for entry in self.of(asked))


class Ledger:
    """The amounts of an account by line, and what pools of money paid of lines and sums: of lines that others name."""

    def __init__(self, plan: Plan) -> None:
        self._tariff = plan.tariff
        self._lines = plan.lines
        self._needed = plan.needed
        self._amounts: dict[str, _Entries] = defaultdict(_Entries)
        self._by_list_alone: dict[str, _Entries] = defaultdict(_Entries)
        self._paid: dict[str, _Entries] = defaultdict(_Entries)
        self._bought: list[tuple[str, Entry]] = []
        self._spreading = plan.features.spreading
        self._shares: dict[tuple[str, str], _Entries] = defaultdict(_Entries)

    def needs(self, name: str) -> bool:
        """Whether anything goes by the amounts of a line."""
        return name in self._needed

    def priced(self, name: str, entry: Entry) -> None:
        """Note an amount of a line that is needed; that of a discount is what it takes off."""
        self._amounts[name].add(entry)

    def by_list_alone(self, name: str, entry: Entry) -> None:
        """Note what the list asks of a line that is not billed under a contract: of no one else is it an amount."""
        if name in self._needed:
            self._by_list_alone[name].add(entry)

    def paid(self, target: str, entry: Entry) -> None:
        """Note what a pool paid of a line, of `subtotal` or of `total`."""
        self._paid[target].add(entry)

    def spread(self, discount: str, line: str, share: Entry) -> None:
        """Note what a discount that is spread takes off a line, for the period and the key of that."""
        self._shares[discount, line].add(share)

    def shares(self, line: str, asked: Asked) -> list[tuple[str, Exact]]:
        """What discounts that are spread take off a line, each with its name."""
        return self._shares_of(line, asked, False)

    def _shares_of(self, line: str, asked: Asked, listed: bool) -> list[tuple[str, Exact]]:
        return [(name, self._shares[name, line].total(asked, listed)) for name in self._spreading.get(line, ())]

    def keys(self, names: Iterable[str], by: tuple[str, ...], period: Period) -> list[tuple[tree.Value, ...]]:
        """What lines are kept apart by that end in a period, each key once, by the names in `by`."""
        known = (self._amounts[name] for name in names if name in self._amounts)
        entries = (entry for found in known for entry in found.of(Asked(period, {})))
        return list(dict.fromkeys(tuple(entry.keys[name] for name in by) for entry in entries))

    def bought(self, at: Instant, source: str, amount: Exact, by_list: Exact | None) -> None:
        """Note a purchase, an extension or, below 0, a refund: they are charges of the instant."""
        self._bought.append((source, Entry(Period(at, at), {}, amount, by_list)))

    def bought_in(self, asked: Asked) -> Iterator[tuple[str, Entry]]:
        """What was bought or given back in a period, each with its name; it belongs to no record."""
        for source, entry in self._bought if not asked.number else ():
            if entry.period.start in asked.period:
                yield source, entry

    def left(self, name: str, asked: Asked) -> Iterator[Entry]:
        """The amounts of a line within a period, each less what pools paid of it."""
        if name not in self._amounts:
            return
        paid = list(self._paid[name].of(asked))
        for entry in self._amounts[name].of(asked):
            of = (p.amount for p in paid if (p.period, p.keys, p.number) == (entry.period, entry.keys, entry.number))
            own = sum(of)
            by_list = exact(entry.by_list - own) if entry.by_list is not None else None
            yield Entry(entry.period, entry.keys, exact(entry.amount - own), by_list, entry.number, entry.whole)

    def value(self, node: tree.Given, asking: tree.Charge, asked: Asked) -> Exact:
        """What a line means by the name of another line, or of a sum."""
        return self._value(node, asking, asked, False)

    def value_by_list(self, node: tree.Given, asking: tree.Charge, asked: Asked) -> Exact | None:
        """The same by the list alone; None where that is not known."""
        try:
            return self._value(node, asking, asked, True)
        except _UnknownError:
            return None

    def _value(self, node: tree.Given, asking: tree.Charge, asked: Asked, listed: bool) -> Exact:
        if node.name not in SUMS:
            amount = self._amount(node.name, asked, listed)
            if not _left(node):
                return amount
            taxed = asking.word is tree.LineWord.TAX
            shares = summed(share for _, share in self._shares_of(node.name, asked, listed)) if taxed else 0
            return exact(amount - _total(self._paid, node.name, asked) - shares)
        of_all = Asked(asked.period, {}, asked.number)
        total: Exact = 0
        line = self._lines[asking.name]
        for name in (line.listed if listed and node.name in line.listed else line.behind)[node.name]:
            discount = self._tariff.charges[name].word is tree.LineWord.DISCOUNT
            amount = exact(self._amount(name, of_all, listed) - _total(self._paid, name, of_all))
            total += -amount if discount else amount
        total += sum(entry.owed(listed) for _, entry in self.bought_in(asked))
        if node.name == "total" or (node.name == "subtotal" and _left(node)):
            total -= _total(self._paid, "subtotal", of_all)
        return exact(total)

    def _amount(self, name: str, asked: Asked, listed: bool) -> Exact:
        """What a line was billed, or what the list asks of it."""
        own = _total(self._amounts, name, asked, listed)
        return exact(own + _total(self._by_list_alone, name, asked, listed)) if listed else own


def _total(entries: Mapping[str, _Entries], name: str, asked: Asked, listed: bool = False) -> Exact:
    """What is noted of a name, for what asks; 0 for a name of which nothing is."""
    found = entries.get(name)
    return found.total(asked, listed) if found is not None else 0


def _left(node: tree.Given) -> bool:
    return isinstance(node, tree.LineLeft)


def _ends_in(own: Period, period: Period) -> bool:
    return period.start < own.end <= period.end if own.start < own.end else own.start in period


def _fits(keys: Mapping[str, tree.Value], asked: Mapping[str, tree.Value]) -> bool:
    """Whether keys are the same as far as both have them."""
    return all(keys.get(name, value) == value for name, value in asked.items())
