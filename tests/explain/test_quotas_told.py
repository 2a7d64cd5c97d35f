"""What is told of quotas, refunds and late usage is what was computed."""

from __future__ import annotations

import json

import pytest

from ratewright.explain.render import render
from ratewright.rating.walk import statement
from ratewright.report.bill_formats import bill_json
from tests.explain.one_bill import AT, one
from tests.explain.test_as_the_customer import billed, told, use


def test_a_refund_rule_speaks_of_the_lot_whatever_else_is_called_so() -> None:
    rules = """
    meter m in calls
    package pack { covers m;  sizes { 10 calls 5 USD };  refund paid * (size - drawn) / size }
    charge size "Parcel size" { every month;  amount 1 USD }
    charge fee { on m;  every month;  rate 1 USD/call }
    deduct m from pack > fee
    """
    more = "purchases:\n  - {id: p, package: pack, size: 10, at: 2026-03-01T00:00:00Z}\n"
    more += "refunds:\n  - {purchase: p, at: 2026-03-09T00:00:00Z}\n"

    text = told(one(rules, use("m", AT, "4"), more))
    assert "“paid * (size - drawn) / size”: 5.00 USD × (10 calls - 4 calls) / 10 calls = 3.00 USD" in text


# what was bought, given and given back

PACKS = """
meter m in calls
package pack {
  covers m;  sizes { 100 calls 12.32 USD;  below 50 calls 0.2 USD/call;  beyond not sold };  valid 1 year
  refund paid * (size - drawn) / size within 30 days of purchase
}
charge fee { on m;  every month;  rate 1 USD/call }
deduct m from pack > fee
"""


def test_what_was_paid_stands_beside_the_list_price() -> None:
    more = """purchases:
  - {id: p1, package: pack, size: 100, count: 2, at: 2026-03-01T00:00:00Z, paid: 20 USD}
  - {id: p2, package: pack, size: 10, at: 2026-03-01T00:00:00Z, paid: 0 USD}
  - {id: p3, package: pack, size: 100, at: 2026-03-01T00:00:00Z}
"""
    text = told(one(PACKS, "", more))
    assert "200 calls 2 × 12.32 USD = 24.64 USD by the list, 20.00 USD paid 20.00 USD" in text
    assert "10 calls × 0.2 USD/call = 2.00 USD by the list, 0.00 USD paid 0.00 USD" in text
    assert "1 × 12.32 USD = 12.32 USD 12.32 USD" in text


def test_a_purchase_and_an_extension_say_how_they_are_rounded() -> None:
    rules = """
    tariff t { currency USD;  timezone "UTC";  rounding up to 1 USD per line }
    unit call, calls
    meter m in calls
    package pack { covers m;  sizes { 10 calls 33.33 USD } }
    charge fee { on m;  every month;  rate 1 USD/call }
    deduct m from pack > fee
    limit room { on m;  default 1 call;  extend 1 call for 0.40 USD/day;  shared by account and subaccounts }
    """
    more = "purchases:\n  - {id: p, package: pack, size: 10, count: 3, at: 2026-03-01T00:00:00Z}\n"
    more += "  - {id: e, limit: room, extend: 1 call, term: day, terms: 3, from: 2026-03-01T00:00:00Z}\n"
    text = told(one(rules, "", more))
    assert "3 × 33.33 USD = 99.99 USD 100.00 USD" in text
    assert "99.99 USD exactly, rounded up to 1.00 USD: 100.00 USD" in text
    assert "1 × 3 days × 0.40 USD/day = 1.20 USD 2.00 USD" in text
    assert "1.20 USD exactly, rounded up to 1.00 USD: 2.00 USD" in text


def test_what_is_given_back_is_what_was_left() -> None:
    more = "purchases:\n  - {id: p, package: pack, size: 100, at: 2026-03-01T00:00:00Z}\n"
    more += "refunds:\n  - {purchase: p, at: 2026-03-09T00:00:00Z}\n"
    bill = one(PACKS, use("m", AT, "25"), more)

    assert "pack, given back 75 calls 9.24 USD of 12.32 USD paid -9.24 USD" in told(bill)
    assert "“refund paid * (size - drawn) / size within 30 days of purchase” fits" in told(bill)
    (line,) = [line for line in json.loads(bill_json(bill))["lines"] if line["kind"] == "refund"]
    assert line["quantity"] == "75"


