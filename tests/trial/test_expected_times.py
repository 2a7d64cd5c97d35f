"""The time of which an expectation speaks: a day, an hour, a month."""

from __future__ import annotations

import pytest

from ratewright.trial.results import Status
from tests.trial.trials import HEAD, holds, ran, refused

DAILY = """\
meter hours_used in hours
meter levels in GB
package pack { covers hours_used;  sizes { 10 hours 1 USD };  valid 1 year }
charge day_fee { on hours_used;  every day;  rate 2 USD/hour }
charge hour_fee { on levels;  every hour;  rate 1 USD/GB }
charge month_fee { every month;  amount 7 USD }
deduct hours_used from pack > day_fee
"""


def test_a_day_is_what_was_billed_for_it() -> None:
    """The month's fee is of the month, and of no day; the total of a day is the sum of its lines."""
    holds(
        DAILY,
        "use 3 hours of hours_used on 2024-12-24",
        "use 4 hours of hours_used on 2024-12-25",
        "expect on 2024-12-24 day_fee == 6 USD and total == 6 USD and charges == 6 USD and due == 6 USD",
        "expect on 2024-12-25 day_fee == 8 USD and day_fee.quantity == 4 hours",
        "expect on 2024-12-26 day_fee == 0 USD",
        "expect in 2024-12 total == 21 USD",
        "expect total == 21 USD and day_fee == 14 USD",
    )


def test_usage_and_balances_of_a_day_are_those_of_that_day() -> None:
    holds(
        DAILY,
        "buy 1 of pack 10 hours on 2024-12-23 as p1",
        "use 3 hours of hours_used on 2024-12-24 10:00",
        "use 5 hours of hours_used on 2024-12-25 10:00",
        "expect on 2024-12-24 hours_used == 3 hours and drawn(p1) == 3 hours and left(p1) == 7 hours",
        "expect on 2024-12-25 hours_used == 5 hours and drawn(p1) == 5 hours and left(p1) == 2 hours",
        "expect on 2024-12-25 covered(hours_used, pack) == 5 hours",
        "expect hours_used == 8 hours and drawn(p1) == 8 hours and left(p1) == 2 hours",
        "expect on 2024-12-23 pack == 1 USD and total == 1 USD",
    )


def test_an_hour_is_that_which_starts_then() -> None:
    holds(
        DAILY,
        "use 3 GB of levels on 2024-12-24 10:00",
        "use 2 GB of levels on 2024-12-24 10:59:59",
        "use 4 GB of levels on 2024-12-24 11:00",
        "expect on 2024-12-24 10:00 hour_fee == 5 USD and levels == 5 GB",
        "expect on 2024-12-24 11:00 hour_fee == 4 USD",
        "expect on 2024-12-24 12:00 hour_fee == 0 USD",
        "expect on 2024-12-24 hour_fee == 9 USD",
    )


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu"])
def test_an_hour_is_one_of_the_lists_own_clock(zone: str) -> None:
    head = HEAD.replace("UTC", zone)
    holds(
        DAILY,
        "use 3 GB of levels on 2024-12-24 10:00",
        "expect on 2024-12-24 10:00 hour_fee == 3 USD",
        head=head,
    )
    found = refused(
        f'{DAILY}example "e" {{\nuse 1 GB of levels in 2024-12\nexpect on 2024-12-24 10:30 hour_fee == 0 USD\n}}\n',
        head,
    )
    assert [(d.code, d.message) for d in found] == [("R219", "no hour starts at 2024-12-24 10:30")]
    assert "`2024-12-24 10:00`, or the day, `2024-12-24`" in found[0].help


def test_a_month_is_that_months_bill() -> None:
    """A line of four months is on the bill of the last of them."""
    rules = "meter made in calls\ncharge fee { on made;  every 4 months;  rate 1 USD/call }\n"
    holds(
        rules,
        "use 3 calls of made in 2024-01",
        "use 4 calls of made in 2024-02",
        "expect in 2024-04 fee == 7 USD and total == 7 USD",
        "expect in 2024-02 made == 4 calls",
        "expect made == 7 calls and fee == 7 USD",
    )
    trial = ran(rules, "use 3 calls of made in 2024-01", "expect in 2024-01 fee == 3 USD")
    assert trial.status is Status.FAILED
    assert trial.outcomes[0].hint == "`fee` is of 2024-01-01 to 2024-04-30 here: expect it `in 2024-04`"


def test_a_month_that_only_an_expectation_names_is_billed_too() -> None:
    holds(
        DAILY,
        "use 3 hours of hours_used on 2024-11-24",
        "expect in 2024-12 month_fee == 7 USD and day_fee == 0 USD",
        "expect in 2025-01 total == 7 USD",
        "expect total == 3 * 7 USD + 6 USD",
    )


def test_a_record_at_midnight_is_of_the_day_that_begins() -> None:
    rules = "meter made in calls\ncharge fee { on made;  every record;  rate 1 USD/call }\n"
    holds(
        rules,
        "use 3 calls of made on 2024-12-25 00:00",
        "expect on 2024-12-24 fee == 0 USD",
        "expect on 2024-12-25 fee == 3 USD",
    )
