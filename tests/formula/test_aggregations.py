"""Aggregations: what they take of their members, and that what is told is what was taken."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from ratewright.formula.aggregations import AGGREGATIONS, Combines, OverTime, Takes
from ratewright.formula.given import SERIES, TURNS
from ratewright.formula.interpreter import evaluate
from ratewright.formula.observer import Chosen, Counted, Many, Stretches
from ratewright.meaning import nodes as n
from tests.formula.formulas import MARCH, START, formula, record, values, watched

LISTS = ["highest", "lowest", "first", "last"]
ONES = ["highest(x)", "lowest(x)", "first(x)", "last(x)", "nth_highest(x, 2)", "percentile(x, 60)", "percentile(x, 95)"]


def taken(text: str, records: list[dict[str, Any]]) -> Any:
    """What the outermost aggregation told."""
    node = formula(text)
    return next(what for of, what in watched(node, values(records))[1].taken if of is node)


def at(minute: int) -> Instant:
    return START.add(minutes=minute)


def test_every_aggregation_has_its_row() -> None:
    assert set(AGGREGATIONS) == set(n.Aggregation)
    assert {type(rule.work) for rule in AGGREGATIONS.values()} == {Takes, Combines, OverTime}


# ties: the sample that is told is the one that was taken


def test_of_equal_values_the_earliest_is_taken() -> None:
    tied = [record(m, x) for m, x in enumerate((1, 5, 5, 1, 3))]

    assert taken("highest(x)", tied) == Chosen(5, 1, ((at(1), 5),))
    assert taken("lowest(x)", tied) == Chosen(5, 1, ((at(0), 1),))
    assert taken("nth_highest(x, 2)", tied) == Chosen(5, 2, ((at(2), 5),))
    assert taken("nth_highest(x, 9)", tied) == Chosen(5, 5, ((at(3), 1),))
    assert taken("percentile(x, 60)", tied) == Chosen(5, 3, ((at(4), 3),))
    assert taken("first(x)", tied) == Chosen(5, 1, ((at(0), 1),))
    assert taken("last(x)", tied) == Chosen(5, 1, ((at(4), 3),))


def test_several_come_in_the_order_in_which_they_were_taken() -> None:
    tied = [record(m, x) for m, x in enumerate((1, 5, 5, 1, 3))]

    assert several("highest", 3, tied) == [(1, 5), (2, 5), (4, 3)]
    assert several("lowest", 2, tied) == [(0, 1), (3, 1)]
    assert several("first", 2, tied) == [(0, 1), (1, 5)]
    assert several("last", 2, tied) == [(3, 1), (4, 3)]
    assert several("last", 9, tied) == [(m, r["field:x"]) for m, r in enumerate(tied)]


def several(kind: str, count: int, records: list[dict[str, Any]]) -> list[tuple[int, Any]]:
    """The minutes and values that were taken, where several are."""
    _, seen = watched(formula(f"mean({kind}(x, {count}))"), values(records))
    ((_, chosen),) = [(of, what) for of, what in seen.taken if isinstance(what, Chosen)]
    assert chosen.place is None and chosen.count == len(records)
    return [(round((label - START).total("minutes")), value) for label, value in chosen.members]


FIGURES = st.lists(st.integers(-3, 3) | st.fractions(-2, 2, max_denominator=3), max_size=40)


@given(FIGURES, st.sampled_from(ONES))
def test_one_that_is_taken_is_a_member_at_its_place(figures: list[Any], text: str) -> None:
    records = [record(minute, x) for minute, x in enumerate(figures)]
    value, told = evaluate(formula(text), values(records)), taken(text, records)

    assert told.count == len(figures)
    assert [v for _, v in told.members] == ([value] if figures else [])
    for label, member in told.members:
        assert figures[round((label - START).total("minutes"))] == member
    if told.members and text.startswith(("highest", "nth", "percentile")):
        assert value == sorted(figures, reverse=True)[told.place - 1]


@given(FIGURES, st.sampled_from(LISTS), st.integers(1, 50))
def test_several_that_are_taken_are_members(figures: list[Any], kind: str, count: int) -> None:
    records = [record(minute, x) for minute, x in enumerate(figures)]
    chosen = several(kind, count, records)

    assert len(chosen) == min(count, len(figures)) == len({minute for minute, _ in chosen})
    assert all(figures[minute] == value for minute, value in chosen)
    expected = {"highest": sorted(figures)[-count:], "lowest": sorted(figures)[:count]}
    expected |= {"first": figures[:count], "last": figures[-count:]}
    assert sorted(value for _, value in chosen) == sorted(expected[kind])


@pytest.mark.parametrize(
    ("percent", "count", "place"),
    [(95, 20, 2), (95, 19, 1), (95, 21, 2), (100, 20, 1), (1, 20, 20), (5, 20, 20), (6, 20, 19)],
)
def test_a_percentile_is_the_nearest_rank(percent: int, count: int, place: int) -> None:
    assert taken(f"percentile(x, {percent})", [record(m, m) for m in range(count)]).place == place


def test_nothing_is_0_of_anything() -> None:
    for text in (*ONES, "sum(x)", "mean(x)", "count()", "unique(x)", "integral(x)"):
        assert evaluate(formula(text), values()) == 0, text


def test_different_values_come_in_the_order_in_which_they_came() -> None:
    records = [record(m, kind=kind) for m, kind in enumerate(("b", "a", "b", "c"))]
    assert taken("unique(kind)", records) == Counted(4, ("b", "a", "c"))


# series


def test_the_values_of_a_series_know_what_they_are_of() -> None:
    records = [record(0, 1, "car"), record(10, 2, "bus"), record(2_000, 4, "car")]
    _, seen = watched(formula("sum(sum(x) each day)"), values(records))
    (series,) = [value for _, value in seen.values if isinstance(value, Many)]

    assert series == [3, 4]
    assert [label.start for label in series.labels] == [START, START.add(hours=24)]
    _, seen = watched(formula("highest(sum(x) each kind)"), values(records))
    assert seen.taken[-1][1] == Chosen(2, 1, (("car", 5),))


def test_a_series_that_was_worked_out_is_kept_for_its_records_and_period_alone() -> None:
    days = [record(1_440 * day, 1 + day) for day in range(4)]
    highest, known = formula("highest(sum(x) each day where start of period >= first)"), {SERIES: {}}

    assert evaluate(highest, values(days, first=START) | known) == 4
    fewer = values(days, first=START) | known | {"records": days[:2]}
    assert evaluate(highest, fewer) == 2
    since = formula("sum(x since first)")
    asked = values(days, first=START) | known
    assert evaluate(since, asked) == 10
    assert evaluate(since, asked | {"setting:first": START.add(hours=24)}) == 9
    assert evaluate(since, asked | {"setting:first": START, "period:end": START.add(hours=48)}) == 3


def test_a_sum_since_an_instant_runs() -> None:
    days = [record(1_440 * day, 1 + day) for day in range(4)]
    running = formula("sum(sum(x since first) each day)")

    assert evaluate(running, values(days, first=START)) == 1 + 3 + 6 + 10
    assert evaluate(running, values(days, first=START.add(hours=24))) == 0 + 2 + 5 + 9
    assert evaluate(running, values(days, first=START.add(hours=24, seconds=1))) == 0 + 0 + 3 + 7


def test_a_look_back_within_a_name_sees_that_name_alone() -> None:
    records = [record(-10, 1, "car"), record(-5, 2, "bus"), record(0, 4, "car"), record(5, 8, "bus")]
    look = formula("highest(sum(x since first) each kind)")

    assert evaluate(look, values(records, first=START.subtract(hours=1))) == 2 + 8
    assert evaluate(look, values(records, first=START)) == 8


def test_a_state_belongs_to_each_period_that_it_meets_and_not_to_one_that_begins_at_its_end() -> None:
    two_days = [record(720, 1, until=2 * 1_440), record(3 * 1_440, 5)]

    assert evaluate(formula("sum(count() each day)"), values(two_days)) == 3
    assert evaluate(formula("sum(count() each day)"), values([record(720, 1, until=2 * 1_440 + 1)])) == 3


# levels


def test_a_level_is_cut_at_both_ends_of_the_period() -> None:
    before, after = record(-60, 3, until=60), record(0, 2)
    over = record(0, 5) | {"record:until": MARCH.end.add(hours=1), "record:at": MARCH.end.subtract(hours=2)}
    given_values = values([after, over]) | {"records": [before, after, over]}

    assert evaluate(formula("integral(x)"), given_values) == 3 * 3_600 + 5 * 7_200


@pytest.mark.parametrize(
    ("lasted", "seconds"), [(0, 0), (90, 90), (Fraction(1, 3), Fraction(1, 3)), (10**9, 31 * 86_400 - 60)]
)
def test_an_event_holds_for_as_long_as_it_lasted(lasted: Any, seconds: Any) -> None:
    assert evaluate(formula("integral(x)"), values([record(1, 7, lasted=lasted)])) == 7 * seconds


WINDOW = "integral(x where time(at) >= 8 hours and time(at) < 20 hours)"


def test_a_state_is_divided_where_its_condition_turns() -> None:
    night = record(19 * 60 + 30, 2, until=24 * 60 + 8 * 60 + 15)

    def turns(expression: n.Expression, start: Instant, end: Instant, record: object) -> list[Instant]:
        hours = (8, 20, 32, 44)
        return [START.add(hours=hour) for hour in hours if start < START.add(hours=hour) < end]

    given_values = values([night]) | {TURNS: turns}
    value, seen = watched(formula(WINDOW), given_values)

    assert value == evaluate(formula(WINDOW), given_values) == 2 * 45 * 60
    (stretches,) = [what for _, what in seen.taken]
    assert stretches == Stretches(((at(1_170), at(1_200), 2), (at(1_920), at(1_935), 2)))


def test_a_turn_at_an_end_of_a_state_divides_nothing() -> None:
    state = values([record(0, 2, until=60)]) | {TURNS: lambda expression, start, end, record: [start, end]}
    _, seen = watched(formula(WINDOW.replace("8 hours", "0 hours")), state)

    assert seen.taken[0][1] == Stretches(((at(0), at(60), 2),))


def test_turns_are_asked_of_what_asks_for_the_time_only() -> None:
    def turns(expression: n.Expression, start: Instant, end: Instant, record: object) -> list[Instant]:
        raise AssertionError(expression.span.text)

    assert evaluate(formula('integral(x where kind == "k")'), values([record(0, 1, until=1)]) | {TURNS: turns}) == 60
