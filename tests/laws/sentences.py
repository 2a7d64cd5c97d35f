"""Laws 10 and 11: each sentence is true, and all formats carry the same figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

from whenever import Instant

from ratewright.derivation.trace import ChargeTrace, NextRowTrace
from ratewright.explain.document import Document
from ratewright.rating.bill import Bill, Line
from ratewright.rating.walk import statement
from ratewright.values.exact import plain
from ratewright.values.units import in_unit
from tests.explain.summaries import check_statement, forms
from tests.explain.test_languages import OTHERS, check_figures
from tests.explain.test_languages import check_equations as check_equations_in
from tests.explain.test_truth import (
    check_days,
    check_equations,
    check_formats,
    check_reasons,
    check_sums,
    check_tables,
    figures,
    in_full,
    said,
)
from tests.laws.billing import Priced, RefusedError, bills, data_of, priced
from tests.laws.law import Law, ask_that
from tests.reference.cases import Case, Declaration


def _equations(case: Case, random: Random) -> str | None:
    """Equations, sums and roundings at full length."""
    return _first_false(case, lambda bill, told: check_equations(bill, said(told)), check_sums, check_tables)


def _reasons(case: Case, random: Random) -> str | None:
    """Tiers, conditions, lots, shares, parts of periods, corrections and refunds at full length."""
    return _first_false(case, lambda bill, told: check_reasons(bill, said(told)))


def _first_false(case: Case, *checks: Callable[[Bill, Document], object]) -> str | None:
    for bill in bills(case.text(), data_of(case), *case.months):
        told = in_full(bill)
        try:
            for check in checks:
                check(bill, told)
        except AssertionError as error:
            return f"{bill.period}: {error}"
    return None


def _days(case: Case, random: Random) -> str | None:
    """The days that shares of a period count, by the activation and settings of the account."""
    activated = case.account.activated
    began = Instant(f"{activated.isoformat()}Z") if activated is not None else None
    try:
        ask_that(check_days(bills(case.text(), data_of(case), *case.months), began))
    except AssertionError as error:
        return str(error)
    return None


def _shares(case: Case, random: Random) -> str | None:
    """Where the share of a discount stands on the bill of the line that it is of: the period, the key, the amount."""
    made = bills(case.text(), data_of(case), *case.months)
    lines = [line for bill in made for line in bill.lines]
    spread = [(line, share) for line in lines if isinstance(line.why, ChargeTrace) for share in line.why.spread]
    charges = priced(case.text()).tree.charges
    ask_that(spread)
    told = {(line.source, line.key, line.period) for line in lines}
    for line, share in spread:
        if share.source in charges and (share.source, share.key, share.period) not in told:
            return f"{line.source}, {line.period}: {share}"
    return None


def _formats(case: Case, random: Random) -> str | None:
    """One bill, as JSON, CSV, text, Markdown and HTML."""
    try:
        check_formats(random.choice(bills(case.text(), data_of(case), *case.months)))
    except AssertionError as error:
        return str(error)
    return None


def _languages(case: Case, random: Random) -> str | None:
    """One bill in another language: its equations, which are those of the English one, and its figures."""
    bill, language = random.choice(bills(case.text(), data_of(case), *case.months)), random.choice(OTHERS)
    try:
        check_equations_in(bill, language)
        check_figures(bill, language)
    except AssertionError as error:
        return f"{language}, {bill.period}: {error}"
    return None


def _advice(case: Case, random: Random) -> str | None:
    """One `N more would make it X`, and the bill of the account with N more."""
    case = replace(case, declarations=tuple(map(_by_the_month, case.declarations)))
    data = data_of(case)
    made = bills(case.text(), data, *case.months)
    told = [(number, *each) for number, bill in enumerate(made) for each in _advised(bill, priced(case.text()))]
    ask_that(told)
    number, line, advice, meter = random.choice(told)
    more = Fraction(in_unit(advice.more, advice.unit)) + (0 if advice.exactly else _A_LITTLE)
    ask_that((more * 10**18).denominator == 1)
    assert line.period is not None
    used = {
        "meter": meter,
        "at": line.period.end.subtract(seconds=1).format_iso(),
        "quantity": f"{plain(more)} {advice.unit.singular}",
        **dict(line.key),
    }
    try:
        bill = bills(case.text(), {**data, "usage": [*data["usage"], used]}, *case.months)[number]
    except RefusedError as error:
        ask_that("A303" not in error.codes)  # another line has the readings of the meter
        return f"{line.source}: {used} is refused: {error}"
    same = (line.source, line.period, line.key)
    found = [each.amount for each in bill.lines if (each.source, each.period, each.key) == same]
    near = _NEAR if advice.just_over else 0
    if len(found) != 1 or not advice.amount <= found[0] <= advice.amount + near:
        return f"{line.source}, {line.period}: {advice.amount} for {used}, and the bill says {found}"
    return None


def _summaries(case: Case, random: Random) -> str | None:
    """What a statement and each of its bills begin with, and the figures of its forms."""
    made = bills(case.text(), data_of(case), *case.months)
    try:
        whole = check_statement(statement(made))
    except AssertionError as error:
        return str(error)
    told = [figures(text) for text in forms(whole)]
    return None if told[0] == told[1] == told[2] else f"{told[0] ^ told[1]} and {told[0] ^ told[2]} in one form only"


_A_LITTLE = Fraction(1, 10**9)
_NEAR = Fraction(1, 10**6)


def _by_the_month(part: Declaration) -> Declaration:
    """A charge whose rows go by its own quantity of a month, which is the most that advice is told of."""
    if not any(each.startswith("volume ") for each in part.statements):
        return part
    statements = [each for each in part.statements if not each.startswith(("reached by ", "billed ", "when quantity"))]
    return replace(part, statements=tuple("every month" if s.startswith("every ") else s for s in statements))


def _advised(bill: Bill, rules: Priced) -> Iterator[tuple[Line, NextRowTrace, str]]:
    """Lines of which more of a plain sum of a record's quantity is told, with that meter."""
    for line in bill.lines:
        if not isinstance(line.why, ChargeTrace) or line.why.next_row is None:
            continue
        (name,) = line.why.charge.meters
        meter = rules.tree.meters[name]
        plain_sum = meter.measure.span.text in {"sum(quantity)", "sum(quantity * size)"}
        if plain_sum and not meter.where and not meter.reads:
            yield line, line.why.next_row, name


LAWS = (
    Law("advice", "`N more would make it X` is what the bill with N more says", _advice),
    Law("days", "a share of days counts those on which the line holds", _days),
    Law("equations", "every equation holds, and what is shown adds up", _equations),
    Law("shares", "the share of a discount is of a line that stands on a bill under the same name and period", _shares),
    Law("formats", "JSON, CSV, text, Markdown and HTML carry the same figures", _formats),
    Law("languages", "in each language every equation holds, and the figures are those of the English", _languages),
    Law("summaries", "what statements and bills begin with adds up to them, in all forms", _summaries),
    Law("reasons", "each comparison that is named holds with the figures told, and each lot adds up", _reasons),
)
