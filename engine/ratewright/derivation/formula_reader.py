"""What a formula read, and its arithmetic: the formula as it is written, with its values put in.

Only what was evaluated is read: of `if … then … else …` the branch that was taken, of `a and b` no `b`
where `a` does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct

from ratewright.derivation.figure_texts import FigureTexts
from ratewright.derivation.trace import Arithmetic, Reading
from ratewright.derivation.value_texts import value_text
from ratewright.derivation.written_prices import AsWritten, cells_of
from ratewright.diagnostics import Span
from ratewright.formula.interpreter import REACHED, evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind
from ratewright.meaning.walk import children
from ratewright.values.calendar import Calendar
from ratewright.values.exact import Exact
from ratewright.values.units import Unit

Values = Mapping[str, Any]
_COMMENT = re.compile(r"#[^\n]*")
_WORD = re.compile(r"(?<![\w\"])[A-Za-z_]\w*")
_OPERATOR = re.compile(r"[×/*+]|\s-\s")
_WORD_BEFORE = re.compile(r"\w\s*$")
_ARITHMETIC = frozenset("round half up down even to of max min".split())
_ASKED_BY_WORDS = tree.PeriodFact | tree.RecordFact
_KNOWN_BY_THE_LINE = tree.KeyValue | tree.TagValue | tree.ChargeQuantity


class _Leaf(Struct, frozen=True):
    """A part of a formula that has a value of its own, and what it adds to what was read."""

    span: Span
    text: str
    reading: Reading | None


class Reader:
    """Tells what formulas of one price list read."""

    def __init__(self, tariff: tree.Tariff, calendar: Calendar) -> None:
        self._tariff = tariff
        self._calendar = calendar
        self._figures = FigureTexts(tariff)
        self._prices = AsWritten(tariff)

    def readings(self, expression: tree.Expression, values: Values) -> tuple[Reading, ...]:
        """What an expression read, each once, in the order of the text; settings by their title."""
        return _each_once(self._leaves(expression, values))

    def arithmetic(self, expression: tree.Expression, values: Values) -> Arithmetic:
        """An expression that has a value, with the values that it was made of."""
        leaves = list(self._leaves(expression, values))
        written = expression.span
        return Arithmetic(written.text, _filled(expression, leaves), _each_once(leaves), written)

    def price(self, expression: tree.Expression, value: Exact, values: Values) -> str:
        """The price that a formula has come to, in the unit that its author wrote; nothing where none is written."""
        written = self._prices.text(expression, values)
        unit = None if written else self._prices.unit(expression)
        return written if unit is None else self._figures.text(value, expression.type.dimension, unit)

    def text(self, node: tree.Expression, value: object) -> str:
        """The value of an expression as a reader sees it."""
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return self._figures.text(value, node.type.dimension, self._unit(node))
        return value_text(value, node.type, None, self._calendar)

    def _unit(self, node: tree.Expression) -> Unit | None:
        """The unit that a given figure was declared in."""
        tariff = self._tariff
        match node:
            case tree.SettingValue(name=name) if name in tariff.settings:
                return tariff.settings[name].unit
            case tree.Measured(name=name) | tree.MeterLeft(name=name):
                return tariff.meters[name].unit
        return self._prices.unit(node)

    def _come_to(self, node: tree.Expression, value: object, values: Values) -> str:
        """The same as `text`; a price that stands in the rule file as it is written there."""
        return self._prices.text(node, values) or self.text(node, value)

    def _leaves(self, node: tree.Expression, values: Values) -> Iterator[_Leaf]:
        match node:
            case tree.Constant():
                if self._is_name(node):
                    text = self._come_to(node, node.value, values)
                    yield _Leaf(node.span, text, Reading(" ".join(node.span.text.split()), text))
            case tree.Given():
                yield self._given(node, values)
            case tree.Defined():
                if not node.type.many:
                    yield self._defined(node, values)
            case tree.Lookup():
                yield self._lookup(node, values)
            case tree.RowsOf(keys=keys):
                for key in keys:
                    yield from self._leaves(key, values)
            case tree.Aggregate() | tree.Series():
                if node.type.kind is Kind.FIGURE and not node.type.many:
                    yield _Leaf(node.span, self.text(node, evaluate(node, values)), None)
            case tree.Choose(condition=condition, yes=yes, no=no):
                yield from self._only_read(condition, values)
                taken = yes if evaluate(condition, values) else no
                inside = list(self._leaves(taken, values))
                yield _Leaf(node.span, _filled(taken, inside), None)
                yield from (_Leaf(taken.span, "", leaf.reading) for leaf in inside)
            case tree.AllOf(parts=members) | tree.AnyOf(parts=members):
                for member in members:
                    yield from self._leaves(member, values)
                    if bool(evaluate(member, values)) is isinstance(node, tree.AnyOf):
                        return
            case _:
                for child in children(node):
                    yield from self._leaves(child, values)

    def _only_read(self, node: tree.Expression, values: Values) -> Iterator[_Leaf]:
        """What a part of a formula read that has no place in its arithmetic."""
        yield from (_Leaf(leaf.span, "", leaf.reading) for leaf in self._leaves(node, values))

    def _is_name(self, node: tree.Constant) -> bool:
        """Whether a figure is made of named formulas without anything to read: they were worked out beforehand."""
        if node.type.kind is not Kind.FIGURE:
            return False
        words = _WORD.findall(node.span.text)
        return any(word not in self._tariff.units and word not in _ARITHMETIC for word in words)

    def _given(self, node: tree.Given, values: Values) -> _Leaf:
        text = self.text(node, values[node.key])
        name = node.span.text if isinstance(node, _ASKED_BY_WORDS) else node.name
        if isinstance(node, tree.SettingValue) and node.name in self._tariff.settings:
            name = self._tariff.settings[node.name].title or name
        return _Leaf(node.span, text, Reading(name, text))

    def _defined(self, node: tree.Defined, values: Values) -> _Leaf:
        text = self._come_to(node, evaluate(node, values), values)
        inner: tree.Expression = node
        while isinstance(inner, tree.Defined):
            inner = inner.expression
        inside = list(self._leaves(inner, values))
        how = Arithmetic(inner.span.text, _filled(inner, inside), _each_once(inside), inner.span)
        return _Leaf(node.span, text, Reading(node.name, text, how if how.filled != text else None))

    def _lookup(self, node: tree.Lookup, values: Values) -> _Leaf:
        """The cell that was reached: named by the table and the keys that led to it."""
        keys = [self.text(key, evaluate(key, values)) for key in node.keys]
        reached: set[Span] = set()
        value = evaluate(node, {**values, REACHED: reached})
        cells = reached & cells_of(node.table).keys()
        place = next(iter(cells)) if len(cells) == 1 else None
        column = f".{node.table.column}" if node.table.column else ""
        text = self._come_to(node, value, values)
        asked = (key for key in node.keys if not isinstance(key, _KNOWN_BY_THE_LINE))
        inside = [leaf for key in asked for leaf in self._only_read(key, values)]
        read = _each_once(leaf for leaf in inside if leaf.reading is not None)
        name = f"{node.table.name}[{', '.join(keys)}]{column}"
        return _Leaf(node.span, text, Reading(name, text, Arithmetic(node.span.text, name, read, place)))


def _each_once(leaves: Iterable[_Leaf]) -> tuple[Reading, ...]:
    return tuple(dict.fromkeys(leaf.reading for leaf in leaves if leaf.reading is not None))


def _filled(node: tree.Expression, leaves: list[_Leaf]) -> str:
    """The text of a formula with the texts of its parts put in."""
    source, start, end = node.span.source, node.span.start, node.span.end
    pieces: list[str] = []
    at = start
    for leaf in sorted(leaves, key=lambda leaf: leaf.span.start):
        if not leaf.text or leaf.span.source is not source or not at <= leaf.span.start <= leaf.span.end <= end:
            continue
        span = leaf.span if _OPERATOR.search(leaf.text) else _with_parentheses(leaf.span, at, end)
        pieces.append(_operators(source.text[at : span.start]))
        pieces.append(f"({leaf.text})" if leaf.text.startswith("-") and leaf.span != node.span else leaf.text)
        at = span.end
    pieces.append(_operators(source.text[at:end]))
    return " ".join("".join(pieces).split())


def _with_parentheses(span: Span, start: int, end: int) -> Span:
    """A part of a formula with the parentheses around it alone, which its value does not need."""
    text = span.source.text
    before, after = text[start : span.start].rstrip(), text[span.end : end].lstrip()
    if not before.endswith("(") or not after.startswith(")") or _WORD_BEFORE.search(before[:-1]):
        return span
    wider = Span(span.source, start + len(before) - 1, end - len(after) + 1)
    return _with_parentheses(wider, start, end)


def _operators(text: str) -> str:
    """What stands between the parts, without comments."""
    if "\n" in text:
        text = _COMMENT.sub("", text)
    return text.replace("*", "×")
