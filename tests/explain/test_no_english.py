"""No sentence of an explanation in another language is English: not of small bills, nor of whole accounts and lists."""

from __future__ import annotations

import pytest

from ratewright.comparison.compare import compare
from ratewright.explain.render import render
from tests.comparison.sides import calls, side
from tests.comparison.test_inputs import PACKS
from tests.explain.bills import LISTS, all_bills, of_example, read_list
from tests.explain.english_left import english_left
from tests.explain.one_bill import AT, one
from tests.explain.test_as_the_customer import use
from tests.explain.whole_accounts import NAMES, account_bills

OTHERS = ("de", "zh-Hans")


@pytest.mark.parametrize("name", all_bills())
@pytest.mark.parametrize("language", OTHERS)
def test_of_small_bills(language: str, name: str) -> None:
    assert english_left(all_bills()[name], language, "full") == []


@pytest.mark.parametrize("name", NAMES)
def test_of_whole_accounts(name: str) -> None:
    assert english_left(account_bills(name)[0], "de", "full") == []


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_of_a_list(path) -> None:
    for own in read_list(path).by_currency:
        billed = next((bills for example in own.examples if (bills := of_example(example, own))), [])
        assert [text for bill in billed[-1:] for text in english_left(bill, "de", "full")] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "keine Rechnung erstellen: eine Anfrage zu etwas, das nicht gekauft war (A206)"),
        ("zh-Hans", "其间无法生成账单：请求涉及未购买之物（A206）"),
    ],
)
def test_why_inputs_of_a_comparison_were_exchanged_together(language: str, words: str) -> None:
    account = (
        "purchases:\n  - {id: p1, package: pack, size: 10 calls, at: 2026-02-10}\n"
        "refunds:\n  - {purchase: p1, at: 2026-03-10}\n" + calls("2026-03 0")
    )
    compared = compare(side(PACKS, account, "2026-02"), side(PACKS, account, "2026-03"), "shapley")
    assert words in render(compared, "text", "full", width=400, language=language)
    assert "p1" in render(compared, "text", "full", width=400)


LOTS = """setting plan one of free, pro = free
meter m { field home one of inland, abroad; field zone_of in GB; measure sum(quantity) in calls }
package pack { covers m; scope home, zone_of; sizes { 10 calls 5 USD } }
charge fee { on m; every month; rate 1 USD/call }
deduct m from pack > fee"""


def test_what_a_lot_pays_for_only_is_a_text_or_a_figure() -> None:
    of = "with: {home: abroad, zone_of: 1500 GB}, at: 2026-03-01T00:00:00Z"
    bought = f"purchases: [{{id: a, package: pack, size: 10, {of}}}]\n"
    bill = one(LOTS, use("m", AT, "3", home="abroad", zone_of='"1,500 GB"'), bought)
    assert "für abroad, 1.500 GB, gekauft" in render(bill, "text", "full", width=400, language="de")


def test_an_english_sentence_is_found() -> None:
    bill = all_bills()["plain"]
    assert english_left(bill, "en", "normal")


LINE = "setting plan one of free, pro = free\ntable each by plan in USD/call { pro 1 }\nmeter m in calls\n"


@pytest.mark.parametrize(
    ("statement", "german"),
    [
        ("define share = 1 call / (quantity - 3 calls)", "die Formel hat hier keinen Wert, wegen „quantity - 3 calls“"),
        ("define share = each[plan] * 1 call", "die Tabelle hat keine Zeile für „each[plan]“"),
    ],
)
def test_why_a_sentence_is_not_told(statement: str, german: str) -> None:
    rules = f'{LINE}charge fee {{ on m; every month; rate 1 USD/call; {statement}; say "{{share}}" }}'
    bill = one(rules, use("m", AT, "3"))
    assert f"der eigene Satz wird nicht gesagt: {german}" in " ".join(
        render(bill, "text", "full", width=400, language="de").split()
    )
    for language in OTHERS:
        assert english_left(bill, language, "full") == []
