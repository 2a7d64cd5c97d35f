"""What the tests of the syntax share: reading a text, walking its tree, comparing trees without places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from ratewright.diagnostics import Diagnostic, Source, Span
from ratewright.limits import DEFAULT, Limits
from ratewright.resources import rules_dir
from ratewright.syntax import nodes as n
from ratewright.syntax.parser import parse_expression, parse_rules

HEADER = 'tariff demo { currency USD; timezone "UTC"; bytes by 1024 }\n'
CORPUS = sorted((Path(__file__).parents[1] / "language" / "good").glob("*/*.tariff"))
LISTS = sorted(rules_dir().glob("*.tariff"))
PUBLISHED = sorted(rules_dir().glob("published/*.tariff"))


@lru_cache(maxsize=16)
def read(text: str, limits: Limits = DEFAULT) -> tuple[n.File, list[Diagnostic]]:
    return parse_rules(Source("rules.tariff", text), limits)


@cache
def read_file(path: Path) -> tuple[n.File, Sequence[Diagnostic]]:
    """A rule file of the project, read once for all tests of a process."""
    return parse_rules(Source(path.name, path.read_bytes().decode()))


def expression(text: str) -> n.Expression:
    made, problems = parse_expression(Source("formula", text))
    assert not problems, problems
    assert made is not None
    return made


def nodes(value: Any) -> Iterator[n.Node]:
    """Every node of a tree, from the top."""
    if isinstance(value, n.Node):
        yield value
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from nodes(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from nodes(part)


def plain(value: Any) -> Any:
    """A tree as tuples without places, to be compared."""
    if isinstance(value, Struct):
        fields = (name for name in value.__struct_fields__ if name != "span")
        return (type(value).__name__, *(plain(getattr(value, name)) for name in fields))
    if isinstance(value, tuple):
        return tuple(plain(part) for part in value)
    return value


def inside(span: Span, source: Source) -> bool:
    """Whether a place lies in its text."""
    return span.source is source and 0 <= span.start <= span.end <= len(source.text)
