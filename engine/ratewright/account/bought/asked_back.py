"""Whether a refund asks what was paid for a lot that a balance tells of."""

from __future__ import annotations

from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in
from ratewright.quota.lots import Lot
from ratewright.usage.model import Usage


def asks_what_was_paid(lot: Lot, usage: Usage) -> bool:
    """Whether the account asks money back for a lot, by a rule that goes by what was paid, and tells of no purchase."""
    names = {lot.id, str(lot.name.whole), lot.purchase or lot.id}
    if not names.isdisjoint(purchase.id for purchase in usage.purchases):
        return False
    asked = {*(request.purchase for request in usage.refunds), *usage.asked_later}
    return not names.isdisjoint(asked) and any(map(_goes_by_paid, lot.pool.refunds))


def _goes_by_paid(rule: tree.RefundRule) -> bool:
    formulas = (formula for formula in (rule.formula, rule.condition) if formula is not None)
    return rule.form is tree.RefundForm.FULL or any(g.key == "lot:paid" for f in formulas for g in given_in(f))
