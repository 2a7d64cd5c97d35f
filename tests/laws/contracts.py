"""Contracts: one that says nothing, or what the list says, changes no bill; what it changes is told."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from ratewright.contracts.contract import contract_of
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Source
from ratewright.rating.bill import Bill
from ratewright.rating.corrections import rate_account
from ratewright.refusal import RatingError
from ratewright.syntax.nodes import Bound
from ratewright.usage import read
from tests.laws.billing import Figures, RefusedError, bills, data_of, in_order, priced, unlike, without_next_cycles
from tests.laws.billing import figures as figures_of
from tests.laws.contract_targets import targets
from tests.laws.law import Law, ask_that
from tests.rating.accounts import periods_of
from tests.reference.cases import Case, Declaration

_NO_PERIOD_BEGINS = {"A204", "A209", "A301", "A302"}
_TOLD = ("list_amount", "contract")


def _silent(case: Case, random: Random) -> str | None:
    """A contract that holds and says nothing."""
    return _same(_without(case), _under(case, ()))


def _itself(case: Case, random: Random) -> str | None:
    """A figure of the list in place of itself."""
    statement = random.choice(_replacements(case))
    made = _under(case, (statement,))
    return _same(_without(case), made) or _told_otherwise(made, statement)


def _by_all(case: Case, random: Random) -> str | None:
    """Every line and one figure times 100%."""
    scalable = [said for said in _replacements(case) if re.match(_SCALABLE, said)]
    ask_that(scalable)
    target = re.sub(r"^replace (.*) with .*", r"\1", random.choice(scalable), flags=re.DOTALL)
    made = _under(case, [*(f"scale {line} by 100%" for line in _lines(case)), f"scale {target} by 100%", _COMPOUND])
    return _same(_without(case), made) or _told_otherwise(made, target)


def _order(case: Case, random: Random) -> str | None:
    """The statements of a contract in another order."""
    lines = _lines(case)
    replaced = random.choice(_replacements(case))
    said = [f"scale {random.choice(lines)} by {random.choice((50, 80, 130))}%" for _ in range(3)]
    said += [replaced, f"drop {random.choice(lines)}", _COMPOUND]
    ask_that(said[-2].split()[1] not in replaced)
    turned = random.sample(said, len(said))
    return unlike([*map(_figures, _under(case, said))], [*map(_figures, _under(case, turned))])


def _gaps(case: Case, random: Random) -> str | None:
    """Before and behind a contract the list holds alone."""
    ask_that("effective" not in case.text() and "scope" not in case.text())
    ask_that("from first use" not in case.text())  # a window ends where a contract begins
    said = [f"scale {line} by 50%" for line in _lines(case)]
    first = random.choice(case.months[1:])
    whole = _without(case)
    try:
        made = _under(case, [*said, f"effective from {first}-01"])
    except RefusedError as error:
        ask_that(not error.codes & _NO_PERIOD_BEGINS)
        raise
    ask_that(len(whole) == len(made))
    before = [number for number, bill in enumerate(whole) if figures_of(bill)["period"]["start"][:7] < first]
    return _same([whole[n] for n in before], [made[n] for n in before])


def _by_list(case: Case, random: Random) -> str | None:
    """What the list asks of lines that a contract changes is what it bills, be they kept away by a condition here."""
    lines, changed = _lines(case), random.random()
    case = _asked_at_an_instant(case, random)
    said = [f"scale {line} by 50%" for line in (lines if changed < 0.4 else [random.choice(lines)])]
    if changed > 0.6:
        figures = [t for t in targets(case) if t.name in lines and not isinstance(t.node, Bound)]
        target = random.choice(figures or [None])
        said = [f"replace {target.part} with {target.other(3)}"] if target is not None else said
    whole = _without(case)
    try:
        made = _under(case, said)
    except AssertionError as error:
        ask_that(not isinstance(error.__cause__, RatingError))  # three times the figure is none that may stand there
        raise
    ask_that(not any(line.kind.value == "payment" for bill in whole for line in bill.lines))
    return unlike([_asked(bill, "amount") for bill in whole], [_asked(bill, "list_amount") for bill in made])


def _asked_at_an_instant(case: Case, random: Random) -> Case:
    """The same with `when` of an instant and of its time of the day, for some of the lines that have none: what the
    list asks of a line is worked out with all that its formulas may read."""

    def asked(each: Declaration) -> Declaration:
        if each.head.split()[0] not in ("charge", "discount") or any(s.startswith("when ") for s in each.statements):
            return each
        when = random.choice(("", "when at < 2026-04-10", "when time(at) < 20 hours", "when at >= start of period"))
        return replace(each, statements=(*each.statements, when)) if when else each

    twisted = replace(case, declarations=tuple(map(asked, case.declarations)))
    try:
        _without(twisted)
    except RefusedError:
        return case  # of what is no record's, and of totals over days, no instant is known
    return twisted


def _asked(bill: Bill, figure: str) -> list[list[object]]:
    """The lines of a bill that come to something, each with a figure; its amount where that is none of its own."""
    names = ("source", "key", "period", "kind", "corrects")
    told = [[*map(x.get, names), x.get(figure, x["amount"])] for x in figures_of(bill)["lines"]]
    return in_order(line for line in told if line[-1] not in ("0", "0.00"))


_COMPOUND = "factors compound"
_SCALABLE = r"replace ((minimum|maximum|rate|amount|size) of|below|up to|next|beyond|[0-9])"


def _lines(case: Case) -> list[str]:
    found = [d.head.split()[1] for d in case.declarations if d.head.split()[0] in ("charge", "discount", "tax")]
    ask_that(found)
    return found


def _replacements(case: Case) -> list[str]:
    """`replace … with …` for each figure of the list, by what the list says."""
    return [f"replace {target.part} with {target.words}" for target in targets(case)]


def _without(case: Case) -> list[Bill]:
    return bills(case.text(), data_of(case), case.months[0], case.months[-1])


def _under(case: Case, said: Sequence[str]) -> list[Bill]:
    """The bills of a case under a contract with some statements. Raises RefusedError."""
    rules = priced(case.text())
    text = "\n".join(["contract c {", f"list {rules.tree.name}", *said, "}"])
    contract, problems = contract_of(Source("c.contract", text))
    assert contract is not None, (text, problems)
    usage, wrong = read(Source("a.json", json.dumps(data_of(case))))
    if usage is None:
        raise RefusedError(wrong)
    try:
        plans, usage = Agreed((rules.tree,), (contract,)).of(usage)
    except RatingError as error:
        raise AssertionError(text, error) from error
    found, problems = rate_account(plans, usage, periods_of(rules.tree, case.months[0], case.months[-1]))
    if problems:
        raise RefusedError(problems)
    return found


def _same(one: Sequence[Bill], other: Sequence[Bill]) -> str | None:
    return unlike([*map(_figures, one)], [*map(_figures, other)])


def _figures(bill: Bill) -> Figures:
    """A bill without what is told of contracts."""
    found = figures_of(bill)
    for line in found["lines"]:
        for key in _TOLD:
            line.pop(key, None)
    found["lines"] = in_order(found["lines"])
    return {name: part for name, part in without_next_cycles(found).items() if name != "price_list"}


def _told_otherwise(made: Sequence[Bill], what: str) -> str | None:
    """A line of which the list is said to ask another amount."""
    lines = (line for bill in made for line in figures_of(bill)["lines"])
    other = [line for line in lines if line.get("list_amount", line["amount"]) != line["amount"]]
    return f"{what}: {json.dumps(other)}" if other else None


LAWS = (
    Law("a silent contract", "a contract that says nothing changes no bill", _silent),
    Law("replaced by itself", "a figure of the list in place of itself changes no amount", _itself),
    Law("by 100%", "a factor of 100% changes no amount", _by_all),
    Law("contracts in any order", "the order of a contract's statements changes nothing", _order),
    Law("outside a contract", "before a contract begins the list holds alone", _gaps),
    Law("the list's amounts", "what the list asks under a contract is what it bills without one", _by_list),
)
