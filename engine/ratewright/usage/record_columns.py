"""Many rows of a table at once: column by column where nothing is unusual, else one after the other.

A row alone costs about ten microseconds, most of it for the interpreter; a column costs one call for all
its cells. The quick way takes only what it can read without a doubt and reports nothing: a batch with
anything else, right or wrong, goes row by row through the reader of all records, which has the messages.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

from ratewright.diagnostics import Span, line_span
from ratewright.usage.files import StoredSource
from ratewright.usage.findings import Findings
from ratewright.usage.model import Form, Place, Record
from ratewright.usage.problem import Problem, not_one_value
from ratewright.usage.record_texts import ONE, RecordReader, could_follow
from ratewright.values.calendar import Moment

_T = TypeVar("_T")

BATCH = 2_000
_FEW = 8
_SLOW_KEYS = frozenset(("in", "from", "to", "measured", "file"))
_SPARSE_KEYS = frozenset(("subaccount", "lasts", "reported"))


class Batch(NamedTuple):
    """Rows with the same keys, and the line of each. `sparse`: an empty cell is a key that is left out."""

    keys: tuple[str, ...]
    lines: Sequence[int]
    rows: Sequence[Sequence[Any]]
    sparse: bool


class BatchReader:
    """Reads the batches of one file. `name` makes the ids of rows without one, `meter` is their meter."""

    def __init__(
        self, reader: RecordReader, source: StoredSource, name: str, meter: str | None, findings: Findings
    ) -> None:
        self._reader = reader
        self._source = source
        self._name = name
        self._meter = meter
        self._findings = findings

    def read(self, batch: Batch) -> Iterator[tuple[list[Record], bool]]:
        """The records that could be read, in order, in lists with whether their ids were given."""
        try:
            records = self._quickly(batch) if len(batch.rows) >= _FEW else None
        except Problem:
            records = None
        if records is None:
            return self._one_by_one(batch)
        return iter([(records, "id" in batch.keys)])

    def _one_by_one(self, batch: Batch) -> Iterator[tuple[list[Record], bool]]:
        for line, row in zip(batch.lines, batch.rows, strict=True):
            texts = self._texts(batch, line, row)
            if texts is None:
                continue
            if self._meter is not None:
                texts.setdefault("meter", self._meter)
            span = _Line(self._source, line)
            given = "id" in texts
            record = self._reader.read(texts, self._made_id(line), span.place, span, self._findings)
            if record is not None:
                yield [record], given

    def _texts(self, batch: Batch, line: int, row: Sequence[Any]) -> dict[str, str] | None:
        texts: dict[str, str] = {}
        fine = True
        for key, value in zip(batch.keys, row, strict=True):
            text = value.strip() if isinstance(value, str) else _flag_text(value)
            if isinstance(text, str) and text:
                texts[key] = text
            elif not batch.sparse:
                self._findings.add_problem(not_one_value(text, key), line_span(self._source, line))
                fine = False
        return texts if fine else None

    def _made_id(self, line: int) -> str:
        return f"{self._name}:{line}"

    def _quickly(self, batch: Batch) -> list[Record] | None:
        """The records of the batch; None, or a Problem raised, if it has anything but plain events."""
        if not _SLOW_KEYS.isdisjoint(batch.keys) or "at" not in batch.keys:
            return None
        columns: dict[str, list[str]] = {}
        for key, cells in zip(batch.keys, zip(*batch.rows, strict=True), strict=True):
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
        return _filled(
            len(batch.rows),
            id=map(self._made_id, batch.lines) if ids is None else ids,
            source=repeat(reader.source) if sources is None else reader.read_names(sources),
            meter=repeat(self._meter) if meters is None else reader.read_names(meters),
            form=repeat(Form.EVENT),
            start=starts,
            end=repeat(None),
            quantity=repeat(ONE) if quantities is None else reader.amounts.read_all(quantities),
            place=map(Place, repeat(self._source), batch.lines),
            fields=reader.read_fields(columns, len(batch.rows)),
            subaccount=repeat(None) if subaccounts is None else _each(reader.read_subaccount, subaccounts),
            lasts=repeat(None) if lasts is None else _each(reader.read_lasts, lasts),
            measured=repeat(False),
            reported=reported,
        )

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


def _filled(count: int, **columns: Iterable[object]) -> list[Record]:
    """Records made from one iterable for each attribute.

    The constructor of a frozen dataclass would cost more than all the reading of a row. Until this
    returns nobody else has the records, so that filling their slots is no change of a frozen thing.
    """
    records = list(map(object.__new__, repeat(Record, count)))
    for name, column in columns.items():
        deque(map(getattr(Record, name).__set__, records, column), maxlen=0)
    return records


class _Line:
    """Where a row stands, for the reader of records, which asks for the place of a key."""

    def __init__(self, source: StoredSource, line: int) -> None:
        self.place = Place(source, line)

    def __call__(self, key: str) -> Span:
        return self.place.span