CYCLES = """
meter m in calls
package plan { covers m;  sizes { 10 calls 1 USD };  valid 2 months;  renews every month from purchase }
charge fee { on m;  every month;  rate 1 USD/call }
deduct m from plan > fee
"""


def test_a_package_that_ended_within_the_period_was_held() -> None:
    more = "purchases:\n  - {id: p, package: plan, size: 10, at: 2026-01-15T10:30:00Z}\n"
    bills = billed(CYCLES, use("m", "2026-03-20T00:00:00", "7"), "2026-01", "2026-04", more)
    alone = one(CYCLES, use("m", "2026-03-20T00:00:00", "7"), more)

    for march in (bills[2], alone):
        assert "plan 0 calls 10 calls lapsed, was valid to 2026-03-15 10:30" in told(march)
    assert "none held" not in told(bills[3], "full") or "lapsed" not in told(bills[3], "full")


def test_what_rolls_over_and_what_lapses_stand_beside_what_is_left() -> None:
    rules = """
    meter m in calls
    grant fund { covers m;  size 100 calls;  renews every month;  rolls over for 1 month }
    charge fee { on m;  every month;  rate 1 USD/call }
    deduct m from fund > fee
    """
    april = one(
        rules, use("m", "2026-03-10T00:00:00", "10") + use("m", "2026-04-10T00:00:00", "5"), "", "2026-03", "2026-04"
    )

    assert "fund 5 calls 1 cycle drawn, 100 calls rolled over, 95 calls lapsed" in told(april)


SHARED = """
meter sent in calls
meter received in calls
grant free { covers sent, received;  size 10 calls;  renews every month }
charge sent_fee { on sent;  every month;  rate 1 USD/call }
deduct sent from free > sent_fee
deduct received from free
"""


def test_the_rest_of_a_quota_that_meters_share_is_said_to_be_shared() -> None:
    bill = one(SHARED, use("sent", AT, "3") + use("received", AT, "4"))

    assert "free 3 calls 3 calls lapsed, was valid to 31 March 2026; shared with received" in told(bill)
    assert "free 4 calls 3 calls lapsed, was valid to 31 March 2026; shared with sent" in told(bill)


def test_usage_says_what_was_there_to_cover_it() -> None:
    held = one(SHARED, use("received", AT, "14"))
    assert "not covered 4 calls billed nothing 0.00 USD nothing that was given or bought pays for it" in told(held)

    packs = PACKS.replace("deduct m from pack > fee", "deduct m from pack").replace(
        "charge fee { on m", "charge fee { on n"
    )
    none = one(packs + "\nmeter n in calls", use("m", AT, "5"))
    assert "nothing was held that pays for it the price list has no charge for it" in told(none)

    plans = """
    setting plan one of small, big = small
    meter m in calls
    charge big_fee { on m;  every month;  when plan == big;  rate 1 USD/call }
    """
    text = told(one(plans, use("m", AT, "5")))
    assert "billed nothing 0.00 USD big fee applies only when “plan == big” holds, but plan was small" in text
    assert "left" not in text


def test_a_quota_that_was_kept_away_is_not_said_to_be_used_up() -> None:
    rules = """
    setting plan one of small, big = small
    meter m in calls
    grant free { covers m;  size 5 calls;  renews every month;  when plan == big }
    charge fee { on m;  every month;  when plan == big;  rate 1 USD/call }
    deduct m from free > fee
    """
    text = told(one(rules, use("m", AT, "3")))
    assert "free" not in text, "nothing of it was held"
    assert "not covered 3 calls billed nothing 0.00 USD fee applies only when" in text
    assert "was left" not in text


