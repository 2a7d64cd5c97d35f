"""Many records at once: column by column where nothing is unusual, else one after the other.

A row alone costs about ten microseconds, most of it for the interpreter; a column costs one call for all
its cells. The quick way takes only what it can read without a doubt and reports nothing: a batch with
anything else, right or wrong, goes row by row through the reader of all records, which has the messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

from ratewright.diagnostics import Source
from ratewright.usage.entry_rows import Cell
from ratewright.usage.findings import Findings, Locate, RecordFindings
from ratewright.usage.model import Form, Place, Record
from ratewright.usage.problem import Problem, not_one_value, split_figure
from ratewright.usage.record_texts import ONE, RecordReader, could_follow
from ratewright.values.calendar import Moment

_T = TypeVar("_T")

_FEW = 8
_SLOW_KEYS = frozenset(("in", "from", "to", "measured", "file"))
_SPARSE_KEYS = frozenset(("subaccount", "lasts", "reported"))


class Batch(NamedTuple):
    """Records with the same keys: the column of each key, and the line of each record.

    `locate` gives for the number of a record what knows the places of its values. `sparse`: an empty cell is
    a key that is left out.
    """

    keys: tuple[str, ...]
    columns: Sequence[Sequence[Cell]]
    lines: Sequence[int]
    locate: Callable[[int], Locate]
    sparse: bool = False

    @property
    def rows(self) -> Iterable[Sequence[Cell]]:
        return zip(*self.columns, strict=True) if self.keys else repeat((), len(self.lines))


class BatchReader:
    """Reads the batches of one source. `meter` is that of records without one."""

    def __init__(self, reader: RecordReader, source: Source, meter: str | None, findings: Findings) -> None:
        self._reader = reader
        self._source = source
        self._meter = meter
        self._findings = findings

    def read(self, batch: Batch) -> Iterator[list[Record]]:
        """The records that could be read, in order. What is wrong with the others is added to the findings."""
        try:
            records = self._quickly(batch) if len(batch.lines) >= _FEW else None
        except Problem:
            records = None
        if records is None:
            return self._one_by_one(batch)
        return iter([records])

    def _one_by_one(self, batch: Batch) -> Iterator[list[Record]]:
        for number, (line, row) in enumerate(zip(batch.lines, batch.rows, strict=True)):
            found = RecordFindings(self._findings, batch.locate(number))
            texts = self._texts(batch, row, found)
            if found.any:
                continue
            if self._meter is not None:
                texts.setdefault("meter", self._meter)
            record = self._reader.read(texts, Place(self._source, line), found)
            if record is not None:
                yield [record]

    def _texts(self, batch: Batch, row: Sequence[Cell], found: RecordFindings) -> dict[str, str]:
        texts: dict[str, str] = {}
        for number, (key, value) in enumerate(zip(batch.keys, row, strict=True)):
            text = value.strip() if isinstance(value, str) else _flag_text(value)
            if isinstance(text, str) and text:
                texts[key] = text
            elif not batch.sparse:
                found.add_problem(not_one_value(text, key, split_figure(batch.keys, row, number)), key)
        return texts

    def _quickly(self, batch: Batch) -> list[Record] | None:
        """The records of the batch; None, or a Problem raised, if it has anything but plain events."""
        if not _SLOW_KEYS.isdisjoint(batch.keys) or "at" not in batch.keys:
            return None
        columns: dict[str, list[str]] = {}
        for key, cells in zip(batch.keys, batch.columns, strict=True):
            texts = _plain_texts(cells)
            if texts is None:
                return None
            if "" in texts:
                if not batch.sparse or (any(texts) and key not in _SPARSE_KEYS):
                    return None
                if not any(texts):
                    continue
            columns[key] = texts
        reader, take = self._reader, columns.pop
        meters, ids = take("meter", None), take("id", None)
        if (meters is None and self._meter is None) or (ids is not None and not all(map(str.isprintable, ids))):
            return None
        starts = list(reader.moments.read_all(take("at")))
        quantities, lasts = take("quantity", None), take("lasts", None)
        sources, subaccounts = take("source", None), take("subaccount", None)
        reported = self._reported(take("reported", None), starts)
        if reported is None:
            return None
        made: Iterable[Record] = map(
            Record,
            repeat(None) if ids is None else ids,
            repeat(reader.source) if sources is None else reader.read_names(sources),
            repeat(self._meter) if meters is None else reader.read_names(meters),
            repeat(Form.EVENT),
            starts,
            repeat(None),
            repeat(ONE) if quantities is None else reader.amounts.read_quantities(quantities),
            map(Place, repeat(self._source), batch.lines),
            reader.read_fields(columns, len(starts)),
            repeat(None) if subaccounts is None else _each(reader.read_subaccount, subaccounts),
            repeat(None) if lasts is None else _each(reader.read_lasts, lasts),
            repeat(False),
            reported,
        )
        return list(made)

    def _reported(self, texts: list[str] | None, starts: list[Moment]) -> Iterable[Moment | None] | None:
        """When late records became known; None if one of them was known before it happened."""
        if texts is None:
            return repeat(None)
        moments = _each(self._reader.moments.read, texts)
        later = all(m is None or could_follow(start, m) for start, m in zip(starts, moments, strict=True))
        return moments if later else None


def _flag_text(value: object) -> object:
    return ("true" if value else "false") if isinstance(value, bool) else value


def _plain_texts(cells: Sequence[Any]) -> list[str] | None:
    """The texts of a column without the spaces around them; None if any is no text."""
    if set(map(type, cells)) != {str}:
        cells = list(map(_flag_text, cells))
        if set(map(type, cells)) != {str}:
            return None
    return list(map(str.strip, cells))


def _each(read: Callable[[str], _T], texts: list[str]) -> list[_T | None]:
    """Each text read once, however often it stands there; an empty one is None."""
    known: dict[str, _T | None] = {text: read(text) if text else None for text in dict.fromkeys(texts)}
    return list(map(known.__getitem__, texts))
