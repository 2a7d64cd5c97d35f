"""What is no regular file is refused at once: nothing waits for a pipe that nobody writes to."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ratewright
from ratewright.diagnostics import RatewrightError
from ratewright.reading import read_regular

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices as on Unix")


@pytest.fixture
def pipes(prices: Path) -> Path:
    os.mkfifo(prices / "pipe.tariff")
    os.mkfifo(prices / "pipe.yaml")
    os.mkfifo(prices / "pipe.md")
    return prices


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "pipe.tariff"), "cannot read `pipe.tariff`: it is a pipe or a device"),
        (("format", "pipe.tariff"), "cannot read `pipe.tariff`: it is a pipe or a device"),
        (("test", "pipe.tariff"), "cannot read `pipe.tariff`: it is a pipe or a device"),
        (("test", "pipe.yaml"), "cannot read `pipe.yaml`: it is a pipe or a device"),
        (("bill", "pipe.tariff", "acme.yaml"), "cannot read `pipe.tariff`: it is a pipe or a device"),
        (("bill", "prices.tariff", "pipe.yaml"), "`pipe.yaml` cannot be read: it is a pipe or a device"),
        (("bill", "/dev/zero", "acme.yaml"), "cannot read `/dev/zero`: it is a pipe or a device"),
        (
            ("explain", "prices.tariff", "acme.yaml", "--template", "pipe.md"),
            "the template `pipe.md` is no regular file",
        ),
    ],
)
def test_pipes_and_devices(shell, pipes, words, said) -> None:
    done = shell(*words, cwd=pipes)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()


def test_a_folder_in_the_place_of_a_file(run, pipes) -> None:
    (pipes / "x.yaml").mkdir()
    done = run("bill", "prices.tariff", "x.yaml")
    assert done.exit_code == 2
    assert "`x.yaml` cannot be read: is a directory" in done.stderr


@pytest.mark.parametrize(("read", "name"), [(ratewright.load, "pipe.tariff"), (ratewright.read_usage, "pipe.yaml")])
def test_from_python(pipes, read, name) -> None:
    with pytest.raises(RatewrightError, match="it is a pipe or a device"):
        read(name)
    with pytest.raises(RatewrightError, match="cannot"):
        read(f"nowhere/{name}")


@pytest.fixture
def listening(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s")
        yield Path("s")


def test_a_socket(listening) -> None:
    with pytest.raises(OSError, match=r"no regular file|No such device"):
        read_regular(listening, 10)


def test_one_byte_more_than_the_most_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"0123456789")
    assert read_regular(tmp_path / "f", 8) == b"012345678"
    assert read_regular(tmp_path / "f", 9) == read_regular(tmp_path / "f", 10) == b"0123456789"
