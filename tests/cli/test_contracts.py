"""Contracts on the command line: named by the option, by a fixture, or found in a folder."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

LIST = """tariff photo_api { currency USD;  timezone "UTC" }
unit photo, photos
meter improved in photos
charge photo_fee { on improved;  every month;  rate 0.02 USD/photo }
"""
CONTRACT = """contract acme_2026 {
  list photo_api
  for acme
  replace rate of photo_fee with 0.01 USD/photo
}
example "half" { use 100 photos of improved in 2026-04;  expect total == 1 USD }
"""
ACCOUNT = """account: {name}
tariff: photo_api
{contract}usage: [{{meter: improved, in: 2026-04, quantity: 100}}]
expect: [{{period: 2026-04, total: {total} USD}}]
"""


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("photo_api.tariff", LIST),
        ("acme.contract", CONTRACT),
        ("acme.yaml", ACCOUNT.format(name="acme", contract="contract: acme.contract\n", total=1)),
        ("plain.yaml", ACCOUNT.format(name="acme", contract="", total=1)),
        ("bolt.yaml", ACCOUNT.format(name="bolt", contract="", total=2)),
        ("stolen.yaml", ACCOUNT.format(name="bolt", contract="contract: [acme.contract]\n", total=1)),
    ):
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("words", [("acme.yaml",), ("plain.yaml", "--contract", "acme.contract")])
def test_a_bill_under_a_contract(run: Run, beside: Path, words: tuple[str, ...]) -> None:
    done = run("bill", "photo_api.tariff", *words, "--period", "2026-04", "--format", "json")
    (line,) = json.loads(done.stdout)["lines"]
    assert (done.exit_code, line["amount"], line["list_amount"]) == (0, "1.00", "2.00")
    assert line["contract"][0]["rule"] == {"file": "acme.contract", "line": 4}
    done = run("bill", "photo_api.tariff", *words, "--period", "2026-04", "--format", "csv")
    assert [row["list_amount"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["2.00"]
    assert "by the list 2.00 USD" in run("explain", "photo_api.tariff", *words, "--period", "2026-04").stdout


def test_the_option_and_the_fixture_may_name_one_file(run: Run, beside: Path) -> None:
    words = ("photo_api.tariff", "acme.yaml", "--contract", "acme.contract", "--period", "2026-04")
    assert "1.00 USD" in run("bill", *words).stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("photo_api.tariff", "bolt.yaml", "--contract", "acme.contract"), "D106"),
        (("photo_api.tariff", "stolen.yaml"), "D106"),
        (("photo_api.tariff", "acme.yaml", "--contract", "photo_api.tariff"), "D105"),
        (("acme.contract", "acme.yaml"), "R203"),
        (("photo_api.tariff", "acme.yaml", "--contract", "nowhere.contract"), "L101"),
    ],
)
def test_what_does_not_belong_together(run: Run, beside: Path, words: tuple[str, ...], code: str) -> None:
    done = run("bill", *words, "--period", "2026-04")
    assert done.exit_code == 2
    assert f"[{code}]" in done.stderr


def test_a_bill_does_not_replace_its_contract(run: Run, beside: Path) -> None:
    words = ("photo_api.tariff", "plain.yaml", "--contract", "acme.contract", "-o", "acme.contract")
    assert run("bill", *words).exit_code == 2
    assert Path("acme.contract").read_text(encoding="utf-8") == CONTRACT


def test_contracts_are_tested(run: Run, beside: Path) -> None:
    Path("stolen.yaml").unlink()
    done = run("test", "photo_api.tariff", "acme.contract", "acme.yaml", "bolt.yaml")
    assert (done.exit_code, done.stdout.count("1 passed")) == (0, 3)
    assert run("test", "photo_api.tariff", "plain.yaml").exit_code == 1
    assert run("test", "photo_api.tariff", "plain.yaml", "--contract", "acme.contract").exit_code == 0
    Path("acme.contract").write_text(CONTRACT.replace("0.01", "0.03"), encoding="utf-8")
    assert run("test").exit_code == 1


def test_what_holds(run: Run, beside: Path) -> None:
    done = run("check", "photo_api.tariff", "--contract", "acme.contract", "--effective")
    assert done.exit_code == 0
    assert "rate of photo_fee  0.02 USD/photo  0.01 USD/photo  acme.contract:4" in done.stdout
    done = run("check", "photo_api.tariff", "--contract", "acme.contract", "--effective", "--format", "json")
    (one,) = json.loads(done.stdout)["effective"]
    (value,) = one["values"]
    assert (one["contracts"], value["list"], value["effective"]) == (["acme_2026"], "0.02 USD/photo", "0.01 USD/photo")
    assert run("check", "photo_api.tariff", "--effective").exit_code == 2


def test_a_fee_in_both_parts_of_a_period_that_a_contract_splits(run: Run, beside: Path) -> None:
    fees = "charge base { every month;  amount 20 USD }\ncharge other { every month;  amount 9 USD }\n"
    Path("photo_api.tariff").write_text(LIST + fees, encoding="utf-8")
    times = "effective from 2026-04-15;  changes split the period;  drop other"
    Path("split.contract").write_text(f"contract split {{ list photo_api;  {times} }}", encoding="utf-8")
    done = run("check", "photo_api.tariff", "--contract", "split.contract")
    assert done.stdout.count("C110") == 1
    assert "`base` is billed whole in both parts of the period that the change on 2026-04-15 splits" in done.stdout
    for whole in (times.replace("04-15", "04-01"), times.replace("changes split the period;", "")):
        Path("split.contract").write_text(f"contract split {{ list photo_api;  {whole} }}", encoding="utf-8")
        assert "C110" not in run("check", "photo_api.tariff", "--contract", "split.contract").stdout


def test_a_list_that_lost_what_a_contract_names(run: Run, beside: Path) -> None:
    Path("photo_api.tariff").write_text(LIST.replace("rate 0.02 USD/photo", "amount 5 USD"), encoding="utf-8")
    done = run("check", "photo_api.tariff", "--contract", "acme.contract")
    assert done.exit_code == 1
    assert "`photo_fee` has no `rate`" in done.stdout
