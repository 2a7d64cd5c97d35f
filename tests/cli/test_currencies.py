"""A price list in several currencies: billed, explained, tested and from Python, in the one that the account has."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

import ratewright
from ratewright.diagnostics import RatewrightError

LIST = """tariff pictures "Pictures" { currency USD, EUR, JPY;  timezone "UTC" }
unit pic, pics
meter images in pics
meter prints in pics
setting most in currency = 1,000 currency
package pack {
  covers   images
  sizes    { 1,000 pics 75 USD or 70 EUR;  2,000 pics 150 USD }
  valid    1 year from purchase
}
charge image_fee { on images;  every month;  rate 0.085 USD/pic or 0.071 EUR/pic or 9.4 JPY/pic;  maximum most }
charge print_fee { on prints;  every month;  rate 0.2 USD/pic }
deduct images from pack > image_fee
"""
ACME = """account: acme
tariff: pictures
currency: EUR
purchases:
  - {id: p1, package: pack, size: "1,000 pics", count: 1, at: 2026-03-01}
usage:
  - {meter: images, at: 2026-03-02T10:00:00Z, quantity: 1001}
expect:
  - {total: 70.07 EUR}
"""


@pytest.fixture
def acme(tmp_path, monkeypatch):
    """A way to write the account anew, with some of its text replaced."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pictures.tariff").write_text(LIST)

    def written(old: str = "", new: str = "") -> None:
        assert old in ACME
        (tmp_path / "acme.yaml").write_text(ACME.replace(old, new))

    written()
    return written


def bill(run, *options: str):
    return run("bill", "pictures.tariff", "acme.yaml", "--period", "2026-03", *options)


def test_a_bill_is_in_the_currency_of_the_account(run, acme) -> None:
    made = json.loads(bill(run, "--format", "json").stdout)
    assert (made["currency"], made["total"]) == ("EUR", "70.07")
    assert {line["source"]: (line["amount"], line["exact"]) for line in made["lines"]} == {
        "pack": ("70.00", "70.00"),
        "image_fee": ("0.07", "0.071"),
    }
    rows = bill(run, "--format", "csv").stdout.splitlines()
    assert rows[0].split(",").index("currency") > 0
    assert all("EUR" in row and "USD" not in row for row in rows[1:])


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_an_explanation_speaks_of_no_other_currency(run, acme, form) -> None:
    said = run(
        "explain", "pictures.tariff", "acme.yaml", "--period", "2026-03", "--format", form, "--detail", "full"
    ).stdout
    assert "0.071" in said
    if form == "json":
        data = json.loads(said)
        del data["rules"]  # the rule file as it is written
        said = json.dumps(data)
    said = said.partition("The rules, as they were read")[0]
    assert "USD" not in said.replace("1,000 pics 75 USD or 70 EUR", "")  # the row of the size, as it is written


def test_the_smallest_unit_of_each_currency_holds(run, acme) -> None:
    acme(
        'currency: EUR\npurchases:\n  - {id: p1, package: pack, size: "1,000 pics", count: 1, at: 2026-03-01}',
        "currency: JPY",
    )
    made = json.loads(bill(run, "--format", "json").stdout)
    assert (made["currency"], made["total"]) == ("JPY", "1000")  # 9,409.4 JPY, but for the most that it may be
    acme(
        'currency: EUR\npurchases:\n  - {id: p1, package: pack, size: "1,000 pics", count: 1, at: 2026-03-01}',
        "currency: JPY\nsettings: {most: 20000 JPY}",
    )
    assert json.loads(bill(run, "--format", "json").stdout)["total"] == "9409"


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("currency: EUR\n", "", "A109", "the list has prices in USD, EUR and JPY, and the account names none"),
        ("currency: EUR", "currency: GBP", "A109", "the list has no prices in GBP"),
        ("meter: images", "meter: prints", "A403", "`0.2 USD/pic` is no price in EUR"),
        ("1,000 pics", "2,000 pics", "A105", "pack is not sold in 2,000 pics for EUR"),
        ("currency: EUR", "currency: EUR\nsettings: {most: 5 USD}", "A104", "USD"),
        ("count: 1,", "count: 1, paid: 5 USD,", "A105", "USD"),
    ],
)
def test_what_is_not_in_the_currency_of_the_account_is_refused(run, acme, old, new, code, said) -> None:
    acme(old, new)
    done = bill(run)
    assert done.exit_code == 2
    assert f"error[{code}]" in done.stderr
    assert said in done.stderr


