"""Meters that are measured to be read: no line is on what is left of them, and formulas of lines name them."""

from __future__ import annotations

from ratewright.tree import nodes as tree
from ratewright.tree.walk import charge_expressions, given_in


def readers_of(meter: tree.Meter, tariff: tree.Tariff) -> tuple[str, ...]:
    """The lines that name a meter in their formulas, where nothing prices it and no pool pays for it."""
    if meter.name in tariff.deductions or any(meter.name in charge.meters for charge in tariff.charges.values()):
        return ()
    return tuple(charge.name for charge in tariff.charges.values() if _names(charge, meter.name))


def _names(charge: tree.Charge, meter: str) -> bool:
    return any(
        isinstance(given, tree.Measured) and given.name == meter
        for expression in charge_expressions(charge)
        for given in given_in(expression)
    )
