"""What is told of levels and of looks back."""

from __future__ import annotations

from typing import Any

import pytest

from ratewright.derivation.formula_reader import Reader
from ratewright.derivation.measure_traces import measured
from ratewright.derivation.trace import LevelsTrace
from ratewright.formula.given import HISTORY
from ratewright.meaning import nodes as n
from ratewright.values.calendar import Period
from tests.derivation.test_worked import TARIFF
from tests.formula.formulas import MARCH, START, UTC, formula, record, values


def measure(text: str, records: list[dict[str, Any]], **settings: Any) -> Any:
    """The derivation of a measure of these records."""
    meter = TARIFF.meters["busy"]
    made = n.Meter(meter.span, "m", "", (), (), formula(text), None, meter.unit, "")
    return measured(made, (), MARCH, values(records, **settings), Reader(TARIFF, UTC))[1]


@pytest.mark.parametrize(
    ("second", "stretches"),
    [
        (record(60, 2, until=90), [(0, 90, 2)]),
        (record(61, 2, until=90), [(0, 60, 2), (61, 90, 2)]),  # not over a gap
        (record(60, 3, until=90), [(0, 60, 2), (60, 90, 3)]),
    ],
)
def test_stretches_that_adjoin_at_one_value_are_one(second: dict[str, Any], stretches: list[Any]) -> None:
    (levels,) = measure("integral(x)", [record(0, 2, until=60), second]).samples

    assert isinstance(levels, LevelsTrace)
    expected = [(Period(START.add(minutes=b), START.add(minutes=e)), level) for b, e, level in stretches]
    assert list(levels.stretches) == expected


def test_a_look_back_says_from_when_on_and_counts_the_record_at_that_instant() -> None:
    records = [record(0, 1), record(10, 2), record(20, 3)]
    why = measure("highest(x since first)", records, first=START.add(minutes=10))

    assert why.since == ((START.add(minutes=10), 2),)
    assert len(values(records)[HISTORY]) == 3
