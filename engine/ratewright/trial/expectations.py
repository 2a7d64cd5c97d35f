"""Expectations asked of finished bills."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.derivation.value_texts import value_text
from ratewright.formula.interpreter import CALENDAR, evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind
from ratewright.meaning.walk import given_in
from ratewright.trial.billed import Part
from ratewright.trial.outcomes import outcome
from ratewright.trial.results import Outcome
from ratewright.values.calendar import calendar_of, period_text
from ratewright.values.units import Unit, currency_unit


def ask(condition: tree.Expression, part: Part, printed: tree.Expression | None) -> Outcome:
    """Whether a condition holds of the bills, with both sides of a comparison in words.

    Raises EvaluationError, and RatingError where a bill for a stretch of its own cannot be made.
    """
    tariff = part.tariff
    values: dict[str, object] = {node.key: outcome(node, part) for node in given_in(condition)}
    values[CALENDAR] = calendar_of(tariff.timezone)
    holds = bool(evaluate(condition, values))
    text = condition.span.text
    if isinstance(condition, tree.Comparison):
        subject = condition.left.span.text
        relation = "" if condition.operator == "==" else f"{condition.operator} "
        expected = relation + _text(condition.right, values, tariff)
        got = _text(condition.left, values, tariff)
    else:
        subject, expected, got = text, "holds", "holds" if holds else "does not hold"
    source_prints = _text(printed, values, tariff) if printed is not None else ""
    hint = "" if holds else _billed_elsewhere(condition, part)
    return Outcome(subject, expected, got, holds, condition.span.line, source_prints, hint)


def _billed_elsewhere(condition: tree.Expression, part: Part) -> str:
    """For a line that is not of the stretch asked for, whose period meets it all the same."""
    for node in given_in(condition):
        period = (
            part.beside(node.name) if isinstance(node, tree.LineAmount | tree.LineExact | tree.LineQuantity) else None
        )
        if period is not None:
            calendar = calendar_of(part.tariff.timezone)
            month = calendar.date_of(period.end.subtract(nanoseconds=1)).format_iso()[:7]
            return f"`{node.name}` is of {period_text(period, calendar)} here: expect it `in {month}`"
    return ""


def _text(node: tree.Expression, values: Mapping[str, object], tariff: tree.Tariff) -> str:
    return value_text(evaluate(node, values), node.type, _unit(node, tariff), calendar_of(tariff.timezone))


def _unit(node: tree.Expression, tariff: tree.Tariff) -> Unit | None:
    """A unit of the list in which a figure of this kind reads well."""
    if node.type.kind is not Kind.FIGURE or node.type.dimension in ((), currency_unit(tariff.currency).dimension):
        return None
    candidates = [m.unit for m in tariff.meters.values()] + [p.unit for p in tariff.pools.values()]
    candidates += [limit.unit for limit in tariff.limits.values()]
    return next((u for u in candidates if u.dimension == node.type.dimension), None)
