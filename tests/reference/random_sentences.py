"""Sentences that lines say of themselves: they are there to change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from tests.reference.cases import Case, Declaration

LINES = ("charge ", "discount ", "tax ")
_OF_ANY = ("amount", "period", "pro", "plan", "base", "first_day", "extra")
_OWN = (
    (("grant ", "package "), ("size", "drawn", "left", "period", "pro", "plan", "first_day")),
    (("limit ",), ("default", "peak", "waited", "waiting", "period", "plan")),
)
_ONE_BY_ONE = ("every record", "every reading")


def with_sentences(case: Case, random: Random, chance: float = 0.5) -> Case:
    """The case with a sentence in some of its lines."""
    kept = {part.head.split()[1] for part in case.declarations if any(s.startswith("by ") for s in part.statements)}
    parts = (_with_sentence(part, kept, random) if random.random() < chance else part for part in case.declarations)
    return replace(case, declarations=tuple(parts))


def without_sentences(case: Case) -> Case:
    """The case with none."""
    parts = (replace(p, statements=tuple(s for s in p.statements if not _told(s))) for p in case.declarations)
    return replace(case, declarations=tuple(parts))


def _told(statement: str) -> bool:
    return statement.startswith(("say ", "define said_"))


def _with_sentence(part: Declaration, kept: set[str], random: Random) -> Declaration:
    if not part.head.startswith(LINES):
        own = next((names for words, names in _OWN if part.head.startswith(words)), None)
        return part if own is None else _saying(part, part.statements, own, random)
    names = [*_OF_ANY]
    on = next((s.removeprefix("on ") for s in part.statements if s.startswith("on ")), "")
    statements = list(part.statements)
    if on:
        names.append("quantity")
    if on and random.random() < 0.5:
        statements.append("define said_twice = quantity * 2")
        names.append("said_twice")
    if any(s.startswith(("rate ", "volume ")) for s in statements) and not _in_blocks(part) and not _included(part):
        names.append("price")
    alone = any(s in _ONE_BY_ONE for s in statements)
    if on in kept and part.head.startswith("charge "):
        names.append("region")
    if part.head.startswith("charge ") and on.isidentifier() and not alone:
        names.append(on)
    return _saying(part, tuple(statements), names, random)


def _saying(part: Declaration, statements: tuple[str, ...], names: Sequence[str], random: Random) -> Declaration:
    said = _sentence(names, random)
    german = f" de {_sentence(names, random)}" if random.random() < 0.5 else ""
    return replace(part, statements=(*statements, f"say {said}{german}"))


def _sentence(names: Sequence[str], random: Random) -> str:
    chosen = random.sample(names, random.randint(1, len(names)))
    words = ", ".join(f"{name} {{{name}}}" for name in chosen)
    return f'"{{{{of}}}} {words}."'


def _in_blocks(part: Declaration) -> bool:
    return any(s.startswith("maximum ") and s.split(" each ")[-1][:1].isdigit() for s in part.statements)


def _included(part: Declaration) -> bool:
    return "included" in part.statements
