"""Where the calendar ends: each function that works out a time says so in words, and what is within is placed."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from whenever import Date, Instant, PlainDateTime

from ratewright.values.calendar import (
    Cadence,
    Calendar,
    CalendarError,
    Duration,
    OutOfRangeError,
    Period,
    PeriodUnit,
    calendar_of,
    instant_of,
    moment_text,
    period_text,
    time_text,
)

SHANGHAI, NEW_YORK = calendar_of("Asia/Shanghai"), calendar_of("America/New_York")
NOW = Instant.from_utc(2026, 3, 5)
HUGE = 10**38

BEYOND = {
    "years": lambda: SHANGHAI.add(NOW, Duration(months=12 * 9_000)),
    "years before": lambda: SHANGHAI.add(NOW, Duration(months=-12 * 9_000)),
    "months that no machine counts": lambda: SHANGHAI.add(NOW, Duration(months=HUGE)),
    "days that no machine counts": lambda: SHANGHAI.add(NOW, Duration(days=HUGE)),
    "days": lambda: SHANGHAI.add(NOW, Duration(days=4_000_000)),
    "seconds": lambda: SHANGHAI.add(NOW, Duration(seconds=HUGE)),
    "seconds before": lambda: SHANGHAI.add(NOW, Duration(seconds=-HUGE)),
    "from the last instant": lambda: SHANGHAI.add(Instant.MAX, Duration(seconds=Fraction(1, 10**9))),
    "to the day before the first": lambda: NEW_YORK.add(Instant.MIN, Duration(days=1)),
    "local time of the last instant": lambda: SHANGHAI.local(Instant.MAX),
    "local time of the first instant": lambda: NEW_YORK.local(Instant.MIN),
    "date of the last instant": lambda: SHANGHAI.date_of(Instant.MAX),
    "days of a period": lambda: SHANGHAI.days_in(Period(NOW, Instant.MAX)),
    "first instant of the first day": lambda: SHANGHAI.instant(Date.MIN),
    "a local time before the first": lambda: SHANGHAI.instant(PlainDateTime.MIN),
    "a local time after the last": lambda: NEW_YORK.instant(PlainDateTime.MAX),
    "an instant of nanoseconds": lambda: instant_of(HUGE),
    "text of an instant": lambda: time_text(Instant.MAX, SHANGHAI),
    "text of a moment": lambda: moment_text(Instant.MAX, SHANGHAI),
    "text of a period": lambda: period_text(Period(NOW, Instant.MAX), SHANGHAI),
    **{
        f"the last {unit.value}": lambda unit=unit: NEW_YORK.period_of(Instant.MAX, Cadence(unit))
        for unit in PeriodUnit
        if not Cadence(unit).alone
    },
    **{
        f"{HUGE} {unit.value}s, anchored": lambda unit=unit: NEW_YORK.period_of(NOW, Cadence(unit, HUGE, anchor=NOW))
        for unit in PeriodUnit
        if not Cadence(unit).alone
    },
    "centuries of the calendar": lambda: SHANGHAI.period_of(NOW, Cadence(PeriodUnit.YEAR, 8_000)),
    "months without number": lambda: SHANGHAI.period_of(NOW, Cadence(PeriodUnit.MONTH, HUGE)),
    "minutes without number": lambda: SHANGHAI.period_of(NOW, Cadence(PeriodUnit.MINUTE, HUGE, anchor=NOW)),
    "periods to the end": lambda: list(
        NEW_YORK.periods(Cadence(PeriodUnit.MONTH), Instant.from_utc(9999, 11, 1), Instant.MAX)
    ),
}


@pytest.mark.parametrize("asked", BEYOND.values(), ids=BEYOND.keys())
def test_what_leaves_the_calendar_is_said_in_words(asked) -> None:
    with pytest.raises(OutOfRangeError, match="outside the years 1 to 9999") as caught:
        asked()
    assert isinstance(caught.value, CalendarError)
    assert caught.value.help


def test_the_calendar_reaches_to_its_very_ends() -> None:
    assert calendar_of("UTC").date_of(Instant.MAX) == Date.MAX
    assert calendar_of("UTC").add(Instant.MAX, Duration(days=-1)).add(hours=24) == Instant.MAX
    assert calendar_of("UTC").instant(Date.MIN) == Instant.MIN
    last = Instant.from_utc(9999, 11, 30)
    (november,) = calendar_of("UTC").periods(Cadence(PeriodUnit.MONTH), last, last.add(hours=24))
    assert (november.end, period_text(november, calendar_of("UTC"))) == (Instant.from_utc(9999, 12, 1), "November 9999")


def test_a_time_that_the_clocks_skip_is_no_time_beyond_the_calendar() -> None:
    with pytest.raises(CalendarError, match="set forward") as caught:
        NEW_YORK.instant(PlainDateTime(2026, 3, 8, 2, 30))
    assert not isinstance(caught.value, OutOfRangeError)


@pytest.mark.parametrize(
    ("length", "years"),
    [
        (Duration(months=12_000), 1_000),
        (Duration(months=11_999), 999),
        (Duration(days=366_000), 1_000),
        (Duration(days=365_999), 999),
        (Duration(seconds=366_000 * 86_400), 1_000),
        (Duration(seconds=Fraction(1, 2)), 0),
    ],
)
def test_how_many_years_a_length_has_at_least(length, years) -> None:
    assert length.least_years == years


def test_threads_that_ask_one_grid_get_the_periods_of_one_alone() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            shared, alone = Calendar("Europe/Berlin"), Calendar("Europe/Berlin")
            asked = [NOW.add(hours=7 * (n * 389 % 997)) for n in range(997)]
            cadences = [Cadence(PeriodUnit.DAY), Cadence(PeriodUnit.HOUR, 6), Cadence(PeriodUnit.WEEK, anchor=NOW)]

            def periods_of(start: int, shared=shared, asked=asked, cadences=cadences) -> list[Period]:
                turned = asked[start:] + asked[:start]
                return [shared.period_of(instant, cadence) for instant in turned for cadence in cadences]

            with ThreadPoolExecutor(16) as pool:
                found = list(pool.map(periods_of, range(0, 16 * 60, 60)))
            for start, periods in zip(range(0, 16 * 60, 60), found, strict=True):
                turned = asked[start:] + asked[:start]
                assert periods == [alone.period_of(instant, cadence) for instant in turned for cadence in cadences]
    finally:
        sys.setswitchinterval(interval)
