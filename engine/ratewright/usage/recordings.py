"""The records of one account: those in the fixture, and those in the files it refers to."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ratewright.diagnostics import Source, Span
from ratewright.limits import Limits
from ratewright.usage import codes
from ratewright.usage.batches import BatchReader
from ratewright.usage.files import StoredSource, referred
from ratewright.usage.findings import EnoughError, Findings, Problem, not_one_value, require_visible
from ratewright.usage.identity import Identities
from ratewright.usage.model import Place, Record
from ratewright.usage.nodes import Listing, Mapping, Node, Scalar, kind_of, path_text, plain, span_of
from ratewright.usage.records import RecordReader
from ratewright.usage.schema_values import Values
from ratewright.usage.tables import batches_of, require_table


class Recordings:
    """Reads the entries of `usage`, or of `history`, in their order."""

    def __init__(
        self,
        document: Mapping,
        source: Source,
        folder: Path,
        values: Values,
        limits: Limits,
        findings: Findings,
        *,
        key: str = "usage",
    ) -> None:
        self._key = key
        self._entries = document.values.get(key)
        self._source = source
        self._name = PurePosixPath(Path(source.name).as_posix()).name
        self._folder = folder
        self._limits = limits
        self._findings = findings
        self._identities = Identities()
        self._records: list[Record] = []
        self._files: dict[Path, Span] = {}
        self._made: dict[str, int] = {}
        self._numbered: set[str] = set()
        self._reader = RecordReader(
            values.amounts, values.moments, self._name, _account(document), _subaccounts(document)
        )

    def read(self) -> tuple[Record, ...]:
        """The records, each counted once. What is wrong is added to the findings."""
        if isinstance(self._entries, Listing):
            for index, entry in enumerate(self._entries.items):
                if not isinstance(entry, Mapping):
                    self._findings.add(
                        codes.WRONG_SHAPE,
                        f"each entry of `{self._key}` should be a mapping, and this is {kind_of(entry)}",
                        span_of(entry, self._source),
                        "write a record, `{meter: …, at: …, quantity: …}`, or `{file: usage.csv}`",
                    )
                elif "file" in entry.values and not entry.values.keys() - {"file", "meter"}:
                    self._file(entry)
                else:
                    self._inline(entry, index)
        self._identities.check_made_ids(frozenset(self._numbered), self._name, self._findings)
        return tuple(self._records)

    def _inline(self, entry: Mapping, index: int) -> None:
        texts: dict[str, str] = {}
        fine = True
        for key, node in entry.values.items():
            if isinstance(node, Scalar) and node.text and not node.null:
                texts[key] = node.text
            else:
                self._findings.add_problem(not_one_value(plain(node), key), span_of(node, self._source))
                fine = False
        if not fine:
            return

        def locate(key: str) -> Span:
            return span_of(entry.values.get(key, entry), self._source)

        line = self._source.line_of(entry.start)
        made = f"{self._name}:{line}"
        count = self._made[made] = self._made.get(made, 0) + 1
        place = Place(self._source, line, path_text((self._key, index)))
        given = "id" in texts
        record = self._reader.read(texts, made if count == 1 else f"{made}/{count}", place, locate, self._findings)
        if record is not None:
            self._take([record], given, self._name)

    def _take(self, records: list[Record], given: bool, file: str) -> None:
        if given:
            self._records += self._identities.new_of(records, self._findings)
        else:
            self._numbered.add(file)
            self._records += records

    def _file(self, entry: Mapping) -> None:
        node = entry.values["file"]
        try:
            text = _text(node, "file")
            meter = _text(entry.values["meter"], "meter") if "meter" in entry.values else None
            path = referred(text, self._folder, self._limits)
            self._findings.files.note(path, str(self._folder / text))
            require_table(text)
        except Problem as problem:
            self._findings.add_problem(problem, span_of(node, self._source))
            return
        span = span_of(node, self._source)
        if (first := self._files.setdefault(path, span)) is not span:
            self._findings.add(
                codes.FILE_TWICE,
                f"`{text}` is given twice, and its records would count twice",
                span,
                "keep one of the two",
                also=("it is first given here", first),
            )
            return
        stored = StoredSource(str(self._folder / text) if str(self._folder) != "." else text, path)
        self._findings.ceiling = len(self._findings) + self._limits.diagnostics
        try:
            with _uncollected():
                self._rows(path, stored, PurePosixPath(text).as_posix(), meter)
        except EnoughError:
            self._findings.note(
                codes.STOPPED,
                f"the rest of `{text}` was not read after {self._limits.diagnostics} errors",
                self._findings.diagnostics[-1].span or span,
            )
        finally:
            self._findings.ceiling = None

    def _rows(self, path: Path, stored: StoredSource, name: str, meter: str | None) -> None:
        batches = BatchReader(self._reader, stored, name, meter, self._findings)
        for batch in batches_of(path, stored, meter, self._limits, self._findings):
            for records, given in batches.read(batch):
                self._take(records, given, name)


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
