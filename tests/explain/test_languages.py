"""Explanations in other languages: complete, true, with the figures of the English ones, and as CLDR writes them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import given
from syrupy.assertion import SnapshotAssertion

import ratewright
from ratewright.diagnostics import RatewrightError
from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Document
from ratewright.explain.render import DETAILS, render
from ratewright.explain.text.text_columns import width_of, wrapped
from ratewright.explain.wording import language_codes, languages
from ratewright.explain.wording.languages import told_in
from ratewright.explain.wording.word_templates import LANGUAGES, layout_words
from ratewright.rating.bill import Bill
from tests.comparison.test_forms import APRIL, MARCH, hosting
from tests.explain.back_to_english import DAYS, in_english
from tests.explain.bills import all_bills, both, busy, case, contract, late, plain
from tests.explain.equations import equations
from tests.explain.missing_words import WORDS, macros, words_in
from tests.explain.test_snapshots import ONE_FILE, pinned
from tests.explain.test_truth import said
from tests.explain.whole_accounts import account
from tests.rating.accounts import bills
from tests.rating.random_tariffs import FIRST, LAST, cases
from tests.tries import tries

OTHERS = [name for name in languages.languages() if name != "en"]
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
ENGLISH_DAY = re.compile(
    r"\b\d{4}-\d\d-\d\d\b(?: \d\d:\d\d(?::\d\d)?)?|\b(?:\d{1,2} )?(?:January|February|March|April|May|June|July|"
    r"August|September|October|November|December) \d{4}\b"
)
QUOTED_ELSEWHERE = re.compile(
    r"\.contract:\d+|^a lot has its whole size again|^each cycle has what it is filled with"
    r"|^its own sentence is not told"
)
"""Where English has words of the rule file without quotation marks, or messages of the engine, which others quote or
say in words of their own."""
MONTH = {"de": re.compile(r"(?:\b\d{1,2}\. )?\b[A-ZÄ][a-zä]+ \d{4}\b")}


def in_full(bill: Bill, language: str) -> Document:
    with told_in(language):
        document = assemble(bill, "full")
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize("language", OTHERS)
def test_heads_of_tables_are_those_of_the_language_whatever_was_told_before(language: str) -> None:
    heads = {}
    for each in ("en", language, "en"):
        document = in_full(account("peaks of a day"), each)
        tables = [table for section in document.sections for table in section.tables]
        heads.setdefault(each, []).append([head for table in tables for head in table.heads])
    assert heads["en"][0] == heads["en"][1]
    assert "amount" in heads["en"][0] and "amount" not in heads[language][0]


# ---------------------------------------------------------------- no English


LATIN = re.compile(r"[^\W\d_]+")
FORMULA = {"max", "min", "volume", "graduated", "and", "or", "not", "if", "then", "else", "days", "period", "time"}
"""The words of formulas, into which values are put."""
OWN = {"SHA", "ratewright", "rolled"} | FORMULA  # `-rolled` stands in names of lots


def words_of(text: str) -> set[str]:
    return {word for word in LATIN.findall(text) if word.isascii()}


@cache
def english_words() -> frozenset[str]:
    """The words that only the English templates have."""
    return frozenset(
        word
        for path in WORDS.iterdir()
        for macro in macros(path).values()
        for text in words_in(macro)
        for word in words_of(text)
    )


@cache
def own_words(language: str) -> frozenset[str]:
    return frozenset(
        word
        for path in (LANGUAGES / language).iterdir()
        for macro in macros(path).values()
        for text in words_in(macro)
        for word in words_of(text)
    )


def names_of(bill: Bill) -> set[str]:
    """What the list and the account call their things."""
    sources = (
        [bill.tariff.file.text, *(c.span.source.text for c in bill.tariff.contract.changes)]
        if (bill.tariff.contract)
        else [bill.tariff.file.text]
    )
    given = [bill.account, bill.tariff.timezone, *(name for m in bill.meters for name, _ in m.subaccounts)]
    given += [line.label for line in bill.lines] + [text for pair in bill.fields for text in pair]
    return words_of(" ".join([*sources, *given]).replace("_", " "))


def every_text(bill: Bill, language: str, detail) -> str:
    with told_in(language):
        document = assemble(bill, detail)
        assert isinstance(document, Document)
        parts = [document.title, *document.heading, *(note.text for note in document.notes), *layout_words().values()]
        for section in document.sections:
            parts += [section.title, section.remark, section.used, *(note.text for note in section.notes)]
            for row in section.rows:
                parts += [row.label, row.how, *(note.text for note in row.notes)]
        for row in document.sums:
            parts += [row.label, row.how, *(note.text for note in row.notes)]
    return "\n".join(parts)


@pytest.mark.parametrize("detail", ["short", "full"])
@pytest.mark.parametrize("name", all_bills())
@pytest.mark.parametrize("language", OTHERS)
def test_no_word_is_english(language: str, name: str, detail) -> None:
    bill = all_bills()[name]
    text = re.sub("„[^“]*“|“[^”]*”", "", every_text(bill, language, detail))
    text = re.sub(r"\S+\.(?:tariff|yaml|contract):\d+", "", text)
    strange = words_of(text) - names_of(bill) - OWN - own_words(language)
    assert strange & english_words() == set()
    if language == "zh-Hans":
        assert {word for word in strange if len(word) > 1 and not word.isupper()} <= ID_WORDS


ID_WORDS = {"free", "quota", "rolled", "purchase", "GB", "acme", "eu", "us"}


# ---------------------------------------------------------------- true


@pytest.mark.parametrize("name", all_bills())
@pytest.mark.parametrize("language", OTHERS)
def test_every_equation_holds(language: str, name: str) -> None:
    check_equations(all_bills()[name], language)


def check_equations(bill: Bill, language: str) -> None:
    """The equations in another language hold, and there are as many as in English."""
    found = {
        own: [
            equation
            for text in said(in_full(bill, own))
            for equation in equations(
                text if own == "en" else in_english(text, own), bill.tariff.units, bill.tariff.currency
            )
        ]
        for own in ("en", language)
    }
    for equation in found[language]:
        assert equation.holds, equation
    told = [Counter((e.left, e.right) for e in made) for made in found.values()]
    assert told[0] == told[1]


@pytest.mark.parametrize("name", all_bills())
@pytest.mark.parametrize("language", OTHERS)
def test_the_figures_are_those_of_the_english(language: str, name: str) -> None:
    check_figures(all_bills()[name], language)


def check_figures(bill: Bill, language: str) -> None:
    """Each figure of the English explanation stands in the other one, and no other does."""
    told = [list(said(in_full(bill, own))) for own in ("en", language)]
    pairs = [pair for pair in zip(*told, strict=True) if not QUOTED_ELSEWHERE.search(pair[0])]
    texts = {own: "\n".join(pair[number] for pair in pairs) for number, own in enumerate(("en", language))}
    english = set(NUMBER.findall(ENGLISH_DAY.sub(" ", re.sub("“[^”]*”", "", texts["en"]))))
    other = DAYS[language].sub(" ", texts[language])
    other = MONTH[language].sub(" ", other) if language in MONTH else other
    other = ENGLISH_DAY.sub(" ", other)  # names of lots have dates as English has
    told = {each.rstrip(",") for each in NUMBER.findall(in_english(other, language).replace("2026-01-01", " "))}
    clocks = re.compile(r"\d\d")
    assert {n for n in told ^ {e.rstrip(",") for e in english} if not clocks.fullmatch(n)} == set()


@given(cases())
@tries(12)
def test_what_random_lists_print_is_true_in_each_language(case) -> None:
    for bill in bills(case.rules, case.usage, FIRST, LAST):
        for language in OTHERS:
            check_equations(bill, language)


def test_a_language_leaves_nothing_behind() -> None:
    before = render(plain(), "text", "full")
    german = render(plain(), "text", "full", language="de")
    assert render(plain(), "text", "full") == before
    assert render(plain(), "text", "full", language="de") == german != before


def test_figures_for_machines_are_the_same_in_each_language() -> None:
    for name, bill in all_bills().items():
        told = {own: json.loads(render(bill, "json", "full", language=own)) for own in ("en", *OTHERS)}
        for own, data in told.items():
            assert data["language"] == own
            assert list(machine(data)) == list(machine(told["en"])), name


def machine(data: object) -> Iterator[object]:
    """What is no text for readers."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name == "figures" or name in ("value", "exact", "currency", "unit", "kind", "name", "start", "end"):
                yield value
            else:
                yield from machine(value)
    elif isinstance(data, list):
        for value in data:
            yield from machine(value)


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize("width", [40])
@pytest.mark.parametrize("name", all_bills())
@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_wider_than_the_page(language: str, name: str, width: int) -> None:
    for detail in DETAILS:
        english = render(all_bills()[name], "text", detail, width=width)
        told = render(all_bills()[name], "text", detail, width=width, language=language)
        most = max(width, *map(width_of, english.split("\n")))
        assert [line for line in told.split("\n") if width_of(line) > most] == []


