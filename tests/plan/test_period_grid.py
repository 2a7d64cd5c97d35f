"""The periods of lines: those of the calendar, from when the list holds and from where they are counted."""

from __future__ import annotations

import pytest
from whenever import Instant

from ratewright.plan.period_grid import Grid
from ratewright.refusal import RatingError
from ratewright.values.calendar import DAILY, MONTHLY, Cadence, Period, PeriodUnit, calendar_of
from tests.rating.accounts import tariff

UTC = calendar_of("UTC")
HELD = "effective from 2026-03-10 until 2026-05-20"
FEE = "charge fee { every month; amount 1 USD }"


def at(text: str) -> Instant:
    return Instant.parse_iso(f"{text}T00:00:00Z")


def grid(head: str) -> Grid:
    return Grid(tariff(FEE, f'currency USD; timezone "UTC"; {head}'), UTC)


@pytest.mark.parametrize(
    ("head", "day", "start", "end"),
    [
        ("effective from 2026-03-10", "2026-03-10", "2026-03-10", "2026-04-01"),
        ("effective from 2026-03-10", "2026-04-01", "2026-04-01", "2026-05-01"),
        (HELD, "2026-05-19", "2026-05-01", "2026-06-01"),
        (
            "effective from 2026-03-10 until 2026-05-20; changes split the period",
            "2026-05-19",
            "2026-05-01",
            "2026-05-20",
        ),
        ("changes split the period", "2026-05-19", "2026-05-01", "2026-06-01"),
    ],
)
def test_the_first_period_begins_with_the_list_and_only_a_split_ends_the_last(head, day, start, end):
    assert grid(head).period_of(at(day), MONTHLY) == Period(at(start), at(end))


def test_periods_are_those_that_overlap_a_stretch():
    made = grid("effective from 2026-03-10")
    found = list(made.periods(MONTHLY, at("2026-03-01"), at("2026-04-02")))
    assert [period.start for period in found] == [at("2026-03-10"), at("2026-04-01")]
    assert list(made.periods(DAILY, at("2026-03-11"), at("2026-03-11"))) == []


def test_periods_that_are_counted_from_an_instant_begin_there():
    cadence = Cadence(PeriodUnit.MONTH, anchor=at("2026-03-15"))
    found = list(grid("").periods(cadence, at("2026-01-01"), at("2026-05-01")))
    assert [period.start for period in found] == [at("2026-03-15"), at("2026-04-15")]


def test_what_came_before_the_anchor_is_refused():
    cadence = Cadence(PeriodUnit.MONTH, anchor=at("2026-03-15"))
    made = grid("")
    made.refuse_before_anchor(at("2026-03-15"), cadence, None, "Fee")
    with pytest.raises(RatingError) as caught:
        made.refuse_before_anchor(at("2026-03-15").subtract(nanoseconds=1), cadence, None, "Fee")
    assert caught.value.diagnostics[0].code == "A309"