def test_a_fixture_is_tested_in_its_currency(run, acme) -> None:
    assert run("test", "pictures.tariff", "acme.yaml").stdout.splitlines()[-1].startswith("1 passed")
    acme("70.07 EUR", "70.07 USD")
    done = run("test", "pictures.tariff", "acme.yaml")
    assert "1 error" in done.stdout
    acme("currency: EUR\n", "")
    assert "the account names none" in run("test", "pictures.tariff", "acme.yaml").stdout


def test_the_python_interface(acme) -> None:
    tariff, usage = ratewright.load("pictures.tariff"), ratewright.read_usage("acme.yaml")
    bill = tariff.bill(usage, "2026-03")
    assert (bill.currency, bill.total) == ("EUR", Decimal("70.07"))
    assert tariff.statement(usage).total == Decimal("70.07")
    assert any("print_fee" in warning.message for warning in tariff.warnings)
    acme("currency: EUR\n", "")
    with pytest.raises(RatewrightError, match="the account names none"):
        tariff.bill(ratewright.read_usage("acme.yaml"), "2026-03")


def test_a_list_in_one_currency_bills_an_account_that_names_it_and_no_other(run, acme, tmp_path) -> None:
    (tmp_path / "pictures.tariff").write_text(
        'tariff pictures { currency EUR; timezone "UTC" }\nunit pic, pics\nmeter images in pics\n'
        "package pack { covers images; sizes { 1,000 pics 70 EUR }; valid 1 year from purchase }\n"
        "charge image_fee { on images; every month; rate 0.071 EUR/pic }\ndeduct images from pack > image_fee\n"
    )
    for old, new in (("", ""), ("currency: EUR\n", "")):
        acme(old, new)
        assert json.loads(bill(run, "--format", "json").stdout)["total"] == "70.07"
    acme("currency: EUR", "currency: USD")
    assert "the list has no prices in USD" in bill(run).stderr


# ---------------------------------------------------------------- versions

OLD = """tariff calls_list { currency USD;  timezone "UTC";  effective from 2026-01-01 until 2026-03-01 }
unit call, calls
meter m in calls
charge fee { on m;  every month;  rate 1 USD/call }
"""
NEW = OLD.replace("currency USD", "currency USD, EUR").replace("from 2026-01-01 until 2026-03-01", "from 2026-03-01")
NEW = NEW.replace("1 USD/call", "2 USD/call or 3 EUR/call")


@pytest.fixture
def versions(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "old.tariff").write_text(OLD)
    (tmp_path / "prices" / "new.tariff").write_text(NEW)

    def totals(run, currency: str, first: str) -> list[str] | str:
        usage = [
            f"  - {{meter: m, at: 2026-{month}-10T10:00:00Z, quantity: 5}}" for month in ("02", "03") if month >= first
        ]
        text = f"account: acme\ncurrency: {currency}\nusage:\n" + "\n".join(usage)
        (tmp_path / "acme.yaml").write_text(text)
        done = run("bill", "prices", "acme.yaml", "--from", f"2026-{first}", "--to", "2026-03", "--format", "json")
        if done.exit_code:
            return done.stderr
        made = json.loads(done.stdout)
        return [each["total"] for each in made.get("bills", [made])]

    return totals


def test_an_account_goes_through_the_versions_that_have_its_currency(run, versions) -> None:
    assert versions(run, "USD", "02") == ["5.00", "10.00"]
    assert versions(run, "EUR", "03") == ["15.00"]


def test_a_time_before_a_list_had_the_currency_is_refused(run, versions) -> None:
    assert "error[A203]" in versions(run, "EUR", "02")


