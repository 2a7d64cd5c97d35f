"""Laws over random price lists: whatever an author writes, nothing is lost and what should not matter does not."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ratewright.rating.bill import Bill, LineKind
from ratewright.usage.model import Amount
from tests.rating.accounts import Ids, bills, changed
from tests.rating.random_tariffs import FIRST, LAST, Case, cases

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
@settings(max_examples=60, deadline=None)
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
@settings(max_examples=60, deadline=None)
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


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_input_decides_nothing(case, random):
    records = tuple(random.sample(case.usage.records, len(case.usage.records)))
    purchases = tuple(random.sample(case.usage.purchases, len(case.usage.purchases)))
    assert figures(rated(case, records=records, purchases=purchases)) == figures(rated(case))


@given(cases(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_record_may_come_in_parts(case, data):
    if not case.divisible:
        return
    records = []
    for record in case.usage.records:
        share = data.draw(st.sampled_from([Fraction(1, 2), Fraction(1, 3), Fraction(1)]))
        number, unit = record.quantity
        for part in (number * share, number * (1 - share)):
            if part:
                records.append(changed(record, id=Ids.next(), quantity=Amount(Fraction(part), unit)))
    assert figures(rated(case, records=tuple(records))) == figures(rated(case))


@given(cases())
@settings(max_examples=60, deadline=None)
def test_a_month_billed_alone_is_the_month_out_of_all(case):
    together = rated(case)
    alone = [bills(case.rules, case.usage, month)[0] for month in ("2026-01", "2026-02", "2026-03", "2026-04")]
    assert figures(alone) == figures(together)
