"""Which names mean what in which place of a rule file."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ratewright.diagnostics import Span
from ratewright.meaning import nodes as n
from ratewright.meaning.types import Type
from ratewright.syntax import nodes as s

Maker = Callable[[Span], n.Expression]


@dataclass(frozen=True)
class Scope:
    """The names and functions an expression may use; `place` says where, for messages.

    `functions` take one declared name (`drawn(p1)`); `attributes` are read behind a dot (`fee.quantity`).
    `records` is the scope inside an aggregation, where aggregations may be used at all. `hints` answer
    for names that stand elsewhere in the language; `hidden` is a name that means nothing here after all.
    `instead` says what to write for anything declared that has no meaning here. `looks_up` is
    the table of which a key stands here. `defines` are the steps of the declaration at hand, beside those at the top of
    the file.
    """

    place: str
    names: Mapping[str, Maker] = field(default_factory=dict)
    functions: Mapping[str, Mapping[str, Maker]] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, Maker]] = field(default_factory=dict)
    records: Scope | None = None
    hints: Mapping[str, str] = field(default_factory=dict)
    instead: str = ""
    looks_up: str = ""
    hidden: str = ""
    defines: Mapping[str, s.Define] = field(default_factory=dict)


def given(node: type[n.Given], name: str, type_: Type) -> Maker:
    """A maker of nodes for one given value."""
    return lambda span: node(span, type_, name)


def among(known: Mapping[str, Maker], own: Mapping[str, Maker]) -> Mapping[str, Maker]:
    """The names of a place and those that hold everywhere, which are not copied: a list may have thousands of both."""
    return ChainMap(own, known)  # type: ignore[arg-type]  # nothing writes into it


NOTHING = Scope(
    "here, where only fixed values can stand", instead="write the figure itself, or the name of a `define` of figures"
)
