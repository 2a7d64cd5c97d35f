"""Formulas give exactly what arithmetic on fractions gives; constants are folded to it beforehand."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from whenever import Instant

from ratewright.formula.interpreter import EvaluationError
from ratewright.meaning import nodes as n
from tests.resolve.formulas import resolve, value
from tests.tries import tries

GIVEN = {"x": Fraction(7, 3), "y": -5, "z": Fraction(1, 1000)}


# ---------------------------------------------------------------- random formulas; Python's fractions are the oracle


def rounded(number: Fraction, step: Fraction, way: str) -> Fraction:
    """By the words of the reference: `up` and `half up` go away from zero, `down` towards it."""
    steps = abs(number / step)
    if way == "up":
        whole = ceil(steps)
    elif way == "down":
        whole = floor(steps)
    elif way == "half up":
        whole = floor(steps + Fraction(1, 2))
    elif way == "half down":
        whole = ceil(steps - Fraction(1, 2))
    else:
        whole = round(steps)  # half to even
    return (whole if number >= 0 else -whole) * step


@st.composite
def written(draw: st.DrawFn) -> tuple[str, Fraction]:
    """A decimal as a rule file may write it, and its value."""
    whole, decimals = draw(st.integers(0, 10**9)), draw(st.integers(0, 6))
    text = f"{whole:,}" if draw(st.booleans()) else str(whole)
    if not decimals:
        return text, Fraction(whole)
    part = draw(st.integers(0, 10**decimals - 1))
    return f"{text}.{part:0{decimals}}", whole + Fraction(part, 10**decimals)


ATOMS = st.one_of(
    written(),
    written().map(lambda w: (f"{w[0]}%", w[1] / 100)),
    st.sampled_from([(name, Fraction(v)) for name, v in GIVEN.items()]),
)
COMPARISONS = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}


def larger(inner: st.SearchStrategy) -> st.SearchStrategy:
    """One construct more around formulas. Operands stand in parentheses, so that the text means what it says."""
    several = st.lists(inner, min_size=2, max_size=4)

    def chain(operators, parts):
        text, total = f"({parts[0][0]})", parts[0][1]
        for operator, (piece, number) in zip(operators, parts[1:], strict=False):
            sign = "*" if operator == "/" and number == 0 else operator
            text += f" {sign} ({piece})"
            total = {
                "+": total + number,
                "-": total - number,
                "*": total * number,
                "/": total / number if number else 0,
            }[sign]
        return text, total

    def chosen(sign, left, right, yes, no):
        holds = getattr(left[1], COMPARISONS[sign])(right[1])
        return f"if ({left[0]}) {sign} ({right[0]}) then {yes[0]} else ({no[0]})", yes[1] if holds else no[1]

    sums, products = st.lists(st.sampled_from("+-"), min_size=3), st.lists(st.sampled_from("*/"), min_size=3)
    steps = written().filter(lambda w: w[1] > 0)
    ways = st.sampled_from(["up", "down", "half up", "half down", "half even"])
    return st.one_of(
        st.builds(chain, sums, several),
        st.builds(chain, products, several),
        inner.map(lambda e: (f"-({e[0]})", -e[1])),
        st.builds(lambda p, e: (f"{p[0]}% of ({e[0]})", p[1] / 100 * e[1]), written(), inner),
        several.map(lambda es: (f"max({', '.join(e[0] for e in es)})", max(e[1] for e in es))),
        several.map(lambda es: (f"min({', '.join(e[0] for e in es)})", min(e[1] for e in es))),
        st.builds(lambda w, e, s: (f"round {w} ({e[0]}) to {s[0]}", rounded(e[1], s[1], w)), ways, inner, steps),
        st.builds(lambda w, e: (f"round {w} ({e[0]})", rounded(e[1], Fraction(1), w)), ways, inner),
        st.builds(chosen, st.sampled_from(sorted(COMPARISONS)), inner, inner, inner, inner),
    )


@tries(400, suppress_health_check=list(HealthCheck))
@given(st.recursive(ATOMS, larger, max_leaves=12))
def test_a_formula_gives_what_arithmetic_gives(formula):
    text, expected = formula
    assert value(text, **GIVEN) == expected


@tries(200)
@given(st.lists(st.tuples(st.sampled_from("+-*/"), written()), min_size=1, max_size=8), written())
def test_products_bind_stronger_than_sums(rest, first):
    text, terms, product = first[0], [], first[1]
    sign = 1
    for drawn, (piece, number) in rest:
        operator = "*" if drawn == "/" and number == 0 else drawn
        text += f" {operator} {piece}"
        if operator in "+-":
            terms.append(sign * product)
            sign, product = (1 if operator == "+" else -1), number
        else:
            product = product * number if operator == "*" else product / number
    assert value(text) == sum(terms) + sign * product


# ---------------------------------------------------------------- folding


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 / 3", Fraction(1, 3)),
        ("1 / 3 * 3", 1),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("12% of 50", 6),
        ("-(2 - 5)", 3),
        ("10 GB", 10 * 1000**3),
        ("1 TB - 1 GB", 999 * 1000**3),
        ("1 hour + 30 minutes", 5400),
        ("3 Mbps * 8 seconds", 3_000_000),
        ("0.08 USD/pic * 100 pics", 8),
        ("1.40 USD/1,000 pics", Fraction(14, 10_000)),
        ("2 years + 1 quarter", 27),
        ("round up (10 / 4)", 3),
        ("round half even (2.5 USD) to 1 USD", 2),
        ("round down (-2.5)", -2),
        ("round half up (-2.5)", -3),
        ("250%", Fraction(5, 2)),
        ("10% of 10% of 100", 1),
        ("2 * (3 + 4) * 0.5", 7),
        ("8 bits", 1),
        ("1 GiB", 2**30),
        ("1 ms", Fraction(1, 1000)),
    ],
)
def test_a_formula_of_constants_is_a_constant(text, expected):
    made, problems = resolve(text)
    assert not problems
    assert isinstance(made, n.Constant)
    assert made.value == expected
    assert type(made.value) is (int if Fraction(expected).denominator == 1 else Fraction)


@pytest.mark.parametrize("text", ["x + 1", "max(1, 2)", "if on then 1 else 2", "10% of x", "-x", "round up (x)"])
def test_other_formulas_stay(text):
    assert not isinstance(resolve(text)[0], n.Constant)


# ---------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("x > y and z < 1", True),
        ("x > y and z > 1", False),
        ("x < y or z < 1", True),
        ("not x == y", True),
        ("not (x > y and z < 1)", False),
        ("not x > y or x > y", True),
        ("postpaid", True),
        ("not postpaid", False),
        ("postpaid == off", False),
        ('region == "eu"', True),
        ('region != "eu"', False),
        ("plan == pro", True),
        ("free == plan", False),
        ("1 GB == 1,000 MB", True),
        ("1 day == 24 hours", True),
        ("purchase < request", True),
        ("request - purchase == 36 hours", True),
        ("purchase == 2026-03-28 12:00", True),
    ],
)
def test_conditions(text, holds):
    purchase, request = Instant.from_utc(2026, 3, 28, 11), Instant.from_utc(2026, 3, 29, 23)
    found = value(text, **GIVEN, postpaid=True, region="eu", plan="pro", purchase=purchase, request=request)
    assert found is holds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("purchase + 1 day", "2026-03-29T10:00:00Z"),  # the same local time, over the change of clocks
        ("purchase + 24 hours", "2026-03-29T11:00:00Z"),
        ("purchase - 1 month", "2026-02-28T11:00:00Z"),
        ("purchase + 11 months", "2027-02-28T11:00:00Z"),
        ("purchase + 1 year + 1 month", "2027-04-28T10:00:00Z"),
        ("purchase + 1 quarter", "2026-06-28T10:00:00Z"),
        ("purchase + 2 weeks", "2026-04-11T10:00:00Z"),
        ("start of day(purchase)", "2026-03-27T23:00:00Z"),
        ("end of day(purchase + 1 day)", "2026-03-29T22:00:00Z"),
        ("start of month(purchase)", "2026-02-28T23:00:00Z"),
        ("end of month(purchase)", "2026-03-31T22:00:00Z"),
        ("start of week(purchase)", "2026-03-22T23:00:00Z"),
        ("start of year(purchase)", "2025-12-31T23:00:00Z"),
        ("start of hour(purchase + 90 minutes)", "2026-03-28T12:00:00Z"),
        ("2026-03-29 03:30", "2026-03-29T01:30:00Z"),
        ("2026-03-29T03:30+08:00", "2026-03-28T19:30:00Z"),
        ("2026-03", "2026-02-28T23:00:00Z"),
        ("if purchase < 2026-01-01 then purchase else 2026-01-01", "2025-12-31T23:00:00Z"),
    ],
)
def test_dates_follow_the_calendar(text, expected):
    assert value(text, purchase=Instant.from_utc(2026, 3, 28, 11)) == Instant.parse_iso(expected)


def test_the_last_day_of_a_shorter_month():
    assert value("purchase + 1 month", purchase=Instant.from_utc(2026, 1, 31, 11)) == Instant.from_utc(2026, 2, 28, 11)
    assert value("purchase + 1 year", purchase=Instant.from_utc(2024, 2, 29, 11)) == Instant.from_utc(2025, 2, 28, 11)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / x", "`x` is 0, and nothing can be divided by it"),
        ("1 / (x * 3)", "`x * 3` is 0, and nothing can be divided by it"),
    ],
)
def test_a_division_by_nothing_names_what_is_nothing(text, message):
    with pytest.raises(EvaluationError, match="nothing can be divided") as caught:
        value(text, x=0)
    assert caught.value.diagnostic.message == message


def test_what_is_not_chosen_is_not_computed():
    assert value("if x > 0 then 1 / x else 5", x=0) == 5
    assert value("if x == 0 or 1 / x > 2 then 1 else 2", x=0) == 1
    assert value("if x != 0 and 1 / x > 2 then 1 else 2", x=0) == 2


def test_an_exact_value_has_a_limit():
    prime = 10**37 + 43
    assert value("1 / x + 1 / y", x=prime, y=3) == Fraction(1, prime) + Fraction(1, 3)
    for text in ("x" + " * x" * 9, "1" + " / x" * 10, "x" + " * x" * 9 + " / y"):
        with pytest.raises(EvaluationError, match="bits"):
            value(text, x=Fraction(prime**8), y=7)
