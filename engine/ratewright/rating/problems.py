"""How rating stops: with the diagnostics of what cannot be decided or is not sold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whenever import Instant

from ratewright.diagnostics import Diagnostic, Span
from ratewright.tree import nodes as tree
from ratewright.tree.aggregate import Values
from ratewright.tree.evaluate import EvaluationError, evaluate
from ratewright.values.calendar import Calendar, CalendarError, Duration


class RatingError(Exception):
    """Rating cannot go on. Carries diagnostics; nothing was billed."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics))


def stop(code: str, message: str, span: Span | None, help: str, *related: tuple[str, Span]) -> RatingError:
    """The error for one problem."""
    return RatingError([Diagnostic(code, message, span, help, related=related)])


def later(calendar: Calendar, instant: Instant, length: Duration, span: Span | None) -> Instant:
    """The instant a rule's `length` later. Raises RatingError where the calendar ends before."""
    try:
        return calendar.add(instant, length)
    except CalendarError as error:
        raise stop("A205", str(error), span, error.help) from error


def value_of(expression: tree.Expression, values: Values) -> Any:
    """The value of an expression for given values. Raises RatingError where it has none."""
    try:
        return evaluate(expression, values)
    except EvaluationError as error:
        raise RatingError([error.diagnostic]) from error
