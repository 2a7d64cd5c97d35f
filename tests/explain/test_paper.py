"""What stands on paper: every amount whole, sums carried exactly, rows with their heads, the same bytes each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from ratewright.diagnostics import RatewrightError
from ratewright.explain.brand.brand import Brand
from ratewright.explain.pages.paper import carried, sheet_of
from ratewright.explain.render import document_of, render_pdf
from ratewright.rating.bill import Statement
from ratewright.values.exact import summed
from tests.explain.bills import ROOT, all_bills, both, case, plain, rated
from tests.explain.on_paper import needs_paper, pages_of, quarter
from tests.explain.one_bill import one

BILLS = all_bills()
MANY = 'tariff t { currency USD;  timezone "UTC" }' + "".join(
    f'\ncharge fee_{n} "fee n{n}x" {{ every month;  amount {7 * n + 1}.50 USD }}' for n in range(30)
)
AMOUNT = r"-?[\d,]+\.\d+(?:…)? (?:EUR|USD)"
FOOT = re.compile(rf"page (\d+) of (\d+)(?: carried forward ({AMOUNT}))?")


@cache
def printed() -> list[str]:
    """The pages of a quarter."""
    return pages_of(render_pdf(quarter()))


def amount(text: str) -> Fraction:
    return Fraction(text.split(maxsplit=1)[0].replace(",", ""))


def margins(page: str) -> tuple[int, int, str | None, str | None]:
    """Which page of how many it says it is, and what it brings forward and carries."""
    foot = FOOT.search(page)
    assert foot is not None, page
    brought = re.search(rf"brought forward ({AMOUNT})", page)
    return int(foot[1]), int(foot[2]), brought[1] if brought else None, foot[3]


# what is carried, without any paper


@pytest.mark.parametrize("name", BILLS)
@pytest.mark.parametrize("detail", ["short", "normal", "full"])
def test_the_rows_of_a_bill_add_up_to_what_is_due(name: str, detail: str) -> None:
    bill = BILLS[name]
    (leaf,) = sheet_of(document_of(bill, detail)).leaves
    rounding = bill.total - bill.exact_total
    assert summed(amount for _, amount in leaf.amounts) + rounding == bill.due
    assert leaf.amounts or not bill.due


def test_where_rows_do_not_add_up_nothing_is_carried() -> None:
    document = document_of(plain(), "normal")
    assert sheet_of(document).leaves[0].amounts
    assert sheet_of(document._replace(sections=document.sections[1:])).leaves[0].amounts == ()


def test_sums_are_carried_from_page_to_page() -> None:
    first, second = sheet_of(document_of(both(), "normal")).leaves
    places = {place: 0 for place, _ in first.amounts} | {first.head: 0, first.end: 0, second.head: 0, second.end: 3}
    places |= {place: min(n, 3) for n, (place, _) in enumerate(second.amounts)}
    told = carried((first, second), places, 5)

    amounts = [amount for _, amount in second.amounts]
    assert [each.carried for each in told] == [*(summed(amounts[: n + 1]) for n in range(3)), None, None]
    assert [each.brought for each in told] == [None, *(each.carried for each in told[:-1])]


# paper


@needs_paper
def test_a_quarter_has_few_pages_and_each_says_its_number() -> None:
    pages = printed()
    assert 1 < len(pages) < 7
    assert [margins(page)[:2] for page in pages] == [(n, len(pages)) for n in range(1, len(pages) + 1)]


@needs_paper
def test_every_amount_of_a_quarter_is_whole() -> None:
    text = " ".join(" ".join(printed()).split())
    for document in document_of(quarter(), "normal").documents:
        for row in [*(row for section in document.sections for row in section.rows), *document.sums]:
            assert row.money is None or f" {row.money.text} " in text
            assert row.quantity is None or f" {row.quantity.text}" in text


@needs_paper
def test_a_page_brings_forward_what_the_one_before_carries() -> None:
    told = [margins(page) for page in printed()]
    assert [brought for _, _, brought, _ in told] == [None, *(onward for _, _, _, onward in told[:-1])]
    assert sum(onward is not None for _, _, _, onward in told) > 1


@needs_paper
def test_heads_say_whose_bills_of_when_a_page_has() -> None:
    begun: list[str] = []
    for page in printed():
        if page.startswith("Reasons"):
            break
        body = "\n".join(page.splitlines()[: -2 if begun else -1])  # without what stands in the margins
        titles = re.findall(r"^Bill for a, (\w+ 2026)$", body, flags=re.MULTILINE)
        if begun:
            open_still = begun[-1:] if margins(page)[2] else []
            head = " · ".join(f"Bill for a, {month}" for month in (*open_still, *titles))
            assert head in page
        begun += titles
    assert "Statement for a, January 2026 to March 2026" in printed()[-1]


@needs_paper
def test_no_heading_and_no_head_of_a_table_stands_alone_at_a_foot() -> None:
    heads = {
        "Item Quantity How Amount",
        "Storage",
        "Other charges",
        "Discounts",
        "Taxes",
        "Cloud",
        "times in UTC",
        "In short",
    }
    for page in printed():
        lines = [line for line in page.splitlines() if not FOOT.search(line) and "brought forward" not in line]
        running = [line for line in lines if line.startswith(("Bill for", "Statement for"))]
        last = lines[-2] if running and lines[-1] == running[-1] else lines[-1]
        assert last not in heads
        assert not last.startswith(("Bill for a", "API calls 4"))


@needs_paper
def test_the_sums_carried_are_those_of_the_rows_before() -> None:
    bill = one(MANY, "")
    tall = Brand(style="@page { size: A4; margin: 20mm 16mm 230mm }")
    pages = pages_of(render_pdf(bill, "normal", brand=tall))
    assert len(pages) > 3
    sums = {f"n{n}x": 7 * n + 1 + Fraction(1, 2) for n in range(30)}
    before = Fraction(0)
    seen: list[str] = []
    for page in pages:
        _, _, brought, onward = margins(page)
        assert (amount(brought) if brought else 0) == before
        rows = re.findall(r"^fee (n\d+x).*USD$", page, flags=re.MULTILINE)
        seen += rows
        before += sum(sums[row] for row in rows)
        if onward is None:
            break
        assert amount(onward) == before
    assert sorted(seen) == sorted(sums)
    assert before == bill.total


@needs_paper
@pytest.mark.parametrize("name", ["wide", "contract"])
def test_paper_holds_every_word_of_the_full_length(name: str) -> None:
    document = document_of(BILLS[name], "full")
    text = re.sub(r"\s+", "", "".join(pages_of(render_pdf(BILLS[name], "full"))))
    for section in document.sections:
        for part in [section, *section.rows]:
            for note in part.notes:
                assert re.sub(r"\s+", "", note.text) in text
    for file in document.rules:
        for line in file.lines:
            assert re.sub(r"\s+", "", f"{line.number}{line.text}") in text


@needs_paper
def test_the_document_is_tagged_and_says_what_it_is() -> None:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(render_pdf(plain(), "full")))
    assert reader.metadata is not None
    assert reader.metadata.title == "Bill for acme, March 2026"
    assert "/CreationDate" not in reader.metadata
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"


@needs_paper
def test_reasons_have_the_numbers_of_their_rows() -> None:
    document = document_of(BILLS["discounts_and_taxes"], "normal")
    text = "\n".join(pages_of(render_pdf(BILLS["discounts_and_taxes"], "normal")))
    rows = [row for section in document.sections for row in section.rows if row.notes]
    assert rows
    lines, _, reasons = text.partition("\nReasons\n")
    for row in rows:
        number = re.search(rf"{re.escape(row.label)} \[(\d+)\]", lines.replace("\n", " "))
        assert number is not None
        told = re.search(rf"^{number[1]} {re.escape(row.label)}\n(.*)", reasons, flags=re.MULTILINE)
        assert told is not None
        assert row.notes[0].text.startswith(told[1].removeprefix("• ").strip())


@needs_paper
def test_the_same_bill_gives_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; from ratewright.explain.render import render_pdf; from tests.explain.bills import case;"
        "sys.stdout.buffer.write(render_pdf(case('capped'), 'normal'))"
    )
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"  # another order of sets than in this process
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": "Etc/GMT+2"}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, check=True)
    assert done.stdout == render_pdf(case("capped"), "normal")
    assert done.stdout.startswith(b"%PDF-")


@pytest.mark.parametrize(("error", "help"), [(ImportError, "pip install"), (OSError, "apt-get install libpango")])
def test_what_is_missing_is_said_with_its_remedy(error: type[Exception], help: str, monkeypatch) -> None:
    class Refusing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise error("cannot load library")

    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Refusing(), *sys.meta_path])
    with pytest.raises(RatewrightError) as caught:
        render_pdf(plain())
    (found,) = caught.value.diagnostics
    assert found.code == "X301"
    assert help in found.help


FONTS = Path("/usr/share/fonts/truetype/dejavu")
TELLING = (
    "from ratewright.diagnostics import RatewrightError; from ratewright.explain.render import render_pdf;"
    "from tests.explain.bills import plain\n"
    "for language in ('de', 'zh-Hans'):\n"
    "  try: print(len(render_pdf(plain(), language=language)))\n"
    "  except RatewrightError as refused: print(*((d.code, d.message, d.help) for d in refused.diagnostics))"
)


@needs_paper
@pytest.mark.skipif(not FONTS.is_dir(), reason="needs DejaVu: apt-get install fonts-dejavu-core")
def test_letters_that_no_font_has_are_not_printed_as_boxes(tmp_path: Path) -> None:
    """With fonts that have German and no Chinese letters."""
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{FONTS}</dir><cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>")
    env = {**os.environ, "FONTCONFIG_FILE": str(config)}
    command = [sys.executable, "-c", TELLING]
    told = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout.splitlines()
    assert int(told[0]) > 1_000
    assert re.match(r"\('X302', 'no font of this machine has `.`, `.`, `.`, `.`, `.` and \d+ letters more', ", told[1])
    assert "apt-get install fonts-noto-cjk" in told[1]


@needs_paper
@pytest.mark.parametrize(("language", "foot"), [("en", "page 1 of 1"), ("de", "Seite 1 von 1")])
def test_pages_are_counted_in_the_language(language: str, foot: str) -> None:
    assert foot in pages_of(render_pdf(plain(), language=language))[0]


@needs_paper
def test_heads_of_columns_are_on_one_line_where_no_row_has_a_figure() -> None:
    text = pages_of(render_pdf(rated_fees()))[0]
    assert "Item Quantity How Amount" in text


def rated_fees():
    return rated(MANY, "many.tariff", "account: a\nactivated: 2026-03-01\nusage: []\n", (2026, 3))[0]


@needs_paper
def test_a_style_that_fetches_is_stopped_here_too() -> None:
    """Whatever the look at the style file let through."""
    data = render_pdf(plain(), brand=Brand(style=f"body {{ background: url(file://{Path(__file__)}) }}"))
    assert data.startswith(b"%PDF-")


def test_a_quarter_is_one_statement() -> None:
    assert isinstance(quarter(), Statement)
    assert len(quarter().bills) == 3


@needs_paper
def test_what_a_line_says_of_itself_stands_beside_it() -> None:
    bill = BILLS["own_sentences"]
    text = " ".join("\n".join(pages_of(render_pdf(bill))).partition("\nReasons\n")[0].split())
    said = [
        note.text
        for section in document_of(bill, "normal").sections
        for row in section.rows
        for note in row.notes
        if note.kind == "said"
    ]
    assert said
    assert [each for each in said if each[:20] not in text] == []
