"""Formulas at work: what each node type means, and that looking on changes nothing."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from threading import Barrier

import pytest
from msgspec.structs import replace
from whenever import Instant

from ratewright.formula.interpreter import EvaluationError, evaluate, observe
from ratewright.formula.observer import Coverage, Together
from ratewright.meaning import nodes as tree
from tests.formula.formulas import BERLIN, Everything, formula, record, values, watched

NOON = Instant.from_utc(2026, 3, 10, 12)
RECORDS = [record(0, 5, "car"), record(10, 2, "bus"), record(20, 5, "bus"), record(2_000, 1, "car")]
GIVEN = {"a": 7, "b": Fraction(3, 2), "name": "pro", "first": NOON, "second": NOON.add(hours=36)}

FORMULAS = {
    "3": 3,
    "a": 7,
    "-a": -7,
    "a - b + 1": Fraction(13, 2),
    "-a - b": Fraction(-17, 2),
    "a * b / 3": Fraction(7, 2),
    "1 / a": Fraction(1, 7),
    "0 * b / a": 0,
    "12% of a": Fraction(21, 25),
    "if a > 7 then 1 else 2": 2,
    "if a >= 7 and b < 2 then 1 else 2": 1,
    "if a < 7 or b < 1 then 1 else 2": 2,
    "if not (a == 7) then 1 else 2": 2,
    'if name != "pro" then 1 else 2': 2,
    "round up (b) to 1": 2,
    "round half even (b * 3) to 1": 4,
    "round half down (2.5)": 2,
    "round half down (-2.5)": -2,
    "round half down (2.51)": 3,
    "max(a, b, 9)": 9,
    "min(a, b)": Fraction(3, 2),
    "start of day(first)": Instant.from_utc(2026, 3, 10),
    "end of month(first)": Instant.from_utc(2026, 4, 1),
    "first + 1 month": Instant.from_utc(2026, 4, 10, 12),
    "first - 1 day": Instant.from_utc(2026, 3, 9, 12),
    "second - first": 36 * 3_600,
    "time(first)": 12 * 3_600,
    "if weekday(first) == tuesday then 1 else 2": 1,
    "days(first, second)": 1,
    "count()": 4,
    "sum(x)": 13,
    'sum(x where kind == "bus")': 7,
    "mean(x)": Fraction(13, 4),
    "highest(x)": 5,
    "lowest(x)": 1,
    "first(x)": 5,
    "last(x)": 1,
    "unique(x)": 3,
    "unique(kind)": 2,
    "nth_highest(x, 3)": 2,
    "nth_highest(x, 9)": 1,
    "percentile(x, 50)": 2,
    "sum(highest(x, 2))": 10,
    "sum(lowest(x, 3))": 8,
    "sum(first(x, 2))": 7,
    "sum(last(x, 2))": 6,
    "mean(sum(x) each day)": Fraction(13, 2),
    "highest(sum(x) each kind)": 7,
    "count(sum(x) each day where sum(x) > 1)": 1,
    "sum(highest(x) each 15 minutes)": 11,
}


@pytest.mark.parametrize(("text", "value"), FORMULAS.items(), ids=list(FORMULAS))
def test_each_node_type(text: str, value: object) -> None:
    assert evaluate(formula(text), values(RECORDS, **GIVEN)) == value


@pytest.mark.parametrize("text", FORMULAS)
def test_an_observer_changes_nothing_and_sees_what_each_part_comes_to(text: str) -> None:
    node, given = formula(text), values(RECORDS, **GIVEN)
    value, seen = watched(node, given)

    assert value == evaluate(node, given)
    told = [part for part, _ in seen.values]
    assert not any(isinstance(part, tree.Constant) for part in told), "their value stands in the node"
    assert isinstance(node, tree.Constant) or seen.values[-1] == (node, value)
    for part, came_to in seen.values:
        assert came_to == evaluate(part, given), part.span.text


@pytest.mark.parametrize("text", FORMULAS)
def test_what_is_kept_with_a_node_is_no_part_of_it(text: str) -> None:
    node, given = formula(text), values(RECORDS, **GIVEN)
    value, _ = watched(node, given)
    evaluate(node, given)

    for other in (pickle.loads(pickle.dumps(node)), replace(node)):
        assert other == node and not other.__dict__
        assert evaluate(other, given) == value


def test_sixteen_threads_ask_the_same_formulas() -> None:
    asked, barrier = [formula(text) for text in FORMULAS], Barrier(16)

    def all_values(_: int) -> list[object]:
        barrier.wait()
        return [
            (evaluate(node, values(RECORDS, **GIVEN)), watched(node, values(RECORDS, **GIVEN))[0]) for node in asked
        ]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(all_values, range(16))) == [[(v, v) for v in FORMULAS.values()]] * 16


# what was passed, and what was left alone


def asked(text: str, **settings: object) -> list[str]:
    """The parts that a formula turned to, as written."""
    _, seen = watched(formula(text), values(**settings))
    return [part.span.text for _, part in seen.turns]


def test_of_a_choice_one_branch() -> None:
    assert asked("if a > 1 then a else b", a=2, b=0) == ["a"]
    assert asked("if a > 1 then a else b", a=1, b=0) == ["b"]
    _, seen = watched(formula("if a > 1 then a else b"), values(a=1, b=0))
    assert [node.span.text for node, _ in seen.values] == ["a", "a > 1", "b", "if a > 1 then a else b"]


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("if a == 0 and b == 0 then 1 else 2", ["a == 0"]),
        ("if a == 1 and b == 0 then 1 else 2", ["a == 1", "b == 0"]),
        ("if a == 1 or b == 0 then 1 else 2", ["a == 1"]),
        ("if a == 0 or b == 0 then 1 else 2", ["a == 0", "b == 0"]),
    ],
)
def test_and_and_or_stop_where_it_is_decided(text: str, members: list[str]) -> None:
    assert asked(text, a=1, b=1)[:-1] == members


def test_coverage_is_an_observer_beside_another() -> None:
    node, coverage, everything = formula("if a > 1 then a else b"), Coverage(), Everything()
    observe(node, values(a=2, b=3), Together(coverage, everything))

    assert [place.text for place in coverage] == ["a"]
    assert everything.values[-1][1] == 2


# what can go wrong


def test_a_divisor_of_nothing_is_named() -> None:
    with pytest.raises(EvaluationError, match="`a` is 0, and nothing can be divided by it"):
        evaluate(formula("b / a"), values(a=0, b=1))


# days


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ((2026, 3, 1, 10), (2026, 3, 17, 10), 16),
        ((2026, 3, 1, 10), (2026, 3, 17, 9), 15),
        ((2026, 3, 1, 10), (2026, 3, 2, 9, 59, 59), 0),
        ((2026, 3, 1, 10), (2026, 3, 2, 10), 1),
        ((2026, 3, 1, 10), (2026, 3, 1, 10), 0),
        ((2026, 3, 28, 23), (2026, 3, 29, 22), 1),  # 23 hours over the change of the clocks in Berlin: midnights
        ((2026, 3, 28, 22, 30), (2026, 3, 29, 21), 0),
    ],
)
def test_days_are_whole_days_and_below_nothing_from_the_later_one(
    first: tuple[int, ...], second: tuple[int, ...], days: int
) -> None:
    node, one, other = formula("days(first, second)"), Instant.from_utc(*first), Instant.from_utc(*second)

    assert evaluate(node, values(calendar=BERLIN, first=one, second=other)) == days
    assert evaluate(node, values(calendar=BERLIN, first=other, second=one)) == -days
