"""What the tests of usage share: writing a fixture into a folder and reading it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from ratewright.diagnostics import Diagnostic
from ratewright.usage import Usage, read

Reader = Callable[..., tuple[Usage | None, list[Diagnostic]]]


@pytest.fixture
def reading(tmp_path: Path) -> Reader:
    """Reads a fixture given as text; further files are given by name."""

    def read_text(text: str | bytes, name: str = "acme.yaml", files: dict[str, str | bytes] | None = None):
        for file, content in {name: text, **(files or {})}.items():
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else dedent(content).encode())
        return read(tmp_path / name)

    return read_text
