"""Reading and checking a list of twice the length is twice the work, whatever it is long of."""

from __future__ import annotations

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.limits import DEFAULT, Limits
from ratewright.resolve import findings
from tests.growth import growth, steps

HEAD = 'tariff demo { currency USD; timezone "UTC" }\nunit call, calls\nmeter m in calls\n'
FEE = "charge fee { on m;  every month;  rate 1 USD/call }\n"
DECLARED = {
    "meters": "meter m{i} in calls\n",
    "readers": "meter m{i} {{ reads m;  measure sum(quantity) in calls }}\n",
    "settings": "setting s{i} = off\n",
    "formulas": "define d{i} = {i}\n",
    "tables": "table t{i} by k {{ a 1;  b 2 }}\n",
    "units": "unit u{i}\n",
    "lines": "meter m{i} in calls\ncharge c{i} {{ on m{i};  every month;  rate 1 USD/call }}\n",
    "sums": "charge c{i} {{ every month;  amount 1% of charges }}\n",
    "taxes": "charge c{i} {{ every month;  amount 1 USD }}\ntax t{i} {{ on subtotal;  rate 1% }}\n",
    "quotas": "meter m{i} in calls\ngrant g{i} {{ covers m{i};  size 1 call;  issued once on activation }}\n"
    "charge c{i} {{ on m{i};  every month;  rate 1 USD/call }}\ndeduct m{i} from g{i} > c{i}\n",
    "limits": "meter m{i} in calls\nlimit l{i} {{ on m{i};  default 1 call;  shared by account and subaccounts }}\n",
    "conditions": "setting s{i} = off\nmeter m{i} in calls\n"
    "charge c{i} {{ on m{i};  every month;  when s{i};  rate 1 USD/call }}\n",
    "lookups": 'charge c{i} {{ every month;  amount prices["a"] }}\n',
    "examples": 'example "{i}" {{ use 1 call of m in 2026-01;  expect fee == 1 USD }}\n',
    "broken lines": "charge c{i} {{ every month amount 1 }}\n",
}
PRICES = "table prices by k { a 1 USD;  b 2 USD }\n"
INSIDE = {
    "tiers": (
        "charge g { on m;  every month;  volume {\n",
        "below {i}1 calls  1 USD/call\n",
        "beyond 1 USD/call } }\n",
    ),
    "rows": ("table t by k {\n", "k{i} {i}\n", "}\n"),
    "fields": ("meter z {\n", "field f{i} text\n", "measure sum(quantity) in calls }\n"),
    "steps": ("meter z {\n", "define f{i} = sum(quantity)\n", "measure sum(quantity) in calls }\n"),
    "chained steps": ("meter z {\ndefine f = 1\n", "define f{i} = f + 1\n", "measure sum(quantity) in calls }\n"),
    "records": ('example "e" {\n', "use 1 call of m on 2026-01-01 10:00\n", "expect fee == 1 USD }\n"),
    "expectations": ('example "e" {\n', "expect fee == 0 USD\n", "}\n"),
    "terms": ("charge g { every month;  amount 1 USD", " + {i} USD", " }\n"),
    "conditions": ("setting s = on\ncharge g { every month;  when s", " and s", ";  amount 1 USD }\n"),
    "choices": ("setting s one of x", ", x{i}", " = x\n"),
    "sizes": ("package p { covers m;  sizes {\n", "{i}1 calls  1 USD\n", "} }\n"),
}


SIZES = {"quotas": 80}
"""Of what meets all meters of the list: a dictionary made of them for each shows in longer lists only."""

MOST = 2.04
"""Twice, and a little for what grows with the digits of numbers. A square of 40 that weighs a tenth comes to 2.1."""


def checked(text: str) -> None:
    check(Source("rules.tariff", text))


@pytest.mark.parametrize("name", DECLARED)
def test_declarations(name: str) -> None:
    def work(count: int) -> None:
        checked(HEAD + FEE + PRICES + "".join(DECLARED[name].format(i=i) for i in range(count)))

    assert growth(work, SIZES.get(name, 40)) < MOST


@pytest.mark.parametrize(("begin", "item", "end"), INSIDE.values(), ids=INSIDE)
def test_within_a_declaration(begin: str, item: str, end: str) -> None:
    def work(count: int) -> None:
        checked(HEAD + FEE + begin + "".join(item.format(i=i + 1) for i in range(count)) + end)

    assert growth(work, 80) < MOST


def test_names_that_mean_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close names are looked for as long as somebody reads on, and among so many only: few here, for it takes long."""
    monkeypatch.setattr(findings, "_MOST_NAMES", 50)

    def work(count: int) -> None:
        lines = "setting number_{i} = on\ncharge c{i} {{ every month;  amount 1 USD;  when numbr_{i} }}\n"
        checked(HEAD + FEE + "".join(lines.format(i=i) for i in range(count)))

    assert growth(work, DEFAULT.diagnostics + 20) < MOST


def test_too_many_terms_are_refused_where_they_become_too_many() -> None:
    def terms(count: int) -> int:
        text = HEAD + FEE + "charge g { every month;  amount 1 USD" + " + 1 USD" * count + " }\n"
        return steps(lambda: check(Source("rules.tariff", text), Limits(terms=200)))

    terms(10)
    assert terms(4_000) < 1.1 * terms(400)
