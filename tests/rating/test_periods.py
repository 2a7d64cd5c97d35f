"""Which months are billed where none is named."""

from __future__ import annotations

import pytest

from ratewright.rating.named_periods import months as range_of
from ratewright.rating.named_periods import spanned, touched
from ratewright.refusal import RatingError
from ratewright.values.calendar import calendar_of, period_text
from tests.rating.accounts import account, buy, changed, event, state, tariff, total

UTC = calendar_of("UTC")


def months(every: str, *records, **parts):
    rules = tariff(f"meter m in calls\ncharge fee {{ on m; every {every}; rate 1 USD/call }}")
    found = spanned(account(*records, **parts), [rules], UTC)
    return [period_text(period, UTC) for period in found]


def test_from_the_first_to_the_last_record():
    assert months("month", event("2026-03-31 23:59", 1), event("2026-01-01", 1)) == [
        "January 2026",
        "February 2026",
        "March 2026",
    ]
    assert months("month", total("2026-03-01", "2026-04-01", 1)) == ["March 2026"]
    assert months("month", state("2026-03-01", "2026-04-01 00:01", 1)) == ["March 2026", "April 2026"]
    assert months("month", purchases=(buy("p", "2026-02-01", 100),)) == ["February 2026"]
    assert months("month") == []


def test_until_a_late_record_was_reported():
    late = changed(event("2026-01-31", 1), reported=event("2026-02-02", 1).start)
    assert months("month", late) == ["January 2026", "February 2026"]


@pytest.mark.parametrize(
    ("measure", "lasts", "last_month"),
    [
        ("integral(quantity) / 1 hour in calls", "25 hours", "April 2026"),
        ("integral(quantity) / 1 hour in calls", "24 hours", "March 2026"),
        ("highest(sum(quantity) each instant) in calls", "25 hours", "April 2026"),
        ("sum(quantity) in calls", "25 hours", "March 2026"),
    ],
)
def test_until_an_event_ends_that_is_counted_as_long_as_it_lasts(measure, lasts, last_month):
    rules = tariff(f"meter m in calls\nmeter held {{ reads m; measure {measure} }}\n")
    found = spanned(account(event("2026-03-31", 1, lasts=lasts)), [rules], UTC)
    assert [period_text(period, UTC) for period in found][-1] == last_month
    assert touched(account(event("2026-03-31", 1, lasts=lasts)), rules, UTC) == found


def test_by_the_version_that_holds_at_the_last_record():
    body = "meter m in calls\ncharge fee {{ on m; every {}; rate 1 USD/call }}"
    earlier = tariff(body.format("month"), 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-01')
    later = tariff(body.format("week"), 'currency USD; timezone "UTC"; effective from 2026-03-01')
    for last, version, months in (("2026-03-31", None, 4), ("2026-02-28", None, 2), ("2026-03-31", "2026-01-05", 3)):
        data = account(event("2026-01-01", 1), event(last, 1), version=version)
        assert len(spanned(data, [later, earlier], UTC)) == months


@pytest.mark.parametrize(("last", "months"), [("2026-03-31", 4), ("2026-03-30", 3)])
def test_a_version_holds_from_its_first_instant_on(last, months):
    body = "meter m in calls\ncharge fee {{ on m; every {}; rate 1 USD/call }}"
    earlier = tariff(body.format("month"), 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-31')
    later = tariff(body.format("week"), 'currency USD; timezone "UTC"; effective from 2026-03-31')
    found = spanned(account(event("2026-01-01", 1), event(last, 1)), [later, earlier], UTC)
    assert len(found) == months


@pytest.mark.parametrize(
    ("every", "last", "expected"),
    [
        ("month on day 15", "2026-10-14", ["October 2026"]),
        ("month on day 15", "2026-10-15", ["October 2026", "November 2026"]),
        ("week", "2026-10-25", ["October 2026"]),
        ("week", "2026-10-26", ["October 2026", "November 2026"]),
        ("year", "2026-10-26", ["October 2026"]),
        ("3 months", "2026-10-26", ["October 2026"]),
    ],
)
def test_until_the_month_or_week_of_the_last_record_ends(every, last, expected):
    assert months(every, event(last, 1)) == expected


def test_a_test_sees_every_period_through():
    rules = tariff("meter m in calls\ncharge fee { on m; every 3 months; rate 1 USD/call }")
    found = touched(account(event("2026-10-26", 1)), rules, UTC)
    assert [period_text(period, UTC) for period in found] == ["October 2026", "November 2026", "December 2026"]


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [("2026", "2026", 12), ("2025", "2026", 24), ("2025-11", "2026", 14), ("2026", "2026-02", 2)],
)
def test_a_year_is_all_of_its_months(first, last, count):
    found = range_of(first, last, UTC)
    assert len(found) == count
    assert period_text(found[0], UTC) == f"{'November' if first == '2025-11' else 'January'} {first[:4]}"


def test_a_range_of_years_has_an_order():
    with pytest.raises(RatingError, match="the range ends before it begins: 2026 to 2025"):
        range_of("2026", "2025", UTC)
