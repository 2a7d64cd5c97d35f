"""Arithmetic and comparison: like with like, prices with quantities, dates with durations."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ratewright.advice.words import listed
from ratewright.diagnostics import Span, did_you_mean
from ratewright.formula.interpreter import division_by_nothing
from ratewright.meaning import nodes as n
from ratewright.meaning.types import (
    DURATION,
    FLAG,
    INSTANT,
    UNKNOWN,
    Kind,
    Type,
    figure,
)
from ratewright.resolve.functions import PERIOD_FUNCTIONS
from ratewright.resolve.scope import Scope
from ratewright.resolve.written_units import WrittenUnits, joined_dimension
from ratewright.syntax import nodes as s
from ratewright.values.calendar import Cadence
from ratewright.values.exact import Exact
from ratewright.values.units import NUMBER


class Arithmetic(WrittenUnits, ABC):
    """Resolves what is made of other expressions; `Expressions` resolves those."""

    @abstractmethod
    def resolve(self, node: s.Expression, scope: Scope, wanted: Type = UNKNOWN) -> n.Expression:
        """The typed node of an expression."""

    @abstractmethod
    def typed(self, node: s.Expression, scope: Scope, wanted: Type, what: str) -> n.Expression:
        """The expression, which must be of the wanted type."""

    @abstractmethod
    def condition(self, node: s.Expression, scope: Scope) -> n.Expression:
        """An expression that holds or does not."""

    @abstractmethod
    def defined(self, name: str, scope: Scope) -> s.Define | None:
        """The `define` that a name stands for."""

    @abstractmethod
    def _figure(self, node: s.Expression, scope: Scope, what: str) -> n.Expression:
        """An expression that is a figure."""

    def _failed(self, span: Span) -> n.Expression:
        return n.Constant(span, UNKNOWN, 0)

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
        if first.type.kind is Kind.UNKNOWN and type_ == DURATION:
            type_ = UNKNOWN  # it may have been a date
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
        dimension = (
            NUMBER if unknown else joined_dimension([(divides, made.type.dimension) for divides, made in factors])
        )
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
        if self._may_be_a_choice(node.left, scope) and not (
            self._stands_for_a_formula(node.left, scope)
            and self._may_be_a_choice(node.right, scope)
            and not self._stands_for_a_formula(node.right, scope)
        ):
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

    def _may_be_a_choice(self, node: s.Expression, scope: Scope) -> bool:
        """Whether a side of a comparison is a name that has a meaning only by what it is compared with."""
        return isinstance(node, s.Ref) and node.name.text not in scope.names

    def _stands_for_a_formula(self, node: s.Expression, scope: Scope) -> bool:
        return isinstance(node, s.Ref) and self.defined(node.name.text, scope) is not None

    def _check_choice(self, chosen: n.Expression, value: n.Expression) -> None:
        choices = chosen.type.choices
        if choices and isinstance(value, n.Constant) and value.value not in choices:
            self.report.error(
                "R205",
                f"`{chosen.span.text}` is {chosen.type}, never `{value.value}`",
                value.span,
                did_you_mean(str(value.value), choices) or f"write {listed([f'`{c}`' for c in choices], 'or')}",
            )

    def _choose(self, node: s.Choose, scope: Scope, wanted: Type) -> n.Expression:
        condition = self.condition(node.condition, scope)
        yes, no = self.resolve(node.yes, scope, wanted), self.resolve(node.no, scope, wanted)
        if Kind.UNKNOWN not in (yes.type.kind, no.type.kind) and not fits(no.type, yes.type):
            self.report.error(
                "R205",
                f"what stands behind `then` is {self.phrase(yes.type)}, and behind `else` {self.phrase(no.type)}",
                node.no.span,
                self.with_unit(node.no.span.text, yes.type)
                if isinstance(node.no, s.Number) and yes.type.kind is Kind.FIGURE
                else "both must be of one kind",
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
            if len(operand.type.dimension) > 1 and made.type.dimension != operand.type.dimension:
                self._compound_step(operand, made)
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

    def _compound_step(self, operand: n.Expression, made: n.Expression) -> None:
        unit = self.unit_text(operand.type)
        step = made.span.text.split()[0]
        self.report.error(
            "R205",
            f"a step has one unit, and `{operand.span.text}` is in {unit}",
            made.span,
            f"round it as a plain number: `round … (… / (1 {unit})) to {step}`, and multiply that by `1 {unit}`",
        )

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
            self._edge_help(word, inner, scope),
        )
        return self._failed(node.span)

    def _edge_help(self, word: str, inner: s.Expression, scope: Scope) -> str:
        if isinstance(inner, s.Ref) and inner.name.text == "period" and "quantity" in scope.names:
            return "to look back further write `since` behind the value: `quantity since (start of period - 11 months)`"
        date = next((name for name in ("purchase", "at", "activation") if name in scope.names), "…")
        return f"write `{word} of day({date})` or `{word} of month({date})`"

    def _unit_help(self, left: n.Expression, right: n.Expression) -> str:
        for number, other in ((left, right), (right, left)):
            if number.type.is_number and other.type.kind is Kind.FIGURE and not other.type.is_number:
                written = number.span.text if isinstance(number, n.Constant) else "…"
                return self.with_unit(written, other.type)
        if left.type.kind is Kind.FIGURE and right.type.kind is Kind.FIGURE:
            return "multiply or divide one of them until both are in one unit"
        return "both must be of one kind"


def fits(type_: Type, wanted: Type) -> bool:
    """Whether a value of one type may stand where another is wanted; an unknown one was reported already."""
    if wanted.kind is Kind.UNKNOWN or type_.kind is Kind.UNKNOWN:
        return True
    return type_.kind is wanted.kind and type_.dimension == wanted.dimension
