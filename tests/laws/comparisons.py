"""Law 12: the parts of the difference of two bills add up to it, and each input has what it alone makes."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from random import Random

from ratewright.comparison.compare import Method, compare
from ratewright.comparison.parts import Aspect, Comparison
from ratewright.comparison.side import Side, side_of
from ratewright.diagnostics import Source
from ratewright.explain.comparison_document import assemble_comparison
from ratewright.explain.render import render
from ratewright.plan.plan import Plan
from ratewright.refusal import RatingError
from ratewright.usage import read
from ratewright.values.exact import Exact, exact, summed
from tests.explain.test_truth import check_equations, said
from tests.laws.billing import Data, RefusedError, data_of, priced
from tests.laws.law import Law, ask_that
from tests.rating.accounts import periods_of
from tests.reference.cases import Case, Declaration

METHODS: tuple[Method, ...] = ("in-turn", "shapley")


def side(text: str, data: Data, month: str, plan: Plan | None = None) -> Side:
    rules = priced(text)
    usage, problems = read(Source("a.json", json.dumps(data)))
    if usage is None:
        raise RefusedError(problems)
    try:
        return side_of([plan or rules.plan], usage, periods_of(rules.tree, month))
    except RatingError as error:
        raise RefusedError(error.diagnostics) from error


def compared(was: Side, now: Side, method: Method) -> Comparison:
    try:
        return compare(was, now, method)
    except RatingError as error:
        raise RefusedError(error.diagnostics) from error


def broken(found: Comparison) -> str | None:
    """How the parts are not those of the difference."""
    whole = exact(summed(bill.due for bill in found.now) - summed(bill.due for bill in found.was))
    parts = summed(part.amount for part in found.parts)
    if whole != parts or whole != found.difference:
        return f"{whole} more, and the parts are {parts}: {found.parts}"
    if any(not part.amount for part in found.parts):
        return f"a part of nothing: {found.parts}"
    if any(not part.least <= part.exact <= part.most for part in found.parts):
        return f"a part that is in no order so: {found.parts}"
    rounded = summed(part.amount for part in found.parts if part.change is None)
    most = len(found.was[0].lines + found.now[0].lines) * 2 + 2 * len(found.parts) + 40
    return f"{rounded} by roundings" if abs(rounded) > most * _largest_step(found) else None


def _largest_step(found: Comparison) -> Exact:
    """The coarsest rounding of a random list is to 1 USD a bill; of lines it is to 0.05 USD."""
    return 1 if any(bill.tariff.rounding.per_bill for bill in (*found.was, *found.now)) else Fraction(1, 20)


def _other(case: Case, random: Random) -> Case:
    """The same account with other usage, other purchases or other settings."""
    account = case.account
    kind = random.choice(("records", "records", "purchases", "settings", "all"))
    every = kind == "all"
    if kind == "records" or every:
        kept = [each for each in account.records if random.random() < 0.7]
        account = replace(account, records=tuple(kept))
    if kind == "purchases" or every:
        gone = {each.id for each in account.purchases if random.random() < 0.4}
        account = replace(
            account,
            purchases=tuple(each for each in account.purchases if each.id not in gone),
            refunds=tuple(each for each in account.refunds if each.purchase.partition("#")[0] not in gone),
            pauses=tuple(each for each in account.pauses if each.purchase.partition("#")[0] not in gone),
            withdrawals=tuple(each for each in account.withdrawals if each.source not in gone),
        )
    if kind == "settings" or every:
        account = replace(account, settings=tuple(each for each in account.settings if random.random() < 0.5))
    return replace(case, account=account)


def _dearer(case: Case, random: Random) -> Case:
    """The same list with another figure in some of its charges."""

    def changed(part: Declaration) -> Declaration:
        if not part.head.startswith(("charge ", "tax ", "discount ", "table ")) or random.random() < 0.4:
            return part
        return replace(part, statements=tuple(each.replace("0.", "0.1") if "USD" in each else each
                                              for each in part.statements))  # fmt: skip

    return replace(case, declarations=tuple(changed(part) for part in case.declarations))


def _pairs(case: Case, random: Random) -> tuple[Side, Side]:
    """Two bills that differ in one or several of what they are made from."""
    months = random.choice(case.months), random.choice(case.months)
    kind = random.choice(("period", "usage", "rules", "all"))
    other = case
    if kind in ("usage", "all"):
        other = _other(other, random)
    if kind in ("rules", "all"):
        other = _dearer(other, random)
    if kind in ("usage", "rules"):
        months = months[0], months[0]
    return side(other.text(), data_of(other), months[0]), side(case.text(), data_of(case), months[1])


def _add_up(case: Case, random: Random) -> str | None:
    was, now = _pairs(case, random)
    method = random.choice(METHODS)
    return broken(compared(was, now, method))


def _nothing(case: Case, random: Random) -> str | None:
    """A bill and itself."""
    month = random.choice(case.months)
    found = compared(side(case.text(), data_of(case), month), side(case.text(), data_of(case), month), "in-turn")
    return f"nothing is another, and there are parts: {found.parts}" if found.parts or found.idle else None


def _swapped(case: Case, random: Random) -> str | None:
    ask_that(random.random() < 0.4)  # all choices are billed, twice
    was, now = _pairs(case, random)
    there, back = compared(was, now, "shapley"), compared(now, was, "shapley")
    sums = [_by_input(found) for found in (there, back)]
    names = {*sums[0], *sums[1]}
    off = [name for name in names if sums[0].get(name, 0) + sums[1].get(name, 0) != 0]
    return f"{off}: {there.parts} there, {back.parts} back" if off else None


def _by_input(found: Comparison) -> dict[object, Exact]:
    """What each group has of each input, exactly."""
    sums: dict[object, Exact] = {}
    for part in found.parts:
        if part.change is not None:
            of = part.inputs, part.change.group
            sums[of] = exact(sums.get(of, 0) + part.exact)
    return sums


def _alone(case: Case, random: Random) -> str | None:
    """One input is another: whatever the method, all parts are its own."""
    month = random.choice(case.months)
    other = random.choice((_other, _dearer, _dearer))(case, random)
    found = [
        compared(side(other.text(), data_of(other), month), side(case.text(), data_of(case), month), method)
        for method in METHODS
    ]
    ask_that(found[0].difference)
    inputs = {part.inputs for part in found[0].parts if part.aspect is not Aspect.ROUNDING}
    ask_that(len(inputs) <= 1 and not found[0].idle)
    one, both = (_by_input(each) for each in found)
    return f"{one} in turn, {both} by both methods" if one != both else None


def _true(case: Case, random: Random) -> str | None:
    """Each equation of a comparison, and its amounts as they are printed."""
    found = compared(*_pairs(case, random), random.choice(("in-turn", "in-turn", "shapley")))
    told = assemble_comparison(found, "full")
    try:
        check_equations(found.now[-1], said(told))
    except AssertionError as error:
        return str(error)
    rows = [row for section in told.sections for row in section.rows]
    shown = summed(row.money.amount for row in rows if row.money is not None)
    was, *ladder, now, difference = (row.money.amount for row in told.sums if row.money is not None)
    if not exact(now - was) == difference == shown or (ladder and summed(ladder) != difference):
        return f"{was}, {now}, {difference}, {shown} in rows, and {ladder}"
    figures = [row.money.text for row in (*rows, *told.sums) if row.money is not None]
    texts = [render(found, format, "full") for format in ("text", "markdown", "html", "json")]
    missing = [figure for figure in figures for text in texts if figure not in text.replace("\\", "")]
    return f"{missing} is missing in some form" if missing else None


LAWS = (
    Law("differences add up", "the parts of the difference of two bills add up to it", _add_up),
    Law("differences are true", "each equation of a comparison holds, and its rows add up in each form", _true),
    Law("no difference", "a bill and itself have no parts", _nothing),
    Law("differences swapped", "two sides the other way round have each part with the other sign", _swapped),
    Law("one input alone", "where one input is another all parts are its own", _alone),
)
