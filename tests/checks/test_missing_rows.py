"""A key that no row has, and a row without a price: refused with the place and a way out, never 0."""

from __future__ import annotations

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.trial.examples import run_examples

BASE = """tariff demo { currency USD; timezone "UTC" }
unit call, calls
meter m { field region text; field large one of yes, no = no; by region; measure sum(quantity) in calls }
table price by region in USD/call { EU 1; US 2; AP not sold }
table tiers by size, region in USD/call {
                  EU  US  AP
  below 10 calls   1   2  not sold
  beyond           3   4   5
}
"""


def refused(line: str, use: str) -> tuple[str, str, str, str]:
    """Code, message, place and remedy of why an example is refused."""
    text = f"{BASE}charge fee {{ on m; every month; {line} }}\n"
    text += f'example "e" {{ use {use} on 2026-01-05; expect fee == 0 USD }}\n'
    tariff, found = check(Source("rules.tariff", text))
    assert tariff is not None, found
    (trial,) = run_examples(tariff)
    (diagnostic,) = trial.diagnostics
    assert diagnostic.span is not None
    rule = dict(diagnostic.related).get("the rule", diagnostic.span)
    return diagnostic.code, diagnostic.message, rule.text, diagnostic.help


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("rate price[region]", "price[region]"),
        ("volume tiers[region]", "tiers[region]"),
        ("graduated tiers[region]", "tiers[region]"),
        ("amount quantity * tiers[quantity, region]", "tiers[quantity, region]"),
    ],
)
def test_a_key_that_no_row_has(line, place):
    name = place.split("[")[0]
    code, message, where, help = refused(line, '3 calls of m with region "Europe"')
    assert (code, where) == ("A402", place)
    assert message == f"table `{name}` has no row for region `Europe`"
    assert help == "add a row for it, or a last row `else`; `not sold` where there is none"
    assert refused("rate price[region]", '3 calls of m with region "EUR"')[3] == "did you mean `EU`?"


def test_a_column_that_rows_in_place_do_not_have():
    line = "volume by region in USD/call {\n EU US\n below 10 1 2\n beyond 3 4\n}"
    code, message, _, _ = refused(line, '3 calls of m with region "AP"')
    assert (code, message) == ("A402", "the table of prices has no row for region `AP`")


@pytest.mark.parametrize("line", ["rate price[region]", "volume tiers[region]", "graduated tiers[region]"])
def test_a_cell_that_is_not_sold(line):
    code, message, _, _ = refused(line, '3 calls of m with region "AP"')
    assert code == "A401"
    assert "not sold" in message


def test_a_key_that_is_on_or_off_or_a_figure():
    text = (
        BASE
        + "setting flag = off\ntable f by flag { on 1 USD }\n"
        + "setting size number = 4\ntable g by size { 1 1 USD; 2 2 USD }\n"
    )
    for lookup, shown in (("f[flag]", "flag `off`"), ("g[size]", "size `4`")):
        lines = f"charge fee {{ every month; amount {lookup} }}\n"
        example = 'example "e" { use 3 calls of m with region "EU" on 2026-01-05; expect in 2026-01 fee == 0 USD }\n'
        tariff, found = check(Source("rules.tariff", text + lines + example))
        assert tariff is not None, found
        (diagnostic,) = run_examples(tariff)[0].diagnostics
        assert diagnostic.message == f"table `{lookup[0]}` has no row for {shown}"
