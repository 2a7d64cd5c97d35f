"""Why something was not billed or not granted, in one sentence; the explanation says it at length."""

from __future__ import annotations

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.values.calendar import Calendar, moment_text


def unserved_reason(unserved: trace.UnservedTrace, tariff: tree.Tariff) -> str:
    """Why nothing paid for this usage."""
    if not unserved.conditions:
        return "no charge applies to what the packages leave"
    return "; ".join(_blocked(charge.title, why, tariff) for charge, why in unserved.conditions)


def _blocked(label: str, why: trace.ConditionTrace, tariff: tree.Tariff) -> str:
    was = ", ".join(f"{_title(r.name, tariff)} is {r.text}" for r in why.readings)
    return f"{label} does not apply: {was}" if was else f"{label} does not apply: `{why.text}` does not hold"


def _title(name: str, tariff: tree.Tariff) -> str:
    return (tariff.settings[name].title if name in tariff.settings else "") or name


def refusal_reason(refused: trace.RefundTrace | trace.PauseTrace, calendar: Calendar) -> str:
    """Why a request was not granted."""
    if isinstance(refused, trace.PauseTrace):
        return "a package cannot be paused"
    if refused.already:
        return "the money was already given back"
    reasons = [_rule_reason(tried, calendar) for tried in refused.tried]
    return "; ".join(reasons) if reasons else "the price list has no rule for giving money back"


def _rule_reason(tried: trace.RuleTried, calendar: Calendar) -> str:
    if tried.failed == "late" and tried.deadline is not None:
        return f"asked for after {moment_text(tried.deadline, calendar)}"
    if tried.failed == "condition" and tried.rule.condition is not None:
        return f"`{tried.rule.condition.span.text}` does not hold"
    return "the price list gives nothing back"
