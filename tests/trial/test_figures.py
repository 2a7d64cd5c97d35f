"""What expectations may ask of finished bills, each by an example worked out by hand."""

from __future__ import annotations

import pytest

from ratewright.trial.results import Status
from tests.trial.trials import holds, ran, refused

# ---------------------------------------------------------------- lines and sums


LINES = """\
meter made in calls
package pack { covers made;  sizes { 10 calls 5 USD };  refund in full }
charge fee {
  on     made
  every  month
  graduated {
    up to 10 calls   0.333 USD/call
    up to 20 calls   0.20 USD/call
    beyond           0.10 USD/call
  }
  rounding half up to 0.01 USD
}
charge plan { every month;  amount 2 USD }
discount loyalty { on fee;  rate 10%;  rounding none }
tax gst { on subtotal;  rate 20%;  rounding none }
deduct made from pack > fee
"""


def test_the_sums_of_a_bill() -> None:
    """25 calls: 3.33 + 2 + 0.50 = 5.83; with the plan 7.83; less 0.583; and 20% of 7.247 more."""
    holds(
        LINES,
        "use 25 calls of made in 2026-03",
        "expect fee == 5.83 USD and plan == 2 USD",
        "expect charges == 7.83 USD",
        "expect loyalty == 0.583 USD",
        "expect subtotal == 7.247 USD",
        "expect gst == 1.4494 USD",
        "expect total == 8.6964 USD and due == total",
        "expect charges - loyalty == subtotal and subtotal + gst == total",
    )


def test_the_amount_before_rounding() -> None:
    """Eleven calls cost 3.33 + 0.20, and one call 0.333, which is billed as 0.33."""
    holds(
        LINES,
        "use 1 call of made in 2026-03",
        "expect fee == 0.33 USD and exact(fee) == 0.333 USD",
        "expect exact(charges) == 2.333 USD and exact(loyalty) == 0.033 USD",
        "expect exact(subtotal) == 2.3 USD",
        "expect round half up (exact(fee)) to 0.1 USD == 0.3 USD",
    )


def test_the_rows_of_a_price() -> None:
    holds(
        LINES,
        "use 25 calls of made in 2026-03",
        "use 12 calls of made in 2026-04",
        "expect slice(fee, 1) == 6.66 USD",
        "expect slice(fee, 2) == 2.40 USD",
        "expect slice(fee, 3) == 0.50 USD",
        "expect in 2026-04 slice(fee, 1) == 3.33 USD and slice(fee, 2) == 0.40 USD and slice(fee, 3) == 0 USD",
        "expect slice(fee, 1) + slice(fee, 2) + slice(fee, 3) == exact(fee)",
    )


def test_the_row_that_a_volume_reaches_has_all() -> None:
    rules = (
        "meter made in calls\ncharge fee { on made;  every month\n"
        "volume { below 10 calls 0.2 USD/call\nbeyond 0.1 USD/call } }\n"
    )
    holds(rules, "use 10 calls of made in 2026-03", "expect slice(fee, 1) == 0 USD and slice(fee, 2) == 1 USD")
    holds(rules, "use 9 calls of made in 2026-03", "expect slice(fee, 1) == 1.8 USD and slice(fee, 2) == 0 USD")


def test_the_rows_of_a_table_by_key() -> None:
    rules = """\
table price by quantity, region in USD/call {
                  EU     US
  below 10 calls  0.20   0.30
  beyond          0.10   0.15
}
meter made { field region one of EU, US;  measure sum(quantity) in calls;  by region }
charge fee { on made;  every month;  graduated price[region] }
"""
    holds(
        rules,
        "use made in 2026-03 { region quantity; EU 12 calls; US 11 calls }",
        "expect fee == 2 USD + 0.20 USD + 3 USD + 0.15 USD",
        "expect slice(fee, 1) == 5 USD and slice(fee, 2) == 0.35 USD",
        "expect made == 23 calls and fee.quantity == 23 calls",
    )


