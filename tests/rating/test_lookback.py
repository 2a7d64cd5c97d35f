"""Measures that look back further than their period: in periods without records too, and never past the data."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rating.accounts import account, bills, changed, event, problem, tariff, total

RATCHET = tariff(
    """
    meter raw { field site text = A; by site; measure highest(quantity) in calls }
    meter ever { reads raw; by site; measure highest(quantity since activation) in calls }
    meter lately { reads raw; measure highest(quantity since (start of period - 2 months)) in calls }
    charge ever_fee { on ever; every month; rate 1 USD/call }
    charge lately_fee { on lately; every month; rate 0.01 USD/call }
    charge share { every month; amount 10% * ever / 1 call * 1 USD }
    charge ratchet { on max(raw, 80% of ever); every month; rate 100 USD/call }
    """
)
USAGE = account(
    event("2026-01-10", 100, "raw", site="A"),
    event("2026-01-11", 50, "raw", site="B"),
    event("2026-05-10", 60, "raw", site="B"),
    activated="2026-01-01",
)
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")


def amounts(made, source):
    return [[line.amount for line in one.lines if line.source == source] for one in made]


def test_every_period_counts_what_came_before_it_for_each_key():
    made = bills(RATCHET, USAGE, "2026-01", "2026-05")
    assert amounts(made, "ever_fee") == [[100, 50]] * 4 + [[100, 60]]
    assert amounts(made, "lately_fee") == [[1], [1], [1], [], [Fraction(6, 10)]]
    assert [x[0] for x in amounts(made, "share")] == [15, 15, 15, 15, 16]
    assert amounts(made, "ratchet")[1] == [8_000, 4_000]


def test_a_month_alone_looks_back_as_far():
    together = bills(RATCHET, USAGE, "2026-01", "2026-05")
    assert [bills(RATCHET, USAGE, name)[0].total for name in MONTHS] == [made.total for made in together]


def test_it_does_not_look_back_past_an_opening():
    usage = changed(USAGE, opening=changed(USAGE, activated="2026-03-01").activated, records=USAGE.records[2:])
    usage = changed(usage, opening=event("2026-03-01", 1).start)
    found = problem(RATCHET, usage, "2026-05")
    assert found.code == "A210"
    assert "`ever` looks back to 2026-01-01" in found.message
    assert "the account's data begin with the opening of 2026-03-01" in found.message


def test_a_window_over_the_opening():
    rules = tariff(
        "meter raw { measure highest(quantity) in calls }\n"
        "meter lately { reads raw; measure highest(quantity since (start of period - 2 months)) in calls }\n"
        "charge fee { on lately; every month; rate 1 USD/call }"
    )
    usage = account(event("2026-03-10", 7, "raw"), opening="2026-03-01")
    assert problem(rules, usage, "2026-05").code == "A210"
    known = changed(usage, history=(event("2026-02-10", 8, "raw"),))
    assert [one.total for one in bills(rules, known, "2026-03", "2026-05")] == [8, 8, 7]


def test_records_from_before_the_opening_are_looked_at_and_not_billed():
    usage = changed(USAGE, opening=event("2026-03-01", 1).start, records=USAGE.records[2:], history=USAGE.records[:2])
    together = bills(RATCHET, USAGE, "2026-01", "2026-05")
    made = bills(RATCHET, usage, "2026-03", "2026-05")
    assert [one.total for one in made] == [one.total for one in together[2:]]
    assert [one.meters[0].measured for one in made] == [0, 0, 60]


@pytest.mark.parametrize(
    ("opening", "help"),
    [("2026-01-11", "move it to `usage`"), (None, "say by `opening` from when on usage is billed")],
)
def test_history_lies_before_the_opening(opening, help):
    usage = changed(USAGE, opening=event(opening, 1).start if opening else None, history=USAGE.records[1:2])
    found = problem(RATCHET, changed(usage, records=()), "2026-05")
    assert (found.code, found.help) == ("A202", help)


FLOOR = """
    meter demand {{ measure highest(quantity) in calls }}
    meter ever {{ reads demand; measure highest(quantity since activation) in calls }}
    charge floor {{ every month; {charge} }}
"""


@pytest.mark.parametrize("charge", ["on max(demand, 80% of ever); rate 1 USD/call", "amount ever / 1 call * 1 USD"])
def test_it_does_not_look_back_at_records_that_a_measured_result_stands_for(charge):
    rules = tariff(FLOOR.format(charge=charge))
    april = changed(total("2026-04-01", "2026-05-01", 60, "demand"), measured=True)
    usage = account(april, activated="2026-04-01")
    assert problem(rules, usage, "2026-04").code == "A210"
    found = problem(rules, usage, "2026-05")
    assert found.code == "A210"
    assert found.message == "`ever` looks back to 2026-04-01, and a measured value stands for the records of 2026-04-01"
    may = event("2026-05-02", 10, "demand")
    assert problem(rules, changed(usage, records=(april, may)), "2026-05").code == "A210"


def test_measured_results_of_every_period_leave_nothing_to_look_back_for():
    rules = tariff(FLOOR.format(charge="on max(demand, 80% of ever); rate 1 USD/call"))
    months = ("2026-04-01", "2026-05-01", "2026-06-01")
    given = [
        changed(total(start, end, quantity, meter), measured=True)
        for start, end, demand, ever in zip(months[:2], months[1:], (60, 10), (60, 60), strict=True)
        for meter, quantity in (("demand", demand), ("ever", ever))
    ]
    made = bills(rules, account(*given, activated="2026-04-01"), "2026-04", "2026-05")
    assert [one.total for one in made] == [60, 48]


@pytest.mark.parametrize("activated", ["2026-03-01", "2026-03-10"])
def test_an_account_that_began_at_the_opening_or_later_has_nothing_to_look_back_at(activated):
    """Its activation, and no promise that there were no records, says that all of them are known."""
    usage = account(event("2026-03-12", 7, "raw"), opening="2026-03-01", activated=activated)
    (made,) = bills(RATCHET, usage, "2026-03")
    assert amounts([made], "lately_fee") == [[Fraction(7, 100)]]
    before = changed(usage, activated=event("2026-02-27", 1).start)
    assert "looks back to 2026-02-27" in problem(RATCHET, before, "2026-03").message
