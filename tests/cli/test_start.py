"""Starts are fast because each command imports only what it needs."""

import subprocess
import sys

import pytest

HEAVY = ("lark", "pydantic", "jinja2", "yaml", "whenever", "rich", "ratewright.api", "ratewright.rating.walk")
REPORT = """
import sys
from ratewright.cli import main
try:
    main()
except SystemExit as ending:
    assert not ending.code, ending.code
print("MODULES", *sys.modules)
"""


def imported(*words: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", REPORT, *words], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("MODULES ")[2].split())


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (("--help",), set()),
        (("--version",), set()),
        (("bill", "--help"), set()),
        (("completion", "zsh"), set()),
        (("init", "new"), set()),
        (("check", "prices.tariff"), {"lark", "whenever"}),
        (("schema", "bill"), {"pydantic", "whenever", "ratewright.rating.bill"}),
        (("bill", "prices.tariff", "acme.yaml", "-o", "out.txt"), {*HEAVY} - {"rich", "ratewright.api"}),
        (
            ("bill", "prices.tariff", "acme.yaml", "-o", "out.csv", "--format", "csv"),
            {*HEAVY} - {"rich", "ratewright.api", "jinja2"},
        ),
    ],
)
def test_a_command_imports_no_more_than_it_needs(prices, words: tuple[str, ...], needed: set[str]) -> None:
    assert imported(*words) & {*HEAVY} <= needed


def test_commands_do_not_import_each_other(prices) -> None:
    found = imported("check", "prices.tariff")
    commands = {f"ratewright.cli.{name}" for name in ("bill", "explain", "test", "schema", "init", "completion")}
    assert not found & commands
