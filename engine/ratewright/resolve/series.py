"""Aggregations and series: many values of records, and what becomes of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, ExitStack

from ratewright.diagnostics import did_you_mean
from ratewright.formula.aggregations import AGGREGATIONS
from ratewright.limits import Limits
from ratewright.meaning import nodes as n
from ratewright.meaning.types import INSTANT, PLAIN_NUMBER, Kind
from ratewright.resolve.arithmetic import Arithmetic
from ratewright.resolve.cadences import is_period, resolve_cadence
from ratewright.resolve.functions import aggregation_named
from ratewright.resolve.scope import Scope
from ratewright.syntax import nodes as s
from ratewright.values.calendar import Cadence
from ratewright.values.exact import exact

_A = n.Aggregation


class SeriesExpressions(Arithmetic, ABC):
    """Resolves what speaks of many records."""

    limits: Limits

    @abstractmethod
    def defined(self, name: str, scope: Scope) -> s.Define | None:
        """The `define` that a name stands for in a scope."""

    @abstractmethod
    def inside(self, define: s.Define) -> AbstractContextManager[bool]:
        """Within a named formula; False where it cannot be read (reported)."""

    def aggregate(self, node: s.Call, kind: n.Aggregation, scope: Scope) -> n.Expression:
        """An aggregation; `scope` is that of the period, and `scope.records` that of a record."""
        assert scope.records is not None
        if kind is _A.COUNT and not node.arguments:
            return n.Aggregate(node.span, PLAIN_NUMBER, kind, None)
        if len(node.arguments) not in AGGREGATIONS[kind].arguments:
            return self._wrong_number(node, kind)
        argument, names = self._unfolded(node.arguments[0], scope)
        with ExitStack() as stack:
            if not all(stack.enter_context(self.inside(define)) for define in names):
                return self._failed(node.span)
            return self._aggregate(node, kind, argument, scope)

    def _aggregate(self, node: s.Call, kind: n.Aggregation, argument: s.Expression, scope: Scope) -> n.Expression:
        assert scope.records is not None
        condition = None
        if isinstance(argument, s.Selection) and argument.each is None and argument.since is None:
            assert argument.condition is not None
            if self._is_series(argument.operand, scope):
                return self._series_where(argument, node)
            condition = self.condition(argument.condition, scope.records)
            operand = self.resolve(argument.operand, scope.records)
        elif self._is_series(argument, scope):
            operand = self.resolve(argument, scope)
        else:
            operand = self.resolve(argument, scope.records)
        if operand.type.kind is Kind.UNKNOWN:
            return self._failed(node.span)
        if operand.type.kind is not Kind.FIGURE and not AGGREGATIONS[kind].any_kind:
            self.report.error(
                "R205",
                f"what `{kind.value}` takes must be a figure, and `{argument.span.text}` is {operand.type}",
                argument.span,
                "write a figure, or a name that stands for one",
            )
            return self._failed(node.span)
        if kind is _A.COUNT and condition is None and not operand.type.many:
            return self._wrong_number(node, kind)
        rank = self._rank(node, kind, scope)
        if rank is not None and rank.type.kind is Kind.UNKNOWN:
            return self._failed(node.span)
        type_ = AGGREGATIONS[kind].result(operand.type)
        if rank is not None and AGGREGATIONS[kind].several:
            type_ = type_.series()
        return n.Aggregate(node.span, type_, kind, operand, condition, rank)

    def _wrong_number(self, node: s.Call, kind: n.Aggregation) -> n.Expression:
        rule = AGGREGATIONS[kind]
        if rule.needs_second:
            what, help = f"takes a value and {rule.second}", f"write `{kind.value}(quantity, {rule.example})`"
        else:
            formula = "quantity * times" if node.arguments else "quantity"
            what, help = "takes one value of each record", f"write one formula: `{kind.value}({formula})`"
        if kind is _A.COUNT:
            what = "counts records, or the values of a series"
            help = "write `count()` for the records, `unique(…)` for different values, `sum(…)` for what they stand for"
        self.report.error("R208", f"`{kind.value}( )` {what}", node.span, help)
        return self._failed(node.span)

    def _series_where(self, argument: s.Selection, node: s.Call) -> n.Expression:
        self.report.error(
            "R208",
            f"`{argument.operand.span.text}` is a series of values, and `where` chooses among records",
            argument.span,
            "put the condition into the series: `sum(quantity) each day where sum(quantity) > 5 calls`",
        )
        return self._failed(node.span)

    def _rank(self, node: s.Call, kind: n.Aggregation, scope: Scope) -> n.Expression | None:
        if len(node.arguments) < 2:
            return None
        second = node.arguments[1]
        made = self.typed(second, scope, PLAIN_NUMBER, f"the second value of `{kind.value}`")
        if not isinstance(made, n.Constant) or made.type.kind is Kind.UNKNOWN:
            return made
        rule, value, percent = AGGREGATIONS[kind], made.value, isinstance(second, s.Percent)
        if rule.percent:
            if percent:
                made = n.Constant(made.span, PLAIN_NUMBER, value * 100)  # type: ignore[operator]
            wrong = not 0 < made.value <= 100  # type: ignore[operator]
            if not percent and 0 < made.value < 1:  # type: ignore[operator]
                text, hundredfold = second.span.text, exact(made.value * 100)  # type: ignore[operator, arg-type]
                help = f"write `{hundredfold}`" if isinstance(hundredfold, int) else f"write `{text}%` if that is meant"
                self.report.error("R219", f"`{text}` is less than one of a hundred", second.span, help)
                return self._failed(second.span)
        else:
            wrong = percent or not isinstance(value, int) or value < 1
        if wrong:
            what = "lies above 0 and up to 100" if rule.percent else "is a whole number from 1 on"
            self.report.error("R219", f"{rule.second} {what}", second.span, f"write `{rule.example}`")
            return self._failed(second.span)
        return made

    # ------------------------------------------------------------ series

    def _unfolded(self, node: s.Expression, scope: Scope) -> tuple[s.Expression, tuple[s.Define, ...]]:
        """Without parentheses, and a define that is a selection as if it were written here; and these defines."""
        while isinstance(node, s.Group):
            node = node.inner
        define = self.defined(node.name.text, scope) if isinstance(node, s.Ref) else None
        if define is None or not isinstance(define.expression, s.Selection):
            return node, ()
        return define.expression, (define,)

    def _is_series(self, node: s.Expression, scope: Scope, seen: frozenset[str] = frozenset()) -> bool:
        """Whether an argument has several values of its own, rather than one for each record."""
        match node:
            case s.Selection():
                return True
            case s.Group(inner=inner):
                return self._is_series(inner, scope, seen)
            case s.Call(function=function, arguments=arguments):
                return len(arguments) == 2 and _gives_several(function.text)
            case s.Choose(yes=yes):
                return self._is_series(yes, scope, seen)  # the other is of the same kind
            case s.Ref(name=name):
                define = self.defined(name.text, scope)
                if define is None or define.expression is None or name.text in seen:
                    return False
                return len(seen) < self.limits.nesting and self._is_series(define.expression, scope, seen | {name.text})
        return False

    def selection(self, node: s.Selection, scope: Scope) -> n.Expression:
        """`x each day where c since activation`."""
        if scope.records is None:
            of_one = "times" in scope.names and "quantity" in scope.names
            self.report.error(
                "R208",
                f"`{node.span.text}` is a series of values, and here a single record is at hand"
                if of_one
                else f"there are no records {scope.place}",
                node.span,
                "aggregate it first: `mean(…)`, `highest(…)`"
                if of_one
                else "select them in a meter: in `define` or `measure`",
            )
            return self._failed(node.span)
        since = self.typed(node.since, scope, INSTANT, "from when on to look") if node.since is not None else None
        inside = scope if node.each is not None else scope.records
        operand = self.resolve(node.operand, inside)
        condition = self.condition(node.condition, inside) if node.condition is not None else None
        if operand.type.many:
            self.report.error(
                "R205", f"`{node.operand.span.text}` is a series already", node.operand.span, "aggregate it"
            )
            return self._failed(node.span)
        if operand.type.kind is Kind.UNKNOWN:
            return self._failed(node.span)
        cadence, key = self._each(node.each, scope) if node.each is not None else (None, None)
        return n.Series(node.span, operand.type.series(), operand, cadence, key, condition, since)

    def _each(self, each: s.EachOf, scope: Scope) -> tuple[Cadence | None, n.Expression | None]:
        assert scope.records is not None
        word = each.unit.text
        if is_period(word) and word not in scope.records.names:
            cadence, _ = resolve_cadence(each, self)  # type: ignore[arg-type]
            return cadence, None
        if each.count != 1:
            self.report.error(
                "R219", f"`{each.span.text}` is no period", each.span, "write `each 5 minutes`, `each day`"
            )
        elif word in ("record", "reading"):
            self.report.error(
                "R219",
                f"each {word} has its value without `each`",
                each.span,
                "write the formula alone: `sum(quantity)`, `highest(quantity where quantity > 0 calls)`",
            )
            return None, self._failed(each.span)
        elif word not in scope.records.names and self.defined(word, scope.records) is None:
            known = [*("minute", "hour", "day", "week", "month", "year"), *scope.records.names]
            help = did_you_mean(word, known) or "write a period, as `each day`, or the name of a field"
            self.report.error("R201", f"`{word}` is no period and no field", each.unit.span, help)
            return None, self._failed(each.span)
        return None, self.resolve(s.Ref(each.unit.span, each.unit), scope.records)


def _gives_several(function: str) -> bool:
    """Whether a function of a name gives several values with a second argument."""
    kind = aggregation_named(function)
    return kind is not None and AGGREGATIONS[kind].several