def test_a_package_is_a_line_too() -> None:
    holds(
        LINES,
        "buy 2 of pack 10 calls on 2026-03-02 as p1",
        "buy 1 of pack 10 calls on 2026-03-03 as p2",
        "refund p2 on 2026-03-04",
        "use 12 calls of made on 2026-03-10",
        "expect pack == 10 USD and refunded(pack) == 5 USD and refunded(p2) == 5 USD and refunded(p1) == 0 USD",
        "expect drawn(p1) == 12 calls and drawn(pack) == 12 calls",
        "expect left(p1) == 8 calls and left(pack) == 8 calls",
        "expect covered(made, pack) == 12 calls and unserved(made) == 0 calls",
        "expect fee == 0 USD and fee.quantity == 0 calls",
    )


def test_a_quantity_that_is_billed_in_parts_is_counted_once() -> None:
    rules = (
        "meter made in calls\ncharge fee { on made;  every month;  billed every day\n"
        "graduated { up to 10 calls 1 USD/call\nbeyond 0.5 USD/call } }\n"
    )
    holds(
        rules,
        "use 6 calls of made on 2026-03-01",
        "use 6 calls of made on 2026-03-02",
        "expect fee == 11 USD and fee.quantity == 12 calls",
        "expect slice(fee, 1) == 10 USD and slice(fee, 2) == 1 USD",
        "expect on 2026-03-01 fee == 6 USD",
        "expect on 2026-03-02 fee == 5 USD",
    )


def test_pools_of_several_meters_and_of_money() -> None:
    rules = """\
meter first in calls
meter other in calls
grant free { covers first, other at 2;  size 100 calls }
grant credit { covers fee;  size 3 USD }
charge fee { on first;  every month;  rate 1 USD/call }
charge fee_2 { on other;  every month;  rate 1 USD/call }
deduct first from free > fee
deduct other from free > fee_2
deduct fee from credit
"""
    holds(
        rules,
        "set activation 2026-03-01",
        "use 30 calls of first on 2026-03-02 10:00",
        "use 10 calls of other on 2026-03-03 10:00",
        "use 60 calls of first on 2026-03-04 10:00",
        "expect covered(first, free) == 80 calls and covered(other, free) == 10 calls",
        "expect drawn(free) == 100 calls and left(free) == 0 calls",
        "expect fee == 10 USD and covered(fee, credit) == 3 USD and drawn(credit) == 3 USD",
        "expect left(credit) == 0 USD",
        "expect charges == 7 USD and total == 7 USD",
    )


def test_two_balances_of_one_pool_are_two_lots() -> None:
    """The one that expires first is drawn first: 5 of its 10 lapse, the other keeps its 20."""
    rules = """\
meter made in calls
grant old { covers made;  size per account;  draws soonest expiry }
charge fee { on made;  every month;  rate 1 USD/call }
deduct made from old > fee
"""
    for first, second in ((10, 20), (20, 10)):
        until = {10: "2026-04-01", 20: "2026-06-01"}
        holds(
            rules,
            f"given {first} calls left of old until {until[first]}",
            f"given {second} calls left of old until {until[second]}",
            "use 5 calls of made on 2026-03-10 10:00",
            "use 1 call of made on 2026-04-10 10:00",
            "expect drawn(old) == 6 calls and left(old) == 19 calls and fee == 0 USD",
            "expect in 2026-03 left(old) == 25 calls",
        )


def test_a_balance_for_one_class() -> None:
    rules = """\
meter made { field class one of a, b = a;  measure sum(quantity) in calls }
package pack { covers made;  scope class;  sizes { 10 calls 1 USD };  valid 1 year }
charge fee { on made;  every month;  rate 1 USD/call }
deduct made from pack > fee
"""
    holds(
        rules,
        "given 4 calls left of pack with class a until 2026-12-01",
        "given 3 calls left of pack with class b until 2026-12-01",
        "use made on 2026-03-10 { class quantity; a 5 calls; b 5 calls }",
        "expect drawn(pack) == 7 calls and fee == 3 USD",
    )
    found = refused(f'{rules}example "e" {{\ngiven 4 calls left of pack with kind a\nexpect total == 0 USD\n}}\n')
    assert [d.message for d in found] == ["package `pack` is not scoped by `kind`"]


