"""What is told of a formula: made of what was seen when it was worked out, once, and when somebody asks."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.checks.run import check
from ratewright.derivation import formula_reader
from ratewright.derivation.formula_reader import Reader
from ratewright.derivation.measure_traces import measured
from ratewright.derivation.trace import Arithmetic, Reading
from ratewright.diagnostics import Source
from ratewright.formula.given import HISTORY, RECORDS
from ratewright.formula.interpreter import evaluate
from ratewright.formula.series import period_facts
from ratewright.meaning import nodes as n
from tests.formula.formulas import MARCH, START, UTC
from tests.resolve.formulas import value as value_of_text

RULES = """
tariff x "X" { currency USD;  timezone "UTC" }
unit call, calls
setting a number = 0
setting b number = 0
setting plan one of free, pro = pro
setting zone text
table fees by zone in USD { eu 2.50;  us 3;  aq not sold }
table prices by zone in USD/call { eu 0.20;  us 0.30 }
define base = if plan == pro then 4.50 USD else fees[zone]
define twice = 2 * base
define unit_price = if a > 1 then prices[zone] else 0.125 USD/call
meter calls_made { measure sum(quantity) in calls }
meter busy {
  reads   calls_made
  define  peaks = highest(quantity) each day
  define  most = highest(peaks)
  measure most + (if most > 5 calls then lowest(peaks) else 0 calls) in calls
}
charge fee { on busy;  every month;  rate 1 USD/call }
charge f0 { every month;  amount base }
charge f1 { every month;  amount twice * a - fees[zone] }
charge f2 { every month;  amount max(base * a, 3 USD) + (if b > 1 and a > 1 then fees[zone] else -1 USD) }
charge f3 { every month;  amount round half up (a * 1 USD / 3) to 0.01 USD }
charge f4 { every month;  amount 12% of base * (a - b) + 2 * (base - 1 USD) }
charge f5 { on calls_made; every month;  rate unit_price }
"""


def _tariff() -> n.Tariff:
    found, problems = check(Source("x.tariff", RULES))
    assert found is not None, problems
    return found


TARIFF = _tariff()
READER = Reader(TARIFF, UTC)


def amount(charge: str) -> n.Expression:
    form = TARIFF.charges[charge].form
    return form.expression if isinstance(form, n.Amount) else form.price.terms[0].expression  # type: ignore[union-attr]


def given_settings(a: Any = 1, b: Any = 1, plan: str = "pro", zone: str = "eu") -> dict[str, Any]:
    return {"setting:a": a, "setting:b": b, "setting:plan": plan, "setting:zone": zone}


SETTINGS = st.builds(
    given_settings,
    st.integers(0, 36).map(lambda quarters: Fraction(quarters, 4)),
    st.integers(0, 3),
    st.sampled_from(("free", "pro")),
    st.sampled_from(("eu", "us")),
)


@given(st.sampled_from(["f0", "f1", "f2", "f3", "f4"]), SETTINGS)
def test_the_filled_formula_evaluated_again_gives_the_value(charge: str, settings: dict[str, Any]) -> None:
    worked = READER.worked(amount(charge), settings)

    assert worked.value == evaluate(amount(charge), settings)
    assert value_of_text(worked.filled) == worked.value, worked.filled


def test_only_what_was_evaluated_was_read() -> None:
    def names(**settings: Any) -> list[str]:
        return [reading.name for reading in READER.worked(amount("f2"), given_settings(**settings)).readings]

    assert names(a=1, b=1) == ["base", "a", "b"]
    assert names(a=2, b=2) == ["base", "a", "b", "fees[eu]"]
    assert READER.worked(amount("f0"), given_settings()).readings[0].how is None  # the figure of a branch, as written


def test_a_name_tells_its_formula_and_a_lookup_its_cell() -> None:
    (twice, a, fees) = READER.worked(amount("f1"), given_settings(a=3)).readings

    assert (twice.text, a, fees.text) == ("9.00 USD", Reading("a", "3"), "2.50 USD")
    assert twice.how is not None and twice.how.filled == "2 × 4.50 USD"
    assert fees.how is not None and fees.how.span is not None and fees.how.span.text == "2.50"


@pytest.mark.parametrize(
    ("settings", "price"),
    [
        ({"a": 2}, "0.20 USD/call"),
        ({"a": 2, "zone": "us"}, "0.30 USD/call"),
        ({"a": 1}, "0.125 USD/call"),
    ],
)
def test_a_price_that_was_come_to_keeps_its_decimals(settings: dict[str, Any], price: str) -> None:
    assert READER.worked(amount("f5"), given_settings(**settings)).price == price


# once, and late


def test_a_formula_is_worked_out_once_and_its_texts_are_made_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    runs, told = [], []
    observe, tell = formula_reader.observe, Reader._told
    monkeypatch.setattr(formula_reader, "observe", lambda *a: runs.append(a) or observe(*a))  # type: ignore[func-returns-value]
    monkeypatch.setattr(Reader, "_told", lambda *a: told.append(a) or tell(*a))  # type: ignore[func-returns-value]

    worked = READER.worked(amount("f2"), given_settings(a=3, b=2))
    assert (worked.value, len(runs), told) == (Fraction(16), 1, [])
    first = worked.filled, worked.readings, worked.text, worked.span
    made = len(told)
    assert first == (worked.filled, worked.readings, worked.text, worked.span)
    assert (len(runs), len(told)) == (1, made)


def test_it_is_equal_to_what_tells_the_same_and_pickled_as_that() -> None:
    one, same = (READER.worked(amount("f2"), given_settings(a=2)) for _ in range(2))
    other = READER.worked(amount("f2"), given_settings(a=3))

    assert one == same and hash(one) == hash(same) and one != other
    told = pickle.loads(pickle.dumps(one))
    assert told == one and type(told) is Arithmetic
    assert told.readings == one.readings


# a measure


def records(*quantities: int) -> dict[str, Any]:
    found = [
        {"record:at": START.add(hours=24 * day), "record:until": None, "record:quantity": quantity, "record:lasted": 0}
        for day, quantity in enumerate(quantities)
    ]
    return {**period_facts(MARCH, UTC), "calendar": UTC, RECORDS: found, HISTORY: found}


@pytest.mark.parametrize(("quantities", "result"), [((5, 3), 5), ((6, 3), 9), ((6, 3, 4), 9)])
def test_a_measure_is_worked_out_with_its_steps_and_samples(quantities: tuple[int, ...], result: int) -> None:
    quantity, why = measured(TARIFF.meters["busy"], (), MARCH, records(*quantities), READER)

    assert (quantity, why.quantity, why.records) == (result, result, len(quantities))
    peaks, most = why.steps
    assert [value for _, value in peaks.values] == list(quantities)
    assert most.value == max(quantities)
    told = [(sample.aggregation, sample.value, sample.count) for sample in why.samples]  # type: ignore[union-attr]
    lowest = [(n.Aggregation.LOWEST, min(quantities), len(quantities))] if max(quantities) > 5 else []
    assert told == [(n.Aggregation.HIGHEST, max(quantities), len(quantities)), *lowest]
    assert why.how is not None and value_of_text(why.how.filled.replace("call", "pic")) == result
