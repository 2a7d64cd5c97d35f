"""The figures of finished bills by the names that expectations use."""

from __future__ import annotations

from collections.abc import Sequence

from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.tree import nodes as tree
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact


def outcome(node: tree.Given, bills: Sequence[Bill], within: Period | None) -> Exact:
    """The value of one name. `within` restricts it to what was billed for that stretch of time."""
    lines = [line for bill in bills for line in bill.lines if within is None or _lies_in(line, within)]
    chosen = [b for b in bills if within is None or within.overlaps(b.period.start, b.period.end)]
    match node:
        case tree.LineAmount(name=name):
            return exact(sum(line.amount for line in lines if line.source == name))
        case tree.LineExact(name=name):
            return exact(sum(line.exact for line in lines if line.source == name))
        case tree.LineQuantity(name=name):
            charged = [x for x in lines if x.source == name and x.kind is LineKind.CHARGE]
            return exact(sum(line.quantity for line in charged))
        case tree.Measured(name=name):
            return exact(sum(m.measured for b in chosen for m in b.meters if m.meter.name == name))
        case tree.Outcome(name="total"):
            whole = within is None or any(b.period == within for b in bills)
            return exact(sum(b.total for b in chosen) if whole else sum(line.amount for line in lines))
        case tree.Outcome(name="exact(total)"):
            return exact(sum(line.exact for line in lines))
        case tree.Outcome(name=name):
            function, _, argument = name.rstrip(")").partition("(")
            return _function(function, argument, chosen, lines)
    raise TypeError(type(node).__name__)


def _lies_in(line: Line, within: Period) -> bool:
    if line.period is not None:
        return within.start <= line.period.start and line.period.end <= within.end
    return line.at is not None and line.at in within


def _function(function: str, name: str, bills: Sequence[Bill], lines: Sequence[Line]) -> Exact:
    lots = [
        (source.pool.name, lot)
        for bill in bills
        for meter in bill.meters
        for source in meter.sources
        for lot in source.lots
    ]
    mine = [lot for pool, lot in lots if name in (pool, lot.lot, lot.purchase)]
    limits = [limit for bill in bills for limit in bill.limits if limit.limit.name == name]
    if function == "drawn":
        return exact(sum(lot.drawn for lot in mine))
    if function == "left":
        last = bills[-1:]
        kept = [
            x
            for b in last
            for m in b.meters
            for s in m.sources
            for x in s.lots
            if name in (s.pool.name, x.lot, x.purchase)
        ]
        return exact(sum(lot.remaining for lot in kept))
    if function == "refunded":
        refunds = [line for line in lines if line.kind is LineKind.REFUND]
        return exact(-sum(x.amount for x in refunds if name in (x.source, getattr(x.why, "purchase", None))))
    if function == "unserved":
        return exact(sum(u.quantity for b in bills for u in b.unserved if u.meter.name == name))
    if function == "peak":
        return max((limit.peak for limit in limits), default=0)
    if function == "waiting":
        return exact(sum(limit.waiting for limit in limits))
    if function == "waited":
        return sum(limit.waited for limit in limits)
    raise ValueError(function)
