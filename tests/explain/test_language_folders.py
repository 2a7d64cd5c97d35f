"""Languages as folders of words: each complete, and its macros called as those of English are."""

from __future__ import annotations

from pathlib import Path

import pytest

from ratewright.explain.bill_document import assemble
from ratewright.explain.wording.cldr_writing import CldrWriting
from ratewright.explain.wording.languages import languages
from ratewright.explain.wording.word_templates import LANGUAGES
from ratewright.values.writing import written_as
from tests.explain.bills import plain
from tests.explain.missing_words import WORDS, left_over, macros, missing_words

OTHERS = [name for name in languages() if name != "en"]


def test_there_are_german_and_chinese() -> None:
    assert {"de", "zh-Hans"} <= set(OTHERS)


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_missing(language: str) -> None:
    assert missing_words(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_takes_the_place_of_nothing(language: str) -> None:
    assert left_over(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_macros_are_called_with_the_same_names(language: str) -> None:
    """What a macro is given has the same order as in English; more may follow that English does not need."""
    for path in sorted((LANGUAGES / language).iterdir()):
        english = macros(WORDS / path.name)
        for name, macro in macros(path).items():
            if name in english:
                given, own = ([each.name for each in m.args] for m in (english[name], macro))
                assert own[: len(given)] == given, f"{path.name}: {name}"
                assert len(macro.defaults) >= len(own) - len(given), f"{path.name}: {name}"


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xx").mkdir()
    monkeypatch.setattr("tests.explain.missing_words.LANGUAGES", tmp_path)
    whole = missing_words("xx")
    assert {"lot.txt: row", "foot.txt: due", "layout.txt: item", "listing.txt: all"} <= set(whole)
    assert "rate.txt: row" not in whole  # figures only
    (tmp_path / "xx" / "foot.txt").write_text("{% macro due(say) -%}x{%- endmacro %}", encoding="utf-8")
    assert set(whole) - set(missing_words("xx")) == {"foot.txt: due"}


def test_a_word_that_is_missing_is_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "foot.txt").write_text("{% macro total() -%}totaal{%- endmacro %}", encoding="utf-8")
    monkeypatch.setattr("ratewright.explain.wording.word_templates.LANGUAGES", tmp_path)
    with written_as(CldrWriting("nl")):
        document = assemble(plain(), "normal")
    assert document.sums[-1].label == "totaal"
    assert document.title == "Bill for acme, maart 2026"
