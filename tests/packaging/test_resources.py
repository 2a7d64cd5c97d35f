"""The grammar and the price lists are found, or missed with a plain sentence."""

from pathlib import Path

import pytest

from ratewright import resources

ROOT = Path(__file__).parents[2]


def test_a_checkout_has_them_at_its_root() -> None:
    assert resources.grammar_file() == ROOT / "grammar" / "ratewright.lark"
    assert resources.rules_dir() == ROOT / "rules"
    assert list(resources.rules_dir().glob("*.tariff"))


def test_what_the_package_carries_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("_bundled", "checkout"):
        (tmp_path / place / "grammar").mkdir(parents=True)
        (tmp_path / place / "grammar" / "ratewright.lark").touch()
        (tmp_path / place / "rules").mkdir()
    monkeypatch.setattr(resources, "_PLACES", (tmp_path / "_bundled", tmp_path / "checkout"))
    assert resources.grammar_file() == tmp_path / "_bundled" / "grammar" / "ratewright.lark"
    assert resources.rules_dir() == tmp_path / "_bundled" / "rules"


def test_without_a_grammar_both_places_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules").mkdir()  # a folder of that name alone proves nothing
    monkeypatch.setattr(resources, "_PLACES", (tmp_path / "_bundled", tmp_path))
    for find in (resources.grammar_file, resources.rules_dir):
        with pytest.raises(resources.ResourceError, match="is missing") as caught:
            find()
        assert f"`{tmp_path / '_bundled'}` and `{tmp_path}`" in str(caught.value)
        assert "install ratewright again" in caught.value.help


def test_without_price_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "grammar").mkdir()
    (tmp_path / "grammar" / "ratewright.lark").touch()
    monkeypatch.setattr(resources, "_PLACES", (tmp_path,))
    with pytest.raises(resources.ResourceError, match="price lists is missing"):
        resources.rules_dir()
