"""What the lines of a list name that they do not name under a contract: what the list asks is worked out of it too."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ratewright.meaning import nodes as tree
from ratewright.meaning.dependencies import in_order_of_need, line_graph, lines_behind
from ratewright.meaning.formulas import charge_expressions
from ratewright.meaning.walk import given_in

_Graph = Mapping[str, tuple[str, ...]]
_LINES = (tree.LineAmount, tree.LineLeft, tree.SumOfLines)


class Named(Struct, frozen=True):
    """The lines and sums that a line names on the list alone, the meters, which are measured for its period, and the
    lines behind each name that has others there: what a line names decides in which sums it is."""

    given: tuple[tree.Given, ...]
    meters: tuple[tree.Measured, ...]
    lines: Mapping[str, tuple[str, ...]]


def named_by_list(tariff: tree.Tariff, graph: Mapping[str, tuple[str, ...]]) -> dict[str, Named]:
    """What lines name on the list alone, where a contract changed that, by the name of the line. None of a line that
    would have to wait for itself: by the list it comes behind another that comes behind it under the contract. `graph`
    is that of the lines under the contract."""
    under = tariff.contract
    if under is None or not any(difference.by_list is not None for difference in under.lines.values()):
        return {}
    listed = line_graph(under.by_list.charges)
    needs = dict(graph)
    found: dict[str, Named] = {}
    for name, by_list in under.by_list.charges.items():
        own = _named(tariff.charges[name], by_list, graph, listed)
        if own is None:
            continue
        wider = {**needs, name: (*needs[name], *(line for lines in own.lines.values() for line in lines))}
        _, circles = in_order_of_need(wider)
        if not circles:
            needs, found[name] = wider, own
    return found


def _named(charge: tree.Charge, by_list: tree.Charge, graph: _Graph, listed: _Graph) -> Named | None:
    """What a line names on the list alone; None where that is nothing."""
    known = {given.key for formula in charge_expressions(charge) for given in given_in(formula)}
    asked = {given.key: given for formula in charge_expressions(by_list) for given in given_in(formula)}
    others = [one for key, one in asked.items() if key not in known]
    given = tuple(one for one in others if isinstance(one, _LINES))
    meters = tuple(one for one in others if isinstance(one, tree.Measured) and not charge.every.alone)
    behind = lines_behind(charge, graph)
    lines = {name: names for name, names in lines_behind(by_list, listed).items() if behind.get(name) != names}
    return Named(given, meters, lines) if lines or meters else None
