"""What is kept of compiled templates is used for what it was made of, and for nothing else."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from ratewright.explain.wording import compiled_templates
from ratewright.explain.wording.compiled_templates import CompiledTemplates

Told = Callable[..., tuple[str, bool]]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What a template says, and whether it was compiled for that, with `tmp_path` as the place of templates."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    def say(
        text: str, environment: str = "words.en", settings: str = "plain", name: str = "line.txt"
    ) -> tuple[str, bool]:
        cache = CompiledTemplates(tmp_path / "__pycache__", environment, settings)
        made = Environment(loader=DictLoader({name: text}), bytecode_cache=cache)
        compiled = []
        compile_ = made.compile
        monkeypatch.setattr(made, "compile", lambda *a, **k: compiled.append(1) or compile_(*a, **k))
        return made.get_template(name).render(), bool(compiled)

    return say


def files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_the_same_text_is_compiled_once(told: Told, tmp_path: Path) -> None:
    assert told("{{ 1 + 1 }} lines") == ("2 lines", True)
    assert told("{{ 1 + 1 }} lines") == ("2 lines", False)
    assert [p.name for p in files(tmp_path)] == [f"words.en.line.txt.{sys.implementation.cache_tag}.jinja"]


def test_another_text_takes_its_place(told: Told, tmp_path: Path) -> None:
    told("one")
    assert told("two") == ("two", True)
    assert told("two") == ("two", False)
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("other", [{"environment": "words.de"}, {"settings": "trimmed"}, {"name": "lot.txt"}])
def test_another_language_setting_or_name_is_compiled_anew(told: Told, other: dict[str, str]) -> None:
    told("one")
    assert told("one", **other) == ("one", True)


def test_another_version_of_jinja_is_compiled_anew(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    told("one")
    monkeypatch.setattr(compiled_templates.jinja2, "__version__", "99")
    assert told("one") == ("one", True)


@pytest.mark.parametrize("left", [b"", b"nonsense", None])
def test_what_is_broken_is_made_anew(told: Told, tmp_path: Path, left: bytes | None) -> None:
    """An empty file, one of something else, one whose end is missing."""
    told("one")
    (file,) = files(tmp_path)
    file.write_bytes(file.read_bytes()[:-20] if left is None else left)
    assert told("one") == ("one", True)
    assert told("one") == ("one", False)


def test_nothing_is_kept_where_nothing_may_be_written(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__pycache__").write_text("a file, where the folder should be")
    assert told("one") == ("one", True)
    assert told("one") == ("one", True)
    assert files(tmp_path) == [tmp_path / "__pycache__"]
    (tmp_path / "__pycache__").unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert told("one") == ("one", True)
    assert files(tmp_path) == []


def test_a_file_that_cannot_be_finished_leaves_none(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert told("one") == ("one", True)
    assert files(tmp_path) == []
