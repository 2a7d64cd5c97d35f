"""Lots that renew: cycles of the calendar and of anniversaries, and what a bill tells of them."""

from __future__ import annotations

import pytest
from whenever import Instant

from ratewright.usage.model import Amount
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import (
    account,
    bill,
    bills,
    buy,
    charged,
    drawn,
    event,
    lots,
    problem,
    setting,
    tariff,
    total,
    when,
)
from tests.rating.renewing_pools import free, pack, rules

BERLIN = 'currency USD; timezone "Europe/Berlin"'


def around(text: str, seconds: int) -> Instant:
    """So many seconds after a time."""
    return calendar_of("UTC").instant(when(text)).add(seconds=seconds)


# ---------------------------------------------------------------- which cycle


@pytest.mark.parametrize(
    ("renews", "first", "last", "name"),
    [
        ("hour", "2026-03-05 14:00", "2026-03-05 14:59:59", "2026-03-05T14:00"),
        ("6 hours", "2026-03-05 12:00", "2026-03-05 17:59:59", "2026-03-05T12:00"),
        ("30 minutes", "2026-03-05 14:30", "2026-03-05 14:59:59", "2026-03-05T14:30"),
        ("day", "2026-03-05 00:00", "2026-03-05 23:59:59", "2026-03-05"),
        ("week", "2026-03-02 00:00", "2026-03-08 23:59:59", "2026-03-02"),
        ("month", "2026-03-01 00:00", "2026-03-31 23:59:59", "2026-03-01"),
        ("month on day 15", "2026-02-15 00:00", "2026-03-14 23:59:59", "2026-02-15"),
        ("month on day 31", "2026-02-28 00:00", "2026-03-30 23:59:59", "2026-02-28"),
        ("quarter", "2026-01-01 00:00", "2026-03-31 23:59:59", "2026-01-01"),
        ("4 months", "2026-01-01 00:00", "2026-04-30 23:59:59", "2026-01-01"),
        ("year", "2026-01-01 00:00", "2026-12-31 23:59:59", "2026-01-01"),
    ],
)
def test_a_cycle_covers_from_its_start_to_before_its_end(renews, first, last, name):
    just = [event(around(first, -1), 1), event(around(last, 1), 1)]
    usage = account(event(first, 4), event(last, 5), *just)
    found = drawn(bills(free(renews), usage, "2025-12", "2027-01"))
    assert found[f"p@{name}"] == 9
    assert len(found) == 3
    assert set(found.values()) == {9, 1}


def test_each_cycle_has_the_whole_size():
    usage = account(event("2026-03-05", 12), event("2026-04-30 23:59:59", 12), event("2026-05-01", 12))
    made = bills(free("month"), usage, "2026-03", "2026-05")
    assert [charged(b) for b in made] == [2, 2, 2]
    assert drawn(made) == {"p@2026-03-01": 10, "p@2026-04-01": 10, "p@2026-05-01": 10}


def test_what_is_left_at_the_end_of_a_cycle_is_gone():
    march, april = bills(free("month"), account(event("2026-03-05", 4), event("2026-04-05", 20)), "2026-03", "2026-04")
    assert charged(april) == 10
    (lot,) = lots(march)
    assert (lot.size, lot.drawn, lot.lapsed, lot.rolled, lot.remaining) == (10, 4, 6, 0, 0)


def test_days_of_23_and_25_hours_are_days():
    usage = account(
        event("2026-03-29 00:00", 8), event("2026-03-29 23:59:59", 8), event("2026-03-30", 8),
        event("2026-10-25 00:00", 8), event("2026-10-25 23:59:59", 8), event("2026-10-26", 8),
    )  # fmt: skip
    made = bills(free("day", head=BERLIN), usage, "2026-03", "2026-10")
    assert drawn(made) == {
        "p@2026-03-29": 10, "p@2026-03-30": 8, "p@2026-10-25": 10, "p@2026-10-26": 8,
    }  # fmt: skip


def test_an_hour_that_happens_twice_is_two_cycles():
    usage = account(*(event(Instant.from_utc(2026, 10, 25, hour, 30), 8) for hour in (0, 1)))
    made = bills(free("hour", head=BERLIN), usage, "2026-10")
    assert drawn(made) == {"p@2026-10-25T02:00+02:00": 8, "p@2026-10-25T02:00+01:00": 8}


