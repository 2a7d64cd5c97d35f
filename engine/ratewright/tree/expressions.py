"""Expressions: every name found, every unit checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ratewright.diagnostics import Span, did_you_mean
from ratewright.limits import DEFAULT
from ratewright.syntax import nodes as s
from ratewright.syntax.words import listed
from ratewright.tree import nodes as n
from ratewright.tree.evaluate import EvaluationError, compile_expression, division_by_nothing
from ratewright.tree.functions import PERIOD_FUNCTIONS, aggregation_named, wrong_use
from ratewright.tree.report import Report
from ratewright.tree.scope import Scope
from ratewright.tree.types import (
    DURATION,
    FLAG,
    INSTANT,
    PLAIN_NUMBER,
    TEXT,
    UNKNOWN,
    Kind,
    Type,
    figure,
)
from ratewright.values.calendar import Cadence, Calendar, CalendarError, Duration
from ratewright.values.exact import Exact, exact, ratio
from ratewright.values.money import minor_digits
from ratewright.values.units import BYTES_BY_NAMES, MONTH, NUMBER, SECOND, Dimension, Unit

_FEW = 8
_DIVIDE = "there is no period here; the days between two dates are `(request - purchase) / 1 day`"
_ON_OFF = {"yes": "on", "true": "on", "enabled": "on", "no": "off", "false": "off", "disabled": "off"}
_GLUED = re.compile(r"([0-9]+)([A-Za-z_]\w*)", re.ASCII)
_EXPONENT = re.compile(r"([0-9]+)[eE]([0-9]*)", re.ASCII)
_LONGEST_EXPONENT = 18
_UNDERSCORED = re.compile(r"[0-9]+(?:_[0-9]+)+", re.ASCII)
_BASED = re.compile(r"0[xob][0-9A-Fa-f]+", re.ASCII)


class Expressions:
    """Resolves the expressions of one rule file."""

    def __init__(self, report: Report, units: Mapping[str, Unit], calendar: Calendar) -> None:
        self.report = report
        self.units = units
        self.calendar = calendar

    # ------------------------------------------------------------ the ways in

    def typed(self, node: s.Expression, scope: Scope, wanted: Type, what: str) -> n.Expression:
        """The expression, which must be of the wanted type; `what` names it in the message."""
        made = self.resolve(node, scope, wanted)
        if made.type.kind is not Kind.UNKNOWN and not _fits(made.type, wanted):
            self.report.error(
                "R205",
                f"{what} must be {self.phrase(wanted)}, and `{node.span.text}` is {self.phrase(made.type)}",
                node.span,
                self._type_help(node, made.type, wanted),
            )
            return n.Constant(node.span, UNKNOWN, 0)
        return made

    def phrase(self, type_: Type) -> str:
        """What stands behind `is` in a message: `in pics`, `a plain number`, `a text`."""
        if type_.kind is not Kind.FIGURE or not type_.dimension:
            return str(type_)
        return f"in {self.unit_text(type_)}"

    def unit_text(self, type_: Type) -> str:
        """The unit of a figure as the list writes it: `pics`, `USD/pic`, `seconds`."""
        counted = self.units.get(str(type_))
        return counted.plural if counted is not None and counted.counted else str(type_)

    def _type_help(self, node: s.Expression, found: Type, wanted: Type) -> str:
        text = node.span.text
        if wanted.kind is Kind.FLAG:
            if isinstance(node, s.Text) and text in _ON_OFF:
                return f"write `{_ON_OFF[text]}`"
            return f"compare it with something: `{text} {'==' if found.kind is Kind.TEXT else '>'} …`"
        if wanted.kind is Kind.TEXT:
            return f'a text stands in quotes: "{text}"'
        if wanted.kind is Kind.INSTANT:
            return "write a date: 2026-03-01"
        if found.kind is not Kind.FIGURE:
            return "write a figure, or a name that stands for one"
        if isinstance(node, s.Percent):
            return f"say of what: `{text} of …`"
        if not wanted.dimension:
            return "write the number without a unit, or divide by one: `… / 1 GB`"
        if isinstance(node, s.Number):
            return self._with_unit(text, wanted)
        if isinstance(node, s.Quantity):
            return f"write it {self.phrase(wanted)}"
        if len(found.dimension) == 1 and minor_digits(str(wanted)) is not None:
            return f"multiply it by a price: `… * 0.01 {wanted}/{found.dimension[0][0]}`"
        return f"multiply or divide it until it is {self.phrase(wanted)}"

    def _with_unit(self, number: str, wanted: Type) -> str:
        """The remedy for a number that stands without its unit."""
        if wanted.dimension == SECOND:
            return f"give the number its unit, as in `{number} days`"
        unit = self.unit_text(wanted)
        certain = unit != str(wanted) or minor_digits(unit) is not None
        return f"write `{number} {unit}`" if certain else f"give the number its unit, one of {unit}"

    def condition(self, node: s.Expression, scope: Scope) -> n.Expression:
        """An expression that holds or does not."""
        return self.typed(node, scope, FLAG, "a condition")

    def unit(self, name: s.Name) -> Unit | None:
        """The unit of a name; reports an unknown one."""
        unit = self.units.get(name.text)
        if unit is None and "/" in name.text:
            return self._quotient(name)
        if unit is None and name.text not in self.report.lost:
            self._unknown_unit(name.text, name.span)
        return unit

    def _quotient(self, name: s.Name) -> Unit | None:
        """The unit of a literal figure such as `39 MJ/m3`."""
        above, *below = (s.Name(name.span, part) for part in name.text.split("/"))
        factors = (("*", above), *(("/", part) for part in below))
        return self.unit_product(s.UnitName(name.span, factors))

    def unit_product(self, node: s.UnitName) -> Unit | None:
        """The unit of a written product such as `MJ / m3`."""
        if len(node.factors) == 1:
            return self.unit(node.factors[0][1])
        scale: Exact = 1
        dimensions = []
        for operator, name in node.factors:
            unit = self.unit(name)
            if unit is None:
                return None
            divides = operator == "/"
            scale = ratio(scale, unit.scale) if divides else exact(scale * unit.scale)
            if max(scale.numerator.bit_length(), scale.denominator.bit_length()) > DEFAULT.ratio_bits:
                self.report.error(
                    "R105",
                    f"a unit that holds more than {DEFAULT.ratio_bits:,} bits of the units it is made of",
                    node.span,
                    "make it of smaller units",
                )
                return None
            dimensions.append((divides, unit.dimension))
        dimension = _joined(dimensions)
        text = "".join(f" {op} {name.text}" if op == "*" else f"/{name.text}" for op, name in node.factors)
        written = text.removeprefix(" * ")
        return Unit(written, written, scale, dimension)

    def duration(self, length: s.Length) -> Duration:
        """A written length as calendar time."""
        return self._duration(length.value, length.unit, length.span)

    def _duration(self, value: Exact, unit_name: s.Name, span: Span) -> Duration:
        unit = self.unit(unit_name)
        if unit is None:
            return Duration(days=1)
        if unit.dimension == MONTH and isinstance(value, int):
            return Duration(months=value * int(unit.scale), text=span.text)
        if unit.dimension == SECOND:
            days = exact(value * ratio(unit.scale, 86400))
            if unit.scale >= 86400 and isinstance(days, int):
                return Duration(days=days, text=span.text)
            if unit.scale < 86400:
                return Duration(seconds=exact(value * unit.scale), text=span.text)
        self.report.error(
            "R219",
            f"`{span.text}` is no length of time that a calendar has",
            span,
            "write `7 days`, `1 year`, `36 hours`",
        )
        return Duration(days=1)

    def literal(self, node: s.Expression, wanted: Type, unit: Unit | None, what: str) -> n.Value | None:
        """A value written literally for a setting or field of a type; None if it does not fit (reported)."""
        if wanted.kind is Kind.FLAG and isinstance(node, s.Flag):
            return node.on
        if wanted.kind is Kind.TEXT and isinstance(node, s.Text):
            if not wanted.choices or node.text in wanted.choices:
                return node.text
            help = did_you_mean(node.text, wanted.choices)
            self.report.error("R205", f"{what} is {wanted}, not `{node.text}`", node.span, help)
            return None
        if wanted.kind is Kind.FIGURE and isinstance(node, s.Number) and (unit is None or unit.counted):
            return node.value
        if isinstance(node, s.Number) and unit is not None:
            self.report.error(
                "R205",
                f"{what} must be {self.phrase(wanted)}, and `{node.span.text}` is a plain number",
                node.span,
                f"write `{node.span.text} {unit.plural}`",
            )
            return None
        made = self.typed(node, Scope("in a value"), wanted, what)
        return made.value if isinstance(made, n.Constant) and made.type.kind is not Kind.UNKNOWN else None

    # ------------------------------------------------------------ nodes

    def resolve(self, node: s.Expression, scope: Scope, wanted: Type = UNKNOWN) -> n.Expression:
        """The typed node of an expression. What is wrong is reported, and its type is then UNKNOWN."""
        made = self._resolve(node, scope, wanted)
        return self._folded(made)

    def _resolve(  # noqa: PLR0911, PLR0912 — one case for each kind of node
        self, node: s.Expression, scope: Scope, wanted: Type
    ) -> n.Expression:
        span = node.span
        match node:
            case s.Number(value=value):
                return n.Constant(span, PLAIN_NUMBER, value)
            case s.Percent(value=value):
                return n.Constant(span, PLAIN_NUMBER, ratio(value, 100))
            case s.Quantity(value=value, unit=unit_name):
                unit = self.unit(unit_name)
                if unit is None:
                    return self._failed(span)
                return n.Constant(span, figure(unit.dimension), exact(value * unit.scale))
            case s.Text(text=text):
                return n.Constant(span, TEXT, text)
            case s.Flag(on=on):
                return n.Constant(span, FLAG, on)
            case s.Time(moment=moment):
                return self._time(moment, span)
            case s.Ref(name=name):
                return self._ref(name, scope, wanted)
            case s.Attribute():
                return self._attribute(node, scope)
            case s.Call():
                return self._call(node, scope)
            case s.Lookup(table=table):
                self.report.error(
                    "R201",
                    f"there is no table `{table.text}`",
                    table.span,
                    "write the values out: `if … then … else …`",
                )
                return self._failed(span)
            case s.Group(inner=inner):
                return self.resolve(inner, scope, wanted)
            case s.Negative(operand=operand):
                made = self._figure(operand, scope, "what stands behind `-`")
                return n.Negative(span, made.type, made)
            case s.PercentOf(percent=percent, operand=operand):
                made = self._figure(operand, scope, "what a percentage is taken of")
                share = self.resolve(percent, scope)
                return n.Product(span, made.type, ((False, share), (False, made)))
            case s.Sum():
                return self._sum(node, scope, wanted)
            case s.Product():
                return self._product(node, scope)
            case s.Comparison():
                return self._comparison(node, scope)
            case s.AllOf(parts=members):
                return n.AllOf(span, FLAG, tuple(self.condition(p, scope) for p in members))
            case s.AnyOf(parts=members):
                return n.AnyOf(span, FLAG, tuple(self.condition(p, scope) for p in members))
            case s.Negated(operand=operand):
                return n.Negated(span, FLAG, self.condition(operand, scope))
            case s.Choose():
                return self._choose(node, scope, wanted)
            case s.Rounded():
                return self._rounded(node, scope)
            case s.Edge():
                return self._edge(node, scope)
        raise TypeError(type(node).__name__)

    def _failed(self, span: Span) -> n.Expression:
        return n.Constant(span, UNKNOWN, 0)

    def _folded(self, node: n.Expression) -> n.Expression:
        """A constant, if it is made of constants only: checks then see its value."""
        if isinstance(node, n.Constant) or node.type.kind is not Kind.FIGURE:
            return node
        operands: tuple[n.Expression, ...]
        match node:
            case n.Negative(operand=operand) | n.Rounded(operand=operand):
                operands = (operand,)
            case n.Sum(terms=pairs) | n.Product(factors=pairs):
                operands = tuple(p for _, p in pairs)
            case _:
                return node
        if not all(isinstance(o, n.Constant) and o.type.kind is not Kind.UNKNOWN for o in operands):
            return node
        try:
            return n.Constant(node.span, node.type, compile_expression(node)({}))
        except EvaluationError as error:
            self.report.diagnostics.append(error.diagnostic)
            return self._failed(node.span)

    def _figure(self, node: s.Expression, scope: Scope, what: str) -> n.Expression:
        made = self.resolve(node, scope)
        if made.type.kind not in (Kind.FIGURE, Kind.UNKNOWN):
            self.report.error(
                "R205",
                f"{what} must be a figure, and `{node.span.text}` is {made.type}",
                node.span,
                "write a figure, or a name that stands for one",
            )
            return self._failed(node.span)
        return made

    def _time(self, moment: object, span: Span) -> n.Expression:
        try:
            return n.Constant(span, INSTANT, self.calendar.instant(moment))  # type: ignore[arg-type]
        except CalendarError as error:
            self.report.error("R104", str(error), span, error.help)
            return self._failed(span)

    def _ref(self, name: s.Name, scope: Scope, wanted: Type) -> n.Expression:
        maker = scope.names.get(name.text) if name.text != scope.hidden else None
        choice = wanted.kind is Kind.TEXT and name.text in wanted.choices
        if maker is not None and choice:
            self.report.error(
                "R216",
                f"`{name.text}` is both declared and one of the choices it is compared with",
                name.span,
                f'write "{name.text}" for the choice',
            )
            return self._failed(name.span)
        if maker is not None and name.text == "period":
            self.report.error(
                "R208",
                "`period` is a period, not a value",
                name.span,
                "write `days(period)`, `length(period)`, `start of period` or `end of period`",
            )
            return self._failed(name.span)
        if maker is not None:
            return maker(name.span)
        if choice:
            return n.Constant(name.span, TEXT, name.text)
        unit = self.units.get(name.text)
        if unit is not None:
            return n.Constant(name.span, figure(unit.dimension), unit.scale)
        self._unknown_name(name, scope, wanted)
        return self._failed(name.span)

    def _attribute(self, node: s.Attribute, scope: Scope) -> n.Expression:
        known = scope.attributes.get(node.name.text)
        if known is None and node.name.text in scope.names:
            self.report.error(
                "R201", f"`{node.name.text}` has nothing behind a dot {scope.place}", node.span, "write its name alone"
            )
            return self._failed(node.span)
        if known is None:
            self._unknown_name(node.name, scope, UNKNOWN)
            return self._failed(node.span)
        maker = known.get(node.attribute.text)
        if maker is None:
            self.report.error(
                "R201",
                f"`{node.name.text}` has no `{node.attribute.text}`",
                node.attribute.span,
                did_you_mean(node.attribute.text, list(known)) or f"it has {', '.join(f'`{k}`' for k in known)}",
            )
            return self._failed(node.span)
        return maker(node.span)

    def _call(self, node: s.Call, scope: Scope) -> n.Expression:
        name = node.function.text
        if name in scope.functions:
            return self._named(node, scope)
        aggregation = aggregation_named(name)
        if aggregation is not None and scope.records is not None:
            return self._aggregate(node, aggregation, scope)
        if name in ("max", "min"):
            return self._extreme(node, scope)
        if name in ("days", "length"):
            return self._extent(node, scope)
        self.report.error("R208", *wrong_use(name, scope, node.function.span))
        return self._failed(node.span)

    def _named(self, node: s.Call, scope: Scope) -> n.Expression:
        known = scope.functions[node.function.text]
        argument = node.arguments[0] if len(node.arguments) == 1 else None
        if not isinstance(argument, s.Ref):
            self.report.error(
                "R208", f"`{node.function.text}( )` takes one name", node.span, _one_of(known) or "declare one"
            )
            return self._failed(node.span)
        maker = known.get(argument.name.text)
        if maker is None:
            self.report.error(
                "R201",
                f"`{node.function.text}( )` knows no `{argument.name.text}`",
                argument.span,
                did_you_mean(argument.name.text, list(known))
                or _one_of(known)
                or "nothing is declared that it could take",
            )
            return self._failed(node.span)
        return maker(node.span)

    def _aggregate(self, node: s.Call, kind: n.Aggregation, scope: Scope) -> n.Expression:
        assert scope.records is not None
        if kind is n.Aggregation.COUNT:
            if node.arguments:
                self.report.error("R208", "`count()` counts records and takes nothing", node.span, "write `count()`")
            return n.Aggregate(node.span, PLAIN_NUMBER, kind, None)
        if len(node.arguments) != 1:
            self.report.error(
                "R208",
                f"`{kind.value}( )` takes one value of each record",
                node.span,
                f"write one formula: `{kind.value}(quantity * times)`",
            )
            return self._failed(node.span)
        operand = self._figure(node.arguments[0], scope.records, f"what `{kind.value}` takes")
        return n.Aggregate(node.span, operand.type, kind, operand)

    def _extreme(self, node: s.Call, scope: Scope) -> n.Expression:
        name = node.function.text
        if len(node.arguments) < 2:
            word = "highest" if name == "max" else "lowest"
            self.report.error(
                "R208",
                f"`{name}( )` compares two values or more, and has {len(node.arguments)}",
                node.span,
                f"over records write `{word}(…)`; a thousands comma has no space: `{name}(1, 100)` is two numbers",
            )
            return self._failed(node.span)
        operands = tuple(self._figure(a, scope, f"what `{name}` compares") for a in node.arguments)
        type_ = self._same(operands, f"`{name}( )` compares figures of one unit")
        return n.Extreme(node.span, type_, name == "max", operands)

    def _extent(self, node: s.Call, scope: Scope) -> n.Expression:
        name = node.function.text
        argument = node.arguments[0] if len(node.arguments) == 1 else None
        if isinstance(argument, s.Ref) and argument.name.text == "period" and "period" in scope.names:
            return n.PeriodFact(node.span, PLAIN_NUMBER if name == "days" else DURATION, name)
        self.report.error(
            "R208",
            f"`{name}( )` takes `period` here",
            node.span,
            f"write `{name}(period)`" if "period" in scope.names else _DIVIDE,
        )
        return self._failed(node.span)

    def _same(self, operands: tuple[n.Expression, ...], rule: str) -> Type:
        known = [o for o in operands if o.type.kind is not Kind.UNKNOWN]
        for other in known[1:]:
            if other.type.dimension != known[0].type.dimension:
                self.report.error(
                    "R205",
                    f"{rule}: `{known[0].span.text}` is {self.phrase(known[0].type)}"
                    f" and `{other.span.text}` is {self.phrase(other.type)}",
                    other.span,
                    self._unit_help(known[0], other),
                    (("the other", known[0].span),),
                )
                return UNKNOWN
        return known[0].type if known else UNKNOWN

    def _sum(self, node: s.Sum, scope: Scope, wanted: Type) -> n.Expression:
        first = self.resolve(node.terms[0][1], scope, wanted)
        if first.type.kind is Kind.INSTANT:
            return self._date_sum(node, first, scope)
        rest = tuple(self._figure(term, scope, "what is added") for _, term in node.terms[1:])
        if first.type.kind not in (Kind.FIGURE, Kind.UNKNOWN):
            self.report.error(
                "R205",
                f"`{first.span.text}` is {first.type} and cannot be added to",
                first.span,
                "write a figure, or a name that stands for one",
            )
            return self._failed(node.span)
        type_ = self._same((first, *rest), "only like can be added to like")
        signs = [1 if operator == "+" else -1 for operator, _ in node.terms]
        return n.Sum(node.span, type_, tuple(zip(signs, (first, *rest), strict=True)))

    def _date_sum(self, node: s.Sum, first: n.Expression, scope: Scope) -> n.Expression:
        result = first
        for operator, term in node.terms[1:]:
            span = Span(node.span.source, node.span.start, term.span.end)
            if isinstance(term, s.Quantity):
                duration = self._duration(term.value, term.unit, term.span)
                result = n.Later(span, INSTANT, result, duration, 1 if operator == "+" else -1)
                continue
            other = self.resolve(term, scope)
            if operator == "-" and other.type.kind is Kind.INSTANT:
                result = n.Elapsed(span, DURATION, other, result)
            elif other.type.kind is not Kind.UNKNOWN:
                self.report.error(
                    "R205",
                    f"to a date a written duration can be added, and `{term.span.text}` is {self.phrase(other.type)}",
                    term.span,
                    "write `purchase + 7 days`",
                )
        return result

    def _product(self, node: s.Product, scope: Scope) -> n.Expression:
        unknown = self._check_slip(node)
        factors = []
        for operator, factor in node.factors:
            made = self._figure(factor, scope, "what is multiplied")
            if operator == "/" and isinstance(made, n.Constant) and made.value == 0 and made.type.kind is Kind.FIGURE:
                self.report.diagnostics.append(division_by_nothing(made.span).diagnostic)
                made = self._failed(made.span)
            unknown = unknown or made.type.kind is Kind.UNKNOWN
            factors.append((operator == "/", made))
        dimension = NUMBER if unknown else _joined([(divides, made.type.dimension) for divides, made in factors])
        return n.Product(node.span, UNKNOWN if unknown else figure(dimension), tuple(factors))

    def _check_slip(self, node: s.Product) -> bool:
        """`a / 3 USD/GB` would read as (a / 3 USD) / GB, which nobody means. Returns whether it was reported."""
        found = False
        for (op1, divisor), (op2, unit) in zip(node.factors[1:], node.factors[2:], strict=False):
            if op1 != "/" or op2 != "/" or not isinstance(divisor, s.Quantity):
                continue
            if (isinstance(unit, s.Ref) and unit.name.text in self.units) or isinstance(unit, s.Quantity):
                span = Span(divisor.span.source, divisor.span.start, unit.span.end)
                self.report.error("R207", f"`/ {span.text}` can be read in two ways", span, f"write `/ ({span.text})`")
                found = True
        return found

    def _comparison(self, node: s.Comparison, scope: Scope) -> n.Expression:
        left: n.Expression
        if isinstance(node.left, s.Ref) and node.left.name.text not in scope.names:
            right = self.resolve(node.right, scope)
            left = self.resolve(node.left, scope, right.type)
        else:
            left = self.resolve(node.left, scope)
            right = self.resolve(node.right, scope, left.type)
        made = n.Comparison(node.span, FLAG, node.operator, left, right)
        if Kind.UNKNOWN in (left.type.kind, right.type.kind):
            return made
        if left.type.kind is not right.type.kind or left.type.dimension != right.type.dimension:
            self.report.error(
                "R205",
                f"`{left.span.text}` is {self.phrase(left.type)} and `{right.span.text}` is {self.phrase(right.type)}:"
                " they cannot be compared",
                node.span,
                self._unit_help(left, right),
            )
        elif left.type.kind in (Kind.TEXT, Kind.FLAG) and node.operator not in ("==", "!="):
            self.report.error("R205", f"{left.type} has no order", node.span, "compare with `==` or `!=`")
        else:
            self._check_choice(left, right)
            self._check_choice(right, left)
        return made

    def _check_choice(self, chosen: n.Expression, value: n.Expression) -> None:
        choices = chosen.type.choices
        if choices and isinstance(value, n.Constant) and value.value not in choices:
            self.report.error(
                "R205",
                f"`{chosen.span.text}` is {chosen.type}, never `{value.value}`",
                value.span,
                did_you_mean(str(value.value), choices),
            )

    def _choose(self, node: s.Choose, scope: Scope, wanted: Type) -> n.Expression:
        condition = self.condition(node.condition, scope)
        yes, no = self.resolve(node.yes, scope, wanted), self.resolve(node.no, scope, wanted)
        if Kind.UNKNOWN not in (yes.type.kind, no.type.kind) and not _fits(no.type, yes.type):
            self.report.error(
                "R205",
                f"what stands behind `then` is {self.phrase(yes.type)}, and behind `else` {self.phrase(no.type)}",
                node.no.span,
                "both must be of one kind",
                (("the other", node.yes.span),),
            )
            return self._failed(node.span)
        return n.Choose(node.span, yes.type, condition, yes, no)

    def _rounded(self, node: s.Rounded, scope: Scope) -> n.Expression:
        operand = self._figure(node.operand, scope, "what is rounded")
        step: Exact = 1
        if node.step is not None:
            made = self.resolve(node.step, scope)
            if made.type.kind is Kind.UNKNOWN or operand.type.kind is Kind.UNKNOWN:
                return self._failed(node.span)
            if self._same((operand, made), "a figure is rounded to a step of its own unit").kind is Kind.UNKNOWN:
                return self._failed(node.span)
            step = made.value if isinstance(made, n.Constant) and isinstance(made.value, Exact) else 1
        elif operand.type.kind is Kind.FIGURE and not operand.type.is_number:
            self.report.error(
                "R205",
                f"`{node.operand.span.text}` is {self.phrase(operand.type)};"
                " without `to` only a plain number can be rounded",
                node.span,
                f"say to what: `{node.span.text} to 1 {self.unit_text(operand.type).removesuffix('s')}`",
            )
            return self._failed(node.span)
        if step <= 0:
            self.report.error("R219", "a rounding step must be more than 0", node.span, "round to a step: `… to 0.01`")
            return self._failed(node.span)
        return n.Rounded(node.span, operand.type, node.way, operand, step)

    def _edge(self, node: s.Edge, scope: Scope) -> n.Expression:
        inner = node.operand
        if isinstance(inner, s.Ref) and inner.name.text == "period" and "period" in scope.names:
            return n.PeriodFact(node.span, INSTANT, "end" if node.end else "start")
        if isinstance(inner, s.Call) and inner.function.text in PERIOD_FUNCTIONS and len(inner.arguments) == 1:
            instant = self.typed(inner.arguments[0], scope, INSTANT, f"what `{inner.function.text}( )` takes")
            cadence = Cadence(PERIOD_FUNCTIONS[inner.function.text])
            return n.EdgeOf(node.span, INSTANT, cadence, instant, node.end)
        word = "end" if node.end else "start"
        self.report.error(
            "R208",
            f"`{word} of` takes a period",
            node.span,
            f"write `{word} of day(purchase)` or `{word} of month(purchase)`",
        )
        return self._failed(node.span)

    def _unit_help(self, left: n.Expression, right: n.Expression) -> str:
        for number, other in ((left, right), (right, left)):
            if number.type.is_number and other.type.kind is Kind.FIGURE and not other.type.is_number:
                written = number.span.text if isinstance(number, n.Constant) else "…"
                return self._with_unit(written, other.type)
        if left.type.kind is Kind.FIGURE and right.type.kind is Kind.FIGURE:
            return "multiply or divide one of them until both are in one unit"
        return "both must be of one kind"

    # ------------------------------------------------------------ names that are not there

    def _unknown_unit(self, text: str, span: Span) -> None:
        if text in BYTES_BY_NAMES:
            self.report.error(
                "R206",
                f"how many bytes `{text}` has is not said",
                span,
                "write `bytes by 1000` or `bytes by 1024` in the tariff block",
            )
            self.report.lost.add(text)  # said once
            return
        if minor_digits(text) is not None:
            currency = next(u for u in self.units.values() if minor_digits(u.singular) is not None)
            self.report.error(
                "R205",
                f"the list is in {currency.singular}, and `{text}` is another currency",
                span,
                f"write the amount in {currency.singular}; a list has one currency",
            )
            return
        if _EXPONENT.fullmatch(text):
            help = "a number has no exponent: write it out"
        else:
            help = did_you_mean(text, [*self.units, *BYTES_BY_NAMES]) or f"declare it: `unit {text}`"
        self.report.error("R206", f"there is no unit `{text}`", span, help)

    def _unknown_name(self, name: s.Name, scope: Scope, wanted: Type) -> None:
        text = name.text
        if text in self.report.lost:
            return
        if text in BYTES_BY_NAMES or minor_digits(text) is not None:
            self._unknown_unit(text, name.span)
            return
        if text == scope.hidden:
            self.report.error(
                "R201", f"`{text}` cannot refer to itself", name.span, "use `quantity`, or another charge"
            )
            return
        declared = self.report.declared.get(text)
        what = f"is a {declared} and cannot stand" if declared else "means nothing"
        help = scope.hints.get(text) or _misread(text, self.units)
        if not help and not declared:
            help = did_you_mean(text, [*scope.names, *wanted.choices, *self.units, *BYTES_BY_NAMES])
        if not help and wanted.choices:
            help = f"write one of {', '.join(wanted.choices)}"
        elif not help and wanted.kind is Kind.TEXT:
            help = f'a text stands in quotes: "{text}"'
        elif not help:
            names = [f"`{known}`" for known in scope.names]
            help = f"known here: {', '.join(names)}" if 0 < len(names) <= _FEW else "write something that is declared"
        self.report.error("R201", f"`{text}` {what} {scope.place}", name.span, help)


def _misread(text: str, units: Mapping[str, Unit]) -> str:
    """For a name that was meant as something else."""
    glued, exponent = _GLUED.fullmatch(text), _EXPONENT.fullmatch(text)
    if exponent:
        mantissa, power = exponent.groups()
        short = power and int(power) <= _LONGEST_EXPONENT
        return f"write the number out: {int(mantissa) * 10 ** int(power):,}" if short else "write the number out"
    if glued and glued.group(2) in units:
        return f"a number stands apart from its unit: `{glued.group(1)} {glued.group(2)}`"
    if _UNDERSCORED.fullmatch(text):
        return f"commas group three digits: {int(text):,}"
    if _BASED.fullmatch(text):
        return "write the number in decimal digits"
    return f"write `{_ON_OFF[text]}`" if text in _ON_OFF else ""


def _joined(factors: Sequence[tuple[bool, Dimension]]) -> Dimension:
    """The dimension of a product whose factors multiply or divide; in one walk, for there may be thousands."""
    exponents: dict[str, int] = {}
    for divides, dimension in factors:
        for base, exponent in dimension:
            exponents[base] = exponents.get(base, 0) + (-exponent if divides else exponent)
    return tuple(sorted((base, exponent) for base, exponent in exponents.items() if exponent))


def _fits(type_: Type, wanted: Type) -> bool:
    if wanted.kind is Kind.UNKNOWN or type_.kind is Kind.UNKNOWN:
        return True
    return type_.kind is wanted.kind and type_.dimension == wanted.dimension


def _one_of(known: Mapping[str, object]) -> str:
    names = [f"`{name}`" for name in known]
    return f"write {listed(names, 'or')}" if 0 < len(names) <= _FEW else ""
