"""A table is the same in all forms: each cell under its head, figures never broken, whatever the width."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Document, Figure, Link, Money, Note, Section, Table, cell_text
from ratewright.explain.machine.json_form import to_data
from ratewright.explain.machine.json_schema import BillExplanation
from ratewright.explain.own_templates.plain_document import plain_document
from ratewright.explain.own_templates.user_template import render_template
from ratewright.explain.pages.html_form import to_html
from ratewright.explain.text.markdown_form import to_markdown
from ratewright.explain.text.text_columns import width_of
from ratewright.explain.text.text_form import to_text
from ratewright.explain.text.text_paint import Painter
from ratewright.explain.text.text_tables import table_lines
from ratewright.limits import DEFAULT
from tests.explain.bills import plain
from tests.explain.browser import CHROMIUM, standing_out

PICS = next(iter(plain().tariff.meters.values())).unit


def money(cents: int) -> Money:
    amount = cents // 100
    return Money(amount, amount, f"{amount:,}.00")


def pics(count: int) -> Figure:
    return Figure(count, PICS, f"{count:,} pics")


TABLE = Table(
    "days",
    "Of each day, in USD",
    ("day", "pictures used", "paid", "why"),
    (
        (Link("1 March", "bill-1"), pics(9_950), money(79_600), "more than were free, so that each costs 0.08 USD"),
        ("2 March", None, money(123_456_700), "<b>|*bold*"),
    ),
    ("sum", pics(9_950), money(123_536_300), None),
    (Note("why", "the first of them is told below"),),
)


def document(table: Table = TABLE) -> Document:
    whole = assemble(plain(), "normal")
    assert isinstance(whole, Document)
    section = Section("summary", "", "By day", tables=(table,))
    return whole._replace(summary=(section,), id="bill-1")


WIDE = """\
Of each day, in USD
  day      pictures used          paid  why
  1 March     9,950 pics        796.00  more than were free, so that each costs 0.08 USD
  2 March                 1,234,567.00  <b>|*bold*
  ──────────────────────────────────────────────────────────────────────────────────────
  sum         9,950 pics  1,235,363.00"""
WRAPPED = """\
Of each day, in USD
             pictures
  day            used          paid  why
  1 March  9,950 pics        796.00  more than were free, so that each
                                     costs 0.08 USD
  2 March              1,234,567.00  <b>|*bold*
  ──────────────────────────────────────────────────────────────────────
  sum      9,950 pics  1,235,363.00"""
STACKED = """\
Of each day, in USD
  1 March
    pictures used             9,950 pics
    paid                          796.00
    why
      more than were free, so that each
      costs 0.08 USD
  2 March
    paid                    1,234,567.00
    why  <b>|*bold*
  ──────────────────────────────────────
  sum
    pictures used             9,950 pics
    paid                    1,235,363.00"""


@pytest.mark.parametrize(("width", "told"), [(140, WIDE), (88, WIDE), (72, WRAPPED), (40, STACKED)])
def test_text_is_as_wide_as_it_may_be(width: int, told: str) -> None:
    assert "\n".join(table_lines(TABLE, width, Painter(False))) == told


NARROW = TABLE._replace(heads=TABLE.heads[:3], rows=tuple(row[:3] for row in TABLE.rows), foot=TABLE.foot[:3])


@pytest.mark.parametrize(("width", "right"), [(60, 60), (100, 100), (101, 100), (140, 100)])
def test_figures_in_the_last_column_stand_at_the_right_but_not_far_from_their_rows(width: int, right: int) -> None:
    lines = table_lines(NARROW, width, Painter(False))
    assert {len(line) for line in lines[1:]} == {right}


def test_texts_become_narrow_before_rows_are_stacked() -> None:
    """A year of sums, one column too wide for the name of its longest month."""
    heads = ("bill", "charges", "loyalty discount", "VAT, 19%", "corrections", "paid from credit", "due")
    sums = map(money, (2_784_810, 101_818, 509_768, 1_217, 45_000, 3_148_977))
    year = Table("bills", "", heads, (("September 2026", *sums),))
    whole, narrow = (table_lines(year, width, Painter(False)) for width in (79, 78))
    assert [line.split()[0] for line in (whole[-1], *narrow[-2:])] == ["September", "September", "2026"]
    assert len(narrow) == len(whole) + 1 == 5
    assert len(table_lines(year, 73, Painter(False))) == 5
    assert len(table_lines(year, 72, Painter(False))) == 7  # `September` alone is nine wide


@pytest.mark.parametrize("width", [40, 80, 100, 140])
def test_a_whole_page_keeps_to_its_width(width: int) -> None:
    lines = to_text(document(), False, width).splitlines()
    assert all(width_of(line) <= width for line in lines)
    assert lines.index("By day") < lines.index("Of each day, in USD") < lines.index("Limits")


CELLS = st.none() | st.text("ab 表", max_size=30) | st.integers(0, 10**14).map(money)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    count = draw(st.integers(1, 6))
    row = st.tuples(*[CELLS] * count)
    heads = tuple(draw(st.lists(st.sampled_from(["due", "paid from credit", "表"]), min_size=count, max_size=count)))
    return Table("any", "", heads, tuple(draw(st.lists(row, max_size=3))), draw(st.just(()) | row))


@given(tables(), st.integers(40, 140))
def test_no_line_is_too_wide_and_no_figure_is_broken(table: Table, width: int) -> None:
    lines = table_lines(table, width, Painter(False))
    assert all(width_of(line) <= width for line in lines)
    told = " ".join(lines).split()
    figures = [cell.text for row in (*table.rows, table.foot) for cell in row if isinstance(cell, Money)]
    assert sorted(part for part in told if "." in part) == sorted(figures)


def test_markdown_is_a_table() -> None:
    told = to_markdown(document())
    assert (
        """\
