"""Where output goes: standard output as UTF-8, or a file that is replaced whole or not at all."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ratewright.cli import codes
from ratewright.cli.endings import DISK
from ratewright.cli.settings import is_terminal, stdout
from ratewright.diagnostics import Diagnostic, RatewrightError
from ratewright.reading import FilesRead


def use_utf8() -> None:
    """Make the streams speak UTF-8 whatever the locale says; what cannot be encoded is escaped."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def require_place(target: Path | None, inputs: Iterable[str]) -> None:
    """Refuse a place where the output cannot go, before any work is done. Raises RatewrightError."""
    if target is None:
        return
    if target.is_dir():
        raise _refused(codes.NOT_WRITABLE, target, f"`{target}` is a folder", "name a file in it")
    folder = target.parent
    if not folder.is_dir():
        raise _refused(
            codes.NOT_WRITABLE, target, f"there is no folder `{folder}` to write into", "make the folder first"
        )
    for name in inputs:
        if name != "-" and target.is_file() and Path(name).is_file() and target.samefile(name):
            raise _over(target, name)


def require_no_terminal(target: Path | None) -> None:
    """Refuse to print bytes that are no text to a terminal. Raises UsageError."""
    import click

    if target is None and is_terminal(stdout()):
        raise click.UsageError("a PDF is nothing for a terminal: write it to a file with -o FILE, or into a pipe")


def deliver(
    text: str | bytes,
    target: Path | None = None,
    *,
    files: FilesRead | None = None,
    help: str = "choose another place with -o",
) -> None:
    """Write the whole output; never over one of `files`, which the run has read.

    Raises RatewrightError, with `help`, where the place is not writable, and OSError for the disk.
    """
    data = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    if target is None:
        _to_stdout(text)
        return
    if files is not None and (name := files.over(target)) is not None:
        raise _over(target, name)
    try:
        path = Path(os.path.realpath(target))  # through a link, so that the link stays
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            with path.open("wb") as stream:  # a device or a pipe: nothing to replace
                stream.write(data)
        else:
            _replace(path, data)
    except OSError as error:
        if error.errno in DISK:
            error.filename, error.filename2 = str(target), None
            raise
        reason = (error.strerror or type(error).__name__).lower()
        raise _refused(codes.NOT_WRITABLE, target, f"cannot write `{target}`: {reason}", help) from error


def _to_stdout(text: str | bytes) -> None:
    stream = stdout()
    if stream is None:
        raise RatewrightError([Diagnostic(codes.NOT_WRITABLE, "standard output is closed", help="name a file with -o")])
    if isinstance(text, str):
        stream.write(text)
    else:
        stream.flush()
        stream.buffer.write(text)
    stream.flush()


def _replace(path: Path, data: bytes) -> None:
    import tempfile

    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode_for(path))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode_for(path: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _over(target: Path, name: str) -> RatewrightError:
    message = f"the output would replace `{name}`, which the command reads"
    return _refused(codes.OVER_INPUT, target, message, "name another file after -o")


def _refused(code: str, target: Path, message: str, help: str) -> RatewrightError:
    return RatewrightError([Diagnostic(code, message, help=help, file=str(target))])


_BEYOND_ASCII = re.compile(r"[^\x00-\x7e]")


def json_text(data: Any) -> str:
    """JSON for people and machines: readable characters as they are, hidden ones escaped."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return _BEYOND_ASCII.sub(_seen, text) + "\n"


def _seen(match: re.Match[str]) -> str:
    character = match.group()
    return character if character.isprintable() else json.dumps(character)[1:-1]


def json_array(texts: list[str]) -> str:
    """One JSON text as it is; several as an array."""
    if len(texts) == 1:
        return texts[0]
    return "[\n" + ",\n".join("  " + text.rstrip("\n").replace("\n", "\n  ") for text in texts) + "\n]\n"
