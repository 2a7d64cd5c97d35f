"""The tree of a fixture before its meaning is known: values as text, lists, mappings, each with its place.

YAML and JSON both become this tree. Nothing in it has a type yet, so `0.1` is the three characters that
were written, and so is `on`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from ratewright.diagnostics import Source, Span
from ratewright.usage import codes
from ratewright.usage.entry_rows import BATCH, Cell, Rows
from ratewright.usage.findings import Findings


@dataclass(slots=True)
class Scalar:
    """One value as text, without the spaces around it; `null` if it was left empty or written as null."""

    text: str
    start: int
    end: int
    null: bool = False


@dataclass(slots=True)
class Listing:
    """A list."""

    start: int
    end: int = 0
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Keys with their values, in order; each key is there once."""

    start: int
    end: int = 0
    keys: dict[str, Scalar] = field(default_factory=dict)
    values: dict[str, Node] = field(default_factory=dict)


@dataclass(slots=True)
class Entries:
    """The list of `usage` or of `history`: its records as rows of texts, anything else as a node, in order.

    `again` reads the mapping of an entry once more, from its start and end, where a message needs the places
    of its values: to keep them for a million records would cost more than the records.
    """

    start: int
    again: Callable[[int, int], Mapping]
    end: int = 0
    parts: list[Rows | Node] = field(default_factory=list)
    shared: dict[Cell, Cell] = field(default_factory=dict)
    known: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        """An entry that was read as a tree."""
        if not isinstance(node, Mapping) or is_file(node.values):
            self.parts.append(node)
        else:
            self.add_row(tuple(node.values), list(map(_cell, node.values.values())), node.start, node.end)

    def keys(self, written: tuple[str, ...]) -> tuple[str, ...] | None:
        """The keys of a record as they are written; None if one of them has to be looked at where it stands."""
        keys = self.known.get(written)
        if keys is None:
            keys = tuple(map(str.strip, written))
            if len(set(keys)) < len(keys) or not _ODD_KEYS.isdisjoint(keys) or is_file(keys):
                return None
            if len(self.known) >= _REMEMBERED:
                self.known.clear()
            self.known[written] = keys
        return keys

    def add_row(self, keys: tuple[str, ...], cells: list[Cell], start: int, end: int) -> None:
        """A record from `start` to `end`, with one cell for each key."""
        last = self.parts[-1] if self.parts else None
        if not isinstance(last, Rows):
            self.parts.append(last := Rows())
        if last.add(keys, cells, start, end) >= BATCH:
            last.share(self.shared)
            if len(self.shared) >= _REMEMBERED:
                self.shared.clear()
            self.parts.append(Rows())

    def taken(self) -> Iterator[Rows | Node]:
        """The parts in their order, each given away as it is asked for, so that it need not stay in memory."""
        self.parts.reverse()
        while self.parts:
            yield self.parts.pop()


Node = Scalar | Listing | Mapping | Entries
Path = tuple[str | int, ...]

_REMEMBERED = 20_000
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
"""What YAML takes for nothing where it stands without quotes."""
_ODD_KEYS = NULLS | {"<<"}

RECORD_LISTS = ("usage", "history")
"""The keys of a fixture whose lists are read as `Entries`."""


def is_file(keys: Collection[str]) -> bool:
    """Whether an entry of these keys refers to a file of records, and is none itself."""
    return "file" in keys and len(keys) == 1 + ("meter" in keys)


def _cell(node: Node) -> Cell:
    match node:
        case Scalar():
            return None if node.null else node.text
        case Mapping():
            return {}
        case _:
            return []


def put(mapping: Mapping, key: Scalar, value: Node, source: Source, findings: Findings) -> None:
    """Add a key with its value; a key that is there already is an error that names both places."""
    if (first := mapping.keys.get(key.text)) is not None:
        findings.add(
            codes.DUPLICATE_KEY,
            f"the key `{key.text}` is written twice",
            span_of(key, source),
            "keep one of the two",
            also=("it is first here", span_of(first, source)),
        )
        return
    mapping.keys[key.text] = key
    mapping.values[key.text] = value


def span_of(node: Node, source: Source) -> Span:
    """The node's place, cut at the end of its first line, which is what a message can show."""
    line_end = source.text.find("\n", node.start)
    end = node.end if line_end < 0 else min(node.end, line_end)
    return Span(source, node.start, max(end, node.start))


def kind_of(node: Node) -> str:
    """The node's shape in the words of a message."""
    match node:
        case Scalar(null=True):
            return "nothing"
        case Scalar():
            return "a single value"
        case Listing() | Entries():
            return "a list"
        case Mapping():
            return "a mapping"


def plain(node: Node) -> Any:
    """The tree as dict, list, str and None, for the models that check its shape."""
    match node:
        case Scalar():
            return None if node.null else node.text
        case Listing():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(value) for key, value in node.values.items()}
        case Entries():
            return []


def find(node: Node, path: Path) -> Node:
    """The node at the end of the path, or the nearest one above it that exists."""
    for part in path:
        if isinstance(node, Mapping) and isinstance(part, str) and part in node.values:
            node = node.values[part]
        elif isinstance(node, Listing) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        else:
            break
    return node


def path_text(path: Path) -> str:
    """The path as a reader writes it: `purchases[2].at`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text
