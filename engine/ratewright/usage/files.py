"""Getting at text: opening a fixture, and the files it refers to without leaving its folder."""

from __future__ import annotations

import re
from pathlib import Path

from ratewright.diagnostics import Source, line_span
from ratewright.limits import MIB, Limits
from ratewright.reading import read_regular
from ratewright.usage import codes
from ratewright.usage.findings import Findings
from ratewright.usage.problem import Problem, require_visible

_LARGE = 1 * MIB
_ABSOLUTE = re.compile(r"[/\\~]|[A-Za-z]:")


class StoredSource(Source):
    """A source whose text is fetched when a message quotes it, so that files can be large, and are streamed."""

    _path: Path

    def __init__(self, name: str, path: Path, text: str | None = None) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "_path", path)
        if text is not None:
            object.__setattr__(self, "text", text)

    def forget(self) -> None:
        """Give back the memory of a large text; it can be fetched again."""
        if len(self.text) > _LARGE:
            for attribute in ("text", "_line_starts"):
                self.__dict__.pop(attribute, None)

    def __getattr__(self, attribute: str) -> str:
        if attribute != "text":
            raise AttributeError(attribute)
        try:
            text = self._path.read_text("utf-8-sig", errors="replace")
        except OSError:
            text = ""
        object.__setattr__(self, "text", text)
        return text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredSource) and (self.name, self._path) == (other.name, other._path)

    def __hash__(self) -> int:
        return hash((self.name, self._path))


def decode(name: str, data: bytes, limits: Limits, findings: Findings) -> Source | None:
    """The bytes of a fixture as a source with plain line ends. None if they are too many or not UTF-8."""
    if len(data) > limits.fixture_bytes:
        findings.add_for_file(codes.TOO_LARGE, _too_large(name, len(data), limits.fixture_bytes), name, _SIZE_HELP)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        source = Source(name, data.decode("utf-8-sig", errors="replace"))
        findings.add_problem(not_utf8(line), line_span(source, line))
        return None
    return Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def open_fixture(path: Path, limits: Limits, findings: Findings) -> Source | None:
    """The text of a fixture. None if it cannot be had, with the reason in `findings`."""
    try:
        if path.is_file() and (size := path.stat().st_size) > limits.fixture_bytes:
            message = _too_large(path.name, size, limits.fixture_bytes)
            findings.add_for_file(codes.TOO_LARGE, message, str(path), _SIZE_HELP)
            return None
        data = read_regular(path, limits.fixture_bytes, findings.files)
    except (OSError, ValueError) as error:
        findings.add_for_file(
            codes.NOT_READABLE, f"`{path}` cannot be read: {reason(error)}", str(path), "check its path"
        )
        return None
    source = decode(str(path), data, limits, findings)
    # What is no regular file, such as a pipe, could not be read again.
    return StoredSource(source.name, path, source.text) if source is not None and path.is_file() else source


def referred(text: str, folder: Path, limits: Limits) -> Path:
    """The real path of a `file:` reference. Raises Problem if it leaves the folder or is no readable file."""
    require_visible(text)
    if _ABSOLUTE.match(text):
        raise Problem(codes.OUTSIDE_FOLDER, f"`{text}` is not relative to the fixture", _FOLDER_HELP)
    if "\\" in text:
        raise Problem(codes.OUTSIDE_FOLDER, f"`{text}` has a backslash", "write `/` between folder and file")
    if ".." in text.split("/"):
        raise Problem(codes.OUTSIDE_FOLDER, f"`{text}` leaves the folder of the fixture", _FOLDER_HELP)
    try:
        path = (folder / text).resolve()
        inside = path.is_relative_to(folder.resolve())
        there = path.is_file()
        size = path.stat().st_size if inside and there else 0
    except (OSError, RuntimeError) as error:
        raise Problem(codes.NOT_READABLE, f"`{text}` cannot be read: {reason(error)}", "check its path") from error
    if not inside:
        raise Problem(codes.OUTSIDE_FOLDER, f"`{text}` is a link that leaves the folder of the fixture", _FOLDER_HELP)
    if not there:
        raise Problem(
            codes.NOT_READABLE,
            f"there is no file `{text}` in the folder of the fixture",
            "paths are relative to the fixture",
        )
    if size > limits.usage_file_bytes:
        raise Problem(codes.TOO_LARGE, _too_large(text, size, limits.usage_file_bytes), _TABLE_SIZE_HELP)
    return path


def not_utf8(line: int) -> Problem:
    """The problem of a line whose bytes are not UTF-8."""
    return Problem(codes.NOT_UTF8, f"line {line} is not UTF-8", "save the file as UTF-8")


def reason(error: Exception) -> str:
    """Why the system refused, in its own words."""
    words = getattr(error, "strerror", None) or str(error)
    return str(words)[:1].lower() + str(words)[1:]


_FOLDER_HELP = "put the file beside the fixture or in a folder below, and write its path from there"
_SIZE_HELP = "split the file, or raise the limit with --max-fixture-bytes"
_TABLE_SIZE_HELP = "split the file, or raise the limit with --max-usage-bytes"


def _too_large(name: str, found: int, limit: int) -> str:
    return f"`{name}` has {found:,} bytes, over the limit of {limit:,}"
