"""Meters that serve others: nobody is billed for them, and nothing of theirs is left unserved."""

from __future__ import annotations

from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import charge_expressions, given_in


def for_formulas(tariff: tree.Tariff) -> frozenset[str]:
    """Meters that no line is on, and that others read or name: nothing of theirs is left unserved."""
    read = {meter.reads for meter in tariff.meters.values() if meter.reads}
    named = {
        given.name
        for charge in tariff.charges.values()
        for expression in charge_expressions(charge)
        for given in given_in(expression)
        if isinstance(given, tree.Measured)
    }
    priced = {name for charge in tariff.charges.values() for name in charge.meters} | set(tariff.deductions)
    return frozenset((read | named) - priced)
