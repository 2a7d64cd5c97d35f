"""Law 9: nothing is lost, of usage, of quotas or of money; and who used nothing is not refused."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from random import Random

from ratewright.rating.bill import LineKind
from ratewright.values.exact import Exact
from tests.laws.billing import RefusedError, bills, data_of, priced
from tests.laws.law import Law, ask_that
from tests.rating.accounts import lots
from tests.reference.cases import Case, Declaration


def _usage(case: Case, random: Random) -> str | None:
    """What was measured is covered, passed on to lines, or unserved; a source covers what its lots gave."""
    for bill in bills(case.text(), data_of(case), *case.months):
        for meter in bill.meters:
            covered = sum(source.covered for source in meter.sources)
            rest = meter.passed + sum(each.quantity for each in meter.unserved)
            if meter.measured != covered + rest:
                return f"{bill.period}: {meter.meter.name} is {meter.measured}, {covered} covered and {rest} left"
            for source in meter.sources:
                drawn = sum(lot.drawn for lot in source.lots)
                ratios = sum(ratio.value * ratio.covered for ratio in source.ratios)
                if source.ratios and source.taken != ratios:
                    return f"{bill.period}: {source.taken} taken of {source.pool.name}, {ratios} by its ratios"
                if len(source.pool.covers) == 1 and source.taken != drawn:
                    return f"{bill.period}: {source.taken} taken of {source.pool.name}, {drawn} drawn from its lots"
    return None


def _quotas(case: Case, random: Random) -> str | None:
    """The size of each lot is what was drawn, lapsed, went over, was given back, withdrawn or is left, bill by bill.

    Late usage draws from lots in bills that are closed: the next bill says so as a correction.
    """
    ask_that(not any(record.reported for record in case.account.records))
    parts = defaultdict(list)
    for bill in bills(case.text(), data_of(case), *case.months):
        left = {each.lot: each.remaining for each in bill.balances}
        for lot in {lot.lot: lot for lot in lots(bill)}.values():
            if lot.remaining != max(left.get(lot.lot, 0), 0):
                return f"{bill.period}: {lot.lot} has {lot.remaining}, and {left} are left"
            parts_of_it = (lot.drawn, lot.remaining, lot.waiting, lot.lapsed, lot.refunded, lot.withdrawn, lot.rolled)
            if min(*parts_of_it, lot.overdrawn) < 0:
                return f"{bill.period}: {lot}"
            parts[lot.lot].append(lot)
    for name, each in parts.items():
        gone = sum(lot.drawn + lot.lapsed + lot.refunded + lot.withdrawn + lot.rolled for lot in each)
        given, owed = each[0].size + each[-1].overdrawn, each[0].repaid
        if given != owed + each[0].before + gone + each[-1].remaining + each[-1].waiting:
            return f"{name}: {given}, of which {owed} were owed, {gone} are gone and {each[-1].remaining} left"
        for one, other in pairwise(each):
            if other.before != one.before + one.drawn:
                return f"{name}: {one.before} and {one.drawn} drawn, then {other.before} before"
    return None


def _money(case: Case, random: Random) -> str | None:
    """A bill is the sum of its lines, and what is given back for a purchase is no more than what was paid for it."""
    made = bills(case.text(), data_of(case), *case.months)
    rounding = priced(case.text()).tree.rounding
    paid: dict[str, Exact] = defaultdict(int)
    for bill in made:
        lines = sum(
            line.amount
            for line in bill.lines
            if line.kind is not LineKind.INCLUDED and (line.kind is not LineKind.PAYMENT or line.why.target != "total")
        )
        if not rounding.per_bill and bill.total != lines:
            return f"{bill.period}: {bill.total} in all, {lines} by its lines"
        for line in bill.lines:
            if line.kind in {LineKind.PURCHASE, LineKind.REFUND}:
                paid[line.source] += line.amount
    low = {name: amount for name, amount in paid.items() if amount < 0}
    return f"given back beyond what was paid: {low}" if low and not _paid_otherwise(case) else None


def _paid_otherwise(case: Case) -> bool:
    """Whether a rule gives the list price back, and less was paid."""
    return "list_price" in case.text() and any(each.paid for each in case.account.purchases)


def _in_full(case: Case, random: Random) -> str | None:
    """A purchase of several lots that is given back in full at once: what was paid, to the last cent."""
    ask_that(case.account.purchases)
    purchase = random.choice(case.account.purchases)
    package = f"package {purchase.package}"
    parts = [_in_full_back(part) if part.head == package else part for part in case.declarations]
    bought = (replace(purchase, count=random.randint(1, 7)),)
    account = replace(case.account, purchases=bought, refunds=(), pauses=(), withdrawals=(), records=(), results=())
    other = replace(case, declarations=tuple(parts), account=account)
    data = data_of(other)
    back = {**data, "refunds": [{"purchase": purchase.id, "at": data["purchases"][0]["at"]}]}
    left = sum(
        line.amount
        for bill in bills(other.text(), back, *other.months)
        for line in bill.lines
        if line.source == purchase.package and line.kind in {LineKind.PURCHASE, LineKind.REFUND}
    )
    return f"{left} stay after {purchase} was given back in full" if left else None


def _in_full_back(part: Declaration) -> Declaration:
    kept = (each for each in part.statements if not each.startswith("refund "))
    return replace(part, statements=(*kept, "refund in full"))


def _unused(case: Case, random: Random) -> str | None:
    """The account with its settings, and nothing else. A line of itself asks them, whatever was used."""
    account = replace(case.account, records=(), results=(), purchases=(), refunds=(), pauses=(), withdrawals=())
    priced(case.text())
    try:
        bills(case.text(), data_of(replace(case, account=account)), *case.months)
    except RefusedError as error:
        ask_that("A401" not in error.codes or "on max(" not in case.text())  # a quantity that is priced though unused
        ask_that("A501" not in error.codes)  # a discount of an amount takes off more than little usage costs
        ask_that(
            "A305" not in error.codes or all(charge.meters for charge in priced(case.text()).tree.charges.values())
        )
        return f"refused: {error}"
    return None


LAWS = (
    Law("usage adds up", "what was measured is covered, passed on or unserved", _usage),
    Law("quotas add up", "a lot is drawn, lapsed, carried over, given back or left", _quotas),
    Law("money adds up", "a bill is the sum of its lines, and no more is given back than was paid", _money),
    Law("given back in full", "what is given back for the lots of a purchase adds up to what was paid", _in_full),
    Law("nothing used", "an account that used nothing is not refused", _unused),
)
