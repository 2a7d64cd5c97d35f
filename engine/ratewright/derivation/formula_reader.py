"""What a formula read, and its arithmetic: the formula as it is written, with its values put in.

A formula is worked out once, observed. All that is told of it is what was seen then, so only what was evaluated is
read: of `if … then … else …` the branch that was taken, of `a and b` no `b` where `a` does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from ratewright.derivation.figure_texts import figure_texts
from ratewright.derivation.filled_formulas import filled
from ratewright.derivation.seen import Seen
from ratewright.derivation.trace import Arithmetic, Reading
from ratewright.derivation.trace.formulas import Told
from ratewright.derivation.value_texts import value_text
from ratewright.derivation.worked import Worked
from ratewright.derivation.written_prices import AsWritten
from ratewright.diagnostics import Span
from ratewright.formula.interpreter import observe
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind
from ratewright.meaning.walk import children
from ratewright.pricing.forms import Part
from ratewright.values.calendar import Calendar
from ratewright.values.exact import Exact
from ratewright.values.units import Unit
from ratewright.values.writing import writing

Values = Mapping[str, Any]
_ASKED_BY_WORDS = tree.PeriodFact | tree.RecordFact | tree.RecordPlace
_KNOWN_BY_THE_LINE = tree.KeyValue | tree.TagValue | tree.ChargeQuantity


class _Leaf(Struct, frozen=True):
    """A part of a formula that has a value of its own, and what it adds to what was read."""

    span: Span
    text: str
    reading: Reading | None


class Reader:
    """Works out formulas of one price list, and tells what they read."""

    def __init__(self, tariff: tree.Tariff, calendar: Calendar) -> None:
        self._tariff = tariff
        self._calendar = calendar
        self._figures = figure_texts(tariff)
        self._prices = AsWritten(tariff)
        self._teller = self._told  # bound once, and not for each formula

    def worked(self, expression: tree.Expression, values: Values) -> Worked:
        """The value of an expression, with its derivation. Raises EvaluationError."""
        seen = Seen()
        return Worked(expression, observe(expression, values, seen), seen, self._teller)

    def part(self, expression: tree.Expression, of: Worked) -> Worked:
        """A part of a formula that was passed while the whole was worked out."""
        return Worked(expression, of.seen.value(expression), of.seen, self._teller)

    def readings(self, expression: tree.Expression, values: Values) -> tuple[Reading, ...]:
        """What an expression read, each once, in the order of the text."""
        return self.worked(expression, values).readings

    def arithmetic(self, expression: tree.Expression, values: Values) -> Worked:
        """An expression that has a value, with the values that it was made of."""
        return self.worked(expression, values)

    def _price_of(self, expression: tree.Expression, seen: Seen) -> str:
        """The price that a formula has come to, in the unit that its author wrote; nothing where none is written."""
        written = self._prices.text(expression, seen)
        unit = None if written else self._prices.unit(expression)
        return written if unit is None else self._figures.text(seen.value(expression), expression.type.dimension, unit)

    def text(self, node: tree.Expression, value: object) -> str:
        """The value of an expression as a reader sees it."""
        if isinstance(value, Exact) and not isinstance(value, bool):
            return self._figures.text(value, node.type.dimension, self.unit(node))
        return value_text(value, node.type, None, self._calendar)

    def unit(self, node: tree.Expression) -> Unit | None:
        """The unit that a given figure was declared in."""
        tariff = self._tariff
        match node:
            case tree.SettingValue(name=name) if name in tariff.settings:
                return tariff.settings[name].told_in
            case tree.Measured(name=name) | tree.MeterLeft(name=name):
                return tariff.meters[name].unit
        return self._prices.unit(node)

    def _told(self, expression: tree.Expression, seen: Seen) -> Told:
        """The text, filled, readings, place and price of a formula that was worked out."""
        leaves = list(self._leaves(expression, seen))
        written = expression.span
        price = self._price_of(expression, seen)
        return written.text, filled(written, _texts(leaves)), _each_once(leaves), written, price

    def _come_to(self, node: tree.Expression, seen: Seen) -> str:
        """The value of a node; a price that stands in the rule file as it is written there."""
        return self._prices.text(node, seen) or self.text(node, seen.value(node))

    def _leaves(self, node: tree.Expression, seen: Seen) -> Iterator[_Leaf]:
        match node:
            case tree.Constant():
                if node.named:
                    text = self._come_to(node, seen)
                    yield _Leaf(node.span, text, Reading(" ".join(node.span.text.split()), text))
            case tree.Given():
                yield self._given(node, seen)
            case tree.Defined():
                if not node.type.many:
                    yield self._defined(node, seen)
            case tree.Lookup():
                yield self._lookup(node, seen)
            case tree.RowsOf(keys=keys):
                for key, rest in zip(keys, seen.by_else(node), strict=True):
                    yield from self._only_read(key, seen)
                    yield _Leaf(key.span, self._key_text(key, rest, seen), None)
            case tree.Priced():
                yield self._priced(node, seen)
            case tree.Aggregate() | tree.Series():
                if node.type.kind is Kind.FIGURE and not node.type.many:
                    yield _Leaf(node.span, self.text(node, seen.value(node)), None)
            case tree.Choose(condition=condition):
                yield from self._only_read(condition, seen)
                taken = seen.branch(node)
                inside = list(self._leaves(taken, seen))
                yield _Leaf(node.span, filled(taken.span, _texts(inside)), None)
                yield from (_Leaf(taken.span, "", leaf.reading) for leaf in inside)
            case tree.AllOf() | tree.AnyOf():
                for member in seen.asked(node):
                    yield from self._leaves(member, seen)
            case _:
                for child in children(node):
                    yield from self._leaves(child, seen)

    def _only_read(self, node: tree.Expression, seen: Seen) -> Iterator[_Leaf]:
        """What a part of a formula read that has no place in its arithmetic."""
        yield from (_Leaf(leaf.span, "", leaf.reading) for leaf in self._leaves(node, seen))

    def _given(self, node: tree.Given, seen: Seen) -> _Leaf:
        text = self.text(node, seen.value(node))
        name = node.span.text if isinstance(node, _ASKED_BY_WORDS) else node.name
        return _Leaf(node.span, text, Reading(name, text))

    def _defined(self, node: tree.Defined, seen: Seen) -> _Leaf:
        text = self._come_to(node, seen)
        inner: tree.Expression = node
        while isinstance(inner, tree.Defined):
            inner = inner.expression
        how = Arithmetic(*self._told(inner, seen))
        return _Leaf(node.span, text, Reading(node.name, text, how if how.filled != text else None))

    def _lookup(self, node: tree.Lookup, seen: Seen) -> _Leaf:
        """The cell that was reached: named by the table and the keys that led to it."""
        rests = seen.by_else(node)
        keys = [self._key_text(key, rest, seen) for key, rest in zip(node.keys, rests, strict=True)]
        column = f".{node.table.column}" if node.table.column else ""
        text = self._come_to(node, seen)
        asked = (key for key in node.keys if not isinstance(key, _KNOWN_BY_THE_LINE))
        read = _each_once(leaf for key in asked for leaf in self._only_read(key, seen))
        name = f"{node.table.name}[{', '.join(keys)}]{column}"
        how = Arithmetic(node.span.text, name, read, seen.cell(node).span)
        return _Leaf(node.span, text, Reading(name, text, how))

    def _priced(self, node: tree.Priced, seen: Seen) -> _Leaf:
        """What a quantity came to at the rows of a table: what each of them adds."""
        text = self.text(node, seen.value(node))
        amounts = [self._part(node, part, seen) for part in seen.parts(node)]
        inside = list(self._leaves(node.quantity, seen))
        read = [*self._leaves(node.rows, seen), *inside]
        name = filled(node.span, _texts(read))
        how = Arithmetic(node.span.text, " + ".join(amounts) or text, _each_once(read), node.span)
        return _Leaf(node.span, text, Reading(name, text, how))

    def _part(self, node: tree.Priced, part: Part, seen: Seen) -> str:
        """What a row adds: `20 kW × 32 DKK/kW`, or its amount where its price is no single one by the unit."""
        term = seen.value(node.rows)[part.row].price.terms[0]
        if len(part.terms) > 1 or not isinstance(term, tree.UnitPrice):
            return value_text(part.amount, node.type, None, self._calendar)
        of, unit = term.expression.type.dimension, self._prices.unit(term.expression)
        return f"{self.text(node.quantity, part.quantity)} × {self._figures.text(part.terms[0].term.price, of, unit)}"

    def _key_text(self, key: tree.Expression, rest: bool, seen: Seen) -> str:
        """A key that was looked up; marked where no row names it."""
        text = self.text(key, seen.value(key))
        return f"{text} ({writing().value('else')})" if rest else text


def _texts(leaves: list[_Leaf]) -> list[tuple[Span, str]]:
    return [(leaf.span, leaf.text) for leaf in leaves if leaf.text]


def _each_once(leaves: Iterable[_Leaf]) -> tuple[Reading, ...]:
    return tuple(dict.fromkeys(leaf.reading for leaf in leaves if leaf.reading is not None))
