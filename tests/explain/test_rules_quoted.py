"""At full length each figure leads to its rule, and what stands there is quoted, once, as it was read."""

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

import ratewright
from ratewright.comparison.compare import Method
from ratewright.diagnostics import Source
from ratewright.explain.document import Collection, Money
from ratewright.explain.render import document_of, render
from ratewright.explain.text.text_columns import width_of
from ratewright.rating.bill import Line
from ratewright.syntax.parser import parse_rules
from tests.comparison.test_forms import APRIL, MARCH, hosting
from tests.explain.bills import INPUT, all_bills, both, case, contract, under_contract
from tests.explain.one_bill import AT, one
from tests.explain.test_formats import rows_of
from tests.explain.whole_accounts import account

RESULTS = {**all_bills(), "both": both()}
WITHOUT_A_RULE = {"part"}
RULES = """
tariff t { currency USD;  timezone "UTC" }
unit call, calls
table price by region in USD/call {
  EU  2
  US  3
}
meter  used { field region one of EU, US;  measure sum(quantity) in calls;  by region }
charge fee  { on used;  every month;  rate price[region];  cite "a ``` b" }
deduct used from fee
"""
RECORDS = f"- {{meter: used, at: {AT}Z, quantity: 5, region: EU}}"


def told(result):
    """The bills of a result, each with its document at full length, and what is quoted."""
    document = document_of(result, "full")
    if isinstance(document, Collection):
        return list(zip(result.bills, document.documents, strict=True)), document.rules
    return [(result, document)], document.rules


@pytest.mark.parametrize("name", RESULTS)
def test_every_amount_has_a_rule_that_is_quoted(name: str) -> None:
    bills, rules = told(RESULTS[name])
    quoted = {line.id: (file.file, line) for file in rules for line in file.lines}
    for _, document in bills:
        rows = [row for section in document.sections for row in section.rows]
        assert rows
        for row in [*rows, *(row for row in document.sums if row.kind not in ("sum", "rounding", "correction"))]:
            assert row.rule is not None, row
            file, line = quoted[row.rule.id]
            assert (file, line.number) == (row.rule.file, row.rule.line)


TABLES = ("peaks of a day", "a month in samples", "calls of three months", "great amounts")


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_a_table_leads_to_the_rule_of_what_it_stands_for(name: str) -> None:
    bills, rules = told(account(name))
    quoted = {line.id: (file.file, line.number) for file in rules for line in file.lines}
    tables = [(bill, table) for bill, document in bills for part in document.sections for table in part.tables]
    assert any(isinstance(row[-1], Money) for _, table in tables for row in table.rows) or name == "great amounts"
    for bill, table in tables:
        assert len(table.rules) == len(table.of) == len(table.rows)
        for cells, row, rule in zip(table.rows, table.of, table.rules, strict=True):
            assert rule is not None
            assert quoted[rule.id] == (rule.file, rule.line)
            if isinstance(row.node, Line):
                assert (cells[-1], rule.line) == (row.money, bill.tariff.charges[row.name].span.line)
    page = Page(render(account(name), "html", "full"))
    assert {target for target, _ in page.links} <= {f"#{name}" for name in page.ids}
    for cells, rule in ((cells, rule) for _, t in tables for cells, rule in zip(t.rows, t.rules, strict=True)):
        if isinstance(cells[-1], Money):
            assert [f"#{rule.id}", cells[-1].text] in page.links


def test_sums_of_sections_lead_to_these() -> None:
    page = Page(render(case("discounts_and_taxes"), "html"))
    document = document_of(case("discounts_and_taxes"), "normal")
    titles = {f"#{section.id}": section.title for section in document.sections if section.id}
    assert len(titles) > 3
    assert {target: text for target, text in page.links if target in titles} == titles
    assert {target[1:] for target in titles} <= set(page.ids)
    markdown = render(case("discounts_and_taxes"), "markdown")
    for target, title in titles.items():
        assert f"]({target})" in markdown
        assert re.search(rf'<a id="{target[1:]}"></a>\n\n## {title}', markdown)


