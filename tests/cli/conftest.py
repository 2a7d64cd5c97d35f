"""What the tests of the command line share: running it in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ratewright.cli.root import root

Run = Callable[..., Result]
Shell = Callable[..., "subprocess.CompletedProcess[bytes]"]

STARTER = Path(__file__).parents[2] / "engine" / "ratewright" / "cli" / "starter"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process; its words are given one by one."""
    for name in ("NO_COLOR", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*words: object, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(root, [str(word) for word in words], input=stdin)

    return invoke


@pytest.fixture
def shell() -> Shell:
    """Runs a command as users do, in a process of its own."""

    def start(*words: object, **more: object) -> subprocess.CompletedProcess[bytes]:
        env = {**os.environ, **more.pop("env", {})}
        more.setdefault("stdin", subprocess.DEVNULL)
        if "stdout" not in more:
            more["stdout"] = subprocess.PIPE
        command = [sys.executable, "-m", "ratewright", *map(str, words)]
        return subprocess.run(command, env=env, stderr=subprocess.PIPE, check=False, timeout=60, **more)

    return start


@pytest.fixture
def prices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a price list `prices.tariff` and the usage `acme.yaml` of one month."""
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "prices.tariff").write_bytes((STARTER / "photo_api.tariff").read_bytes())
    (folder / "acme.yaml").write_bytes((STARTER / "acme.yaml").read_bytes())
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def two_accounts(prices: Path) -> Path:
    """A usage file of the accounts `one` (March) and `two` (March and April)."""
    record = "{{meter: improved_photos, in: 2026-{month}, quantity: {quantity}}}"
    path = prices / "two.yaml"
    path.write_text(
        "account: one\nactivated: 2026-03-01T00:00:00Z\nusage:\n"
        f"  - {record.format(month='03', quantity=600)}\n---\n"
        "account: two\nactivated: 2026-03-01T00:00:00Z\nusage:\n"
        f"  - {record.format(month='03', quantity=700)}\n  - {record.format(month='04', quantity=50)}\n"
    )
    return path


def change(path: Path, old: str, new: str) -> None:
    """Replace one text of a file by another."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
