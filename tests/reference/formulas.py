"""What a formula gives, wherever it stands: a figure, a truth, a text, an instant, a period, or a series."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from ratewright.syntax import nodes as n
from tests.reference import tables
from tests.reference.clock import LAST, Cadence, Length, Span, as_timedelta, seconds
from tests.reference.currencies import ANY, chosen
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import Rules
from tests.reference.values import MONTH, SECOND, Figure, add, agree, multiply, plain, round_number

if TYPE_CHECKING:
    from tests.reference.over import Over

Value = Figure | bool | str | datetime | Span | list["Value"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = "january february march april may june july august september october november december".split()
PERIODS = ("hour", "day", "week", "month", "year")


@dataclass(frozen=True)
class Place:
    """Where a formula stands: what its names mean there.

    `names` are asked first, then the steps in `defines`, then units; what is left is a text. `over` are the records
    that functions speak of, and `record_place` what a name means in one of them.
    """

    rules: Rules
    names: Callable[[str], Value | None]
    defines: Mapping[str, n.Expression] = field(default_factory=dict)
    over: Over | None = None
    period: Span | None = None

    def name(self, name: str) -> Value:
        found = self.names(name)
        if found is not None:
            return found
        if name == "period" and self.period is not None:
            return self.period
        if name == ANY and self.rules.several:
            return self.rules.currency
        if name in self.defines:
            return evaluate(self.defines[name], self)
        unit = self.rules.units.get(name)
        return name if unit is None else unit

    def among(self, over: Over) -> Place:
        return replace(self, over=over)


def evaluate(node: n.Expression | n.Price, place: Place) -> Value:
    """The value of a formula. Raises Refused or NotCovered."""
    return _KINDS[type(node)](node, place)


def figure(node: n.Expression | n.Price, place: Place) -> Figure:
    value = evaluate(node, place)
    if not isinstance(value, Figure):
        raise Refused(f"{value!r} is no figure")
    return value


def truth(node: n.Expression, place: Place) -> bool:
    value = evaluate(node, place)
    if not isinstance(value, bool):
        raise Refused(f"{value!r} is no condition")
    return value


def instant(node: n.Expression, place: Place) -> datetime:
    value = evaluate(node, place)
    if not isinstance(value, datetime):
        raise Refused(f"{value!r} is no instant")
    if value == LAST:
        raise Refused("nothing is reckoned from what has no end")
    return value


def length(written: n.Length | n.Quantity, rules: Rules) -> Length:
    """A written length: months and days are the calendar's, all else is exact."""
    number, unit = Fraction(written.value), written.unit.text
    if unit in ("day", "days", "week", "weeks"):
        days = number * (7 if unit.startswith("week") else 1)
        if days.denominator != 1:
            raise NotCovered("a part of a day of the calendar")
        return Length(days=int(days))
    return _length(multiply(Figure(number), rules.units[unit]))


def cadence_of(node: n.Cadence, place: Place) -> Cadence:
    """How something repeats, with its day and its beginning worked out."""
    day = 1
    if isinstance(node.day, n.Name):
        value = place.name(node.day.text)
        assert isinstance(value, Figure)
        day = int(value.number)
    elif node.day is not None:
        day = int(node.day)
    anchor = None if node.start is None else evaluate(node.start, place)
    assert anchor is None or isinstance(anchor, datetime)
    return Cadence(node.unit.text.removesuffix("s"), int(node.count), day, anchor, first_use=node.first_use)


def _length(value: Figure) -> Length:
    if value.dimension == MONTH and value.number.denominator == 1:
        return Length(months=int(value.number))
    if value.dimension == SECOND:
        return Length(exact=as_timedelta(value.number))
    raise Refused(f"{value} is no length")


def _sum(node: n.Sum, place: Place) -> Value:
    result = evaluate(node.terms[0][1], place)
    for sign, term in node.terms[1:]:
        if isinstance(result, datetime):
            other = evaluate(term, place)
            if LAST in (result, other):
                raise Refused("nothing is reckoned from what has no end")
            if isinstance(other, datetime):
                result = Figure(seconds(result - other), SECOND)
                continue
            step = length(term, place.rules) if isinstance(term, n.Quantity) else _length(figure(term, place))
            result = place.rules.clock.add(result, step if sign == "+" else step.negative())
        else:
            if not isinstance(result, Figure):
                raise Refused(f"{result!r} does not add up")
            result = add(result, figure(term, place), 1 if sign == "+" else -1)
    return result


def _product(node: n.Product, place: Place) -> Value:
    result = figure(node.factors[0][1], place)
    for sign, factor in node.factors[1:]:
        result = multiply(result, figure(factor, place), 1 if sign == "*" else -1)
    return result


def _month_named(value: Value, other: Value, place: Place) -> Value:
    """A month that is compared with a name is called by its own."""
    if isinstance(value, Span) and isinstance(other, str):
        return MONTHS[place.rules.clock.local(value.start).month - 1]
    return value