def test_a_condition_is_told_of_the_usage_that_it_kept_away() -> None:
    rules = """
    setting live = off
    meter m in calls
    grant free { covers m;  size 100 calls;  renews every month;  when live }
    charge fee { on m;  every month;  rate 1 USD/call }
    deduct m from free > fee
    """
    more = "settings:\n  live: {2026-01-01: on, 2026-03-10T00:00:00Z: off}\n"
    bill = one(rules, use("m", AT, "30") + use("m", "2026-03-12T00:00:00", "5"), more)

    assert (
        "free 30 calls 70 calls lapsed, was valid to 31 March 2026 0.00 USD "
        "not for 5 calls: applies only when “live” holds" in told(bill)
    )


def test_one_of_a_unit_takes_one_of_another() -> None:
    rules = """
    unit minute_of_hd = 1 call
    meter m in calls
    grant free { covers m at 1;  size 5 calls;  renews every month }
    charge fee { on m;  every month;  rate 1 USD/call }
    deduct m from free > fee
    """
    assert "1 call takes 1 call of it: 5 calls took 5 calls" in told(one(rules, use("m", AT, "7")))


# usage that was reported late

LATE = "  - {meter: m, at: 2026-03-20T00:00:00Z, quantity: 8, reported: 2026-04-02T00:00:00Z}\n"


def test_late_usage_that_changes_no_amount_is_told_with_what_it_took() -> None:
    more = "purchases:\n  - {id: p, package: pack, size: 100, at: 2026-03-01T00:00:00Z}\n"
    april = one(PACKS, use("m", AT, "30") + LATE, more, "2026-03", "2026-04")

    assert "reported late: m of 2026-03-20 00:00, reported 2026-04-02 00:00: 8 calls" in told(april)
    assert (
        "pack, March 2026 8 calls of m, billed nothing 0.00 USD worked out again with 1 record reported late"
        in told(april)
    )
    (line,) = json.loads(bill_json(april))["lines"]
    assert (line["kind"], line["corrects"], line["quantity"], line["amount"]) == ("correction", "usage", "8", "0.00")


def test_late_usage_that_nothing_pays_for_is_told() -> None:
    rules = PACKS.replace("> fee", "").replace("charge fee { on m", "meter n in calls\ncharge fee { on n")
    april = one(rules, use("m", AT, "30") + LATE, "", "2026-03", "2026-04")

    assert "m, not covered, March 2026 8 calls of m, billed nothing 0.00 USD" in told(april)


def test_late_usage_that_changes_nothing_at_all_is_told() -> None:
    rules = 'meter m { field ok text = no;  where ok == "yes";  measure sum(quantity) in calls }\n'
    rules += "charge fee { on m;  every month;  rate 1 USD/call }"
    april = one(rules, LATE, "", "2026-03", "2026-04")

    assert "8 calls nothing that was billed before changes by it" in told(april)


def test_a_corrected_refund_names_its_day_and_the_record_of_its_month() -> None:
    more = "purchases:\n  - {id: p, package: pack, size: 100, at: 2026-03-01T00:00:00Z}\n"
    more += "refunds:\n  - {purchase: p, at: 2026-03-25T00:00:00Z}\n"
    april = one(PACKS, use("m", AT, "10") + LATE, more, "2026-03", "2026-04")

    assert (
        "pack, given back 2026-03-25 -10.10 USD now, -11.09 USD billed before 0.99 USD worked out again with 1 record"
        in told(april)
    )


def test_a_correction_counts_the_records_of_its_own_meter() -> None:
    rules = "meter m in calls\nmeter n in calls\ncharge fee { on m;  every month;  rate 1 USD/call }\n"
    rules += "charge other { on n;  every month;  rate 2 USD/call }"
    april = one(rules, LATE + LATE.replace("meter: m", "meter: n"), "", "2026-03", "2026-04")

    assert "fee, March 2026 8 calls 8.00 USD - 0.00 USD billed before 8.00 USD worked out again with 1 record" in told(
        april
    )
    assert "2 records" not in told(april)


REFUNDED = """
setting kind "How it was ordered" one of fresh, renewed = fresh
meter m in calls
package pack { covers m;  sizes { 10 calls 5 USD }
  refund paid * (size - drawn) / size within 5 days of purchase if drawn < 4 calls and kind == fresh
  refund in full if unused }
charge fee { on m;  every month;  rate 1 USD/call }
deduct m from pack > fee
"""


