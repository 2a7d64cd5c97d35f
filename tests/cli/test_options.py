"""The root, the help of each command, and the flags of the limits."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from msgspec.structs import fields

from ratewright.cli import codes
from ratewright.cli.options import LOGO, RULES, SHOWN, TEMPLATE, USAGE, number
from ratewright.cli.root import COMMANDS, root
from ratewright.limits import Limits

PACKAGE = Path(__file__).parents[2] / "engine" / "ratewright"
FLAGS = {flag: field for table in (RULES, USAGE, TEMPLATE, LOGO, SHOWN) for field, (flag, _) in table.items()}


def test_help_names_every_command_and_the_exit_codes(run) -> None:
    done = run("--help")
    assert done.exit_code == 0
    for name in COMMANDS:
        assert re.search(rf"^  {name} +[A-Z].*[^.]\.$", done.stdout, re.MULTILINE), name
    for code in ("0 fine", "1 findings", "2 bad input", "3 internal", "4 memory or disk", "130 interrupted"):
        assert code in " ".join(done.stdout.split())


def test_without_words_the_help(run) -> None:
    assert run().stdout == run("--help").stdout == run("-h").stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_examples_that_name_it(run, name: str) -> None:
    done = run(name, "--help")
    assert (done.exit_code, done.stderr) == (0, "")
    examples = done.stdout.partition("Examples:\n")[2].partition("\n\n")[0].splitlines()
    assert len(examples) >= 2
    assert all(f"ratewright {name}" in line for line in examples)
    assert run(name, "-h").stdout == done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    command = root.get_command(None, name)
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert parameter.help, parameter.name


def test_version_names_the_zone_data_too(run) -> None:
    done = run("--version")
    assert done.exit_code == 0
    assert re.fullmatch(rf"ratewright .+ \(time zones: tzdata {re.escape(version('tzdata'))}\)\n", done.stdout)


@pytest.mark.parametrize(
    ("word", "said"), [("chekc", "did you mean `check`?"), ("zzz", "the commands are check, bill, explain")]
)
def test_an_unknown_command(run, word: str, said: str) -> None:
    done = run(word)
    assert done.exit_code == 2
    assert f"there is no command `{word}`" in done.stderr
    assert said in done.stderr


@pytest.mark.parametrize("words", [("bill", "a"), ("check",), ("bill", "a", "b", "--perod", "x"), ("--nix",)])
def test_a_bad_command_line(run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Usage: ratewright" in done.stderr
    assert re.search(r"Try 'ratewright.* (-h|--help)' for help", done.stderr)  # which of the two is click's choice


def test_every_flag_that_a_message_mentions_exists() -> None:
    mentioned = {
        flag
        for path in PACKAGE.rglob("*.py")
        for flag in re.findall(r"--max-[a-z-]+[a-z]", path.read_text(encoding="utf-8"))
    }
    assert {"--max-rule-bytes", "--max-lots"} <= mentioned
    assert mentioned <= set(FLAGS)


def test_every_flag_is_that_of_a_limit_and_of_a_command(run) -> None:
    assert set(FLAGS.values()) <= {field.name for field in fields(Limits)}
    helps = " ".join(run(name, "--help").stdout for name in COMMANDS)
    assert [flag for flag in FLAGS if f"{flag} N" not in helps] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "prices.tariff", "--max-rule-bytes", "100"), "--max-rule-bytes"),
        (("check", "prices.tariff", "--max-rows", "1"), "2 rows in one table"),
        (("bill", "prices.tariff", "acme.yaml", "--max-fixture-bytes", "50"), "over the limit of 50"),
        (("bill", "prices.tariff", "year.yaml", "--max-periods", "11", "--period", "2026"), "12 periods"),
        (("bill", "prices.tariff", "table.yaml", "--max-usage-bytes", "20"), "over the limit of 20"),
        (("bill", "prices.tariff", "table.yaml", "--max-line-bytes", "20"), "20"),
    ],
)
def test_a_limit_holds(run, prices, words: tuple[str, ...], said: str) -> None:
    (prices / "year.yaml").write_text("account: a\nactivated: 2026-01-01T00:00:00Z\n")
    (prices / "table.yaml").write_text("account: a\nactivated: 2026-01-01T00:00:00Z\nusage: [{file: rows.csv}]\n")
    (prices / "rows.csv").write_text("meter,in,quantity\nimproved_photos,2026-03,600\n")
    done = run(*words)
    assert done.exit_code in (1, 2)
    assert said in done.stdout + done.stderr
    without = words[: next(i for i, word in enumerate(words) if word.startswith("--max-"))]
    assert "year.yaml" in words or run(*without).exit_code == 0


def test_the_limit_of_lots(run, tmp_path) -> None:
    rules = PACKAGE.parents[1] / "rules" / "tencent_hy_image.tariff"
    fixture = tmp_path / "a.yaml"
    fixture.write_text(
        "account: a\nactivated: 2026-02-01T00:00:00+08:00\npurchases:\n"
        "  - {id: p, package: resource_package, size: 1000, count: 5, at: 2026-03-01T00:00:00+08:00}\n"
    )
    assert run("bill", rules, fixture).exit_code == 0
    done = run("bill", rules, fixture, "--max-lots", "4")
    assert done.exit_code == 2
    assert "lots" in done.stderr


def test_the_limits_of_templates(run, prices) -> None:
    (prices / "own.txt").write_text("{% for i in range(1000) %}0123456789{% endfor %}")
    words = ("explain", "prices.tariff", "acme.yaml", "--template", "own.txt")
    assert len(run(*words).stdout) == 10_000
    done = run(*words, "--max-template-output", "1KiB")
    assert done.exit_code == 2
    assert "1,024" in done.stderr


@pytest.mark.parametrize(
    ("text", "value"), [("7", 7), ("1,000", 1000), ("2MiB", 2 * 1024**2), ("3 kib", 3072), ("1GiB", 1024**3)]
)
def test_numbers(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1e6", "x", "", "1MB", "٣", "10,00"])
def test_what_is_no_number(run, text: str) -> None:
    done = run("check", "-", f"--max-rule-bytes={text}")
    assert done.exit_code == 2
    assert "is no whole number above 0" in done.stderr


def test_the_codes_explain_themselves() -> None:
    for code, (title, sentence) in codes.TABLE.items():
        assert re.fullmatch(r"L\d{3}", code)
        assert title
        assert sentence.endswith(".")
    used = "".join(p.read_text(encoding="utf-8") for p in (PACKAGE / "cli").glob("*.py"))
    names = [name for name in vars(codes) if name.isupper() and name != "TABLE"]
    assert [name for name in names if f"codes.{name}" not in used] == []
