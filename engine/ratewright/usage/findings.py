"""Collecting what is wrong: problems of one text, and the diagnostics they become once a place is known.

A function that reads one value raises `Problem`; whoever knows where the value stands adds it to the
`Findings`, so that one run reports everything it finds.
"""

from __future__ import annotations

import unicodedata

from ratewright.diagnostics import Diagnostic, Severity, Span, visible
from ratewright.reading import FilesRead
from ratewright.usage import codes


class Problem(ValueError):  # noqa: N818 - it is what a user is told, as much as it is raised
    """A value that cannot be taken. `code` is one of `codes.TABLE`; `help` says what to write instead."""

    def __init__(self, code: str, message: str, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


class EnoughError(Exception):
    """Raised by `Findings.add` at the ceiling: a file whose every row is wrong needs no message for each."""


class Findings:
    """The diagnostics of one reading, in the order found; and the files that it read."""

    def __init__(self, files: FilesRead | None = None) -> None:
        self.files = FilesRead() if files is None else files
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


_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"))


def is_hidden(character: str) -> bool:
    """Whether the character is a control, invisible, direction-changing or odd space character."""
    return character != " " and unicodedata.category(character) in _HIDDEN


def require_visible(text: str) -> str:
    """The same text. Raises Problem if it holds a character that a reader would not see."""
    if not text.isprintable():
        for character in text:
            if is_hidden(character):
                raise Problem(
                    codes.HIDDEN_CHARACTER,
                    f"`{visible(text)}` holds the hidden character U+{ord(character):04X}",
                    "remove the character, or write an ordinary space in its place",
                )
    return text


def no_value_help(key: str) -> str:
    """What to write for a key without a value; `000` is what YAML makes of the end of `{quantity: 10,000}`."""
    if key.isdecimal():
        return 'inside { } a comma separates: write a number with commas in quotes, "10,000"'
    return "write one, or leave the key out"


def not_one_value(value: object, key: str = "") -> Problem:
    """The problem of a decoded value that is no text: None, an empty text, a list, or a mapping."""
    named = f"`{key}`" if key else "the key"
    if value is None or value == "":
        return Problem(codes.NO_VALUE, f"{named} has no value", no_value_help(key))
    shape = "a list" if isinstance(value, list) else "a mapping"
    return Problem(codes.WRONG_SHAPE, f"{named} holds {shape} where one value should stand", "write a single value")


def instead(key: str, guess: str) -> str:
    """A remedy from the guess which of the given words was meant to be `key`."""
    return guess.replace("did you mean", f"write `{key}` where it says").rstrip("?")
