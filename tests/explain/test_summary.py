"""What a statement and a bill begin with: which columns there are, which months, which charges, and the picture."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from whenever import Date

from ratewright import usage
from ratewright.diagnostics import Source
from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Collection, Document, Table, cell_text
from ratewright.explain.render import DETAILS, FORMATS, render, render_with_template
from ratewright.plan.plan import plan_of
from ratewright.rating.bill import Bill, Statement
from ratewright.rating.corrections import rate_account
from ratewright.rating.walk import statement
from ratewright.values.calendar import Cadence, PeriodUnit, calendar_of
from tests.explain.bills import all_bills, both, rated, read_tariff
from tests.explain.summaries import check_bill, check_statement, table
from tests.explain.whole_accounts import NAMES, account

CLOUD = """tariff cloud "Cloud" { currency EUR;  timezone "UTC" }
unit call, calls
unit GB
meter    calls_made "Calls" { field region one of EU, US;  measure sum(quantity) in calls;  by region }
meter    held "Storage"     { measure highest(quantity) in GB }
package  pack               { covers calls_made;  sizes { 100 calls 3 EUR };  valid 30 days from purchase }
grant    credit "credit"    { covers call_fee;  size 1 EUR;  renews every month }
grant    voucher            { covers total;  size 5 EUR }
charge   call_fee "calls"   { on calls_made;  every month;  rate 0.10 EUR/call }
charge   keep "storage"     { on held;  every month;  rate 0.02 EUR/GB }
charge   seat_fee "seats"   { every month;  amount 20 EUR;  when team }
setting  team = off
discount loyal "loyalty"    { on call_fee + keep;  rate 10% }
tax      vat "VAT"          { on subtotal;  rate 19% }
deduct   calls_made from pack > call_fee
deduct   call_fee from credit
deduct   total from voucher
"""
ACCOUNT = """account: acme
activated: 2026-01-01
settings: {team: {2026-05-01: on}}
purchases:
  - {id: p1, package: pack, size: "100", at: 2026-05-03T00:00:00Z}
usage:
  - {meter: calls_made, at: 2026-01-02T00:00:00Z, quantity: "1,000", region: EU}
  - {meter: calls_made, at: 2026-01-02T00:00:00Z, quantity: "200", region: US}
  - {meter: held, at: 2026-01-02T00:00:00Z, quantity: "500"}
  - {meter: calls_made, at: 2026-05-02T00:00:00Z, quantity: "300", region: EU}
  - {meter: held, at: 2026-05-02T00:00:00Z, quantity: "700"}
  - {meter: calls_made, at: 2026-05-28T00:00:00Z, quantity: "40", region: US, reported: 2026-06-05T00:00:00Z}
