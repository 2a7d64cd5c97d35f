"""Reading what a command is given: paths, folders, standard input."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ratewright.checks.run import decode_rules
from ratewright.cli import codes
from ratewright.diagnostics import Diagnostic, RatewrightError, Source, errors_in
from ratewright.limits import Limits
from ratewright.reading import FilesRead, read_regular

if TYPE_CHECKING:
    from ratewright.contracts.contract import Contract

STDIN = "-"
RULE_FILES = (".tariff",)
CONTRACTS = (".contract",)
FIXTURES = (".yaml", ".yml", ".json")


def stdin_bytes(most: int, files: FilesRead | None = None) -> bytes:
    """What comes on standard input, one byte more than `most` at most."""
    if sys.stdin is None:
        raise RatewrightError([Diagnostic(codes.NOT_READABLE, "standard input is closed", help="name a file")])
    if files is not None:
        with suppress(OSError, ValueError):  # no file of the system
            files.note_status(os.fstat(sys.stdin.fileno()), "standard input")
    data = sys.stdin.buffer.read(most + 1)
    if files is not None:
        files.note_content("standard input", data)
    return data


def file_bytes(path: str, most: int, files: FilesRead | None = None) -> bytes:
    """What a regular file holds, one byte more than `most` at most. Raises RatewrightError."""
    try:
        return read_regular(path, most, files)
    except (OSError, ValueError) as error:
        raise RatewrightError([_unreadable(path, error)]) from error


def rules_text(path: str, limits: Limits, files: FilesRead | None = None) -> tuple[Source | None, list[Diagnostic]]:
    """The text of a rule file or of standard input. Raises RatewrightError where nothing can be read."""
    if path == STDIN:
        return decode_rules(stdin_bytes(limits.rule_file_bytes, files), "<stdin>", limits)
    return decode_rules(file_bytes(path, limits.rule_file_bytes, files), path, limits)


def contracts_in(
    paths: Sequence[str], limits: Limits, files: FilesRead | None = None
) -> tuple[list[Contract], list[Diagnostic]]:
    """The contracts in files, and what is wrong with them."""
    from ratewright.contracts.contract import contract_of

    found: list[Contract] = []
    problems: list[Diagnostic] = []
    for path in paths:
        try:
            source, errors = rules_text(path, limits, files)
        except RatewrightError as error:
            problems += error.diagnostics
            continue
        contract, more = contract_of(source, limits) if source is not None else (None, [])
        problems += errors_in([*errors, *more])
        if contract is not None:
            found.append(contract)
    return found, problems


def one_stdin(paths: Iterable[str]) -> None:
    """Refuse `-` where it stands twice. Raises UsageError."""
    if sum(path == STDIN for path in paths) > 1:
        raise click.UsageError("standard input can be read once: only one of the files may be `-`")


def rule_files(paths: Sequence[str], command: str) -> list[str]:
    """The rule files that paths name or that lie in folders, for a command that reads no others.

    Raises RatewrightError where there is none, and where a path is of another kind.
    """
    found = files_in(paths, RULE_FILES)
    problems = [
        Diagnostic(
            codes.OTHER_KIND,
            f"`{path}` is no rule file",
            help=f"`{command}` reads *.tariff; `ratewright test` reads fixtures",
            file=path,
        )
        for path, _ in found
        if path.lower().endswith((*FIXTURES, ".csv", ".jsonl"))  # a contract is told by what it says
    ]
    if not found:
        where = ", ".join(f"`{path}`" for path in paths)
        problems = [Diagnostic(codes.NOTHING_THERE, f"there is no rule file (*.tariff) in {where}")]
    if problems:
        raise RatewrightError(problems)
    return [path for path, _ in found]


def files_in(paths: Iterable[str], endings: Collection[str]) -> list[tuple[str, bool]]:
    """The files with these endings, in folders at any depth; and whether each was named itself.

    Each file comes once. Folders whose names begin with a dot are left out. Raises RatewrightError with
    every path that is not there.
    """
    found: dict[str, tuple[str, bool]] = {}
    problems: list[Diagnostic] = []
    for path in paths:
        if path == STDIN:
            found.setdefault(STDIN, (STDIN, True))
            continue
        try:
            folder = stat.S_ISDIR(Path(path).stat().st_mode)
            listed = [(name, False) for name in _below(path, endings)] if folder else [(path, True)]
        except (OSError, ValueError) as error:
            problems.append(_unreadable(path, error))
            continue
        for name, named in listed:
            key = os.path.realpath(name)
            if key not in found or named:
                found[key] = (found[key][0] if key in found else name, named)
    if problems:
        raise RatewrightError(problems)
    return list(found.values())


def _below(folder: str, endings: Collection[str]) -> Iterator[str]:
    def stop(error: OSError) -> None:
        raise error

    for place, folders, files in os.walk(folder, onerror=stop):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(place, name)  # noqa: PTH118 - Path would drop the `./` that a user wrote
            if os.path.splitext(name)[1].lower() in endings and Path(path).is_file():  # noqa: PTH122
                yield path.removeprefix("./")


def _unreadable(path: str, error: Exception) -> Diagnostic:
    reason = getattr(error, "strerror", None) or str(error)
    return Diagnostic(codes.NOT_READABLE, f"cannot read `{path}`: {reason.lower()}", help="check the path", file=path)