RENEWING = """\
meter made in calls
meter other in calls
meter daily in calls
grant included { covers made;  size 100 calls;  renews every month }
grant rolling { covers other;  size 10 calls;  renews every month;  rolls over for 1 month }
grant credit { covers fee;  size 3 USD;  renews every month }
package pack { covers daily;  sizes { 5 calls 1 USD };  valid 1 month;  renews every day }
charge fee { on made;  every month;  rate 1 USD/call }
charge other_fee { on other;  every month;  rate 1 USD/call }
charge daily_fee { on daily;  every day;  rate 1 USD/call }
deduct made from included > fee
deduct other from rolling > other_fee
deduct daily from pack > daily_fee
deduct fee from credit
"""


def test_what_is_left_of_a_pool_that_renews_is_of_the_cycle_that_ends() -> None:
    holds(
        RENEWING,
        "set activation 2026-02-01",
        "use 30 calls of made in 2026-03",
        "expect left(included) == 70 calls and drawn(included) == 30 calls and left(credit) == 3 USD",
    )
    holds(
        RENEWING,
        "set activation 2026-02-01",
        "use 101 calls of made in 2026-03",
        "use 102 calls of made in 2026-04",
        "expect in 2026-03 left(credit) == 2 USD and drawn(credit) == 1 USD",
        "expect in 2026-04 left(credit) == 1 USD",
        "expect drawn(credit) == 3 USD and covered(fee, credit) == 3 USD",
    )


def test_what_rolled_over_is_left_too() -> None:
    """February's 10 rolled into March, which draws them first: 7 of them lapse, and March's 10 roll over."""
    holds(
        RENEWING,
        "set activation 2026-02-01",
        "use 3 calls of other in 2026-03",
        "use 12 calls of other in 2026-04",
        "expect in 2026-03 left(rolling) == 17 calls",
        "expect in 2026-04 left(rolling) == 8 calls",
    )


def test_what_is_left_of_each_day() -> None:
    holds(
        RENEWING,
        "set activation 2026-02-01",
        "buy 1 of pack 5 calls on 2026-03-01 as p1",
        "use 3 calls of daily on 2026-03-02 10:00",
        "use 4 calls of daily on 2026-03-03 10:00",
        "expect on 2026-03-02 left(p1) == 2 calls",
        "expect on 2026-03-03 left(p1) == 1 call",
        "expect on 2026-03-04 left(p1) == 5 calls",
        "expect drawn(p1) == 7 calls",
    )


# ---------------------------------------------------------------- steps of meters


PEAKS = """\
unit point, points
meter samples { field inbound, outbound in Mbps = 0 Mbps;  measure sum(quantity) in points }
meter top "the mean of the two highest days" {
  reads    samples
  define   sample = max(inbound, outbound)
  define   daily_peak = highest(sample) each day where highest(sample) > 1 kbps
  define   valid_days = count(daily_peak)
  measure  mean(highest(daily_peak, 2)) in Mbps
}
charge fee { on top;  every month;  rate 1 USD/Mbps }
"""
THREE_DAYS = (
    "use 1 point of samples with inbound 10 Mbps each 5 minutes on 2024-06-01",
    "use 1 point of samples with outbound 30 Mbps each 5 minutes on 2024-06-02",
    "use 1 point of samples with inbound 20 Mbps, outbound 5 Mbps each 5 minutes on 2024-06-03",
    "use 1 point of samples each 5 minutes on 2024-06-04",
)


def test_a_step_of_one_value() -> None:
    holds(
        PEAKS,
        *THREE_DAYS,
        "expect top == 25 Mbps and top.valid_days == 3",
        "expect in 2024-06 top.valid_days == 3",
    )


def test_a_step_of_a_value_each_day() -> None:
    holds(
        PEAKS,
        *THREE_DAYS,
        "expect highest(top.daily_peak) == 30 Mbps and lowest(top.daily_peak) == 10 Mbps",
        "expect count(top.daily_peak) == 3 and sum(top.daily_peak) == 60 Mbps",
        "expect nth_highest(top.daily_peak, 2) == 20 Mbps",
    )


