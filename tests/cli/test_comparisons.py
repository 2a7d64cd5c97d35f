"""`explain --against-…`: two bills from the command line."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from ratewright.explain.machine.comparison_schema import Comparison
from tests.cli.conftest import Run, change


@pytest.fixture
def months(prices: Path) -> Path:
    """Usage of two months."""
    path = prices / "months.yaml"
    path.write_text(
        "account: acme\nactivated: 2026-03-01T00:00:00Z\nusage:\n"
        "  - {meter: improved_photos, in: 2026-03, quantity: 600}\n"
        "  - {meter: improved_photos, in: 2026-04, quantity: 700}\n"
    )
    return path


def asked(run: Run, *words: object) -> str:
    result = run("explain", "prices.tariff", *words)
    assert result.exit_code == 0, result.output
    return str(result.output)


@pytest.mark.parametrize("method", ["in-turn", "shapley"])
def test_against_a_period(run: Run, months: Path, method: str) -> None:
    words = ("months.yaml", "--period", "2026-04", "--against-period", "2026-03", "--method", method)
    found = Comparison.model_validate_json(asked(run, *words, "--format", "json"))
    assert found.method == method
    first, *ladder, last, difference = found.sums
    assert (first.name, last.name, difference.name) == ("was", "now", "difference")
    assert Fraction(first.value) + sum(Fraction(each.value) for each in ladder) == Fraction(last.value) or not ladder
    parts = [part for section in found.sections for part in section.rows]
    assert parts
    assert sum(Fraction(part.amount.value) for part in parts) == Fraction(found.sums[-1].value)
    for style in ("text", "markdown", "html"):
        text = asked(run, *words, "--format", style).replace("\\", "")
        assert all(part.amount.text in text for part in parts)
        assert "April 2026 against March 2026" in text


def test_against_other_usage_and_other_rules(run: Run, months: Path) -> None:
    other = months.with_name("other.yaml")
    other.write_text(months.read_text().replace("quantity: 700", "quantity: 900"))
    dearer = months.with_name("dearer.tariff")
    dearer.write_text(months.with_name("prices.tariff").read_text())
    change(dearer, "0.02 USD", "0.03 USD")
    words = ("months.yaml", "--period", "2026-04")
    text = asked(run, *words, "--against-usage", "other.yaml")
    assert "months.yaml against other.yaml" in text
    assert "What was used" in text
    assert "The price list" not in text
    text = asked(run, *words, "--against-rules", "dearer.tariff", "--detail", "full")
    assert "The price list" in text
    assert "What was used" not in text
    assert "What was used" in asked(run, *words, "--against-rules", "dearer.tariff", "--against-usage", "other.yaml")


def test_each_account_is_compared_with_itself(run: Run, two_accounts: Path) -> None:
    words = ("two.yaml", "--period", "2026-04", "--against-period", "2026-03")
    found = json.loads(asked(run, *words, "--format", "json"))
    assert [each["account"] for each in found] == ["one", "two"]
    assert run("explain", "prices.tariff", *words, "--format", "html").exit_code == 2
    assert "for two:" in asked(run, *words, "--account", "two")


def test_standard_input_is_read_once(run: Run, months: Path) -> None:
    words = ("explain", "prices.tariff", "-", "--period", "2026-04", "--against-period", "2026-03")
    assert "+" in run(*words, stdin=months.read_text()).output
    assert run(*words, "--against-usage", "-", stdin=months.read_text()).exit_code == 2


def test_a_template_sees_the_parts(run: Run, months: Path) -> None:
    template = months.with_name("slip.txt")
    template.write_text("{% for section in sections %}{{ section.title }}: {{ section.rows|length }}\n{% endfor %}")
    words = ("months.yaml", "--period", "2026-04", "--against-period", "2026-03", "--template", template)
    assert asked(run, *words).startswith("What was used: ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--period", "2026-04", "--against-period", "2026-13"], "A207"),
        (["--period", "2026-04", "--against-period", "2026"], "12 periods asked for"),
        (["--period", "2026-04", "--against-period", "2026-04-02"], "a month is compared with a day"),
        (["--period", "2026-04", "--method", "shapley"], "--method is for a comparison"),
        (["--period", "2026-04", "--against-period", "2026-03", "--method", "mean"], "'in-turn', 'shapley'"),
        (["--against-period", "2026-03"], "name its period with --period"),
        (["--from", "2026-03", "--to", "2026-04", "--against-usage", "months.yaml"], "name its period"),
        (["--against-usage", "months.yaml"], "2 periods asked for"),
        (["--period", "2026-04", "--against-usage", "nowhere.yaml"], "nowhere.yaml"),
        (["--period", "2026-04", "--against-rules", "nowhere"], "L101"),
        (["--period", "2026-04", "--against-usage", "acme.yaml"], "A211"),
    ],
)
def test_what_cannot_be_compared(run: Run, months: Path, words: list[str], message: str) -> None:
    change(months.with_name("acme.yaml"), "account: acme", "account: somebody")
    result = run("explain", "prices.tariff", "months.yaml", *words)
    assert (result.exit_code, message in result.output) == (2, True), result.output
    assert "help:" in result.output or "Try 'ratewright explain -" in result.output


def test_the_schema(run: Run) -> None:
    assert json.loads(run("schema", "comparison").output)["$id"] == "ratewright/comparison/1"
