"""Shares of days: days are counted from the beginning of the period, and its parts add up to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from ratewright.values.calendar import Cadence, Period, PeriodUnit, calendar_of
from tests.rating.accounts import account, amounts, bill, bills, event, setting, tariff

BERLIN = calendar_of("Europe/Berlin")


def days(start: str, end: str, zone: str = "UTC") -> list[str]:
    """The last instants of the days of a period, in UTC, without the nanoseconds."""
    period = Period(Instant(start), Instant(end))
    return [last.format_iso()[:16] for last in calendar_of(zone).ends_of_days(period)]


def test_of_a_period_that_begins_at_noon_days_go_from_noon_to_noon():
    assert days("2026-03-10T12:00:00Z", "2026-03-12T12:00:00Z") == ["2026-03-11T11:59", "2026-03-12T11:59"]


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", 31),
        ("2026-03-10T12:00:00Z", "2026-04-10T12:00:00Z", 31),
        ("2026-03-01T00:00:00Z", "2026-03-02T12:00:00Z", 2),
        ("2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z", 1),
        ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", 0),
    ],
)
def test_how_many(start, end, count):
    assert len(days(start, end)) == count


def test_days_are_those_of_the_clock():
    """On 29 March a day in Berlin has 23 hours, on 25 October 25."""
    assert days("2026-03-28T11:00:00Z", "2026-03-30T10:00:00Z", "Europe/Berlin") == [
        "2026-03-29T09:59",
        "2026-03-30T09:59",
    ]
    assert len(days("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "Europe/Berlin")) == 1


@given(st.integers(0, 366 * 24), st.integers(1, 3), st.integers(0, 40 * 24))
def test_the_days_of_the_parts_of_a_period_are_the_days_of_the_whole(hour, count, cut):
    start = Instant("2026-01-01T00:00:00Z").add(hours=hour)
    whole = BERLIN.period_of(start, Cadence(PeriodUnit.MONTH, count, anchor=start))
    middle = min(whole.start.add(hours=cut), whole.end)
    ends = list(BERLIN.ends_of_days(whole))
    parts = Period(whole.start, middle), Period(middle, whole.end)
    assert sum(last in part for part in parts for last in ends) == len(ends)
    assert all(last in whole for last in ends)
    assert ends == sorted(set(ends))


NOON = tariff("charge fee { every month from activation; amount 30 USD; prorated by day }")


def test_a_whole_period_is_no_more_than_itself():
    made = bills(NOON, account(activated="2026-03-10T12:00:00Z"), "2026-03", "2026-06")
    assert [amounts(b, "fee") for b in made] == [[], [30], [30], [30]]
    assert made[1].lines[0].why.share.ratio == 1


def test_a_setting_that_begins_on_a_day_counts_it_and_on_which_it_ends_does_not():
    rules = tariff(
        "setting on_ = off\ncharge fee { every month from activation; when on_; amount 31 USD; prorated by day }"
    )
    usage = account(
        activated="2026-03-10T12:00:00Z",
        settings=(setting("on_", "on", "2026-03-12 11:00"), setting("on_", "off", "2026-03-20 13:00")),
    )
    # from noon on the 11th, for the day goes until noon of the 12th, to noon of the 20th
    assert amounts(bill(rules, usage, "2026-04"), "fee") == [9]


def test_an_hour_is_a_day_of_its_own():
    rules = tariff("meter m in calls\ncharge fee { on m; every hour; rate 1 USD/call; prorated by day }")
    assert amounts(bill(rules, account(event("2026-03-02 10:30", 3))), "fee") == [3]
