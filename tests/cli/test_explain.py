"""`ratewright explain`."""

import json

import pytest
from pydantic import TypeAdapter

from ratewright.explain.machine.json_schema import BillExplanation, StatementExplanation

EXPLANATION: TypeAdapter = TypeAdapter(BillExplanation | StatementExplanation)


@pytest.mark.parametrize(
    ("style", "begins", "says"),
    [
        ("text", "Bill for acme, March 2026", "500 photos  0 left"),
        ("markdown", "# Bill for acme, March 2026", "|"),
        ("html", "<!doctype html>", "</html>"),
    ],
)
def test_formats(run, prices, style: str, begins: str, says: str) -> None:
    done = run("explain", "prices.tariff", "acme.yaml", "--format", style)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.lower().startswith(begins.lower())
    assert says in done.stdout


def test_json(run, prices) -> None:
    done = run("explain", "prices.tariff", "acme.yaml", "--format", "json", "--detail", "full")
    explanation = EXPLANATION.validate_json(done.stdout)
    assert (explanation.account, explanation.detail, explanation.total.value) == ("acme", "full", "5.00")


def test_json_of_several_accounts(run, two_accounts) -> None:
    found = json.loads(run("explain", "prices.tariff", "two.yaml", "--format", "json").stdout)
    assert [EXPLANATION.validate_python(one).kind for one in found] == ["bill", "statement"]


def test_lengths(run, prices) -> None:
    texts = [
        run("explain", "prices.tariff", "acme.yaml", "--detail", detail).stdout
        for detail in ("short", "normal", "full")
    ]
    assert [len(text) for text in texts] == sorted({len(text) for text in texts})
    assert run("explain", "prices.tariff", "acme.yaml").stdout == texts[1]
    assert run("bill", "prices.tariff", "acme.yaml").stdout == texts[0]
    assert "prices.tariff:" in texts[2]


def test_a_page_is_about_one_account(run, two_accounts) -> None:
    done = run("explain", "prices.tariff", "two.yaml", "--format", "html")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--account" in done.stderr
    assert run("explain", "prices.tariff", "two.yaml", "--format", "html", "--account", "two").exit_code == 0


def test_a_template(run, prices) -> None:
    (prices / "own.txt").write_text("{{ account }} owes {{ total|money }}\n")
    done = run("explain", "prices.tariff", "acme.yaml", "--template", "own.txt")
    assert (done.exit_code, done.stdout) == (0, "acme owes 5.00 USD\n")


def test_a_template_that_fails(run, prices) -> None:
    (prices / "own.txt").write_text("line\n{{ nothing }}\n")
    done = run("explain", "prices.tariff", "acme.yaml", "--template", "own.txt")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "own.txt:2" in done.stderr


def test_a_template_excludes_a_format(run, prices) -> None:
    done = run("explain", "prices.tariff", "acme.yaml", "--template", "own.txt", "--format", "html")
    assert done.exit_code == 2
    assert "leave --format out" in done.stderr


def test_a_template_that_is_not_there(run, prices) -> None:
    done = run("explain", "prices.tariff", "acme.yaml", "--template", "nix.txt")
    assert done.exit_code == 2
    assert "`nix.txt` does not exist" in done.stderr