CHINESE = "单价 USD 0.05/pic，因为 120,000 属于阶梯 100,000 ≤ 用量（到达阶梯：全部数量按所达阶梯的单价计费）"


@pytest.mark.parametrize("width", range(10, 60))
def test_chinese_breaks_between_its_characters_but_not_beside_marks(width: int) -> None:
    lines = wrapped(CHINESE, width)
    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    assert all(width_of(line) <= width for line in lines)
    assert not any(line[0] in "，。：）" for line in lines)
    assert not any(line[-1] in "（“" for line in lines)
    assert all(width_of(line) > width - 16 for line in lines[:-1])  # `USD 0.05/pic，` does not break and has 14 columns


def test_a_page_names_its_language() -> None:
    assert '<html lang="de">' in render(plain(), "html", language="de")
    assert '<html lang="zh-Hans">' in render(plain(), "html", language="zh-Hans")
    assert "<time>20.02.2026 10:00</time>" in render(late(), "html", language="de")
    assert "<time>2026年2月20日 10:00</time>" in render(late(), "html", language="zh-Hans")


def test_a_template_that_extends_ours_has_its_words(tmp_path: Path) -> None:
    from ratewright.explain.render import render_with_template

    own = tmp_path / "own.html"
    own.write_text('{% extends "bill.html" %}{% block below %}{{ language }}{% endblock %}', encoding="utf-8")
    page = render_with_template(plain(), own, language="de")
    assert ">Menge</th>" in page
    assert "de</body>" in page.replace("\n", "")


