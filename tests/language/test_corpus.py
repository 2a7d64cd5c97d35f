"""The language, case by case: rule files that hold and rule files that do not.

`good/<feature>/*.tariff` check without errors or warnings, and all their examples pass. What the checks
note all the same stands beside the file as `<name>.expected`. A `<name>.contract` beside it is one of its contracts,
whose examples pass too.

`bad/<feature>/*.tariff` each hold one mistake or a few. `<name>.expected` beside it is what the command
line would draw, to the letter.

A case is added by adding a file. With `RATEWRIGHT_UPDATE=1` in the environment the tests write the
`.expected` files instead of comparing them:

    RATEWRIGHT_UPDATE=1 pytest tests/language

Read every file that this writes before keeping it: is it the right code, does the caret stand on the
right words, is the message true, does the help say what to write?
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from ratewright.checks.run import check, decode_rules
from ratewright.contracts.contract import contract_of
from ratewright.diagnostics import Diagnostic, Severity, Source, draw
from ratewright.trial.examples import run_contract, run_examples
from ratewright.trial.results import Status, Trial

HERE = Path(__file__).parent
GOOD = sorted(HERE.glob("good/*/*.tariff"))
CONTRACTS = sorted(HERE.glob("good/*/*.contract"))
BAD = sorted(HERE.glob("bad/*/*.tariff"))
UPDATE = bool(os.environ.get("RATEWRIGHT_UPDATE"))


def case(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def drawn(diagnostics: list[Diagnostic]) -> str:
    return "".join(f"{draw(d)}\n\n" for d in diagnostics).removesuffix("\n")


def compare(path: Path, found: str) -> None:
    beside = path.with_suffix(".expected")
    if UPDATE:
        beside.unlink(missing_ok=True)
        if found:
            beside.write_text(found, encoding="utf-8", newline="\n")
        return
    expected = beside.read_text(encoding="utf-8") if beside.exists() else ""
    assert found == expected


@cache
def checked(path: Path):
    source, problems = decode_rules(path.read_bytes(), path.name)
    return check(source) if source is not None else (None, problems)


@pytest.mark.parametrize("path", GOOD, ids=case)
def test_a_good_file_holds(path: Path) -> None:
    tariff, diagnostics = checked(path)
    assert [draw(d) for d in diagnostics if d.severity is not Severity.NOTE] == []
    assert tariff is not None
    compare(path, drawn(diagnostics))
    assert tariff.examples, "a good file shows by an example what it charges"
    passed(run_examples(tariff))


@pytest.mark.parametrize("path", CONTRACTS, ids=case)
def test_a_good_contract_holds(path: Path) -> None:
    tariff, _ = checked(path.with_suffix(".tariff"))
    contract, diagnostics = contract_of(Source(path.name, path.read_text(encoding="utf-8")))
    assert tariff is not None
    assert contract is not None, diagnostics
    trials = run_contract(contract, (tariff,))
    assert trials, "a good contract shows by an example what it changes"
    passed(trials)


def passed(trials: list[Trial]) -> None:
    for trial in trials:
        reasons = [draw(d) for d in trial.diagnostics] + [str(o) for o in trial.outcomes if not o.holds]
        assert trial.status in (Status.PASSED, Status.DISPUTED), (trial.name, reasons)


@pytest.mark.parametrize("path", BAD, ids=case)
def test_a_bad_file_says_what_is_wrong(path: Path) -> None:
    tariff, diagnostics = checked(path)
    assert diagnostics, "nothing is wrong with this file"
    compare(path, drawn(diagnostics))
    if any(d.severity is Severity.ERROR for d in diagnostics):
        assert tariff is None


@pytest.mark.parametrize("path", BAD, ids=case)
def test_a_message_is_written_as_the_others_are(path: Path) -> None:
    for found in checked(path)[1]:
        first = found.message[0]
        assert not first.isupper(), found.message
        assert not found.message.endswith("."), found.message
        assert not found.help.endswith("."), found.help
        assert found.help or found.related or "; expected " in found.message, f"no help: {found.message}"
        assert found.message.count("`") % 2 == 0, found.message


def test_no_expected_file_is_left_over() -> None:
    beside = {p.with_suffix(".tariff") for p in HERE.glob("*/*/*.expected")}
    assert beside <= {*GOOD, *BAD}
