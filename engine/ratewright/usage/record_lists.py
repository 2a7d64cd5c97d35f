"""The records of one account: those in the fixture, and those in the files it refers to."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ratewright.diagnostics import Source, Span
from ratewright.limits import Limits
from ratewright.usage import codes
from ratewright.usage.document_tree import Entries, Listing, Mapping, Node, Scalar, is_file, kind_of, plain, span_of
from ratewright.usage.entry_rows import Rows
from ratewright.usage.files import StoredSource, referred
from ratewright.usage.findings import EnoughError, Findings, Locate
from ratewright.usage.model import Record
from ratewright.usage.problem import Problem, not_one_value, require_visible
from ratewright.usage.record_columns import Batch, BatchReader
from ratewright.usage.record_files import batches_of, require_table
from ratewright.usage.record_identity import Identities
from ratewright.usage.record_texts import RecordReader
from ratewright.usage.schema_values import Values


class RecordLists:
    """Reads the entries of `usage` and of `history`, each in their order."""

    def __init__(
        self, document: Mapping, source: Source, folder: Path, values: Values, limits: Limits, findings: Findings
    ) -> None:
        self._document = document
        self._source = source
        self._folder = folder
        self._limits = limits
        self._findings = findings
        name = PurePosixPath(Path(source.name).as_posix()).name
        self._reader = RecordReader(values.amounts, values.moments, name, _account(document), _subaccounts(document))

    def read(self, key: str) -> tuple[Record, ...]:
        """The records below the key, each counted once. What is wrong is added to the findings."""
        entries = self._document.values.get(key)
        if not isinstance(entries, Entries):
            return ()
        taken = _Taken(self._findings)
        inline = _Inline(entries, self._source)
        reader = BatchReader(self._reader, self._source, None, self._findings)
        with _uncollected():
            for part in entries.taken():
                if isinstance(part, Rows):
                    taken.add(reader, inline.batches(part))
                elif isinstance(part, Mapping) and is_file(part.values):
                    self._file(part, taken)
                else:
                    self._findings.add(
                        codes.WRONG_SHAPE,
                        f"each entry of `{key}` should be a mapping, and this is {kind_of(part)}",
                        span_of(part, self._source),
                        "write a record, `{meter: …, at: …, quantity: …}`, or `{file: usage.csv}`",
                    )
        return tuple(taken.records)

    def _file(self, entry: Mapping, taken: _Taken) -> None:
        node = entry.values["file"]
        span = span_of(node, self._source)
        try:
            text = _text(node, "file")
            meter = _text(entry.values["meter"], "meter") if "meter" in entry.values else None
            path = referred(text, self._folder, self._limits)
            self._findings.files.note_streamed(path, str(self._folder / text))
            require_table(text)
        except Problem as problem:
            self._findings.add_problem(problem, span)
            return
        if (first := taken.files.setdefault(path, span)) is not span:
            self._findings.add(
                codes.FILE_TWICE,
                f"`{text}` is given twice, and its records would count twice",
                span,
                "keep one of the two",
                also=("it is first given here", first),
            )
            return
        stored = StoredSource(str(self._folder / text) if str(self._folder) != "." else text, path)
        self._findings.begin_file()
        self._findings.ceiling = self._findings.told + self._limits.diagnostics
        try:
            reader = BatchReader(self._reader, stored, meter, self._findings)
            taken.add(reader, batches_of(path, stored, meter, self._limits, self._findings))
        except EnoughError:
            last = self._findings.diagnostics[-1].span
            message = f"the rest of `{text}` was not read after {self._limits.diagnostics} errors"
            self._findings.note(codes.STOPPED, message, last or span)
        finally:
            self._findings.ceiling = None
            self._findings.begin_file()


class _Taken:
    """The records that count so far, and the files they came from."""

    def __init__(self, findings: Findings) -> None:
        self.records: list[Record] = []
        self.files: dict[Path, Span] = {}
        self._identities = Identities()
        self._findings = findings

    def add(self, reader: BatchReader, batches: Iterable[Batch]) -> None:
        for batch in batches:
            for records in reader.read(batch):
                known = "id" in batch.keys
                self.records += self._identities.new_of(records, self._findings) if known else records


class _Inline:
    """The records that stand in the fixture, as batches."""

    def __init__(self, entries: Entries, source: Source) -> None:
        self._entries = entries
        self._source = source
        self._offset = 0
        self._line = 1

    def batches(self, rows: Rows) -> Iterator[Batch]:
        """Neighbours with the same keys make a batch."""
        for keys, columns, starts, ends in rows.alike():
            lines = list(map(self._line_at, starts))
            yield Batch(keys, columns, lines, self._locator(starts, ends))

    def _line_at(self, offset: int) -> int:
        # Counted on from the entry before: a list of where all lines start would be as large as the records.
        self._line += self._source.text.count("\n", self._offset, offset)
        self._offset = offset
        return self._line

    def _locator(self, starts: Sequence[int], ends: Sequence[int]) -> Callable[[int], Locate]:
        def locate(number: int) -> Locate:
            def place(key: str) -> Span:
                entry = self._entries.again(starts[number], ends[number])
                return span_of(entry.values.get(key, entry), self._source)

            return place

        return locate


def _text(node: Node, key: str) -> str:
    if not isinstance(node, Scalar) or node.null or not node.text:
        raise not_one_value(plain(node), key)
    return require_visible(node.text)


def _account(document: Mapping) -> str:
    node = document.values.get("account")
    return node.text if isinstance(node, Scalar) else ""


def _subaccounts(document: Mapping) -> frozenset[str] | None:
    node = document.values.get("subaccounts")
    if node is None or (isinstance(node, Scalar) and node.null):
        return frozenset()
    if not isinstance(node, Listing) or not all(isinstance(item, Scalar) for item in node.items):
        return None
    return frozenset(item.text for item in node.items if isinstance(item, Scalar))


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for circular garbage: rows make none, and each search would walk all of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:
            # Together these only file the new records among the long-lived, unwalked.
            gc.freeze()
            gc.unfreeze()
        if was_on:
            gc.enable()