@pytest.mark.parametrize(("now", "was"), [MARCH, APRIL])
@pytest.mark.parametrize("method", ["in-turn", "shapley"])
def test_each_part_of_a_comparison_leads_to_its_rule(now: str, was: str, method: Method) -> None:
    found = hosting(now, was, method)
    document = document_of(found, "full")
    quoted = {line.id: line for file in document.rules for line in file.lines}
    page, data = Page(render(found, "html", "full")), json.loads(render(found, "json", "full"))
    assert {target for target, _ in page.links} <= {f"#{name}" for name in page.ids}
    lines = {(file["file"], line["line"]): line["text"] for file in data["rules"] for line in file["lines"]}
    parts = [row for section in document.sections for row in section.rows]
    for row in parts:
        assert (row.rule is None) == (row.kind == "rounding")
        if row.rule is not None:
            assert row.name in quoted[row.rule.id].text
            assert [f"#{row.rule.id}", row.money.text] in page.links
    for section in data["sections"]:
        assert all(r["rule"] is None or (r["rule"]["file"], r["rule"]["line"]) in lines for r in section["rows"])
    assert "rules" not in json.loads(render(found, "json", "normal"))
    assert document_of(found, "normal").rules == ()


@pytest.mark.parametrize("name", RESULTS)
def test_a_declaration_is_quoted_whole(name: str) -> None:
    """As it stands in a parse of the text, of a contract too."""
    check_quoted_whole(RESULTS[name])


def test_a_declaration_of_a_list_under_a_contract_is_quoted_whole() -> None:
    rules = (INPUT / "contract.tariff").read_text(encoding="utf-8")
    check_quoted_whole(under_contract(rules.replace(";  ", "\n  ")))


def check_quoted_whole(result) -> None:
    bills, rules = told(result)
    under = [bill.tariff.contract for bill, _ in bills if bill.tariff.contract]
    sources = {bill.tariff.file for bill, _ in bills} | {each.span.source for own in under for each in own.changes}
    assert {source.name for source in sources} >= {file.file for file in rules}
    for source in sources:
        quoted = {line.number for file in rules if file.file == source.name for line in file.lines}
        parts = [quoted & lines for lines in declared(source)]
        assert any(parts)
        assert [part for part, lines in zip(parts, declared(source), strict=True) if part and part != lines] == []


@cache
def declared(source: Source) -> list[set[int]]:
    """The lines of each declaration."""
    found = parse_rules(source)[0].declarations
    return [set(range(each.span.line, source.line_of(each.span.end - 1) + 1)) for each in found]


@pytest.mark.parametrize("name", RESULTS)
def test_what_is_quoted_is_the_text_that_was_read(name: str) -> None:
    bills, rules = told(RESULTS[name])
    sources = {bill.tariff.file.name: bill.tariff.file for bill, _ in bills}
    for bill, _ in bills:
        for change in bill.tariff.contract.changes if bill.tariff.contract else ():
            sources[change.span.source.name] = change.span.source
    assert [file.file for file in rules] == list(dict.fromkeys(file.file for file in rules))
    for file in rules:
        numbers = [line.number for line in file.lines]
        assert numbers == sorted(set(numbers))
        for line in file.lines:
            assert line.text == sources[file.file].line(line.number)


@pytest.mark.parametrize("name", RESULTS)
def test_a_rule_is_quoted_with_the_declaration_around_it(name: str) -> None:
    bills, rules = told(RESULTS[name])
    text = {file.file: {line.number for line in file.lines} for file in rules}
    for bill, document in bills:
        for row in (row for section in document.sections for row in section.rows if row.rule):
            charge = bill.tariff.charges.get(row.name)
            if charge is not None and charge.span.source.name == row.rule.file:
                last = charge.span.source.line_of(charge.span.end - 1)
                assert set(range(charge.span.line, last + 1)) <= text[row.rule.file]


def test_a_line_of_a_contract_leads_to_the_contract() -> None:
    [(_, document)], rules = told(contract())
    assert [file.file for file in rules] == ["contract.tariff", "acme.contract"]
    assert {row.rule.file for section in document.sections for row in section.rows if row.rule} == {
        file.file for file in rules
    }


