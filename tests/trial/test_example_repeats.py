"""What the steps of an example mean as records: when each begins, and how many there are."""

from __future__ import annotations

import pytest
from whenever import Instant

from ratewright.usage.model import Amount, Form
from ratewright.values.calendar import calendar_of
from tests.trial.trials import CALLS, HEAD, records, refused


def instants(*statements: str, head: str = HEAD) -> list[str]:
    found = records(CALLS, *statements, head=head)
    calendar = calendar_of("UTC" if "UTC" in head else "Europe/Berlin")
    return [calendar.instant(r.start).format_iso() for r in found]


def test_steps_of_a_day_are_events_at_their_starts() -> None:
    found = records(CALLS, "use 2 calls of made each 5 minutes on 2024-06-01")
    assert len(found) == 288
    assert {r.form for r in found} == {Form.EVENT}
    assert {r.quantity for r in found} == {Amount(2, "calls")}
    starts = [r.start for r in found]
    assert starts[:2] == [Instant.from_utc(2024, 6, 1), Instant.from_utc(2024, 6, 1, 0, 5)]
    assert starts[-1] == Instant.from_utc(2024, 6, 1, 23, 55)
    assert len({r.id for r in found}) == 288


def test_steps_of_a_month() -> None:
    assert len(records(CALLS, "use 1 call of made each 4 hours in 2024-02")) == 6 * 29
    days = records(CALLS, "use 1 call of made each day in 2024-02")
    assert [(days[0].form, days[0].start, days[-1].end)] == [
        (Form.TOTAL, Instant.from_utc(2024, 2, 1), Instant.from_utc(2024, 3, 1))
    ]
    assert len(days) == 29
    assert len(records(CALLS, "use 1 call of made each month in 2024-02")) == 1


def test_both_ends_are_included() -> None:
    assert instants("use 1 call of made each 2 hours from 2024-06-01 10:00 to 2024-06-01 14:00") == [
        "2024-06-01T10:00:00Z",
        "2024-06-01T12:00:00Z",
        "2024-06-01T14:00:00Z",
    ]
    assert len(instants("use 1 call of made each hour from 2024-06-01 to 2024-06-02")) == 48
    assert len(instants("use 1 call of made each 30 minutes from 2024-06-01 23:00 to 2024-06-02")) == 2 + 48
    assert len(instants("use 1 call of made each month from 2024-01 to 2024-12")) == 12
    assert len(instants("use 1 call of made each 4 months from 2024-01 to 2024-12")) == 3
    assert len(instants("use 1 call of made each quarter from 2024-01 to 2024-12")) == 4
    assert len(instants("use 1 call of made each year from 2024-01 to 2025-12")) == 2
    assert len(instants("use 1 call of made each week from 2024-06-03 to 2024-06-16")) == 2


def test_steps_from_an_instant_are_counted_from_it() -> None:
    assert instants("use 1 call of made each 7 hours from 2024-06-01 10:30 to 2024-06-02 10:00") == [
        "2024-06-01T10:30:00Z",
        "2024-06-01T17:30:00Z",
        "2024-06-02T00:30:00Z",
        "2024-06-02T07:30:00Z",
    ]


def test_a_day_on_which_the_clocks_change_has_its_own_number_of_steps() -> None:
    berlin = HEAD.replace("UTC", "Europe/Berlin")
    assert len(instants("use 1 call of made each hour on 2026-03-29", head=berlin)) == 23
    assert len(instants("use 1 call of made each hour on 2026-10-25", head=berlin)) == 25
    two_days = instants("use 1 call of made each 6 hours from 2026-03-29 to 2026-03-30", head=berlin)
    assert two_days == [
        "2026-03-28T23:00:00Z",
        "2026-03-29T05:00:00Z",
        "2026-03-29T11:00:00Z",
        "2026-03-29T17:00:00Z",
        "2026-03-29T22:00:00Z",
        "2026-03-30T04:00:00Z",
        "2026-03-30T10:00:00Z",
        "2026-03-30T16:00:00Z",
    ], "the second day begins a step, though the one before it lasts five hours"


@pytest.mark.parametrize(
    ("code", "words", "help", "time"),
    [
        ("R219", "`fortnight` is no period", "`each week`", "each fortnight in 2024-06"),
        ("R219", "`reading` is no period", "`each day`", "each reading in 2024-06"),
        ("R219", "a step is a whole number", "`each hour`", "each 1.5 hours on 2024-06-01"),
        ("R219", "a step is a whole number", "`each day`", "each 0 days in 2024-06"),
        ("R219", "2 days do not say from when", "`each day`", "each 2 days in 2024-06"),
        ("R219", "`2024-06-01` is not filled by steps of `month`", "from", "each month on 2024-06-01"),
        ("R219", "`2024-06` is not filled by steps of `4 months`", "from", "each 4 months in 2024-06"),
        ("R219", "`2024-06` is not filled by steps of `week`", "from", "each week in 2024-06"),
        ("R219", "steps fill a day or a month", "from", "each 5 minutes on 2024-06-01 10:00"),
        (
            "R219",
            "`each day` gives totals, and `2024-06-01 10:00` is an instant",
            "`each 24 hours`",
            "each day from 2024-06-01 10:00 to 2024-06-03",
        ),
        ("R219", "this ends before it begins", "earlier", "each day from 2024-06-03 to 2024-06-02"),
        ("R219", "this ends before it begins", "earlier", "each hour from 2024-06-03 to 2024-06-02 10:00"),
        ("R105", "makes more than 200,000 records", "longer steps", "each minute from 2024-01 to 2024-12"),
        ("R104", "does not exist", "", "each hour from 2024-06-31 to 2024-07-02"),
        ("R104", "does not exist", "", "each hour from 2024-06-01 to 2024-06-31"),
    ],
)
def test_steps_that_cannot_be_taken(code: str, words: str, help: str, time: str) -> None:
    found = refused(f'{CALLS}example "e" {{\nuse 1 call of made {time}\nexpect total == 0 USD\n}}\n')
    assert [d.code for d in found] == [code], [d.message for d in found]
    assert words in found[0].message
    assert help in found[0].help


def test_the_most_records_that_steps_make() -> None:
    """A year of five minutes is far from the limit."""
    assert len(records(CALLS, "use 1 call of made each 5 minutes from 2024-01 to 2024-12")) == 366 * 288
