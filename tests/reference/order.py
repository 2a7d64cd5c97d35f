"""Which lines a line names, and what follows from that: the order of the lines, and periods that are handed down."""

from __future__ import annotations

from tests.reference.clock import Cadence
from tests.reference.lines import ALONE, SUMS, LineRules
from tests.reference.problems import NotCovered, Refused

KINDS = {"charges": ("charge",), "subtotal": ("charge", "discount"), "total": ("charge", "discount", "tax")}
SHORT = ("minute", "hour", "day")


def members(lines: dict[str, LineRules], total: str, asking: LineRules) -> list[str]:
    """The lines of a sum; for a line that belongs to the sum and names it, those that do not name it."""
    names = [name for name, line in lines.items() if line.kind in KINDS[total]]
    if asking.kind in KINDS[total]:
        names = [name for name in names if total not in lines[name].asked]
    return names


def named(lines: dict[str, LineRules], line: LineRules, inside: object) -> set[str]:
    """The lines that a formula names, those of sums included."""
    found: set[str] = set()
    for name in line.names_in(inside):
        if name in lines:
            found.add(name)
        elif name in SUMS:
            found |= set(members(lines, name, line))
    return found


def hand_down_periods(lines: dict[str, LineRules]) -> None:
    """Discounts and taxes without `every` get the periods of what they are on."""
    pending = [line for line in lines.values() if line.cadence is None]
    while pending:
        for line in pending:
            on = [lines[name] for name in named(lines, line, line.on)]
            if any(other.cadence is None for other in on):
                continue
            line.cadence = _common({other.cadence for other in on if other.cadence})
            pending.remove(line)
            break
        else:
            raise Refused("a circle")


def _common(found: set[Cadence]) -> Cadence:
    units = {each.unit for each in found}
    if units & set(ALONE) and units <= {*ALONE, *SHORT}:
        raise NotCovered("a discount or a tax without `every`, on records priced alone and nothing longer")
    if len(found) == 1:
        return next(iter(found))
    return Cadence("day" if found and units <= set(SHORT) else "month")


def in_order(lines: dict[str, LineRules]) -> list[str]:
    """Each line behind those that it names; what is level stands as in the file, taxes last."""
    done: list[str] = []
    pending = sorted(lines, key=lambda name: lines[name].kind == "tax")
    while pending:
        for name in pending:
            line = lines[name]
            if named(lines, line, line.declaration.statements) - {name} <= set(done):
                done.append(name)
                pending.remove(name)
                break
        else:
            raise Refused("a circle")
    return done
