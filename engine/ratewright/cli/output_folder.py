"""Many accounts at once: a file for each in a folder, under a name that no other account's file has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ratewright.cli import codes
from ratewright.cli.output import deliver
from ratewright.diagnostics import Diagnostic, RatewrightError
from ratewright.reading import FilesRead

_KEPT = re.compile(r"[^a-z0-9_.-]|^[.-]|\.$")
_LONGEST = 120
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.ASCII)
"""Names of devices, in the eyes of some systems."""


def file_stem(account: str) -> str:
    """A name for an account's file: letters a to z, digits, `-`, `_` and `.` as they are, all else as `%41`.

    Two accounts never share one, not even where capital letters count for nothing. What is long ends in a digest.
    """
    written = _KEPT.sub(lambda found: "".join(f"%{byte:02x}" for byte in found[0].encode()), account)
    if _RESERVED.fullmatch(written):
        written = f"%{ord(written[0]):02x}{written[1:]}"
    if len(written) <= _LONGEST:
        return written
    return f"{written[:_LONGEST]}%{hashlib.sha256(account.encode()).hexdigest()}"


def require_folder(folder: Path | None, output: Path | None) -> None:
    """Refuse a place where no files can go, before any work is done. Raises RatewrightError."""
    import click

    if folder is None:
        return
    if output is not None:
        raise click.UsageError("give either --output or --output-dir")
    if folder.exists() and not folder.is_dir():
        raise _refused(folder, f"`{folder}` is a file", "name a folder")


def deliver_each(
    texts: Iterable[tuple[str, str | bytes]], folder: Path, ending: str, files: FilesRead
) -> Sequence[Path]:
    """Write a file for each account, all or none where a file is in the way that the run has read."""
    targets = [(folder / f"{file_stem(account)}{ending}", text) for account, text in texts]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise _refused(folder, f"cannot make `{folder}`: {reason}", "name another folder") from error
    lost = [(target, name) for target, _ in targets if (name := files.over(target)) is not None]
    if lost:
        raise RatewrightError(
            Diagnostic(
                codes.OVER_INPUT,
                f"`{target}` would replace `{name}`, which the command reads",
                help="name another folder after --output-dir",
                file=str(target),
            )
            for target, name in lost
        )
    for target, text in targets:
        deliver(text, target, files=files, help="choose another folder with --output-dir")
    return [target for target, _ in targets]


def _refused(folder: Path, message: str, help: str) -> RatewrightError:
    return RatewrightError([Diagnostic(codes.NOT_WRITABLE, message, help=help, file=str(folder))])
