"""Cases billed: the bills of named periods or why there are none, and their figures in a form that can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ratewright.checks.run import check
from ratewright.diagnostics import Diagnostic, Source, errors_in
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan, plan_of
from ratewright.rating.bill import Bill
from ratewright.rating.corrections import rate_account
from ratewright.report.bill_formats import bill_json
from ratewright.usage import read
from ratewright.values.calendar import Calendar, calendar_of
from tests.rating.accounts import periods_of
from tests.reference.cases import Case
from tests.reference.compare import fixture

Data = dict[str, Any]
"""A fixture, as it stands in JSON."""

Figures = dict[str, Any]
"""A bill, as it stands in JSON."""


class RefusedError(Exception):
    """There is no bill; the text says why."""

    def __init__(self, problems: Sequence[Diagnostic]) -> None:
        super().__init__(" | ".join(f"{each.code} {each.message}" for each in problems))
        self.codes = {each.code for each in problems}


@dataclass(frozen=True)
class Priced:
    """A rule file that was read."""

    tree: tree.Tariff
    plan: Plan

    @property
    def calendar(self) -> Calendar:
        return calendar_of(self.tree.timezone)


@lru_cache(maxsize=64)  # many laws are asked of one case
def priced(text: str) -> Priced:
    """A rule file, read and checked. Raises RefusedError."""
    found, diagnostics = check(Source("t.tariff", text))
    if found is None:
        raise RefusedError(errors_in(diagnostics))
    return Priced(found, plan_of(found))


def data_of(case: Case) -> Data:
    """The account of a case as a fixture that may be changed."""
    data: Data = json.loads(fixture(case.account))
    return data


def bills(text: str, data: Data, *names: str) -> list[Bill]:
    """The bills of the months `names[0]` to `names[-1]`, or of the days named. Raises RefusedError."""
    return list(_billed(text, json.dumps(data), names))


@lru_cache(maxsize=64)
def _billed(text: str, data: str, names: tuple[str, ...]) -> tuple[Bill, ...]:
    rules = priced(text)
    usage, problems = read(Source("a.json", data))
    if usage is None:
        raise RefusedError(problems)
    found, problems = rate_account((rules.plan,), usage, periods_of(rules.tree, *names))
    if problems:
        raise RefusedError(problems)
    return tuple(found)


def tried(text: str, data: Data, *names: str) -> list[Bill] | None:
    """The same; None where there is no bill."""
    try:
        return bills(text, data, *names)
    except RefusedError:
        return None


def figures(bill: Bill) -> Figures:
    """The figures of a bill: without the places in the rule file, and lists in an order of their own."""
    found: Figures = json.loads(bill_json(bill))
    for line in found["lines"]:
        del line["rule"]
        if "spread" in line:
            line["spread"] = in_order(line["spread"])
    for usage in found["unserved"]:
        usage["reason"] = sorted(usage["reason"].split("; "))
    return {name: in_order(part) if isinstance(part, list) else part for name, part in found.items()}


def in_order(parts: Iterable[Any]) -> list[Any]:
    return sorted(parts, key=lambda part: json.dumps(part, sort_keys=True))


def lines(made: Iterable[Bill]) -> list[Figures]:
    """The lines of several bills together, in an order of their own."""
    return in_order(line for bill in made for line in figures(bill)["lines"])


def unlike(one: Sequence[Any], other: Sequence[Any]) -> str | None:
    """What is in one of two lists only; None where they hold the same."""
    less = [part for part in one if part not in other]
    more = [part for part in other if part not in one]
    if not less and not more and len(one) == len(other):
        return None
    return f"before: {json.dumps(less or list(one))}\nafter: {json.dumps(more or list(other))}"


def unlike_bills(one: Sequence[Bill], other: Sequence[Bill]) -> str | None:
    """The first part in which bills differ; None where all figures are the same."""
    for number, (a, b) in enumerate(zip(map(figures, one), map(figures, other), strict=True)):
        for part in {**a, **b}:
            before, after = a.get(part), b.get(part)
            if before != after:
                lists = isinstance(before, list) and isinstance(after, list)
                return f"bill {number}, {part}\n" + ((unlike(before, after) or "") if lists else f"{before} / {after}")
    return None


def without_next_cycles(own: Figures) -> Figures:
    """A bill without the cycles of grants that begin with its end: a list that holds from then on gives its own."""
    begins = [held for held in own["balances"] if held.get("starts") == own["period"]["end"]]
    given = [held for held in begins if not ({"purchased", "repaid"} & held.keys() or held["lot"].endswith("-rolled"))]
    return {**own, "balances": [held for held in own["balances"] if held not in given]}
