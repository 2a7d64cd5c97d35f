"""From a node to a function: plain, or observed. What a node means is said once, in the functions of its type.

A function is made when a node is first asked for, and kept with the node: it goes where the node goes, is dropped
when the node is pickled or copied, and is shared by threads. Two threads that make it at once make the same.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from ratewright.formula.given import OBSERVER, Evaluator, Values
from ratewright.formula.observer import Observer
from ratewright.meaning import nodes as n


class Compiler:
    """Makes the functions of nodes, and of what stands below them."""

    observed = False
    """Whether the functions tell an observer. It must stand under `OBSERVER` then."""

    _kept = "plain"

    def __call__(self, node: n.Expression) -> Evaluator:
        """The function of a node that is asked with the values of the node above it."""
        return function_of(node, self)

    def part(self, whole: n.Expression, node: n.Expression) -> Evaluator:
        """The function of a part that `whole` may leave alone."""
        return self(node)

    def of_each(self, node: n.Expression) -> Evaluator:
        """The function of what is asked of each record, or of each value of a series: no observer looks on there."""
        return PLAIN.kept(node)

    def kept(self, node: n.Expression) -> Evaluator:
        """The function of a node, made once and kept with it."""
        beside = node.__dict__
        made: Evaluator | None = beside.get(self._kept)
        if made is None:
            made = beside[self._kept] = self(node)
        return made


class _Observed(Compiler):
    """The same functions, each of which tells what it came to."""

    observed = True
    _kept = "observed"

    def __call__(self, node: n.Expression) -> Evaluator:
        value_of = function_of(node, self)
        if isinstance(node, n.Constant):
            return value_of

        def passed(values: Values) -> Any:
            value = value_of(values)
            values[OBSERVER].passed(node, value)
            return value

        return passed

    def part(self, whole: n.Expression, node: n.Expression) -> Evaluator:
        value_of = self(node)

        def turned(values: Values) -> Any:
            values[OBSERVER].turned(whole, node)
            return value_of(values)

        return turned


PLAIN = Compiler()
OBSERVED: Compiler = _Observed()


@singledispatch
def function_of(node: n.Expression, compile_: Compiler) -> Evaluator:
    """The function for one node type, made of those of its parts."""
    raise TypeError(f"no evaluation for {type(node).__name__}")


def compile_expression(node: n.Expression) -> Evaluator:
    """The function of a node, made anew; for a node that is asked once."""
    return PLAIN(node)


def evaluator(node: n.Expression) -> Evaluator:
    """The function of a node; made once for each node."""
    return PLAIN.kept(node)


def evaluate(node: n.Expression, values: Values) -> Any:
    """The value of an expression for given values. Raises EvaluationError."""
    return PLAIN.kept(node)(values)


def observe(node: n.Expression, values: Values, observer: Observer) -> Any:
    """The value of an expression while an observer looks on. Raises EvaluationError."""
    return OBSERVED.kept(node)({**values, OBSERVER: observer})
