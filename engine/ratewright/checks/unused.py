"""What is declared and never used: usage that nothing charges, settings that nothing asks, units of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.diagnostics import Diagnostic, Severity
from ratewright.tree import nodes as tree
from ratewright.tree.evaluate import given_in


def unused_declarations(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A warning for each meter that nothing pays for or charges, and each setting that nothing reads."""
    for meter in tariff.meters.values():
        charged = any(meter.name in c.meters for c in tariff.charges.values())
        measured = any(_reads_meter(c, meter.name) for c in tariff.charges.values())
        if not charged and not measured and meter.name not in tariff.deductions:
            yield Diagnostic(
                "C102",
                f"nothing charges `{meter.name}`: all its usage will be listed as unserved",
                meter.span,
                f"add a `charge` that is `on {meter.name}`",
                Severity.WARNING,
            )
    read = {g.name for e in _expressions(tariff) for g in given_in(e) if isinstance(g, tree.SettingValue)}
    for setting in tariff.settings.values():
        if setting.name not in read:
            yield Diagnostic(
                "C103",
                f"nothing asks for setting `{setting.name}`",
                setting.span,
                "use it in a `when` or a formula, or delete it",
                Severity.WARNING,
            )


def _reads_meter(charge: tree.Charge, meter: str) -> bool:
    return any(isinstance(g, tree.Measured) and g.name == meter for e in _of_charge(charge) for g in given_in(e))


def _of_charge(charge: tree.Charge) -> Iterator[tree.Expression]:
    yield from (e for e in (charge.on, charge.when, charge.minimum, charge.maximum) if e is not None)
    match charge.form:
        case tree.Amount(expression=expression):
            yield expression
        case tree.Rate(price=price):
            yield from (t.expression for t in price.terms)
        case tree.Volume(tiers=tiers) | tree.Graduated(tiers=tiers):
            yield from (t.bound.limit for t in tiers if t.bound.limit is not None)
            yield from (term.expression for t in tiers for term in t.price.terms)


def _expressions(tariff: tree.Tariff) -> Iterator[tree.Expression]:
    for meter in tariff.meters.values():
        yield meter.measure
        yield from (w.condition for w in meter.where)
    for pool in tariff.pools.values():
        if pool.when is not None:
            yield pool.when
    for charge in tariff.charges.values():
        yield from _of_charge(charge)