def test_an_hour_that_is_skipped_is_none():
    usage = account(event("2026-03-29 01:59:59", 8), event("2026-03-29 03:00", 8))
    assert drawn(bills(free("hour", head=BERLIN), usage, "2026-03")) == {
        "p@2026-03-29T01:00": 8,
        "p@2026-03-29T03:00": 8,
    }


# ---------------------------------------------------------------- anniversaries


@pytest.mark.parametrize(
    ("bought", "starts"),
    [
        ("2026-01-31 10:00", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2028-01-30 10:00", ["2028-01-30", "2028-02-29", "2028-03-30", "2028-04-30", "2028-05-30"]),
        ("2026-01-01", ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"]),
    ],
)
def test_an_anniversary_of_the_31st_is_the_last_day_of_a_shorter_month(bought, starts):
    year = starts[0][:4]
    time = " 10:00" if " " in bought else ""
    rules = pack("month from purchase", "5 months from purchase")
    records = [event(f"{day}{time}", n) for n, day in enumerate(starts, start=1)]
    before = [event(around(f"{day}{time}", -1), 7 - n) for n, day in enumerate(starts[1:], start=1)]
    made = bills(rules, account(*records, *before, purchases=(buy("b", bought, 10),)), f"{year}-01", f"{year}-06")
    expected = {f"b@{day}": 7 for day in starts[:-1]} | {f"b@{starts[-1]}": 5}
    assert drawn(made) == expected


def test_a_year_from_29_february():
    rules = pack("year from purchase", "5 years from purchase")
    usage = account(
        event("2029-02-27 23:59:59", 1), event("2029-02-28", 2), event("2032-02-28", 3), event("2032-02-29", 4),
        purchases=(buy("b", "2028-02-29", 10),),
    )  # fmt: skip
    made = bills(rules, usage, "2028-02", "2032-03")
    assert drawn(made) == {"b@2028-02-29": 1, "b@2029-02-28": 2, "b@2031-02-28": 3, "b@2032-02-29": 4}


def test_cycles_from_the_activation():
    usage = account(event("2026-03-09", 12), event("2026-03-10", 12), activated="2026-01-10")
    made = bills(free("month from activation"), usage, "2026-02", "2026-03")
    assert drawn(made) == {"p@2026-02-10": 10, "p@2026-03-10": 10}
    found = problem(free("month from activation"), account(event("2026-03-09", 12)))
    assert found.code == "A104"
    assert "activation" in found.message


def test_cycles_on_a_day_that_the_account_brings():
    made = rules(
        "grant p { covers m; size 10 calls; renews every month on day billing_day }", more="setting billing_day = 5"
    )
    usage = account(event("2026-03-04", 12), event("2026-03-05", 12), settings=())
    assert drawn(bills(made, usage, "2026-03")) == {"p@2026-02-05": 10, "p@2026-03-05": 10}
    late = account(event("2026-03-07", 12), event("2026-03-08", 12), settings=(setting("billing_day", Amount(8)),))
    assert drawn(bills(made, late, "2026-03")) == {"p@2026-02-08": 10, "p@2026-03-08": 10}


# ---------------------------------------------------------------- cut by the lot's own validity


def test_the_first_and_the_last_cycle_are_cut_and_whole():
    rules = pack("month", "from purchase until purchase + 40 days")
    usage = account(
        event("2026-03-19 23:59:59", 1), event("2026-03-20", 12),
        event("2026-04-28 23:59:59", 12), event("2026-04-29", 1),
        purchases=(buy("b", "2026-03-20", 10),),
    )  # fmt: skip
    march, april = bills(rules, usage, "2026-03", "2026-04")
    assert drawn([march, april]) == {"b@2026-03-20": 10, "b@2026-04-01": 10}
    assert [charged(march), charged(april)] == [3, 3]
    assert april.balances == ()


def test_a_cycle_that_begins_and_ends_on_one_date_has_its_time_in_its_name():
    rules = pack("month from 2026-03-10T14:00", "from purchase until purchase + 40 days")
    usage = account(
        event("2026-03-10 13:59:59", 3), event("2026-03-10 14:00", 4), purchases=(buy("b", "2026-03-10 09:00", 10),)
    )
    assert drawn(bills(rules, usage, "2026-03")) == {"b@2026-03-10T09:00": 3, "b@2026-03-10": 4}


def test_a_grant_without_issued_is_held_from_the_beginning():
    once = rules("grant p { covers m; size 10 calls }")
    assert drawn(bill(once, account(event("2026-03-05", 12)))) == {"p": 10}
    assert drawn(bill(once, account(event("2026-03-05", 12), activated="2026-03-01"))) == {"p": 10}
    month = rules("grant p { covers m; size 10 calls; valid 1 month }")
    assert drawn(bill(month, account(event("2026-03-05", 12), activated="2026-03-01"))) == {"p": 10}
    found = problem(month, account(event("2026-03-05", 12)))
    assert (found.code, found.message) == (
        "A107",
        "p is valid for a time from the activation on, and the account's data do not say when that was",
    )
    made = bills(free("month"), account(event("2026-03-05", 12), activated="2026-03-04"), "2026-03")
    assert drawn(made) == {"p@2026-03-04": 10}


# ---------------------------------------------------------------- the order of drawing


def test_the_soonest_expiry_is_the_end_of_the_cycle():
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls }
        package monthly { covers m; sizes { 10 calls 1 USD }; valid 1 year from purchase; renews every month }
        package once { covers m; sizes { 10 calls 1 USD }; valid 40 days from purchase }
        deduct m from monthly, once
        """
    )
    bought = (buy("y", "2026-01-01", 10, "monthly"), buy("o", "2026-02-20", 10, "once"))  # until 1 April
    for day, expected in [("2026-03-05", {"y@2026-03-01": 3}), ("2026-02-25", {"y@2026-02-01": 3})]:
        assert drawn(bills(rules, account(event(day, 3), purchases=bought), "2026-02", "2026-03")) == expected
    sooner = (buy("y", "2026-01-01", 10, "monthly"), buy("o", "2026-02-10", 10, "once"))  # until 22 March
    made = bills(rules, account(event("2026-03-05", 13), purchases=sooner), "2026-02", "2026-03")
    assert drawn(made) == {"o": 10, "y@2026-03-01": 3}


# ---------------------------------------------------------------- totals


def test_a_total_that_fills_a_cycle_is_covered():
    made = bill(free("month"), account(total("2026-03-01", "2026-04-01", 12)))
    assert drawn(made) == {"p@2026-03-01": 10}
    made = bill(free("month"), account(total("2026-03-05", "2026-03-06", 12)))
    assert drawn(made) == {"p@2026-03-01": 10}


@pytest.mark.parametrize("renews", ["day", "week", "hour", "month on day 15"])
def test_a_total_longer_than_a_cycle_is_refused(renews):
    found = problem(free(renews), account(total("2026-03-01", "2026-04-01", 12)))
    assert found.code == "A301"
    assert "expires on" in found.message
    assert "inside this total" in found.message
    assert found.related[0][1].text == f"renews every {renews}"


def test_a_total_behind_an_empty_cycle_meets_the_next():
    usage = account(event("2026-03-01", 10), total("2026-03-01", "2026-03-03", 5))
    found = problem(free("day"), usage)
    assert found.code == "A301"
    assert "starts on 2026-03-02" in found.message


def test_a_measure_of_a_whole_period_meets_a_pool_that_renews_inside():
    peak = tariff(
        """
        meter m { measure highest(quantity) in calls }
        grant p { covers m; size 10 calls; renews every day }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from p > fee
        """
    )
    assert problem(peak, account(event("2026-03-05", 12))).code == "A301"


# ---------------------------------------------------------------- only what is needed


def test_cycles_are_made_where_usage_meets_them():
    usage = account(event("2025-03-05 10:30", 3), event("2026-03-05 10:30", 3), activated="2025-01-01")
    (made,) = bills(free("hour"), usage, "2026-03")
    assert [lot.lot for lot in lots(made)] == ["p@2026-03-05T10:00", "p@2026-03-31T23:00"]
    assert [b.lot for b in made.balances] == ["p@2026-04-01T00:00"]


def test_many_lots_renew_apart():
    rules = pack("day", "10 days from purchase")
    usage = account(
        event("2026-03-05 01:00", 25), event("2026-03-06 01:00", 5), purchases=(buy("b", "2026-03-05", 10, count=3),)
    )
    assert drawn(bills(rules, usage, "2026-03")) == {
        "b#1@2026-03-05": 10, "b#2@2026-03-05": 10, "b#3@2026-03-05": 5, "b#1@2026-03-06": 5,
    }  # fmt: skip
