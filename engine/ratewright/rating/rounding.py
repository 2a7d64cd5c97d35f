"""The declared rounding of amounts: which rule holds for a line and for a bill, and what is told of it."""

from __future__ import annotations

from ratewright.derivation.trace import RoundingTrace
from ratewright.meaning import nodes as tree
from ratewright.pricing.settling import Rounding
from ratewright.values.exact import Exact


def of_line(rule: tree.RoundingRule) -> Rounding:
    """How a line is rounded under a rule; not at all where the rule rounds nothing, or only the bill."""
    return Rounding(None if rule.per_bill else rule.way, rule.step)


def of_bill(rule: tree.RoundingRule) -> Rounding:
    """How a bill's total is rounded under a rule: only where it says `per bill`."""
    return Rounding(rule.way if rule.per_bill else None, rule.step)


def told(rounding: Rounding, before: Exact, after: Exact, rule: tree.RoundingRule) -> RoundingTrace:
    """What a rounding made of an amount, and where it is written; nowhere, where the list names none."""
    return RoundingTrace(rounding.way, rounding.step, before, after, rule.span if rule.stated else None)


def rounded(amount: Exact, rule: tree.RoundingRule) -> RoundingTrace:
    """What a rule for lines makes of an amount that nothing else changes, told: what was bought or given back."""
    rounding = of_line(rule)
    return told(rounding, amount, rounding.of(amount), rule)
