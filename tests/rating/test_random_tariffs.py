"""Laws over random price lists: whatever an author writes, nothing is lost and what should not matter does not."""

from __future__ import annotations

from hypothesis import given

from ratewright.rating.bill import Bill, LineKind
from tests.rating.accounts import bills, changed
from tests.rating.random_tariffs import FIRST, LAST, Case, cases
from tests.tries import tries

CREDITS = (LineKind.REFUND, LineKind.DISCOUNT, LineKind.PAYMENT)


def rated(case: Case, **changes: object) -> list[Bill]:
    return bills(case.rules, changed(case.usage, **changes), FIRST, LAST)


def figures(made: list[Bill]) -> list[object]:
    """Every figure of the bills but the number of records."""
    return [
        (
            one.total,
            sorted((str(x.source), x.key, str(x.period), x.quantity, x.exact, x.amount) for x in one.lines),
            sorted((b.source, b.lot, b.remaining) for b in one.balances),
        )
        for one in made
    ]


@given(cases())
@tries(60)
def test_measured_is_covered_charged_or_unserved(case):
    """The engine asserts it for each lot and meter; here the records are summed up again by hand."""
    made = rated(case)
    used = sum(record.quantity.number for record in case.usage.records)
    assert sum(m.measured for one in made for m in one.meters if m.meter.name == "m") == used
    for one in made:
        for meter in one.meters:
            covered = sum(source.covered for source in meter.sources)
            unserved = sum(u.quantity for u in meter.unserved)
            assert covered + meter.passed + unserved == meter.measured


@given(cases())
@tries(60)
def test_no_bill_is_negative_unless_a_credit_is_declared(case):
    made = rated(case)
    paid = any(line.kind is LineKind.PAYMENT for one in made for line in one.lines)
    credits = (*CREDITS, LineKind.TAX) if paid else CREDITS  # a later discount or tax is on what a credit paid, too
    for one in made:
        assert one.due >= 0 or any(line.amount < 0 for line in one.lines)
        for line in one.lines:
            falls = line.why.charge.billed is not None if line.kind is LineKind.CHARGE else False
            assert line.amount >= 0 or line.kind in credits or falls
    assert paid or sum(one.total for one in made) >= 0
