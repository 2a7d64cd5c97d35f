"""Quotas, refunds and tasks over a change of prices."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ratewright.derivation.trace import PauseTrace
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import LineKind
from tests.rating.accounts import account, ask, buy, charged, event, state, tariff
from tests.rating.versions_of_a_list import BODY, rated, refused, used, version

RENEWING = """
meter m {{ measure sum(quantity) in calls }}
grant free {{ covers m; size {size} calls; renews every {every}{rolls} }}
charge fee {{ on m; every {period}; rate 1 USD/call }}
deduct m from free > fee
"""


def quota(start: str, until: str, size: int, **parts: str) -> tree.Tariff:
    body = RENEWING.format(**{"every": "month", "rolls": "", "period": "month", "size": size, **parts})
    until = f" until {until}" if until else ""
    return tariff(body, f'currency USD; timezone "UTC"; effective from {start}{until}')


@pytest.mark.parametrize(("old", "new"), [(10, 15), (15, 10)])
@pytest.mark.parametrize("activated", ["2025-01-01", "2026-03-01"])
def test_a_grant_that_begins_with_a_version_has_its_size(old, new, activated):
    versions = [quota("2025-01-01", "2026-03-01", old), quota("2026-03-01", "", new)]
    (made,) = rated(versions, account(event("2026-03-05", 20), activated=activated), "2026-03", "2026-03")
    assert charged(made) == 20 - new


@pytest.mark.parametrize(("old", "new"), [(10, 15), (15, 10)])
def test_a_cycle_that_runs_over_a_change_keeps_its_size(old, new):
    """The week from Monday 23 February runs on to 2 March: what is left of it is drawn by the new list."""
    versions = [
        quota("2025-01-01", "2026-03-01", old, every="week", period="day"),
        quota("2026-03-01", "", new, every="week", period="day"),
    ]
    usage = account(event("2026-02-27", 4), event("2026-03-01", 20), event("2026-03-02", 20), activated="2026-01-01")
    _, march = rated(versions, usage, "2026-02", "2026-03")
    assert [line.amount for line in march.lines] == [20 - (old - 4), 20 - new]


def test_what_rolled_over_out_of_the_earlier_list_is_kept():
    versions = [
        quota("2025-01-01", "2026-03-01", 10, rolls="; rolls over for 1 month"),
        quota("2026-03-01", "", 15, rolls="; rolls over for 1 month"),
    ]
    usage = account(event("2026-02-05", 4), event("2026-03-05", 30), activated="2026-02-01")
    _, march = rated(versions, usage, "2026-02", "2026-03")
    assert charged(march) == 30 - 6 - 15


def test_a_grant_that_the_new_list_does_not_have_ends_with_the_old():
    versions = [
        quota("2025-01-01", "2026-03-01", 10),
        tariff(
            "meter m { measure sum(quantity) in calls }\ncharge fee { on m; every month; rate 1 USD/call }",
            'currency USD; timezone "UTC"; effective from 2026-03-01',
        ),
    ]
    usage = account(event("2026-02-05", 20), event("2026-03-05", 20), activated="2026-02-01")
    assert [charged(made) for made in rated(versions, usage, "2026-02", "2026-03")] == [10, 20]


def test_a_new_list_may_give_a_grant_of_its_own_time():
    promotion = "grant extra { covers m; size 7 calls; valid from 2026-03-15 until 2026-04-01 }"
    versions = [
        quota("2025-01-01", "2026-03-01", 10),
        tariff(
            f"meter m {{ measure sum(quantity) in calls }}\n{promotion}\n"
            "charge fee { on m; every month; rate 1 USD/call }\ndeduct m from extra > fee",
            'currency USD; timezone "UTC"; effective from 2026-03-01',
        ),
    ]
    usage = account(event("2026-03-14", 20), event("2026-03-15", 20), activated="2026-02-01")
    assert [charged(made) for made in rated(versions, usage, "2026-03", "2026-03")] == [33]


@pytest.mark.parametrize("stated", [(True, False), (False, True), (True, True)])
def test_either_list_may_state_that_the_change_splits_the_period(stated):
    first, second = ("; changes split the period" if one else "" for one in stated)
    flat = "charge fee {{ every month; prorated by day; amount {} USD }}"
    versions = [
        tariff(flat.format(28), f'currency USD; timezone "UTC"; effective from 2025-01-01 until 2026-02-15{first}'),
        tariff(flat.format(56), f'currency USD; timezone "UTC"; effective from 2026-02-15{second}'),
    ]
    made = rated(versions, account(activated="2026-01-01"), "2026-01", "2026-03")
    assert [bill.total for bill in made] == [28, 14, 28, 56]


REFUNDED = """
meter m in calls
package pack { covers m; sizes { 100 calls 1 USD }; refund in full if refunds_before < 1 }
charge fee { on m; every month; rate 1 USD/call }
deduct m from pack > fee
limit at_once { on m; default 1 call; shared by account and subaccounts }
"""


def once_changed(body: str) -> list[tree.Tariff]:
    heads = ("effective from 2026-01-01 until 2026-03-01", "effective from 2026-03-01")
    return [tariff(body, f'currency USD; timezone "UTC"; {times}') for times in heads]


@pytest.mark.parametrize("first", ["2026-01", "2026-02", "2026-03"])
def test_refunds_are_counted_over_a_change(first):
    usage = account(
        purchases=(buy("a", "2026-01-05", 100), buy("b", "2026-01-06", 100)),
        refunds=(ask("a", "2026-02-10"), ask("b", "2026-03-10")),
    )
    last = rated(once_changed(REFUNDED), usage, first, "2026-03")[-1]
    assert [line.amount for line in last.lines if line.kind is LineKind.REFUND] == []
    assert [(refused.purchase, refused.granted) for refused in last.refusals] == [("b", False)]


def test_tasks_run_on_over_a_change():
    usage = account(event("2026-02-28 23:30", 1, lasts="50 minutes"), event("2026-03-01 00:05", 1, lasts="5 minutes"))
    (limit,) = rated(once_changed(REFUNDED), usage, "2026-03", "2026-03")[0].limits
    assert (limit.tasks, limit.waited, limit.peak) == (1, 1, 2)


def test_a_state_over_a_change_is_one_task():
    body = (
        REFUNDED.replace("meter m in calls", "meter m { measure integral(quantity) / length(period) in calls }")
        .replace("deduct m from pack > fee", "")
        .replace("package pack { covers m; sizes { 100 calls 1 USD }; refund in full if refunds_before < 1 }", "")
    )
    days = ("2026-01-01 until 2026-03-01", "2026-03-01 until 2026-04-01", "2026-04-01")
    one, *versions = (
        tariff(body, f'currency USD; timezone "UTC"; effective from {each}') for each in ("2026-01-01", *days)
    )
    usage = account(
        state("2026-02-27", "2026-04-02", 1),
        state("2026-02-28 12:00", "2026-03-20", 1),
        state("2026-03-01", "2026-03-02", 1),
    )
    there, here = ([bill.limits for bill in rated(lists, usage, "2026-02", "2026-04")] for lists in ([one], versions))
    figures = [[(limit.tasks, limit.peak, limit.waited, limit.longest) for limit in each] for each in there]
    assert figures == [[(2, 2, 1, 2_808_000)], [(1, 3, 1, 4_449_600)], [(0, 1, 0, 0)]]
    assert figures == [[(limit.tasks, limit.peak, limit.waited, limit.longest) for limit in each] for each in here]


def test_a_grant_of_a_later_list_only_was_not_drawn_before_it():
    before = 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-15; changes split the period'
    after = 'currency USD; timezone "UTC"; effective from 2026-03-15'
    meter = "meter m in calls\ncharge fee { on m; every month; rate 1 USD/call }\n"
    given = "grant free { covers m; size 10 calls; renews every month }\ndeduct m from free > fee"
    versions = [tariff(meter, before), tariff(meter + given, after)]
    made = rated(versions, account(event("2026-03-20", 30), activated="2026-01-01"), "2026-03", "2026-04")
    assert [charged(bill) for bill in made[:2]] == [0, 30]
    assert all(lot.before == 0 for meter in made[1].meters for source in meter.sources for lot in source.lots)
    assert [one.remaining for one in made[1].balances] == [10]


@pytest.mark.parametrize(
    ("used_before", "message"), [(10, None), (7, "has no `free`, and 3 calls of `free@2026-03-01`")]
)
def test_a_quota_that_a_later_list_has_no_more_is_used_up_or_kept(used_before, message):
    before = 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-15; changes split the period'
    after = 'currency USD; timezone "UTC"; effective from 2026-03-15'
    meter = "meter m in calls\ncharge fee { on m; every month; rate 1 USD/call }\n"
    given = "grant free { covers m; size 10 calls; renews every month }\ndeduct m from free > fee"
    versions = [tariff(meter + given, before), tariff(meter, after)]
    usage = account(event("2026-03-10", used_before), event("2026-03-20", 30), activated="2026-03-01")
    if message is None:
        assert [charged(bill) for bill in rated(versions, usage, "2026-03", "2026-03")] == [0, 30]
    else:
        found = refused(versions, usage)
        assert found.code == "A209"
        assert message in found.message


def test_usage_in_an_order_is_served_where_a_change_cuts_its_period():
    head = 'currency USD; timezone "UTC"; effective from {}; changes split the period'
    body = """
    meter m { field kind one of LEB, LVB; measure sum(quantity) in calls }
    grant free { covers m; size 41 calls; issued once on activation; valid until 2026-03-25 }
    charge fee { on m; every month on day 15; rate 1 USD/call }
    deduct m in order of kind from free > fee
    """
    versions = [tariff(body, head.format("2026-01-01 until 2026-04-01")), tariff(body, head.format("2026-04-01"))]
    usage = account(event("2026-03-18", 30, kind="LVB"), event("2026-03-20", 20, kind="LEB"), activated="2026-03-01")
    assert [charged(bill) for bill in rated(versions, usage, "2026-03", "2026-04")] == [9, 0]


SOLD = """
meter m { field kind text = any; measure sum(quantity) in calls }
package pack {
  covers m;  sizes { 100 calls 3 USD };  valid 20 days from purchase;  renews every day
  refund in full within 10 days of purchase if unused
  refund paid * drawn / 300 calls within 60 days of purchase
}
charge fee { on m; every month; rate 1 USD/call }
deduct m from pack > fee
"""


@pytest.mark.parametrize("renews", ["renews every day\n", "\n"])
@pytest.mark.parametrize(
    "asked",
    [
        [ask("p", "2026-03-05")],
        [ask("p", "2026-02-05"), ask("p", "2026-03-05"), ask("p", "2026-04-05")],
        [ask("p#1", "2026-02-20"), ask("p", "2026-03-05")],
        [ask("p#2", "2026-02-05"), ask("p#1", "2026-03-25"), ask("p#2", "2026-04-25")],
        [ask("late#1", "2026-02-27"), ask("late", "2026-03-02")],
    ],
)
def test_what_is_asked_of_purchases_that_are_over_is_decided_as_by_one_list(asked, renews):
    body = SOLD.replace("renews every day\n", renews)
    days = ["2026-01-01", "2026-03-01", "2026-04-01"]
    heads = [*(f"{first} until {last}" for first, last in pairwise(days)), days[-1]]
    one, *versions = (
        tariff(body, f'currency USD; timezone "UTC"; effective from {dates}') for dates in ("2026-01-01", *heads)
    )
    usage = account(
        event("2026-02-10 10:00", 40), activated="2026-01-01", refunds=asked, pauses=[ask("p", "2026-04-01")],
        purchases=[buy("p", "2026-02-01", 100, "pack", count=2), buy("late", "2026-02-25", 100, "pack", count=2)],
    )  # fmt: skip
    there, here = (
        [
            ([(line.label, line.amount) for line in bill.lines], [_refused(each) for each in bill.refusals])
            for bill in rated(lists, usage, "2026-02", "2026-04")
        ]
        for lists in ([one], versions)
    )
    assert here == there


@pytest.mark.parametrize("renews", ["renews every day; ", ""])
@pytest.mark.parametrize(("valid", "asked"), [("1 year", "2026-03-05"), ("5 days", "2026-03-25")])
def test_the_list_price_is_that_of_the_list_that_sold_the_lot(valid, asked, renews):
    """Also of what had expired by then; what is bought after the change has the new price."""
    body = "meter m {{ measure sum(quantity) in calls }}\ncharge fee {{ on m; every month; rate 1 USD/call }}\n"
    body += "package pack {{ covers m; sizes {{ 100 calls {price} USD }}; valid {valid}; {renews}refund list_price }}\n"
    body += "deduct m from pack > fee"
    versions = [
        tariff(
            body.format(price=price, valid=valid, renews=renews),
            f'currency USD; timezone "UTC"; effective from {dates}',
        )
        for price, dates in ((3, "2026-01-01 until 2026-03-01"), (20, "2026-03-01"))
    ]
    usage = account(
        activated="2026-01-01", refunds=[ask("p", asked), ask("late", asked)],
        purchases=[buy("p", "2026-02-28", 100, "pack", paid="2 USD"), buy("late", "2026-03-02", 100, "pack")],
    )  # fmt: skip
    _, march = rated(versions, usage, "2026-02", "2026-03")
    back = {line.why.lots: -line.amount for line in march.lines if line.kind is LineKind.REFUND}
    assert back == {("p",): 3, ("late",): 20}


def _refused(request) -> tuple[object, ...]:
    if isinstance(request, PauseTrace):
        return request.purchase, request.request
    figures = (request.size, request.drawn, request.paid, request.returned, request.purchased, request.request)
    return request.purchase, request.lots, request.already, len(request.tried), *figures


def test_a_request_for_what_no_list_knew_or_the_later_one_does_not_know_is_refused():
    versions = [version("2026-01-01", "2026-03-01", 1), version("2026-03-01", "", 2)]
    bought = {"purchases": (buy("p", "2026-01-05", 100, "pack"),)}
    assert refused(versions, used("2026-01-06", refunds=(ask("q", "2026-03-05"),), **bought)).code == "A206"
    without = tariff(
        "meter m { measure sum(quantity) in calls }", 'currency USD; timezone "UTC"; effective from 2026-03-01'
    )
    short = tariff(
        BODY.replace("1 year", "20 days").format(price=1, every="month"),
        'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-01',
    )
    found = refused([short, without], used("2026-01-06", refunds=(ask("p", "2026-03-05"),), **bought))
    assert (found.code, found.message) == (
        "A209",
        "the version from 2026-03-01 has no `pack`, and a request speaks of `p` then",
    )
