"""Local time against the standard library's, and cadences that tile time without gap or overlap."""

from __future__ import annotations

import calendar as months_of
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Date, Instant, PlainDateTime

from ratewright.limits import DEFAULT
from ratewright.values.calendar import (
    Cadence,
    CalendarError,
    Duration,
    Period,
    PeriodUnit,
    calendar_of,
    instant_of,
    nanoseconds,
    seconds_between,
)
from ratewright.values.moments import parse_moment
from tests.tries import tries

ZONES = [
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",  # clocks change at midnight
    "Asia/Beirut",  # likewise
    "America/Havana",
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kathmandu",  # UTC+5:45
    "Pacific/Apia",  # left out a whole day
    "America/St_Johns",  # fell back at one past midnight
    "Africa/Casablanca",
]
zones = st.sampled_from(ZONES)


@cache
def zone_of(name: str) -> ZoneInfo:
    """The standard library's zone, from the same data as the engine's."""
    with (files("tzdata") / "zoneinfo").joinpath(*name.split("/")).open("rb") as stream:
        return ZoneInfo.from_file(stream, name)


def aware(instant: Instant, zone: str) -> datetime:
    return datetime.fromtimestamp(instant.timestamp(), UTC).astimezone(zone_of(zone))


def of(moment: datetime) -> Instant:
    return Instant.from_timestamp(int(moment.timestamp()))


def next_change(at: datetime, zone: str) -> datetime | None:
    """The next change of clocks within a year, to the second."""

    def offset(moment: datetime) -> timedelta | None:
        return moment.astimezone(zone_of(zone)).utcoffset()

    day, second = timedelta(days=1), timedelta(seconds=1)
    before, last = offset(at), at + 366 * day
    while at < last and offset(at + day) == before:
        at += day
    if at >= last:
        return None
    low, high = 0, 86_400
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if offset(at + middle * second) == before else (low, middle)
    return at + low * second


@st.composite
def zoned(draw) -> tuple[str, Instant]:
    """A zone and an instant from 2005 to 2037, in half of all cases within hours of a change of its clocks."""
    zone = draw(zones)
    at = datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 32 * 366 * 86_400)))
    change = next_change(at, zone) if draw(st.booleans()) else None
    if change is not None:
        at = change + timedelta(minutes=draw(st.integers(-150, 150)), seconds=draw(st.sampled_from([0, 0, -1, 1])))
    return zone, of(at)


# ---------------------------------------------------------------- placing local times


def possible(local: datetime, zone: str) -> list[Instant]:
    """Every instant with that local time, by trying both folds and going there and back."""
    found = []
    for fold in (0, 1):
        at = local.replace(tzinfo=zone_of(zone), fold=fold).astimezone(UTC)
        if at.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0) == local:
            found.append(of(at))
    return sorted(set(found))


@given(zoned(), st.integers(-90, 90))
def test_a_local_time_is_placed_where_it_can_be(case, minutes):
    zone, instant = case
    local = aware(instant, zone).replace(tzinfo=None, fold=0) + timedelta(minutes=minutes)
    written = PlainDateTime(local.year, local.month, local.day, local.hour, local.minute, local.second)
    can_be = possible(local, zone)
    if len(can_be) == 1:
        assert calendar_of(zone).instant(written) == can_be[0]
        return
    with pytest.raises(CalendarError) as raised:
        calendar_of(zone).instant(written)
    assert ("happens twice" if can_be else "does not exist") in str(raised.value)


@given(zoned())
def test_a_date_is_its_first_instant(case):
    zone, instant = case
    day = aware(instant, zone).date()
    first = calendar_of(zone).instant(Date(day.year, day.month, day.day))
    assert aware(first, zone).date() == day
    just_before = aware(first.subtract(seconds=1), zone)
    assert just_before.date() < day
    assert first <= instant


@given(zoned())
def test_the_local_date_of_an_instant(case):
    zone, instant = case
    found = calendar_of(zone).date_of(instant)
    assert date(found.year, found.month, found.day) == aware(instant, zone).date()


# ---------------------------------------------------------------- durations


def shifted(local: datetime, months: int, days: int) -> datetime:
    number = local.year * 12 + local.month - 1 + months
    year, month = divmod(number, 12)
    day = min(local.day, months_of.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day) + timedelta(days=days)


