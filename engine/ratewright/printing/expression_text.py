"""Expression → its canonical text, on one line.

A parenthesis is written where the tree has one (`Group`), and where the text would read as another tree
without it. Which words read otherwise depends on the place: callers name those that are `taken` as the
first word of the expression.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import singledispatch

from msgspec.structs import replace
from whenever import Date

from ratewright.syntax import nodes as n
from ratewright.values._currencies import MINOR_DIGITS
from ratewright.values.exact import Exact, decimals_of, grouped

Words = frozenset[str]
NONE: Words = frozenset()

VALUE_WORDS: Words = frozenset("end off on round start".split())
"""The words that mean themselves wherever a formula has a value; as a text they stand in quotes."""

_NAME = re.compile(r"[0-9]*[A-Za-z_][0-9A-Za-z_]*", re.ASCII)


class Level(IntEnum):
    """How tightly a construct binds: one of a lower level needs parentheses where a higher one is read."""

    SERIES = 0
    CHOICE = 1
    ANY = 2
    ALL = 3
    NEGATION = 4
    COMPARISON = 5
    SUM = 6
    PRODUCT = 7
    UNARY = 8
    ATOM = 9


_LEVELS: dict[type, Level] = {
    n.Selection: Level.SERIES,
    n.Choose: Level.CHOICE,
    n.AnyOf: Level.ANY,
    n.AllOf: Level.ALL,
    n.Negated: Level.NEGATION,
    n.Comparison: Level.COMPARISON,
    n.Sum: Level.SUM,
    n.Product: Level.PRODUCT,
    n.Negative: Level.UNARY,
}


def expression_text(node: n.Expression, level: Level = Level.CHOICE, taken: Words = NONE) -> str:
    """The text of an expression where the grammar reads one of `level`.

    Raises ValueError for a figure or text that cannot be written.
    """
    if _LEVELS.get(type(node), Level.ATOM) < level:
        return f"({expression_text(node)})"
    return _text(node, taken | _words_read_at(level))


def _words_read_at(level: Level) -> Words:
    if level <= Level.CHOICE:
        return VALUE_WORDS | {"if", "not"}
    return VALUE_WORDS | {"not"} if level <= Level.NEGATION else VALUE_WORDS


# ---------------------------------------------------------------- words, texts, figures, times


def is_name(text: str) -> bool:
    """Whether a text can be written as a bare name."""
    return _NAME.fullmatch(text) is not None


def quoted(text: str) -> str:
    """A text in quotes. Raises ValueError where it holds a line end, which no rule file can say."""
    if "\n" in text or "\r" in text:
        raise ValueError(f"a text of several lines cannot be written: {text!r}")
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def figure(value: Exact, least_decimals: int = 0) -> str:
    """A number: `1,000`, `0.08`. Raises ValueError for one below zero or without a finite decimal form."""
    if value < 0 or decimals_of(value) is None:
        raise ValueError(f"{value} cannot be written as a number; a formula can say it")
    return grouped(value, least_decimals)


def quantity_text(value: Exact, unit: str) -> str:
    """A figure with its unit; money that is not whole has the decimals of its currency: `1.60 USD`."""
    currency = unit.partition("/")[0]
    decimals = 0 if value.denominator == 1 else MINOR_DIGITS.get(currency, 0)
    return f"{figure(value, decimals)} {unit}"


def time_text(node: n.Time) -> str:
    """`2026`, `2026-03`, `2026-03-02`, `2026-03-02 10:00`, and with `Z` where the instant is exact."""
    iso = node.moment.format_iso()
    if isinstance(node.moment, Date):
        return iso[: len("2026")] if node.year else iso[: len("2026-03")] if node.month else iso
    zone = "Z" if iso.endswith("Z") else ""
    return iso.removesuffix("Z").removesuffix(":00").replace("T", " ") + zone


def amounts_text(node: n.Expression, level: Level, taken: Words = NONE) -> str:
    """An amount of `level`, or one for each currency."""
    return (
        _joined(node.parts, " or ", level, taken) if isinstance(node, n.AnyOf) else expression_text(node, level, taken)
    )


def value_text(node: n.Expression) -> str:
    """A value that is taken literally: there a bare name is a text."""
    if isinstance(node, n.AnyOf):  # one for each currency
        return " or ".join(map(value_text, node.parts))
    if isinstance(node, n.Text) and is_name(node.text) and node.text not in ("on", "off"):
        return node.text
    if isinstance(node, n.Number | n.Percent | n.Quantity) and node.value < 0:
        return f"-{expression_text(replace(node, value=-node.value), Level.ATOM)}"
    return expression_text(node, Level.ATOM)


def unit_name_text(node: n.UnitName) -> str:
    """`GB`, `MJ/m3`, `GB * second`."""
    (_, _, first), *rest = node.factors
    return first.text + "".join(
        f" * {name.text}" if sign == "*" else f"/{name.text if number == 1 else quantity_text(number, name.text)}"
        for sign, number, name in rest
    )


def names_text(names: tuple[n.Name, ...]) -> str:
    """Names with commas between them."""
    return ", ".join(name.text for name in names)


# ---------------------------------------------------------------- one function for each kind of expression


@singledispatch
def _text(node: object, taken: Words) -> str:
    """`taken` are the words that the first word of the text must not be."""
    raise TypeError(f"no expression: {type(node).__name__}")


def _led_by(name: n.Name, text: str, taken: Words) -> str:
    """What begins with a name; in parentheses where the place would read that name otherwise."""
    return f"({text})" if name.text in taken else text


@_text.register
def _(node: n.Number, taken: Words) -> str:
    return figure(node.value)


@_text.register
def _(node: n.Quantity, taken: Words) -> str:
    return quantity_text(node.value, node.unit.text)


@_text.register
def _(node: n.Percent, taken: Words) -> str:
    return f"{figure(node.value)}%"


@_text.register
def _(node: n.Text, taken: Words) -> str:
    return quoted(node.text)


@_text.register
def _(node: n.Time, taken: Words) -> str:
    return time_text(node)


@_text.register
def _(node: n.Flag, taken: Words) -> str:
    return "on" if node.on else "off"


@_text.register
def _(node: n.Ref, taken: Words) -> str:
    word = node.name.text
    if word in taken and word in _words_read_at(Level.CHOICE):
        return quoted(word)  # parentheses would not help
    return _led_by(node.name, word, taken)


@_text.register
def _(node: n.Attribute, taken: Words) -> str:
    return _led_by(node.name, f"{node.name.text}.{node.attribute.text}", taken)


@_text.register
def _(node: n.Call, taken: Words) -> str:
    first = [expression_text(a, Level.SERIES) for a in node.arguments[:1]]
    rest = [expression_text(a) for a in node.arguments[1:]]
    return _led_by(node.function, f"{node.function.text}({', '.join(first + rest)})", taken)


@_text.register
def _(node: n.Lookup, taken: Words) -> str:
    return _led_by(node.table, lookup_text(node), taken)


def lookup_text(node: n.Lookup, before: Sequence[str] = (), taken: Words = NONE) -> str:
    """`table[key, key].column`, with what stands `before` the keys."""
    keys = [expression_text(key, taken=NONE if number or before else taken) for number, key in enumerate(node.keys)]
    column = f".{node.column.text}" if node.column else ""
    return f"{node.table.text}[{', '.join((*before, *keys))}]{column}"


@_text.register
def _(node: n.Selection, taken: Words) -> str:
    parts = [expression_text(node.operand, Level.CHOICE, taken)]
    if node.each is not None:
        parts.append(f"each {each_of_text(node.each)}")
    if node.otherwise is not None:
        parts.append(f"or {expression_text(node.otherwise)}")
    if node.condition is not None:
        parts.append(f"where {expression_text(node.condition)}")
    if node.since is not None:
        parts.append(f"since {expression_text(node.since, Level.UNARY)}")
    return " ".join(parts)


def each_of_text(node: n.EachOf) -> str:
    """`day`, `5 minutes`."""
    return node.unit.text if node.count == 1 else f"{figure(node.count)} {node.unit.text}"


@_text.register
def _(node: n.Group, taken: Words) -> str:
    return f"({expression_text(node.inner)})"


@_text.register
def _(node: n.Negative, taken: Words) -> str:
    return f"-{expression_text(node.operand, Level.UNARY)}"


@_text.register
def _(node: n.Sum, taken: Words) -> str:
    (_, first), *rest = node.terms
    terms = [f" {sign} {expression_text(term, Level.PRODUCT)}" for sign, term in rest]
    return expression_text(first, Level.PRODUCT, taken) + "".join(terms)


@_text.register
def _(node: n.Product, taken: Words) -> str:
    first, *rest = (factor for _, factor in node.factors)
    texts = [expression_text(first, Level.UNARY, taken), *(expression_text(f, Level.UNARY) for f in rest)]
    return product_text(node, texts)


def product_text(node: n.Product, texts: list[str]) -> str:
    """The texts of the factors, joined: a unit price as it is printed, `0.08 USD/pic`, all else with spaces."""
    tight = isinstance(node.factors[0][1], n.Quantity)
    text = texts[0]
    for (sign, factor), written in zip(node.factors[1:], texts[1:], strict=True):
        tight = tight and sign == "/" and isinstance(factor, n.Ref | n.Quantity)
        text += f"/{written}" if tight else f" {sign} {written}"
    return text


@_text.register
def _(node: n.PercentOf, taken: Words) -> str:
    return f"{figure(node.percent.value)}% of {expression_text(node.operand, Level.UNARY)}"


@_text.register
def _(node: n.Comparison, taken: Words) -> str:
    left = expression_text(node.left, Level.SUM, taken)
    return f"{left} {node.operator} {expression_text(node.right, Level.SUM)}"


@_text.register
def _(node: n.AllOf, taken: Words) -> str:
    return _joined(node.parts, " and ", Level.NEGATION, taken)


@_text.register
def _(node: n.AnyOf, taken: Words) -> str:
    return _joined(node.parts, " or ", Level.ALL, taken)


def _joined(parts: tuple[n.Expression, ...], word: str, level: Level, taken: Words) -> str:
    return word.join([expression_text(parts[0], level, taken), *(expression_text(p, level) for p in parts[1:])])


@_text.register
def _(node: n.Negated, taken: Words) -> str:
    return f"not {expression_text(node.operand, Level.NEGATION)}"


@_text.register
def _(node: n.Choose, taken: Words) -> str:
    condition, yes, no = (expression_text(part) for part in (node.condition, node.yes, node.no))
    return f"if {condition} then {yes} else {no}"


@_text.register
def _(node: n.Rounded, taken: Words) -> str:
    step = f" to {expression_text(node.step, Level.ATOM)}" if node.step is not None else ""
    return f"round {node.way.value} ({expression_text(node.operand)}){step}"


@_text.register
def _(node: n.Edge, taken: Words) -> str:
    return f"{'end' if node.end else 'start'} of {expression_text(node.operand, Level.UNARY)}"
