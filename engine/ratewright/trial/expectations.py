"""Expectations asked of finished bills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ratewright.rating.bill import Bill
from ratewright.rating.values import value_text
from ratewright.tree import nodes as tree
from ratewright.tree.evaluate import evaluate
from ratewright.tree.types import Kind
from ratewright.tree.walk import given_in
from ratewright.trial.outcomes import outcome
from ratewright.trial.results import Outcome
from ratewright.values.calendar import Period, calendar_of
from ratewright.values.units import Unit


def ask(
    condition: tree.Expression, bills: Sequence[Bill], within: Period | None, printed: tree.Expression | None
) -> Outcome:
    """Whether a condition holds of the bills, with both sides of a comparison in words. Raises EvaluationError."""
    tariff = bills[0].tariff
    values = {node.key: outcome(node, bills, within) for node in given_in(condition)}
    holds = bool(evaluate(condition, values))
    text = condition.span.text
    if isinstance(condition, tree.Comparison):
        subject = condition.left.span.text
        relation = "" if condition.operator == "==" else f"{condition.operator} "
        expected = relation + _text(condition.right, values, tariff)
        got = _text(condition.left, values, tariff)
    else:
        subject, expected, got = text, "holds", "holds" if holds else "does not hold"
    source_prints = _text(printed, {}, tariff) if printed is not None else ""
    return Outcome(subject, expected, got, holds, condition.span.line, source_prints)


def _text(node: tree.Expression, values: Mapping[str, object], tariff: tree.Tariff) -> str:
    return value_text(evaluate(node, values), node.type, _unit(node, tariff), calendar_of(tariff.timezone))


def _unit(node: tree.Expression, tariff: tree.Tariff) -> Unit | None:
    """A unit of the list in which a figure of this kind reads well."""
    if node.type.kind is not Kind.FIGURE or not node.type.dimension:
        return None
    candidates = [m.unit for m in tariff.meters.values()] + [limit.unit for limit in tariff.limits.values()]
    return next((u for u in candidates if u.dimension == node.type.dimension), None)
