"""The list of these tests, and contracts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ratewright.checks.run import check
from ratewright.contracts.contract import Contract, contract_of
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Diagnostic, Source
from ratewright.meaning import nodes as tree
from ratewright.refusal import RatingError

LIST = Path(__file__).with_name("photo_api.tariff").read_text(encoding="utf-8")


def listed(text: str = LIST, name: str = "photo_api.tariff") -> tree.Tariff:
    """A price list that must load."""
    found, problems = check(Source(name, text))
    assert found is not None, problems
    return found


def contract(text: str, name: str = "acme.contract") -> Contract:
    """A contract that must load; what stands in `text` is its block, behind `list photo_api`."""
    whole = text if text.lstrip().startswith("contract") else f"contract acme {{ list photo_api;  {text} }}\n"
    found, problems = contract_of(Source(name, whole))
    assert found is not None, problems
    return found


def findings(path: Path, versions: Sequence[tree.Tariff] = ()) -> list[Diagnostic]:
    """What is wrong with a contract's file, alone or beside its list."""
    found, problems = contract_of(Source(path.name, path.read_text(encoding="utf-8")))
    if found is None:
        return problems
    try:
        Agreed(versions or (listed(),), (found,)).stretches((found,))
    except RatingError as error:
        return list(error.diagnostics)
    return []
