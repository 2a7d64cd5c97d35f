"""Every formula of a price list is enumerated, wherever it stands, with whose it is and what it says."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from msgspec import Struct

from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.meaning import nodes as n
from ratewright.meaning.formulas import PLACES, Asked, Formula, Role, charge_expressions, formulas_of, read_by
from tests.rating.random_tariffs import Case, cases
from tests.tries import tries

ROOT = Path(__file__).parents[2]
LISTS = sorted([*(ROOT / "rules").rglob("*.tariff"), *(ROOT / "tests/language/good").rglob("*.tariff")])


@cache
def read(path: Path) -> n.Tariff:
    tariff, problems = check(Source(path.name, path.read_text("utf-8")))
    assert tariff is not None, problems
    return tariff


def reachable(value: object) -> Iterator[n.Expression]:
    """The outermost expressions in anything, by its fields alone."""
    if isinstance(value, n.Expression):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from reachable(getattr(value, name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from reachable(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from reachable(item)


def assert_complete(tariff: n.Tariff) -> None:
    found = [formula.expression for formula in formulas_of(tariff)]
    fields = [name for name in tariff.__struct_fields__ if name not in ("examples", "others")]
    wanted = [expression for name in fields for expression in reachable(getattr(tariff, name))]
    assert {id(e) for e in found} == {id(e) for e in wanted}
    assert len(found) == len(wanted)


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_formula_of_a_list_is_enumerated(path: Path) -> None:
    for own in read(path).by_currency:
        assert_complete(own)


@tries(40, suppress_health_check=list(HealthCheck))
@given(cases())
def test_every_formula_of_a_random_list_is_enumerated(case: Case) -> None:
    assert_complete(case.rules)


def _may_hold_an_expression(hint: object) -> bool:
    if isinstance(hint, type) and issubclass(hint, n.Expression):
        return True
    return any(_may_hold_an_expression(part) for part in typing.get_args(hint))


def _kinds(kind: type) -> Iterator[type]:
    yield kind
    for sub in kind.__subclasses__():
        yield from _kinds(sub)


OF_TABLES = {(n.Cell, "value")}
OF_EXAMPLES = {(n.Expectation, "condition"), (n.Expectation, "printed")}


def test_each_field_that_may_hold_a_formula_has_a_place() -> None:
    """A field that a new node brings has to be given a role."""
    fields = {
        (kind, name)
        for kind in _kinds(n.Node)
        if not issubclass(kind, n.Expression)
        for name, hint in typing.get_type_hints(kind).items()
        if name in getattr(kind, "__annotations__", {}) and _may_hold_an_expression(hint)
    }
    assert fields == {*PLACES, *OF_TABLES, *OF_EXAMPLES}


def test_every_role_is_met_in_the_lists_that_hold() -> None:
    met = {formula.role for path in LISTS for formula in formulas_of(read(path))}
    assert set(Role) - met == set()


RULES = """\
tariff x "X" { currency USD;  timezone "UTC" }
unit call, calls
setting plan one of free, pro = free
setting opened date = 2026-01-01
setting third = off
table share by kind { a 1;  b 2 }
meter made {
  field   kind one of a, b = a
  where   kind == a
  measure sum(quantity) in calls
}
package pack {
  covers  made at share[kind]
  sizes   { up to 10 calls  1 USD/call }
  valid   until purchase + 3 days
  renews  every month from purchase
  refund  50% of paid if drawn == 0 calls
}
charge fee { on made;  every month from opened;  when third;  rate 1 USD/call + 2 USD;  minimum 3 USD }
charge each { on made;  every record;  amount share[kind] * 1 USD }
deduct made from pack > fee, each
"""


def told(formula: Formula) -> tuple[str, Role, Asked, str]:
    return formula.expression.span.text, formula.role, formula.asked, formula.name


def test_the_places_of_a_list() -> None:
    tariff, problems = check(Source("x.tariff", RULES))
    assert tariff is not None, problems
    by_owner: dict[str, list[tuple[str, Role, Asked, str]]] = {}
    for formula in formulas_of(tariff):
        by_owner.setdefault(formula.owner.name, []).append(told(formula))
    assert set(by_owner["made"]) == {
        ("kind == a", Role.WHERE, Asked.RECORD, ""),
        ("sum(quantity)", Role.MEASURE, Asked.PERIOD, ""),
        ("quantity", Role.EACH, Asked.RECORD, ""),
        ("kind", Role.TAG, Asked.RECORD, "kind"),
    }
    assert set(by_owner["pack"]) == {
        ("share[kind]", Role.RATIO, Asked.USAGE, "made"),
        ("10 calls", Role.BOUND, Asked.LOT, ""),
        ("purchase + 3 days", Role.UNTIL, Asked.LOT, ""),
        ("purchase", Role.RENEWAL, Asked.LOT, ""),
        ("50% of paid", Role.REFUND, Asked.LOT, ""),
        ("drawn == 0 calls", Role.REFUND_CONDITION, Asked.LOT, ""),
    }
    assert set(by_owner["fee"]) == {
        ("made", Role.ON, Asked.PERIOD, ""),
        ("opened", Role.ANCHOR, Asked.ACCOUNT, ""),
        ("third", Role.WHEN, Asked.PERIOD, ""),
        ("1 USD/call", Role.PRICE, Asked.PERIOD, ""),
        ("2 USD", Role.PRICE, Asked.PERIOD, ""),
        ("3 USD", Role.MINIMUM, Asked.PERIOD, ""),
    }
    assert set(by_owner["each"]) == {
        ("made", Role.ON, Asked.RECORD, ""),
        ("share[kind] * 1 USD", Role.AMOUNT, Asked.RECORD, ""),
    }
    fee = tariff.charges["fee"]
    assert [e.span.text for e in charge_expressions(fee)] == [f[0] for f in by_owner["fee"]]
    assert ("pack", "lot:drawn") in {(formula.owner.name, value.key) for formula, value in read_by(tariff)}
