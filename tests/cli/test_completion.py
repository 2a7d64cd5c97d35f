"""`ratewright completion`, and what a shell gets from it."""

import os

import pytest

from ratewright.cli.root import COMMANDS


@pytest.mark.parametrize(
    ("shell_name", "word"), [("bash", "complete -o"), ("zsh", "compdef"), ("fish", "complete --no-files")]
)
def test_the_script(run, shell_name: str, word: str) -> None:
    done = run("completion", shell_name)
    assert (done.exit_code, done.stderr) == (0, "")
    assert word in done.stdout
    assert "_RATEWRIGHT_COMPLETE" in done.stdout


def completed(shell, words: str) -> list[str]:
    env = {"_RATEWRIGHT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = shell(env=env)
    assert done.returncode == 0, done.stderr
    return [line.partition(",")[2] for line in done.stdout.decode().split(os.linesep) if line]


def test_commands_and_options_are_completed(shell) -> None:
    assert completed(shell, "ratewright ") == list(COMMANDS)
    assert completed(shell, "ratewright ex") == ["explain"]
    assert completed(shell, "ratewright bill --per") == ["--period"]
    assert completed(shell, "ratewright explain --detail ") == ["short", "normal", "full"]


def test_an_unknown_shell(run) -> None:
    assert run("completion", "tcsh").exit_code == 2
