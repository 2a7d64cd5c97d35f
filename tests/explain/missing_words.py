"""What a language does not say yet: macros that have words of their own in English, and are not in its folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

from ratewright.explain.wording.word_templates import LANGUAGES, TEMPLATES

WORDS = TEMPLATES / "words"
_READ = Environment()


def missing_words(language: str) -> list[str]:
    """`lot.txt: row`, for each macro that is missing."""
    return [
        f"{path.name}: {name}"
        for path in sorted(WORDS.iterdir())
        for name, macro in macros(path).items()
        if any(words_in(macro)) and name not in macros(LANGUAGES / language / path.name)
    ]


def left_over(language: str) -> list[str]:
    """Macros that take the place of none, and are not called by another of their file."""
    found = []
    for path in sorted((LANGUAGES / language).iterdir()):
        english, own = macros(WORDS / path.name), macros(path)
        called = {node.name for macro in own.values() for node in macro.find_all(nodes.Name)}
        found += [f"{path.name}: {name}" for name in own if name not in english and name not in called]
    return found


def macros(path: Path) -> Mapping[str, nodes.Macro]:
    """The macros of a file, by name; none where it is not there."""
    return _macros_in(path.read_text(encoding="utf-8")) if path.is_file() else {}


@cache
def _macros_in(text: str) -> Mapping[str, nodes.Macro]:
    return {macro.name: macro for macro in _READ.parse(text).find_all(nodes.Macro)}


def words_in(node: nodes.Node) -> Iterator[str]:
    """The texts with letters that a part of a template prints, or has others print."""
    match node:
        case nodes.TemplateData(data=text):
            texts = [text]
        case nodes.Const(value=str(text)):
            texts = [text]
        case nodes.Compare() | nodes.Getattr() | nodes.Getitem():
            return
        case nodes.Filter() | nodes.Test():
            if node.node is not None:
                yield from words_in(node.node)
            return
        case nodes.Dict(items=pairs):
            for pair in pairs:
                yield from words_in(pair.value)
            return
        case nodes.CondExpr(test=_, expr1=one, expr2=other):
            yield from words_in(one)
            if other is not None:
                yield from words_in(other)
            return
        case nodes.If(test=_, body=body, elif_=elifs, else_=rest):
            for part in (*body, *elifs, *rest):
                yield from words_in(part)
            return
        case _:
            for part in node.iter_child_nodes():
                yield from words_in(part)
            return
    yield from (text for text in texts if any(character.isalpha() for character in text))