# ---------------------------------------------------------------- asking for one


@pytest.mark.parametrize(
    ("asked", "help"),
    [
        ("zh", "did you mean `zh-Hans`? there are en, de, zh-Hans"),
        ("zh_CN", "did you mean `zh-Hans`? there are en, de, zh-Hans"),
        ("de-AT", "did you mean `de`? there are en, de, zh-Hans"),
        ("DE", "did you mean `de`? there are en, de, zh-Hans"),
        ("klingon", "there are en, de, zh-Hans"),
        ("", "there are en, de, zh-Hans"),
        ("../de", "there are en, de, zh-Hans"),
    ],
)
def test_a_language_that_there_is_not(asked: str, help: str) -> None:
    with pytest.raises(RatewrightError) as refused:
        render(plain(), "text", language=asked)
    (found,) = refused.value.diagnostics
    assert (found.code, found.help) == (language_codes.NO_SUCH_LANGUAGE, help)


def test_without_babel_there_is_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "babel", None)
    monkeypatch.delitem(sys.modules, "ratewright.explain.wording.cldr_writing")
    with pytest.raises(RatewrightError) as refused:
        render(plain(), "text", language="de")
    (found,) = refused.value.diagnostics
    assert found.code == language_codes.NOT_INSTALLED
    assert found.help == "pip install 'ratewright[languages]'"
    assert render(plain(), "text", language="en") == render(plain(), "text")


def test_english_never_loads_babel() -> None:
    code = (
        "import sys, ratewright; from tests.explain.bills import plain; from ratewright.explain.render import render;"
        "render(plain(), 'html', 'full'); render(plain(), 'json'); assert 'babel' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_from_python() -> None:
    root = Path(__file__).parents[2] / "rules"
    tariff = ratewright.load(root / "tencent_hy_image.tariff")
    bill = tariff.bill(ratewright.read_usage(root / "fixtures" / "acme.yaml"), "2026-03")
    assert bill.explain(language="de").startswith("Rechnung für acme, März 2026")


# ---------------------------------------------------------------- read by eye

SHOWN = {
    "plain-html-normal": (plain, "html", "normal"),
    "busy-text-full": (lambda: busy()[1], "text", "full"),
    "discounts_and_taxes-text-full": (partial(case, "discounts_and_taxes"), "text", "full"),
    "contract-markdown-normal": (contract, "markdown", "normal"),
    "hours_and_instants-text-full": (partial(case, "hours_and_instants"), "text", "full"),
    "readings-text-normal": (partial(case, "readings"), "text", "normal"),
    "statement-text-short": (both, "text", "short"),
}


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("language", OTHERS)
def test_explanation(language: str, name: str, snapshot: SnapshotAssertion) -> None:
    make, format, detail = SHOWN[name]
    assert render(pinned(make()), format, detail, language=language) == snapshot(extension_class=ONE_FILE[format])


@pytest.mark.parametrize("months", [MARCH, APRIL], ids=["march", "april"])
@pytest.mark.parametrize("language", OTHERS)
def test_comparison(language: str, months, snapshot: SnapshotAssertion) -> None:
    told = render(hosting(*months), "text", "full", language=language)
    assert told == snapshot(extension_class=ONE_FILE["text"])
