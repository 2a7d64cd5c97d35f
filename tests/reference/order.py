"""Which lines a line names, and what follows from that: the order of the lines, and periods that are handed down."""

from __future__ import annotations

from tests.reference.clock import Cadence
from tests.reference.formulas import Place, cadence_of
from tests.reference.lines import ALONE, SUMS, TAXES, LineRules
from tests.reference.problems import Refused

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
            line.cadence, line.counted_from = _common({_billed(other) for other in on})
            later = line.later
            while later is not None:
                later.cadence, later = line.cadence, later.later
            pending.remove(line)
            break
        else:
            raise Refused("a circle")


def _billed(line: LineRules) -> tuple[Cadence, str]:
    """How often a line is on a bill: by its parts, where its periods are billed in parts."""
    assert line.cadence is not None
    if line.cadence.once or line.in_advance:
        return Cadence("day"), ""
    if line.billed is None:
        return line.cadence, line.counted_from
    return cadence_of(line.billed.cadence, Place(line.rules, lambda name: None)), ""


def _common(found: set[tuple[Cadence, str]]) -> tuple[Cadence, str]:
    """The periods of lines, where they have the same; else months, or days where none is longer. Records that are
    priced alone share no period, and none is longer; windows share none."""
    units = {each.unit for each, _ in found} - set(ALONE)
    windows = [each for each, _ in found if each.first_use]
    if len(found) == 1 and units and not windows:
        return next(iter(found))
    short = units and units <= set(SHORT) and all(each.unit != "day" or each.count == 1 for each in windows)
    return Cadence("day" if short else "month"), ""


def in_order(lines: dict[str, LineRules]) -> list[str]:
    """By name, each line behind those that it names, taxes last."""
    done: list[str] = []
    pending = sorted(lines, key=lambda name: (lines[name].kind in TAXES, name))
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
