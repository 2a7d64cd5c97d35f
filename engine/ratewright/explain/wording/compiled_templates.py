"""The built-in templates, compiled: kept beside them, as Python keeps what it compiled of modules.

Compiling the templates of one bill takes as long as working it out. What is kept is used for the very same text,
version of Jinja, Python and settings, and made anew otherwise. Where nothing may be written, or
`PYTHONDONTWRITEBYTECODE` says so, nothing is kept, and nothing else changes.
"""

from __future__ import annotations

import marshal
import os
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache


class CompiledTemplates(BytecodeCache):
    """What is kept of the templates of one environment, in `folder`; `settings` says how that environment compiles."""

    def __init__(self, folder: Path, environment: str, settings: str) -> None:
        self._folder = folder
        self._environment = environment
        self._settings = settings

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name of the file for the template `name`, without its ending."""
        return f"{self._environment}.{name}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if it was made of this text and in this way."""
        head = self._head(bucket)
        try:
            kept = self._file(bucket).read_bytes()
            if kept.startswith(head):
                bucket.code = marshal.loads(kept[len(head) :])  # as trusted as the modules beside it
        except (OSError, EOFError, ValueError, TypeError):
            pass  # compiled anew, and kept instead

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled. Readers see the file before or the file after, never a part."""
        if sys.dont_write_bytecode:
            return
        file = self._file(bucket)
        unfinished = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            self._folder.mkdir(exist_ok=True)
            try:
                unfinished.write_bytes(self._head(bucket) + marshal.dumps(bucket.code))
                unfinished.replace(file)
            except OSError:
                unfinished.unlink(missing_ok=True)
        except OSError:
            pass  # a folder that is only read

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.jinja"

    def _head(self, bucket: Bucket) -> bytes:
        made_of = [jinja2.__version__, MAGIC_NUMBER.hex(), self._settings, bucket.checksum]
        return "\n".join(["ratewright template", *made_of, ""]).encode()
