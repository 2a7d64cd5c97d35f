"""Nothing is cut off: neither in windows of any width nor on paper, as a real browser lays the page out."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from ratewright.explain.bill_document import assemble
from ratewright.explain.render import render
from tests.explain.bills import all_bills, both, case
from tests.explain.browser import CHROMIUM, PDF_TO_TEXT, printed, sheets, standing_out
from tests.explain.test_formats import rows_of
from tests.explain.test_summary import cloud, credited
from tests.explain.whole_accounts import NAMES, account

AMOUNT = re.compile(r"(?<= )-?\d[\d,]*\.\d\d\d*…? [A-Z]{3}$", re.MULTILINE)
"""At the end of a line: the amount of a row."""

WIDTHS = {"full": 360, "normal": 912, "short": 1280}
"""In pixels: of a phone, the least at which tables keep all their columns side by side, and of a desktop."""
STATEMENTS = {"both": both(), "months": cloud(), "credited": credited(), **{name: account(name) for name in NAMES}}
TOLD = {**all_bills(), **STATEMENTS}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")


@pytest.mark.parametrize("detail", WIDTHS)
@pytest.mark.parametrize("name", TOLD)
def test_nothing_stands_out_of_its_box(detail: str, name: str) -> None:
    page = render(TOLD[name], "html", detail).replace("<details>", "<details open>")
    assert standing_out({name: page}, [WIDTHS[detail]]) == []


def test_what_stands_out_is_noticed() -> None:
    page = render(case("wide"), "html")
    fixed = page.replace("</style>", "table { table-layout: fixed } thead th:last-child { width: 16% }</style>")
    found = standing_out({"fixed": fixed, "wide": page}, [1280])
    assert ["fixed at 1280", "text stands out of its TD", "17,636,684.142857… USD"] in found
    assert {where for where, _, _ in found} == {"fixed at 1280"}


@pytest.mark.skipif(PDF_TO_TEXT is None, reason="needs pdftotext: apt-get install poppler-utils")
@pytest.mark.parametrize("name", ["wide", "both", "discounts_and_taxes", *NAMES])
def test_paper_holds_every_amount_whole(name: str, tmp_path: Path) -> None:
    words = printed(render(TOLD[name], "html"), tmp_path)
    told = Counter(map(" ".join, pairwise(words)))
    amounts = Counter(AMOUNT.findall(render(TOLD[name], "text", width=100_000)))
    assert amounts
    assert not amounts.keys() - told.keys()


@pytest.mark.skipif(PDF_TO_TEXT is None, reason="needs pdftotext: apt-get install poppler-utils")
def test_printed_pages_have_numbers_and_say_whose_bill_they_are(tmp_path: Path) -> None:
    text = " ".join(printed(render(both(), "html"), tmp_path))
    count = len(re.findall(r"page \d+ of \d+", text))
    assert count > 2
    assert [f"page {n} of {count}" in text for n in range(1, count + 1)] == [True] * count
    titles = [render_title(both()), *(bill.title for bill in assemble(both(), "normal").documents)]
    told = [text.count(title) for title in titles]
    assert told[0] > 1  # in its heading, and above the sheets of the first bill
    assert told[2] > 1
    assert sum(told) >= count + len(titles)


@pytest.mark.skipif(PDF_TO_TEXT is None, reason="needs pdftotext: apt-get install poppler-utils")
@pytest.mark.parametrize("name", ["a year of a cloud", "nine countries a day", "calls of three months"])
def test_no_heading_and_no_head_of_a_table_stands_alone_at_the_foot_of_a_sheet(name: str, tmp_path: Path) -> None:
    told = assemble(account(name), "normal")
    bills = getattr(told, "documents", (told,))
    sections = [section for part in (told, *bills) for section in (*part.summary, *getattr(part, "sections", ()))]
    heads = {" ".join(table.heads) for section in sections for table in section.tables}
    alone = heads | {section.title for section in sections} | {"Item Quantity How Amount", "Item How Amount"}
    found = sheets(render(account(name), "html"), tmp_path)
    assert len(found) < 34
    lasts = [[line for line in sheet if not line.startswith("page ")][-1] for sheet in found]
    assert [last for last in lasts if last in alone or last.endswith(" used")] == []


def render_title(result) -> str:
    return assemble(result, "normal").title


@pytest.mark.skipif(PDF_TO_TEXT is None, reason="needs pdftotext: apt-get install poppler-utils")
def test_paper_holds_what_is_folded_away_on_screen(tmp_path: Path) -> None:
    page = render(case("own_sentences"), "html")
    assert "<details>" in page and "<details open" not in page
    words = " ".join(printed(page, tmp_path))
    notes = [note for row in rows_of(json.loads(render(case("own_sentences"), "json"))) for note in row["notes"]]
    assert {note["kind"] for note in notes} == {"said", "why"}
    assert [note["text"] for note in notes if note["text"] not in words] == []
