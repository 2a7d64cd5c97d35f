"""Collecting what is wrong while a tree is made."""

from __future__ import annotations

from ratewright.diagnostics import Diagnostic, Severity, Span


class Report:
    """The diagnostics of one file so far."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def error(
        self, code: str, message: str, span: Span, help: str = "", related: tuple[tuple[str, Span], ...] = ()
    ) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help, Severity.ERROR, related))
