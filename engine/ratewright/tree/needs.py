"""What needs what: units made of units, charges on charges, each behind those that it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def in_order_of_need(needs: Mapping[str, Sequence[str]]) -> tuple[list[str], list[tuple[str, ...]]]:
    """The names, each behind those that it needs, and the circles among them, each from a name to itself.

    Walks without recursion: a list may hold a chain of thousands.
    """
    order: dict[str, None] = {}
    circles: list[tuple[str, ...]] = []
    circled: set[str] = set()
    for first in needs:
        path = {} if first in order else {first: iter(needs[first])}
        while path:
            name = next(reversed(path))
            need = next(path[name], None)
            if need is None:
                path.popitem()
                order[name] = None
            elif need in path and need not in circled:
                names = list(path)
                circles.append((*names[names.index(need) :], need))
                circled.update(circles[-1])
            elif need in needs and need not in order and need not in path:
                path[need] = iter(needs[need])
    return list(order), circles
