"""What is built holds what users need, under one name."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_editable

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that was built from it, not from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


@pytest.fixture(scope="module")
def in_wheel(wheel: zipfile.ZipFile) -> set[str]:
    return set(wheel.namelist())


def files_below(folder: Path) -> set[str]:
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    return {name for name in found if "__pycache__" not in name}


def test_only_the_package_is_installed(in_wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in in_wheel} == {"ratewright", "ratewright-0.2.0.dist-info"}


def test_the_whole_package_is_inside(in_wheel: set[str]) -> None:
    package = files_below(ROOT / "engine" / "ratewright")
    assert "py.typed" in package
    assert any(name.startswith("explain/templates/") for name in package)
    assert {f"ratewright/{name}" for name in package} <= in_wheel
    assert not [name for name in in_wheel if "__pycache__" in name]  # nor what was compiled of modules and templates


@pytest.mark.parametrize("folder", ["grammar", "rules"])
def test_what_people_edit_at_the_root_is_inside_the_package(in_wheel: set[str], folder: str) -> None:
    expected = {f"ratewright/_bundled/{folder}/{name}" for name in files_below(ROOT / folder)}
    assert expected
    assert {name for name in in_wheel if name.startswith(f"ratewright/_bundled/{folder}/")} == expected


def test_licence_and_command(wheel: zipfile.ZipFile) -> None:
    info = "ratewright-0.2.0.dist-info"
    metadata = wheel.read(f"{info}/METADATA").decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert wheel.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert "ratewright = ratewright.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()


def test_an_installed_package_finds_what_it_carries(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    script = "from ratewright.resources import *; print(grammar_file()); print(rules_dir())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    bundled = (tmp_path / "ratewright" / "_bundled").resolve()
    assert done.stdout.splitlines() == [str(bundled / "grammar" / "ratewright.lark"), str(bundled / "rules")]


def test_the_source_distribution_can_be_tested(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    here = Path(__file__).relative_to(ROOT).as_posix()
    assert {"LICENSE", "README.md", "pyproject.toml", ".ci/run", here} <= names


def test_an_editable_install_copies_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with zipfile.ZipFile(tmp_path / build_editable(str(tmp_path))) as archive:
        files = [name for name in archive.namelist() if ".dist-info/" not in name]
        assert files == ["_ratewright.pth"]
        assert archive.read("_ratewright.pth").decode().strip() == str(ROOT / "engine")
