"""All formats carry the same rows and figures; each length holds all of the shorter one."""

import html
import json
import re
from html.parser import HTMLParser

import pytest

from ratewright.explain.bill_document import assemble
from ratewright.explain.machine.json_form import to_data
from ratewright.explain.render import DETAILS, FORMATS, render
from ratewright.explain.text.text_columns import width_of
from tests.explain.bills import all_bills, both, case, plain
from tests.explain.test_meaning import numbers

RESULTS = {**all_bills(), "both": both()}
CASES = [(name, detail) for name in RESULTS for detail in DETAILS]


def seen(result, format: str, detail: str) -> str:
    """What a reader of the format sees, as plain text."""
    text = render(result, format, detail)
    if format == "html":
        text = re.sub(r"<(style|title)>.*?</\1>", " ", text, flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    elif format == "markdown":
        text = re.sub(r"\\([^\w\s]|_)", r"\1", text)
        text = re.sub(r'<a id=".*?"></a>|(?<=\])\(#.*?\)', "", text)
    return text


@pytest.mark.parametrize(("name", "detail"), CASES)
def test_the_formats_agree_on_every_figure(name: str, detail: str) -> None:
    figures = {format: numbers(seen(RESULTS[name], format, detail)) for format in ("text", "markdown", "html")}
    assert figures["text"] == figures["markdown"] == figures["html"]


def rows_of(data: dict) -> list[dict]:
    bills = data.get("bills", [data])
    return [row for bill in bills for section in bill["sections"] for row in section["rows"]]


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
@pytest.mark.parametrize(("name", "detail"), CASES)
def test_every_row_of_the_data_stands_in_every_format(name: str, detail: str, format: str) -> None:
    text = " ".join(seen(RESULTS[name], format, detail).split())
    data = json.loads(render(RESULTS[name], "json", detail))
    assert rows_of(data) or detail == "short"
    for row in rows_of(data):
        assert row["amount"] is None or row["amount"]["text"] in text
        assert row["quantity"] is None or row["quantity"]["text"] in text
    assert data["total"]["text"] in text


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", RESULTS)
def test_a_longer_form_holds_all_of_the_shorter(name: str, format: str) -> None:
    short, normal, full = (numbers(seen(RESULTS[name], format, detail)) for detail in DETAILS)
    assert short <= normal <= full


@pytest.mark.parametrize("name", RESULTS)
def test_a_longer_form_holds_every_row_and_reason(name: str) -> None:
    def parts(detail):
        rows = rows_of(to_data(assemble(RESULTS[name], detail)))
        return {(r["kind"], r["name"], r["amount"] and r["amount"]["text"]) for r in rows}, {
            note["text"] for r in rows if r["kind"] != "source" for note in r["notes"]
        }

    (rows_short, _), (rows_normal, notes_normal), (rows_full, notes_full) = map(parts, DETAILS)
    assert rows_short <= rows_normal <= rows_full
    for told in notes_normal - notes_full:  # the full length has it with its formula
        assert any(numbers(told) <= numbers(note) for note in notes_full if "“" in note), told


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
@pytest.mark.parametrize("name", RESULTS)
def test_text_keeps_to_its_width(name: str, width: int) -> None:
    assert all(width_of(line) <= width for line in render(RESULTS[name], "text", "full", width=width).splitlines())


def test_amounts_end_at_the_right() -> None:
    lines = render(plain(), "text").splitlines()
    assert {len(line) for line in lines if line.endswith("USD") and "  " in line.strip() and "→" not in line} == {100}


def test_text_without_colour_is_plain() -> None:
    assert "\x1b" not in render(both(), "text", "full")
    coloured = render(both(), "text", "full", color=True)
    assert "\x1b[1m" in coloured
    assert re.sub(r"\x1b\[\d*m", "", coloured) == render(both(), "text", "full")


FETCHING = {"src", "srcset", "action", "formaction", "data", "poster", "background", "ping", "manifest"}


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize(("name", "detail"), CASES)
def test_html_is_one_file_and_fetches_nothing(name: str, detail: str) -> None:
    text = render(RESULTS[name], "html", detail)
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    assert not page.tags & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert not [a for a, _ in page.attributes if a in FETCHING or a.startswith("on")]
    addresses = [value for a, value in page.attributes if a in ("href", "xlink:href")]
    assert all(value is not None and value.startswith("#") for value in addresses)
    assert {value[1:] for value in addresses if value} <= {value for a, value in page.attributes if a == "id"}
    assert "url(" not in text
    assert "@import" not in text
    assert "//" not in text.replace("<!doctype", "")
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert ("h1" in page.tags) and ("caption" in page.tags or detail == "short")
    assert "default-src 'none'" in text


def test_unknown_formats_and_lengths_are_named() -> None:
    with pytest.raises(ValueError, match="there is no format `pdf`; choose from text, markdown, html, json"):
        render(plain(), "pdf")
    with pytest.raises(ValueError, match="there is no length `long`; choose from short, normal, full"):
        render(plain(), "text", "long")


def test_the_same_bill_gives_the_same_bytes() -> None:
    for format in FORMATS:
        assert render(plain(), format, "full") == render(plain(), format, "full")


def test_a_time_does_not_break_before_its_offset() -> None:
    page = render(case("records_alone"), "html", "normal")
    assert "<time>2026-10-25 02:30+02:00</time>" in page
    assert "<time>2026-10-25 02:30+01:00</time>" in page
