"""Text that others wrote comes out as text, in every format."""

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from ratewright.derivation.trace import Arithmetic, DistinctTrace, FormulaTrace, Reading, ShareTrace
from ratewright.explain.render import FORMATS, render
from ratewright.explain.text.markdown_form import escaped
from ratewright.rating.bill import Bill
from tests.explain.bills import case, plain

HOSTILE = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;",
    "closing": "</style></title></table><h1>owned",
    "cells": "a | b |\\| c",
    "marks": "**bold** _it_ `code` [link](http://evil.example) ![i](http://evil.example/i.png) ~~s~~ $x$",
    "link": "see https://evil.example, www.evil.example or <mailto:a@evil.example>",
    "list": "1. first",
    "heading": "# heading",
    "rule": "---",
    "template": "{{ 7 * 7 }}{% raw %}{# no #}",
    "ansi": "red \x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07x",
    "bidi": "abc\u202etxt.exe\u2066 \u200bzero",
    "lines": "one\ntwo\r\n\u2028three",
}


def hostile_bill(text: str) -> Bill:
    """A bill with the text in every place that a user names."""
    bill = plain()
    meter = bill.meters[0]
    titled = replace(meter.meter, title=text, cite=text)
    source = meter.sources[0]
    sources = (replace(source, pool=replace(source.pool, title=text, cite=text)), *meter.sources[1:])
    lot = replace(sources[0].lots[0], lot=text)
    sources = (replace(sources[0], lots=(lot, lot)), *sources[1:])
    excluded = tuple(
        replace(e, made=tuple(replace(r, name=text, told=text) for r in e.readings)) for e in meter.excluded
    )
    meters = (replace(meter, meter=titled, sources=sources, excluded=excluded, subaccounts=((text, 7),)),)
    lines = tuple(replace(line, label=text, cite=text) for line in bill.lines)
    tariff = replace(bill.tariff, title=text, source_text=text)
    balances = tuple(replace(balance, lot=text) for balance in bill.balances)
    return replace(bill, account=text, tariff=tariff, meters=meters, lines=lines, balances=balances)


def hostile_usage(text: str) -> Bill:
    """A bill with the text in every place where usage brings one: keys, counted values, what formulas read."""
    bill = case("tables_and_formulas")
    key = (("region", text),)
    reading = Reading(text, text, Arithmetic(text, text, (Reading(text, text),), None))
    how = Arithmetic(text, text, (reading,), None)
    meters = []
    for meter in bill.meters:
        distinct = DistinctTrace(text, 1, (text,), 0)
        measures = tuple(replace(m, key=key, text=text, samples=(distinct,), how=how) for m in meter.measures)
        meters.append(replace(meter, measures=measures, keys=((key, 1),)))
    lines = []
    for line in bill.lines:
        share = ShareTrace(text, key, line.period, 1, 1)
        price = replace(line.why.price, how=how) if isinstance(line.why.price, FormulaTrace) else line.why.price
        lines.append(replace(line, key=key, why=replace(line.why, on=how, spread=(share, share), price=price)))
    return replace(bill, meters=tuple(meters), lines=tuple(lines))


@pytest.fixture(params=[hostile_bill, hostile_usage], ids=["rules", "usage"])
def hostile(request: pytest.FixtureRequest):
    return request.param


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hidden_characters_are_shown_and_never_sent(text: str, format, hostile) -> None:
    told = render(hostile(text), format, "full", color=False)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]", told)


def test_a_line_end_in_a_name_makes_no_line() -> None:
    told = render(hostile_bill("one\ntwo"), "text", "full")
    assert not any(line.strip().startswith("two") for line in told.splitlines())
    assert "one<U+000A>two" in told


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_html_keeps_its_tags(text: str, hostile) -> None:
    tags = []
    for title in (text, "harmless"):
        page = Tags()
        page.feed(render(hostile(title), "html", "full"))
        tags.append(page.tags)
    assert tags[0] == tags[1]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_markdown_keeps_its_shape(text: str, hostile) -> None:
    def shape(title: str) -> list[str]:
        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        tokens = parser.parse(render(hostile(title), "markdown", "full"))
        inner = [child.type for token in tokens for child in token.children or [] if child.type != "text_special"]
        return [token.type for token in tokens] + [kind for kind in inner if kind != "text"]

    assert shape(text) == shape("harmless")


@pytest.mark.parametrize("text", [t for t in HOSTILE.values() if t.isprintable()])
def test_markdown_shows_the_text_as_it_is(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(f"- {escaped(text)}\n")
    inline = next(token for token in tokens if token.type == "inline")
    assert "".join(child.content for child in inline.children) == text
    assert not {"link_open", "image", "html_inline", "em_open", "strong_open"} & {c.type for c in inline.children}


@pytest.mark.parametrize(
    "address", ["https://evil.example", "HTTP://evil.example", "ftp://e.example", "www.evil.example"]
)
def test_no_address_becomes_a_link_on_github(address: str) -> None:
    assert not re.search(r"(?i)(https?|ftp)://|\bwww\.", escaped(f"see {address} now"))


def test_a_template_in_a_name_is_not_run() -> None:
    assert "7006652" not in render(hostile_bill("{{ 1234 * 5678 }}"), "text", "full")
