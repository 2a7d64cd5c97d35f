"""Results that an account's data give in place of records: of which time they are, and what may stand beside them."""

from __future__ import annotations

import pytest

from ratewright.usage.model import Record
from tests.rating.accounts import account, bill, bills, changed, drawn, event, problem, state, tariff, total

PEAK = "meter m { field site text = A; BY measure highest(quantity) in calls }\n"
FEE = "charge fee { on m; every month; rate 1 USD/call }"


@pytest.mark.parametrize(("every", "expected"), [("month", [60]), ("week", None), ("month on day 15", None)])
def test_a_measured_result_is_of_its_month_and_no_other_time(every, expected):
    rules = tariff(f"{PEAK.replace('BY', '')}charge fee {{ every {every}; amount m * 1 USD/call }}")
    usage = account(changed(total("2026-03-01", "2026-04-01", 60), measured=True))
    if expected is not None:
        assert [one.total for one in bills(rules, usage, "2026-03", "2026-03")] == expected
        return
    found = problem(rules, usage, "2026-03")
    assert (found.code, found.message[:10]) == ("A303", "this total")


QUARTERS = {
    "priced": "charge fee { on m; every quarter; rate 1 USD/call }",
    "named": "charge fee { every quarter; amount m * 1 USD/call }",
    "drawn": "grant free { covers m; size 500 calls }\ndeduct m from free > fee\n"
    "charge fee { on m; every quarter; rate 1 USD/call }",
}
MONTHS = [("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-03-01"), ("2026-03-01", "2026-04-01")]


def results(*times: tuple[str, str], quantity: int = 60, **fields: str) -> list[Record]:
    return [changed(total(*each, quantity, **fields), measured=True) for each in times]


@pytest.mark.parametrize("rest", QUARTERS.values(), ids=QUARTERS)
@pytest.mark.parametrize("times", [MONTHS, MONTHS[:1], MONTHS[2:], [("2026-01-02", "2026-04-01")]])
def test_a_result_of_a_part_is_none_of_the_whole(times, rest):
    """Three peaks of a month are no peak of the quarter, and one of them is not either."""
    found = problem(tariff(PEAK.replace("BY", "") + rest), account(*results(*times)), "2026-03")
    assert found.code == "A312"
    assert found.message.endswith("what a part measures is not what the whole does")


@pytest.mark.parametrize("rest", [FEE, "charge fee { every month; amount m * 1 USD/call }"])
def test_a_result_that_begins_when_a_bill_ends_is_refused_by_the_next_one(rest):
    rules = tariff(PEAK.replace("BY", "") + rest)
    usage = account(*results(MONTHS[2], ("2026-04-01", "2026-04-20")))
    assert bill(rules, usage, "2026-03").total == 60
    assert problem(rules, usage, "2026-04").code == "A312"


@pytest.mark.parametrize("rest", [QUARTERS["priced"], QUARTERS["named"]])
@pytest.mark.parametrize(
    ("begins", "head", "activated"),
    [
        ("2026-01-01", "", None),
        ("2026-01-20", "", "2026-01-20"),
        ("2026-01-20", "; effective from 2026-01-20", None),
        ("2026-01-01", "; effective from 2026-01-01 until 2026-03-20", None),
    ],
)
def test_a_result_is_of_what_account_and_list_have_of_the_period(begins, head, activated, rest):
    rules = tariff(PEAK.replace("BY", "") + rest, f'currency USD; timezone "UTC"{head}')
    end = "2026-03-20" if "until" in head else "2026-04-01"
    usage = account(*results((begins, end)), activated=activated)
    assert bill(rules, usage, "2026-03").total == 60


@pytest.mark.parametrize("rest", ["", "renews every month; "])
def test_where_quotas_alone_pay_it_is_a_result_of_the_month(rest):
    rules = tariff(f"{PEAK.replace('BY', '')}grant free {{ covers m; {rest}size 500 calls }}\ndeduct m from free")
    assert problem(rules, account(*results(("2026-03-05", "2026-03-06"))), "2026-03").code == "A312"
    assert drawn(bill(rules, account(*results(MONTHS[2])), "2026-03")) != {}


def test_a_line_of_another_contract_asks_for_no_result():
    rules = tariff(
        f"setting by_quarter = off\n{PEAK.replace('BY', '')}"
        "charge long  { on m; every quarter; when by_quarter; rate 1 USD/call }\n"
        "charge short { on m; every month; when not by_quarter; rate 1 USD/call }"
    )
    assert [one.total for one in bills(rules, account(*results(*MONTHS)), "2026-01", "2026-03")] == [60, 60, 60]


def test_results_of_a_sum_add_up():
    rules = tariff(f"meter m in calls\n{QUARTERS['priced']}")
    assert bill(rules, account(*results(*MONTHS)), "2026-03").total == 180


@pytest.mark.parametrize("measure", ["highest(quantity)", "sum(quantity)"])
def test_a_time_has_one_result_and_no_records_beside_it(measure):
    rules = tariff(f"meter m {{ field site text = A; by site; measure {measure} in calls }}\n{FEE}")
    march, day = (results(times, site="A") for times in (MONTHS[2], ("2026-03-05", "2026-03-06")))
    for other in (march[0], event("2026-03-05", 7), *day):
        found = problem(rules, account(*march, other), "2026-03")
        assert (found.code, "in the same time" in found.message) == ("A103", True)
    beside = [event("2026-04-01", 7), *results(MONTHS[1], site="A"), *results(MONTHS[2], quantity=5, site="B")]
    assert bill(rules, account(*march, *beside), "2026-03").total == 65


@pytest.mark.parametrize("by", ["", "by site;"])
def test_a_measured_result_and_a_record_of_its_key_are_refused(by):
    rules = tariff(f"{PEAK.replace('BY', by)}charge fee {{ on m; every month; rate 1 USD/call }}")
    sites = {"site": "A"} if by else {}
    given = changed(total("2026-03-01", "2026-04-01", 60, **sites), measured=True)
    assert problem(rules, account(given, event("2026-03-05", 7))).code == "A103"
    assert problem(rules, account(given, state("2026-02-27T00:00Z", "2026-03-01T01:00Z", 7))).code == "A103"
    bill(rules, account(given, state("2026-02-27T00:00Z", "2026-03-01T00:00Z", 7)))
    if by:
        other = account(changed(total("2026-03-01", "2026-04-01", 60, site="B"), measured=True), event("2026-03-05", 7))
        assert bill(rules, other).total == 67
