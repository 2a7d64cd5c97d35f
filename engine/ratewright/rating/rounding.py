"""The declared rounding of amounts, with its trace."""

from __future__ import annotations

from ratewright.derivation.trace import RoundingTrace
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.values.exact import Exact
from ratewright.values.rounding import round_to


def rounded(amount: Exact, rule: tree.RoundingRule) -> RoundingTrace:
    """A line's amount under a rule; unchanged where the rule rounds nothing, or only the bill."""
    if rule.way is None or rule.per_bill:
        return RoundingTrace(None, rule.step, amount, amount, _place(rule))
    return RoundingTrace(rule.way, rule.step, amount, round_to(amount, rule.step, rule.way), _place(rule))


def rounded_total(total: Exact, rule: tree.RoundingRule) -> RoundingTrace:
    """A bill's total under a rule, which rounds it only where it says `per bill`."""
    if rule.way is None or not rule.per_bill:
        return RoundingTrace(None, rule.step, total, total, _place(rule))
    return RoundingTrace(rule.way, rule.step, total, round_to(total, rule.step, rule.way), _place(rule))


def _place(rule: tree.RoundingRule) -> Span | None:
    """Where the rule is written; nothing where the list names none."""
    return rule.span if rule.stated else None
