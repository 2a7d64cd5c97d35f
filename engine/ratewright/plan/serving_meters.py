"""Meters that serve others: nobody is billed for them, and nothing of theirs is left unserved."""

from __future__ import annotations

from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import read_by
from ratewright.meaning.walk import kept


def for_formulas(tariff: tree.Tariff) -> frozenset[str]:
    """Meters that no line is on, and that others read or name: nothing of theirs is left unserved."""
    return kept(tariff, "for_formulas", lambda: _for_formulas(tariff))


def _for_formulas(tariff: tree.Tariff) -> frozenset[str]:
    read = {meter.reads for meter in tariff.meters.values() if meter.reads}
    named = {given.name for _, given in read_by(tariff) if isinstance(given, tree.Measured)}
    priced = {name for charge in tariff.charges.values() for name in charge.meters} | set(tariff.deductions)
    return frozenset((read | named) - priced)
