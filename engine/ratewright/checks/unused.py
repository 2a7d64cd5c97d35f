"""What is declared and never used: usage that nothing charges, settings that nothing asks, units of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.diagnostics import Diagnostic, Severity
from ratewright.tree import nodes as tree
from ratewright.tree.walk import charge_expressions, given_in


def unused_declarations(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A warning for each meter that nothing pays for or charges, and each setting that nothing reads."""
    charged = {name for charge in tariff.charges.values() for name in charge.meters}
    read = [g for e in _expressions(tariff) for g in given_in(e)]
    used = {g.name for g in read if isinstance(g, tree.Measured)}.union(charged, tariff.deductions)
    for meter in tariff.meters.values():
        if meter.name not in used:
            yield Diagnostic(
                "C102",
                f"nothing charges `{meter.name}`: all its usage will be listed as unserved",
                meter.span,
                f"add a `charge` that is `on {meter.name}`",
                Severity.WARNING,
            )
    asked = {g.name for g in read if isinstance(g, tree.SettingValue)}
    for setting in tariff.settings.values():
        if setting.name not in asked:
            yield Diagnostic(
                "C103",
                f"nothing asks for setting `{setting.name}`",
                setting.span,
                "use it in a `when` or a formula, or delete it",
                Severity.WARNING,
            )


def _expressions(tariff: tree.Tariff) -> Iterator[tree.Expression]:
    for meter in tariff.meters.values():
        yield meter.measure
        yield from (w.condition for w in meter.where)
    for pool in tariff.pools.values():
        if pool.when is not None:
            yield pool.when
    for charge in tariff.charges.values():
        yield from charge_expressions(charge)
