"""Laws 10 and 11: each sentence is true, and all formats carry the same figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

from ratewright.derivation.trace import ChargeTrace, NextRowTrace
from ratewright.rating.bill import Bill, Line
from ratewright.values.exact import plain
from ratewright.values.units import in_unit
from tests.explain.test_truth import check_equations, check_formats, check_sums, said
from tests.laws.billing import Priced, RefusedError, bills, data_of, priced
from tests.laws.law import Law, ask_that
from tests.reference.cases import Case, Declaration

_TIER = re.compile(r"because (?:\S+ = )?([\d.,…]+)(?: \S+)? is in the tier ([^()]*)")
_BOUND = re.compile(r"([\d.,]+) (<|≤) usage|usage (<|≤) ([\d.,]+)")


def _equations(case: Case, random: Random) -> str | None:
    """Equations, sums, roundings and tiers at full length."""
    for bill in bills(case.text(), data_of(case), *case.months):
        try:
            check_equations(bill)
            check_sums(bill)
        except AssertionError as error:
            return f"{bill.period}: {error}"
        for text in said(bill):
            for quantity, tier in _TIER.findall(text):
                if not _within(quantity, tier):
                    return f"{bill.period}: {text}"
    return None


def _within(quantity: str, tier: str) -> bool:
    """Whether a quantity is in a tier as it is told: `0 < usage ≤ 1,000`."""
    if "…" in quantity:
        return True
    value = _number(quantity)
    for lower, least, most, upper in _BOUND.findall(tier):
        if lower and not (_number(lower) < value or (least == "≤" and _number(lower) == value)):
            return False
        if upper and not (value < _number(upper) or (most == "≤" and _number(upper) == value)):
            return False
    return True


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def _formats(case: Case, random: Random) -> str | None:
    """One bill, as JSON, CSV, text, Markdown and HTML."""
    try:
        check_formats(random.choice(bills(case.text(), data_of(case), *case.months)))
    except AssertionError as error:
        return str(error)
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
    Law("equations", "every equation holds, and each tier holds what is said to be in it", _equations),
    Law("formats", "JSON, CSV, text, Markdown and HTML carry the same figures", _formats),
)
