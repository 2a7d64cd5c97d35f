"""Reading the files of others: regular files only, no more bytes than a limit, and each noted.

A run that writes a file asks `FilesRead` first, so that it never writes over something it has read. A pipe or a
device is refused without waiting for it: it may never end.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path


class FilesRead:
    """The files that one run has read, by what they are and not by their names: links do not hide them."""

    def __init__(self) -> None:
        self._names: dict[tuple[int, int], str] = {}
        self._digests: dict[str, str] = {}
        self._streamed: dict[str, Path] = {}

    def note(self, path: str | Path, name: str | None = None) -> None:
        """Take up a file that is or will be read, under the name that its user knows. One that is gone is left out."""
        try:
            self.note_status(Path(path).stat(), str(path) if name is None else name)
        except (OSError, ValueError):
            return

    def note_content(self, name: str, data: bytes) -> None:
        """Take up what was read as a whole."""
        self._digests[name] = hashlib.sha256(data).hexdigest()

    def note_streamed(self, path: Path, name: str) -> None:
        """Take up a file that is read bit by bit; its content is looked at when somebody asks for its digest."""
        self.note(path, name)
        self._digests.setdefault(name, "")
        self._streamed[name] = path

    def digests(self) -> list[tuple[str, str]]:
        """The names of what was read, as users gave them, each with the SHA-256 of its bytes, in order of reading.

        Raises OSError where a file is gone.
        """
        for name, path in self._streamed.items():
            with path.open("rb") as stream:
                self._digests[name] = hashlib.file_digest(stream, "sha256").hexdigest()
        self._streamed.clear()
        return list(self._digests.items())

    def note_status(self, status: os.stat_result, name: str) -> None:
        """Take up an open file."""
        if stat.S_ISREG(status.st_mode):
            self._names.setdefault((status.st_dev, status.st_ino), name)

    def over(self, target: str | Path) -> str | None:
        """The name of the file that would be lost if `target` were written; None if there is none."""
        try:
            status = Path(target).stat()
        except (OSError, ValueError):
            return None
        return self._names.get((status.st_dev, status.st_ino))


_OPENING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def read_regular(path: str | Path, most: int, files: FilesRead | None = None) -> bytes:
    """What a file holds, one byte more than `most` at most. Raises OSError, also for what is no regular file."""
    descriptor = os.open(path, _OPENING)  # a pipe that nobody writes to would otherwise keep it waiting
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device, no regular file", str(path))
        if files is not None:
            files.note_status(status, str(path))
        data = stream.read(most + 1)
    if files is not None:
        files.note_content(str(path), data)
    return data
