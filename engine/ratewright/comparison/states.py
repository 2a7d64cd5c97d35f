"""The lines of a bill in groups, each with the figures by which it can be compared with that of another bill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ratewright.comparison.parts import Group, State
from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.values.exact import Exact, exact, summed


def states_of(bills: Sequence[Bill]) -> dict[Group, State]:
    """What the lines that are owed come to, group by group."""
    lines: dict[Group, list[Line]] = {}
    for bill in bills:
        for line in bill.lines:
            if line.kind is not LineKind.INCLUDED:
                group = group_of(line)
                if group.of != LineKind.INCLUDED.value:  # corrections of what is told only
                    lines.setdefault(group, []).append(line)
    return {group: _state(group, of, bills) for group, of in lines.items()}


def group_of(line: Line) -> Group:
    """Where a line is told."""
    why = line.why
    of = ""
    if isinstance(why, trace.PaymentTrace):
        of = why.target
    elif isinstance(why, trace.CorrectionTrace):
        of = why.corrects
    return Group(line.kind, line.source, line.key, of)


def _state(group: Group, lines: list[Line], bills: Sequence[Bill]) -> State:
    billed = summed(line.amount for line in lines)
    whole = summed(line.exact for line in lines)
    prices = [line.why.price for line in lines if isinstance(line.why, trace.ChargeTrace)]
    if len(prices) != len(lines):
        return State(tuple(lines), summed(line.quantity for line in lines), whole, 0, billed)
    sign = -1 if group.kind is LineKind.DISCOUNT else 1
    amount = summed(sign * _amount(price) for price in prices)
    quantity = summed(_quantity(price) for price in prices)
    price, tier = _price_of_all(prices)
    used, covered, unserved = usage_of(group, lines, quantity, bills)
    tiers = () if price is not None else _tiers_of_all(prices, sign)
    return State(
        tuple(lines), quantity, amount, exact(whole - amount), billed, price, tier, tiers, used, covered, unserved
    )


def _amount(price: trace.PriceTrace) -> Exact:
    return 0 if isinstance(price, trace.UnusedTrace) else price.amount


def _quantity(price: trace.PriceTrace) -> Exact:
    return 0 if isinstance(price, trace.UnusedTrace | trace.FormulaTrace) else price.quantity


def _price_of_all(prices: list[trace.PriceTrace]) -> tuple[trace.TermTrace | None, trace.TierTrace | None]:
    """The price for each unit that all lines have, and the row that it stands in."""
    found: list[tuple[trace.TermTrace, trace.TierTrace | None]] = []
    for price in prices:
        if isinstance(price, trace.UnusedTrace):
            continue
        one = _price(price)
        if one is None or (found and found[0][0].price != one[0].price):
            return None, None
        found.append(one)
    return found[0] if found else (None, None)


def _price(price: trace.PriceTrace) -> tuple[trace.TermTrace, trace.TierTrace | None] | None:
    """A price that is the same for each unit of the quantity."""
    if isinstance(price, trace.RateTrace):
        terms, tier = price.terms, None
    elif isinstance(price, trace.VolumeTrace):
        terms, tier = price.reached.terms, price.reached
    else:
        return None
    if len(terms) != 1 or not isinstance(terms[0].term, tree.UnitPrice):
        return None
    plain = exact(terms[0].price * price.quantity) == price.amount
    return (terms[0], tier) if plain else None


def _tiers_of_all(prices: list[trace.PriceTrace], sign: int) -> tuple[tuple[trace.TierTrace, Exact, Exact], ...]:
    """What falls into each row of a graduated price, and its amount."""
    graduated = [price for price in prices if isinstance(price, trace.GraduatedTrace)]
    others = [price for price in prices if not isinstance(price, trace.GraduatedTrace | trace.UnusedTrace)]
    counts = {len(price.tiers) for price in graduated}
    if others or len(counts) != 1:
        return ()
    columns = zip(*(price.tiers for price in graduated), strict=True)
    rows = [(_told(tiers), summed(t.slice for t in tiers), summed(sign * t.amount for t in tiers)) for tiers in columns]
    whole = summed(sign * price.amount for price in graduated)
    return tuple(rows) if summed(amount for _, _, amount in rows) == whole else ()


def _told(tiers: tuple[trace.TierTrace, ...]) -> trace.TierTrace:
    """One of the rows of several lines: one that was reached."""
    return next((tier for tier in tiers if tier.reached), tiers[0])


def usage_of(
    group: Group, lines: Sequence[Line], quantity: Exact, bills: Sequence[Bill]
) -> tuple[Exact | None, Exact, Exact]:
    """What was used of the meter that a group prices, and what of that quotas paid and nothing did; None where that
    is not known.

    It is known where nothing else prices what is left of the meter in this time.
    """
    unknown = None, 0, 0
    why = lines[0].why
    assert isinstance(why, trace.ChargeTrace)
    charge = why.charge
    if group.kind is not LineKind.CHARGE or why.on is not None or len(charge.meters) != 1:
        return unknown
    meters = [m for bill in bills for m in bill.meters if m.meter.name == charge.meters[0]]
    meters = [m for m in meters if not m.group or any(line.name == charge.name for line in m.group)]
    every = [line for bill in bills for line in bill.lines if line.source == group.source and line.kind is group.kind]
    passed = summed(amount for m in meters for _, amount in m.charged)
    alone = all(name == charge.name for m in meters for name, _ in m.charged)
    if not alone or passed != _priced(every):
        return unknown
    unserved = summed(one.quantity for m in meters for one in m.unserved)
    if group.key:
        used = summed(amount for m in meters for key, amount in m.keys if key == group.key)
        return unknown if unserved else (used, exact(used - quantity), 0)
    used = summed(m.measured for m in meters)
    return used, exact(used - quantity - unserved), unserved


def _priced(lines: Iterable[Line]) -> Exact:
    return summed(_quantity(line.why.price) for line in lines if isinstance(line.why, trace.ChargeTrace))
