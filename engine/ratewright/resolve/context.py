"""What resolving one part of a rule file may ask of the whole: other expressions, names, units, and where to report.

`Expressions` is the one implementation. The rules of each kind of expression are functions on a `Context`, so that
none of them knows the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from ratewright.diagnostics import Span
from ratewright.meaning import nodes as n
from ratewright.meaning.types import UNKNOWN, Type
from ratewright.resolve.findings import Report
from ratewright.resolve.named_formulas import NamedFormulas
from ratewright.resolve.scope import Maker, Scope
from ratewright.resolve.written_units import WrittenUnits
from ratewright.syntax import nodes as s
from ratewright.values.units import Unit


class Context(Protocol):
    """One rule file while it is resolved. `settings` are those that it declares, `tables` the names of its tables."""

    report: Report
    written: WrittenUnits
    named: NamedFormulas
    settings: dict[str, Maker]

    @property
    def units(self) -> Mapping[str, Unit]:
        """The units of the file, by every name that they have."""

    @property
    def tables(self) -> Collection[str]:
        """The names of its tables."""

    def resolve(self, node: s.Expression, scope: Scope, wanted: Type = UNKNOWN) -> n.Expression:
        """The typed node of an expression. What is wrong is reported, and its type is then UNKNOWN."""

    def typed(self, node: s.Expression, scope: Scope, wanted: Type, what: str) -> n.Expression:
        """The expression, which must be of the wanted type; `what` names it in the message."""

    def fitting(self, made: n.Expression, node: s.Expression, wanted: Type, what: str) -> n.Expression:
        """What was resolved of `node`, which must be of the wanted type."""

    def condition(self, node: s.Expression, scope: Scope) -> n.Expression:
        """An expression that holds or does not."""

    def figure(self, node: s.Expression, scope: Scope, what: str) -> n.Expression:
        """An expression that is a figure; `what` names it in the message."""


def failed(span: Span) -> n.Constant:
    """What stands in the place of an expression that is wrong and was reported."""
    return n.Constant(span, UNKNOWN, 0)