@given(zoned(), st.integers(-40, 40), st.integers(-500, 500))
@tries(200)
def test_months_and_days_are_added_to_local_time(case, months, days):
    zone, instant = case
    local = shifted(aware(instant, zone).replace(tzinfo=None, fold=0), months, days)
    found = calendar_of(zone).add(instant, Duration(months=months, days=days))
    if not months and not days:
        assert found == instant
        return
    # A skipped time moves on by what is skipped, of a repeated one the first is meant: fold 0 in both.
    assert found == of(local.replace(tzinfo=zone_of(zone), fold=0))


@given(zoned(), st.integers(-(10**7), 10**7))
def test_seconds_are_exact(case, seconds):
    zone, instant = case
    assert calendar_of(zone).add(instant, Duration(seconds=seconds)) == instant.add(seconds=seconds)


def test_fractions_of_a_second_to_the_nanosecond():
    start = Instant.from_utc(2026, 3, 1)
    later = calendar_of("UTC").add(start, Duration(seconds=Fraction(1, 10**9)))
    assert seconds_between(start, later) == Fraction(1, 10**9)
    assert nanoseconds(later) - nanoseconds(start) == 1
    assert instant_of(nanoseconds(later)) == later
    with pytest.raises(CalendarError):
        calendar_of("UTC").add(start, Duration(seconds=Fraction(1, 3)))


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2028-02-29 10:00", Duration(months=12), "2029-02-28 10:00"),
        ("2028-02-29 10:00", Duration(months=48), "2032-02-29 10:00"),
        ("2026-01-31", Duration(months=1), "2026-02-28"),
        ("2026-01-31", Duration(months=2), "2026-03-31"),
        ("2026-01-31", Duration(months=1, days=1), "2026-03-01"),
        ("2026-12-31 23:59:59", Duration(months=2), "2027-02-28 23:59:59"),
        ("2026-03-31", Duration(months=-1), "2026-02-28"),
        ("2026-03-01", Duration(months=1, days=2, seconds=3), "2026-04-03 00:00:03"),
    ],
)
def test_named_durations(start, duration, end):
    calendar = calendar_of("Asia/Shanghai")
    at, expected = (calendar.instant(parse_moment(x, DEFAULT)[0]) for x in (start, end))
    assert calendar.add(at, duration) == expected


# ---------------------------------------------------------------- cadences

cadences = st.one_of(
    st.sampled_from([Cadence(PeriodUnit.HOUR), Cadence(PeriodUnit.DAY), Cadence(PeriodUnit.WEEK)]),
    st.builds(Cadence, st.just(PeriodUnit.MONTH), st.integers(1, 14), st.integers(1, 31)),
    st.builds(Cadence, st.just(PeriodUnit.YEAR), st.integers(1, 5), st.integers(1, 31)),
)


