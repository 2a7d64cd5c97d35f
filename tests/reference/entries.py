"""Entries of a ledger, found by what they are of and when their period ended."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Entries(Generic[Entry]):
    """In the order in which they were made. A list of each hour has thousands, and each asks for some of them."""

    def __init__(self, name: Callable[[Entry], str], end: Callable[[Entry], datetime]) -> None:
        self._name = name
        self._end = end
        self._all: list[Entry] = []
        self._by_end: dict[str, list[Entry]] = defaultdict(list)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._all)

    def add(self, entry: Entry) -> None:
        self._all.append(entry)
        insort(self._by_end[self._name(entry)], entry, key=self._end)

    def of(self, name: str, after: datetime, until: datetime) -> list[Entry]:
        """Those of a name that ended after an instant and not after another."""
        entries = self._by_end[name]
        return entries[bisect_right(entries, after, key=self._end) : bisect_right(entries, until, key=self._end)]
