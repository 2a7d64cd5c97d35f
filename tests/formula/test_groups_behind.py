"""A look back that goes on where the last one ended comes to what one from the beginning comes to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.formula.given import BEHIND, HISTORY
from ratewright.formula.groups_behind import Behind
from ratewright.formula.interpreter import evaluate
from ratewright.formula.series import period_facts
from ratewright.meaning import nodes as n
from ratewright.values.calendar import Period
from tests.formula.formulas import START, UTC, formula, record, values

KEPT = [
    "sum(x) each hour since first",
    "sum(x) each hour where sum(x) > 3 since first",
    "highest(x) each day where count() > 1 since first",
    "sum(x where x > 2) each hour since first",
]
ASKED_ANEW = [
    "sum(x) each hour where sum(x) > a since first",
    "(if sum(x) > 3 then 1 else 2) each hour since first",
    "integral(x) / 1 hour each hour since first",
    "sum(x) each hour or 0 since first",
    "highest(x) each kind since first",
]
RECORD = st.builds(
    lambda minute, x, length: record(minute, x, until=minute + length if length else None),
    st.integers(0, 600),
    st.integers(0, 5),
    st.sampled_from([0, 0, 0, 20, 90]),
)


def series(text: str) -> n.Expression:
    node = formula(f"count({text})")
    assert isinstance(node, n.Aggregate) and node.operand is not None
    return node.operand


def asked(history: list[dict[str, Any]], end: int, behind: dict[int, Behind] | None, begin: int = 5) -> dict[str, Any]:
    """What a formula is given at the end of an hour, `end` minutes after the start of March."""
    until = START.add(minutes=end)
    period = Period(until.add(hours=-1), until)
    known = [r for r in history if r["record:at"] < until]
    given_values = values(known, a=3, first=START.add(minutes=begin)) | period_facts(period, UTC) | {HISTORY: known}
    return given_values if behind is None else {**given_values, BEHIND: behind}


@pytest.mark.parametrize("text", KEPT + ASKED_ANEW)
@given(
    st.lists(RECORD, max_size=12),
    st.lists(RECORD, max_size=2),
    st.lists(st.tuples(st.integers(1, 11), st.sampled_from([5, 5, 5, 65])), min_size=1, max_size=6),
)
def test_it_comes_to_the_same(text: str, early: list[Any], late: list[Any], asks: list[tuple[int, int]]) -> None:
    """In whatever order it is asked, from whenever it looks, and where records come later to what is over."""
    node = series(text)
    behind: dict[int, Behind] = {}
    for turn, (hour, begin) in enumerate(asks):
        known = early if turn < len(asks) // 2 else early + late
        history = sorted(known, key=lambda r: (r["record:at"], r["record:until"] or r["record:at"]))
        found = evaluate(node, asked(history, 60 * hour, behind, begin))
        anew = evaluate(node, asked(history, 60 * hour, None, begin))
        assert (found, found.labels) == (anew, anew.labels)


@pytest.mark.parametrize("text", KEPT[:2])
def test_what_is_over_is_not_asked_again(text: str) -> None:
    history = [record(minute, 4, until=minute + 20) for minute in range(0, 600, 20)]
    behind: dict[int, Behind] = {}
    node = series(text)
    for hour in range(1, 11):
        evaluate(node, asked(history, 60 * hour, behind, 0))
        (kept,) = behind.values()
        assert kept.records == history[: 3 * hour]
        assert kept.until == START.add(hours=hour)


def test_a_record_that_comes_late_is_of_the_group_that_was_over() -> None:
    node = series("sum(x) each hour since first")
    behind: dict[int, Behind] = {}
    early, late, next_hour = record(10, 1), record(50, 2), record(60, 4)
    assert evaluate(node, asked([early], 60, behind)) == [1]
    (kept,) = behind.values()
    assert kept.count_in([early]) == kept.count_in([early, next_hour]) == 1
    assert kept.count_in([early, late]) == kept.count_in([late, early]) == kept.count_in([]) == 0
    assert evaluate(node, asked([early, late, next_hour], 120, behind)) == [3, 4]


@pytest.mark.parametrize("text", ASKED_ANEW)
def test_what_more_than_records_decide_is_asked_anew(text: str) -> None:
    behind: dict[int, Behind] = {}
    evaluate(series(text), asked([record(10, 4)], 60, behind))
    assert not behind
