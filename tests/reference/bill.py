"""The bills of an account: what the evaluator says about a rule file and usage."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.reference.account import Account
from tests.reference.ledger import Payment
from tests.reference.lines import Line
from tests.reference.rules import Rules
from tests.reference.walk import Walk


@dataclass(frozen=True)
class Bill:
    """One month. Figures are exact; quantities and remainders are in base units."""

    month: str
    lines: list[Line]
    payments: list[Payment]
    charges: Fraction
    subtotal: Fraction
    total: Fraction
    due: Fraction
    balances: dict[str, Fraction] = field(default_factory=dict)
    unserved: dict[str, Fraction] = field(default_factory=dict)


def bills(rules: Rules, account: Account, months: list[str]) -> list[Bill]:
    """The bills of consecutive months. Raises Refused or NotCovered."""
    spans = [rules.clock.month(month) for month in months]
    walk = Walk(rules, account, spans)
    result = []
    for name, span in zip(months, spans, strict=True):
        ended = [line for line in walk.billed if line.kind != "refund" and span.start < line.span.end <= span.end]
        lines = [*walk.ledger.at_once(span), *ended]
        payments = [each for each in walk.ledger.payments if span.start < each.end <= span.end]
        charges, subtotal, total = walk.ledger.sums(span)
        due = total - sum((each.amount for each in payments if each.pays == "total"), Fraction(0))
        balances: dict[str, Fraction] = {}
        for lot, _, _, remaining in walk.balances[span.end]:
            balances[lot.name] = balances.get(lot.name, Fraction(0)) + remaining
        unserved: dict[str, Fraction] = {}
        for meter, at, quantity in walk.unserved:
            if span.start <= at < span.end:
                unserved[meter] = unserved.get(meter, Fraction(0)) + quantity
        result.append(Bill(name, lines, payments, charges, subtotal, total, due, balances, unserved))
    return result
