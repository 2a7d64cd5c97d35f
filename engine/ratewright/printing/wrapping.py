"""A long statement → the same over several lines, broken inside its brackets, where a line may break."""

from __future__ import annotations

from collections.abc import Iterator

WIDTH = 120
"""How long a line may be, if it can be broken."""

_SIGNS = ("+", "-", "*", "/", "and", "or", "then", "else", "where", "each", "since")
_BEFORE = tuple(f" {sign} " for sign in _SIGNS)
_OPENING, _CLOSING = "([", ")]"


def wrapped(text: str, indent: int) -> str:
    """The text of a statement that stands `indent` columns from the left, in lines of at most `WIDTH` if possible.

    A line is broken in the outermost bracket that allows it, behind a comma or before an operator; what follows
    stands below what the bracket holds. Lines behind the first have their blanks in front.
    """
    lines: list[str] = []
    rest = " " * indent + text
    opened: tuple[int, ...] = ()
    while len(rest) > WIDTH:
        place = _break(rest, opened)
        if place is None:
            break
        at, opened = place
        lines.append(rest[:at])
        rest = " " * (opened[-1] + 1) + rest[at:].lstrip()
    return "\n".join([*lines, rest])[indent:]


def _break(line: str, opened: tuple[int, ...]) -> tuple[int, tuple[int, ...]] | None:
    """Where to break, and the columns of the brackets that are open there; None where nothing can be gained."""
    places = [place for place in _places(line, opened) if place[0] > place[1][-1] + 1]
    fitting = [place for place in places if place[0] <= WIDTH]
    if not fitting:
        return places[0] if places else None
    outermost = min(len(columns) for _, columns in fitting)
    return [place for place in fitting if len(place[1]) == outermost][-1]


def _places(line: str, opened: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The blanks inside brackets at which the line may break, with the columns of the brackets open there."""
    quoted = escaped = False
    for at, character in enumerate(line):
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in _OPENING:
            opened = (*opened, at)
        elif character in _CLOSING:
            opened = opened[:-1]
        elif opened and line[:at].strip() and _may_break(line, at):
            yield at, opened


def _may_break(line: str, at: int) -> bool:
    return line.startswith(_BEFORE, at) or (line[at] == " " and line[at - 1] == ",")
