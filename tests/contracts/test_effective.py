"""What `check --effective` prints: each figure by the name that a contract has for it, in lines that can be read."""

from __future__ import annotations

import pytest

from ratewright.cli.agreed_values import Holding, effective_text
from ratewright.contracts.effective import Value, values
from tests.contracts.beside import contract, listed

ZONES = """tariff zones { currency USD, EUR;  timezone "UTC" }
unit call, calls
setting plan one of a, b = a
meter made { field zone text;  by zone;  measure sum(quantity) in calls }
table price by calls, zone in currency/call {
              home                           abroad
  up to 10    1 USD/call or 0.90 EUR/call    2 USD/call or 1.80 EUR/call
  beyond      0.50 USD/call or 0.40 EUR/call 1.50 USD/call or 1.30 EUR/call
}
table fees by plan {
      base             each
  a   5 USD or 4 EUR   0.1
  b   6 USD or 5 EUR   0.2
}
charge made_fee { on made;  every month;  volume price[zone] }
charge base_fee { every month;  amount max(fees[plan].base * fees[plan].each, 1 USD or 1 EUR) }
"""
CELLS = ["price[up to 10, home]", "price[up to 10, abroad]", "price[beyond, home]", "price[beyond, abroad]"]
FEES = ["fees[a].base", "fees[a].each", "fees[b].base", "fees[b].each"]


def effective(said: str) -> list[Value]:
    return values(listed(ZONES, "zones.tariff"), (contract(f"contract own {{ list zones;  {said} }}"),))


def changed(said: str) -> dict[str, tuple[str | None, str | None]]:
    return {value.name: (value.listed, value.effective) for value in effective(said) if value.listed != value.effective}


def test_cells_below_a_header_are_named_and_the_header_is_no_row() -> None:
    names = [value.name for value in effective("drop made_fee")]
    assert names == [*CELLS, *FEES, "made_fee", "amount of base_fee"]


@pytest.mark.parametrize("name", [*CELLS, *FEES])
def test_a_contract_can_name_what_is_printed(name: str) -> None:
    assert list(changed(f"scale {name} by 50%")) == [name]


def test_a_bound_that_moves_is_told_once_and_no_cell_changes() -> None:
    assert changed("replace up to 10 of price with up to 20") == {"row of price": ("up to 10", "up to 20")}


def test_amounts_in_each_currency_are_scaled_one_by_one() -> None:
    of = changed("scale price[up to 10, home] by 95%")
    assert of == {CELLS[0]: ("1 USD/call or 0.90 EUR/call", "0.95 USD/call or 0.855 EUR/call")}


def test_a_formula_that_is_scaled_has_no_parentheses_more_than_it_needs() -> None:
    ((_, made),) = changed("scale amount of base_fee by 95%").values()
    assert made == "max(fees[plan].base * fees[plan].each, 1 USD or 1 EUR) * 0.95"


def test_long_figures_go_on_in_the_next_line_of_their_column() -> None:
    text = effective_text(Holding("zones", ("own",), None, None, effective("scale amount of base_fee by 95%")))
    lines = text.splitlines()
    assert max(map(len, lines)) < 150
    first, more = lines[-2:]
    assert first.startswith("  amount of base_fee") and first.endswith("acme.contract:1")
    start = lines[1].index("what holds")
    said = [line[start : lines[1].index("said at")].strip() for line in (first, more)]
    assert " ".join(said) == "max(fees[plan].base * fees[plan].each, 1 USD or 1 EUR) * 0.95"
