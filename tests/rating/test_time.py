"""Local time: daylight saving, midnights that do not exist, ends of months, leap days."""

from __future__ import annotations

import pytest
from whenever import Instant

from tests.rating.accounts import (
    account,
    amounts,
    bill,
    bills,
    buy,
    charged,
    drawn,
    event,
    lots,
    problem,
    tariff,
    total,
)

DAILY = "meter m { measure sum(quantity) in calls }\ncharge fee { on m; every day; rate 1 USD/call }"
HOURS = "charge fee { every day; amount 1 USD * (length(period) / 1 hour) }"


def zone(name: str) -> str:
    return f'currency USD; timezone "{name}"'


@pytest.mark.parametrize(
    ("timezone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-28", 24),
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/Santiago", "2026-09-06", 23),  # midnight to one o'clock do not exist
        ("America/Santiago", "2026-04-04", 25),  # 23:00 to midnight happen twice
        ("Asia/Beirut", "2026-03-29", 23),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Asia/Shanghai", "2026-03-29", 24),
        ("UTC", "2026-03-29", 24),
    ],
)
def test_how_long_a_day_is(timezone, day, hours):
    made = bill(tariff(HOURS, zone(timezone)), account(), day)
    assert made.total == hours


@pytest.mark.parametrize(
    ("timezone", "last", "first"),
    [
        ("Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z"),
        ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"),
        ("America/Santiago", "2026-09-06T03:59:59Z", "2026-09-06T04:00:00Z"),
        ("Asia/Beirut", "2026-03-28T21:59:59Z", "2026-03-28T22:00:00Z"),
    ],
)
def test_where_a_day_ends_and_the_next_begins(timezone, last, first):
    rules = tariff(DAILY, zone(timezone))
    usage = account(event(Instant.parse_iso(last), 1), event(Instant.parse_iso(first), 10))
    (before, after) = (line for line in bill(rules, usage, first[:7]).lines)
    assert (before.quantity, after.quantity) == (1, 10)
    assert before.period.end == after.period.start == Instant.parse_iso(first)


def test_a_day_of_23_hours_may_be_given_as_a_total():
    for timezone, day, after in [
        ("Europe/Berlin", "2026-03-29", "2026-03-30"),
        ("America/Santiago", "2026-09-06", "2026-09-07"),
        ("Asia/Beirut", "2026-03-29", "2026-03-30"),
    ]:
        made = bill(tariff(DAILY, zone(timezone)), account(total(day, after, 5)), day)
        assert made.total == 5


@pytest.mark.parametrize(
    ("timezone", "at", "message", "instead"),
    [
        ("Europe/Berlin", "2026-03-29 02:30", "does not exist in", ("2026-03-29T03:30:00+02:00",)),
        ("Europe/Berlin", "2026-10-25 02:30", "happens twice in", ("02:30:00+02:00", "02:30:00+01:00")),
        ("America/Santiago", "2026-09-06 00:30", "does not exist in", ("2026-09-06T01:30:00-03:00",)),
        ("America/Santiago", "2026-04-04 23:30", "happens twice in", ("23:30:00-03:00", "23:30:00-04:00")),
        ("Asia/Beirut", "2026-03-29 00:00", "does not exist in", ("2026-03-29T01:00:00+03:00",)),
    ],
)
def test_a_local_time_that_is_no_instant_is_refused(timezone, at, message, instead):
    found = problem(tariff(DAILY, zone(timezone)), account(event(at, 1)), at[:7])
    assert found.code == "A205"
    assert f"{message} {timezone}" in found.message
    assert all(text in found.help for text in instead)


@pytest.mark.parametrize("at", ["2026-03-29T01:30:00+01:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"])
def test_the_same_with_an_offset_is_accepted(at):
    assert bill(tariff(DAILY, zone("Europe/Berlin")), account(event(at, 7)), at[:7]).total == 7


