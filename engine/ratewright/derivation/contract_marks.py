"""The places of a contract's words in the tree of a list, to be found among those that were used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import kept


class Marks:
    """Which statements of contracts put words at a place."""

    def __init__(self, tariff: tree.Tariff) -> None:
        self._by_source: dict[int, list[tuple[Span, tuple[tree.Change, ...]]]] = defaultdict(list)
        for mark, changes in tariff.contract.marks if tariff.contract is not None else ():
            self._by_source[id(mark.source)].append((mark, changes))

    def among(self, places: Iterable[Span]) -> tuple[tree.Change, ...]:
        """The statements of which a place was used, each once."""
        found: dict[tree.Change, None] = {}
        for place in places:
            for mark, changes in self._by_source.get(id(place.source), ()):
                if mark.start <= place.start and place.end <= mark.end:
                    found.update(dict.fromkeys(changes))
        return tuple(found)


def marks_of(tariff: tree.Tariff) -> Marks:
    """The marks of a list under contracts, made once and kept with it."""
    return kept(tariff, "contract_marks", lambda: Marks(tariff))
