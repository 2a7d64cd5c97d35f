"""What a written expression mentions: names, aggregations; its own, and through the formulas that it names.

Everything here walks without recursion: formulas name one another in chains of thousands before a limit is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ratewright.resolve.functions import aggregation_named
from ratewright.syntax import nodes as s

Defines = Mapping[str, s.Define]


def parts_of(node: object) -> Iterator[s.Node]:
    """Every part of a written expression, in the order of the text."""
    waiting: list[object] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting += reversed(part)
        elif isinstance(part, s.Node):
            yield part
            waiting += [getattr(part, name) for name in reversed(part.__struct_fields__)]


def names_in(node: object, steps: Defines, defines: Defines) -> dict[str, None]:
    """The names in an expression, and those in the formulas that it names; each once."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        for part in parts_of(waiting.pop()):
            if isinstance(part, s.Ref) and part.name.text not in found:
                found[part.name.text] = None
                define = steps.get(part.name.text) or defines.get(part.name.text)
                waiting += [define.expression] if define is not None else []
    return found


def of_many_records(steps: Defines, defines: Defines) -> frozenset[str]:
    """The steps that aggregate records or ask for the period, themselves or through the formulas that they name."""
    users: dict[str, list[str]] = {}
    speaking: dict[str, None] = {}
    waiting, looked_at = list(steps), set(steps)
    while waiting:
        name = waiting.pop()
        define = steps.get(name) or defines[name]
        for part in parts_of(define.expression):
            if _speaks_of_many(part):
                speaking[name] = None
            elif isinstance(part, s.Ref) and (part.name.text in steps or part.name.text in defines):
                users.setdefault(part.name.text, []).append(name)
                if part.name.text not in looked_at:
                    looked_at.add(part.name.text)
                    waiting.append(part.name.text)
    waiting = list(speaking)
    while waiting:
        for user in users.pop(waiting.pop(), ()):
            if user not in speaking:
                speaking[user] = None
                waiting.append(user)
    return frozenset(name for name in steps if name in speaking)


def _speaks_of_many(part: s.Node) -> bool:
    match part:
        case s.Selection():
            return True
        case s.Call(function=function):
            return aggregation_named(function.text) is not None
        case s.Ref(name=name):
            return name.text == "period"
    return False
