"""The bills of an account: what the evaluator says about a rule file and usage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from tests.reference.account import Account
from tests.reference.ledger import Payment
from tests.reference.limits import Seen
from tests.reference.lines import Line
from tests.reference.problems import NotCovered
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
    corrections: Fraction = Fraction(0)
    limits: dict[str, list[Seen]] = field(default_factory=dict)  # of a month in two parts, of each
    by_list_alone: list[Line] = field(default_factory=list)  # what contracts leave nothing of


def bills(rules: Rules, account: Account, months: list[str]) -> list[Bill]:
    """The bills of consecutive months. Raises Refused or NotCovered.

    Each holds what was known when its month ended; what became known later changes the earlier ones, and the bill at
    hand has the difference.
    """
    if rules.then is not None and any(record.reported for record in account.records):
        raise NotCovered("late usage over versions")
    if not any(record.reported for record in account.records):
        return _worked_out(rules, account, months)
    result: list[Bill] = []
    before: list[Bill] = []
    for number, month in enumerate(months, 1):
        end = rules.clock.month(month).end
        known = tuple(each for each in account.records if each.reported is None or each.reported < end)
        now = _worked_out(rules, replace(account, records=known), months[:number])
        if before and account.records and any(each.pays == "total" for bill in now for each in bill.payments):
            raise NotCovered("late usage where a quota pays for the total")
        changes = sum((one.total - other.total for one, other in zip(now, before, strict=False)), Fraction(0))
        own = now[-1]
        result.append(replace(own, corrections=changes, total=own.total + changes, due=own.due + changes))
        before = now
    return result


def _joined(one: Bill, other: Bill) -> Bill:
    """The bills of a month by two versions of the list, as one."""
    unserved = {
        name: one.unserved.get(name, Fraction(0)) + other.unserved.get(name, Fraction(0))
        for name in {**one.unserved, **other.unserved}
    }
    return Bill(
        one.month,
        one.lines + other.lines,
        one.payments + other.payments,
        one.charges + other.charges,
        one.subtotal + other.subtotal,
        one.total + other.total,
        one.due + other.due,
        other.balances,
        unserved,
        limits={name: seen + other.limits[name] for name, seen in one.limits.items()},
        by_list_alone=one.by_list_alone + other.by_list_alone,
    )


def _worked_out(rules: Rules, account: Account, months: list[str]) -> list[Bill]:
    named = [(month, span) for month in months for span in rules.cut([rules.clock.month(month)])]
    walk = Walk(rules, account, [span for _, span in named])
    result: list[Bill] = []
    for name, span in named:
        ended, alone = (
            [line for line in entries if span.start < line.span.end <= span.end]
            for entries in (walk.ledger.billed, walk.ledger.by_list_alone)
        )
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
        limits = {limit: [walk.limits.seen(limit, span)] for limit in rules.limits}
        bill = Bill(
            name,
            lines,
            payments,
            charges,
            subtotal,
            total,
            due,
            balances,
            unserved,
            limits=limits,
            by_list_alone=[line for line in alone if not line.away],
        )
        result = [*result[:-1], _joined(result[-1], bill)] if result and result[-1].month == name else [*result, bill]
    return result
