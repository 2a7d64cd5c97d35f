"""Law 3: a meter has one measured value for a period and a key, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from ratewright.meaning import nodes as tree
from ratewright.meaning.nodes import Measured
from ratewright.meaning.types import figure
from ratewright.rating.bill import Bill, LineKind
from ratewright.trial.billed import Billed
from ratewright.trial.outcomes import outcome
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact
from ratewright.values.units import in_unit
from tests.laws.billing import RefusedError, bills, data_of, priced
from tests.laws.law import Law, NotAskedError, ask_that
from tests.reference.cases import Case, Declaration

_PLAIN = {"every month", "every week", "every day"}


def _asked(case: Case, random: Random) -> tuple[str, str, str, Case]:
    """A meter, its unit, a period, and the case with a line that asks for it in a formula."""
    meter = random.choice([part for part in case.declarations if part.head.startswith("meter ")])
    name, unit = meter.head.split()[1], meter.statements[-1].rpartition(" in ")[2]
    every = random.choice(("month", "month", "week", "day"))
    ask_that(not any(record.reported for record in case.account.records))  # a correction is of a bill that was closed
    return name, unit, every, replace(case, declarations=(*case.declarations, _asks(name, unit, f"every {every}")))


def _asks(name: str, unit: str, every: str) -> Declaration:
    return Declaration("charge asks", (every, f"amount {name} * 1 USD / 1 {unit}", "rounding none"))


def _billed(case: Case) -> list[Bill]:
    """Refusals that only the asking lines bring say nothing."""
    try:
        return bills(case.text(), data_of(case), *case.months)
    except RefusedError as error:
        raise NotAskedError from error


def _amount(made: Sequence[Bill], source: str) -> Exact:
    return sum(line.exact for bill in made for line in bill.lines if line.source == source)


def _in_a_condition(case: Case, random: Random) -> str | None:
    """The condition of a line that asks for a period answers by what a formula of that period gives."""
    name, unit, every, asking = _asked(case, random)
    made = _billed(asking)
    values = [(line.period, line.exact) for bill in made for line in bill.lines if line.source == "asks"]
    ask_that(values)
    period, value = random.choice(values)
    for sign, holds in ((">=", True), (">", False), ("==", True)):
        when = f"when {name} {sign} {Fraction(value).numerator} {unit} / {Fraction(value).denominator}"
        probe = Declaration("charge holds", (f"every {every}", when, "amount 1 USD"))
        lines = [
            line
            for bill in _billed(replace(asking, declarations=(*asking.declarations, probe)))
            for line in bill.lines
            if line.source == "holds" and line.period == period
        ]
        if bool(lines) is not holds:
            return f"{name} is {value} {unit} in {period}; {when}: {lines}"
    return None


def _by_key(case: Case, random: Random) -> str | None:
    """Asked by a line that has the meter's keys, it gives the parts of what a line without keys is told."""
    name, unit, _, _ = _asked(case, random)
    charges = [p for p in case.declarations if p.head.startswith("charge ") and f"on {name}" in p.statements]
    ask_that(charges)
    on = random.choice(charges)
    every = next(each for each in on.statements if each.startswith("every "))
    ask_that(every in _PLAIN and not any(each.startswith("billed ") for each in on.statements))
    price = f"amount {name} * 1 USD / 1 {unit}"
    keyed = Declaration(on.head, (f"on max({name}, 1 {unit})", every, price, "rounding none"))
    others = [keyed if part is on else part for part in case.declarations]
    made = _billed(replace(case, declarations=(*others, _asks(name, unit, every))))
    whole, parts = _amount(made, "asks"), _amount(made, on.head.split()[1])
    return f"{name}: {whole} as a whole, {parts} by keys" if whole != parts else None


def _on_the_bill(case: Case, random: Random) -> str | None:
    """A month's value, in a formula, in what is expected and on the bill; `on` is that less what quotas took."""
    name, unit, every, asking = _asked(case, random)
    rules = priced(case.text())
    meter = rules.plan.meters[name]
    charges = [rules.tree.charges[line] for line in meter.lines]
    ask_that(every == "month" and charges and all(map(_monthly, charges)))
    expected = Measured(meter.meter.span, figure(meter.meter.unit.dimension), name)
    for bill in _billed(asking):
        value = sum(line.exact for line in bill.lines if line.source == "asks")
        (trace,) = (trace for trace in bill.meters if trace.meter.name == name)
        taken = sum(source.covered for source in trace.sources)
        told = {
            "on the bill": trace.measured,
            "in `expect`": outcome(expected, Billed([bill], _no_other).of(None)),
            **{
                f"in `on` of {charge.name}": _quantity(bill, charge) + taken for charge in charges if _all_of_it(charge)
            },
        }
        for place, quantity in told.items():
            if in_unit(quantity, meter.meter.unit) != value:
                return f"{bill.period}: {name} is {value} {unit} in a formula, and {quantity} {place}"
    return None


def _monthly(charge: tree.Charge) -> bool:
    return str(charge.every) == "every month" and charge.anchor is None and charge.billed is None


def _all_of_it(charge: tree.Charge) -> bool:
    """Whether a line is on all that is left of its meter."""
    return charge.when is None and isinstance(charge.on, tree.MeterLeft)


def _quantity(bill: Bill, charge: tree.Charge) -> Exact:
    return sum(line.quantity for line in bill.lines if line.source == charge.name and line.kind is LineKind.CHARGE)


def _no_other(periods: Sequence[Period]) -> list[Bill]:
    raise AssertionError(periods)


LAWS = (
    Law("measured in a condition", "a condition answers by what a formula of its period gives", _in_a_condition),
    Law("measured by key", "what the keys of a meter measure adds up to what it measures", _by_key),
    Law("measured on the bill", "a month's value is one in a formula, in `expect` and on the bill", _on_the_bill),
)
