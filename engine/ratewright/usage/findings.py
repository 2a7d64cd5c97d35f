"""Collecting what is wrong: problems become diagnostics once a place is known, and one cause is told once.

A mistake in a program that writes records stands in every record. The first is told with its place, and
how many more have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from msgspec import structs

from ratewright.diagnostics import Diagnostic, Severity, Source, Span, line_span
from ratewright.reading import FilesRead
from ratewright.usage import codes
from ratewright.usage.problem import Problem

Locate = Callable[[str], Span]
"""The place of a key's value in a record; of the record where there is no such key."""

_QUOTED = re.compile("`[^`]*`")
_OF_A_COLUMN = frozenset(
    (
        codes.EXPONENT,
        codes.UNDERSCORE,
        codes.LEADING_ZERO,
        codes.UNIT_GLUED,
        codes.NAIVE_TIME,
        codes.NOT_BEFORE,
        codes.KNOWN_BEFORE,
        codes.CONFLICT,
    )
)
"""What is about how all values of a key are written, so that another value is no other cause."""


class EnoughError(Exception):
    """Raised by `Findings.add` at the ceiling: a file whose every row is wrong needs no message for each."""


class Findings:
    """The diagnostics of one reading, in the order found; and the files that it read."""

    def __init__(self, files: FilesRead | None = None) -> None:
        self.files = FilesRead() if files is None else files
        self._diagnostics: list[Diagnostic] = []
        self._count = 0
        self._more: dict[int, int] = {}
        self._causes: dict[tuple[str, str, str], int] = {}
        self._latest: dict[tuple[str, str, str], Locate] = {}  # the record that had a cause the last time
        self.ceiling: int | None = None
        """How many may be told before `EnoughError` is raised; set while a file of many rows is read."""

    def __len__(self) -> int:
        """How many there are, those included that are only counted."""
        return self._count

    @property
    def told(self) -> int:
        """How many are told."""
        return len(self._diagnostics)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What is told, with how many more records each stands for."""
        told = list(self._diagnostics)
        for index, more in self._more.items():
            noun = "record" if more == 1 else "records"
            message = f"{told[index].message} (here and in {more:,} more {noun})"
            told[index] = structs.replace(told[index], message=message)
        return told

    def begin_file(self) -> None:
        """From here on the same words are another cause: what is repeated is counted in its own file."""
        self._causes.clear()

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
        self._tell(Diagnostic(code, message, span, help, related=related))

    def add_problem(self, problem: Problem, span: Span | None) -> None:
        self.add(problem.code, problem.message, span, problem.help)

    def add_for_file(self, code: str, message: str, file: str, help: str = "") -> None:
        """An error about a file of which no text is at hand."""
        self._tell(Diagnostic(code, message, None, help, file=file))

    def add_of_record(
        self,
        code: str,
        message: str,
        key: str,
        help: str,
        locate: Locate,
        *,
        also: Callable[[], tuple[str, Span]] | None = None,
    ) -> None:
        """An error about the key of a record, told for the first record that has it; `also` is as for `add`."""
        of = "" if code == codes.NAIVE_TIME else key  # a zone is missing for all times of a record
        cause = (code, of, _QUOTED.sub("", message) if code in _OF_A_COLUMN else message)
        index = self._causes.setdefault(cause, len(self._diagnostics))
        again, self._latest[cause] = self._latest.get(cause) is locate, locate
        if index == len(self._diagnostics):
            self.add(code, message, locate(key), help, also=also() if also is not None else None)
        elif not again:
            self._count += 1
            self._more[index] = self._more.get(index, 0) + 1

    def note(self, code: str, message: str, span: Span) -> None:
        self._diagnostics.append(Diagnostic(code, message, span, severity=Severity.NOTE))

    def _tell(self, diagnostic: Diagnostic) -> None:
        self._diagnostics.append(diagnostic)
        self._count += 1
        if self.ceiling is not None and len(self._diagnostics) >= self.ceiling:
            raise EnoughError


class RecordFindings:
    """What is wrong with one record; `any` once something is."""

    __slots__ = ("_findings", "_locate", "any")

    def __init__(self, findings: Findings, locate: Locate) -> None:
        self._findings = findings
        self._locate = locate
        self.any = False

    def add(self, code: str, message: str, key: str, help: str) -> None:
        """An error about a key's value; about the record where `key` is empty."""
        self.any = True
        self._findings.add_of_record(code, message, key, help, self._locate)

    def add_problem(self, problem: Problem, key: str) -> None:
        self.add(problem.code, problem.message, key, problem.help)


@dataclass(frozen=True, slots=True)
class AtLine:
    """The places of a record that is a line of a file: each is the whole line."""

    source: Source
    line: int

    def __call__(self, key: str) -> Span:
        return line_span(self.source, self.line)
