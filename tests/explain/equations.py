"""Equations as bills print them, evaluated again from the figures that they show, in base units.

A figure that ends in `…` stands for all that begin so: values are intervals, and an equation holds where the two
sides have a value in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from ratewright.values.rounding import Way, round_to
from ratewright.values.units import Unit

TOKEN = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?(?P<cut>…)?)|(?P<word>[A-Za-z_]\w*(?:\^\d+)?)|(?P<sign>[×/()+,%-])|\s+"
)
DATE = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?: \d\d:\d\d(?::\d\d)?)?")
WAYS = {"up": Way.UP, "down": Way.DOWN, "half up": Way.HALF_UP, "half down": Way.HALF_DOWN, "half even": Way.HALF_EVEN}


class NoEquationError(Exception):
    """The text is not made of figures alone."""


class Value(NamedTuple):
    least: Fraction
    most: Fraction

    def meets(self, other: Value) -> bool:
        return self.least <= other.most and other.least <= self.most


class Equation(NamedTuple):
    text: str
    left: Value
    right: Value

    @property
    def holds(self) -> bool:
        return self.left.meets(self.right)


def equations(text: str, units: Mapping[str, Unit], currency: str) -> Iterator[Equation]:
    """The equations of a line of a bill: what stands before each ` = ` as far as it is arithmetic, and the figure
    behind it."""
    plain = re.sub(r"“[^”]*”", "", text)
    for match in re.finditer(" = ", plain):
        left, right = plain[: match.start()], plain[match.end() :]
        for start in [m.end() for m in re.finditer(r": |, that is | and | for |^", left)]:
            try:
                value = _Reader(left[start:], units, currency).whole()
                found = _Reader(right, units, currency).figure()
            except NoEquationError:
                continue
            yield Equation(f"{left[start:]} = {right}", value, found)
            break


def value_of(text: str, units: Mapping[str, Unit], currency: str) -> Value:
    """What arithmetic comes to that is made of figures alone. Raises NoEquationError for any other text."""
    return _Reader(text, units, currency).whole()


class _Reader:
    def __init__(self, text: str, units: Mapping[str, Unit], currency: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.units, self.currency = units, currency
        at = 0
        if DATE.search(text):
            raise NoEquationError
        while at < len(text):
            found = TOKEN.match(text, at)
            if found is None:
                self.tokens.append(("other", text[at]))
                at += 1
                continue
            close = text[at - 1 : at].strip() != ""
            at = found.end()
            if found.lastgroup is not None:
                kind = "number" if found["number"] else "per" if found[0] == "/" and close else found.lastgroup
                self.tokens.append((kind, found[0]))
        self.at = 0

    def whole(self) -> Value:
        value = self.sum()
        if self.at != len(self.tokens):
            raise NoEquationError
        return value

    def figure(self) -> Value:
        negative = self.take("-")
        value = self.quantity()
        return Value(-value.most, -value.least) if negative else value

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, *texts: str) -> str:
        if self.peek()[1] in texts:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def need(self, text: str) -> None:
        if not self.take(text):
            raise NoEquationError

    def sum(self) -> Value:
        value = self.product()
        while sign := self.take("+", "-"):
            other = self.product()
            value = (
                Value(value.least + other.least, value.most + other.most)
                if sign == "+"
                else Value(value.least - other.most, value.most - other.least)
            )
        return value

    def product(self) -> Value:
        value = self.factor()
        while sign := self.take("×", "/"):
            other = self.factor()
            if sign == "/" and other.least <= 0 <= other.most:
                raise NoEquationError
            if sign == "/":
                other = Value(1 / other.most, 1 / other.least)
            ends = [a * b for a in value for b in other]
            value = Value(min(ends), max(ends))
        return value

    def factor(self) -> Value:
        if self.take("-"):
            value = self.factor()
            return Value(-value.most, -value.least)
        if self.take("("):
            value = self.sum()
            self.need(")")
            return value
        if self.take("max", "min"):
            return self.choice(self.tokens[self.at - 1][1] == "max")
        if self.take("round"):
            return self.rounded()
        return self.quantity()

    def choice(self, largest: bool) -> Value:
        self.need("(")
        members = [self.sum()]
        while self.take(","):
            members.append(self.sum())
        self.need(")")
        choose = max if largest else min
        return Value(choose(m.least for m in members), choose(m.most for m in members))

    def rounded(self) -> Value:
        way = self.take("up", "down", "half")
        if way == "half":
            way += f" {self.take('up', 'even')}"
        self.need("(")
        value = self.sum()
        self.need(")")
        step = self.quantity().least if self.take("to") else Fraction(1)
        return Value(*(Fraction(round_to(end, step, WAYS[way])) for end in value))

    def quantity(self) -> Value:
        kind, text = self.peek()
        if kind != "number":
            raise NoEquationError
        self.at += 1
        digits = text.rstrip("…").replace(",", "")
        least = most = Fraction(digits)
        if text.endswith("…"):
            most += Fraction(1, 10 ** len(digits.partition(".")[2]))
        if self.take("%"):
            value = Value(least / 100, most / 100)
            if self.take("of"):
                other = self.factor()
                return Value(value.least * other.least, value.most * other.most)
            return value
        scale = self.unit()
        return Value(least * scale, most * scale)

    def unit(self) -> Fraction:
        """How many base units the unit behind a figure is; of `USD/1,000 calls` and the like all of it."""
        scale = Fraction(1)
        if not self.is_unit():
            return scale
        scale = self.scale()
        while self.peek()[1] in ("/", "×") and self.at + 1 < len(self.tokens):
            sign, then = self.peek()[1], self.tokens[self.at + 1]
            per = self.peek()[0] == "per" and then[0] == "number" and self.tokens[self.at + 2 : self.at + 3]
            if then[0] == "word" and self.is_unit(1):
                self.at += 1
                part = self.scale()
            elif per and self.is_unit(2):
                self.at += 2
                part = Fraction(then[1].replace(",", "")) * self.scale()
            else:
                break
            scale = scale * part if sign == "×" else scale / part
        if self.take("per"):
            self.need("started")
            self.quantity()
        return scale

    def is_unit(self, ahead: int = 0) -> bool:
        kind, text = self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ("end", "")
        return kind == "word" and (text.partition("^")[0] in self.units or text == self.currency)

    def scale(self) -> Fraction:
        name, _, power = self.peek()[1].partition("^")
        self.at += 1
        return Fraction(self.units[name].scale if name in self.units else 1) ** int(power or 1)
