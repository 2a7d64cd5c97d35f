"""The lowest versions that CI tests are those that the package says it works with."""

from __future__ import annotations

import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / ".ci" / "lowest.py"

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="needs the checkout")


def test_each_dependency_at_its_lower_bound() -> None:
    printed = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=True).stdout.splitlines()
    required = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert len(printed) == len(required)
    for line, requirement in zip(printed, required, strict=True):
        assert requirement.startswith(line.replace("==", ">="))


def test_a_dependency_without_a_lower_bound_is_an_error() -> None:
    lowest = runpy.run_path(str(SCRIPT))["lowest"]
    assert lowest("PyYAML>=6.0.2,<7") == "PyYAML==6.0.2"
    with pytest.raises(ValueError, match="has no lower bound"):
        lowest("click<9")
