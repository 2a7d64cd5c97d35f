"""Formulas and tables that name one another: circles, limits, and how much is read before they are found."""

from __future__ import annotations

import pytest

from ratewright.limits import DEFAULT
from ratewright.resolve.typed_expressions import Expressions
from tests.resolve.formulas import errors

BASE = 'tariff demo { currency USD; timezone "UTC" }\nunit call, calls\nmeter m in calls\n'
FEE = "charge fee { every month; amount %s }\n"


def said(text: str) -> list[tuple[str, str]]:
    return [(code, quoted) for code, quoted, _ in errors(BASE + text) if code[0] == "R"]


def chain(count: int, formula: str, first: str = "1") -> str:
    return f"define x0 = {first}\n" + "".join(f"define x{i} = {formula.format(f'x{i - 1}')}\n" for i in range(1, count))


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("define x = x\n" + FEE % "x * 1 USD", "x"),
        ("define x = y\ndefine y = x\n" + FEE % "x * 1 USD", "x"),
        ("charge fee { every month; define x = x + 1; amount x * 1 USD }\n", "x"),
        ("define x = t[1]\ntable t by n { 1 (x) }\n" + FEE % "x * 1 USD", "x"),
        ('table t by n { a (t["a"]) }\n' + FEE % 't["a"] * 1 USD', "t"),
        ('table t by n { a (u["a"]) }\ntable u by n { a (t["a"]) }\n' + FEE % 't["a"] * 1 USD', "t"),
        ("table t by n { below (t[1]) 1; beyond 2 }\n" + FEE % "t[5] * 1 USD", "t"),
        ("meter z { define x = sum(x) each day; measure sum(x) in calls }\n", "x"),
        ("meter z { define x = mean(y) each day; define y = sum(x) each day; measure sum(x) in calls }\n", "x"),
    ],
)
def test_circles(text, quoted):
    assert said(text) == [("R215", quoted)]


def test_a_series_may_be_ranked_by_itself():
    ranked = "meter z { define x = sum(quantity) each day; measure nth_highest(x, count(x)) in calls }\n"
    assert said(ranked) == []
    inside = "meter z { define x = sum(quantity) each day where count(x) > 1; measure sum(x) in calls }\n"
    assert said(inside) == [("R215", "x")]


def test_a_circle_is_told_once():
    text = "define x = y + y\ndefine y = x + x\n" + FEE % "(x + y) * 1 USD"
    assert said(text) == [("R215", "x")]


@pytest.mark.parametrize(
    "text",
    [
        chain(20, "{0} + {0}") + FEE % "x19 * 1 USD",
        chain(200, "{0} + 1") + FEE % "x199 * 1 USD",
        chain(60, "if on then {0} else {0}") + "meter z { measure sum(x59) in calls }\n",
        chain(60, "{0} + {0}") + "charge g { on x59 * m; every month; rate 1 USD/call }\n",
        chain(60, "{0} + {0}") + "meter z { define y = x59; measure sum(quantity * y) in calls }\n",
        chain(2, "{0}" + " + 1" * 3_000) + FEE % f"({' + '.join(['x1'] * 300)}) * 1 USD",
        "table t0 by n { a 1; b 2 }\n"
        + "".join(
            f'table t{i} by n {{ a (t{i - 1}["a"] + t{i - 1}["b"]); b (t{i - 1}["a"] + t{i - 1}["b"]) }}\n'
            for i in range(1, 40)
        )
        + FEE % 't39["a"] * 1 USD',
        "table t by a, b, c { " + " ".join([" or ".join(f"k{i}" for i in range(300))] * 3) + " 1 USD }\n",
    ],
)
def test_what_grows_without_end_is_refused_soon(text, monkeypatch):
    resolved = 0
    resolve = Expressions.resolve

    def counted(*arguments, **named):
        nonlocal resolved
        resolved += 1
        return resolve(*arguments, **named)

    monkeypatch.setattr(Expressions, "resolve", counted)
    assert [code for code, _ in said(text)] == ["R105"]
    assert resolved <= 1.2 * DEFAULT.unfolded_parts


def test_a_name_may_be_used_often_and_deep():
    assert said(chain(40, "{0} + 1") + FEE % "x39 * 1 USD") == []
    assert said(chain(12, "{0} + {0}") + FEE % "x11 * 1 USD") == []


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("define quantity = 5 calls", [("R202", "quantity")]),
        ("define flag = 5", [("R202", "flag")]),
        ("define fee = 5", [("R202", "fee")]),
        ("define m = 5", [("R202", "m")]),
        ("define t = 5", [("R202", "t")]),
        ("define USD = 5", [("R202", "USD")]),
        ("define total = 5", [("R202", "total")]),
        ("define other = 5; define other = 6", [("R202", "other")]),
        ("define hours = 5", []),  # a unit: `3 hours` is read as ever
    ],
)
def test_names_of_steps(step, expected):
    text = "setting flag = on\ntable t by n { a 1 USD }\ndefine top = 5\n"
    assert said(text + f"charge fee {{ on m; every month; {step}; rate 1 USD/call }}\n") == expected


def test_a_step_that_a_key_of_the_line_hides():
    text = "meter k { field region text; by region; measure sum(quantity) in calls }\n"
    text += "charge fee { on k; every month; define region = 5; amount region * 1 USD }\n"
    assert said(text)[0] == ("R202", "region")
