"""A contract comes to what a list in its words comes to: figures replaced, scaled and dropped, in time, and as told."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

from msgspec.structs import replace as with_fields
from whenever import Date

from ratewright.contracts.contract import Contract, contract_of
from ratewright.contracts.drift import drifted
from ratewright.contracts.effective import values
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Source
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan, plan_of
from ratewright.rating.bill import Bill
from ratewright.rating.corrections import rate_account
from ratewright.refusal import RatingError
from ratewright.usage import read
from ratewright.usage.model import Usage
from tests.laws.billing import Figures, RefusedError, data_of, figures, in_order, priced, unlike
from tests.laws.contract_targets import targets
from tests.laws.law import Law, ask_that
from tests.rating.accounts import periods_of
from tests.reference.cases import Case

_FIRST = Date(2018, 1, 1)
_BEFORE, _LATER = Date(2007, 1, 1), Date(2029, 1, 1)
"""Mondays that begin a year: every period of the calendar ends there."""
_MEASURES = "D102"
_FACTORS = (Decimal("0.5"), Decimal(2), Decimal(3))


# ---------------------------------------------------------------- as a list in its words


def _replaced(case: Case, random: Random) -> str | None:
    """A figure replaced, against the list with the new words in its text."""
    target = random.choice(targets(case))
    words = target.other(random.choice(_FACTORS))
    return _as_list(case, f"replace {target.part} with {words}", target.in_place(case, words))


def _halved(case: Case, random: Random) -> str | None:
    """A figure scaled, against the list with half of it in its text."""
    target = random.choice(targets(case))
    return _as_list(case, f"scale {target.part} by 50%", target.in_place(case, target.halved()))


def _as_list(case: Case, said: str, text: str) -> str | None:
    listed, edited = _tree(case.text()), _tree(text, broken=True)
    try:
        (made,) = _agreed(listed, contract(listed, said)).stretches((contract(listed, said),))
    except RatingError as error:
        ask_that(all(problem.code != _MEASURES for problem in error.diagnostics))
        return None if edited is None else f"{said}: refused: {error}"
    if edited is None:
        return f"{said}: not refused as the list is"
    return _alike(case, (made,), (edited,), said)


def _dropped(case: Case, random: Random) -> str | None:
    """A line that nothing refers to, dropped: the others stay, and it costs nothing."""
    line = random.choice(_lines(case))
    rest = "\n".join(each.text() for each in case.declarations if each.head.split()[1] != line)
    ask_that(not re.search(rf"\b({line}|charges|subtotal|total|discounts|taxes)\b", re.sub("deduct m.*", "", rest)))
    own = [each for each in case.declarations if each.head.split()[1] == line]
    ask_that(not any("spread by amount" in each.statements for each in own))  # taxes see it
    listed = _tree(case.text())
    (made,) = _agreed(listed, contract(listed, f"drop {line}")).stretches((contract(listed, f"drop {line}"),))
    before, after = _billed(case, (listed,)), _billed(case, (made,))
    if any(x["source"] == line and Decimal(x["amount"]) for bill in after for x in bill["lines"]):
        return f"{line} is charged"
    kept = [[x for x in bill["lines"] if x["source"] != line] for bill in before]
    others = [[x for x in bill["lines"] if x["source"] != line] for bill in after]
    return unlike([in_order(x) for x in kept], [in_order(x) for x in others])


def _line_scaled(case: Case, random: Random) -> str | None:
    """A line with a price alone, scaled: its amount before rounding times the factor."""
    line = random.choice(_lines(case))
    (own,) = [each.text() for each in case.declarations if each.head.split()[1:2] == [line] and "{" in each.text()]
    ask_that(not re.search("minimum|maximum|included|at most", own))
    ask_that(line[0] == "c" and not re.search(rf"\b({'|'.join(x for x in _lines(case) if x != line)})\b", own))
    ask_that(not re.search(r"\b(charges|subtotal|total)\b", own))
    listed = _tree(case.text())
    said = contract(listed, f"scale {line} by 37.5%")
    (made,) = _agreed(listed, said).stretches((said,))
    asked, scaled = ([x for bill in _billed(case, of) for x in bill["lines"] if x["source"] == line
                      and x["kind"] != "correction"] for of in ((listed,), (made,)))  # fmt: skip
    one = sorted(Fraction(x["exact"]) * Fraction("0.375") for x in asked if Fraction(x["exact"]))
    other = sorted(Fraction(x["exact"]) for x in scaled if Fraction(x["exact"]))
    return None if one == other else f"{line}: {one} and {other}"


# ---------------------------------------------------------------- in time


def _in_turn(case: Case, random: Random) -> str | None:
    """A contract from a day on, against two versions of the list that meet there."""
    target = random.choice(targets(case))
    words = target.other(random.choice(_FACTORS))
    split = random.choice((False, True))
    day = Date.parse_iso(f"{random.choice(case.months)}-{random.choice((1, 10, 16)):02}")
    ask_that("effective" not in case.text())
    listed, edited = _tree(case.text()), _tree(target.in_place(case, words), broken=True)
    ask_that(edited is not None)
    assert edited is not None
    said = f"replace {target.part} with {words};  effective from {day}" + ";  changes split the period" * split
    agreed = _agreed(_in_time(listed, _FIRST, None, split), contract(listed, said))
    try:
        made = agreed.stretches(agreed.contracts)
    except RatingError as error:
        ask_that(all(problem.code != _MEASURES for problem in error.diagnostics))
        raise
    versions = (_in_time(listed, _FIRST, day, split), _in_time(edited, day, None, split))
    return _alike(case, made, versions, said)


def _pinned(case: Case, random: Random) -> str | None:
    """A contract that is kept on a version, whatever comes later."""
    target = random.choice(targets(case))
    listed, later = _tree(case.text()), _tree(target.in_place(case, target.other(2)), broken=True)
    ask_that(later is not None and "effective" not in case.text())
    assert later is not None
    day = Date.parse_iso(f"{random.choice(case.months)}-01")
    kept = contract(listed, "", f" as of {_FIRST.add(years=1)}")
    versions = (_in_time(listed, _FIRST, day), _in_time(later, day, None))
    made = Agreed(versions, (kept,)).stretches((kept,))
    return _alike(case, made, (_in_time(listed, _FIRST, None),), f"pinned, a later version from {day}")


def _outside(case: Case, random: Random) -> str | None:
    """A contract that is over before the first period, or begins after the last."""
    target = random.choice(targets(case))
    days = random.choice((f"from {_LATER}", f"from {_BEFORE} until {_FIRST}"))
    ask_that("effective" not in case.text())
    listed = _in_time(_tree(case.text()), Date(2001, 1, 1), None)
    said = f"replace {target.part} with {target.other(2)};  effective {days}"
    try:
        made = _agreed(listed, contract(listed, said)).stretches((contract(listed, said),))
    except RatingError as error:
        raise RefusedError(error.diagnostics) from error
    ask_that(not re.search(r"from (activation|first_day)|on day", case.text()))  # no period ends there
    return _alike(case, made, (listed,), said)


# ---------------------------------------------------------------- as it is told


def _told(case: Case, random: Random) -> str | None:
    """A line that tells nothing of a contract costs what it costs without it."""
    target = random.choice([t for t in targets(case) if t.name in _lines(case) or t.name in _TABLES])
    listed = _tree(case.text())
    said = f"replace {target.part} with {target.other(random.choice(_FACTORS))}"
    try:
        (made,) = _agreed(listed, contract(listed, said)).stretches((contract(listed, said),))
    except RatingError as error:
        raise RefusedError(error.diagnostics) from error
    before, after = (_billed(case, (of,), whole=True) for of in (listed, made))
    known = [_named(x) for bill in before for x in bill["lines"]]
    silent = [x for bill in after for x in bill["lines"] if "contract" not in x and x["kind"] in _PRICED]
    other = [x for x in silent if _named(x) not in known]
    paid = any(x["kind"] == "payment" for bill in before for x in bill["lines"])  # what it would pay is not claimed
    if other and not paid:
        return f"{said}: {json.dumps(other)}"
    own = (x for bill in after for x in bill["lines"] if x["source"] == target.name and "contract" in x)
    wrong = [x for x in own if x["amount"] != x.get("list_amount") and not x["contract"]]
    return f"{said}: nothing is told of {json.dumps(wrong)}" if wrong and not _names_lines(case, target.name) else None


def _effective(case: Case, random: Random) -> str | None:
    """`--effective`: the figure that is replaced in its new words, and all others as the list has them."""
    target = random.choice(targets(case))
    words = target.other(3)
    listed = _tree(case.text())
    try:
        found = values(listed, (contract(listed, f"replace {target.part} with {words}"),))
    except RatingError as error:
        raise RefusedError(error.diagnostics) from error
    changed = [value for value in found if value.listed != value.effective]
    ask_that(words != target.words)
    if len(changed) == 1 and words.strip("()") in " ".join((changed[0].effective or "").split()):
        return None
    return f"{target.part} with {words}: {changed}"


def _drift(case: Case, random: Random) -> str | None:
    """A later version with another figure is told where a contract replaced that figure, and nowhere else."""
    mine, other = random.choice(targets(case)), random.choice(targets(case))
    listed, later = _tree(case.text()), _tree(other.in_place(case, other.other(2)), broken=True)
    ask_that(later is not None and "effective" not in case.text())
    assert later is not None
    day = Date.parse_iso("2026-04-01")
    own = contract(listed, f"replace {mine.part} with {mine.other(3)}")
    try:
        lists = Agreed((_in_time(listed, _FIRST, day), _in_time(later, day, None)), (own,)).stretches((own,))
    except RatingError as error:
        raise RefusedError(error.diagnostics) from error
    told = len(list(drifted(lists)))
    same = mine.node.span == other.node.span and other.other(2) != other.words
    return None if told == same else f"{mine.part}, {other.part}: {told} told"


# ---------------------------------------------------------------- lists, contracts and their bills

_TABLES = ("price_of", "plan_fee", "steps")
_PRICED = ("charge", "discount", "tax", "included")


def _lines(case: Case) -> list[str]:
    found = [d.head.split()[1] for d in case.declarations if d.head.split()[0] in ("charge", "discount", "tax")]
    ask_that(found)
    return found


def _names_lines(case: Case, name: str) -> bool:
    """Whether a line reads others, whose amounts may differ."""
    own = "\n".join(each.text() for each in case.declarations if each.head.split()[1:2] == [name])
    others = (*(line for line in _lines(case) if line != name), "charges", "subtotal", "total", "each (month|day)")
    return bool(re.search(rf"\b({'|'.join(others)})\b", own))


def _tree(text: str, *, broken: bool = False) -> tree.Tariff | None:
    """A list that was read; None where it is `broken`."""
    try:
        return priced(text).tree
    except RefusedError:
        if not broken:
            raise
        return None


def _in_time(listed: tree.Tariff, start: Date, until: Date | None, splits: bool = False) -> tree.Tariff:
    return with_fields(listed, effective=start, until=until, splits=splits)


def contract(listed: tree.Tariff, said: str, day: str = "") -> Contract:
    """A contract of a list; the same object for the same words would be two contracts."""
    text = f"contract c {{\nlist {listed.name}{day}\n{said}\n}}"
    found, problems = contract_of(Source("c.contract", text))
    assert found is not None, (text, problems)
    return found


def _agreed(listed: tree.Tariff, own: Contract) -> Agreed:
    return Agreed((listed,), (own,))


def _usage(case: Case) -> Usage:
    usage, problems = read(Source("a.json", json.dumps(data_of(case))))
    if usage is None:
        raise RefusedError(problems)
    return usage


def _billed(case: Case, versions: Sequence[tree.Tariff], *, whole: bool = False) -> list[Figures]:
    """The bills of a case by lists in turn: `whole`, or without what is told of a contract. Raises RefusedError."""
    plans: list[Plan] = [plan_of(version) for version in versions]
    found, problems = rate_account(plans, _usage(case), periods_of(versions[0], case.months[0], case.months[-1]))
    if problems:
        raise RefusedError(problems)
    return [figures(bill) if whole else _figures(bill) for bill in found]


def _alike(case: Case, one: Sequence[tree.Tariff], other: Sequence[tree.Tariff], said: str) -> str | None:
    """How bills by some lists differ from those by others, also in why there are none; the others have to have some."""
    wanted, why = _or_refused(case, other)
    made, refused = _or_refused(case, one)
    if wanted is None and made is None:
        ask_that(False)
    if wanted is None or made is None:
        return f"{said}\nthe contract: {refused}\nthe list: {why}"
    different = unlike(wanted, made)
    return f"{said}\n{different}" if different else None


def _or_refused(case: Case, versions: Sequence[tree.Tariff]) -> tuple[list[Figures] | None, RefusedError | None]:
    try:
        return _billed(case, versions), None
    except RefusedError as error:
        return None, error


def _figures(bill: Bill) -> Figures:
    """A bill without what is told of contracts, and without the lines of 0.00 that are told for what the list asks."""
    found = figures(bill)
    for line in found["lines"]:
        for key in ("list_amount", "contract"):
            line.pop(key, None)
    found["lines"] = in_order(x for x in found["lines"] if x["kind"] == "correction" or Fraction(x["exact"]))
    return {name: part for name, part in found.items() if name != "price_list"}


def _named(line: Figures) -> object:
    return [line.get(key) for key in ("source", "key", "kind", "period", "at", "amount")]


LAWS = (
    Law("replaced as in the list", "a figure that a contract replaces comes to what it does in the list", _replaced),
    Law("scaled as in the list", "a figure that a contract scales comes to what the scaled one does", _halved),
    Law("a line dropped", "a line that is dropped changes nothing but sums", _dropped),
    Law("a line scaled", "a line with a price alone is its amount before rounding times the factor", _line_scaled),
    Law("a contract as a version", "a contract from a day on is a version of the list from that day on", _in_turn),
    Law("a pinned contract", "a contract that is pinned stays with its version", _pinned),
    Law("outside all periods", "a contract that holds at no time of a bill changes nothing", _outside),
    Law("told where it matters", "a line that tells nothing of a contract is that of the list", _told),
    Law("the effective figures", "what `--effective` prints is what was said", _effective),
    Law("a list that changed", "a later version is told where it changes a figure that was replaced", _drift),
)
