"""Tables: the cell and the rows that are reached, what an observer and the coverage hear of it."""

from __future__ import annotations

from typing import Any

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.formula.given import REACHED
from ratewright.formula.interpreter import EvaluationError, evaluate
from ratewright.formula.observer import Coverage
from ratewright.meaning import nodes as n
from tests.formula.formulas import watched

RULES = """
tariff x "X" { currency USD;  timezone "UTC" }
unit call, calls
setting zone text
setting size number
setting dear one of yes, no = no
define base = if dear == yes then fees[zone] else 1 USD
table fees by zone in USD { eu 2;  us 3;  aq not sold }
table rates by size { up to 10 0.50 USD;  below 20 0.40 USD;  beyond 0.30 USD }
table rows by volume, zone in USD/call {
                   eu     us
  up to 10 calls    2      3
  beyond            1      3
}
meter m { measure sum(quantity) in calls }
charge by_zone { every month;  amount fees[zone] + base }
charge by_size { every month;  amount rates[size] }
charge tiers   { on m;  every month;  volume rows[zone] }
"""


def tariff() -> n.Tariff:
    found, problems = check(Source("x.tariff", RULES))
    assert found is not None, problems
    return found


def amount(charge: str) -> n.Expression:
    form = tariff().charges[charge].form
    assert isinstance(form, n.Amount)
    return form.expression


@pytest.mark.parametrize(("size", "fee"), [(0, "0.50"), (10, "0.50"), (11, "0.40"), (19, "0.40"), (20, "0.30")])
def test_a_range_ends_where_its_bound_says(size: int, fee: str) -> None:
    node = amount("by_size")
    _, seen = watched(node, {"setting:size": size})

    assert [cell.span.text for cell in seen.cells] == [f"{fee} USD"]


def test_the_cell_that_is_reached_is_told_to_both() -> None:
    node, places = amount("by_zone"), Coverage()
    given: dict[str, Any] = {"setting:zone": "us", "setting:dear": "no", REACHED: places}
    value, seen = watched(node, given)

    assert value == evaluate(node, given) == 4
    assert [cell.span for cell in seen.cells] == list(places)
    assert [place.text for place in places] == ["3"]


def test_what_is_not_sold_was_reached() -> None:
    node, places = amount("by_zone"), set[Any]()
    with pytest.raises(EvaluationError, match="reaches a row that is not sold") as refused:
        evaluate(node, {"setting:zone": "aq", "setting:dear": "no", REACHED: places})

    assert refused.value.diagnostic.code == "A401"
    assert [place.text for place in places] == ["not sold"]


def test_a_key_without_a_row_is_named() -> None:
    with pytest.raises(EvaluationError, match="table `fees` has no row for zone `ue`") as refused:
        evaluate(amount("by_zone"), {"setting:zone": "ue", "setting:dear": "no"})

    assert refused.value.diagnostic.code == "A402"


def test_rows_used_as_tiers_are_told() -> None:
    form = tariff().charges["tiers"].form
    assert isinstance(form, n.Volume) and form.rows is not None
    rows, seen = watched(form.rows, {"setting:zone": "eu"})

    assert seen.rows == [rows] == [evaluate(form.rows, {"setting:zone": "eu"})]
    assert len(rows) == 2


ELSE = """
tariff x "X" { currency USD;  timezone "UTC" }
unit call, calls
setting zone text
setting kind text
table named by kind, zone in USD { live eu 1;  live us or ca 2;  live else 3;  kept eu 4;  else eu 5;  else else 6 }
table across by kind, zone in USD {
         eu   else
  live    1      2
  else    3      4
}
meter m { measure sum(quantity) in calls }
charge by_rows    { every month;  amount named[kind, zone] }
charge by_columns { every month;  amount across[kind, zone] }
charge tiers { on m;  every month;  volume rows[zone] }
table rows by volume, zone in USD/call {
                   eu   else
  up to 10 calls    2      3
  beyond            1      2
}
"""


def looked_up(charge: str, kind: str, zone: str) -> tuple[Any, list[n.TableKey]]:
    """The value of a lookup, and the keys of the row that holds it."""
    found, problems = check(Source("x.tariff", ELSE))
    assert found is not None, problems
    form = found.charges[charge].form
    assert isinstance(form, n.Amount)
    value, seen = watched(form.expression, {"setting:kind": kind, "setting:zone": zone})
    return value, seen.places


E = n.Rest.ELSE


@pytest.mark.parametrize(
    ("kind", "zone", "fee", "place"),
    [
        ("live", "eu", 1, ("live", "eu")),
        ("live", "ca", 2, ("live", "ca")),
        ("live", "jp", 3, ("live", E)),
        ("kept", "eu", 4, ("kept", "eu")),
        ("kept", "jp", 6, (E, E)),
        ("lost", "eu", 5, (E, "eu")),
        ("else", "else", 6, (E, E)),
    ],
)
def test_else_holds_what_no_row_names(kind: str, zone: str, fee: int, place: tuple[Any, ...]) -> None:
    assert looked_up("by_rows", kind, zone) == (fee, [place])


@pytest.mark.parametrize(
    ("kind", "zone", "fee"), [("live", "eu", 1), ("live", "us", 2), ("kept", "eu", 3), ("kept", "us", 4)]
)
def test_a_last_column_else(kind: str, zone: str, fee: int) -> None:
    assert looked_up("by_columns", kind, zone)[0] == fee


def test_tiers_of_a_last_column_else() -> None:
    found, _ = check(Source("x.tariff", ELSE))
    form = found.charges["tiers"].form if found is not None else None
    assert isinstance(form, n.Volume) and form.rows is not None
    (first, _), seen = watched(form.rows, {"setting:zone": "jp"})

    assert [term.span.text for term in first.price.terms] == ["3"]
    assert seen.places == [(E,)]