@pytest.mark.parametrize(
    ("used", "words"),
    [
        (
            "3",
            "fits: asked 2026-03-04 00:00, in time until 2026-03-06 00:00, and drawn was 3 calls and kind (How it was",
        ),
        ("4", "kind == fresh” does not fit: drawn was 4 calls"),
        ("4", "“refund in full if unused” does not fit: 4 calls had been drawn"),
    ],
)
def test_a_refund_says_by_which_comparison_it_was_decided(used: str, words: str) -> None:
    more = "purchases:\n  - {id: p, package: pack, size: 10, at: 2026-03-01T00:00:00Z}\n"
    more += "refunds:\n  - {purchase: p, at: 2026-03-04T00:00:00Z}\n"

    assert words in told(one(REFUNDED, use("m", AT, used), more), "full")


def test_the_end_of_a_lot_without_one_is_told_as_never() -> None:
    rules = REFUNDED.replace("if unused", "if request > expiry")
    more = "purchases:\n  - {id: p, package: pack, size: 10, at: 2026-03-01T00:00:00Z}\n"
    more += "refunds:\n  - {purchase: p, at: 2026-03-09T00:00:00Z}\n"

    assert "does not fit: request was 2026-03-09 and expiry was never" in told(one(rules, use("m", AT, "4"), more))


def test_refusals_of_several_lots_are_told_with_what_was_read_of_each() -> None:
    more = "purchases:\n  - {id: p, package: pack, size: 10, count: 2, at: 2026-03-01T00:00:00Z}\n"
    more += "refunds:\n  - {purchase: p, at: 2026-03-04T00:00:00Z}\n"
    text = told(one(REFUNDED, use("m", AT, "15"), more), "full")

    assert "does not fit: drawn was 10 calls" in text
    assert "does not fit: drawn was 5 calls" in text


A_MONTH = """
meter m in calls
package pack { covers m;  sizes { 10 calls 5 USD };  valid 1 month }
charge fee { on m;  every month;  rate 1 USD/call }
deduct m from pack > fee
"""


def test_what_a_lot_lost_in_an_earlier_period_is_told() -> None:
    more = "purchases:\n  - {id: p, package: pack, size: 10, at: 2026-03-01T00:00:00Z}\n"
    more += "  - {id: q, package: pack, size: 10, at: 2026-03-20T00:00:00Z}\n"
    text = told(
        one(A_MONTH, use("m", AT, "4") + use("m", "2026-04-03T10:00:00", "1"), more, "2026-03", "2026-04"), "full"
    )

    assert "4 drawn before this period, 0 in it, 0 left, 6 lapsed before it — expired 2026-04-01 00:00" in text


def test_what_was_paid_for_and_lapses_is_told_though_nothing_was_used() -> None:
    more = "purchases:\n  - {id: p, package: pack, size: 10, at: 2026-03-10T00:00:00Z}\n"
    used = use("m", "2026-03-11T10:00:00", "1") + use("m", "2026-05-02T10:00:00", "1")
    march, april, may = billed(A_MONTH, used, "2026-03", "2026-05", more)

    assert "pack 1 call 9 left, valid to 9 April 2026" in told(march)
    assert "pack 0 calls 9 calls lapsed, was valid to 9 April 2026" in told(april)
    assert "nothing was used, bought or owed" not in told(april)
    assert "pack 0 calls 9 calls lapsed before, was valid to 9 April 2026" in told(may)
    assert "April 2026, no bill" not in render(statement([march, april, may]), "text")


def test_a_quota_that_costs_nothing_lapses_in_silence() -> None:
    rules = "meter m in calls\ngrant free { covers m;  size 10 calls;  issued once on activation;  valid 40 days }\n"
    rules += "charge fee { on m;  every month;  rate 1 USD/call }\ndeduct m from free > fee\n"
    _, february = billed(rules, use("m", "2026-01-11T10:00:00", "1"), "2026-01", "2026-02")

    assert "nothing was used, bought or owed in this period" in told(february)