@given(zoned(), cadences)
@tries(400)
def test_periods_tile_time(case, cadence):
    """Each instant lies in its period, each period begins where one ends, and all their instants agree."""
    zone, instant = case
    calendar = calendar_of(zone)
    period = calendar.period_of(instant, cadence)
    assert period.start <= instant < period.end
    after = calendar.period_of(period.end, cadence)
    before = calendar.period_of(period.start.subtract(nanoseconds=1), cadence)
    assert before.end == period.start
    assert after.start == period.end
    middle = instant_of((nanoseconds(period.start) + nanoseconds(period.end)) // 2)
    for inside in (period.start, period.end.subtract(nanoseconds=1), middle):
        assert calendar.period_of(inside, cadence) == period


@pytest.mark.parametrize(
    ("zone", "at", "unit", "start", "end"),
    [
        # One past midnight the clocks went back to 23:01 of a day that had ended.
        ("America/St_Johns", "2006-10-29T02:45:00Z", PeriodUnit.DAY, "2006-10-29T02:30:00Z", "2006-10-30T03:30:00Z"),
        ("America/St_Johns", "2006-10-29T02:29:59Z", PeriodUnit.DAY, "2006-10-28T02:30:00Z", "2006-10-29T02:30:00Z"),
        # Half an hour is repeated: the day has 24 hours and a half.
        (
            "Australia/Lord_Howe",
            "2026-04-04T15:10:00Z",
            PeriodUnit.HOUR,
            "2026-04-04T15:00:00Z",
            "2026-04-04T16:00:00Z",
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-05T13:10:00Z",
            PeriodUnit.HOUR,
            "2026-04-05T13:00:00Z",
            "2026-04-05T13:30:00Z",
        ),
        ("Europe/Berlin", "2026-10-25T01:10:00Z", PeriodUnit.HOUR, "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"),
        ("Asia/Kathmandu", "2026-03-01T00:20:00Z", PeriodUnit.HOUR, "2026-03-01T00:15:00Z", "2026-03-01T01:15:00Z"),
        ("Pacific/Apia", "2011-12-30T09:59:59Z", PeriodUnit.DAY, "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"),
    ],
)
def test_periods_where_clocks_do_odd_things(zone, at, unit, start, end):
    found = calendar_of(zone).period_of(Instant.parse_iso(at), Cadence(unit))
    assert found == Period(Instant.parse_iso(start), Instant.parse_iso(end))


@given(zoned(), cadences, st.lists(st.integers(-400, 400), min_size=2, max_size=6))
def test_periods_do_not_depend_on_what_was_asked_before(case, cadence, minutes):
    zone, instant = case
    asked = [instant.add(minutes=count) for count in minutes]
    from ratewright.values.calendar import Calendar

    one, other = Calendar(zone), Calendar(zone)
    found = [one.period_of(at, cadence) for at in asked]
    assert found == [other.period_of(at, cadence) for at in reversed(asked)][::-1]


@given(zoned(), st.integers(1, 14), st.integers(1, 31))
def test_months_begin_on_their_day_or_on_the_last(case, count, day):
    zone, instant = case
    calendar = calendar_of(zone)
    period = calendar.period_of(instant, Cadence(PeriodUnit.MONTH, count, day))
    ends = [aware(at, zone) for at in (period.start, period.end)]
    for at in ends:
        assert at.day == min(day, months_of.monthrange(at.year, at.month)[1])
    numbers = [at.year * 12 + at.month for at in ends]
    assert numbers[1] - numbers[0] == count
    assert (numbers[0] - 1) % count == 0


def test_periods_over_a_stretch():
    calendar = calendar_of("Europe/Berlin")
    start, end = (calendar.instant(Date(2026, m, d)) for m, d in ((1, 31), (4, 1)))
    found = list(calendar.periods(Cadence(PeriodUnit.MONTH), start, end))
    assert [calendar.date_of(p.start).format_iso() for p in found] == ["2026-01-01", "2026-02-01", "2026-03-01"]
    assert list(calendar.periods(Cadence(PeriodUnit.DAY), start, start)) == []


@pytest.mark.parametrize(
    ("cadence", "at", "start", "end"),
    [
        (Cadence(PeriodUnit.MONTH, 1, 31), "2026-02-15", "2026-01-31", "2026-02-28"),
        (Cadence(PeriodUnit.MONTH, 1, 31), "2026-02-28", "2026-02-28", "2026-03-31"),
        (Cadence(PeriodUnit.MONTH, 1, 31), "2028-02-28", "2028-01-31", "2028-02-29"),
        (Cadence(PeriodUnit.MONTH, 1, 30), "2026-03-29", "2026-02-28", "2026-03-30"),
        (Cadence(PeriodUnit.MONTH, 3), "2026-05-31", "2026-04-01", "2026-07-01"),
        (Cadence(PeriodUnit.MONTH, 4), "2026-05-31", "2026-05-01", "2026-09-01"),
        (Cadence(PeriodUnit.MONTH, 4, 15), "2026-01-14", "2025-09-15", "2026-01-15"),
        (Cadence(PeriodUnit.YEAR), "2026-12-31", "2026-01-01", "2027-01-01"),
        (Cadence(PeriodUnit.YEAR, 1, 15), "2026-01-14", "2025-01-15", "2026-01-15"),
        (Cadence(PeriodUnit.WEEK), "2026-03-01", "2026-02-23", "2026-03-02"),
        (Cadence(PeriodUnit.WEEK), "2026-03-02", "2026-03-02", "2026-03-09"),
    ],
)
def test_named_periods(cadence, at, start, end):
    calendar = calendar_of("UTC")
    moments = [calendar.instant(parse_moment(x, DEFAULT)[0]) for x in (at, start, end)]
    assert calendar.period_of(moments[0], cadence) == Period(moments[1], moments[2])


@given(zoned())
def test_days_in_a_month(case):
    zone, instant = case
    calendar = calendar_of(zone)
    period = calendar.period_of(instant, Cadence(PeriodUnit.MONTH))
    local = aware(instant, zone)
    assert calendar.days_in(period) == months_of.monthrange(local.year, local.month)[1]