class Page(HTMLParser):
    """The ids of a page, in order, and where its links lead, with their texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[list[str]] = []
        self.open = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids += [found["id"]] if "id" in found else []
        if tag == "a":
            self.links.append([found["href"], ""])
            self.open = True

    def handle_endtag(self, tag):
        self.open = self.open and tag != "a"

    def handle_data(self, data):
        if self.open:
            self.links[-1][1] += data


@pytest.mark.parametrize("name", RESULTS)
def test_links_of_the_page_lead_somewhere(name: str) -> None:
    page = Page(render(RESULTS[name], "html", "full"))
    assert len(page.ids) == len(set(page.ids))
    assert {target for target, _ in page.links} <= {f"#{name}" for name in page.ids}
    assert any("rule-" in target for target, _ in page.links)
    for target, text in page.links:
        if re.fullmatch(r"\S+\.(tariff|contract):\d+", text):
            assert target.endswith(f"{text.rpartition('/')[2].replace(':', '-').replace('_', '-')}")
    assert "#rule-" not in render(RESULTS[name], "html", "normal")


def test_every_amount_of_the_page_is_a_link() -> None:
    text = render(one(RULES, RECORDS), "html", "full")
    assert ["#rule-t.tariff-8", "10.00 USD"] in Page(text).links


@pytest.mark.parametrize("name", RESULTS)
def test_json_has_the_place_of_each_row_and_the_lines(name: str) -> None:
    data = json.loads(render(RESULTS[name], "json", "full"))
    lines = {(file["file"], line["line"]) for file in data["rules"] for line in file["lines"]}
    places = {(row["rule"]["file"], row["rule"]["line"]) for row in rows_of(data) if row["rule"]}
    assert places
    assert places <= lines
    short = json.loads(render(RESULTS[name], "json", "normal"))
    assert "rules" not in short
    assert all("rule" not in row for row in rows_of(short))


@pytest.mark.parametrize("width", [40, 100])
@pytest.mark.parametrize("name", ["contract", "wide", "both", "tables_and_formulas"])
def test_text_has_each_line_behind_its_number(name: str, width: int) -> None:
    _, rules = told(RESULTS[name])
    text = render(RESULTS[name], "text", "full", width=width)
    appendix = text.partition("The rules, as they were read\n")[2]
    assert max(map(width_of, appendix.splitlines())) <= width
    numbers = [int(found) for found in re.findall(r"^ {2,6}(\d+)(?=  |$)", appendix, flags=re.MULTILINE)]
    assert numbers == [line.number for file in rules for line in file.lines]
    said = re.sub(r"\s+", "", appendix)
    for file in rules:
        for line in file.lines:
            assert str(line.number) + re.sub(r"\s+", "", line.text) in said


def test_a_place_that_a_reason_names_is_quoted_too() -> None:
    text = render(one(RULES, RECORDS), "text", "full")
    assert "\n  3  table price by region in USD/call {\n  4    EU  2\n  5    US  3\n  6  }\n" in text


def test_nothing_ends_the_block_of_code_in_markdown() -> None:
    text = render(one(RULES, RECORDS), "markdown", "full")
    block = text.partition("````text\n")[2]
    assert block.partition("\n````")[0].count("```") == 1


def test_what_was_read_is_quoted_not_what_stands_on_the_disk_now(tmp_path: Path) -> None:
    path = tmp_path / "t.tariff"
    path.write_text(RULES.strip())
    (tmp_path / "a.yaml").write_text(f"account: a\nactivated: 2026-01-01T00:00:00Z\nusage:\n  {RECORDS}\n")
    bill = ratewright.load(path).bill(ratewright.read_usage(tmp_path / "a.yaml"), "2026-03")
    before = bill.explain("json", "full")
    path.write_text("# gone\n")
    assert bill.explain("json", "full") == before


def test_files_of_one_name_in_two_folders_are_kept_apart(tmp_path: Path) -> None:
    first = RULES.strip().replace('"UTC" }', '"UTC";  effective from 2026-01-01 until 2026-03-01 }')
    second = RULES.strip().replace('"UTC" }', '"UTC";  effective from 2026-03-01 }')
    for folder, text in (("a", first), ("b", second)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "t.tariff").write_text(text)
    more = "- {meter: used, at: 2026-02-02T10:00:00Z, quantity: 1, region: US}"
    (tmp_path / "a.yaml").write_text(f"account: a\nactivated: 2026-01-01T00:00:00Z\nusage:\n  {RECORDS}\n  {more}\n")
    tariff = ratewright.load_versions(tmp_path / "a" / "t.tariff", tmp_path / "b" / "t.tariff")
    result = tariff.statement(ratewright.read_usage(tmp_path / "a.yaml"), "2026-02", "2026-03")
    page = Page(result.explain("html", "full"))
    assert len(page.ids) == len(set(page.ids))
    assert {target for target, text in page.links if text in ("3.00 USD", "10.00 USD")} >= {
        "#rule-t.tariff-8",
        "#rule-t.tariff-2-8",
    }
