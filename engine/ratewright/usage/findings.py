"""Collecting what is wrong: problems become diagnostics once a place is known."""

from __future__ import annotations

from ratewright.diagnostics import Diagnostic, Severity, Span
from ratewright.usage.problem import Problem


class EnoughError(Exception):
    """Raised by `Findings.add` at the ceiling: a file whose every row is wrong needs no message for each."""


class Findings:
    """The diagnostics of one reading, in the order found."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.ceiling: int | None = None
        """How many there may be before `EnoughError` is raised; set while a file of many rows is read."""

    def __len__(self) -> int:
        return len(self.diagnostics)

    def add(
        self,
        code: str,
        message: str,
        span: Span | None,
        help: str = "",
        *,
        also: tuple[str, Span] | None = None,
    ) -> None:
        """An error at `span`; `also` is a second place with a few words about it."""
        related = () if also is None else (also,)
        self.diagnostics.append(Diagnostic(code, message, span, help, related=related))
        if self.ceiling is not None and len(self.diagnostics) >= self.ceiling:
            raise EnoughError

    def add_problem(self, problem: Problem, span: Span | None) -> None:
        self.add(problem.code, problem.message, span, problem.help)

    def add_for_file(self, code: str, message: str, file: str, help: str = "") -> None:
        """An error about a file of which no text is at hand."""
        self.diagnostics.append(Diagnostic(code, message, None, help, file=file))

    def note(self, code: str, message: str, span: Span) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, severity=Severity.NOTE))
