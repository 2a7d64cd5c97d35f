"""What is declared and never used: usage that nothing charges, settings that nothing asks, units of nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ratewright.diagnostics import Diagnostic, Severity
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import charge_expressions, given_in
from ratewright.plan.serving_meters import for_formulas


def unused_declarations(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A warning for each meter that nothing pays for or charges, and each setting that nothing reads."""
    charged = {name for charge in tariff.charges.values() for name in charge.meters}
    read = [g for e in _expressions(tariff) for g in given_in(e)]
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


def expressions_in(node: object) -> Iterator[tree.Expression]:
    """The expressions of a declaration, wherever they stand in it."""
    if isinstance(node, tree.Expression):
        yield node
    elif isinstance(node, tuple | Mapping):
        for part in node.values() if isinstance(node, Mapping) else node:
            yield from expressions_in(part)
    elif isinstance(node, tree.Node):
        for name in node.__struct_fields__:
            yield from expressions_in(getattr(node, name))


def _expressions(tariff: tree.Tariff) -> Iterator[tree.Expression]:
    for meter in tariff.meters.values():
        yield meter.measure
        yield from (w.condition for w in meter.where)
        yield from (tag.expression for tag in meter.tags)
        yield from (step.expression for step in meter.steps)
    for pool in tariff.pools.values():
        yield from expressions_in(pool)
    for charge in tariff.charges.values():
        yield from charge_expressions(charge)