def test_versions_without_a_currency_in_common_are_no_versions(run, versions, tmp_path) -> None:
    (tmp_path / "prices" / "old.tariff").write_text(OLD.replace("USD", "CHF"))
    assert "differ in timezone or currency" in run("check", "prices").stdout
    with pytest.raises(RatewrightError, match="differ in timezone or currency"):
        ratewright.load_versions("prices/old.tariff", "prices/new.tariff")


# ---------------------------------------------------------------- contracts

CONTRACT = """contract acme "Contract with Acme" {
  list     pictures
  replace  rate of image_fee with 0.06 EUR/pic
  scale    image_fee by 50%
}
example "in EUR" { set currency EUR;  use 100 pics of images in 2026-03;  expect image_fee == 3 EUR }
example "in USD" { set currency USD;  use 100 pics of images in 2026-03;  expect exact(image_fee) == 4.25 USD }
"""


def test_a_contract_in_one_currency_leaves_the_lists_price_in_the_others(run, acme, tmp_path) -> None:
    (tmp_path / "acme.contract").write_text(CONTRACT)
    acme("quantity: 1001", "quantity: 2000")
    said = run("explain", "pictures.tariff", "acme.yaml", "--period", "2026-03", "--contract", "acme.contract").stdout
    assert "50% of 60.00 EUR = 30.00 EUR" in said
    assert "by the list 71.00 EUR" in said
    assert "0.06 EUR/pic in place of 0.071 EUR/pic" in said
    acme("currency: EUR", "currency: USD")
    (line,) = lines(bill(run, "--contract", "acme.contract", "--format", "json"), "image_fee")
    assert (line["exact"], line["list_amount"]) == ("0.0425", "0.09")
    assert [change["after"] for change in line["contract"]] == ["50%"]
    both = CONTRACT.replace("with 0.06", "with 0.08 USD/pic or 0.06")
    apart = CONTRACT.replace("with 0.06 EUR/pic", "with 0.06 EUR/pic\n  replace  rate of image_fee with 0.08 USD/pic")
    for text in (both, apart):
        (tmp_path / "acme.contract").write_text(text)
        (line,) = lines(bill(run, "--contract", "acme.contract", "--format", "json"), "image_fee")
        assert (line["exact"], line["contract"][0]["after"]) == ("0.04", "0.08 USD/pic")
        assert line["contract"][0]["before"] == "0.085 USD/pic"
    done = run("check", "pictures.tariff", "--contract", "acme.contract", "--effective").stdout
    rows = [" ".join(row.split()) for row in done.splitlines() if "rate of image_fee" in row]
    listed = "0.085 USD/pic or 0.071 EUR/pic or 9.4"  # JPY/pic stands on the line below
    assert rows == [
        f"rate of image_fee in USD {listed} 0.08 USD/pic acme.contract:4",
        f"rate of image_fee in EUR {listed} 0.06 EUR/pic acme.contract:3",
        f"rate of image_fee in JPY {listed} the same pictures.tariff:11",
    ]


def test_two_prices_in_one_currency_tie(run, acme, tmp_path) -> None:
    said = "with 0.06 EUR/pic\n  replace  rate of image_fee with 0.08 USD/pic or 0.05 EUR/pic"
    (tmp_path / "acme.contract").write_text(CONTRACT.replace("with 0.06 EUR/pic", said))
    assert "error[D103]" in bill(run, "--contract", "acme.contract").stderr


def test_a_size_that_a_contract_sells_in_one_currency_stays_the_lists_in_another(run, acme, tmp_path) -> None:
    (tmp_path / "acme.contract").write_text(
        CONTRACT.replace("rate of image_fee with 0.06 EUR/pic", "1,000 pics of pack with 60 USD")
    )
    (line,) = lines(bill(run, "--contract", "acme.contract", "--format", "json"), "pack")
    assert line["amount"] == "70.00"


def lines(done, source: str) -> list[dict[str, object]]:
    return [line for line in json.loads(done.stdout)["lines"] if line["source"] == source]


def test_the_examples_of_a_contract_say_their_currency(run, acme, tmp_path) -> None:
    (tmp_path / "acme.contract").write_text(CONTRACT)
    done = run("test", "pictures.tariff", "--contract", "acme.contract")
    assert done.stdout.splitlines()[-1] == "2 passed, 0 failed, 0 disputed, 0 errors"
