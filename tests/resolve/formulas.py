"""What the tests of the tree share: a formula resolved in a scope of its own."""

from __future__ import annotations

from typing import Any

from ratewright.checks.run import check
from ratewright.diagnostics import Diagnostic, Source
from ratewright.formula.interpreter import CALENDAR, evaluate
from ratewright.meaning import nodes as n
from ratewright.meaning.types import FLAG, INSTANT, PERIOD, PLAIN_NUMBER, TEXT, UNKNOWN, Kind, Type, figure
from ratewright.resolve.findings import Report
from ratewright.resolve.scope import Scope, given
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax.parser import parse_expression
from ratewright.values.calendar import calendar_of
from ratewright.values.units import BYTE, builtin_units, counted_unit, currency_unit, times

PICS = counted_unit("pic", "pics")
USD = currency_unit("USD")
UNITS = {**builtin_units(1000), "USD": USD, "pic": PICS, "pics": PICS}
PRICE = times(USD.dimension, PICS.dimension, -1)
CALENDAR_OF_BERLIN = calendar_of("Europe/Berlin")

TYPES = {
    "pics_made": figure(PICS.dimension),
    "traffic": figure(BYTE),
    "paid": figure(USD.dimension),
    "price": figure(PRICE),
    "count": PLAIN_NUMBER,
    "x": PLAIN_NUMBER,
    "y": PLAIN_NUMBER,
    "z": PLAIN_NUMBER,
    "region": TEXT,
    "plan": Type(Kind.TEXT, choices=("free", "pro")),
    "postpaid": FLAG,
    "purchase": INSTANT,
    "request": INSTANT,
    "period": PERIOD,
    "lost": UNKNOWN,
}
NAMES = {name: given(n.SettingValue, name, type_) for name, type_ in TYPES.items()}
PLACE = Scope("in a test", NAMES)
MEASURE = Scope("in a measure", records=Scope("in a formula on records", NAMES))


def resolve(text: str, scope: Scope = PLACE) -> tuple[n.Expression, list[Diagnostic]]:
    node, problems = parse_expression(Source("formula", text))
    assert node is not None, problems
    report = Report()
    made = Expressions(report, UNITS, CALENDAR_OF_BERLIN).resolve(node, scope)
    return made, [*problems, *report.diagnostics]


def type_or_code(text: str, scope: Scope = PLACE) -> str:
    """The type in words, or the codes of what is wrong."""
    made, problems = resolve(text, scope)
    if problems:
        return " ".join(d.code for d in problems)
    return str(made.type)


def value(text: str, **given_values: Any) -> Any:
    """The value of a formula, for values given by name."""
    made, problems = resolve(text)
    assert not problems, problems
    return evaluate(made, {CALENDAR: CALENDAR_OF_BERLIN, **{f"setting:{k}": v for k, v in given_values.items()}})


def errors(text: str) -> list[tuple[str, str, str]]:
    """Code, quoted text and message of everything that is wrong with a file."""
    return [(d.code, d.span.text if d.span else "", d.message) for d in check(Source("rules.tariff", text))[1]]


def codes(text: str) -> list[str]:
    return [code for code, _, _ in errors(text)]
