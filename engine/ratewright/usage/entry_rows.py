"""Records of a fixture as rows of texts: what is kept of each until the whole document is known.

How a record is read depends on keys that may stand below it (`timezone`, `subaccounts`), so the texts
wait. They wait in few long lists, since a million small objects would cost ten times as much.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby, islice
from typing import Any

BATCH = 2_000

Cell = str | bool | list[Any] | dict[str, Any] | None
"""A value as text; None where there is none, an empty list or mapping where one stands in its place."""


class Rows:
    """Up to `BATCH` records that follow one another: the keys, the cells, and where each begins and ends."""

    __slots__ = ("_cells", "_ends", "_keys", "_starts")

    def __init__(self) -> None:
        self._keys: list[tuple[str, ...]] = []
        self._cells: list[Cell] = []
        self._starts = array("Q")
        self._ends = array("Q")

    def add(self, keys: tuple[str, ...], cells: list[Cell], start: int, end: int) -> int:
        """A record from `start` to `end` of its document, with one cell for each key. Returns how many there are."""
        self._keys.append(keys)
        self._cells += cells
        self._starts.append(start)
        self._ends.append(end)
        return len(self._keys)

    def share(self, known: dict[Cell, Cell]) -> None:
        """Keep texts that repeat once, as the objects in `known`, which takes in new ones."""
        with suppress(TypeError):  # a list or a mapping in a record: it will be refused anyway
            self._cells = list(map(known.setdefault, self._cells, self._cells))

    def alike(self) -> Iterator[tuple[tuple[str, ...], list[list[Cell]], Sequence[int], Sequence[int]]]:
        """Neighbours with the same keys: those, the column of each, where the records begin, and where they end."""
        cells, row = iter(self._cells), 0
        for keys, group in groupby(self._keys):
            count, width = sum(1 for _ in group), len(keys)
            flat = list(islice(cells, count * width))
            columns = [flat[number::width] for number in range(width)]
            yield keys, columns, self._starts[row : row + count], self._ends[row : row + count]
            row += count
