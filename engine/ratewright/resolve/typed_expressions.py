"""Expressions: every name found, every unit checked."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from ratewright.advice.words import listed
from ratewright.diagnostics import Span, did_you_mean
from ratewright.formula.interpreter import EvaluationError, compile_expression
from ratewright.meaning import nodes as n
from ratewright.meaning.types import (
    FLAG,
    INSTANT,
    PLAIN_NUMBER,
    TEXT,
    UNKNOWN,
    Kind,
    Type,
    fits,
)
from ratewright.meaning.walk import places_of
from ratewright.resolve.amounts import resolve_any_of
from ratewright.resolve.arithmetic import (
    resolve_choice,
    resolve_comparison,
    resolve_product,
    resolve_rounded,
    resolve_sum,
)
from ratewright.resolve.calls import resolve_call, resolve_edge
from ratewright.resolve.context import failed
from ratewright.resolve.findings import Report
from ratewright.resolve.functions import PRICED
from ratewright.resolve.lookups import resolve_lookup
from ratewright.resolve.name_guesses import guess, remedy_of_type
from ratewright.resolve.name_space import taken_for_itself
from ratewright.resolve.named_formulas import NamedFormulas
from ratewright.resolve.scope import Maker, Scope
from ratewright.resolve.series import resolve_selection
from ratewright.resolve.tables import Table
from ratewright.resolve.tiers import resolve_priced
from ratewright.resolve.written_units import WrittenUnits
from ratewright.syntax import nodes as s
from ratewright.values.calendar import Calendar, CalendarError
from ratewright.values.exact import exact, ratio
from ratewright.values.money import minor_digits
from ratewright.values.units import BYTES_BY_NAMES, PERCENT, Unit

_FEW = 8


class Expressions:
    """Resolves the expressions of one rule file. `tables` and `settings` are those of its top."""

    def __init__(
        self, report: Report, units: Mapping[str, Unit], calendar: Calendar, currencies: tuple[str, ...] = ()
    ) -> None:
        self.report = report
        self.written = WrittenUnits(report, units, calendar, currencies)
        self.named = NamedFormulas(report)
        self.tables: dict[str, Table] = {}
        self.settings: dict[str, Maker] = {}

    @property
    def units(self) -> Mapping[str, Unit]:
        """The units of the file, by every name that they have."""
        return self.written.units

    def of_data(self) -> Expressions:
        """The same for figures of one account, all of which are in its currency: another is no price, but wrong."""
        made = copy(self)
        made.written = WrittenUnits(self.report, self.units, self.written.calendar)
        return made

    def typed(self, node: s.Expression, scope: Scope, wanted: Type, what: str) -> n.Expression:
        """The expression, which must be of the wanted type; `what` names it in the message."""
        return self.fitting(self.resolve(node, scope, wanted), node, wanted, what)

    def fitting(self, made: n.Expression, node: s.Expression, wanted: Type, what: str) -> n.Expression:
        """An expression that was resolved, which must be of the wanted type."""
        phrase = self.written.phrase
        if made.type.kind is not Kind.UNKNOWN and not fits(made.type, wanted):
            self.report.error(
                "R205",
                f"{what} must be {phrase(wanted)}, and `{node.span.text}` is {phrase(made.type)}",
                node.span,
                taken_for_itself(node.span.text, self.report) or remedy_of_type(node, made.type, wanted, self.written),
            )
            return n.Constant(node.span, UNKNOWN, 0)
        return made

    def condition(self, node: s.Expression, scope: Scope) -> n.Expression:
        """An expression that holds or does not."""
        return self.typed(node, scope, FLAG, "a condition")

    def literal(self, node: s.Expression, wanted: Type, unit: Unit | None, what: str) -> n.Value | None:
        """A value written literally for a setting or field of a type; None if it does not fit (reported)."""
        if wanted.kind is Kind.FLAG and isinstance(node, s.Flag):
            return node.on
        if wanted.kind is Kind.TEXT and isinstance(node, s.Flag):
            node = s.Text(node.span, node.span.text)
        if wanted.kind is Kind.TEXT and isinstance(node, s.Text):
            if not wanted.choices or node.text in wanted.choices:
                return node.text
            help = did_you_mean(node.text, wanted.choices) or f"write {listed(list(wanted.choices), 'or')}"
            self.report.error("R205", f"{what} is {wanted}, not `{node.text}`", node.span, help)
            return None
        if wanted.kind is Kind.FIGURE and isinstance(node, s.Number) and (unit is None or unit.counted):
            return node.value
        if isinstance(node, s.Number) and unit is not None:
            self.report.error(
                "R205",
                f"{what} must be {self.written.phrase(wanted)}, and `{node.span.text}` is a plain number",
                node.span,
                f"write `{node.span.text} {unit.plural}`",
            )
            return None
        made = self.typed(node, Scope("in a value"), wanted, what)
        return made.value if isinstance(made, n.Constant) and made.type.kind is not Kind.UNKNOWN else None

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
                written = n.Figure(span.text.removesuffix("%").rstrip(), PERCENT)
                return n.Constant(span, PLAIN_NUMBER, ratio(value, 100), figure=written)
            case s.Quantity(value=value, unit=unit_name):
                unit = self.written.unit(unit_name)
                if unit is None:
                    return failed(span)
                number = span.text[: unit_name.span.start - span.start].strip()
                written = n.Figure(number, self.written.named_as(unit_name.span.text, unit))
                return self.written.amount(span, value, unit, as_figure=written)
            case s.Text(text=text):
                self.report.padded(text, span, "R205", "the text")
                return n.Constant(span, TEXT, text)
            case s.Flag(on=on):
                return n.Constant(span, FLAG, on)
            case s.Time(moment=moment):
                return self._time(moment, span)
            case s.Ref(name=name):
                return self._ref(name, scope, wanted)
            case s.Attribute():
                return self._attribute(node, scope)
            case s.Call(function=s.Name(text=name)) if name in PRICED and name not in scope.functions:
                return resolve_priced(node, self, scope)
            case s.Call():
                return resolve_call(self, node, scope)
            case s.Lookup():
                return resolve_lookup(node, self, scope)
            case s.Selection():
                return resolve_selection(self, node, scope)
            case s.Group(inner=inner):
                return self.resolve(inner, scope, wanted)
            case s.Negative(operand=operand):
                made = self.figure(operand, scope, "what stands behind `-`")
                return n.Negative(span, made.type, made)
            case s.PercentOf(percent=percent, operand=operand):
                made = self.figure(operand, scope, "what a percentage is taken of")
                share = self.resolve(percent, scope)
                return n.Product(span, made.type, ((False, share), (False, made)))
            case s.Sum():
                return resolve_sum(self, node, scope, wanted)
            case s.Product():
                return resolve_product(self, node, scope)
            case s.Comparison():
                return resolve_comparison(self, node, scope)
            case s.AllOf(parts=members):
                return n.AllOf(span, FLAG, tuple(self.condition(p, scope) for p in members))
            case s.AnyOf():
                return resolve_any_of(self, node, scope, wanted)
            case s.Negated(operand=operand):
                return n.Negated(span, FLAG, self.condition(operand, scope))
            case s.Choose():
                return resolve_choice(self, node, scope, wanted)
            case s.Rounded():
                return resolve_rounded(self, node, scope)
            case s.Edge():
                return resolve_edge(self, node, scope)
        raise TypeError(type(node).__name__)

    def _folded(self, node: n.Expression) -> n.Expression:
        """A constant, if it is made of constants only: checks then see its value."""
        if isinstance(node, n.Constant) or node.type.kind is not Kind.FIGURE:
            return node
        operands: tuple[n.Expression, ...]
        match node:
            case n.Negative(operand=operand) | n.Rounded(operand=operand) | n.Defined(expression=operand):
                operands = (operand,)
            case n.Sum(terms=pairs) | n.Product(factors=pairs):
                operands = tuple(p for _, p in pairs)
            case _:
                return node
        missing = next((o for o in operands if isinstance(o, n.NoPrice)), None)
        if missing is not None and all(isinstance(o, n.Constant | n.NoPrice) for o in operands):
            return n.NoPrice(node.span, node.type, missing.currency)
        if not all(isinstance(o, n.Constant) and o.type.kind is not Kind.UNKNOWN for o in operands):
            return node
        by_name = isinstance(node, n.Defined)
        written = _as_written(operands[0]) if by_name else ""
        as_figure = _one_figure(node, self.written)
        named = by_name or any(isinstance(o, n.Constant) and o.named for o in operands)
        places = tuple(dict.fromkeys(place for o in operands for place in places_of(o)))
        try:
            return n.Constant(node.span, node.type, compile_expression(node)({}), written, as_figure, named, places)
        except EvaluationError as error:
            self.report.diagnostics.append(error.diagnostic)
            return failed(node.span)

    def figure(self, node: s.Expression, scope: Scope, what: str) -> n.Expression:
        """An expression that is a figure; `what` names it in the message."""
        made = self.resolve(node, scope)
        if made.type.kind not in (Kind.FIGURE, Kind.UNKNOWN):
            self.report.error(
                "R205",
                f"{what} must be a figure, and `{node.span.text}` is {made.type}",
                node.span,
                taken_for_itself(node.span.text, self.report) or "write a figure, or a name that stands for one",
            )
            return failed(node.span)
        return made

    def _time(self, moment: object, span: Span) -> n.Expression:
        try:
            return n.Constant(span, INSTANT, self.written.calendar.instant(moment))  # type: ignore[arg-type]
        except CalendarError as error:
            self.report.error("R104", str(error), span, error.help)
            return failed(span)

    def _ref(self, name: s.Name, scope: Scope, wanted: Type) -> n.Expression:
        maker = scope.names.get(name.text) if name.text != scope.hidden else None
        if maker is not None and name.text in scope.defines:
            self.named.hidden_step(scope.defines[name.text], maker)
        choice = wanted.kind is Kind.TEXT and name.text in wanted.choices
        if maker is not None and choice:
            self.report.error(
                "R216",
                f"`{name.text}` is both declared and one of the choices it is compared with",
                name.span,
                f'write "{name.text}" for the choice',
            )
            return failed(name.span)
        if maker is not None and name.text == "period":
            self.report.error(
                "R208",
                "`period` is a period, not a value",
                name.span,
                "write `days(period)`, `length(period)`, `start of period` or `end of period`",
            )
            return failed(name.span)
        if maker is not None:
            return maker(name.span)
        define = self.named.defined(name.text, scope)
        if define is not None and not choice:
            return self._unfolded(define, name, scope, wanted)
        if choice:
            return n.Constant(name.span, TEXT, name.text)
        unit = self.units.get(name.text)
        if unit is not None:
            return self.written.amount(name.span, 1, unit, as_figure=n.Figure("", unit))
        self._unknown_name(name, scope, wanted)
        return failed(name.span)

    def _unfolded(self, define: s.Define, name: s.Name, scope: Scope, wanted: Type) -> n.Expression:
        """The formula of a `define`, read as if it were written in place of its name."""
        assert define.expression is not None
        with self.named.inside(define) as readable:
            made = self.resolve(define.expression, scope, wanted) if readable else failed(name.span)
        return n.Defined(name.span, made.type, define.name.text, made) if readable else made

    def _attribute(self, node: s.Attribute, scope: Scope) -> n.Expression:
        known = scope.attributes.get(node.name.text)
        if known is None and node.name.text in scope.names:
            self.report.error(
                "R201", f"`{node.name.text}` has nothing behind a dot {scope.place}", node.span, "write its name alone"
            )
            return failed(node.span)
        if known is None:
            self._unknown_name(node.name, scope, UNKNOWN)
            return failed(node.span)
        maker = known.get(node.attribute.text)
        if maker is None:
            self.report.error(
                "R201",
                f"`{node.name.text}` has no `{node.attribute.text}`",
                node.attribute.span,
                did_you_mean(node.attribute.text, list(known)) or f"it has {', '.join(f'`{k}`' for k in known)}",
            )
            return failed(node.span)
        return maker(node.span)

    def _unknown_name(self, name: s.Name, scope: Scope, wanted: Type) -> None:
        text = name.text
        if text in self.report.lost:
            return
        if text in BYTES_BY_NAMES or minor_digits(text) is not None:
            self.written.unknown_unit(text, name.span)
            return
        if text == scope.hidden:
            self.report.error(
                "R201", f"`{text}` cannot refer to itself", name.span, "use `quantity`, or another charge"
            )
            return
        declared = self.report.declared.get(text)
        what = f"is a {declared} and cannot stand" if declared else "means nothing"
        table = self.tables.get(text)
        help = f"look it up by its keys: `{text}[{', '.join(table.by)}]`" if table is not None else ""
        help = help or guess(text, scope, wanted, self.units, self.report)
        self.report.error("R201", f"`{text}` {what} {scope.place}", name.span, help)


def _as_written(node: n.Expression) -> str:
    """How the author of a constant wrote it, where it stands behind a name."""
    return (node.written if isinstance(node, n.Constant) else "") or node.span.text


def _one_figure(node: n.Expression, units: WrittenUnits) -> n.Figure | None:
    """The figure that constants are written as: a number with units, as `0.50 USD/hour`, or a name of that."""
    match node:
        case n.Defined(expression=n.Constant(figure=figure)):
            return figure
        case n.Negative(operand=n.Constant() as made) | n.Rounded(operand=n.Constant() as made) if _is_percentage(made):
            return n.Figure("", PERCENT)
        case n.Sum(terms=terms) if all(_is_percentage(term) for _, term in terms):
            return n.Figure("", PERCENT)
        case n.Product(span=span, factors=((False, n.Constant(figure=n.Figure() as first)), *others)):
            text, scale = span.text, first.unit.scale
            if any(_is_percentage(factor) for _, factor in node.factors):
                return None
            for divides, factor in others:
                if not isinstance(factor, n.Constant) or factor.figure is None:
                    return None
                if factor.figure.number and not divides:
                    return None
                scale = ratio(scale, factor.value) if divides else exact(scale * factor.value)  # type: ignore[arg-type, operator]
            if not first.number or not text.startswith(first.number) or "(" in text:
                return None
            unit = Unit("", "", scale, node.type.dimension)
            return n.Figure(first.number, units.named_as(text[len(first.number) :], unit))
    return None


def _is_percentage(node: n.Expression) -> bool:
    return isinstance(node, n.Constant) and node.figure is not None and node.figure.unit == PERCENT
