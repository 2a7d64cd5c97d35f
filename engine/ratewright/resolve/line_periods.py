"""The periods of lines on other lines: which they have if they state none, and which they cannot have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from ratewright.meaning import nodes as n
from ratewright.meaning.dependencies import in_order_of_need, line_graph
from ratewright.meaning.walk import said
from ratewright.resolve.findings import Report
from ratewright.values.calendar import DAILY, MONTHLY, Cadence, PeriodUnit

_Periods = tuple[Cadence, n.Anchor | None]
_MONTHLY: _Periods = (MONTHLY, None)
_DAILY: _Periods = (DAILY, None)
_HOUR, _DAY = 60, 1440
_MINUTES = {
    PeriodUnit.RECORD: 0,
    PeriodUnit.READING: 0,
    PeriodUnit.MINUTE: 1,
    PeriodUnit.HOUR: _HOUR,
    PeriodUnit.DAY: _DAY,
    PeriodUnit.WEEK: 7 * _DAY,
    PeriodUnit.MONTH: 31 * _DAY,
    PeriodUnit.YEAR: 366 * _DAY,
}


def with_periods(charges: Mapping[str, n.Charge]) -> dict[str, n.Charge]:
    """A discount or a tax without `every` has the periods in which the lines that it is on are billed."""
    graph = line_graph(charges)
    order, _ = in_order_of_need(graph)
    found: dict[str, n.Charge] = {}
    billed: dict[str, _Periods] = {}
    for node in order:
        charge = charges.get(node)
        if charge is None or charge.follows:
            billed[node] = _common([billed[need] for need in graph[node] if need in billed])
        else:
            billed[node] = _billed_in(charge)
        if charge is not None:
            every, anchor = billed[node]
            found[node] = replace(charge, every=every, anchor=anchor) if charge.follows else charge
    return {name: found.get(name, charge) for name, charge in charges.items()}


def _billed_in(charge: n.Charge) -> _Periods:
    """The periods in which a line is billed: days, if it is billed at one instant, for its sums have other days too."""
    if charge.at_once:
        return _DAILY
    return (charge.billed, None) if charge.billed is not None else (charge.every, charge.anchor)


def _common(known: Sequence[_Periods]) -> _Periods:
    """The periods of a line on lines of several periods: those of all of them, if they share them. Else a month, or a
    day where none is longer, so that a bill has the tax of what stands in it; a month too where each has a record
    alone, for records share no period, as windows share none."""
    different = {(cadence, said(anchor)): (cadence, anchor) for cadence, anchor in known}
    if len(different) == 1 and not known[0][0].of_usage:
        return known[0]
    longest = max((_length(cadence) for cadence, _ in known), default=0)
    return _DAILY if 0 < longest <= _DAY else _MONTHLY


def check_periods(charges: Mapping[str, n.Charge], report: Report) -> None:
    """Report charges that need what has no amount yet: what is billed less often than they are.

    Discounts and taxes do not need it, they are on what is billed in their period; but what is for each record, or
    each reading, can only be on what is so too.
    """
    graph = line_graph(charges)
    kinds: dict[str, list[n.Charge]] = {}
    for node, lines in graph.items():
        by_unit: dict[PeriodUnit, n.Charge] = {}
        for line in sorted((charges[x] for x in lines if x in charges), key=_billed) if node not in charges else ():
            by_unit[line.every.unit] = line
        kinds[node] = list(by_unit.values())  # of each unit the one that is billed least often
    for charge in charges.values():
        for need in graph[charge.name] if charge.word is n.LineWord.CHARGE or charge.every.alone else ():
            others = [charges[need]] if need in charges else kinds.get(need, [])
            late = next((other for other in reversed(others) if _comes_later(charge, other)), None)
            if late is not None:
                _refuse(charge, need if need in charges else "", late, report)


def check_maximums(charges: Mapping[str, n.Charge], report: Report) -> None:
    """Report a maximum for a time in which a line has no more than one period."""
    for charge in charges.values():
        most = charge.of_periods
        if most is None or (not charge.every.once and _length(charge.every) < _length(most.every)):
            continue
        billed = "once" if charge.every.once else str(charge.every)
        report.error(
            "R219",
            f"`{charge.name}` is billed {billed}, and `each {most.every.unit.value}` is not longer than that",
            most.span,
            f"write `maximum {most.limit.span.text}`, which is for each line, or a longer time",
        )


def _comes_later(charge: n.Charge, other: n.Charge) -> bool:
    """Whether what a line needs has no amount yet when it is priced."""
    if charge.every.alone:
        return other.every.unit is not charge.every.unit
    return _length(charge.every) < _billed(other)


def _refuse(charge: n.Charge, named: str, other: n.Charge, report: Report) -> None:
    refers = f"refers to `{named}`" if named else f"its sum has `{other.name}`"
    every = other.billed or other.every
    report.error(
        "R220",
        f"`{charge.name}` is billed {charge.every} and {refers}, billed {every}",
        charge.span,
        f"let it be billed {every} too" + ("" if named else ", or name the lines that it is on"),
        (("the other", other.span),),
    )


def _billed(charge: n.Charge) -> int:
    """About how many minutes lie between two amounts of a line."""
    return 0 if charge.in_advance else _length(charge.billed or charge.every)


def _length(cadence: Cadence) -> int:
    """About how many minutes a period has, to tell a longer one."""
    return _MINUTES[cadence.unit] * cadence.count