"""


@cache
def cloud() -> Statement:
    return statement(rated(CLOUD, "cloud.tariff", ACCOUNT, *((2026, month) for month in range(1, 7))))


def texts(told: Table | None) -> list[list[str]]:
    assert told is not None
    return [[cell_text(cell) for cell in row] for row in (told.heads, *told.rows, told.foot)]


def summary(result: Statement) -> Collection:
    made = assemble(result, "normal")
    assert isinstance(made, Collection)
    return made


def test_months_beside_what_their_ladders_say() -> None:
    assert texts(table(summary(cloud()).summary, "bills")) == [
        ["bill", "charges", "loyalty", "VAT, 19%", "corrections", "paid from credit", "due"],
        # 120 - 1 paid + 10; 10% of 129; 19% of 116.10; 5 of the voucher
        ["January 2026", "129.00", "-12.90", "22.06", "", "-5.00", "133.16"],
        ["February 2026 to April 2026, no bill", "", "", "", "", "", "0.00"],  # although credit lapsed
        # 30 - 1 paid + 14 + 20 + 3 bought; 10% of 43; 19% of 61.70
        ["May 2026", "66.00", "-4.30", "11.72", "", "", "73.42"],
        # the 40 calls came out of the pack
        ["June 2026", "20.00", "", "3.80", "0.00", "", "23.80"],
        ["all bills", "215.00", "-17.20", "37.58", "0.00", "-5.00", "230.38"],
    ]


def test_the_largest_charges_with_quantities_that_may_be_added() -> None:
    assert texts(table(summary(cloud()).summary, "charges")) == [
        ["charge", "quantity", "amount"],
        ["calls", "1,500 calls", "150.00"],
        ["seats", "", "40.00"],
        ["storage", "", "24.00"],  # 500 GB and 700 GB are no 1,200 GB
        ["pack, bought", "", "3.00"],
        ["paid of these from credit", "", "-2.00"],
        ["all charges", "", "215.00"],
    ]


def test_one_tax_at_one_rate() -> None:
    told = table(summary(cloud()).summary, "taxes")
    assert texts(told)[:2] == [["tax", "rate", "on", "amount"], ["VAT", "19%", "197.80", "37.58"]]


MANY = """tariff many "Many" { currency EUR;  timezone "UTC" }
unit call, calls
meter used in calls
"""
NOBODY = "account: a\nactivated: 2026-01-01\nusage: []\n"


def fees(count: int) -> Statement:
    lists = MANY + "".join(f"charge fee_{n} {{ every month;  amount {n} EUR }}\n" for n in range(1, count + 1))
    return statement(
        rated(lists, "many.tariff", "account: a\nactivated: 2026-01-01\nusage: []\n", (2026, 1), (2026, 2))
    )


@pytest.mark.parametrize(("count", "told"), [(1, 0), (2, 2), (5, 5), (6, 6), (7, 6), (8, 6)])
def test_few_charges_are_all_told_and_of_many_the_largest(count: int, told: int) -> None:
    found = table(summary(fees(count)).summary, "charges")
    assert (0 if found is None else len(found.rows)) == told
    if count > 6:
        rest = range(1, count - 4)
        assert texts(found)[-2] == [f"{len(rest)} others", f"{2 * sum(rest)}.00"]


def test_what_cost_nothing_is_not_among_the_largest_charges() -> None:
    amounts = {"base": "3", "seats": "team", "other_seats": "team", "more": "1"}
    charges = "".join(f"charge {name} {{ every month;  amount {of} * 1 EUR }}\n" for name, of in amounts.items())
    of_two = statement(rated(f"{MANY}setting team = 0\n{charges}", "many.tariff", NOBODY, (2026, 1), (2026, 2)))
    assert [row[0] for row in texts(table(summary(of_two).summary, "charges"))] == [
        "charge", "base", "more", "all charges"]  # fmt: skip
    check_statement(of_two)
    of_one = statement(rated(f"{MANY}setting team = 0\n{charges.replace('amount 1', 'amount 0')}", "many.tariff",
                             NOBODY, (2026, 1), (2026, 2)))  # fmt: skip
    assert table(summary(of_one).summary, "charges") is None
    check_statement(of_one)


def test_steps_of_one_kind_have_a_column_each_where_there_are_few() -> None:
    def heads(discounts: int, taxes: int) -> list[str]:
        rules = MANY + "charge fee { every month;  amount 100 EUR }\n"
        rules += "".join(f'discount d{n} "less {n}" {{ on fee;  rate {n}% }}\n' for n in range(1, discounts + 1))
        rules += "".join(f'tax t{n} "tax {n}" {{ on subtotal;  rate {n}% }}\n' for n in range(1, taxes + 1))
        made = rated(rules, "many.tariff", NOBODY, (2026, 1), (2026, 2))
        check_statement(statement(made))
        return texts(table(summary(statement(made)).summary, "bills"))[0][1:]

    assert heads(0, 0) == ["due"]
    assert heads(2, 3) == ["charges", "less 1", "less 2", "tax 1, 1%", "tax 2, 2%", "tax 3, 3%", "due"]
    assert heads(3, 4) == ["charges", "discounts", "taxes", "due"]


def test_a_bill_of_nothing_has_no_page_and_the_change_skips_it() -> None:
    for format in FORMATS:
        told = render(cloud(), format, "full")
        assert ("Bill for acme, March 2026" in told) == (format == "json")
    text = " ".join(render(cloud(), "text").split())
    assert "3 bills" in text
    assert "59.74 EUR less than the bill before" in text  # May against January


def test_a_month_of_which_a_quota_is_to_be_told_has_a_page() -> None:
    rules = (
        MANY
        + "grant free { covers used;  size 10 calls;  renews every month }\ncharge fee { on used;  rate 1 EUR/call }\n"
    )
    rules += "deduct used from free > fee\n"
    account = "account: a\nactivated: 2026-01-01\nusage:\n"
    account += "".join(f"  - {{meter: used, at: 2026-0{n}-02, quantity: 5}}\n" for n in (1, 2))
    made = summary(statement(rated(rules, "many.tariff", account, (2026, 1), (2026, 2), (2026, 3))))
    assert [document.idle for document in made.documents] == [False, False, True]


def test_of_one_bill_there_is_no_sum() -> None:
    assert summary(statement(cloud().bills[:1])).summary == ()


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("format", FORMATS)
def test_all_forms_begin_with_the_sum(format: str, detail: str) -> None:
    told = render(cloud(), format, detail)
    assert 0 < told.index("197.80") < told.index("Bill for acme, January 2026")


def test_each_bill_is_linked() -> None:
    page, text = render(cloud(), "html"), render(cloud(), "markdown")
    ids = ["bill-2026-01-01", "bill-2026-05-01", "bill-2026-06-01"]
    assert re.findall(r'<article id="(.*?)">', page) == ids
    assert re.findall(r'<a href="#(.*?)">', page)[: len(ids)] == ids
    assert re.findall(r"\]\(#(.*?)\)", text)[: len(ids)] == ids


def test_so_is_each_section_that_a_bill_begins_with_the_sum_of() -> None:
    page, text = render(cloud(), "html"), render(cloud(), "markdown")
    january = [
        f"bill-2026-01-01-{name}" for name in ("meter-calls_made", "meter-held", "discounts", "taxes", "payments-total")
    ]
    assert re.findall(r'<section class="[\w ]+" id="(.*?)">', page)[:5] == january
    for told, links, places in (
        (page, r'<a href="#(.*?)">', r' id="(.*?)"'),
        (text, r"\]\(#(.*?)\)", r'<a id="(.*?)"></a>'),
    ):
        assert sorted(re.findall(links, told)) == sorted(re.findall(places, told))
        assert set(january) < set(re.findall(links, told))


def test_a_bill_of_several_sections_begins_with_their_sums() -> None:
    document = summary(cloud()).documents[0]
    assert texts(table(document.summary, "sections")) == [
        ["part", "used or measured", "amount"],
        ["Calls", "1,200 calls", "119.00 EUR"],
        ["Storage", "500 GB", "10.00 EUR"],
        ["Discounts", "", "-12.90 EUR"],
        ["Taxes", "", "22.06 EUR"],
        ["Paid of the total", "", "-5.00 EUR"],
        ["due", "", "133.16 EUR"],
    ]
    assert summary(cloud()).documents[-1].summary == ()  # fees, taxes and corrections are seen at a glance


def bars(result: Statement) -> list[tuple[str, str, int]]:
    picture = summary(result).summary[0].picture
    assert picture is not None
    return [(bar.label, bar.below, bar.height) for bar in picture.bars]


def test_a_bar_for_each_month_with_its_height() -> None:
    # 73.42 and 23.80 of 133.16
    months = [("Jan", "2026", 1000), *((name, "", 0) for name in ("Feb", "Mar", "Apr"))]
    assert bars(cloud()) == [*months, ("May", "", 551), ("Jun", "", 179)]


def credited() -> Statement:
    rules = MANY + "charge fee { every month;  amount 10 EUR;  when team }\nsetting team = on\n"
    rules += "charge back { every month;  amount -40 EUR;  when not team }\n"
    account = "account: a\nactivated: 2025-11-01\nsettings: {team: {2026-01-01: off}}\nusage: []\n"
    months = ((2025, 11), (2025, 12), (2026, 1))
    return statement(rated(rules, "many.tariff", account, *months))


def test_a_credit_is_a_bar_below_the_line() -> None:
    assert bars(credited()) == [("Nov", "2025", 250), ("Dec", "", 250), ("Jan", "2026", -1000)]
    page = render(credited(), "html")
    line = re.search(r'<line [^>]*x1="0" x2="100%" y1="([\d.]+)"', page)
    drawn = re.findall(r'<rect class="(\w+)" .*? y="([\d.]+)" height="([\d.]+)"><title>(.*?)</title>', page)
    assert line is not None and line[1] == "23.2"  # a fifth of 96 below 4
    assert drawn == [
        ("up", "4.0", "19.2", "November 2025: 10.00 EUR"),
        ("up", "4.0", "19.2", "December 2025: 10.00 EUR"),
        ("down", "23.2", "76.8", "January 2026: -40.00 EUR"),
    ]
    assert re.search(r'<svg [^>]*aria-label="bars, one for each bill of the table: the highest bill is [^"]+"', page)


def test_a_template_that_extends_our_page_has_the_same_tables_and_picture(tmp_path: Path) -> None:
    own = tmp_path / "own.html"
    own.write_text('{% extends "statement.html" %}')
    assert render_with_template(credited(), own).split() == render(credited(), "html").split()


def test_a_picture_of_many_days_has_every_third_name() -> None:
    rules = MANY + "charge fee { every day;  amount 1 EUR }\n"
    page = render(statement(days(rules, 31)), "html")
    assert len(re.findall("<rect ", page)) == 31
    assert re.findall(r'<text [^>]*y="116"[^>]*>(\d\d)</text>', page) == [f"{day:02}" for day in range(1, 32, 3)]
    assert re.findall(r'<text [^>]*y="131"[^>]*>(\w+)</text>', page) == ["Mar"]


def days(rules: str, count: int) -> list[Bill]:
    tariff = read_tariff(rules, "many.tariff")
    read, _ = usage.read(Source("account.yaml", "account: a\nactivated: 2026-03-01\nusage: []\n"))
    assert read is not None
    calendar = calendar_of("UTC")
    start, end = (calendar.instant(Date(2026, 3, 1).add(days=n)) for n in (0, count))
    bills, problems = rate_account([plan_of(tariff)], read, list(calendar.periods(Cadence(PeriodUnit.DAY), start, end)))
    assert not problems
    return bills


def test_without_anything_due_there_is_no_picture() -> None:
    rules = MANY + "charge fee { every month;  amount 0 EUR }\n"
    made = statement(rated(rules, "many.tariff", NOBODY, (2026, 1), (2026, 2)))
    assert summary(made).summary[0].picture is None
    assert "<svg" not in render(made, "html")


@pytest.mark.parametrize("name", all_bills())
def test_sections_add_up(name: str) -> None:
    document = assemble(all_bills()[name], "normal")
    assert isinstance(document, Document)
    check_bill(all_bills()[name], document)


ACCOUNTS = {name: account(name) for name in NAMES}
STATEMENTS = {name: made for name, made in ACCOUNTS.items() if isinstance(made, Statement)}


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_of_whole_accounts_add_up(name: str) -> None:
    check_statement(STATEMENTS[name])


def test_small_statements_add_up() -> None:
    for result in (cloud(), both(), credited()):
        check_statement(result)


def test_nine_months_without_a_bill_of_water_are_three_rows() -> None:
    told = texts(table(summary(STATEMENTS["a year of water"]).summary, "bills"))
    assert [row[0].partition(", ")[2] for row in told[1:-1]] == ["no bill", "", "no bill", "", "no bill", ""]


def test_json_has_the_sum_and_all_bills() -> None:
    data = json.loads(render(cloud(), "json", "short"))
    bills, charges, taxes = data["summary"]
    assert bills["tables"][0]["rows"][0][0] == {"text": "January 2026", "target": "bill-2026-01-01"}
    assert bills["tables"][0]["foot"][-1] == {"value": "230.38", "exact": "230.38", "currency": "EUR", "text": "230.38"}
    assert [bill["id"] for bill in data["bills"]][1:3] == ["bill-2026-02-01", "bill-2026-03-01"]
    assert (charges["name"], taxes["name"]) == ("charges", "taxes")
