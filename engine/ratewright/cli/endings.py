"""How a run ends: the exit codes, and what is said where it does not end well.

Nothing is written before a command has all of its output, so that every message here may say so.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import click

from ratewright.cli.settings import Settings
from ratewright.diagnostics import AnsiPainter, Diagnostic, Painter, RatewrightError, draw, visible
from ratewright.resources import ResourceError

FINE = 0
FINDINGS = 1
"""An error-level diagnostic from `check`, an example that failed."""
BAD_INPUT = 2
"""Bad input or a bad command line; nothing was done."""
INTERNAL = 3
RESOURCES = 4
"""Memory or disk."""
INTERRUPTED = 130
BROKEN_PIPE = 141
"""The reader of the output left: what a shell shows for a program that SIGPIPE ends."""

DISK = frozenset(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO", "ENOMEM") if hasattr(errno, name)
)


class ReaderLeftError(Exception):
    """Whoever read the output has left."""


def end(error: BaseException, settings: Settings) -> int:
    """Say on standard error why a run did not end well; the exit code for it."""
    match error:
        case click.ClickException():
            error.show()
            return error.exit_code
        case RatewrightError():
            say_diagnostics(error.diagnostics, settings)
            return BAD_INPUT
        case click.Abort() | KeyboardInterrupt():
            _say("interrupted; nothing was written")
            return INTERRUPTED
        case ReaderLeftError():
            silence_stdout()
            return BROKEN_PIPE
        case MemoryError():
            _say("out of memory; nothing was written")
            return RESOURCES
        case ResourceError():
            _say(f"{error}; {error.help}")
            return INTERNAL
        case OSError() if error.errno in DISK:
            silence_stdout()
            _say(_disk(error))
            return RESOURCES
        case _:
            _say(_internal(error))
            if settings.debug:
                import traceback

                _say("".join(traceback.format_exception(error)).rstrip())
            return INTERNAL


def say_diagnostics(diagnostics: tuple[Diagnostic, ...] | list[Diagnostic], settings: Settings) -> None:
    """Draw diagnostics on standard error."""
    _say("\n\n".join(drawn(diagnostics, settings, settings.colors(sys.stderr))))


def drawn(diagnostics: tuple[Diagnostic, ...] | list[Diagnostic], settings: Settings, color: bool) -> list[str]:
    """The first diagnostics as text, and a line about those beyond the limit."""
    painter = AnsiPainter() if color else Painter()
    shown = settings.limits.diagnostics
    blocks = [draw(d, painter) for d in diagnostics[:shown]]
    if len(diagnostics) > shown:
        blocks.append(f"… and {len(diagnostics) - shown:,} more; --max-diagnostics shows more of them")
    return blocks


def silence_stdout() -> None:
    """Let Python's own flush at the end of the program find nothing to complain about."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    if not text or sys.stderr is None:
        return
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def _disk(error: OSError) -> str:
    reason = (error.strerror or type(error).__name__).lower()
    if not error.filename:
        return f"{reason}; the output is not complete"
    return f"cannot write `{visible(str(error.filename))}`: {reason}; a file that was there is as it was"


def _internal(error: BaseException) -> str:
    place = _place(error.__traceback__)
    return (
        f"internal error: ratewright met a case that it does not handle ({type(error).__name__}{place}); "
        "nothing was written.\n"
        "Please report it with the line above, the command, and `ratewright --version`; "
        "with --debug the command shows where it happened."
    )


def _place(traceback: TracebackType | None) -> str:
    """The innermost line of this package that was running."""
    package = Path(__file__).resolve().parents[1]
    found = ""
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        if path.is_relative_to(package):
            found = f" in {path.relative_to(package).as_posix()}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found
