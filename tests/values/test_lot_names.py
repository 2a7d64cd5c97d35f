"""Names of lots: written of their parts, and read into the same parts again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.values.lot_names import LotName, parse, parse_whole

CYCLES = [
    "",
    "2026-03-01",
    "2026-03-01T10:00",
    "2026-03-01T10:00:30",
    "2026-03-01T10:00:30.5",
    "2026-10-25T02:00+02:00",
]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("p1", LotName("p1")),
        ("p1#2", LotName("p1", 2)),
        ("p1@2026-03-01", LotName("p1", 0, "2026-03-01")),
        ("p1#12@2026-03-01T10:00", LotName("p1", 12, "2026-03-01T10:00")),
        ("p1#2@2026-03-01-rolled", LotName("p1", 2, "2026-03-01", rolled=True)),
        ("free[EU, 512 MB]@2026-03-01", LotName("free[EU, 512 MB]", 0, "2026-03-01")),
    ],
)
def test_each_form(text, parts):
    assert parse(text) == parts
    assert str(parts) == text


@pytest.mark.parametrize(
    "text", ["me@example.com", "p#", "#2", "p#0", "p#x", "p-rolled", "a#1b", "free[#3]", "p@2026", "", "p#٣"]
)
def test_an_id_that_only_looks_like_one_stays_whole(text):
    assert parse(text) == LotName(text)


def test_an_id_with_signs_of_its_own_keeps_them():
    assert parse("me@example.com#2@2026-03-01-rolled") == LotName("me@example.com", 2, "2026-03-01", rolled=True)
    assert parse("a#1#2") == LotName("a#1", 2)


def test_a_lot_that_does_not_renew_has_no_cycle_in_its_name():
    assert parse_whole("order@2026-03-01") == LotName("order@2026-03-01")
    assert parse_whole("order#2") == LotName("order", 2)


@given(st.text("ab[]., -", min_size=1, max_size=6), st.integers(0, 99), st.sampled_from(CYCLES), st.booleans())
def test_what_is_written_is_read(base, number, cycle, rolled):
    name = LotName(base, number, cycle, rolled and bool(cycle))
    assert parse(str(name)) == name
    assert str(name.whole) == str(LotName(base, number))


def test_the_parts_of_one_lot():
    lot = LotName("p1", 2)
    cycle = lot.of_cycle("2026-03-01")
    assert (str(cycle), str(cycle.rolled_over())) == ("p1#2@2026-03-01", "p1#2@2026-03-01-rolled")
    assert cycle.whole == cycle.rolled_over().whole == lot
