"""The tree of a fixture before its meaning is known: values as text, lists, mappings, each with its place.

YAML and JSON both become this tree. Nothing in it has a type yet, so `0.1` is the three characters that
were written, and so is `on`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ratewright.diagnostics import Source, Span
from ratewright.usage import codes
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


Node = Scalar | Listing | Mapping
Path = tuple[str | int, ...]


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
        case Listing():
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