# By day

**Of each day, in USD**

| day | pictures used | paid | why |
|:--|--:|--:|:--|
| [1 March](#bill-1) | 9,950 pics | 796.00 | more than were free, so that each costs 0.08 USD |
| 2 March |  | 1,234,567.00 | \\<b\\>\\|\\*bold\\* |
| **sum** | **9,950 pics** | **1,235,363.00** |  |

- the first of them is told below
"""
        in told
    )
    assert told.startswith('<a id="bill-1"></a>\n\n# Bill for acme')


class Cells(HTMLParser):
    """The rows of the first table: of each cell its tag, its attributes and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, dict[str, str | None], str]]] = []
        self.done = False

    def handle_starttag(self, tag, attrs):
        if tag == "tr" and not self.done:
            self.rows.append([])
        elif tag in ("th", "td") and not self.done:
            self.rows[-1].append((tag, dict(attrs), ""))

    def handle_data(self, data):
        if self.rows and self.rows[-1] and not self.done:
            tag, attributes, text = self.rows[-1].pop()
            self.rows[-1].append((tag, attributes, (text + data).strip()))

    def handle_endtag(self, tag):
        self.done = self.done or tag == "table"


def test_html_is_a_table_whose_cells_know_their_heads() -> None:
    page = Cells()
    page.feed(to_html(document()).replace("\u00a0", " "))
    head, *rows = page.rows
    assert [text for _, _, text in head] == list(TABLE.heads)
    assert {(tag, attributes["scope"]) for tag, attributes, _ in head} == {("th", "col")}
    assert [[text for _, _, text in row] for row in rows] == [
        [cell_text(cell) for cell in row] for row in (*TABLE.rows, TABLE.foot)
    ]
    assert all(row[0][:2] == ("th", {"scope": "row"}) for row in rows)
    assert all(["figure" in str(a.get("class")) for _, a, _ in row] == list(TABLE.columns) for row in page.rows)
    assert '<a href="#bill-1">1 March</a>' in to_html(document())
    assert '<article id="bill-1">' in to_html(document())


def test_on_a_phone_each_value_has_its_head() -> None:
    page = to_html(document(TABLE._replace(heads=("day", 'a "} </style>\\', "paid", ""))))
    (name,) = set(re.findall(r'<table class="figures (heads-\w+)">', page))
    style = page.partition("</style>")[0]
    contents = re.findall(rf'\.{name} td:nth-child\((\d)\)::before {{ content: "(.*)"; }}', style)
    meant = [(n, re.sub(r"\\(\w+) ", lambda found: chr(int(found[1], 16)), text)) for n, text in contents]
    assert meant == [("2", 'a "} </style>\\'), ("3", "paid")]


def test_a_page_without_tables_has_no_heads() -> None:
    assert "::before { content" not in to_html(assemble(plain(), "normal"))


def test_json_has_each_cell_exactly() -> None:
    data = json.loads(json.dumps(to_data(document())))
    TypeAdapter(BillExplanation).validate_python(data)
    (table,) = data["summary"][0]["tables"]
    assert table["heads"] == list(TABLE.heads)
    assert table["rows"][0] == [
        {"text": "1 March", "target": "bill-1"},
        {"value": "9950", "unit": "pic", "text": "9,950 pics"},
        {"value": "796.00", "exact": "796", "currency": "USD", "text": "796.00"},
        "more than were free, so that each costs 0.08 USD",
    ]
    assert table["rows"][1][1] is None
    assert table["foot"][0] == "sum"


def test_a_template_that_extends_our_page_has_the_same(tmp_path: Path) -> None:
    own = tmp_path / "own.html"
    own.write_text('{% extends "bill.html" %}')
    whole = document()
    data = {**to_data(whole), "document": plain_document(whole)}
    assert render_template(own, data, DEFAULT).split() == to_html(whole).split()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
def test_nothing_of_a_table_stands_out_of_its_box() -> None:
    long = TABLE._replace(rows=tuple((row[0], row[1], money(10**17), row[3]) for row in TABLE.rows))
    pages = {"short": to_html(document()), "long": to_html(document(long))}
    assert standing_out(pages, [360, 912, 1280]) == []
