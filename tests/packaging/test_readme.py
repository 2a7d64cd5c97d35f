"""CI runs the commands that README shows; here they must be there, once, in the form CI looks for."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def commands() -> list[str]:
    fenced, found = False, []
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            found.append(line.removeprefix("$ "))
    return found


def test_the_tests_are_installed_and_run_as_readme_says() -> None:
    assert 'pip install -e ".[dev]"' in commands()
    assert "pytest" in commands()


@pytest.mark.parametrize("words", ["ratewright explain", "ratewright bill"])
def test_ci_finds_the_first_commands(words: str) -> None:
    found = [line for line in commands() if line.startswith(f"{words} ")]
    assert found
    assert not found[0].endswith("\\"), "CI reads a command from one line"
