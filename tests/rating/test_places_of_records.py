"""`place(year(at))` over openings, versions and late usage: it counts what is known, or is refused."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ratewright.plan.plan import plan_of
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months
from ratewright.rating.versions import in_order, rate_history
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import account, bills, changed, event, problem, tariff, total, when

RULES = """
    meter made { define nth = place(year(at)); measure sum(if nth <= 2 then 0 calls else quantity) in calls }
    charge fee { on made; every month; rate 1 USD/call }
"""
USAGE = account(
    event("2026-01-10", 10, "made"),
    event("2026-02-10", 20, "made"),
    event("2026-03-10", 30, "made"),
)


def test_a_month_alone_has_the_places_of_the_year():
    rules = tariff(RULES)
    together = [one.total for one in bills(rules, USAGE, "2026-01", "2026-03")]
    assert together == [0, 0, 30]
    assert [bills(rules, USAGE, name)[0].total for name in ("2026-01", "2026-02", "2026-03")] == together


def test_history_has_places_and_is_not_billed():
    known = changed(USAGE, opening=event("2026-03-01", 1).start, records=USAGE.records[2:], history=USAGE.records[:2])
    assert [one.total for one in bills(tariff(RULES), known, "2026-03")] == [30]


@pytest.mark.parametrize(("opening", "code"), [("2026-03-01", "A307"), ("2026-01-01", "")])
def test_an_opening_inside_the_period_needs_history(opening, code):
    usage = account(event("2026-03-10", 30, "made"), opening=opening)
    if code:
        assert problem(tariff(RULES), usage, "2026-03").code == code
    else:
        assert bills(tariff(RULES), usage, "2026-03")[0].total == 0


def test_a_total_in_history_has_no_place():
    past = (total("2026-02-01", "2026-03-01", 20, "made"),)
    usage = account(event("2026-03-10", 30, "made"), opening="2026-03-01", history=past)
    assert "a total stands for many" in problem(tariff(RULES), usage, "2026-03").message


def test_places_go_on_over_a_new_version():
    head = 'currency USD; timezone "UTC"; effective from'
    lists = [
        tariff(RULES, f"{head} 2026-01-01 until 2026-03-01"),
        tariff(RULES.replace("1 USD", "2 USD"), f"{head} 2026-03-01"),
    ]
    plans = [plan_of(one) for one in in_order(lists)]
    periods = months("2026-01", "2026-03", calendar_of("UTC"))
    made, problems = rate_history(plans, USAGE, periods)
    assert not problems
    assert [one.total for one in made] == [0, 0, 60]


def test_late_records_move_the_others():
    rules = tariff(RULES)
    late = replace(event("2026-01-05", 5, "made"), reported=when("2026-04-10"))
    usage = changed(USAGE, records=(*USAGE.records, late))
    made, problems = rate_account([plan_of(rules)], usage, months("2026-01", "2026-04", calendar_of("UTC")))
    assert not problems
    assert [one.total for one in made] == [0, 0, 30, 20]
