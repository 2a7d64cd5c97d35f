"""Running the expectations of a fixture."""

from __future__ import annotations

from ratewright.diagnostics import Diagnostic, Source
from ratewright.limits import DEFAULT, Limits
from ratewright.rating.account import rate
from ratewright.rating.bill import Bill
from ratewright.rating.periods import MONTH, spanned
from ratewright.syntax.parser import parse_expression
from ratewright.tree import nodes as tree
from ratewright.tree.evaluate import EvaluationError
from ratewright.tree.examples import outcome_scope
from ratewright.tree.expressions import Expressions
from ratewright.tree.report import Report
from ratewright.trial.expectations import ask
from ratewright.trial.results import Outcome, Status, Trial, status_of
from ratewright.usage.model import Expectation, Usage
from ratewright.values.calendar import Calendar, Period, calendar_of


def run_fixture(tariff: tree.Tariff, usage: Usage, limits: Limits = DEFAULT) -> Trial:
    """Rate a fixture over all months that it touches or expects something of, and ask what it expects."""
    calendar = calendar_of(tariff.timezone)
    bills, problems = rate(tariff, usage, _periods(usage, calendar), limits)
    if problems:
        return _trial(usage, Status.ERROR, [], problems)
    outcomes: list[Outcome] = []
    for expectation in usage.expectations:
        found, problems = _ask(expectation, tariff, usage, bills, calendar, limits)
        if found is None:
            return _trial(usage, Status.ERROR, outcomes, problems)
        outcomes.append(found)
    return _trial(usage, status_of(outcomes), outcomes, [])


def _periods(usage: Usage, calendar: Calendar) -> list[Period]:
    """All months from the first to the last that the data or the expectations touch."""
    months = set(spanned(usage, calendar))
    for expectation in usage.expectations:
        within = _within(expectation, calendar)
        if within is not None:
            months.update(calendar.periods(MONTH, within.start, within.end))
    if not months:
        return []
    return list(calendar.periods(MONTH, min(months).start, max(months).end))


def _within(expectation: Expectation, calendar: Calendar) -> Period | None:
    if expectation.start is None or expectation.end is None:
        return None
    return Period(calendar.instant(expectation.start), calendar.instant(expectation.end))


def _ask(
    expectation: Expectation,
    tariff: tree.Tariff,
    usage: Usage,
    bills: list[Bill],
    calendar: Calendar,
    limits: Limits,
) -> tuple[Outcome | None, list[Diagnostic]]:
    text = f"{expectation.subject} == {expectation.value}"
    node, problems = parse_expression(Source(expectation.place.source.name, text), limits)
    report = Report()
    if node is not None:
        labels = {b.lot: b.source for b in usage.balances if b.lot is not None}
        labels |= {p.id: p.package for p in usage.purchases} | {e.id: e.limit for e in usage.extensions}
        condition = Expressions(report, tariff.units, calendar).condition(node, outcome_scope(tariff, labels))
        problems = report.diagnostics
        if not problems:
            try:
                outcome = ask(condition, bills, _within(expectation, calendar), None)
                place = Outcome(outcome.subject, outcome.expected, outcome.got, outcome.holds, expectation.place.line)
                return place, []
            except EvaluationError as error:
                problems = [error.diagnostic]
    return None, [Diagnostic(d.code, d.message, expectation.place.span, d.help) for d in problems]


def _trial(usage: Usage, status: Status, outcomes: list[Outcome], problems: list[Diagnostic]) -> Trial:
    given = (f"{len(usage.records):,} records", f"{len(usage.purchases) + len(usage.extensions):,} purchases")
    return Trial(usage.source.name, 1, usage.account, status, given, tuple(outcomes), tuple(problems))
