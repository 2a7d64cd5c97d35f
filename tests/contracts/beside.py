"""The list of these tests, and contracts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

from ratewright.checks.run import check
from ratewright.contracts.contract import Contract, contract_of
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Diagnostic, Source
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill, Line
from ratewright.rating.corrections import rate_account
from ratewright.refusal import RatingError
from ratewright.usage import read
from tests.rating.accounts import periods_of

LIST = Path(__file__).with_name("photo_api.tariff").read_text(encoding="utf-8")
USED = "usage:\n  - {meter: improved, in: 2026-04, quantity: 6000}\n"


@cache
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


def billed(
    contracts: Sequence[Contract],
    data: str = USED,
    *months: str,
    account: str = "acme",
    versions: Sequence[tree.Tariff] = (),
) -> list[Bill]:
    """The bills of an account for months, April 2026 if none is named. Raises RatingError."""
    usage, problems = read(Source("acme.yaml", f"account: {account}\n{data}"))
    assert usage is not None, problems
    agreed = Agreed(versions or (listed(),), contracts)
    plans, usage = agreed.of(usage)
    bills, problems = rate_account(plans, usage, periods_of(plans[0].tariff, *(months or ("2026-04",))))
    if problems:
        raise RatingError(problems)
    return bills


def line(bill: Bill, name: str) -> Line:
    (found,) = [x for x in bill.lines if x.source == name]
    return found


def amount(bill: Bill, name: str) -> Fraction:
    return Fraction(line(bill, name).amount)
