"""Expectations asked of finished bills."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from ratewright.derivation.value_texts import value_text
from ratewright.formula.errors import EvaluationError
from ratewright.formula.interpreter import CALENDAR, evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind
from ratewright.meaning.walk import given_in, parts
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
        subject, expected = text, "holds"
        got = "holds" if holds else _compared(condition, values, tariff) or "does not hold"
    source_prints = _text(printed, values, tariff) if printed is not None else ""
    hint = "" if holds else _billed_elsewhere(condition, part)
    return Outcome(subject, expected, got, holds, condition.span.line, source_prints, hint)


def _compared(condition: tree.Expression, values: Mapping[str, object], tariff: tree.Tariff) -> str:
    """The figures that a condition of several comparisons compares: `fee is 2.00 USD, tax is 0.40 USD`."""
    compared = [part for part in parts(condition) if isinstance(part, tree.Comparison)]
    sides = [side for part in compared for side in (part.left, part.right) if not isinstance(side, tree.Constant)]
    found = {}
    for side in sides:
        with suppress(EvaluationError):  # the condition did not ask it
            found[side.span.text] = _text(side, values, tariff)
    return ", ".join(f"{subject} is {figure}" for subject, figure in found.items())


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
