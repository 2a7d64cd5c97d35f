"""What is declared and never used: usage that nothing charges, settings that nothing asks, units of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.diagnostics import Diagnostic, Severity
from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import read_by
from ratewright.plan.serving_meters import for_formulas


def unused_declarations(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A warning for each meter that nothing pays for or charges, and each setting that nothing reads."""
    charged = {name for charge in tariff.charges.values() for name in charge.meters}
    read = [given for _, given in read_by(tariff)]
    used = {g.name for g in read if isinstance(g, tree.Measured)}.union(
        charged, tariff.deductions, for_formulas(tariff)
    )
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
