"""What needs what: units made of units, charges on charges, each behind those that it is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from heapq import heapify, heappop, heappush

from ratewright.meaning.nodes import Charge, LineLeft, LineWord
from ratewright.meaning.sums import SUMS, is_in, is_part
from ratewright.meaning.walk import given_in


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


def in_turn(needs: Mapping[str, Sequence[str]], first: Callable[[str], object]) -> list[str]:
    """The names, each behind those that it needs; of all that may come next the one of which `first` is the least.

    So a name that nothing needs moves no other. The needs must have no circle.
    """
    missing = {name: len(found) for name, found in needs.items()}
    behind: dict[str, list[str]] = defaultdict(list)
    for name, found in needs.items():
        for need in found:
            behind[need].append(name)
    ready = [(first(name), name) for name, count in missing.items() if not count]
    heapify(ready)
    order = []
    while ready:
        _, name = heappop(ready)
        order.append(name)
        for other in behind[name]:
            missing[other] -= 1
            if not missing[other]:
                heappush(ready, (first(other), other))
    return order


def lines_on(charge: Charge) -> tuple[str, ...]:
    """The lines and sums that a line is on, by name."""
    given = given_in(charge.on) if charge.on is not None else ()
    return tuple(g.name for g in given if isinstance(g, LineLeft))


def charges_on(line: Charge, charges: Mapping[str, Charge]) -> tuple[str, ...]:
    """The charges that a discount or a tax is on, one by one or by a sum."""
    names = dict.fromkeys(name for need in lines_on(line) for name in lines_of(need, line, charges))
    return tuple(name for name in names if name in charges and charges[name].word is LineWord.CHARGE)


def lines_of(need: str, asking: Charge, charges: Mapping[str, Charge]) -> tuple[str, ...]:
    """The lines behind a name that a line uses: itself, or those that a sum adds up.

    A line that names the sum to which it belongs itself, such as a minimum for the whole bill, means the
    lines of that sum that name no such sum.
    """
    if need not in SUMS:
        return (need,)
    inside = is_in(asking, need)
    return tuple(
        other.name
        for other in charges.values()
        if is_in(other, need) and other is not asking and not (inside and _names_sum_with(other, asking.word))
    )


def line_graph(charges: Mapping[str, Charge]) -> dict[str, tuple[str, ...]]:
    """What each line names, and the lines of each sum that is named: sums are nodes of their own, since a list of
    thousands of lines on sums of thousands would have millions of edges otherwise."""
    graph: dict[str, tuple[str, ...]] = {}
    for charge in charges.values():
        graph[charge.name] = tuple(dict.fromkeys(_node(need, charge) for need in charge.needs))
        for need in charge.needs:
            node = _node(need, charge)
            if node != charge.name and need in SUMS and node not in graph:
                graph[node] = lines_of(need, charge, charges)
    return graph


def lines_behind(charge: Charge, graph: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The lines behind each name that a line uses, as the graph of lines has them: a sum's are shared by all that name
    it."""
    return {need: graph[_node(need, charge)] if need in SUMS else (need,) for need in charge.needs}


def name_of(node: str) -> str:
    """The name that a node of the graph of lines stands for."""
    return node.split(" ", maxsplit=1)[0]


def _node(need: str, asking: Charge) -> str:
    """A line, or a sum: for lines that belong to it themselves it is another one."""
    return f"{need} of others than a {asking.word.value}" if is_in(asking, need) else need


def _names_sum_with(charge: Charge, word: LineWord) -> bool:
    """Whether a line names a sum that lines of `word` belong to."""
    return any(is_part(word, need) for need in charge.needs)
