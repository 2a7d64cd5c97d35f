"""Instants, lengths and periods, by the standard library alone.

An instant is a naive `datetime` in UTC. What the calendar says is local time of the tariff's zone, whose data come
from the package `tzdata`, as bills promise.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.reference.problems import NotCovered, Refused

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FIRST = datetime(1900, 1, 1)
LAST = datetime(2200, 1, 1)


class Span(NamedTuple):
    """A period: it holds its first instant and not its last."""

    start: datetime
    end: datetime


class Length(NamedTuple):
    """A length of the calendar: months, then days, then exact time."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta()

    def negative(self) -> Length:
        return Length(-self.months, -self.days, -self.exact)


def seconds(length: timedelta) -> Fraction:
    return Fraction(length // timedelta(microseconds=1), 1_000_000)


def as_timedelta(number: Fraction) -> timedelta:
    micro = number * 1_000_000
    if micro.denominator != 1:
        raise NotCovered("times finer than a microsecond")
    return timedelta(microseconds=int(micro))


def hours(start: datetime, end: datetime) -> Iterator[datetime]:
    """The full hours inside a stretch of time; every time that a price list here names is one."""
    at = start.replace(minute=0, second=0, microsecond=0) + HOUR
    while at < end:
        yield at
        at += HOUR


@cache
def _zone(name: str) -> ZoneInfo:
    with resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


class Clock:
    """The calendar of one timezone. `around` remembers what it found."""

    def __init__(self, zone: str) -> None:
        self.zone = _zone(zone)
        self.around = cache(self._around)

    def local(self, instant: datetime) -> datetime:
        return instant.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def instant(self, local: datetime) -> datetime:
        """A local time as written. Raises Refused where a clock change skips or repeats it."""
        first, second = (
            local.replace(tzinfo=self.zone, fold=fold).astimezone(UTC).replace(tzinfo=None) for fold in (0, 1)
        )
        if first != second or self.local(first) != local:
            raise Refused(f"the local time {local} is skipped or repeated")
        return first

    def add(self, instant: datetime, length: Length) -> datetime:
        if not length.months and not length.days:
            return instant + length.exact
        local = self.local(instant)
        if length.months:
            index = local.year * 12 + local.month - 1 + length.months
            year, month = divmod(index, 12)
            local = local.replace(
                year=year, month=month + 1, day=min(local.day, calendar.monthrange(year, month + 1)[1])
            )
        local = (local + timedelta(days=length.days)).replace(tzinfo=self.zone)  # the first of two; none: one hour on
        return local.astimezone(UTC).replace(tzinfo=None) + length.exact

    def _around(self, unit: str, instant: datetime, count: int = 1, day: int = 1) -> Span:
        """The period of the calendar around an instant. `day` is the one on which months and years begin."""
        local = self.local(instant)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if unit in ("minute", "hour"):
            size = timedelta(minutes=count) if unit == "minute" else timedelta(hours=count)
            if DAY % size:
                raise NotCovered(f"each {count} {unit}")
            start = self.instant(midnight)
            start += (instant - start) // size * size
            return Span(start, start + size)
        if unit in ("day", "week"):
            if count != 1:
                raise NotCovered(f"every {count} {unit}s of the calendar")
            first = midnight - timedelta(days=midnight.weekday()) if unit == "week" else midnight
            return Span(self.instant(first), self.instant(first + timedelta(days=7 if unit == "week" else 1)))
        months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
        if 12 % months:
            raise NotCovered(f"every {months} months of the calendar")
        index = local.year * 12 + (local.month - 1) // months * months
        if self._first_of(index, day) > midnight:
            index -= months
        elif self._first_of(index + months, day) <= midnight:
            index += months
        return Span(self.instant(self._first_of(index, day)), self.instant(self._first_of(index + months, day)))

    @staticmethod
    def _first_of(index: int, day: int) -> datetime:
        year, month = divmod(index, 12)
        return datetime(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))

    def month(self, text: str) -> Span:
        return self.around("month", self.instant(datetime.strptime(text, "%Y-%m")))

    def days(self, span: Span) -> Fraction:
        """How many days a period has, counted from its start: a part of a day is that part of it."""
        whole = 0
        while self.add(span.start, Length(days=whole + 1)) <= span.end:
            whole += 1
        reached = self.add(span.start, Length(days=whole))
        if reached == span.end:
            return Fraction(whole)
        following = self.add(span.start, Length(days=whole + 1))
        return whole + seconds(span.end - reached) / seconds(following - reached)


class Cadence(NamedTuple):
    """How something repeats: by the calendar, or counted from an instant; `once`: the day that holds it; or in windows
    from a first use."""

    unit: str
    count: int = 1
    day: int = 1
    anchor: datetime | None = None
    once: bool = False
    first_use: bool = False

    @property
    def length(self) -> Length:
        if self.unit in ("month", "quarter", "year"):
            return Length(months=self.count * {"month": 1, "quarter": 3, "year": 12}[self.unit])
        if self.unit in ("day", "week"):
            return Length(days=self.count * (7 if self.unit == "week" else 1))
        return Length(exact=self.count * (HOUR if self.unit == "hour" else timedelta(minutes=1)))

    def periods(self, clock: Clock, start: datetime, end: datetime, back: bool = False) -> Iterator[Span]:
        """The periods that overlap `[start, end)`, in order; those before the anchor only where they go `back`."""
        if self.once and self.anchor is not None:
            day = clock.around("day", self.anchor)
            if day.start < end and start < day.end:
                yield day
            return
        if self.anchor is None:
            at = clock.around(self.unit, start, self.count, self.day)
            while at.start < end:
                yield at
                at = clock.around(self.unit, at.end, self.count, self.day)
            return
        number = 0
        step, anchor = self.length, self.anchor

        def begins(number: int) -> datetime:
            return clock.add(anchor, Length(step.months * number, step.days * number, step.exact * number))

        while back and begins(number) > start:
            number -= 1
        while True:
            here, following = begins(number), begins(number + 1)
            if here >= end:
                return
            if following > start:
                yield Span(here, following)
            number += 1
