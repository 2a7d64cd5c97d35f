"""Instants, periods and cadences as they are written and read."""

from __future__ import annotations

import pytest
from whenever import Date, Instant, PlainDateTime

from ratewright.limits import DEFAULT
from ratewright.values.calendar import (
    Cadence,
    CalendarError,
    Period,
    PeriodUnit,
    calendar_of,
    moment_text,
    period_text,
    time_text,
    tzdata_version,
)
from ratewright.values.moments import MomentError, parse_moment

# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2026-03-01", "2026-04-01", "March 2026"),
        ("2026-03-02", "2026-03-03", "2026-03-02"),
        ("2026-01-01", "2027-01-01", "2026"),
        ("2026-03-02", "2026-03-09", "2026-03-02 to 2026-03-08"),
        ("2026-03-15", "2026-04-15", "2026-03-15 to 2026-04-14"),
        ("2026-03-01 06:00", "2026-03-01 07:00", "2026-03-01 06:00 to 2026-03-01 07:00"),
    ],
)
def test_periods_in_words(first, last, text):
    calendar = calendar_of("America/Santiago")
    start, end = (calendar.instant(parse_moment(x, DEFAULT)[0]) for x in (first, last))
    assert period_text(Period(start, end), calendar) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-03-02", "2026-03-02"),
        ("2026-03-02 10:00", "2026-03-02 10:00"),
        ("2026-03-02 10:00:07", "2026-03-02 10:00:07"),
        ("2026-09-06", "2026-09-06"),  # begins at one o'clock
    ],
)
def test_instants_in_words(at, text):
    calendar = calendar_of("America/Santiago")
    assert moment_text(calendar.instant(parse_moment(at, DEFAULT)[0]), calendar) == text


@pytest.mark.parametrize(
    ("cadence", "text"),
    [
        (Cadence(PeriodUnit.MONTH), "every month"),
        (Cadence(PeriodUnit.MONTH, 4), "every 4 months"),
        (Cadence(PeriodUnit.MONTH, 1, 15), "every month on day 15"),
        (Cadence(PeriodUnit.DAY), "every day"),
    ],
)
def test_cadences_in_words(cadence, text):
    assert str(cadence) == text


# ---------------------------------------------------------------- moments as written


@pytest.mark.parametrize(
    ("text", "moment", "month"),
    [
        ("2026-03", Date(2026, 3, 1), True),
        ("2026-03-02", Date(2026, 3, 2), False),
        ("2026-03-02 10:00", PlainDateTime(2026, 3, 2, 10), False),
        ("2026-03-02T10:00:05", PlainDateTime(2026, 3, 2, 10, 0, 5), False),
        ("2026-03-02T10:00Z", Instant.from_utc(2026, 3, 2, 10), False),
        ("2026-03-02 10:00:00+08:00", Instant.from_utc(2026, 3, 2, 2), False),
        ("2026-03-02 10:00-05:30", Instant.from_utc(2026, 3, 2, 15, 30), False),
        ("1900-01-01", Date(1900, 1, 1), False),
        ("2200-12-31", Date(2200, 12, 31), False),
    ],
)
def test_moments(text, moment, month):
    assert parse_moment(text, DEFAULT) == (moment, month)


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13", "2026-00-10", "2026-03-02 25:00", "2026-03-02 10:00+25:00", "2026-04-31"]
)
def test_moments_that_do_not_exist(text):
    with pytest.raises(MomentError, match="does not exist in the calendar"):
        parse_moment(text, DEFAULT)


@pytest.mark.parametrize(
    "text", ["1899-12-31", "2201-01-01", "2201-01-01T00:00:00Z", "0001-01", "1899-12-31 23:00+00:00"]
)
def test_moments_out_of_range(text):
    with pytest.raises(MomentError, match="outside the years 1900 to 2200"):
        parse_moment(text, DEFAULT)


def test_an_unknown_timezone():
    with pytest.raises(CalendarError) as raised:
        calendar_of("Mars/Olympus")
    assert str(raised.value) == "there is no timezone `Mars/Olympus`"
    assert "IANA" in raised.value.help


def test_zone_data_are_those_of_the_package():
    from importlib.metadata import version

    assert tzdata_version() == version("tzdata")


@pytest.mark.parametrize(
    ("utc", "text"),
    [
        ("2026-10-25T00:59:00Z", "2026-10-25 02:59+02:00"),
        ("2026-10-25T01:00:00Z", "2026-10-25 02:00+01:00"),
        ("2026-10-25T01:59:59Z", "2026-10-25 02:59:59+01:00"),
        ("2026-10-25T02:00:00Z", "2026-10-25 03:00"),
        ("2026-10-24T23:59:59Z", "2026-10-25 01:59:59"),
        ("2026-10-24T22:00:00Z", "2026-10-25 00:00"),
        ("2026-03-29T01:00:00Z", "2026-03-29 03:00"),
    ],
)
def test_a_time_that_the_clock_shows_twice_has_its_offset(utc, text):
    assert time_text(Instant.parse_iso(utc), calendar_of("Europe/Berlin")) == text


def test_two_hours_of_one_name_are_told_apart():
    calendar = calendar_of("Europe/Berlin")
    hours = list(
        calendar.periods(Cadence(PeriodUnit.HOUR), *(Instant.parse_iso(f"2026-10-25T0{n}:00:00Z") for n in (0, 2)))
    )
    assert [period_text(hour, calendar) for hour in hours] == [
        "2026-10-25 02:00+02:00 to 2026-10-25 02:00+01:00",
        "2026-10-25 02:00+01:00 to 2026-10-25 03:00",
    ]
