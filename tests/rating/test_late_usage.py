"""Usage that is reported late: the bill of its period leaves it out, and the next one has the difference."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ratewright.explain.render import render
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import plan_of
from ratewright.rating.bill import Bill, LineKind
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months
from ratewright.usage.model import Usage
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import account, bills, changed, event, tariff, when
from tests.tries import tries

RULES = """
meter m { measure sum(quantity) in calls }
package pack { covers m; sizes { 5 calls 1 USD }; valid 1 year from purchase }
charge fee { on m; every month; volume { below 10 2 USD/call; beyond 1 USD/call } }
discount off { on fee; rate 10% }
deduct m from pack > fee
"""


def rated(rules: tree.Tariff, usage: Usage, first: str = "2026-01", last: str = "2026-03") -> list[Bill]:
    found, problems = rate_account([plan_of(rules)], usage, months(first, last, calendar_of("UTC")))
    assert not problems, problems
    return found


def late(at: str, quantity: int, reported: str):
    return changed(event(at, quantity), reported=when(reported))


def corrections(bill: Bill) -> list[tuple[str, object]]:
    return [(line.source, line.amount) for line in bill.lines if line.kind is LineKind.CORRECTION]


def test_the_next_bill_has_the_difference_line_by_line():
    usage = account(event("2026-01-10 10:00", 8), late("2026-01-20 10:00", 4, "2026-02-05"), activated="2026-01-01")
    january, february, _ = rated(tariff(RULES), usage)
    assert january.total == Fraction("14.4")
    assert corrections(february) == [("fee", -4), ("off", Fraction("0.4"))]
    assert january.total + february.total == sum(b.total for b in bills(tariff(RULES), usage, "2026-01", "2026-02"))


def test_what_is_reported_before_the_period_ends_is_not_late():
    on_time = account(late("2026-01-20 10:00", 4, "2026-01-31 23:59:59"), activated="2026-01-01")
    too_late = account(late("2026-01-20 10:00", 4, "2026-02-01"), activated="2026-01-01")
    assert [len(corrections(b)) for b in rated(tariff(RULES), on_time)] == [0, 0, 0]
    assert [len(corrections(b)) for b in rated(tariff(RULES), too_late)] == [0, 2, 0]
    assert rated(tariff(RULES), too_late)[0].total == 0


def test_a_month_asked_for_alone_has_its_corrections():
    usage = account(event("2026-01-10 10:00", 8), late("2026-01-20 10:00", 4, "2026-03-05"), activated="2026-01-01")
    together = rated(tariff(RULES), usage)
    alone = [rated(tariff(RULES), usage, f"2026-0{n}", f"2026-0{n}")[0] for n in (1, 2, 3)]
    assert [b.total for b in alone] == [b.total for b in together]
    assert corrections(alone[2]) == corrections(together[2]) != []


@given(
    st.lists(
        st.tuples(st.integers(1, 28), st.integers(1, 3), st.integers(1, 12), st.integers(0, 60)), min_size=1, max_size=6
    )
)
@tries(60)
def test_in_the_end_it_comes_to_what_it_had_been_on_time(drawn):
    """Whatever comes late, the bills up to the last report add up to the bills of an account that told all at once."""
    records = []
    for day, month, quantity, delay in drawn:
        at = when(f"2026-0{month}-{day:02d}T10:00:00Z")
        record = event(at, quantity)
        records.append(changed(record, reported=at.add(hours=24 * delay)) if delay else record)
    usage = account(*records, activated="2026-01-01")
    at_once = account(*(changed(r, reported=None) for r in records), activated="2026-01-01")
    rules = tariff(RULES)
    told = sum(b.total for b in rated(rules, usage, "2026-01", "2026-06"))
    assert told == sum(b.total for b in rated(rules, at_once, "2026-01", "2026-06"))


def test_where_bills_are_rounded_the_rounding_is_corrected_too():
    """January is 0.015 and rounds to 0.02; with the late call it is 0.020. February's own 0.005 rounds to 0.01."""
    rules = tariff(
        "meter m { measure sum(quantity) in calls }\ncharge fee { on m; every month; rate 0.005 USD/call }",
        'currency USD; timezone "UTC"; rounding half up to 0.01 USD per bill',
    )
    usage = account(event("2026-01-05", 3), late("2026-01-06", 1, "2026-02-03"), event("2026-02-05", 1))
    january, february = rated(rules, usage, "2026-01", "2026-02")
    assert (january.total, february.total) == (Fraction(2, 100), Fraction(1, 100))
    assert corrections(february) == [("fee", Fraction(5, 1000)), ("rounding", Fraction(-5, 1000))]


def test_what_a_voucher_pays_of_a_corrected_total_comes_off_behind_the_total():
    rules = tariff(
        "meter m { measure sum(quantity) in calls }\ncharge fee { on m; every month; rate 1 USD/call }\n"
        "grant voucher { covers total; size 6 USD; issued once on activation }\ndeduct total from voucher"
    )
    usage = account(event("2026-01-05", 3), late("2026-01-06", 5, "2026-02-03"), activated="2026-01-01")
    january, february = rated(rules, usage, "2026-01", "2026-02")
    assert (january.total, january.due, february.total, february.due) == (3, 0, 5, 2)
    assert (february.corrections, corrections(february)) == (5, [("fee", 5), ("voucher", -3)])
    text = " ".join(render(february, "text", "normal", width=1000).split())
    assert "Paid of the total voucher, January 2026 -6.00 USD now, -3.00 USD billed before" in text
