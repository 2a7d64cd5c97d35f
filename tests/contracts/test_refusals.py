"""Contracts that do not hold, each with what is said about it: `bad/NAME.contract` beside `bad/NAME.expected`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ratewright.contracts import codes
from ratewright.diagnostics import draw
from tests.contracts.beside import findings

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.contract"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_what_is_said(path: Path) -> None:
    said = "\n\n".join(draw(problem) for problem in findings(path)) + "\n"
    expected = path.with_suffix(".expected")
    if os.environ.get("RATEWRIGHT_UPDATE"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")


def test_every_code_of_contracts_is_shown() -> None:
    shown = {problem.code for path in BAD for problem in findings(path)}
    elsewhere = {codes.OTHER_ACCOUNT, codes.LIST_CHANGED}  # an account's, and of several versions
    assert set(codes.TABLE) - shown == elsewhere
