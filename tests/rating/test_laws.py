"""Laws of five price lists, down to the words: `tests/laws` asks more of them of random lists."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.explain.bill_document import assemble
from ratewright.explain.machine.json_form import to_data
from ratewright.explain.render import render
from ratewright.rating.bill import Bill, LineKind
from ratewright.rating.walk import statement
from ratewright.report.bill_formats import bill_json
from ratewright.usage.model import Usage
from ratewright.values.calendar import calendar_of
from ratewright.values.exact import Exact
from ratewright.values.rounding import round_to
from tests.rating.accounts import account, bills, buy, carried, changed, drawn, event, tariff, total
from tests.rating.random_accounts import (
    DAILY,
    FIRST,
    LAST,
    MARKETS,
    PLAIN,
    Market,
    accounts,
)
from tests.tries import tries

each_market = pytest.mark.parametrize("market", MARKETS, ids=lambda market: market.name)


def rated(market: Market, usage: Usage) -> list[Bill]:
    return bills(market.rules, usage, FIRST, LAST)


def told(made: list[Bill]) -> tuple[object, ...]:
    """What a reader and a machine are given of the bills."""
    whole = statement(made)
    return bill_json(whole), render(whole, "text", "normal"), to_data(assemble(whole, "full"))


# ---------------------------------------------------------------- conservation


@each_market
@given(data=st.data())
@tries(24)
def test_measured_is_covered_and_charged_and_unserved(market, data):
    usage = data.draw(accounts(market))
    counted: dict[str, Exact] = defaultdict(int)
    scale = {name: meter.unit.scale for name, meter in market.rules.meters.items()}
    for record in usage.records:
        part = Fraction(record.quantity.number) * scale[record.meter]
        counted[record.meter] += part / 3 if record.meter == "n" else part
    measured: dict[str, Exact] = defaultdict(int)
    for made in rated(market, usage):
        for meter in made.meters:
            measured[meter.meter.name] += meter.measured
            covered = sum(source.covered for source in meter.sources)
            assert covered == sum(lot.drawn for source in meter.sources for lot in source.lots)
            rest = meter.measured - covered - sum(u.quantity for u in meter.unserved)
            if len(market.rules.charges) == 1:
                assert sum(q for _, q in meter.charged) == rest
            elif market is DAILY:  # both charges price the whole rest
                assert [q for _, q in meter.charged] == [rest] * len(meter.charged)
            else:  # each day is priced by one of the two, or by none
                assert sum(q for _, q in meter.charged) == rest
            assert all(u.quantity > 0 for u in meter.unserved)
            for name, quantity in meter.charged:
                lines = [x for x in made.lines if x.source == name]
                assert sum(x.quantity for x in lines) == quantity
    assert {name: q for name, q in measured.items() if q} == counted


@each_market
@given(data=st.data())
@tries(24)
def test_the_lines_add_up_to_the_total(market, data):
    usage = data.draw(accounts(market))
    rule = market.rules.rounding
    for made in rated(market, usage):
        lines = sum(line.amount for line in made.lines)
        assert made.exact_total == lines
        if rule.per_bill:
            assert rule.way is not None
            assert made.total == round_to(lines, rule.step, rule.way)
        else:
            assert made.total == lines
        for line in made.lines:
            if rule.way is None or rule.per_bill:
                assert line.amount == line.exact
            else:
                assert line.amount == round_to(line.exact, rule.step, rule.way)
        if not any(line.kind is LineKind.REFUND for line in made.lines):
            assert made.total >= 0
        assert all((line.amount < 0) == (line.kind is LineKind.REFUND and line.amount != 0) for line in made.lines)


# ---------------------------------------------------------------- what does not matter


@each_market
@given(data=st.data(), random=st.randoms(use_true_random=False))
@tries(24)
def test_the_order_of_the_data_decides_nothing(market, data, random):
    usage = data.draw(accounts(market))
    mixed = {
        name: tuple(random.sample(getattr(usage, name), len(getattr(usage, name))))
        for name in ("records", "purchases", "refunds", "settings")
    }
    assert told(rated(market, changed(usage, **mixed))) == told(rated(market, usage))


def figures(made: list[Bill]) -> list[object]:
    """Every figure of the bills but the number of records."""
    return [
        (
            one.total,
            [(x.source, x.quantity, x.exact, x.amount) for x in one.lines],
            [(u.quantity, [c.name for c, _ in u.conditions]) for u in one.unserved],
            [(b.lot, b.remaining) for b in one.balances],
        )
        for one in made
    ]


LARGEST = """
meter m { measure sum(quantity) in calls }
package pack {
  covers m; sizes { 55 calls 1 USD; 60 calls 1 USD }; valid 45 days from purchase; draws largest remaining
}
charge fee { on m; every month; rate 1 USD/call }
deduct m from pack > fee
"""


def test_the_order_of_what_happens_at_one_instant_decides_nothing():
    bought = (buy("a", "2026-03-01", 55), buy("b", "2026-03-01", 60))
    records = (event("2026-03-02", 10), event("2026-03-02", 20))
    there, back = (
        bills(tariff(LARGEST), account(*order, purchases=bought), "2026-03") for order in (records, records[::-1])
    )
    assert drawn(there) == drawn(back)
    assert told(there) == told(back)


def test_at_one_instant_an_event_comes_before_a_total():
    """The event empties the lot, so that the total does not meet its end, whichever of them is read first."""
    records = (event("2026-03-01", 60), total("2026-03-01", "2026-04-01", 5))
    for order in (records, records[::-1]):
        (made,) = bills(tariff(LARGEST), account(*order, purchases=(buy("b", "2026-02-01", 60),)), "2026-03")
        assert (drawn(made), made.total) == ({"b": 60}, 5)


# ---------------------------------------------------------------- month after month


def from_then_on(market: Market, usage: Usage, last: Bill, keep: bool) -> Usage:
    """The account as it goes on after a bill: what is left, and only what happens from then on.

    With `keep`, the purchases of before still stand in the data. Requests for lots that are over are
    left out: how much of such a lot had been drawn is not known any more.
    """
    opening = last.period.end
    calendar = calendar_of(market.rules.timezone)

    def later(moment) -> bool:
        return calendar.instant(moment) >= opening

    held = {name for b in last.balances for name in (b.lot, b.lot.split("#")[0])}
    held |= {p.id for p in usage.purchases if later(p.at)}

    return changed(
        usage,
        opening=opening,
        balances=carried(last),
        records=tuple(r for r in usage.records if later(r.start)),
        purchases=tuple(p for p in usage.purchases if keep or later(p.at)),
        refunds=tuple(r for r in usage.refunds if later(r.at) and r.purchase.split("#")[0] in held),
    )


@each_market
@given(data=st.data(), cut=st.integers(1, 4), keep=st.booleans())
@tries(30)
def test_month_after_month_is_all_months_at_once(market, data, cut, keep):
    usage = data.draw(accounts(market))
    whole = rated(market, usage)
    usage = from_then_on(market, usage, whole[cut - 1], keep)
    after = bills(market.rules, usage, f"2026-{cut + 1:02}", LAST)
    assert figures(after) == figures(whole[cut:])
    assert drawn(after) == drawn(whole[cut:])
    for one, other in zip(after, whole[cut:], strict=True):
        assert carried(one) == carried(other)


# ---------------------------------------------------------------- nothing at all


def test_an_account_without_anything():
    for market in MARKETS:
        made = rated(market, account(activated="2026-01-01"))
        least = {"shared rank, frozen pool, a minimum": 2}.get(market.name, 0)
        assert [one.total for one in made] == [least] * 5
        assert all(line.quantity == 0 for one in made for line in one.lines)
        assert all(not one.unserved for one in made)


def test_a_record_of_nothing_changes_nothing():
    nothing = account(event("2026-02-03", 0), activated="2026-01-01")
    assert figures(rated(PLAIN, nothing)) == figures(rated(PLAIN, account(activated="2026-01-01")))


def test_many_lots_are_carried_over_in_their_order():
    """`p#10` comes after `p#9`, also where only the balances tell of them."""
    bought = account(event("2026-01-20", 1), activated="2026-01-01", purchases=(buy("p", "2026-01-15", 10, count=12),))
    usage = changed(bought, records=(*bought.records, event("2026-02-10", 95)))
    whole = rated(PLAIN, usage)
    for keep in (True, False):
        after = from_then_on(PLAIN, usage, whole[0], keep)
        assert drawn(bills(PLAIN.rules, after, "2026-02", LAST)) == drawn(whole[1:])
