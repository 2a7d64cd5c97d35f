"""`ratewright bill`."""

import csv
import io
import json

import pytest

from ratewright.report.bill_schema import BillModel, StatementModel
from tests.cli.conftest import change


def test_text_is_the_short_explanation(run, prices) -> None:
    done = run("bill", "prices.tariff", "acme.yaml")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Bill for acme, March 2026")
    assert done.stdout.endswith("total  5.00 USD\n")
    assert "photo fee" in done.stdout
    assert "because" not in done.stdout


def test_json_is_a_bill(run, prices) -> None:
    done = run("bill", "prices.tariff", "acme.yaml", "--format", "json")
    bill = BillModel.model_validate_json(done.stdout)
    assert (bill.account, bill.total, bill.currency) == ("acme", "5.00", "USD")
    assert [line.source for line in bill.lines] == ["photo_fee"]


def test_csv_has_a_row_for_each_line(run, prices) -> None:
    done = run("bill", "prices.tariff", "acme.yaml", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["account"], row["source"], row["quantity"], row["amount"]) == ("acme", "photo_fee", "250", "5.00")


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ((), ["2026-03", "2026-04"]),
        (("--period", "2026-04"), ["2026-04"]),
        (("--from", "2026-02", "--to", "2026-04"), ["2026-02", "2026-03", "2026-04"]),
        (("--period", "2026"), [f"2026-{month:02}" for month in range(1, 13)]),
    ],
)
def test_the_periods(run, two_accounts, words: tuple[str, ...], months: list[str]) -> None:
    done = run("bill", "prices.tariff", "two.yaml", "--account", "two", "--format", "json", *words)
    assert done.exit_code == 0, done.stderr
    if len(months) == 1:
        bills = [BillModel.model_validate_json(done.stdout)]
    else:
        bills = StatementModel.model_validate_json(done.stdout).bills
    assert [bill.period.start[:7] for bill in bills] == months


def test_a_day(run, prices) -> None:
    done = run("bill", "prices.tariff", "acme.yaml", "--period", "2026-03-02", "--format", "json")
    assert json.loads(done.stdout)["period"]["end"].startswith("2026-03-03")


def test_several_accounts_as_text(run, two_accounts) -> None:
    done = run("bill", "prices.tariff", "two.yaml")
    assert done.stdout.index("Bill for one, March 2026") < done.stdout.index("Statement for two")


def test_several_accounts_as_json_are_an_array(run, two_accounts) -> None:
    first, second = json.loads(run("bill", "prices.tariff", "two.yaml", "--format", "json").stdout)
    assert BillModel.model_validate(first).total == "2.00"
    assert StatementModel.model_validate(second).total == "5.00"


def test_several_accounts_as_csv_share_a_header(run, two_accounts) -> None:
    lines = run("bill", "prices.tariff", "two.yaml", "--format", "csv").stdout.splitlines()
    assert [line.split(",")[0] for line in lines] == ["account", "one", "two", "two"]


def test_one_account_of_several(run, two_accounts) -> None:
    done = run("bill", "prices.tariff", "two.yaml", "--account", "one", "--format", "json")
    assert json.loads(done.stdout)["account"] == "one"
    other = run("bill", "prices.tariff", "two.yaml", "--account", "three")
    assert other.exit_code == 2
    assert "there is no account `three`" in other.stderr
    assert "`one`, `two`" in other.stderr


def test_rules_from_standard_input(run, prices) -> None:
    text = (prices / "prices.tariff").read_text(encoding="utf-8")
    done = run("bill", "-", "acme.yaml", "--format", "json", stdin=text)
    assert json.loads(done.stdout)["lines"][0]["rule"]["file"] == "<stdin>"


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_usage_from_standard_input(run, prices, form: str) -> None:
    text = (prices / "acme.yaml").read_text(encoding="utf-8")
    if form == "json":
        record = {"meter": "improved_photos", "in": "2026-03", "quantity": 750}
        text = json.dumps({"account": "acme", "activated": "2026-03-01T00:00:00Z", "usage": [record]})
    done = run("bill", "prices.tariff", "-", stdin=text)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.endswith("total  5.00 USD\n")


def test_standard_input_is_read_once(run) -> None:
    done = run("bill", "-", "-", stdin="")
    assert done.exit_code == 2
    assert "only one of the files may be `-`" in done.stderr


def test_all_that_is_wrong_with_both_files_is_said_at_once(run, prices) -> None:
    change(prices / "prices.tariff", "timezone   ", "timzone    ")
    change(prices / "acme.yaml", "activated", "actvated")
    done = run("bill", "prices.tariff", "acme.yaml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--> prices.tariff:6:3" in done.stderr
    assert "--> acme.yaml:4:1" in done.stderr


def test_a_missing_rule_file_does_not_hide_what_is_wrong_with_the_usage(run, prices) -> None:
    change(prices / "acme.yaml", "activated", "actvated")
    done = run("bill", "nix.tariff", "acme.yaml")
    assert done.exit_code == 2
    assert "cannot read `nix.tariff`" in done.stderr
    assert "`actvated`" in done.stderr


def test_usage_that_does_not_fit_the_rules(run, prices) -> None:
    change(prices / "acme.yaml", "improved_photos, at: 2026-03-02", "improved_pictures, at: 2026-03-02")
    done = run("bill", "prices.tariff", "acme.yaml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no meter `improved_pictures`" in done.stderr


def test_one_bad_account_of_several_leaves_nothing_done(run, two_accounts) -> None:
    change(two_accounts, "quantity: 700", "quantity: 700 boxes")
    done = run("bill", "prices.tariff", "two.yaml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "boxes" in done.stderr


def test_a_fixture_of_another_price_list_is_billed_with_a_warning(run, prices) -> None:
    change(prices / "acme.yaml", "tariff: photo_api", "tariff: video_api")
    done = run("bill", "prices.tariff", "acme.yaml")
    assert done.exit_code == 0
    assert "total  5.00 USD" in done.stdout
    assert "written for the price list `video_api` and is billed by `photo_api`" in done.stderr


def test_usage_without_any_time(run, prices) -> None:
    (prices / "empty.yaml").write_text("account: acme\nactivated: 2026-03-01T00:00:00Z\n")
    done = run("bill", "prices.tariff", "empty.yaml")
    assert done.exit_code == 2
    assert "tell of no time" in done.stderr
    assert "--period 2026-03" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--period", "March"), "`March` is no period"),
        (("--period", "2026-13"), "does not exist in the calendar"),
        (("--period", "2025-12"), "the price list holds from 2026-01-01"),
        (("--from", "2026-03"), "a range has two ends"),
        (("--from", "2026-3", "--to", "2026-04"), "`2026-3` is no month"),
        (("--from", "2026-05", "--to", "2026-04"), "the range ends before it begins"),
        (("--period", "2026-03", "--from", "2026-03", "--to", "2026-04"), "either --period, or --from and --to"),
    ],
)
def test_periods_that_cannot_be_billed(run, prices, words: tuple[str, ...], said: str) -> None:
    done = run("bill", "prices.tariff", "acme.yaml", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