@pytest.mark.parametrize(
    ("code", "words", "condition"),
    [
        ("R201", "`top` has no `valid_day`", "top.valid_day == 3"),
        ("R208", "`count()` is of records", "count() == 3"),
        ("R208", "`sum(3)` is of records", "sum(3) == 3"),
        ("R205", "`top.daily_peak` has several values", "top.daily_peak == 3 Mbps"),
        ("R201", "`samples` has nothing behind a dot", "samples.valid_days == 3"),
    ],
)
def test_steps_that_cannot_be_asked_so(code: str, words: str, condition: str) -> None:
    found = refused(f'{PEAKS}example "e" {{\nuse 1 point of samples in 2024-06\nexpect {condition}\n}}\n')
    assert [d.code for d in found] == [code], [d.message for d in found]
    assert words in found[0].message


# ---------------------------------------------------------------- exactly, printed, refused


THIRD = "meter made in calls\ncharge fee { on made;  every month;  rate 1 USD/3 calls }\n"


def test_figures_are_compared_exactly() -> None:
    assert ran(THIRD, "use 1 call of made in 2026-03", "expect fee == 0.333333333333333333 USD").status is Status.FAILED
    holds(THIRD, "use 1 call of made in 2026-03", "expect fee * 3 == 1 USD and fee == 1 USD / 3")


@pytest.mark.parametrize(
    ("condition", "got"),
    [
        ("fee == 3 USD and flat == 6 USD", "fee is 1.00 USD, flat is 5.00 USD"),
        ("not (fee == 1 USD or flat == 6 USD)", "fee is 1.00 USD, flat is 5.00 USD"),
        ("total > 6 USD and total < 9 USD", "total is 6.00 USD"),
        ("fee == 1 USD and 2 * flat == fee", "fee is 1.00 USD, 2 * flat is 10.00 USD"),
    ],
)
def test_a_condition_of_several_comparisons_tells_every_figure(condition: str, got: str) -> None:
    rules = THIRD + "charge flat { every month;  amount 5 USD }\n"
    trial = ran(rules, "use 3 calls of made in 2026-03", f"expect {condition}", "expect fee == 1 USD and flat == 5 USD")
    assert [(o.got, o.holds) for o in trial.outcomes] == [(got, False), ("holds", True)]


def test_what_the_source_prints_is_told_apart() -> None:
    trial = ran(
        THIRD,
        "use 3 calls of made in 2026-03",
        "expect fee == 1 USD, printed 1.01 USD",
        "expect in 2026-03 fee == 1 USD",
    )
    assert trial.status is Status.DISPUTED
    assert [(o.got, o.printed) for o in trial.outcomes] == [("1.00 USD", "1.01 USD"), ("1.00 USD", "")]


def test_a_dispute_does_not_hide_a_failure() -> None:
    trial = ran(THIRD, "use 3 calls of made in 2026-03", "expect fee == 2 USD, printed 1 USD")
    assert trial.status is Status.FAILED


@pytest.mark.parametrize(
    ("code", "words", "help", "expectation"),
    [
        ("R219", "nothing is disputed", "delete", "expect fee == 1.50 USD, printed 1.5 USD"),
        ("R205", "what is printed must be in USD", "", "expect fee == 1.50 USD, printed 1.5 calls"),
        ("R208", "`covered( )` takes a name and another", "", "expect covered(made) == 0 calls"),
        ("R201", "`covered( )` knows no `made, fee`", "`made, pack`", "expect covered(made, fee) == 0 calls"),
        ("R208", "`slice( )` takes a name and the number of a row", "`fee, 1`", "expect slice(fee) == 0 USD"),
        ("R201", "`slice( )` knows no `fee, 4`", "`fee, 1`, `fee, 2` or `fee, 3`", "expect slice(fee, 4) == 0 USD"),
        ("R201", "`slice( )` knows no `plan, 1`", "", "expect slice(plan, 1) == 0 USD"),
        ("R208", "`drawn( )` takes one name", "`pack`", "expect drawn(pack, fee) == 0 calls"),
        ("R203", "has no bill, and so no figures", "two examples", 'expect fee == 0 USD\nexpect refused "x"'),
    ],
)
def test_what_cannot_be_expected(code: str, words: str, help: str, expectation: str) -> None:
    found = refused(f'{LINES}example "e" {{\nuse 1 call of made in 2026-03\n{expectation}\n}}\n')
    assert [d.code for d in found] == [code], [d.message for d in found]
    assert words in found[0].message
    assert help in found[0].help
