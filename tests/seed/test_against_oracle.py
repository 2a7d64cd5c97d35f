"""The engine against the page worked out by hand, over accounts that nobody would think of."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.derivation.trace import PauseTrace, RefundTrace
from ratewright.rating.bill import Bill, LineKind
from tests.rating.accounts import account, event, extend
from tests.seed import oracle
from tests.seed.account import (
    METER,
    cents,
    concurrency,
    lot_traces,
    pay_as_you_go,
    price_list,
    tier_price,
    usage_of,
    written,
)
from tests.tries import tries

BEGIN = datetime(2026, 1, 21)
FIRST, LAST = (2026, 1), (2027, 4)
DAYS = 450

sizes = st.sampled_from([1_000, 1_000, 10_000, 100_000, 1_000_000, 10_000_000])
pics = st.one_of(
    st.integers(1, 20),
    st.integers(1, 12_000),
    st.sampled_from([999, 1_000, 9_999, 10_000, 10_001, 99_999, 100_000, 999_999, 1_000_000]),
    st.integers(1, 2_000_000),
)


@st.composite
def instants(draw, whole_days: bool, first: int = 0, last: int = DAYS) -> datetime:
    """Mostly round times, so that things meet at one instant; else any second."""
    at = BEGIN + timedelta(days=draw(st.integers(first, last)))
    if not whole_days:
        at += timedelta(seconds=draw(st.one_of(st.sampled_from([0, 32_400, 43_200]), st.integers(0, 86_399))))
    return at


@st.composite
def customers(draw, whole_days: bool = False) -> oracle.Customer:
    at = instants(whole_days)
    activated = draw(instants(whole_days, 0, 3))
    later = at.map(lambda moment: max(moment, activated))
    count = draw(st.integers(0, 5))
    bought = [oracle.Bought(f"p{n}", draw(sizes), draw(st.integers(1, 3)), draw(later)) for n in range(1, count + 1)]
    names = [f"{b.id}#{n}" for b in bought for n in range(1, b.count + 1) if b.count > 1] + [b.id for b in bought]
    wishes = []
    for name in draw(st.lists(st.sampled_from(names), max_size=6)) if names else []:
        (of,) = [b for b in bought if name.split("#")[0] == b.id]
        wait = timedelta(days=draw(st.integers(0, 9))) + draw(
            st.sampled_from([timedelta(0)] if whole_days else [timedelta(0), timedelta(seconds=1), timedelta(hours=5)])
        )
        wishes.append(oracle.Wish(name, of.at + wait))
    split = draw(st.integers(0, len(wishes)))
    refunds = list({(w.name, w.at): w for w in wishes[:split]}.values())
    switch = draw(st.lists(st.tuples(later, st.booleans()), max_size=4, unique_by=lambda s: s[0]))
    # A call near something else decides more than one anywhere.
    moments = [b.at for b in bought] + [oracle.months_later(b.at, 12) for b in bought]
    moments += [w.at for w in refunds] + [s for s, _ in switch] + [oracle.months_later(activated, 12)]
    near = st.sampled_from(moments).flatmap(
        lambda m: st.sampled_from(
            [timedelta(0), timedelta(days=-1), timedelta(days=1)]
            + ([] if whole_days else [timedelta(seconds=-1), timedelta(seconds=1)])
        ).map(lambda gap: max(m + gap, activated))
    )
    calls = [
        oracle.Call(
            draw(st.one_of(later, near)),
            draw(pics),
            draw(st.integers(0, 5)) == 0,
            draw(st.booleans()),
            draw(st.sampled_from([None, "eu", "us"])),
        )
        for _ in range(draw(st.integers(0, 14)))
    ]
    extras = [
        oracle.Extra(
            f"x{n}",
            draw(st.integers(1, 4)),
            draw(st.sampled_from(["day", "month"])),
            draw(st.integers(1, 3)),
            draw(later),
        )
        for n in range(1, draw(st.integers(0, 3)) + 1)
    ]
    free = draw(st.sampled_from([0, 0, 50, 1_000]))
    return oracle.Customer(activated, free, bought, refunds, wishes[split:], extras, switch, calls)


REASONS = {"late": "late", "condition": "used"}


def refusal(trace: RefundTrace | PauseTrace) -> tuple[str, str, int]:
    if isinstance(trace, PauseTrace):
        return trace.purchase, "pause", 1
    assert not trace.granted
    reason = "already" if trace.already else REASONS[trace.tried[-1].failed or ""]
    return trace.purchase, reason, len(trace.lots)


def compare(bill: Bill, month: oracle.Month, pauses: list[str]) -> None:
    (meter,) = bill.meters
    assert meter.measured == month.made
    assert sum(x.quantity for x in meter.excluded) == month.failed
    assert {lot.lot: lot.drawn for lot in lot_traces(bill) if lot.drawn} == month.drawn
    assert sum(u.quantity for u in bill.unserved) == month.unserved
    line = pay_as_you_go(bill)
    assert (line.quantity if line else 0) == month.postpaid
    assert (cents(line.amount) if line else 0) == month.usage_cents
    if line:
        assert tier_price(bill) == oracle.unit_price(month.postpaid)
    of_kind = {kind: [cents(x.amount) for x in bill.lines if x.kind is kind] for kind in LineKind}
    assert of_kind[LineKind.PURCHASE] == month.purchases
    assert of_kind[LineKind.EXTENSION] == month.extensions
    given_back: Counter[str] = Counter()
    for x in bill.lines:
        if x.kind is LineKind.REFUND:
            given_back[x.why.purchase] -= int(cents(x.amount))  # type: ignore[union-attr]
    assert given_back == sum((Counter({name: c}) for name, c in month.refunds), Counter())
    expected = Counter(month.refused) + Counter((name, "pause", 1) for name in pauses)
    assert Counter(refusal(r) for r in bill.refusals) == expected
    assert {b.lot: b.remaining for b in bill.balances} == month.left
    assert cents(bill.total) == month.cents
    assert bill.exact_total == bill.total


def check(customer: oracle.Customer, by_day: bool) -> None:
    expected = oracle.reckon(customer, FIRST, LAST)
    statement = price_list().statement(usage_of(customer, by_day), "2026-01", "2027-04")
    for made in statement.details.bills:
        local = made.calendar.date_of(made.period.start)
        month = local.year, local.month
        pauses = [w.name for w in customer.pauses if (w.at.year, w.at.month) == month]
        compare(made, expected[month], pauses)
    assert cents(statement.total) == sum(m.cents for key, m in expected.items() if FIRST <= key <= LAST)


@given(customers())
@tries(150)
def test_the_engine_agrees_call_by_call(customer):
    check(customer, by_day=False)


@given(customers(whole_days=True))
@tries(150)
def test_the_engine_agrees_day_by_day(customer):
    check(customer, by_day=True)


@given(customers(), st.integers(2, 11))
@tries(30)
def test_one_month_alone_is_the_month_of_the_whole(customer, month):
    expected = oracle.reckon(customer, FIRST, LAST)[2026, month]
    made = price_list().bill(usage_of(customer), f"2026-{month:02}").details
    compare(made, expected, [w.name for w in customer.pauses if (w.at.year, w.at.month) == (2026, month)])


# ---------------------------------------------------------------- concurrency

seconds = st.integers(0, 40)
tasks = st.lists(st.tuples(seconds, st.integers(1, 25)), min_size=1, max_size=14)


def busy(moments: list[tuple[int, int]], midnight: datetime, *more):
    """An account with tasks of (second, duration), counted from 20 seconds before a midnight."""
    start = midnight - timedelta(seconds=20)
    records = [
        event(written(start + timedelta(seconds=at)), 1, METER, lasts=f"{lasts} seconds") for at, lasts in moments
    ]
    return account(*records, activated="2026-02-01", extensions=more)


@given(tasks, st.integers(0, 3), st.booleans())
def test_tasks_wait_as_second_by_second(moments, more, ends):
    midnight = datetime(2026, 3, 11)
    extra = ()
    steps = {}
    if more:
        start = midnight - timedelta(days=1) if ends else midnight
        extra = (extend("x", written(start), more, "day", 1, "concurrency"),)
        steps = {-(10**6): 3 + more, 20: 3} if ends else {20: 3 + more}
    expected = oracle.queue(moments, steps, 3)
    limit = concurrency(price_list().bill(busy(moments, midnight, *extra), "2026-03").details)
    assert limit.tasks == len(moments)
    assert (limit.peak, limit.running) == (expected.peak, expected.running)
    assert limit.waited == len(expected.waits)
    assert limit.waiting == sum(expected.waits)
    assert limit.longest == max(expected.waits, default=0)
    assert bool(limit.remedies) == bool(expected.waits)


@given(tasks)
@tries(40)
def test_each_remedy_removes_the_waiting_and_less_of_it_would_not(moments):
    midnight = datetime(2026, 3, 11)
    limit = concurrency(price_list().bill(busy(moments, midnight), "2026-03").details)
    for remedy in limit.remedies:
        terms = list(remedy.terms)
        assert remedy.cost == sum(by * remedy.offer.price for _, by in terms)
        assert waited(moments, midnight, remedy.offer.term, terms) == 0
        for index, (start, by) in enumerate(terms):
            less = [*terms[:index], (start, by - 1), *terms[index + 1 :]]
            assert waited(moments, midnight, remedy.offer.term, less) > 0
    costs = [remedy.cost for remedy in limit.remedies]
    assert costs == sorted(costs)


def waited(moments, midnight, term, terms) -> int:
    more = [extend(f"x{n}", start, by, term, 1, "concurrency") for n, (start, by) in enumerate(terms) if by]
    return concurrency(price_list().bill(busy(moments, midnight, *more), "2026-03").details).waited


def test_a_remedy_buys_no_day_on_which_no_task_would_have_waited():
    """Five tasks of 36 hours begin at once: room is needed when they begin, not while they run out."""
    hours = 3600
    moments = [(0, 36 * hours), (0, 36 * hours), (0, 36 * hours), (0, 30 * hours), (0, 40 * hours)]
    limit = concurrency(price_list().bill(busy(moments, datetime(2026, 3, 11, 20)), "2026-03").details)
    by_day = next(r for r in limit.remedies if r.offer.term == "day")
    assert [by for _, by in by_day.terms] == [2]
    assert by_day.cost == 400


def test_a_remedy_buys_each_day_what_that_day_needs():
    moments = [(0, 5)] * 4 + [(30, 5)] * 6
    limit = concurrency(price_list().bill(busy(moments, datetime(2026, 3, 11)), "2026-03").details)
    terms = {r.offer.term: ([by for _, by in r.terms], r.cost) for r in limit.remedies}
    assert terms == {"day": ([1, 3], 800), "month": ([3], 12_000)}


def test_a_remedy_counts_the_tasks_that_still_run_from_the_month_before():
    moments = [(0, 60), (1, 60), (2, 60), (25, 60)]  # the first three begin in March, the fourth in April
    usage = busy(moments, datetime(2026, 4, 1))
    march, april = (concurrency(b.details) for b in price_list().statement(usage, "2026-03", "2026-04").bills)
    assert (march.waited, march.tasks) == (0, 3)
    assert (april.waited, april.tasks, april.waiting) == (1, 1, 35)
    by_day = next(r for r in april.remedies if r.offer.term == "day")
    assert [by for _, by in by_day.terms] == [1]
    assert by_day.cost == 200


def test_the_oracle_knows_the_examples_of_the_page():
    """The three sums that the page itself works out."""
    prepaid = oracle.Customer(BEGIN, bought=[oracle.Bought("p", 10_000, 3, BEGIN)])
    assert oracle.reckon(prepaid, FIRST, FIRST)[FIRST].cents == 1_650_00
    first = oracle.Customer(BEGIN, 50, postpaid=[(BEGIN, True)], calls=[oracle.Call(BEGIN, 10_000)])
    assert oracle.reckon(first, FIRST, FIRST)[FIRST].cents == 796_00
    second = oracle.Customer(BEGIN, 0, postpaid=[(BEGIN, True)], calls=[oracle.Call(BEGIN, 200_000)])
    assert oracle.reckon(second, FIRST, FIRST)[FIRST].cents == 10_000_00


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (datetime(2028, 2, 29, 7), 12, datetime(2029, 2, 28, 7)),
        (datetime(2026, 1, 31), 1, datetime(2026, 2, 28)),
        (datetime(2026, 12, 31), 2, datetime(2027, 2, 28)),
    ],
)
def test_the_oracle_adds_months(start, months, end):
    assert oracle.months_later(start, months) == end
