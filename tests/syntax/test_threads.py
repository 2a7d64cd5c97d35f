"""Files that are read at once in several threads: each tree is of its own text, as if it had been read alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import ratewright
from ratewright.diagnostics import Diagnostic, Source, Span
from ratewright.printing.equality import same
from ratewright.resources import rules_dir
from ratewright.syntax import nodes as n
from ratewright.syntax.parser import _parser, parse_expression, parse_rules

THREADS = 16
LISTS = sorted(Path(rules_dir()).rglob("*.tariff"), key=lambda path: path.stat().st_size)[:THREADS]


@pytest.fixture(autouse=True, params=["with a parser", "without one"])
def turns_are_short(request) -> Iterator[None]:
    """Threads change many times within one parse; they share a parser that is there, or make it all at once."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    if request.param == "without one":
        _parser.cache_clear()
    else:
        parse_expression(Source("first", "1"))
    yield
    sys.setswitchinterval(interval)


def in_threads(function, *arguments):
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(function, *arguments))


def sources_of(value: object) -> set[int]:
    """Of which sources the nodes and places below a node are."""
    if isinstance(value, Span):
        return {id(value.source)}
    if isinstance(value, tuple):
        return {found for item in value for found in sources_of(item)}
    fields = getattr(value, "__struct_fields__", ())
    return {found for field in fields for found in sources_of(getattr(value, field))}


def test_rule_files() -> None:
    assert len(LISTS) == THREADS
    sources = [Source(path.name, path.read_text(encoding="utf-8")) for path in LISTS]
    read = in_threads(parse_rules, sources)
    for source, (tree, problems) in zip(sources, read, strict=True):
        assert not problems
        assert sources_of(tree) == {id(source)}
        assert same(tree, parse_rules(source)[0])


def test_mistakes_are_found_in_the_file_that_has_them() -> None:
    texts = [f"unit a{n}, a{n}s\nunit = {n}\nmeter m{n} in a{n}s\ntariff {n}\n" * 5 for n in range(THREADS)]
    sources = [Source(f"{number}.tariff", text) for number, text in enumerate(texts)]

    def said(found: list[Diagnostic]) -> list[tuple[str, str, int]]:
        return [(d.place, d.message, d.span.start) for d in found]

    for source, (_, problems) in zip(sources, in_threads(parse_rules, sources), strict=True):
        assert {problem.span.source.name for problem in problems} == {source.name}
        assert said(problems) == said(parse_rules(source)[1])


def test_expressions_and_whole_lists_from_python() -> None:
    texts = [" + ".join(f"x{n}_{k}" for k in range(60)) for n in range(THREADS)]
    sources = [Source("e", text) for text in texts]
    for source, (tree, _) in zip(sources, in_threads(parse_expression, sources), strict=True):
        assert isinstance(tree, n.Expression)
        assert tree.span == Span(source, 0, len(source.text))
    some = LISTS[:THREADS]
    for path, tariff in zip(some, in_threads(ratewright.load, some), strict=True):
        assert tariff.tree.file.name == str(path)