def _comparison(node: n.Comparison, place: Place) -> bool:
    a, b = _compared(node.left, node.right, place), _compared(node.right, node.left, place)
    a, b = _month_named(a, b, place), _month_named(b, a, place)
    if isinstance(a, Figure) and isinstance(b, Figure):
        agree(a, b)
        a, b = a.number, b.number  # type: ignore[assignment]
    elif type(a) is not type(b):
        raise Refused(f"{a!r} and {b!r} do not compare")
    return {
        "==": lambda: a == b,
        "!=": lambda: a != b,
        "<": lambda: a < b,  # type: ignore[operator]
        "<=": lambda: a <= b,  # type: ignore[operator]
        ">": lambda: a > b,  # type: ignore[operator]
        ">=": lambda: a >= b,  # type: ignore[operator]
    }[{"≤": "<=", "≥": ">="}.get(node.operator, node.operator)]()


def _compared(node: n.Expression, other: n.Expression, place: Place) -> Value:
    """One side of a comparison; beside `currency` a code is a text."""
    if place.rules.several and isinstance(node, n.Ref) and isinstance(other, n.Ref) and other.name.text == ANY:
        return place.rules.currency if node.name.text == ANY else node.name.text
    return evaluate(node, place)


def _any_of(node: n.AnyOf, place: Place) -> Value:
    own = chosen(node, place.rules.codes, place.rules.currency)
    return any(truth(each, place) for each in node.parts) if own is None else evaluate(own, place)


def _rounded(node: n.Rounded, place: Place) -> Figure:
    value = figure(node.operand, place)
    step = plain(1) if node.step is None else figure(node.step, place)
    return Figure(round_number(value.number, step.number, node.way.value), agree(value, step))


def _edge(node: n.Edge, place: Place) -> datetime:
    span = evaluate(node.operand, place)
    if not isinstance(span, Span):
        raise Refused(f"{span!r} is no period")
    return span.end if node.end else span.start


def _price(node: n.Price, place: Place) -> Figure:
    if not node.terms:
        raise Refused("not sold")
    if any(term.block for term in node.terms):
        raise Refused("started blocks stand in prices only")
    result = figure(node.terms[0].expression, place)
    for term in node.terms[1:]:
        result = add(result, figure(term.expression, place), -1 if term.taken_off else 1)
    return result


def _call(node: n.Call, place: Place) -> Value:
    name = node.function.text
    arguments = node.arguments
    clock = place.rules.clock
    if name == "refunds_before":
        return place.name("refunds_before(account)")
    if name in ("max", "min"):
        values = [figure(each, place) for each in arguments]
        dimension = values[0].dimension
        for each in values[1:]:
            dimension = agree(Figure(Fraction(0), dimension), each)
        return Figure((max if name == "max" else min)(each.number for each in values), dimension)
    if name == "days" and len(arguments) == 2:
        start, end = (instant(each, place) for each in arguments)
        return plain(math.floor(clock.days(Span(start, end))) if start <= end else -_whole_days(place, end, start))
    if name in ("days", "length") and len(arguments) == 1:
        span = evaluate(arguments[0], place)
        if not isinstance(span, Span):
            raise Refused(f"{span!r} is no period")
        dates = [clock.local(at).date() for at in span]
        return plain((dates[1] - dates[0]).days) if name == "days" else Figure(seconds(span.end - span.start), SECOND)
    if name in PERIODS:
        return clock.around(name, instant(arguments[0], place))
    if name == "place":
        (period,) = arguments
        assert isinstance(period, n.Call)
        return place.name(f"place {period.function.text}")
    if name == "time":
        at = clock.local(instant(arguments[0], place))
        return Figure(seconds(timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)), SECOND)
    if name == "weekday":
        return WEEKDAYS[clock.local(instant(arguments[0], place)).weekday()]
    if name in ("graduated", "volume"):
        from tests.reference.prices import priced_by

        return priced_by(name, arguments[0], figure(arguments[1], place), place)
    if place.over is None:
        raise Refused(f"`{name}` speaks of records, and there are none here")
    return place.over.function(name, arguments, place)


def _whole_days(place: Place, start: datetime, end: datetime) -> int:
    return math.floor(place.rules.clock.days(Span(start, end)))


def _selection(node: n.Selection, place: Place) -> Value:
    if place.over is None:
        raise Refused("a series speaks of records, and there are none here")
    return place.over.series(node, place)


_KINDS: dict[type, Callable[..., Value]] = {
    n.Number: lambda node, place: plain(node.value),
    n.Quantity: lambda node, place: multiply(plain(node.value), place.rules.units[node.unit.text]),
    n.Percent: lambda node, place: plain(Fraction(node.value) / 100),
    n.Text: lambda node, place: node.text,
    n.Time: lambda node, place: place.rules.written(node),
    n.Flag: lambda node, place: node.on,
    n.Ref: lambda node, place: place.name(node.name.text),
    n.Group: lambda node, place: evaluate(node.inner, place),
    n.Negative: lambda node, place: multiply(plain(-1), figure(node.operand, place)),
    n.Sum: _sum,
    n.Product: _product,
    n.PercentOf: lambda node, place: multiply(figure(node.percent, place), figure(node.operand, place)),
    n.Comparison: _comparison,
    n.AllOf: lambda node, place: all(truth(each, place) for each in node.parts),
    n.AnyOf: _any_of,
    n.Negated: lambda node, place: not truth(node.operand, place),
    n.Choose: lambda node, place: evaluate(node.yes if truth(node.condition, place) else node.no, place),
    n.Rounded: _rounded,
    n.Edge: _edge,
    n.Price: _price,
    n.Call: _call,
    n.Lookup: tables.look_up,
    n.Selection: _selection,
}
