"""Laws over random price lists in time: openings, versions and late usage change who knows what when, and no figure."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from whenever import Date, Instant

from ratewright.meaning import nodes as tree
from ratewright.plan.plan import plan_of
from ratewright.rating.bill import Bill
from ratewright.rating.corrections import rate_account
from ratewright.rating.versions import rate_history
from ratewright.rating.walk import rate
from ratewright.usage.model import Usage
from tests.rating.accounts import carried, changed, periods_of, when
from tests.rating.random_tariffs import FIRST, LAST, Case, cases
from tests.rating.test_random_tariffs import figures, rated
from tests.tries import tries

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
_NO_PERIOD_BEGINS = {"A204", "A209"}
"""Where an opening or a change of versions lies inside a period, it is refused."""


def instant(case: Case, month: str) -> Instant:
    return periods_of(case.rules, month)[0].start


def opened(usage: Usage, before: Bill, at: Instant, day: str) -> Usage:
    """The account from a month on, with the balances of the bill before it."""
    return changed(
        usage,
        opening=when(day),
        balances=carried(before),
        records=tuple(r for r in usage.records if r.start >= at),
        history=tuple(r for r in usage.records if r.start < at),
        purchases=tuple(p for p in usage.purchases if p.at >= at),
    )


@pytest.mark.parametrize("month", MONTHS[1:])
@given(case=cases())
@tries(20)
def test_an_account_may_be_opened_with_the_balances_of_any_month(case, month):
    together = rated(case)
    position = MONTHS.index(month)
    usage = opened(case.usage, together[position - 1], instant(case, month), f"{month}-01")
    made, problems = rate(plan_of(case.rules), usage, periods_of(case.rules, month, LAST))
    assume(not {p.code for p in problems} & _NO_PERIOD_BEGINS)
    assert not problems
    assert figures(made) == figures(together[position:])


@pytest.mark.parametrize("month", MONTHS[1:])
@given(case=cases())
@tries(20)
def test_a_new_version_of_the_same_words_changes_nothing(case, month):
    day = Date.parse_iso(f"{month}-01")
    versions: list[tree.Tariff] = [
        replace(case.rules, effective=Date(2025, 1, 1), until=day),
        replace(case.rules, effective=day),
    ]
    plans = [plan_of(version) for version in versions]
    made, problems = rate_history(plans, case.usage, periods_of(case.rules, FIRST, LAST))
    assume(not {p.code for p in problems} & _NO_PERIOD_BEGINS)
    assert not problems
    assume(len(made) == len(MONTHS))  # where the change lies in a week that runs on, its month has two bills
    same_words = rated(case)
    assert figures([left_to_the_next(bill) for bill in made]) == figures(
        [left_to_the_next(bill) for bill in same_words]
    )


def left_to_the_next(bill: Bill) -> Bill:
    """A bill without the cycles that begin with its end: a list that holds from then on gives its own."""
    given_anew = [
        held
        for held in bill.balances
        if held.starts == bill.period.end
        and held.purchased is None
        and not held.repaid
        and not held.lot.endswith("-rolled")
    ]
    return replace(bill, balances=tuple(held for held in bill.balances if held not in given_anew))


@given(cases(), st.data())
@tries(60)
def test_late_records_come_to_the_same_in_the_end(case, data):
    end = instant(case, "2026-05")
    records = []
    for record in case.usage.records:
        hours = data.draw(st.integers(0, 24 * 60))
        at = record.start.add(hours=hours)
        records.append(changed(record, reported=at) if at < end else record)
    usage = changed(case.usage, records=tuple(records))
    made, problems = rate_account([plan_of(case.rules)], usage, periods_of(case.rules, FIRST, LAST))
    assert not problems
    on_time = rated(case)
    assert sum(one.total for one in made) == sum(one.total for one in on_time)
    assert sum(one.due for one in made) == sum(one.due for one in on_time)
    assert figures(made)[-1][2] == figures(on_time)[-1][2]