def test_the_repeated_hour_is_drawn_in_the_order_in_which_it_passed():
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls }
        package pack { covers m; sizes { 10 calls 1 USD }; valid 1 day from purchase }
        deduct m from pack
        """,
        zone("Europe/Berlin"),
    )
    usage = account(
        event("2026-10-25T02:20:00+02:00", 1),
        event("2026-10-25T02:10:00+01:00", 2),
        purchases=(buy("p", "2026-10-25T02:30:00+02:00", 10),),
    )
    assert drawn(bill(rules, usage, "2026-10")) == {"p": 2}


PACK = """
meter m {{ measure sum(quantity) in calls }}
package pack {{ covers m; sizes {{ 10 calls 1 USD }}; valid {} }}
deduct m from pack
"""


@pytest.mark.parametrize(
    ("valid", "bought", "expires"),
    [
        ("1 year from purchase", "2028-02-29 10:00", "2029-02-28 10:00"),
        ("4 years from purchase", "2028-02-29 10:00", "2032-02-29 10:00"),
        ("1 month from purchase", "2026-01-31 10:00", "2026-02-28 10:00"),
        ("1 month from purchase", "2028-01-31", "2028-02-29"),
        ("2 months from purchase", "2026-12-31", "2027-02-28"),
        ("1 quarter from purchase", "2026-11-30", "2027-02-28"),
        ("30 days from purchase", "2026-01-31", "2026-03-02"),
        ("1 week from purchase", "2026-02-25", "2026-03-04"),
        ("36 hours from purchase", "2026-02-28 18:00", "2026-03-02 06:00"),
        ("from start of day(purchase) until end of month(purchase + 1 year)", "2026-03-10 14:00", "2027-04-01"),
        ("1 month from start of month(purchase)", "2026-03-10 14:00", "2026-04-01"),
        ("until end of year(purchase)", "2026-03-10", "2027-01-01"),
        ("from start of week(purchase) until end of week(purchase) + 1 day", "2026-03-11 09:00", "2026-03-17"),
        ("from purchase until purchase + 1 month - 1 day", "2026-03-11 09:00", "2026-04-10 09:00"),
    ],
)
def test_how_long_a_lot_lasts(valid, bought, expires):
    rules = tariff(PACK.format(valid))
    from ratewright.values.calendar import calendar_of
    from tests.rating.accounts import periods_of, when

    made = bills(rules, account(purchases=(buy("p", bought, 10),)), bought[:7])
    (lot,) = lots(made[0])
    assert lot.expires == calendar_of("UTC").instant(when(expires))
    assert periods_of(rules, bought[:7])[0].start <= lot.purchased


@pytest.mark.parametrize(
    ("valid", "bought", "expires"),
    [
        ("1 day from purchase", "2026-03-28 12:00", "2026-03-29T10:00:00Z"),  # 23 hours later
        ("24 hours from purchase", "2026-03-28 12:00", "2026-03-29T11:00:00Z"),
        ("1 day from purchase", "2026-03-28 02:30", "2026-03-29T01:30:00Z"),  # 02:30 is skipped: 03:30
        ("1 day from purchase", "2026-10-24 02:30", "2026-10-25T00:30:00Z"),  # 02:30 comes twice: the first
        ("1 month from purchase", "2026-02-28 02:30", "2026-03-28T01:30:00Z"),
        ("7 months from purchase", "2026-03-25 02:30", "2026-10-25T00:30:00Z"),
    ],
)
def test_how_long_a_lot_lasts_when_clocks_change(valid, bought, expires):
    rules = tariff(PACK.format(valid), zone("Europe/Berlin"))
    (lot,) = lots(bill(rules, account(purchases=(buy("p", bought, 10),)), bought[:7]))
    assert lot.expires == Instant.parse_iso(expires)


def test_months_of_a_zone_begin_with_its_clocks():
    rules = tariff(
        "meter m { measure sum(quantity) in calls }\ncharge fee { on m; every month; rate 1 USD/call }",
        zone("America/Santiago"),
    )
    usage = account(event("2026-04-01T02:59:59Z", 1), event("2026-04-01T03:00:00Z", 10))
    assert [charged(b) for b in bills(rules, usage, "2026-03", "2026-04")] == [1, 10]


def test_hours_of_a_day_with_a_repeated_hour():
    rules = tariff(
        "meter m { measure sum(quantity) in calls }\ncharge fee { on m; every hour; rate 1 USD per started 10 calls }",
        zone("Europe/Berlin"),
    )
    usage = account(
        event("2026-10-25T02:10:00+02:00", 1),
        event("2026-10-25T02:50:00+02:00", 2),
        event("2026-10-25T02:10:00+01:00", 4),
    )
    assert amounts(bill(rules, usage, "2026-10-25"), "fee") == [1, 1]
