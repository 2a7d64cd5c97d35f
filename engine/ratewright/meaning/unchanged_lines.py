"""Whether a change of the list leaves a line as it is: all that it hangs on says the same before and after.

A line hangs on its own prices, on its meters, on the quotas that pay for them or for it, on the settings that any of
these read, and on the lines that it names, which hang on the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from ratewright.meaning import nodes as tree
from ratewright.meaning.dependencies import lines_of
from ratewright.meaning.walk import expressions_in, given_in, said

_Place = tuple[str, str]
"""A kind of declaration, and a name."""


def stays(name: str, earlier: tree.Tariff, later: tree.Tariff) -> bool:
    """Whether a line comes to the same by both lists, whatever is used."""
    return _decides(name, earlier) == _decides(name, later)


def _decides(name: str, tariff: tree.Tariff) -> dict[_Place, Hashable]:
    """What the declarations say on which a line hangs, the line's own among them."""
    found: dict[_Place, Hashable] = {("rounding", ""): said(tariff.rounding)}
    waiting: list[_Place] = [("line", name)]
    while waiting:
        place = waiting.pop()
        if place not in found:
            node = _at(place, tariff)
            found[place] = said(node), _under_contract(place, tariff)
            waiting += () if node is None else _behind(node, tariff)
    return found


def _at(place: _Place, tariff: tree.Tariff) -> tree.Node | None:
    kind, name = place
    match kind:
        case "line":
            return tariff.charges.get(name) or tariff.limits.get(name) or tariff.pools.get(name)
        case "meter":
            return tariff.meters.get(name)
        case "pool":
            return tariff.pools.get(name)
        case "setting":
            return tariff.settings.get(name)
    return tariff.deductions.get(name)


def _under_contract(place: _Place, tariff: tree.Tariff) -> tuple[object, bool]:
    """The factor that a contract puts on a line, and whether it drops it."""
    kind, name = place
    difference = tariff.contract.lines.get(name) if tariff.contract is not None and kind == "line" else None
    return (difference.factor, difference.dropped) if difference is not None else (None, False)


def _behind(node: tree.Node, tariff: tree.Tariff) -> Iterator[_Place]:
    """On what a declaration hangs."""
    match node:
        case tree.Charge():
            yield from (("line", name) for need in node.needs for name in lines_of(need, node, tariff.charges))
            yield "deduction", node.name
        case tree.Meter():
            yield "deduction", node.name
        case tree.Deduction():
            yield from (("pool", name) for rank in node.pools for name in rank)
        case tree.Pool():
            yield from (("meter", name) for name in node.filled_by)
    for given in (each for formula in expressions_in(node) for each in given_in(formula)):
        if isinstance(given, tree.SettingValue):
            yield "setting", given.name
        elif isinstance(given, tree.Measured | tree.MeterLeft):
            yield "meter", given.name
